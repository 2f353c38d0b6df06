"""Givens: a number that may change between solves is declared once, on the field of the part that holds it.

``flow: Annotated[Nonnegative, GivenField("floor_flow", ...)]`` says all there is to say of it: its table and column, its
meaning, how people call it, whether it may be changed and be negative. Where it stands and whether it has a value for
each period is read off the field. Everything else (`Basin.structure`, `changed`, the program, the Dataset, prices, the
docs) asks `given_fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from inspect import isclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from waterflow.units import split_unit

__all__ = ["GivenField", "given_fields"]

UNITS = {"m3s": "m3/s", "GWh_per_Mm3": "GWh/Mm3"}


@dataclass(frozen=True)
class GivenField:
    """A given, or an energy rate, as its field declares it.

    Attributes
    ----------
    name : str
        In the program, the Dataset and `Basin.changed`.
    meaning : str
    table, column : str
        Where its rows stand; empty where no table has it.
    words : str
        How people call it, where it has a price.
    unit : str
        That of the column if there is one.
    asked : str
        The word of its address in a question, where that is not its name.
    changeable, signed : bool
        Whether it may be changed, and be negative.
    field, part, attribute, by_period
        Found from where it stands: the field of the basin, the class of its parts and their attribute (none where the
        series itself stands there), and whether there is a value for each period.
    """

    name: str
    meaning: str
    table: str = ""
    column: str = ""
    words: str = ""
    unit: str = ""
    asked: str = ""
    changeable: bool = True
    signed: bool = False
    field: str = ""
    part: type[BaseModel] | None = None
    attribute: str | None = None
    by_period: bool = False

    @property
    def over(self) -> tuple[str, ...]:
        """The index sets of its field."""
        return (self.field, "periods") if self.by_period else (self.field,)

    def held(self, basin: BaseModel, owner: str) -> Any:
        """What an owner has: the number, or the series."""
        part = getattr(basin, self.field)[owner]
        return getattr(part, self.attribute) if self.attribute else part

    def owners(self, basin: BaseModel) -> list[str]:
        """Names that have it; who has an empty series has none."""
        return [name for name in getattr(basin, self.field) if self.held(basin, name) != ()]


@cache
def given_fields(basin: type[BaseModel]) -> dict[str, GivenField]:
    """Every given that a basin declares, by name, in the order of its fields."""
    return {given.name: given for given in _declared(basin)}


def _declared(basin: type[BaseModel]) -> Iterator[GivenField]:
    for field, info in basin.model_fields.items():
        parts = [x for x in get_args(info.annotation) if isclass(x) and issubclass(x, BaseModel)]
        inside = [(part, name, about) for part in parts for name, about in part.model_fields.items()]
        for part, attribute, about in [(None, None, info), *inside]:
            for given in about.metadata:
                if isinstance(given, GivenField):
                    _, unit = split_unit(given.column)
                    unit = given.unit or UNITS.get(unit, unit)
                    series = _is_series(about.annotation)
                    yield replace(given, unit=unit, field=field, part=part, attribute=attribute, by_period=series)


def _is_series(annotation: Any) -> bool:
    if get_origin(annotation) is dict:
        return _is_series(get_args(annotation)[1])
    return get_origin(annotation) is tuple
