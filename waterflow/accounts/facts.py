"""Everything an allocation says. JSON, its schema, CSV and every table for people derive from these classes alone.

A window is two days with a slash, both included; a period is labelled as in the Dataset. What a river lacks is an
empty tuple or None.
"""

from __future__ import annotations

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from waterflow.accounts.alarm_facts import AlarmFact
from waterflow.accounts.clause_facts import Account, ClauseFact, Deal
from waterflow.accounts.conveyance_facts import Passage, TurnedWater
from waterflow.accounts.fact import Fact
from waterflow.accounts.held_facts import OutOfBalance, WishedStorage
from waterflow.accounts.party_facts import PartySeason, Shortages, StorageOn
from waterflow.accounts.power_facts import EnergyNeed, FuelBurnt, Payoff, PowerBalance, PowerLine
from waterflow.accounts.range_facts import RangeEnd
from waterflow.accounts.water_facts import (
    AgreedFlow,
    Delivery,
    FloorFact,
    FloorShortfall,
    KnownFlowFact,
    LimitFact,
    NotReached,
    PartyWater,
    Release,
    ReservoirSchedule,
    ShortfallCause,
    StorageRuleFact,
    TargetFact,
    ThresholdShareFact,
)
from waterflow.basin.values import Level
from waterflow.calendar import Season, Step

__all__ = ["Audit", "Certificate", "Inputs", "PlanFacts", "SeasonWindow", "StageFact"]


class StageFact(Fact):
    """A stage of the solve, in order; a later round of sharing is ``name/2``."""

    name: str
    sense: str = Field(description="``minimise`` or ``maximise``")
    unit: str
    value: float | None


class Audit(Fact):
    """Largest residuals, recomputed from the plan outside the program; with head or laws that bend also how it was found."""

    water_residual_Mm3: float
    energy_residual_GWh: float
    head_passes: float | None = Field(default=None, description="These four only with head")
    head_steps_taken: float | None = None
    head_gap: float | None = None
    head_energy_gap_GWh: float | None = None
    bend_passes: float | None = Field(default=None, description="These two only with a curve of area or a constant loss")
    bend_gap_Mm3: float | None = None

    @model_serializer(mode="wrap")
    def _told(self, handler: SerializerFunctionWrapHandler) -> dict[str, float]:
        """Of what there is none of nothing is said."""
        return {name: value for name, value in handler(self).items() if value is not None}


class Certificate(Fact):
    """The worst residual of any stage, relative."""

    primal: float
    dual: float
    gap: float


class Inputs(Fact):
    """How many rows of input there are, by grade and by table."""

    rows: int
    assumed_or_unverified: int
    by_grade: dict[str, int] = Field(description="Rows of each grade")
    by_table: dict[str, dict[str, int]] = Field(description="Rows of each grade in each table")


class SeasonWindow(Fact):
    """A season of the horizon."""

    season: Season
    window: str


class PlanFacts(Fact):
    """Everything an allocation says."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario; None for a river made in Python without one")
    step: Step = Field(description="Length of a period")
    status: str = Field(description="``optimal``: every stage is certified and the plan is audited, or there is no object at all")
    objective: float | None = Field(description="Value of the last stage before the two that choose among equal plans")
    stages: tuple[StageFact, ...]
    targets: tuple[TargetFact, ...]
    floors: tuple[FloorFact, ...]
    limits: tuple[LimitFact, ...]
    agreed_flows: tuple[AgreedFlow, ...]
    energy: tuple[EnergyNeed, ...]
    audit: Audit
    certificate: Certificate
    title: str = Field(description="Title of the model, in the language spoken")
    horizon: str = Field(description="A window")
    titles: dict[str, str] = Field(description="Title of every node, user, reach and plant by name, in the language spoken")
    seasons: tuple[SeasonWindow, ...]
    order: tuple[str, ...] = Field(description="Names of the priorities, the first first; empty for one sum of benefits")
    priority_titles: dict[str, str] = Field(description="Title of every priority by name, in the language spoken")
    holds_back: tuple[ShortfallCause, ...] = Field(description="One for each target")
    floor_shortfalls: tuple[FloorShortfall, ...]
    not_reached: tuple[NotReached, ...] = Field(description="As the river runs")
    known_flows: tuple[KnownFlowFact, ...]
    storage_rules: tuple[StorageRuleFact, ...]
    threshold_shares: tuple[ThresholdShareFact, ...]
    wished_storages: tuple[WishedStorage, ...] = Field(description="Storages wished for on dates within the horizon")
    out_of_balance: tuple[OutOfBalance, ...] = Field(description="Where reservoirs of a group hold different shares")
    alarms: tuple[AlarmFact, ...] = Field(description="Periods in which an alarm rings")
    range_ends: tuple[RangeEnd, ...] = Field(description="Operating ranges that are left, or held at their end at a price")
    passages: tuple[Passage, ...] = Field(default=(), description="Reaches with a cost or electricity of their own")
    turned: tuple[TurnedWater, ...] = Field(default=(), description="Water that goes round, by period")
    reservoirs: tuple[ReservoirSchedule, ...] = Field(description="As the river runs")
    power: tuple[PowerBalance, ...]
    lines: tuple[PowerLine, ...]
    fuels: tuple[FuelBurnt, ...]
    releases: tuple[Release, ...]
    level: Level = Field(description="Values and prices the plan was made with")
    payoffs: tuple[Payoff, ...] = Field(description="By party; empty for a river without values")
    accounts: tuple[PartyWater, ...]
    deliveries: tuple[Delivery, ...]
    clauses: tuple[ClauseFact, ...]
    account: Account
    deals: tuple[Deal, ...] = Field(description="Electricity under clauses")
    stage_paths: dict[str, str] = Field(description="How the solver found each stage")
    in_transit_Mm3: float = Field(description="Water still on its way when the horizon ends")
    inputs: Inputs
    changes: tuple[str, ...] = Field(description="What the scenario and the step changed against the model's own choices")
    questions: tuple[str, ...] = Field(default=(), description="What-if questions, as they were understood; their figures are assumed")
    warnings: tuple[str, ...] = Field(description="What in the inputs deserves a second look")
    parties: tuple[PartySeason, ...]
    shortages: Shortages
    storages: tuple[StorageOn, ...]

    @property
    def objective_unit(self) -> str:
        """The unit of the objective."""
        return next((s.unit for s in reversed(self.stages) if s.value == self.objective), "")
