"""Agreements: clauses as a lawyer reads them; who owes what, where, when, against what. No solver words here.

A clause is a small model by its ``type``; `waterflow.basin.clause_types` says how each becomes rows of the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from waterflow.basin.clause_parts import ClauseBase, Day, Energy, InUnits, Measure, Rate, Rule, RunoffClass, Span, Stored, Volume
from waterflow.basin.clause_power import PowerClause, Way
from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.words.catalogue import say

__all__ = ["Agreement", "Clause", "ClauseRow", "Exchange", "FuelForEnergy", "LineEnd", "Payment", "RunoffClasses", "Service"]


class Release(ClauseBase):
    """Water let go from a reservoir."""

    type: Literal["release"]
    reservoir: str
    figures: tuple[Volume | Rate, ...] = Field(min_length=1)
    rule: Rule = "at_least"


class ReleaseCap(ClauseBase):
    """The most a reservoir may let go."""

    type: Literal["release_cap"]
    reservoir: str
    figures: tuple[Volume | Rate, ...] = Field(min_length=1)


class StorageByDate(ClauseBase):
    """Water a reservoir holds on a date."""

    type: Literal["storage"]
    reservoir: str
    figures: tuple[Stored, ...] = Field(min_length=1)
    rule: Rule = "at_least"


class WithdrawalLimit(ClauseBase):
    """The most a party (its limited demands) or one demand may take, within a tolerance.

    With ``guaranteed`` it may also take no less than the limit less the tolerance.
    """

    type: Literal["withdrawal_limit"]
    of: str
    figures: tuple[Volume, ...] = Field(min_length=1)
    tolerance: Share = 0.0
    guaranteed: bool = False


class ProportionalShare(ClauseBase):
    """A share that one quantity is of another, within a tolerance in shares of the whole."""

    type: Literal["proportional_share"]
    part: Measure
    whole: tuple[Measure, ...] = Field(min_length=1)
    share: Share
    tolerance: Share = 0.0
    rule: Rule = "at_least"


class FlowFloor(ClauseBase):
    """The least flow into a reach in every period."""

    type: Literal["flow_floor"]
    reach: str
    figures: tuple[Rate, ...] = Field(min_length=1)


class Delivery(ClauseBase):
    """Water that comes to a node (by its reaches, its own runoff and drainage), or that a demand or a party's limited ones take."""

    type: Literal["delivery"]
    node: str = ""
    demand: str = ""
    figures: tuple[Volume, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> Delivery:
        if bool(self.node) == bool(self.demand):
            message = say("one of node and demand")
            raise ValueError(message)
        return self


class ThresholdShareClause(ClauseBase):
    """Of what comes to a node above each figure, a share leaves through a reach."""

    type: Literal["threshold_share"]
    node: str
    reach: str
    share: Share
    figures: tuple[Volume, ...] = Field(min_length=1)


class EnergyDelivery(PowerClause):
    """Electricity from the giver, or several in stated parts, to the one receiver."""

    type: Literal["energy_delivery"]
    figures: tuple[Energy, ...] = Field(min_length=1)


class EnergySwap(PowerClause):
    """Electricity from the giver to the receiver, who gives it back over another span: ``ratio`` kWh for each kWh.

    With several givers each gets back for what it gave, by its own way.
    """

    type: Literal["energy_swap"]
    figures: tuple[Energy, ...] = Field(min_length=1)
    back: tuple[Span, ...] = Field(min_length=1)
    ratio: float = Field(gt=0)


class EnergyForWater(PowerClause, InUnits):
    """Electricity from the giver to the receiver, who owes water for it: ``kWh_per_m3`` of it buys one m3 above ``base_Mm3``."""

    type: Literal["energy_for_water"]
    figures: tuple[Energy, ...] = Field(min_length=1)
    water: Measure
    base_Mm3: Nonnegative
    kWh_per_m3: float = Field(gt=0)


class FuelForEnergy(ClauseBase):
    """Fuel from the giver, for which the receiver owes electricity over a span: ``GWh_per_unit`` of it; zero if it owes none.

    ``way`` is that of the electricity.
    """

    type: Literal["fuel_for_energy"]
    fuel: str
    fuel_amount: Nonnegative
    fuel_unit: str
    GWh_per_unit: Nonnegative
    start: Day
    end: Day
    way: Way = Way()


class Payment(ClauseBase):
    """Money from the giver to the receiver, million USD: booked, never decided."""

    type: Literal["payment"]
    amount_MUSD: Nonnegative


class Service(ClauseBase):
    """Works or a service from the giver to the receiver: booked, never decided."""

    type: Literal["service"]
    service: str


Clause = Annotated[
    Release
    | ReleaseCap
    | StorageByDate
    | WithdrawalLimit
    | ProportionalShare
    | FlowFloor
    | Delivery
    | ThresholdShareClause
    | EnergyDelivery
    | EnergySwap
    | EnergyForWater
    | FuelForEnergy
    | Payment
    | Service,
    Field(discriminator="type"),
]


class RunoffClasses(InUnits):
    """What makes a horizon dry or wet: its runoff at some nodes, Mm3."""

    at: tuple[str, ...] = Field(min_length=1)
    dry_below_Mm3: Nonnegative
    wet_above_Mm3: Nonnegative

    def of(self, runoff: Mapping[str, Sequence[float]]) -> RunoffClass:
        """The class of a horizon by its runoff, which must have every node that tells it."""
        came = sum(sum(runoff[n]) for n in self.at)
        return "dry" if came < self.dry_below_Mm3 else "wet" if came > self.wet_above_Mm3 else "normal"


class Agreement(Part):
    """Clauses agreed together."""

    name: str
    title: str
    title_ru: str = ""
    reason: str = ""
    runoff_classes: RunoffClasses | None = None
    clauses: tuple[Clause, ...] = ()


class ClauseRow(Part):
    """One row of a clause: a sum of decisions and a known part, against a figure. Mm3 or GWh.

    Attributes
    ----------
    name : str
        The clause's name, and the window and side where it has several rows.
    window : str
        What it counts, as ``2025-04-01/2025-09-30``; one date twice for storage.
    rule : {"at_least", "at_most"}
    terms : tuple of (unknown, index, weight)
        Decisions, and runoff at a node.
    known : float
        Part of the sum that is known whatever the year: water on its way.
    price : float or None
        Million USD per unit missed; None for a hard clause.
    carried : bool
        True if what is missed is owed later: even a hard row may then be missed.
    giver : str
        Who owes the row where the clause has several givers.
    written_in, written_factor : str and float
        The unit its figure is written in, and how many of it a Mm3 or GWh of the row is.
    """

    name: str
    clause: str
    window: str
    unit: Literal["Mm3", "GWh"]
    rule: Literal["at_least", "at_most"]
    figure: Annotated[float, GivenField("clause_figure", "The figure of a clause", unit="Mm3 or GWh", asked="clause", signed=True)]
    terms: tuple[tuple[str, tuple[str, ...], float], ...]
    known: float = 0.0
    price: Nonnegative | None = None
    carried: bool = False
    giver: str = ""
    written_in: str = ""
    written_factor: float = 1.0

    @property
    def side(self) -> float:
        """One if more of the sum keeps the row, minus one if less does."""
        return 1.0 if self.rule == "at_least" else -1.0


class Exchange(Part):
    """Electricity moved under a clause, period by period.

    Attributes
    ----------
    name, clause : str
        Called as the clause, and its giver where it has several.
    giver, receiver : str
    periods : tuple of int
        The periods it may be booked in.
    figures : tuple of (row, share)
        Rows of the clause, and the share of the figure of each, that sum to the most that may be booked.
    line : str
        The line it travels by; any line of the receiver's imports or the giver's exports without one.
    additional : bool
        True if the line is its own: nothing else may travel by it.
    capacity : tuple of float, optional
        The most a line of its own carries, GWh per period, where neither end is part of a power balance.
    before : float
        Moved before the horizon, less the figures of rows that are past, GWh.
    """

    name: str
    clause: str
    giver: str
    receiver: str
    periods: tuple[int, ...]
    figures: tuple[tuple[str, float], ...] = ()
    line: str = ""
    additional: bool = False
    capacity: tuple[Nonnegative, ...] | None = None
    before: float = 0.0

    @property
    def ends(self) -> tuple[tuple[str, Literal["sold", "bought"]], ...]:
        """Where it is counted against other trade: the exports of its giver, the imports of its receiver."""
        return ((self.giver, "sold"), (self.receiver, "bought"))


class LineEnd(Part):
    """One end of a line over which clauses move electricity: whose trade it is part of, and by which exchanges."""

    name: str
    party: str
    line: str
    side: Literal["sold", "bought"]
    additional: bool
    exchanges: tuple[str, ...]
