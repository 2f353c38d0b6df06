"""Facts of storages wished for and of reservoirs in balance."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact

__all__ = ["OutOfBalance", "WishedStorage"]


class WishedStorage(Fact):
    """A storage wished for on a date beside the plan's."""

    named_by = ("place", "rule")
    timed_by = "date"

    place: str
    date: str
    rule: Literal["at_least", "at_most"]
    wished_Mm3: float
    modelled_Mm3: float
    missed_Mm3: float = Field(description="Below what is wished at least, or above what is wished at most")


class OutOfBalance(Fact):
    """A period after which reservoirs of a group hold different shares of their active storage."""

    named_by = ("group",)
    timed_by = "period"

    group: str
    period: str
    emptiest: str = Field(description="The reservoir with the least share")
    least_share: float
    fullest: str = Field(description="The reservoir with the largest share")
    largest_share: float
