"""Facts of an ensemble: how sure each promise is, how far it is missed, and by which members."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.clause_facts import ClauseRowFact
from waterflow.accounts.fact import Answer, Fact
from waterflow.calendar import Step

__all__ = [
    "SHARES",
    "BadMember",
    "Broken",
    "EnsembleFacts",
    "Exceeded",
    "Kind",
    "Outcome",
    "Performance",
    "Wetness",
    "WorstMember",
]

#: shares of the members at which an exceedance curve is told
SHARES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)

#: what is promised: a target at a place, a party's limit, what its users may count on, its power, a minimum flow, a share of a
#: surplus, a clause
Kind = Literal["target", "limit", "users", "power", "floor", "share", "clause"]


class Exceeded(Fact):
    """A value that is reached or exceeded in at least a share of the members."""

    named_by = ()

    share: float
    value: float


class Outcome(Fact):
    """One promise in one window. Members without a plan keep no promise; means and curves are of those with one."""

    named_by = ("kind", "name", "unit")

    kind: Kind
    name: str = Field(description="The place, the party or the clause")
    title: str
    party: str | None
    window: str = Field(description="What it counts; of a clause from its first row to its last")
    unit: str
    asked: float | None = Field(description="None where it is another in each member")
    members: int = Field(description="Those it is judged in: a clause may hold in some classes of runoff alone")
    probability: float = Field(description="That it is met: short by no more than a millionth of it")
    mean_short: float | None = Field(description="Over the members with a plan")
    worst_short: float | None
    worst_member: str | None = Field(description="None where it is met in all of them")
    counted: Literal["delivered", "unserved", "lowest_flow", "missed"] = Field(description="What the curve is of")
    exceedance: tuple[Exceeded, ...]


class Performance(Fact):
    """Reliability, resilience and vulnerability of a promise over its windows or periods (Hashimoto and others, 1982)."""

    named_by = ("kind", "name", "unit")

    kind: Kind
    name: str
    title: str
    unit: str
    steps: Literal["windows", "periods"]
    count: int = Field(description="How many windows or periods")
    reliability: float = Field(description="Share of the members in which every one is met")
    resilience: float | None = Field(description="Probability that one is met after one that is not; None if nothing follows a failure")
    vulnerability: float | None = Field(description="Mean, over the members that fail, of their worst shortage; None if none fails")


class WorstMember(Fact):
    """The member that misses a clause most, and what binds in it while it does."""

    named_by = ("member",)

    member: str
    number: int = Field(description="From 1")
    runoff_Mm3: float
    rank: int = Field(description="From 1, the driest")
    rows: tuple[ClauseRowFact, ...] = Field(description="Rows that are missed, the largest first")
    empty: tuple[str, ...] = Field(description="Titles of reservoirs above that are at their lowest storage in those windows")
    full: tuple[str, ...] = Field(description="Titles of reaches above that carry all they can in them")
    short_too: tuple[str, ...] = Field(description="Names of what else it misses, as ``target/PLACE``")


class Broken(Fact):
    """A clause that some members break."""

    named_by = ("agreement", "clause")

    agreement: str
    clause: str
    title: str
    hard: bool
    probability: float = Field(description="That it is kept")
    members: tuple[str, ...] = Field(description="Those that miss it, and those without a plan in which it clashes")
    without_plan: int = Field(description="How many of them have no plan")
    driest_Mm3: float = Field(description="Runoff of the driest of them")
    wettest_Mm3: float
    drier: float = Field(description="Share of all members that are drier than their median member")
    worst: WorstMember | None = Field(description="None if no member with a plan misses it")


class BadMember(Fact):
    """A member that has no plan."""

    named_by = ("member",)

    member: str
    number: int = Field(description="From 1")
    status: Literal["conflict", "refused", "failed"]
    runoff_Mm3: float | None
    message: str = Field(description="In English")
    clashing: tuple[str, ...] = Field(description="Names of the rules that cannot hold together")


class Wetness(Fact):
    """Runoff of the members over the horizon beside the river's own."""

    named_by = ()

    driest_Mm3: float
    driest_member: str
    median_Mm3: float
    wettest_Mm3: float
    wettest_member: str
    own_Mm3: float


class EnsembleFacts(Answer):
    """What an ensemble says."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    step: Step = Field(description="Length of a period")
    horizon: str = Field(description="A window")
    source: str = Field(description="``historical``, ``generated``, the name of a file, or empty")
    seed: int | None = Field(description="Of members that were drawn")
    members: int = Field(description="How many there are")
    planned: int = Field(description="How many have a plan")
    weighted: bool = Field(description="True if members have probabilities of their own")
    wetness: Wetness
    own_runoff: tuple[str, ...] = Field(description="Nodes of which no member says anything: they have the river's own runoff")
    outcomes: tuple[Outcome, ...]
    performance: tuple[Performance, ...]
    broken: tuple[Broken, ...]
    bad: tuple[BadMember, ...]
    with_head: bool = Field(description="True if every member was solved from scratch, as plants have a head")
