"""Facts by party: what each asks for and gets in a season, what is short in the plan, and what that is worth."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.calendar import Season

__all__ = ["PartySeason", "PowerShortage", "Shortages", "StorageOn", "TargetShortage", "UserShortage", "WorstHit", "Worth"]


class Worth(Fact):
    """What something is worth at three levels of value; ``assumed`` if a price behind it is assumed or unverified."""

    low_MUSD: float
    central_MUSD: float
    high_MUSD: float
    assumed: bool


class UserShortage(Fact):
    """A user that gets less than it asks for in a season; ``worth`` is None where its water has no value."""

    named_by = ("demand",)

    demand: str
    title: str
    party: str
    place: str
    use: str
    priority: str | None = Field(description="The first that asks for it; None where none does")
    season: Season
    window: str
    need_Mm3: float
    entitlement_Mm3: float = Field(description="The smaller of need and limit")
    short_Mm3: float
    share: float = Field(description="Of the need")
    worth: Worth | None = Field(description="Of the need less that of what is delivered, by its falling blocks")


class TargetShortage(Fact):
    """A target that is missed; ``worth`` is None where the flow has no value."""

    place: str
    title: str
    parties: tuple[str, ...] = Field(description="Whom the flow serves, where it has a value")
    window: str
    target_Mm3: float
    short_Mm3: float
    share: float = Field(description="Of the target")
    worth: Worth | None


class PowerShortage(Fact):
    """Power demand of a party that stays unserved in a season, and what that costs."""

    named_by = ("party",)

    party: str
    season: Season
    window: str
    demand_GWh: float
    unserved_GWh: float
    share: float = Field(description="Of the demand")
    worth: Worth


class Shortages(Fact):
    """All that is short in the plan; what is not short has no row."""

    users: tuple[UserShortage, ...] = Field(description="The largest volume first")
    targets: tuple[TargetShortage, ...]
    power: tuple[PowerShortage, ...]


class WorstHit(Fact):
    """The user with the largest share of its need missing."""

    demand: str
    title: str
    short_Mm3: float
    share: float


class PartySeason(Fact):
    """What a party asks for and gets in a season; None where it has no users, limit, plants, lines or power demand."""

    named_by = ("party",)

    party: str
    season: Season
    window: str
    need_Mm3: float | None
    delivered_Mm3: float | None
    short_Mm3: float | None
    limit_Mm3: float | None
    delivered_under_limit_Mm3: float | None
    power_demand_GWh: float | None
    plants_GWh: float | None = Field(description="Of its plants on the river")
    other_hydropower_GWh: float | None
    thermal_GWh: float | None
    bought_GWh: float | None = Field(description="Imports where they are bought")
    import_GWh: float | None = Field(description="Imports where they arrive")
    export_GWh: float | None = Field(description="Exports where they are sent")
    lifting_GWh: float | None = Field(default=None, description="Electricity of its lifts of water")
    unserved_GWh: float | None
    power_cost_MUSD: float | None = Field(description="Supplies and unserved power, less what exports earn; None without a power demand")
    worst_hit: WorstHit | None


class StorageOn(Fact):
    """What a reservoir holds at the start of a day: when a growing season starts, and when the horizon has ended."""

    timed_by = "date"

    place: str
    title: str
    date: str
    storage_Mm3: float
    full_Mm3: float
