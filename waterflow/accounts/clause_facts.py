"""Facts of agreements: clauses beside the plan, and the account of every party."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact, Rule

__all__ = ["Account", "ClauseCount", "ClauseFact", "ClauseRowFact", "Deal", "EnergyGiven", "Obligation", "Side"]

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
    written_in: str | None = Field(description="The unit the agreement writes the figure in, where it is another")
    written_factor: float = Field(description="How many of that unit one of the row's is")
    giver: str | None = Field(description="Who owes the row, where the clause moves electricity")


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


class Deal(Fact):
    """Electricity from one party to another under a clause: agreed, delivered, and what of it is new."""

    named_by = ("deal",)

    deal: str = Field(description="The clause, and its giver where it has several; what is given back ends in /back")
    clause: str
    title: str
    title_ru: str
    giver: str
    receiver: str
    line: str | None = Field(description="The line it travels by; None where any of the receiver's imports may count")
    additional: bool = Field(description="True if the line is its own, besides those of the tables")
    agreed_GWh: float
    delivered_GWh: float
    new_GWh: float | None = Field(description="What no line of the tables had room for; None where the receiver has no power balance")
    displaced_GWh: float | None = Field(description="What took the place of other imports")
    most_GWh: float | None = Field(description="What the line carries at most in the periods of the deal")
    grade: str | None = Field(description="How sure a line of its own is")
    backed: bool = Field(description="True if the giver has a power balance that gives it up")


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
