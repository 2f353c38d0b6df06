"""Facts of reaches whose passage costs something, and of water that comes round again."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.calendar import Season

__all__ = ["Passage", "TurnedWater"]


class Passage(Fact):
    """What passes a reach in a season, and what that costs a party and takes of its electricity."""

    named_by = ("reach", "party")

    reach: str
    title: str
    party: str = Field(description="Who pays, and whose electricity it is")
    season: Season
    window: str
    flow_Mm3: float = Field(description="Water that enters the reach")
    electricity_GWh: float
    cost_MUSD: float = Field(description="Without what the electricity costs")


class TurnedWater(Fact):
    """Water that goes round in a period: it enters every reach of a way back to where it began."""

    named_by = ("way",)
    timed_by = "period"

    way: str = Field(description="Places, the first again at the end")
    period: str
    turned_Mm3: float
