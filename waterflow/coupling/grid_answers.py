"""What the Basic Model Interface asks of grids, answered from the grids of a river."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from bmipy import Bmi
from numpy.typing import NDArray

from waterflow.coupling.grids import Grids
from waterflow.coupling.variables import RIVER, USER_PERIODS
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["GridAnswers"]

Array = NDArray[Any]


class GridAnswers(Bmi):
    """The grid half of the interface; the other half knows the river."""

    @property
    @abstractmethod
    def grids(self) -> Grids:
        """The grids of the river."""

    def _grid(self, grid: int, kind: str = "") -> int:
        """A grid there is, of the kind a question is about."""
        if not 0 <= grid <= USER_PERIODS:
            raise Problem("unknown-given", say("grid"), str(grid), f"0-{USER_PERIODS}").refusal()
        if kind and kind != self.get_grid_type(grid):
            raise self._other(grid, kind)
        return grid

    def _other(self, grid: int, kind: str) -> InputError:
        """What asks a grid for something that grids of its kind have not."""
        return Problem("wrong-kind", say("grid {grid}", grid=grid), self.get_grid_type(self._grid(grid)), kind).refusal()

    def get_grid_rank(self, grid: int) -> int:
        """Two: left to right and bottom to top, or name and time."""
        self._grid(grid)
        return 2

    def get_grid_size(self, grid: int) -> int:
        """Number of nodes of a grid."""
        return self.grids.size(self._grid(grid))

    def get_grid_type(self, grid: int) -> str:
        """The river and its users are unstructured grids; with the periods of the horizon they are rectilinear."""
        return "unstructured" if self.grids.is_network(self._grid(grid)) else "rectilinear"

    def get_grid_shape(self, grid: int, shape: Array) -> Array:
        """Periods, and nodes or users."""
        self._grid(grid, "rectilinear")
        shape[:] = self.grids.shape(grid)
        return shape

    def get_grid_spacing(self, grid: int, spacing: Array) -> Array:
        """No grid is evenly spaced."""
        raise self._other(grid, "uniform_rectilinear")

    def get_grid_origin(self, grid: int, origin: Array) -> Array:
        """No grid is evenly spaced."""
        raise self._other(grid, "uniform_rectilinear")

    def get_grid_x(self, grid: int, x: Array) -> Array:
        """Where the nodes are from left to right on the schematic; by period, their positions."""
        x[:] = self.grids.x(self._grid(grid))
        return x

    def get_grid_y(self, grid: int, y: Array) -> Array:
        """Where the nodes are from bottom to top on the schematic; by period, days since the start."""
        y[:] = self.grids.y(self._grid(grid))
        return y

    def get_grid_z(self, grid: int, z: Array) -> Array:
        """No grid has a third dimension."""
        raise self._other(grid, say("a grid of three dimensions"))

    def get_grid_node_count(self, grid: int) -> int:
        """Number of nodes of a grid."""
        return self.grids.size(self._grid(grid))

    def get_grid_edge_count(self, grid: int) -> int:
        """Number of reaches; users have none between them."""
        self._grid(grid, "unstructured")
        return len(self.grids.basin.reaches) if grid == RIVER else 0

    def get_grid_face_count(self, grid: int) -> int:
        """A river has no faces."""
        self._grid(grid, "unstructured")
        return 0

    def get_grid_edge_nodes(self, grid: int, edge_nodes: Array) -> Array:
        """Positions of the nodes each reach leaves and enters, one pair after the other."""
        self._grid(grid, "unstructured")
        edge_nodes[:] = self.grids.edges if grid == RIVER else []
        return edge_nodes

    def get_grid_face_edges(self, grid: int, face_edges: Array) -> Array:
        """Nothing: there are no faces."""
        self._grid(grid, "unstructured")
        return face_edges

    def get_grid_face_nodes(self, grid: int, face_nodes: Array) -> Array:
        """Nothing: there are no faces."""
        self._grid(grid, "unstructured")
        return face_nodes

    def get_grid_nodes_per_face(self, grid: int, nodes_per_face: Array) -> Array:
        """Nothing: there are no faces."""
        self._grid(grid, "unstructured")
        return nodes_per_face
