"""Facts of a river as a page draws it: what does not change while levers move."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.calendar import Step
from waterflow.workbench.levers import Lever

__all__ = ["Choice", "DrawnNode", "DrawnReach", "DrawnReservoir", "DrawnUser", "MapPlace", "RiverFacts", "SeasonOf", "SeenFact"]


class Choice(Fact):
    """Something that can be chosen, and what people call it."""

    named_by = ("name",)

    name: str
    title: str


class SeasonOf(Fact):
    """A season of the horizon."""

    named_by = ("window",)

    season: str
    window: str
    periods: tuple[int, ...] = Field(description="Which periods it holds, from 0")


class DrawnNode(Fact):
    """A place on the drawing: x to the right and y upward, 0 to 100; no map."""

    named_by = ("name",)

    name: str
    title: str
    kind: str
    x: float
    y: float


class MapPlace(Fact):
    """Where a place is on a map: of a point that stands for it, with its source."""

    place: str
    longitude: float = Field(description="Degrees east")
    latitude: float = Field(description="Degrees north")
    source: str
    grade: str
    note: str


class DrawnReach(Fact):
    """A way of water between two places."""

    named_by = ("name",)

    name: str
    title: str
    start: str
    end: str
    spillway: bool


class DrawnReservoir(Fact):
    """A reservoir and the range it was seen in, Mm3 by period; None where it was not."""

    named_by = ("name",)

    name: str
    owner: str
    lowest: float
    full: float
    opening: float
    seen_low: tuple[float | None, ...]
    seen_high: tuple[float | None, ...]
    levels: tuple[tuple[float, float], ...] = Field(description="Storage and level, Mm3 and m")


class DrawnUser(Fact):
    """What one party's users take at one place."""

    named_by = ("place", "party")

    place: str
    party: str
    users: tuple[str, ...]


class SeenFact(Fact):
    """A storage, a release or an inflow that was seen; published or observed, never planned."""

    named_by = ("reservoir", "quantity", "source")
    timed_by = "start"

    reservoir: str
    quantity: Literal["storage", "release", "inflow"]
    start: str = Field(description="The first day; of a storage the day at whose start it was there")
    end: str = Field(description="The last day")
    first: float = Field(description="Where it starts on the axis of periods: 1.5 is the middle of the second")
    last: float = Field(description="Where it ends; of a storage the same")
    value: float = Field(description="Mm3; of a release or an inflow the mean in m3/s")
    source: str
    grade: str


class RiverFacts(Fact):
    """A river as a page draws it."""

    model: str
    scenario: str | None
    title: str
    step: Step
    horizon: str
    periods: tuple[str, ...]
    days: tuple[int, ...] = Field(description="Days of each period")
    seasons: tuple[SeasonOf, ...]
    in_force: tuple[str, ...]
    parties: tuple[str, ...]
    party_titles: dict[str, str] = Field(description="What people call them, in the language spoken")
    priorities: tuple[Choice, ...] = Field(description="Empty where money decides")
    nodes: tuple[DrawnNode, ...]
    reaches: tuple[DrawnReach, ...]
    reservoirs: tuple[DrawnReservoir, ...]
    users: tuple[DrawnUser, ...]
    levers: tuple[Lever, ...]
    on_map: tuple[MapPlace, ...] = Field(description="Places whose position is known; empty where none is")
    seen: tuple[SeenFact, ...] = Field(description="What was seen of its reservoirs; empty for a year that is thought up")
    sources: dict[str, str] = Field(description="Titles of the sources of what was seen and of places on the map")
    rows: int = Field(description="Rows of input")
    by_grade: dict[str, int]
    assumed: int = Field(description="Of them assumed or unverified")
    head: bool = Field(description="Whether energy follows the head of some plant")
    notices: tuple[str, ...]
