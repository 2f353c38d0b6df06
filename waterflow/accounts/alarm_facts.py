"""Facts of alarms."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact

__all__ = ["AlarmFact"]


class AlarmFact(Fact):
    """A period in which a storage is below, or a flow above, the level of its alarm."""

    named_by = ("alarm",)
    timed_by = "period"

    alarm: str
    place: str = Field(description="The reservoir, or the reach")
    party: str = Field(description="Who suffers the damage")
    kind: Literal["storage", "flow"]
    period: str
    planned: float = Field(description="Storage at the end of the period, Mm3, or mean flow in it, m3/s")
    level: float = Field(description="Level of the alarm, Mm3 or m3/s")
    beyond_Mm3: float = Field(description="Storage missing to the level, or volume above it")
    damage_MUSD: float
