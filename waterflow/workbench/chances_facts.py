"""Facts of how sure each promise on the page is over the years of the record."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.calendar import Step
from waterflow.futures.answer_facts import Outcome

__all__ = ["Band", "ChancesFacts", "YearPlanned"]


class YearPlanned(Fact):
    """A year of the record, planned under the promises of the page."""

    named_by = ("first_month",)

    first_month: str
    runoff_Mm3: float | None
    status: str = Field(description="``optimal``, or why it has no plan: ``conflict``, ``refused``, ``failed``")
    clashing: tuple[str, ...] = Field(description="Names of the rules that cannot hold together in it")


class Band(Fact):
    """A reservoir over the years that have a plan: exceeded in nine of ten (low), in half, and in one of ten (high) of them."""

    named_by = ("name",)

    name: str
    storage_low: tuple[float, ...] = Field(description="At the end of each period, Mm3")
    storage_middle: tuple[float, ...]
    storage_high: tuple[float, ...]
    release_low: tuple[float, ...] = Field(description="m3/s")
    release_middle: tuple[float, ...]
    release_high: tuple[float, ...]


class ChancesFacts(Fact):
    """How sure each promise is if the runoff were that of years of the record, everything else as on the page."""

    status: str = Field(description="``chances``")
    questions: tuple[str, ...] = Field(description="What was asked, as it was understood")
    step: Step
    periods: tuple[str, ...]
    years: tuple[YearPlanned, ...] = Field(description="Those that were planned, in the order of the record")
    of_record: int = Field(description="How many years of the record begin in the month of the horizon")
    planned: int = Field(description="How many of the years have a plan")
    own_Mm3: float = Field(description="Runoff of the page's own year")
    own_rank: int = Field(description="How many of the years are drier than it")
    own_runoff: tuple[str, ...] = Field(description="Nodes of which the record says nothing: they keep their own runoff")
    outcomes: tuple[Outcome, ...] = Field(description="Promises that ask for something")
    bands: tuple[Band, ...]
