"""Facts of agreements: clauses beside the plan, and the account of every party."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact, Rule

__all__ = ["Account", "ClauseCount", "ClauseFact", "ClauseRowFact", "EnergyGiven", "Obligation", "Side"]

Side = Literal["water", "energy", "fuel", "money", "service"]


class ClauseRowFact(Fact):
    """One row of a clause: what is asked, what was owed before, what the plan does."""

    named_by = ("row",)

    row: str
    window: str
    unit: Literal["Mm3", "GWh"]
    rule: Rule
    figure: float
    owed_before: float = Field(description="Unmet before, owed now")
    fulfilled: float = Field(description="What the plan does")
    missed_by: float
    concession_MUSD: float


class ClauseCount(Fact):
    """What one row of a clause counts in a plan made under it and in another."""

    named_by = ("row",)

    row: str
    unit: Literal["Mm3", "GWh"]
    figure: float
    agreed: float
    other: float


class ClauseFact(Fact):
    """A clause in force with its rows; one without rows is booked only, or not in its class of runoff."""

    named_by = ("agreement", "clause")

    agreement: str
    clause: str = Field(description="Its id")
    type: str
    hard: bool
    title: str
    title_ru: str
    text: str
    text_ru: str
    giver: str | None
    receivers: tuple[str, ...]
    signatories: dict[str, str] = Field(description="Party to ``signs``, ``observer`` or ``refuses``")
    source: str | None
    assumed: str | None
    rows: tuple[ClauseRowFact, ...]


class Obligation(Fact):
    """What a party owes under a clause and what the plan does of it; None where it moves outside the program."""

    named_by = ("party", "side", "clause")

    party: str | None
    to: tuple[str, ...]
    side: Side
    clause: str
    window: str | None
    unit: str
    rule: Rule
    obliged: float | None
    fulfilled: float | None = Field(description="None where it moves outside the program")
    missed_by: float | None


class EnergyGiven(Fact):
    """Electricity moved under clauses beside what the giver's own plants make in the same periods."""

    named_by = ("giver", "receiver")

    giver: str
    receiver: str
    moved_GWh: float
    made_on_the_river_GWh: float | None = Field(description="By the giver's own plants in the same periods")


class Account(Fact):
    """The account of every party: obligations, and electricity given."""

    entries: tuple[Obligation, ...]
    energy: tuple[EnergyGiven, ...]
