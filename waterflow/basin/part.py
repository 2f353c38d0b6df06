"""The base of every part of a basin: frozen, nothing extra, finite numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from waterflow.words.catalogue import say

__all__ = ["UNLIMITED", "ByName", "Nonnegative", "Part", "Series", "Share"]

Nonnegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
#: a capacity of this many Mm3 or GWh in a period is more than there is on earth, and stands for none
UNLIMITED = 1e8
#: one value for each period of the horizon
Series = tuple[float, ...]


class Part(BaseModel):
    """A frozen piece of a basin; unknown fields and non-finite numbers are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _by_name(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(sorted(value.items()))
    if isinstance(value, Iterable):
        items = list(value)
        if not all(hasattr(item, "name") for item in items):
            # out of a damaged file: what is no part is refused as that
            return items
        named = {item.name: item for item in items}
        if len(named) != len(items):
            twice = sorted({item.name for item in items if sum(o.name == item.name for o in items) > 1})
            message = say("named twice: {names}", names=", ".join(twice))
            raise ValueError(message)
        return dict(sorted(named.items()))
    return value


#: Annotates a dict keyed by each part's name; accepts a list, sorts by name so that input order never matters.
ByName = BeforeValidator(_by_name)
