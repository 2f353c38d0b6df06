"""Values: what water is worth by block, and how far every price may be from its central value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import Field, PositiveFloat

from waterflow.basin.part import Nonnegative, Part, Share

__all__ = [
    "LEVELS",
    "DeliveryBlock",
    "Level",
    "PriceRange",
    "TargetBlock",
    "straight",
]

Level = Literal["low", "central", "high"]
LEVELS: tuple[Level, ...] = get_args(Level)


class _Block(Part):
    """A slice of an amount and what each m3 in it is worth, million USD per Mm3 (= USD per m3).

    ``value`` is that of the basin's level; ``low``, ``central`` and ``high`` are what it may be.
    """

    name: str
    block: int
    width: Share
    value: Nonnegative
    low: Nonnegative
    central: Nonnegative
    high: Nonnegative

    @property
    def owner(self) -> str:
        """The demand or target whose amount is sliced."""
        raise NotImplementedError


class DeliveryBlock(_Block):
    """A slice of a demand's need, as a share of the need of every period, or of the periods of some months."""

    demand: str
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()

    def share(self, month: int) -> float:
        """The share of the need that it covers in a month."""
        return self.width if not self.months or month in self.months else 0.0

    @property
    def owner(self) -> str:
        """The demand."""
        return self.demand


class TargetBlock(_Block):
    """A slice of the flow past a target's gauge, as a share of the target; ``party`` is whom the flow serves."""

    target: str
    party: str

    @property
    def owner(self) -> str:
        """The target."""
        return self.target


class PriceRange(Part):
    """How low and how high a price may be, as factors of its central value; ``name`` is ``<table>/<whose>``."""

    name: str
    low: PositiveFloat
    high: PositiveFloat

    def factor(self, level: Level) -> float:
        """The price at a level over its central value."""
        return {"low": self.low, "central": 1.0, "high": self.high}[level]


def straight(blocks: Iterable[_Block]) -> bool:
    """True where one block covers the whole need: a straight value needs no unknown of its own."""
    found = list(blocks)
    return len(found) == 1 and found[0].width >= 1 and not getattr(found[0], "months", ())
