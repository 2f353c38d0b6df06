"""Vertex: a basis, and the point and prices that follow from it by linear algebra alone, without the solver."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from waterflow.errors import SolverError
from waterflow.solver.polyhedron import Polyhedron
from waterflow.words.catalogue import say

__all__ = ["AT_LOWER", "AT_UPPER", "BASIC", "FREE", "Basis", "Vertex"]

Floats = NDArray[np.float64]
Statuses = NDArray[np.int8]

AT_LOWER, BASIC, AT_UPPER, FREE = 0, 1, 2, 3
#: how often a solution is refined with its own residual; one step reaches rounding
REFINEMENTS = 1
#: bases of rivers are so sparse that SuperLU is fastest column by column (measured: a quarter less than its defaults)
SPARSE = {"panel_size": 1, "relax": 1}


@dataclass(frozen=True)
class Basis:
    """Where every column and row stands: at a bound, free at zero, or basic (found by solving)."""

    columns: Statuses
    rows: Statuses

    def with_columns(self, count: int) -> Basis:
        """The same with more columns, at their lower bounds."""
        return Basis(np.append(self.columns, np.full(count, AT_LOWER, dtype=np.int8)), self.rows)


def _standing(status: Statuses, lower: Floats, upper: Floats) -> Floats:
    """Value of everything that is not basic: its bound, and zero where it is basic or free."""
    value = np.where(status == AT_UPPER, upper, lower)
    return np.where((status == BASIC) | (status == FREE) | ~np.isfinite(value), 0.0, value)


class Vertex:
    """A basis of a polyhedron, factored.

    Parameters
    ----------
    matrix : csc_array (rows, columns)
    basis : Basis

    Raises
    ------
    SolverError
        If the basis does not determine a point.
    """

    def __init__(self, matrix: Any, basis: Basis) -> None:
        self.matrix, self.basis = matrix, basis
        self.columns = np.flatnonzero(basis.columns == BASIC)
        self.rows = np.flatnonzero(basis.rows != BASIC)
        if len(self.columns) != len(self.rows):
            message = say("the basis does not have one basic column or row for each row")
            raise SolverError(message)
        # a basic row says nothing about the point: what is left is a square system in the basic columns
        self.square = csc_array(matrix[:, self.columns][self.rows])
        self.turned = self.square.T
        try:
            self.factors = splu(self.square, **SPARSE)
        except RuntimeError as error:
            message = say("the basis does not determine a point")
            raise SolverError(message) from error

    def with_columns(self, matrix: Any) -> Vertex:
        """The same in a matrix with more columns, which stand at their lower bounds."""
        wider = copy(self)
        wider.matrix, wider.basis = matrix, self.basis.with_columns(matrix.shape[1] - self.matrix.shape[1])
        return wider

    def standing(self, basis: Basis) -> Vertex:
        """The same basic columns and rows, the others standing elsewhere: factored already."""
        other = copy(self)
        other.basis = basis
        return other

    def _solve(self, side: Floats, *, transposed: bool = False) -> Floats:
        square = self.turned if transposed else self.square
        way = "T" if transposed else "N"
        found = self.factors.solve(side, way)
        for _ in range(REFINEMENTS):
            found = found + self.factors.solve(side - square @ found, way)
        result: Floats = found
        return result

    def point(self, held: Polyhedron) -> tuple[Floats, Floats]:
        """Point and row activities where everything that is not basic stands at its bound, (columns,) and (rows,)."""
        x = _standing(self.basis.columns, held.lower, held.upper)
        side = _standing(self.basis.rows, held.row_lower, held.row_upper)
        x[self.columns] = self._solve((side - held.by_row @ x)[self.rows])
        activity = held.by_row @ x
        activity[self.rows] = side[self.rows]
        return x, activity

    def prices(self, transposed: Any, cost: Floats) -> tuple[Floats, Floats]:
        """Duals of the rows and reduced costs of the columns for a cost, (rows,) and (columns,)."""
        duals = np.zeros(self.matrix.shape[0])
        duals[self.rows] = self._solve(cost[self.columns], transposed=True)
        reduced = cost - transposed @ duals
        reduced[self.columns] = 0.0
        return duals, reduced
