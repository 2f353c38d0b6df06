"""The plan as numbers: series of a Dataset by name, and what passes, arrives and stays at a place."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.network import Recharge
from waterflow.basin.titles import title_of
from waterflow.basin.values import LEVELS, Level
from waterflow.calendar import Season, Window

__all__ = ["Plan", "plain"]

Floats = NDArray[np.float64]


def plain(value: float) -> float | None:
    """A plain finite number, never -0.0; None where there is none."""
    number = float(value)
    return number + 0.0 if math.isfinite(number) else None


@dataclass(frozen=True)
class Plan:
    """A basin and the Dataset of its allocation, read by name."""

    basin: Basin
    dataset: xr.Dataset

    @cached_property
    def _levels(self) -> dict[Level, Basin]:
        return {level: self.basin.at_level(level) for level in LEVELS}

    def at_level(self, level: Level) -> Basin:
        """The plan's basin at another level of values and prices."""
        return self._levels[level]

    @cached_property
    def _arrays(self) -> dict[str, tuple[Floats, dict[str, int]]]:
        return {}

    def series(self, variable: str, member: str) -> Floats:
        """One row of a variable over (member, period)."""
        if variable not in self._arrays:
            # variables, not data arrays: these are made anew each time they are asked for
            array = self.dataset.variables[variable]
            position = {str(name): k for k, name in enumerate(self.dataset.variables[array.dims[0]].values)}
            self._arrays[variable] = (np.asarray(array.values, dtype=float), position)
        values, position = self._arrays[variable]
        row: Floats = values[position[member]]
        return row

    def total(self, variable: str, members: Iterable[str], window: Window | None = None) -> float:
        """Sum of some members of a variable over a window, or over the horizon."""
        return sum(self.over(self.series(variable, name), window) for name in members)

    def over(self, series: Sequence[float] | Floats, window: Window | None = None) -> float:
        """Sum of a series over a window, or over the horizon."""
        values = np.asarray(series, dtype=float)
        return float(values.sum() if window is None else values[list(self.basin.calendar.inside(window))].sum())

    def rates(self, series: Floats) -> Floats:
        """A series of Mm3 per period in m3/s."""
        result: Floats = series * np.array([p.rate for p in self.basin.calendar.periods])
        return result

    @property
    def nothing(self) -> Floats:
        """A series of zeros."""
        return np.zeros(len(self.basin.calendar.periods))

    @property
    def seasons(self) -> tuple[tuple[Window, Season], ...]:
        """The seasons of the horizon."""
        return self.basin.calendar.seasons

    def inflow(self, place: str) -> Floats:
        """All water that comes to a place: by its reaches, its own runoff and drainage, Mm3 per period."""
        came: Floats = self.nothing + np.asarray(self.basin.runoff.get(place, self.nothing), dtype=float)
        for reach in self.basin.paths.arriving[place]:
            came = came + self.series("arriving_flow", reach)
        for demand in self.basin.returns_to[place]:
            came = came + self.series("return_flow", demand)
        return came + self.recharge(place)

    def recharge(self, place: str) -> Floats:
        """Water that seeped away elsewhere and comes to a place, Mm3 per period."""
        return sum((self.recharge_by(x) for x in self.basin.recharged[place]), start=self.nothing)

    def recharge_by(self, x: Recharge) -> Floats:
        """What comes where one recharge leads, Mm3 per period."""
        if x.kind == "reach":
            return x.share * self.seeped_on_the_way(x.origin)
        return x.share * self.series("reservoir_seepage" if x.kind == "reservoir" else "delivery", x.origin)

    def seeped_on_the_way(self, reach: str) -> Floats:
        """What seeps from a reach of the water entering in each period: a share of it, and what is lost whatever flows, Mm3."""
        first = len(self.basin.calendar.history)
        lost: Floats = np.asarray(self.basin.reaches[reach].seepage[first:]) * self.series("flow", reach)
        return lost + self.series("constant_loss", reach) if reach in self.basin.losing_reaches else lost

    def _leaving(self, place: str, *, spilled: bool) -> Floats | None:
        ways = [a for a in self.basin.paths.departing[place] if self.basin.reaches[a].spillway == spilled]
        return sum((self.series("flow", a) for a in ways), start=self.nothing) if ways else None

    def release(self, place: str) -> Floats | None:
        """Water let go from a place by every reach that is not a spill, Mm3 per period; None without such a reach."""
        return self._leaving(place, spilled=False)

    def spill(self, place: str) -> Floats | None:
        """Water let go from a place by its spillways, Mm3 per period; None without one."""
        return self._leaving(place, spilled=True)

    def storage_on(self, reservoir: str, date: dt.date) -> float | None:
        """Storage at the start of a day (the end of the day before), Mm3; None where no period ends then."""
        if date == self.basin.calendar.start:
            return self.basin.reservoirs[reservoir].opening_storage
        try:
            return float(self.series("storage", reservoir)[self.basin.calendar.ends_before(date)])
        except ValueError:
            return None

    @cached_property
    def below(self) -> dict[str, int]:
        """How many reaches the water of each place runs down at most: the river's order, the source first."""
        steps: dict[str, int] = {}
        basin = self.basin
        lifts = {y.reach for y in basin.reach_costs.values() if any(y.electricity)} & set(basin.paths.turning)

        def down(place: str) -> int:
            if place not in steps:
                # a lift leads up; where a way comes round all the same, it ends where it began
                steps[place] = 0
                ways = [a for a in basin.paths.departing[place] if a not in lifts]
                steps[place] = max((1 + down(self.basin.reaches[a].end) for a in ways), default=0)
            return steps[place]

        return {place: down(place) for place in self.basin.nodes}

    def order(self, place: str) -> tuple[int, str]:
        """Sorts places as the river runs."""
        return (-self.below.get(place, 0), place)

    def title(self, place: str) -> str:
        """How people call a place, in the language spoken; its name where it has no title."""
        return title_of(self.basin.nodes.get(place), place)
