r"""Extensive form: the programs of all leaves of a tree as one, what leaves have in common being decided once.

An unknown is known by its name and by the node its leaf passes through in the last period it speaks of (that of its index; of an
unknown without one, the last period of any row it stands in). Leaves that pass through one node share its unknowns, so plans cannot
foresee (nonanticipativity by construction: Birge and Louveaux, 2011). Rows that leaves share stand once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array

from waterflow.allocation.ready import Ready
from waterflow.formulation.formulate import unknowns
from waterflow.futures.tree_nodes import Tree
from waterflow.solver.compile import Program
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import unique_weights

__all__ = ["Extensive", "last_periods"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


def last_periods(program: Program, labels: Sequence[str]) -> tuple[Positions, Positions]:
    """The last period each unknown and each row speaks of, (unknowns,) and (rows,)."""
    place = {label: k for k, label in enumerate(labels)}
    columns = np.full(program.matrix.shape[1], -1, dtype=np.intp)
    for word in unknowns():
        timed = [k for k, name in enumerate(word.over) if name == "periods"]
        for position, index in enumerate(program.unknowns[word.name].index, start=program.unknowns[word.name].first):
            if timed:
                columns[position] = place[index[timed[-1]]]
    entries = program.matrix.tocoo()
    rows = np.full(program.matrix.shape[0], -1, dtype=np.intp)
    np.maximum.at(rows, entries.row, columns[entries.col])
    without = columns < 0
    np.maximum.at(columns, entries.col, np.where(without[entries.col], rows[entries.row], -1))
    # what stands in no row with a period is told at the end
    columns[columns < 0] = len(labels) - 1
    np.maximum.at(rows, entries.row, columns[entries.col])
    return columns, rows


@dataclass(frozen=True)
class _Leaf:
    """Where the unknowns of a leaf stand in the tree's, and its probability."""

    ready: Ready
    columns: Positions
    probability: float


class Extensive:
    """One program of all leaves.

    Parameters
    ----------
    leaves : sequence of Ready
        Over one calendar.
    tree : Tree
        Of the same leaves.
    """

    def __init__(self, leaves: Sequence[Ready], tree: Tree) -> None:
        labels = leaves[0].basin.calendar.labels
        names: dict[tuple[str, tuple[str, ...]], int] = {}
        known: dict[int, tuple[Positions, Positions, Positions, Positions]] = {}
        columns: dict[tuple[int, int], int] = {}
        found, rows = [], _Rows()
        for ready, path, probability in zip(leaves, tree.paths, tree.probability, strict=True):
            program = ready.program
            if id(program) not in known:
                own = np.array([names.setdefault((c.name, i), len(names)) for c in program.unknowns.values() for i in c.index])
                of_rows = np.array([names.setdefault((c.name, i), len(names)) for c in program.equations.values() for i in c.index])
                known[id(program)] = own, of_rows, *last_periods(program, labels)
            own, of_rows, when, row_when = known[id(program)]
            keys = zip(own.tolist(), path[when].tolist(), strict=True)
            place = np.array([columns.setdefault(key, len(columns)) for key in keys], dtype=np.intp)
            found.append(_Leaf(ready, place, float(probability)))
            rows.add(program, program.right_hand_side(ready.givens), place, of_rows, path[row_when])
        self.leaves, self.width = tuple(found), len(columns)
        self.matrix, self.row_lower, self.row_upper = rows.laid_out(self.width)
        self.lower, self.upper = np.full(self.width, -np.inf), np.full(self.width, np.inf)
        for leaf in found:
            self.lower[leaf.columns] = np.maximum(self.lower[leaf.columns], leaf.ready.program.lower)
            self.upper[leaf.columns] = np.minimum(self.upper[leaf.columns], leaf.ready.program.upper)

    @property
    def polyhedron(self) -> Polyhedron:
        """Rows and bounds of the whole."""
        return Polyhedron(self.matrix, self.lower, self.upper, self.row_lower, self.row_upper)

    def expected(self, costs: Sequence[Floats]) -> Floats:
        """The mean of a cost of each leaf, (unknowns of the tree,)."""
        found = np.zeros(self.width)
        for leaf, cost in zip(self.leaves, costs, strict=True):
            np.add.at(found, leaf.columns, leaf.probability * cost)
        return found

    def weights(self) -> Floats:
        """The mean of the fixed weights that choose among plans of equal merit."""
        return self.expected([unique_weights(leaf.ready.program) for leaf in self.leaves])

    def hold(self, unknown: str, index: tuple[str, ...], lower: float, upper: float) -> None:
        """Keep an unknown of every leaf within bounds, besides its own."""
        for leaf in self.leaves:
            column = leaf.columns[leaf.ready.program.unknowns[unknown].position[index]]
            self.lower[column] = min(max(self.lower[column], lower), self.upper[column])
            self.upper[column] = max(min(self.upper[column], upper), self.lower[column])


class _Rows:
    """Rows of the tree while leaves add theirs: one that an earlier leaf has in the same way is not added again."""

    def __init__(self) -> None:
        self.parts: list[tuple[Any, Positions, Floats, NDArray[np.bool_]]] = []
        self.shared: dict[tuple[int, int], tuple[int, float]] = {}

    def add(self, program: Program, side: Floats, place: Positions, names: Positions, nodes: Positions) -> None:
        """The rows of one leaf, whose unknowns stand at ``place``; rows by name and by the node of their last period."""
        keys = list(zip(names.tolist(), nodes.tolist(), strict=True))
        # leaves keep their programs, so that a matrix is told by its identity
        own = [(id(program.matrix), value) for value in side.tolist()]
        new = [k for k, key in enumerate(keys) if self.shared.get(key) != own[k]]
        self.shared = {keys[k]: own[k] for k in new} | self.shared
        chosen = np.array(new, dtype=np.intp)
        self.parts.append((csr_array(program.matrix.tocsr()[chosen]), place, side[chosen], program.equal[chosen]))

    def laid_out(self, width: int) -> tuple[Any, Floats, Floats]:
        """The matrix, csc_array (rows, width), and the lower and upper side of every row."""
        rows, columns, values, height = [], [], [], 0
        for matrix, place, _, _ in self.parts:
            entries = matrix.tocoo()
            rows.append(entries.row + height)
            columns.append(place[entries.col])
            values.append(entries.data)
            height += matrix.shape[0]
        found = coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(height, width))
        side = np.concatenate([part[2] for part in self.parts])
        return csc_array(found), side, np.where(np.concatenate([part[3] for part in self.parts]), side, np.inf)
