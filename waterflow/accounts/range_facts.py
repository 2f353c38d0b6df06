"""Facts of operating ranges."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact

__all__ = ["RangeEnd"]


class RangeEnd(Fact):
    """A storage or a release that leaves its operating range, or is held at its end at a price."""

    named_by = ("place", "kind")
    timed_by = "period"

    place: str
    kind: Literal["storage", "release"] = Field(description="Storage at the end of the period, or release in it")
    period: str
    planned_Mm3: float
    low_Mm3: float
    high_Mm3: float
    outside_Mm3: float = Field(description="Below the lower end or above the upper one")
    saved_USD_per_m3: float | None = Field(description="What one m3 further out would save; None where no stage is about money")
