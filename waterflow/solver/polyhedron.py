"""Polyhedron: the rows and bounds of a linear program; a later stage narrows it to the face of the stages before."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, hstack

from waterflow.errors import SolverError
from waterflow.solver.compile import Program
from waterflow.words.catalogue import say

__all__ = ["Polyhedron"]

Floats = NDArray[np.float64]
Chosen = NDArray[np.bool_]


class Polyhedron:
    """Points x with ``lower <= x <= upper`` and ``row_lower <= matrix x <= row_upper``.

    Parameters
    ----------
    matrix : csc_array (rows, columns)
    lower, upper : arrays (columns,)
    row_lower, row_upper : arrays (rows,)

    Raises
    ------
    SolverError
        If a coefficient or a bound is not a number.
    """

    def __init__(self, matrix: Any, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats) -> None:
        bounds = (lower, upper, row_lower, row_upper)
        if not np.isfinite(matrix.data).all() or any(np.isnan(b).any() for b in bounds):
            message = say("the program holds a number that is not finite")
            raise SolverError(message)
        self.matrix = matrix
        self.lower, self.upper, self.row_lower, self.row_upper = (b.astype(float) for b in bounds)

    @classmethod
    def of(cls, program: Program, givens: Floats) -> Polyhedron:
        """The rows and bounds of a program at some givens."""
        side = program.right_hand_side(givens)
        return cls(program.matrix, program.lower, program.upper, side, np.where(program.equal, side, np.inf))

    @cached_property
    def by_row(self) -> Any:
        """The matrix row by row, (rows, columns)."""
        return self.matrix.tocsr()

    @cached_property
    def transposed(self) -> Any:
        """The matrix with its sides exchanged, (columns, rows)."""
        return self.matrix.T

    def within(self, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats) -> Polyhedron:
        """The same matrix, and what was made of it, with other bounds."""
        found = Polyhedron(self.matrix, lower, upper, row_lower, row_upper)
        found.__dict__.update({name: self.__dict__[name] for name in ("by_row", "transposed") if name in self.__dict__})
        return found

    def copy(self) -> Polyhedron:
        """The same, to be narrowed on its own."""
        return self.within(self.lower, self.upper, self.row_lower, self.row_upper)

    def with_columns(self, rows: NDArray[np.intp], values: Floats, columns: NDArray[np.intp]) -> Polyhedron:
        """The same with more columns, zero or more: each value in its row and in that of the new columns (0, 1, ...)."""
        count = int(columns[-1]) + 1
        new = csc_array((values, (rows, columns)), shape=(self.matrix.shape[0], count))
        return Polyhedron(
            csc_array(hstack([self.matrix, new], format="csc")),
            np.append(self.lower, np.zeros(count)),
            np.append(self.upper, np.full(count, np.inf)),
            self.row_lower,
            self.row_upper,
        )

    def hold(self, columns: Chosen, x: Floats, rows: Chosen, activity: Floats) -> None:
        """Fix some columns and rows at the bound or side they stand at, given exactly."""
        self.lower[columns] = self.upper[columns] = x[columns]
        self.row_lower[rows] = self.row_upper[rows] = activity[rows]

    def violation(self, x: Floats, activity: Floats) -> float:
        """Largest violation of a bound or side, over max(1, |value|)."""
        return max(_violation(x, self.lower, self.upper), _violation(activity, self.row_lower, self.row_upper))


def _violation(value: Floats, lower: Floats, upper: Floats) -> float:
    outside = np.maximum(lower - value, value - upper) / np.maximum(1.0, np.abs(value))
    return float(np.max(outside, initial=0.0))
