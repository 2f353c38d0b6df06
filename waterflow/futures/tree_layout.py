"""Layout: columns and rows that stages over a tree need beside those of its programs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, hstack, vstack

from waterflow.solver.polyhedron import Polyhedron

__all__ = ["Layout"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class Layout:
    """Columns and rows beside those of the tree: a share for each leaf and stage of claims, a row for each claim, and the measures'."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.entries: list[tuple[Positions, Positions, Floats]] = []
        self.sides: list[Floats] = []
        self.lower: list[Floats] = []

    def columns(self, count: int, lower: float = 0.0) -> Positions:
        """New columns, from a lower bound up."""
        found = np.arange(self.width, self.width + count)
        self.width += count
        self.lower.append(np.full(count, lower))
        return found

    def rows(self, parts: Sequence[tuple[Positions, Positions, Floats]], sides: Floats) -> Positions:
        """New rows ``entries @ x >= side``: each part has rows from 0, columns and values."""
        found = np.arange(self.height, self.height + len(sides))
        self.entries += [(rows + self.height, columns, values) for rows, columns, values in parts]
        self.height += len(sides)
        self.sides.append(sides)
        return found

    def polyhedron(self, p: Polyhedron) -> Polyhedron:
        """The tree's rows and columns with all of these."""
        height, width = p.matrix.shape
        rows, columns, values = (
            np.concatenate([np.zeros(0), *part]) for part in (zip(*self.entries, strict=True) if self.entries else [()] * 3)
        )
        added = coo_array((values, (rows.astype(np.intp) - height, columns.astype(np.intp))), shape=(self.height - height, self.width))
        whole = vstack([hstack([p.matrix, csc_array((height, self.width - width))]), added], format="csc")
        lower = np.concatenate([p.lower, *self.lower])
        sides = np.concatenate([p.row_lower, *self.sides])
        upper = np.append(p.upper, np.full(len(lower) - len(p.upper), np.inf))
        row_upper = np.append(p.row_upper, np.full(len(sides) - len(p.row_upper), np.inf))
        return Polyhedron(csc_array(whole), lower, upper, sides, row_upper)
