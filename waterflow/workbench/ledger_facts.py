"""Facts of a season's ledger as a page draws them: what was seen, what is forecast, what rings, and the rest planned again."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.ledger.corrections import Correction
from waterflow.ledger.status_facts import Alarm, Under
from waterflow.workbench.river_facts import SeenFact

__all__ = ["ForecastFact", "LedgerFacts", "ReplannedFacts"]


class ForecastFact(SeenFact):
    """A storage, a release or an inflow that is forecast; of the newest issue."""

    named_by = ("reservoir", "quantity", "source")

    estimate: Literal["low", "mean", "high"]
    issued: str


class LedgerFacts(Fact):
    """What the ledger that is served says of a season."""

    status: str = Field(description="``ledger``")
    name: str = Field(description="Of the file")
    plan: str = Field(description="The plan in force; empty without one")
    model: str = Field(description="Of the plan in force; empty without one")
    scenario: str | None
    step: str
    fits: bool = Field(description="Whether the river asked about is that of the plan, over the same days; else nothing below is filled")
    date: dt.date | None = Field(description="The last day with a fact; None where the season has none")
    facts: tuple[SeenFact, ...]
    forecasts: tuple[ForecastFact, ...]
    alarms: tuple[Alarm, ...]
    thresholds: Under
    rows: int
    torn: tuple[int, ...]
    digest: str = Field(description="Of all rows: alike for two who have the same; no proof of who wrote them")


class ReplannedFacts(Fact):
    """The rest of the season planned again, beside the plan in force."""

    status: str = Field(description="``replanned``")
    correction: Correction
