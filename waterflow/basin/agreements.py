"""Agreements: clauses as a lawyer reads them; who owes what, where, when, against what. No solver words here.

A clause is a small model by its ``type``; `waterflow.basin.clause_rows` says how each becomes rows of the program.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from waterflow.basin.part import Nonnegative, Part, Share

__all__ = ["Agreement", "Clause", "ClauseBase", "ClauseRow", "Exchange", "Measure", "RunoffClasses"]

RunoffClass = Literal["dry", "normal", "wet"]
Rule = Literal["at_least", "at_most", "exactly"]
Stand = Literal["signs", "observer", "refuses"]


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


#: a day of one year (``2025-04-01``), or of every year of the horizon (``04-01``)
Day = Annotated[str, BeforeValidator(_written), Field(pattern=r"^(\d{4}-)?\d{2}-\d{2}$")]


class Span(Part):
    """Some days in a row, first and last included."""

    start: Day
    end: Day


class Volume(Span):
    """A volume over the whole span, Mm3."""

    amount_Mm3: Nonnegative  # noqa: N815 - the unit is written as people write it


class Rate(Span):
    """A flow in every period of the span, m3/s."""

    flow_m3s: Nonnegative


class Energy(Span):
    """Energy over the whole span, GWh."""

    energy_GWh: Nonnegative  # noqa: N815


class Stored(Part):
    """Storage on a date, which is that at the end of the day before, Mm3."""

    date: Day
    amount_Mm3: Nonnegative  # noqa: N815


class Measure(Part):
    """One quantity of the plan: what leaves a reservoir or enters a reach, comes to a node, is withdrawn, or is stored.

    Exactly one of the names; ``withdrawal`` is a party (its limited demands) or one demand. A storage has a ``date``,
    anything else a ``start`` and an ``end``.
    """

    release: str = ""
    flow: str = ""
    arriving: str = ""
    withdrawal: str = ""
    storage: str = ""
    start: Day | None = None
    end: Day | None = None
    date: Day | None = None

    @property
    def chosen(self) -> tuple[str, str]:
        """What is measured, and where."""
        names = {n: getattr(self, n) for n in ("release", "flow", "arriving", "withdrawal", "storage") if getattr(self, n)}
        return next(iter(names.items()))

    @model_validator(mode="after")
    def _one_thing(self) -> Measure:
        names = [n for n in ("release", "flow", "arriving", "withdrawal", "storage") if getattr(self, n)]
        spans = self.start is not None and self.end is not None and self.date is None
        dated = self.start is None and self.end is None and self.date is not None
        if len(names) != 1 or not (dated if names == ["storage"] else spans):
            message = "one of release, flow, arriving, withdrawal with start and end, or storage with date"
            raise ValueError(message)
        return self


class ClauseBase(Part):
    """What every clause has.

    Attributes
    ----------
    name : str
        The ``id`` of the file, unique among the agreements in force.
    title, title_ru, text, text_ru : str
        The name and the wording, in English and Russian.
    giver, receivers : str and tuple of str
        The party that owes, and those it is owed to.
    signatories : dict
        What each party does: ``signs``, ``observer`` or ``refuses``.
    source, assumed : str
        A key of ``sources.yaml``, the reasoning of an assumption, or both.
    in_force : bool
        False leaves the clause in the text and out of the program.
    concession_price : float or None
        Makes the clause soft: million USD for each unit it is missed by (USD per m3, USD per kWh).
    runoff : tuple
        Classes of runoff in which the clause holds; empty for all.
    carry_over : float
        Share of what is unmet in one figure that is added to the next; a hard clause must then be made good by its last.
    """

    name: str
    title: str
    title_ru: str
    text: str
    text_ru: str
    giver: str = ""
    receivers: tuple[str, ...] = ()
    signatories: dict[str, Stand] = {}
    source: str = ""
    assumed: str = ""
    in_force: bool = True
    concession_price: Nonnegative | None = None
    runoff: tuple[RunoffClass, ...] = ()
    carry_over: Share = 0.0

    @property
    def hard(self) -> bool:
        """True if a plan must keep it."""
        return self.concession_price is None

    @model_validator(mode="after")
    def _backed(self) -> ClauseBase:
        if not self.source and not self.assumed:
            message = "neither source nor assumed; say where the clause comes from, or why it is assumed"
            raise ValueError(message)
        return self


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
            message = "one of node and demand"
            raise ValueError(message)
        return self


class ThresholdShareClause(ClauseBase):
    """Of what comes to a node above each figure, a share leaves through a reach."""

    type: Literal["threshold_share"]
    node: str
    reach: str
    share: Share
    figures: tuple[Volume, ...] = Field(min_length=1)


class EnergyDelivery(ClauseBase):
    """Electricity from the giver to the one receiver."""

    type: Literal["energy_delivery"]
    figures: tuple[Energy, ...] = Field(min_length=1)


class EnergyForWater(ClauseBase):
    """Electricity from the giver to the receiver, who owes water for it: ``kWh_per_m3`` of it buys one m3 above ``base_Mm3``."""

    type: Literal["energy_for_water"]
    figures: tuple[Energy, ...] = Field(min_length=1)
    water: Measure
    base_Mm3: Nonnegative  # noqa: N815
    kWh_per_m3: float = Field(gt=0)  # noqa: N815


class FuelForEnergy(ClauseBase):
    """Fuel from the giver, for which the receiver owes electricity over a span: ``GWh_per_unit`` of it; zero if it owes none."""

    type: Literal["fuel_for_energy"]
    fuel: str
    fuel_amount: Nonnegative
    fuel_unit: str
    GWh_per_unit: Nonnegative
    start: Day
    end: Day


class Payment(ClauseBase):
    """Money from the giver to the receiver, million USD: booked, never decided."""

    type: Literal["payment"]
    amount_MUSD: Nonnegative  # noqa: N815


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
    | EnergyForWater
    | FuelForEnergy
    | Payment
    | Service,
    Field(discriminator="type"),
]


class RunoffClasses(Part):
    """What makes a horizon dry or wet: its runoff at some nodes, Mm3."""

    at: tuple[str, ...] = Field(min_length=1)
    dry_below_Mm3: Nonnegative  # noqa: N815
    wet_above_Mm3: Nonnegative  # noqa: N815


class Agreement(Part):
    """Clauses agreed together."""

    name: str
    title: str
    title_ru: str
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
    known : float
        Part of the sum that is known: water on its way, runoff.
    price : float or None
        Million USD per unit missed; None for a hard clause.
    carried : bool
        True if what is missed is owed later: even a hard row may then be missed.
    """

    name: str
    clause: str
    window: str
    unit: Literal["Mm3", "GWh"]
    rule: Literal["at_least", "at_most"]
    figure: float
    terms: tuple[tuple[str, tuple[str, ...], float], ...]
    known: float = 0.0
    price: Nonnegative | None = None
    carried: bool = False

    @property
    def side(self) -> float:
        """One if more of the sum keeps the row, minus one if less does."""
        return 1.0 if self.rule == "at_least" else -1.0


class Exchange(Part):
    """Electricity moved under a clause, period by period: the periods it may be booked in."""

    name: str
    giver: str
    receiver: str
    periods: tuple[int, ...]
