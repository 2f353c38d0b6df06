"""Facts of water: what was wished and agreed beside what the plan does, schedules of reservoirs and users."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact, Rule
from waterflow.calendar import Season

__all__ = [
    "AgreedFlow",
    "Delivery",
    "FloorFact",
    "FloorShortfall",
    "FullReach",
    "KnownFlowFact",
    "LimitFact",
    "MarginEffect",
    "NotReached",
    "PartyWater",
    "Release",
    "ReservoirPeriod",
    "ReservoirSchedule",
    "SamePriority",
    "ServedFirst",
    "ShortfallCause",
    "StorageRuleFact",
    "TargetFact",
    "ThresholdShareFact",
]


class TargetFact(Fact):
    """Volume that passes a gauge beside its target."""

    place: str
    window: str
    target_Mm3: float
    delivered_Mm3: float = Field(description="What passes the gauge")
    shortfall_Mm3: float


class FloorFact(Fact):
    """A minimum flow and the lowest flow of any period."""

    place: str
    window: str
    floor_m3s: float
    lowest_m3s: float


class FloorShortfall(Fact):
    """A period in which a minimum flow is missed."""

    timed_by = "period"

    place: str
    window: str
    period: str
    missing_m3s: float


class NotReached(Fact):
    """A place short of water in periods before the first in which any release of the plan could arrive."""

    place: str
    title: str
    reservoir: str = Field(description="The nearest reservoir above with water to let go when the plan begins")
    reservoir_title: str
    days: int = Field(description="Days that water needs from there")
    periods: tuple[str, ...] = Field(description="Those of these periods in which a user or a minimum flow is short")
    parties: tuple[str, ...] = Field(description="Whose users are short in them")
    short_Mm3: float = Field(description="What its users miss in them; users that no priority asks for are left out")


class LimitFact(Fact):
    """A party's limit and what its limited users take."""

    named_by = ("party",)
    timed_by = "season"

    party: str
    season: Season
    limit_Mm3: float
    delivered_Mm3: float = Field(description="Of the users that count against the limit")


class AgreedFlow(Fact):
    """All water that comes to a place (reaches, runoff, drainage) beside what was agreed."""

    place: str
    window: str
    agreed_Mm3: float
    modelled_Mm3: float


class KnownFlowFact(Fact):
    """A published plan or fact beside the plan; storage of a date is that at the end of the day before."""

    named_by = ("place", "quantity", "kind", "source")

    place: str
    quantity: Literal["arriving", "release", "storage", "target"]
    window: str
    kind: Literal["plan", "fact"]
    value_Mm3: float
    modelled_Mm3: float
    source: str
    grade: str


class StorageRuleFact(Fact):
    """A storage agreed for a date beside the plan's."""

    named_by = ("place", "rule")
    timed_by = "date"

    place: str
    date: str
    rule: Rule
    agreed_Mm3: float
    modelled_Mm3: float


class ThresholdShareFact(Fact):
    """A share of the inflow above a threshold: what is due and what is sent."""

    named_by = ("place", "party")

    place: str
    window: str
    party: str
    threshold_Mm3: float
    inflow_Mm3: float
    due_Mm3: float
    delivered_Mm3: float


class Release(Fact):
    """What a reservoir lets go by all ways but spillways."""

    place: str
    season: Season
    window: str
    release_Mm3: float


class ReservoirPeriod(Fact):
    """Storage and level at the end of a period, release and spill during it; a level is None beyond its curve."""

    named_by = ()
    timed_by = "period"

    period: str
    storage_Mm3: float
    release_m3s: float | None = Field(description="None without such a reach")
    spill_m3s: float | None = Field(description="None without a spillway")
    level_m: float | None = Field(description="None without a curve or beyond its ends")


class ReservoirSchedule(Fact):
    """A reservoir period by period."""

    place: str
    title: str
    owner: str | None
    lowest_Mm3: float
    full_Mm3: float
    opening_storage_Mm3: float
    opening_level_m: float | None
    periods: tuple[ReservoirPeriod, ...]


class PartyWater(Fact):
    """What a party's users ask for and get in a season, under its limit and outside it."""

    named_by = ("party",)

    party: str
    season: Season
    window: str
    limit_Mm3: float | None
    need_under_limit_Mm3: float
    delivered_under_limit_Mm3: float
    need_outside_limit_Mm3: float
    delivered_outside_limit_Mm3: float


class Delivery(Fact):
    """A user in a season: need, what it may count on (the smaller of need and limit), what it gets."""

    named_by = ("demand",)

    demand: str
    title: str
    party: str
    place: str
    use: str
    limited: bool
    season: Season
    window: str
    need_Mm3: float
    entitlement_Mm3: float
    delivered_Mm3: float


class MarginEffect(Fact):
    """What one unit would bring to all targets that share a shortage.

    ``kind`` is an equation or ``demand``; ``when`` a period, a season's window, the date of a storage or empty.
    """

    named_by = ("kind", "name")
    timed_by = "when"

    kind: str = Field(description="An equation, or ``demand``")
    name: str = Field(description="The member of the equation")
    title: str
    party: str | None
    when: str = Field(description="A period, a window, the date of a storage, or empty")
    unit: str
    delivers_Mm3: float


class FullReach(Fact):
    """A reach that carries all it can."""

    named_by = ("reach",)

    reach: str
    title: str
    periods: tuple[str, ...]


class SamePriority(Fact):
    """Another target of the same priority that is at least as short, in its place or window."""

    place: str
    title: str
    window: str
    short_share: float
    helped_first: bool


class ServedFirst(Fact):
    """An earlier priority that more water would serve first, and how short it is at most."""

    named_by = ("priority", "stage")

    priority: str
    stage: str
    short_share: float


class ShortfallCause(Fact):
    """A target: met, or what holds it back. ``anywhere``: those served first would take more water wherever it comes."""

    place: str
    title: str
    window: str
    status: Literal["met", "short"]
    priority: str | None = Field(default=None, description="The first that asks for the target")
    comes_after: tuple[str, ...] = Field(default=(), description="Priorities that rank before its own")
    same_priority: tuple[SamePriority, ...] = ()
    served_first: tuple[ServedFirst, ...] = ()
    anywhere: bool = Field(default=False, description="Those served first would take more water wherever it comes")
    effects: tuple[MarginEffect, ...] = ()
    at_capacity: tuple[FullReach, ...] = Field(default=(), description="Reaches above that carry all they can")
