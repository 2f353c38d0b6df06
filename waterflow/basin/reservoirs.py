"""Reservoirs, lakes and aquifers: limits of storage, area, evaporation depth, seepage, dates and end values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from waterflow.basin.area import AreaCurve
from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part, Series
from waterflow.words.catalogue import mark

__all__ = ["EndValue", "EndValueCut", "OperatingRange", "Reservoir", "StorageRule"]

#: an aquifer that loses less than this share in a period: its exact shares are not told from halves
SLOW = 1e-9


class Reservoir(Part):
    """A reservoir, an off-stream reservoir, a lake or an aquifer; it has the name of its node.

    Attributes
    ----------
    full_storage, lowest_storage : float
        Limits of storage at the end of any period, Mm3. The lowest is the lowest ever seen, not the dead storage.
    operating_storage : float
        Storage below which a plant that depends on its level does not run, Mm3: a plan stays above it.
    dead_storage : float
        For information, Mm3.
    opening_storage : float
        Storage when the horizon starts, Mm3.
    area_at_zero, area_slope : float
        Water area = area_at_zero + area_slope * storage, km2 and km2 per Mm3.
    curve : AreaCurve or None
        Water area as a curve, in place of that line.
    net_evaporation : Series
        Depth evaporated less rain, m per period; zeros where runoff already nets it.
    seepage_depth, seepage_share, seepage_volume : Series or None
        What seeps away: a depth over the mean water area, m, a share of the mean storage, and a volume, Mm3, per period; None
        where none does.
    recession : float
        Of an aquifer: share of its storage that flows out by itself in a day, as a rate (1/day).
    levels : tuple of (storage, level)
        Curve for reports, Mm3 and m, rising.
    owner : str
        Party whose money the value of its stored water is; empty for nobody's.
    """

    name: str
    full_storage: Nonnegative
    lowest_storage: Nonnegative
    operating_storage: Nonnegative = 0.0
    dead_storage: Nonnegative
    opening_storage: Annotated[
        Nonnegative,
        GivenField("opening_storage", "Storage when the horizon starts", "opening_storage", "storage_Mm3", mark("opening storage")),
    ]
    area_at_zero: float = 0.0
    area_slope: float = 0.0
    curve: AreaCurve | None = None
    net_evaporation: Series
    seepage_depth: tuple[Nonnegative, ...] | None = None
    seepage_share: tuple[Nonnegative, ...] | None = None
    seepage_volume: tuple[Nonnegative, ...] | None = None
    recession: Nonnegative = 0.0
    levels: tuple[tuple[float, float], ...] = ()
    owner: str = ""

    @property
    def floor(self) -> float:
        """Lowest storage a plan may use: an opening below the lowest storage widens the limit to itself, Mm3."""
        return min(self.lowest_storage, self.opening_storage)

    @property
    def least(self) -> float:
        """Least storage at the end of a period: the floor, or what a plant needs to run if the opening allows it, Mm3."""
        return max(self.floor, min(self.operating_storage, self.opening_storage))

    @property
    def active_storage(self) -> float:
        """Storage between the lowest and the full, Mm3."""
        return self.full_storage - self.lowest_storage

    @property
    def ceiling(self) -> float:
        """Highest storage a plan may use: an opening above full storage widens the limit to itself, Mm3."""
        return max(self.full_storage, self.opening_storage)

    @property
    def seeps(self) -> bool:
        """True if water seeps away."""
        return self.seepage_depth is not None

    def area_line(self, moment: int) -> tuple[float, float]:
        """Area at no storage and its slope, km2 and km2 per Mm3, as drawn at a moment: 0 when the horizon opens, 1 after a period."""
        return self.curve.line(moment) if self.curve else (self.area_at_zero, self.area_slope)

    def area(self, storage: float) -> float:
        """The true water area at a storage, km2."""
        return self.curve.area(storage) if self.curve else self.area_at_zero + self.area_slope * storage

    def outflow(self, days: int) -> tuple[float, float]:
        """Of an aquifer: shares of the storages before and after a period of so many days that flow out in it by themselves.

        A linear reservoir with steady net inflow: of x = recession * days the share a = 1 - exp(-x) of what was there and
        b = 1 - a / x of what came flow out; what came is the change of storage and what flowed out (Maillet 1905).
        """
        x = self.recession * days
        if x < SLOW:
            return x / 2, x / 2
        gone = -math.expm1(-x)
        came = 1.0 - gone / x
        return x * (gone - came) / gone, x * came / gone


class StorageRule(Part):
    """Storage that must be held, or not be passed, at the end of one period (the last one: closing storage)."""

    name: str
    reservoir: str
    period: int
    rule: Literal["at_least", "at_most"]
    storage: Annotated[
        Nonnegative,
        GivenField(
            "ruled_storage",
            "Storage to be held or not passed on a date",
            "storage_rules",
            "storage_Mm3",
            mark("storage agreed for a date"),
        ),
    ]


class OperatingRange(Part):
    """Storage at the end of each period, or release in it, between the least and the most that operators have used, Mm3.

    The least release is ``low`` and, of each Mm3 stored at the end, ``low_share`` (none without): in a dry year operators let
    go less than they ever did, but hardly less of what there is.
    """

    name: str
    reservoir: str
    kind: Literal["storage", "release"]
    low: Annotated[
        Series,
        GivenField("operating_low", "Least operators have used", "operating_ranges", "low_Mm3", mark("lower end of the operating range")),
    ]
    high: Annotated[
        Series,
        GivenField("operating_high", "Most operators have used", "operating_ranges", "high_Mm3", mark("upper end of the operating range")),
    ]

    low_share: tuple[Nonnegative, ...] = ()

    @property
    def place(self) -> str:
        """Where it is."""
        return self.reservoir

    def share(self, period: int) -> float:
        """The share of what is stored at the end of a period that its least release has, by the position of the period."""
        return self.low_share[period] if self.low_share else 0.0


class EndValueCut(Part):
    """A plane that no worth of the water left at the end exceeds, whatever each reservoir holds, million USD.

    Attributes
    ----------
    worth : float
        What all of them together are worth at ``storages``, million USD.
    storages : dict of reservoir to float
        Where the plane was made, Mm3.
    values : dict of reservoir to float
        What one more Mm3 in each is worth there, million USD per Mm3 (= USD per m3).
    """

    name: str
    worth: float
    storages: dict[str, Nonnegative]
    values: dict[str, float]

    def at(self, held: Mapping[str, float]) -> float:
        """Its worth where the reservoirs hold other storages, Mm3."""
        return self.worth + sum(value * (held[r] - self.storages[r]) for r, value in self.values.items())


class EndValue(Part):
    """A block of water left at the end and what each m3 of it is worth, million USD per Mm3 (= USD per m3)."""

    name: str
    reservoir: str
    width: Nonnegative
    value: Nonnegative
