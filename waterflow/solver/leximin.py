"""Shares: shortages shared leximin on a face.

Minimise the largest share of a claim that is short; the claims that cannot do better (those whose row has a
price) are settled; give the others a reduction of their own and make it as large as can be; repeat. A user whom
water cannot reach never drags the others along. The program has a row for each claim,
``amount (share - reductions so far) - shortfall >= 0``, and a column for each share and each reduction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array

from waterflow.errors import SolverError
from waterflow.solver.face import NONZERO_PRICE, Face, Optimum
from waterflow.solver.polyhedron import Polyhedron
from waterflow.words.catalogue import say

__all__ = ["NOTHING", "Round", "Rounds", "Shares"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: for each group of claims, the claims of each round that were not settled before
Rounds = tuple[tuple[Positions, ...], ...]

#: a share of a claim counts as nothing below this
NOTHING = 1e-12


@dataclass(frozen=True)
class Round:
    """One round: the largest share of the claims left, and what one more unit in each row and column does to it."""

    optimum: Optimum
    share: float
    row_duals: Floats
    reduced_costs: Floats
    settled: Positions


class Shares:
    """A polyhedron with rows for claims and columns for shares, and its face.

    Parameters
    ----------
    polyhedron : Polyhedron
        Of the program, (rows, columns).
    taken, amounts, sides : arrays (claims,)
        Column of each claim's shortfall, the amount claimed, and the side of its row (zero, but for tangents).
    rounds : Rounds
        Claims by group; the reductions of further rounds may be known from another solve.
    lowest : sequence of float
        Least share of each group.
    like : Polyhedron, optional
        One made from the same matrix, claims and rounds, whose matrix may be used again.
    """

    def __init__(
        self,
        polyhedron: Polyhedron,
        taken: Positions,
        amounts: Floats,
        sides: Floats,
        rounds: Rounds,
        lowest: Sequence[float],
        like: Polyhedron | None = None,
    ) -> None:
        self.rows, self.width = polyhedron.matrix.shape
        self.taken, self.amounts, self.known, self.lowest = taken, amounts, rounds, lowest
        self.rounds: list[list[Positions]] = [[] for _ in rounds]
        ends = self.width + np.cumsum([0, *map(len, rounds)])
        self.shares = [list(range(a, b)) for a, b in pairwise(ends)]
        self.face = Face(self._polyhedron(polyhedron, sides, like))

    def _polyhedron(self, p: Polyhedron, sides: Floats, like: Polyhedron | None) -> Polyhedron:
        """The program, the claims and every share that is known."""
        lower = [0.0 if k else self.lowest[group] for group, rounds in enumerate(self.known) for k in range(len(rounds))]
        bounds = (
            np.append(p.lower, lower),
            np.append(p.upper, np.full(len(lower), np.inf)),
            np.append(p.row_lower, sides),
            np.append(p.row_upper, np.full(len(self.amounts), np.inf)),
        )
        return like.within(*bounds) if like is not None else Polyhedron(self._matrix(p), *bounds)

    def _matrix(self, p: Polyhedron) -> Any:
        """The rows of the program and of the claims, csc_array (rows + claims, columns + shares)."""
        count = len(self.amounts)
        taken = coo_array((np.full(count, -1.0), (np.arange(count), self.taken)), shape=(count, self.width))
        columns = []
        for rounds in self.known:
            for k, claims in enumerate(rounds):
                amounts, first = self.amounts[claims], np.zeros(len(claims), dtype=np.intp)
                columns.append(coo_array((-amounts if k else amounts, (claims, first)), shape=(count, 1)))
        blank = [csc_array((self.rows, 1))] * len(columns)
        return csc_array(block_array([[p.matrix, *blank], [taken, *columns]], format="csc"))

    def cost(self, of_program: Floats) -> Floats:
        """A cost of the program's columns with nothing for the shares."""
        return np.append(of_program, np.zeros(self.face.polyhedron.matrix.shape[1] - self.width))

    def leximin(self, group: int) -> Iterator[Round]:
        """Share the shortages of a group's claims, round by round."""
        shares, left = self.shares[group], self.known[group][0]
        duals, reduced = np.zeros(self.rows), np.zeros(self.width)
        while self.amounts[left].any():
            k = len(self.rounds[group])
            self._see_to_column(group, k, left)
            self.rounds[group].append(left)
            scale = float(self.amounts[left].max())
            cost = self.cost(np.zeros(self.width))
            cost[shares[k]] = -scale if k else scale
            optimum = self.face.least(cost)
            # a share is the first share less the reductions, so its prices add up over the rounds
            duals = duals + optimum.row_duals[: self.rows] / scale
            reduced = reduced + optimum.reduced_costs[: self.width] / scale
            share = float(optimum.unknowns[shares[0]] - optimum.unknowns[shares[1 : k + 1]].sum())
            done = optimum.row_duals[self.rows + left] > NONZERO_PRICE
            if share <= self.lowest[group] + NOTHING:
                done[:] = True
            if not done.any():
                message = say("no claim is at the largest shortage")
                raise SolverError(message)
            yield Round(optimum, share, duals, reduced, left[done])
            left = left[~done]

    def _see_to_column(self, group: int, k: int, left: Positions) -> None:
        """See that a round has its column, for these claims and no others."""
        known, shares = self.known[group], self.shares[group]
        if k < len(known) and k < len(shares) and np.array_equal(known[k], left):
            return
        for column in shares[k:]:
            self.face.forbid(column)
        del shares[k:]
        shares.append(self.face.polyhedron.matrix.shape[1])
        self.face.widen(self.rows + left, -self.amounts[left])
