"""Facts of plans set side by side: by what was promised, and by what each party gets."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.calendar import Step

__all__ = ["Comparison", "ComparisonRow", "Gain", "PartyComparison", "PartyRow"]


class ComparisonRow(Fact):
    """One figure in every scenario; None where a scenario has no such figure."""

    section: str
    place: str = Field(description="A place, a party, ``party/line``, a user, or empty")
    title: str = Field(description="The place as people call it, in the language spoken")
    window: str = Field(description="Months without the year, ``Oct-Mar``, so that seasons of different years share a row")
    days: str | None = Field(description="The window in the first scenario that has the figure")
    quantity: str
    unit: str
    values: dict[str, float | None] = Field(description="By scenario")


class DisputedFigure(Fact):
    """A figure of an input row that two versions have differently; texts where it is no number."""

    table: str
    row: tuple[str, ...] = Field(description="What tells the row from others of its table, its time last")
    column: str
    own: float | str = Field(description="As the model has it")
    other: float | str


class Comparison(Fact):
    """Scenarios of a model side by side."""

    model: str = Field(description="Name of the model of the first scenario")
    step: Step = Field(description="Length of a period")
    scenarios: tuple[str, ...] = Field(description="Names, in the order asked")
    rows: tuple[ComparisonRow, ...]
    disputed: tuple[DisputedFigure, ...] = Field(default=(), description="Where versions of input tables were compared: how they differ")


class PartyRow(Fact):
    """What a party gets or does in a season under every agreement, or what the river has; None where a plan has no such figure."""

    party: str | None = Field(description="None for what belongs to no one party")
    place: str | None = Field(description="Of what belongs to no one party")
    title: str | None = Field(description="The place as people call it, in the language spoken")
    quantity: str = Field(description="As in ``parties``; of a place ``passed`` (its gauge), ``inflow``, ``stored`` (at the end)")
    window: str
    unit: str
    values: dict[str, float | None] = Field(description="By agreement")


class PartyComparison(Fact):
    """One scenario of a model under several agreements, party by party."""

    model: str = Field(description="Name of the model")
    agreements: tuple[str, ...] = Field(description="Names, in the order asked")
    rows: tuple[PartyRow, ...]


class Gain(Fact):
    """A figure that differs between two plans; ``better`` is None where a change is neither good nor bad for a party."""

    party: str | None
    place: str | None
    title: str | None
    quantity: str
    window: str
    unit: str
    before: float
    after: float
    change: float
    better: bool | None
