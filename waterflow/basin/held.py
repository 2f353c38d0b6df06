"""What is wished and worth of storages inside the horizon: storages of a date, values of water held, reservoirs in balance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part
from waterflow.words.catalogue import mark

__all__ = ["BalancedReservoir", "HeldValue", "StorageWish"]

Months = tuple[Annotated[int, Field(ge=1, le=12)], ...]


class StorageWish(Part):
    """Storage wished for at the end of one period; what is missed of it a priority may claim."""

    name: str
    reservoir: str
    period: int
    rule: Literal["at_least", "at_most"]
    storage: Annotated[
        Nonnegative,
        GivenField(
            "wished_storage",
            "Storage wished for on a date",
            "storage_rules",
            "storage_Mm3",
            mark("storage wished for a date"),
        ),
    ]

    @property
    def place(self) -> str:
        """Where it is."""
        return self.reservoir


class HeldValue(Part):
    """A block of water held at the end of a period, above the lowest storage, and what each m3 is worth for a month.

    ``value`` is million USD per Mm3 and month (= USD per m3 and month); ``months`` those in which it is worth that, all
    without. The blocks of a month fill in the order of their values, the dearest first.
    """

    name: str
    reservoir: str
    block: int
    width: Nonnegative
    value: Nonnegative
    months: Months = ()

    def counts(self, month: int) -> bool:
        """True if a month is one of its own."""
        return not self.months or month in self.months


class BalancedReservoir(Part):
    """A reservoir that is to hold the same share of its active storage as the others of its group, in some months or always."""

    name: str
    group: str
    reservoir: str
    months: Months = ()

    @property
    def place(self) -> str:
        """The group."""
        return self.group

    def counts(self, month: int) -> bool:
        """True if a month is one of its own."""
        return not self.months or month in self.months
