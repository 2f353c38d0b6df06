"""A past season beside what the optimiser would have done in it, in figures.

Every figure has four columns: done, model, hindsight and free; None where nothing was seen, published or bound.
"""

from __future__ import annotations

from waterflow.accounts.fact import Fact
from waterflow.calendar import Season

__all__ = [
    "COLUMNS",
    "Came",
    "Delivered",
    "EnergyFigures",
    "Generated",
    "HindsightFacts",
    "NotHeld",
    "Stored",
    "ToTarget",
    "Unserved",
    "WaterFigures",
]

COLUMNS = ("done", "model", "hindsight", "free")


class WaterFigures(Fact):
    """A volume in its four columns."""

    done_Mm3: float | None
    model_Mm3: float | None
    hindsight_Mm3: float | None
    free_Mm3: float | None


class EnergyFigures(Fact):
    """An energy in its four columns."""

    done_GWh: float | None
    model_GWh: float | None
    hindsight_GWh: float | None
    free_GWh: float | None


class Delivered(WaterFigures):
    """Withdrawals of a party's limited canals over a season, and what they ask for."""

    party: str
    season: Season
    window: str
    need_Mm3: float


class Generated(EnergyFigures):
    """Energy of a party's plants over a season, and what the plan takes from elsewhere (None without a power balance)."""

    party: str
    season: Season
    window: str
    plants: tuple[str, ...]
    hindsight_supplied_GWh: float | None


class Unserved(EnergyFigures):
    """Power of a party that a plan leaves unserved over a season; what was unserved in fact is not known."""

    party: str
    season: Season
    window: str


class NotHeld(Fact):
    """A storage that was seen at the start of a day and that no plan can hold with the others and the runoff."""

    place: str
    title: str
    date: str


class Stored(WaterFigures):
    """Storage of a reservoir at the start of a day."""

    place: str
    title: str
    date: str


class Came(WaterFigures):
    """Inflow to a place over a season as one agency reports it."""

    place: str
    title: str
    agency: str
    agency_title: str
    season: Season
    window: str


class ToTarget(WaterFigures):
    """Water counted at a target's gauge over a window; source and grade are those of the published fact."""

    place: str
    title: str
    window: str
    target_Mm3: float | None
    source: str | None
    grade: str | None


class HindsightFacts(Fact):
    """One past season. Windows that were not seen whole are in ``not_compared``."""

    model: str
    scenario: str
    title: str
    horizon: str
    priorities: tuple[str, ...]
    observed_months: tuple[str, ...]
    not_compared: tuple[str, ...]
    deliveries: tuple[Delivered, ...]
    energy: tuple[Generated, ...]
    storages: tuple[Stored, ...]
    inflows: tuple[Came, ...]
    targets: tuple[ToTarget, ...]
    unserved: tuple[Unserved, ...]
    not_held: tuple[NotHeld, ...]
