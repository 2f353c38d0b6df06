"""Facts of a plan as a page paints it, and of what stands in the way where there is none."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.balance_facts import Balance
from waterflow.accounts.fact import Fact

__all__ = [
    "BelowFloor",
    "Clash",
    "Conflicting",
    "PartyPainted",
    "PictureFacts",
    "PicturedTarget",
    "ReservoirPainted",
    "UserPainted",
    "WayOut",
]


class PicturedTarget(Fact):
    """A target: what reaches it."""

    named_by = ("place", "window")

    place: str
    title: str
    window: str
    season: str
    target: float
    delivered: float


class BelowFloor(Fact):
    """A place whose flow is below its minimum, in some periods."""

    named_by = ("place",)

    place: str
    floor: float = Field(description="The minimum of the period that lacks most, m3/s")
    most: float = Field(description="What is missing there, m3/s")
    periods: tuple[str, ...] = Field(description="Labels of every period below it")


class ReservoirPainted(Fact):
    """A reservoir by period."""

    named_by = ("name",)

    name: str
    storage: tuple[float, ...] = Field(description="At the end of each period, Mm3")
    release: tuple[float, ...] = Field(description="m3/s, without what is spilled")
    inflow: tuple[float, ...] = Field(description="m3/s")


class UserPainted(Fact):
    """What one party's users ask and get at one place, Mm3 by period."""

    named_by = ("place", "party")

    place: str
    party: str
    asked: tuple[float, ...]
    got: tuple[float, ...]


class PartyPainted(Fact):
    """A party under the plan: money in million USD, water in Mm3, power in GWh."""

    named_by = ("party",)

    party: str
    low: float | None = Field(description="Payoff; while a lever moves at central values alone")
    central: float
    high: float | None
    asked: float
    got: float
    power_asked: float
    power_unserved: float
    river_power: float


class PictureFacts(Fact):
    """A plan as a page paints it."""

    status: str = Field(description="``plan``")
    questions: tuple[str, ...] = Field(description="What was asked, as it was understood")
    targets: tuple[PicturedTarget, ...]
    floors: tuple[BelowFloor, ...] = Field(description="Minimum flows that the plan does not keep, as the river runs")
    flows: dict[str, tuple[float, ...]] = Field(description="m3/s entering each reach, by period")
    reservoirs: tuple[ReservoirPainted, ...]
    users: tuple[UserPainted, ...]
    parties: tuple[PartyPainted, ...]
    water: Balance
    power: tuple[Balance, ...] = Field(description="One for each party that has plants or a demand")
    levers: dict[str, float] = Field(description="What the plan itself chose for each lever that is free")
    values: bool = Field(description="Whether anything in the river has a value")
    worst_certificate: float
    residual_Mm3: float
    solve: str = Field(description="``hot`` or ``cold``")
    dragging: bool = Field(description="Whether energy is at the rates of the tables, and values are central alone")


class Clash(Fact):
    """A rule that clashes: in words, and the lever that moves it where one does."""

    named_by = ("rule",)

    rule: str
    said: str
    lever: str | None
    figure: float
    unit: str
    parties: tuple[str, ...]


class WayOut(Fact):
    """A rule that gives way alone: by how much, and the figure it then has."""

    named_by = ("rule",)

    rule: str
    said: str
    lever: str | None
    before: float
    after: float
    amount: float
    share: float | None
    unit: str


class Conflicting(Fact):
    """Why there is no plan."""

    status: str = Field(description="``conflict``")
    questions: tuple[str, ...]
    clashing: tuple[Clash, ...]
    works: tuple[str, ...]
    ways_out: tuple[WayOut, ...] = Field(description="Rules that mend it alone, the smallest share first")
    text: str = Field(description="Everything that was found")
