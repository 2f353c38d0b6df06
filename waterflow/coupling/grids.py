"""The grids of a river: its nodes and reaches as an unstructured one, its users as points, and both by period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.coupling.variables import RIVER, RIVER_PERIODS, USER_PERIODS, USERS, Variable

__all__ = ["Grids"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grids:
    """Where the variables of a river stand; orders are those of the basin, which are those of the names."""

    basin: Basin

    @cached_property
    def days(self) -> Floats:
        """Days since the start at which each period begins, and at which the last ends, (periods + 1,)."""
        return np.concatenate([[0.0], np.cumsum([float(p.days) for p in self.basin.calendar.periods])])

    @cached_property
    def edges(self) -> NDArray[np.int32]:
        """Positions of the nodes a reach leaves and enters, (reaches * 2,)."""
        place = {name: k for k, name in enumerate(self.basin.nodes)}
        ends = [place[node] for reach in self.basin.reaches.values() for node in (reach.start, reach.end)]
        return np.array(ends, dtype=np.int32)

    def is_network(self, grid: int) -> bool:
        """True for the unstructured grids, False for those by period."""
        return grid in (RIVER, USERS)

    def columns(self, grid: int) -> int:
        """Nodes or users of a grid."""
        return len(self.basin.nodes if grid in (RIVER, RIVER_PERIODS) else self.basin.demands)

    def size(self, grid: int) -> int:
        """Values of a grid: nodes or users, for each period where it has periods."""
        return self.columns(grid) * (len(self.basin.calendar.periods) if grid in (RIVER_PERIODS, USER_PERIODS) else 1)

    def length(self, variable: Variable) -> int:
        """Values of a variable."""
        return len(self.basin.reaches) if variable.location == "edge" else self.size(variable.grid)

    def shape(self, grid: int) -> tuple[int, int]:
        """Periods and columns of a grid by period."""
        return len(self.basin.calendar.periods), self.columns(grid)

    def x(self, grid: int) -> Floats:
        """Place on the schematic from left to right, 0 to 100; by period, the position among nodes or users."""
        if not self.is_network(grid):
            return np.arange(self.columns(grid), dtype=float)
        return np.array([self.basin.nodes[n].x for n in self._places(grid)], dtype=float)

    def y(self, grid: int) -> Floats:
        """Place on the schematic, 0 to 100; by period, days since the start at which each begins."""
        if not self.is_network(grid):
            return self.days[:-1].copy()
        return np.array([self.basin.nodes[n].y for n in self._places(grid)], dtype=float)

    def _places(self, grid: int) -> list[str]:
        return list(self.basin.nodes) if grid == RIVER else [d.node for d in self.basin.demands.values()]
