"""A small crop-demand model: FAO-56 crop coefficients and a root zone. Invented fields; the formulas have sources.

All equations and figures are those of Allen, Pereira, Raes and Smith, Crop evapotranspiration, FAO Irrigation and Drainage
Paper 56, 1998: reference evapotranspiration by Hargreaves (eq. 52) with radiation from latitude and day (eq. 21 to 25),
Kc of winter wheat on soils that do not freeze (table 12: 0.7, 1.15, 0.25, straight between its stages, fig. 34), the
depletion of the root zone (eq. 85), and less evapotranspiration where it is large (eq. 84).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from docs.guides.coupling.snowmelt import MM_KM2, Weather

__all__ = ["Fields", "reference_evapotranspiration"]

#: MJ m-2 a day to mm a day of evaporation (FAO-56, eq. 20), and the solar constant, MJ m-2 a minute (eq. 21)
TO_MM, SOLAR = 0.408, 0.0820
#: day of the year at which a stage begins, and Kc there; straight between (invented dates)
WHEAT = ((1, 0.70), (60, 0.70), (95, 1.15), (125, 1.15), (150, 0.25))


def reference_evapotranspiration(weather: Weather, latitude: float) -> float:
    """Reference evapotranspiration of one day, mm, at a latitude in degrees."""
    turn = 2.0 * math.pi * weather.day / 365.0
    place, distance = math.radians(latitude), 1.0 + 0.033 * math.cos(turn)
    sun = 0.409 * math.sin(turn - 1.39)
    sunset = math.acos(-math.tan(place) * math.tan(sun))
    lit = sunset * math.sin(place) * math.sin(sun) + math.cos(place) * math.cos(sun) * math.sin(sunset)
    radiation = 24.0 * 60.0 / math.pi * SOLAR * distance * lit
    return max(0.0, 0.0023 * (weather.mean + 17.8) * math.sqrt(max(0.0, weather.high - weather.low)) * TO_MM * radiation)


def crop_coefficient(day: int) -> float:
    """Kc on a day of the year."""
    for (first, one), (last, other) in pairwise(WHEAT):
        if first <= day <= last:
            return one + (other - one) * (day - first) / (last - first)
    return WHEAT[-1][1]


@dataclass
class Fields:
    """Irrigated fields, water in mm over their area.

    Attributes
    ----------
    area : float
        km2.
    depletion : float
        Water missing in the root zone to what it can hold, mm.
    available : float
        What the root zone can hold for plants, mm.
    easily : float
        Share of it that is taken without effort (p in FAO-56).
    efficiency : float
        Part of what a canal delivers that reaches the root zone.
    latitude : float
    used, drained, lost : float
        Evapotranspired, gone below the root zone, and lost by canals so far, mm.
    """

    area: float = 3000.0
    depletion: float = 40.0
    available: float = 160.0
    easily: float = 0.55
    efficiency: float = 0.6
    latitude: float = 41.0
    used: float = 0.0
    drained: float = 0.0
    lost: float = 0.0
    rained: float = 0.0

    def day(self, weather: Weather, delivered: float) -> None:
        """One day with what the canal delivers, Mm3."""
        brought = delivered / self.area / MM_KM2
        wet = weather.rain + self.efficiency * brought
        self.rained += weather.rain
        self.lost += (1.0 - self.efficiency) * brought
        left = self.available - self.depletion
        stress = min(1.0, max(0.0, left / ((1.0 - self.easily) * self.available)))
        taken = min(stress * crop_coefficient(weather.day) * reference_evapotranspiration(weather, self.latitude), left + wet)
        below = max(0.0, wet - taken - self.depletion)
        self.depletion += taken + below - wet
        self.used += taken
        self.drained += below

    def need(self, weather: list[Weather]) -> float:
        """What to ask for in the coming days, Mm3: what the crop will use beyond the rain, and what the root zone misses."""
        use = sum(crop_coefficient(w.day) * reference_evapotranspiration(w, self.latitude) for w in weather)
        missing = max(0.0, self.depletion - self.easily * self.available * 0.5)
        return max(0.0, use + missing - sum(w.rain for w in weather)) / self.efficiency * self.area * MM_KM2

    @property
    def held(self) -> float:
        """Water in the root zone, Mm3."""
        return (self.available - self.depletion) * self.area * MM_KM2
