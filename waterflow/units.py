"""Units: fixed inside (Mm3, GWh, m, km2, million USD); converted once, at the door.

A column says its unit at the end of its name. USD per m3 is million USD per Mm3 and USD per kWh is
million USD per GWh, so prices need no factor.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["FACTORS", "FLOW_UNITS", "MEAN_MONTH", "SUFFIXES", "SUMS", "split_unit"]

#: unit suffix -> (what it measures, how to say it)
SUFFIXES: dict[str, str] = {
    "Mm3": "million m3",
    "m3s": "m3/s",
    "GWh": "million kWh",
    "MW": "MW",
    "km2": "km2",
    "m": "m",
    "mm": "mm",
    "days": "days",
    "degrees": "degrees",
    "fraction": "a share of 1",
    "MUSD": "million USD",
    "months": "months",
    "kt": "thousand tonnes",
    "USD_per_m3": "USD per m3",
    "USD_per_t": "USD per tonne",
    "t_per_GWh": "tonnes per GWh",
    "USD_per_kWh": "USD per kWh",
    "GWh_per_Mm3": "GWh per Mm3 (kWh per m3)",
    "km2_per_Mm3": "km2 per Mm3",
}

#: other units people write -> ours, and how many of it one is
FACTORS: dict[str, tuple[str, float]] = {"km3": ("Mm3", 1000.0), "TWh": ("GWh", 1000.0), "MWh": ("GWh", 0.001)}

#: days of a month in the mean
MEAN_MONTH = 30.4375
#: a flow may be written as a volume per period or as a rate
FLOW_UNITS: tuple[Literal["Mm3"], Literal["m3s"]] = ("Mm3", "m3s")

#: units that add up over time: a month's figure is split over its dekads by days
SUMS = frozenset({"Mm3", "GWh", "mm"})


def split_unit(column: str) -> tuple[str, str]:
    """``("full_storage", "Mm3")`` from ``full_storage_Mm3``; the unit is empty where there is none."""
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if column.endswith(f"_{suffix}"):
            return column[: -len(suffix) - 1], suffix
    return column, ""
