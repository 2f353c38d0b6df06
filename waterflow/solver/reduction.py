r"""Reduction: a program with one cost, without the rows and unknowns that no optimum of that cost depends on, whatever the sides.

Three steps, each exact for every right-hand side (so that one reduction serves all givens), repeated until none applies:

1. An unknown without a cost and without an upper bound that only helps inequalities: those always can be kept, and go with it.
2. An unknown without a cost and without an upper bound that stands in one row alone, an equation: it is that row's slack, and the
   equation is an inequality of what remains.
3. An inequality with one unknown is a bound of it.

(Brearley, Mitra and Williams, 1975, as far as it does not look at the sides.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from waterflow.solver.compile import Program
from waterflow.solver.polyhedron import Polyhedron

__all__ = ["Reduction", "reduction_of"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Reduction:
    """What remains of a program.

    Attributes
    ----------
    program : Program
    rows, columns : arrays of positions
        That remain, in order.
    matrix : csc_array (remaining rows, remaining columns)
    lower_sides, upper_sides : bool arrays (remaining rows,)
        Whether the side bounds the row from below, from above, or both.
    bounds_from : array (bounds, 2)
        Row and column of every inequality that became a bound.
    shifts : array (rows,)
        What slacks at their lower bound take from the side of their row.
    """

    program: Program
    rows: Positions
    columns: Positions
    matrix: Any
    lower_sides: Chosen
    upper_sides: Chosen
    bounds_from: NDArray[np.intp]
    coefficients: Floats
    bound_is_lower: Chosen
    shifts: Floats

    def polyhedron(self, side: Floats) -> Polyhedron:
        """What remains, with the right-hand sides (rows,) of the whole program."""
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        shifted = side - self.shifts
        rows, columns = self.bounds_from[:, 0], self.bounds_from[:, 1]
        limits = shifted[rows] / self.coefficients
        np.maximum.at(lower, columns[self.bound_is_lower], limits[self.bound_is_lower])
        np.minimum.at(upper, columns[~self.bound_is_lower], limits[~self.bound_is_lower])
        own = shifted[self.rows]
        row_lower, row_upper = np.where(self.lower_sides, own, -np.inf), np.where(self.upper_sides, own, np.inf)
        return Polyhedron(self.matrix, lower[self.columns], upper[self.columns], row_lower, row_upper)


class _Shrinking:
    """A program while rows and unknowns leave it."""

    def __init__(self, program: Program, cost: Floats, kept: Positions) -> None:
        self.matrix = program.matrix.tocoo()
        self.below, self.above = np.ones(len(program.equal), dtype=bool), program.equal.copy()
        self.rows, self.columns = np.ones(len(program.equal), dtype=bool), np.ones(len(cost), dtype=bool)
        self.shifts = np.zeros(len(program.equal))
        free = (cost == 0) & np.isposinf(program.upper)
        free[kept] = False
        self.free, self.lower = free, program.lower

    def entries(self) -> tuple[Positions, Positions, Floats]:
        """Row, column and value of every entry that remains."""
        there = self.rows[self.matrix.row] & self.columns[self.matrix.col]
        return self.matrix.row[there], self.matrix.col[there], self.matrix.data[there]

    def helpers(self) -> bool:
        """Drop unknowns that only help inequalities, and those inequalities; true if any was dropped."""
        row, column, value = self.entries()
        hurts = np.where(value > 0, self.above[row], self.below[row])
        harmful = np.bincount(column[hurts], minlength=len(self.columns)) > 0
        found = self.columns & self.free & ~harmful
        self.rows[row[found[column]]] = False
        self.columns &= ~found
        return bool(found.any())

    def slacks(self) -> bool:
        """Take slacks out of equations; true if there was one."""
        row, column, value = self.entries()
        alone = np.bincount(column, minlength=len(self.columns)) == 1
        mine = (alone & self.free & np.isfinite(self.lower))[column] & (self.below & self.above)[row]
        # one slack of an equation at a time
        _, first = np.unique(row[mine], return_index=True)
        chosen = np.flatnonzero(mine)[first]
        self.shifts[row[chosen]] += value[chosen] * self.lower[column[chosen]]
        self.columns[column[chosen]] = False
        positive = value[chosen] > 0
        self.below[row[chosen[positive]]] = False
        self.above[row[chosen[~positive]]] = False
        return bool(len(chosen))

    def bounds(self) -> tuple[Positions, Positions, Floats]:
        """Inequalities with one unknown leave: their rows, unknowns and coefficients."""
        row, column, value = self.entries()
        single = (np.bincount(row, minlength=len(self.rows)) == 1)[row] & (self.below != self.above)[row]
        self.rows[row[single]] = False
        # what has a bound of its own from a row is free no more
        self.free[column[single]] = False
        return row[single], column[single], value[single]


def reduction_of(program: Program, cost: Floats, kept: Positions) -> Reduction:
    """Reduce a program with one cost.

    Parameters
    ----------
    program : Program
    cost : array (unknowns,)
    kept : array of positions
        Unknowns that stay whatever: those that other costs or rows will speak of.
    """
    shrinking = _Shrinking(program, cost, kept)
    found: list[tuple[Positions, Positions, Floats]] = []
    again = True
    while again:
        again = shrinking.helpers() | shrinking.slacks()
        found.append(shrinking.bounds())
        again = again or len(found[-1][0]) > 0
    row, column, value = (np.concatenate(part) for part in zip(*found, strict=True))
    rows, columns = np.flatnonzero(shrinking.rows), np.flatnonzero(shrinking.columns)
    return Reduction(
        program=program,
        rows=rows,
        columns=columns,
        matrix=csc_array(program.matrix.tocsr()[rows].tocsc()[:, columns]),
        lower_sides=shrinking.below[rows],
        upper_sides=shrinking.above[rows],
        bounds_from=np.stack([row, column], axis=1).astype(np.intp),
        coefficients=value,
        bound_is_lower=(value > 0) == shrinking.below[row],
        shifts=shrinking.shifts,
    )
