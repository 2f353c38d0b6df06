r"""Year programs: the program of one year for every member, each kept in HiGHS with the cuts that tell what is left is worth.

.. math:: \min_x \; c^\top x + \gamma\,\theta \quad \text{with} \quad \theta \ge a_c + \sum_r g_{c,r} S_{r,T}

Each member keeps a solver of its own, so that only its opening storages change from one solve to the next; what a member
answers does not depend on which worker asks it, nor on the other members.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack, vstack

from waterflow.basin.basin import Basin
from waterflow.errors import SolverError
from waterflow.futures.cuts import Cuts
from waterflow.solver.certificate import CERTIFIED, certify
from waterflow.solver.compile import Program
from waterflow.solver.highs import Infeasible, Standing
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.reduction import reduction_of
from waterflow.words.catalogue import say

__all__ = ["NoPlan", "Outcome", "YearPrograms"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


#: how a member is solved, in turn, until a certificate holds: as it stands, from scratch, without scaling, without presolve
WAYS: tuple[dict[str, Any], ...] = ({}, {}, {"simplex_scale_strategy": 0}, {"presolve": "off"})


def _certified(p: Polyhedron, cost: Floats, x: Floats, y: Floats) -> bool:
    return len(y) == p.matrix.shape[0] and certify(p, cost, x, y).worst <= CERTIFIED


def _uncertified(member: int) -> SolverError:
    return SolverError(say("the program of member {member} cannot be certified", member=member))


class NoPlan(Infeasible):
    """A member has no plan from some storages."""

    def __init__(self, member: int, storages: Floats) -> None:
        super().__init__(member)
        self.member, self.storages = member, storages


@dataclass(frozen=True)
class Outcome:
    """What a year costs, with and without what comes after it, and where it ends.

    ``slope`` is what one more Mm3 at its opening does to ``whole``, million USD per Mm3, (reservoirs,); ``closing`` (reservoirs,), Mm3.
    """

    whole: float
    year: float
    slope: Floats
    closing: Floats


class YearPrograms:
    """The programs of one year, one for every member.

    Parameters
    ----------
    basin : Basin
    program : Program
        Its net cost is minimised.
    givens : array (members, givens)
        Opening storages are filled in at each solve.
    reservoirs : sequence of str
        Those whose storage is carried from year to year.
    weight : float
        Of a unit of cost in the next year; 0 where nothing follows.
    """

    def __init__(self, basin: Basin, program: Program, givens: Floats, reservoirs: list[str], weight: float) -> None:
        self.program, self.givens, self.weight, self.least = program, givens, weight, 0.0
        opening = program.givens["opening_storage"].position
        self.opening = np.array([opening[(r,)] for r in reservoirs], dtype=np.intp)
        last = basin.calendar.labels[-1]
        closing = np.array([program.unknowns["storage"].position[(r, last)] for r in reservoirs], dtype=np.intp)
        whole, self.constant = program.costs["net_cost"]
        self.left = reduction_of(program, whole, closing)
        self.closing = np.searchsorted(self.left.columns, closing)
        self.cost = np.append(whole[self.left.columns], weight)
        self.moves = program.given_matrix[:, self.opening].toarray()
        self.moved = np.flatnonzero(np.abs(self.moves[self.left.rows]).sum(axis=1))
        self.base = csc_array(hstack([self.left.matrix, csc_array((len(self.left.rows), 1))], format="csc"))
        self.sides = np.array([program.right_hand_side(g) for g in givens]) + (self.moves @ givens[:, self.opening].T).T
        self.solvers: list[Standing | None] = [None] * len(givens)

    def least_cost(self, lowest: Floats, full: Floats) -> float:
        """The least any member's year alone can cost, whatever it opens with between two storages, million USD."""
        return min(self._least_cost(member, lowest, full) for member in range(len(self.givens)))

    def _least_cost(self, member: int, lowest: Floats, full: Floats) -> float:
        own = self.left.polyhedron(self.sides[member])
        matrix = csc_array(hstack([own.matrix, csc_array(self.moves[self.left.rows])], format="csc"))
        p = Polyhedron(matrix, np.append(own.lower, lowest), np.append(own.upper, full), own.row_lower, own.row_upper)
        cost = np.append(self.cost[:-1], np.zeros(len(lowest)))
        x, y = Standing(p, cost).optimum()
        if not _certified(p, cost, x, y):
            raise _uncertified(member)
        return float(cost @ x) + self.constant

    def follow(self, cuts: Cuts, classes: NDArray[np.intp]) -> None:
        """Load the cuts of each member's class anew."""
        self.cuts, self.classes, self.least = cuts, classes, cuts.least
        self.solvers = [None] * len(self.solvers)
        self._matrices: dict[int, Any] = {}

    def added(self) -> None:
        """A cut was added: every solver that is loaded gets its row."""
        self._matrices = {}
        for member, solver in enumerate(self.solvers):
            if solver is not None:
                k = self.classes[member]
                places = np.append(self.closing, len(self.cost) - 1).astype(np.int32)
                values = np.append(-self.cuts.slopes[-1, k], 1.0)
                solver.add(float(self.cuts.constants[-1, k] - self.least), places, values)

    def _polyhedron(self, member: int, storages: Floats) -> Polyhedron:
        """Rows and bounds of a member, its cuts below the program's own rows."""
        k = int(self.classes[member]) if len(self.cuts) else 0
        if k not in self._matrices:
            matrix = self.base if not len(self.cuts) else csc_array(vstack([self.base, csr_array(self._cut_rows(k))], format="csc"))
            width, height = matrix.shape[1], matrix.shape[0]
            free = np.full(height, np.inf)
            self._matrices[k] = Polyhedron(matrix, np.zeros(width), np.zeros(width), -free, free)
        own = self.left.polyhedron(self.sides[member] - self.moves @ storages)
        future = self.cuts.constants[:, k] - self.least
        most = np.inf if self.weight else 0.0
        rows = np.append(own.row_lower, future), np.append(own.row_upper, np.full(len(future), np.inf))
        like: Polyhedron = self._matrices[k]
        return like.within(np.append(own.lower, 0.0), np.append(own.upper, most), *rows)

    def _cut_rows(self, k: int) -> Floats:
        rows = np.zeros((len(self.cuts), len(self.cost)))
        rows[:, self.closing] = -self.cuts.slopes[:, k]
        rows[:, -1] = 1.0
        return rows

    def solve(self, member: int, storages: Floats) -> Outcome:
        """The least cost of a member's year and of all after it, from some storages, certified.

        Raises
        ------
        NoPlan
            If no plan obeys every hard rule.
        SolverError
            If no way leads to a certified optimum.
        """
        p = self._polyhedron(member, storages)
        for attempt in range(len(WAYS)):
            try:
                x, y = self._ready(member, p, attempt).optimum()
            except Infeasible:
                raise NoPlan(member, storages) from None
            if _certified(p, self.cost, x, y):
                return self._outcome(x, y)
        raise _uncertified(member)

    def _ready(self, member: int, p: Polyhedron, attempt: int) -> Standing:
        """The member's solver with its sides changed; after an attempt that failed, one that begins from scratch."""
        solver = self.solvers[member]
        if solver is None or attempt:
            solver = self.solvers[member] = Standing(p, self.cost, **WAYS[attempt])
        else:
            rows = self.moved.astype(np.int32)
            solver.move(rows, p.row_lower[rows], p.row_upper[rows])
        return solver

    def _outcome(self, x: Floats, y: Floats) -> Outcome:
        future = self.weight * (x[-1] + self.least)
        year = float(self.cost[:-1] @ x[:-1]) + self.constant
        duals = y[: len(self.left.rows)]
        return Outcome(year + future, year, -(duals @ self.moves[self.left.rows]), x[self.closing])

    def every(self, storages: Floats, pool: ThreadPoolExecutor) -> list[Outcome]:
        """Every member from the same storages, in order."""
        return list(pool.map(lambda member: self.solve(member, storages), range(len(self.givens))))
