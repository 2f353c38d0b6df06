"""A small snowmelt-runoff model: degree days and one linear store. Invented catchment; the formulas have sources.

Melt is a factor times the degrees above a threshold, each day (Hock, Temperature index melt modelling in mountain areas,
Journal of Hydrology 282, 2003, eq. 1; factors of 3 to 6 mm a day and degree in its table 1). Half-way between rain and
snow lies the same threshold. What melts or rains goes in part to the air and else into a store that empties in proportion
to what it holds (a linear reservoir: Nash, 1957).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["MM_KM2", "Snowmelt", "Weather"]

#: 1 mm on 1 km2 in Mm3
MM_KM2 = 1e-3


@dataclass(frozen=True)
class Weather:
    """One day: mean, least and most degrees Celsius, millimetres of rain or snow, and the day of the year."""

    mean: float
    low: float
    high: float
    rain: float
    day: int


@dataclass
class Snowmelt:
    """A catchment, water in mm over its area.

    Attributes
    ----------
    area : float
        km2.
    snow, store : float
        Snow, as water, and water on its way to the river, mm.
    factor : float
        Melt, mm a day and degree.
    threshold : float
        Degrees Celsius.
    share : float
        Part of melt and rain that comes to the river.
    days : float
        Mean time in the store.
    colder : float
        Degrees that the mountains are colder than the weather.
    fallen, to_the_air : float
        All that fell and all that went to the air so far, mm.
    """

    area: float = 3000.0
    snow: float = 220.0
    store: float = 12.0
    factor: float = 4.0
    threshold: float = 0.0
    share: float = 0.75
    days: float = 15.0
    colder: float = 9.0
    fallen: float = 0.0
    to_the_air: float = 0.0

    def day(self, weather: Weather) -> float:
        """Runoff of one day, Mm3."""
        degrees = weather.mean - self.colder
        solid = weather.rain if degrees <= self.threshold else 0.0
        melt = min(self.snow + solid, self.factor * max(0.0, degrees - self.threshold))
        self.snow += solid - melt
        wet = melt + weather.rain - solid
        self.fallen += weather.rain
        self.to_the_air += (1.0 - self.share) * wet
        self.store += self.share * wet
        runoff = self.store * (1.0 - math.exp(-1.0 / self.days))
        self.store -= runoff
        return runoff * self.area * MM_KM2

    @property
    def held(self) -> float:
        """Water in snow and store, Mm3."""
        return (self.snow + self.store) * self.area * MM_KM2
