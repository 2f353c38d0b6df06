"""Priorities: solve stage by stage on one face, shortages shared leximin.

Leximin: minimise the largest share of a claim that is short; the claims that cannot do better (those whose
row has a price) are settled; give the others a further reduction of their own and make it as large as can
be; repeat. A user whom water cannot reach never drags the others along. The program has a row for each claim,
``amount (share - reductions so far) - shortfall >= 0``, and a column for each share and each reduction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array

from waterflow.errors import SolverError
from waterflow.formulation.objective import StagePlan
from waterflow.solver.certificate import Certificate
from waterflow.solver.compile import Program
from waterflow.solver.face import NONZERO_PRICE, Face, Optimum, SolvePath
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.vertex import Basis

__all__ = ["Solution", "Stage", "Start", "solve_stages", "unique_weights"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: for each priority with claims, the claims of each round that were not settled before
Rounds = tuple[tuple[Positions, ...], ...]

#: a share of a claim counts as nothing below this
NOTHING = 1e-12
#: where a solve from scratch starts: weight of a stage against the one before, and of the sum of all shortages
#: against the largest share (measured on the Syr Darya: half the time of starting from the first stage alone)
LATER_STAGE, MEAN_SHORTAGE = 0.03, 0.3


@dataclass(frozen=True)
class Stage:
    """One solved stage.

    ``row_duals`` is what one more unit of what there is in each equation does to ``value``;
    ``reduced_costs`` the same for each unknown.
    """

    name: str
    sense: str
    unit: str
    value: float
    unknowns: Floats
    row_duals: Floats
    reduced_costs: Floats
    certificate: Certificate
    path: SolvePath
    seconds: float


@dataclass(frozen=True)
class Start:
    """Where a solve of the same program and claims with other givens may start.

    ``rounds`` are those in which claims were settled, ``basis`` is the last one, ``cost`` a weighted sum of the
    stages for which it is optimal.
    """

    claims: tuple[tuple[str, tuple[str, ...]], ...]
    rounds: Rounds
    basis: Basis
    cost: Floats


@dataclass(frozen=True)
class Solution:
    """The stages in order, whether they were found hot or cold, and where another solve may start."""

    stages: tuple[Stage, ...]
    path: Literal["hot", "cold"]
    start: Start


def unique_weights(program: Program) -> Floats:
    """Fixed weights between 0.5 and 1.5, one for each unknown, hashed from its name: the same on every machine."""
    if "unique" not in program.weights:
        names = (
            f"{c.name}[{','.join(index)}]".encode() for c in program.unknowns.values() for index in c.index
        )
        digests = b"".join(blake2b(name, digest_size=8).digest() for name in names)
        whole = np.frombuffer(digests, dtype="<u8").astype(np.float64)
        program.weights["unique"] = 0.5 + whole / 2.0**64
    return program.weights["unique"]


class _Stages:
    """The program with a row for each claim and a column for each share and reduction known so far."""

    def __init__(self, program: Program, givens: Floats, plans: Sequence[StagePlan], start: Start | None) -> None:
        self.program, self.plans = program, plans
        self.rows, self.width = program.matrix.shape
        claims = [c for plan in plans for c in plan.claims]
        self.claims = tuple((c.unknown, c.index) for c in claims)
        self.taken = np.array([program.unknowns[c.unknown].position[c.index] for c in claims], dtype=np.intp)
        self.amounts = np.array([c.amount for c in claims], dtype=float)
        counts = np.cumsum([0, *(len(plan.claims) for plan in plans if plan.claims)])
        whole = tuple((np.arange(a, b, dtype=np.intp),) for a, b in pairwise(counts))
        known = start is not None and start.claims == self.claims
        self.known: Rounds = start.rounds if start and known else whole
        self.shares: list[list[int]] = []
        self.settled: list[list[Positions]] = []
        self.face = Face(self._polyhedron(givens))
        self.hot = bool(start and known and self.face.approach(start.basis, start.cost))
        if not self.hot:
            self.face.approach(None, self._weighted_cost())

    def _polyhedron(self, givens: Floats) -> Polyhedron:
        """The program, the claims and every share of `known`."""
        program, count = self.program, len(self.amounts)
        taken = coo_array((np.full(count, -1.0), (np.arange(count), self.taken)), shape=(count, self.width))
        columns, width = [], self.width
        for rounds in self.known:
            self.shares.append([])
            for k, claims in enumerate(rounds):
                sign = -1.0 if k else 1.0
                columns.append(
                    coo_array((sign * self.amounts[claims], (claims, np.zeros(len(claims), dtype=np.intp))), shape=(count, 1))
                )
                self.shares[-1].append(width)
                width += 1
        side, none = program.right_hand_side(givens), np.zeros(width - self.width)
        blank = [csc_array((self.rows, 1))] * len(columns)
        matrix = block_array([[program.matrix, *blank], [taken, *columns]], format="csc")
        return Polyhedron(
            csc_array(matrix),
            np.append(program.lower, none),
            np.append(program.upper, none + np.inf),
            np.append(side, np.zeros(count)),
            np.append(np.where(program.equal, side, np.inf), np.full(count, np.inf)),
        )

    def _weighted_cost(self) -> Floats:
        """A weighted sum of all stages, near enough to their order to be a good place to start from."""
        cost = np.zeros(self.face.polyhedron.matrix.shape[1])
        weight, priority = 1.0, 0
        for plan in self.plans:
            if plan.claims:
                claims = self.known[priority][0]
                cost[self.shares[priority][0]] = weight * (self.amounts[claims].max() or 1.0)
                cost[self.taken[claims]] += weight * MEAN_SHORTAGE
                priority += 1
            else:
                least = self.program.costs[plan.expression][0] if plan.expression else unique_weights(self.program)
                cost[: self.width] += weight * least / (np.abs(least).max(initial=0.0) or 1.0)
            weight *= LATER_STAGE
        return cost

    def solve(self) -> Iterator[Stage]:
        """The stages in order, each kept by the next."""
        priority = 0
        for plan in self.plans:
            if plan.claims:
                yield from self.leximin(plan, priority)
                priority += 1
            elif plan.expression:
                cost, constant = self.program.costs[plan.expression]
                yield self.least(plan, cost, constant)
            else:
                yield self.least(plan, unique_weights(self.program), 0.0)

    def leximin(self, plan: StagePlan, priority: int) -> Iterator[Stage]:
        """Share the shortages of a priority's claims: one stage a round."""
        shares, left = self.shares[priority], self.known[priority][0]
        self.settled.append([])
        duals, reduced = np.zeros(self.rows), np.zeros(self.width)
        while len(left):
            k = len(self.settled[-1])
            self._share(priority, k, left)
            self.settled[-1].append(left)
            scale = float(self.amounts[left].max()) or 1.0
            cost = np.zeros(self.face.polyhedron.matrix.shape[1])
            cost[shares[k]] = -scale if k else scale
            optimum = self.face.least(cost)
            # a share is the first share less the reductions, so its prices add up over the rounds
            duals = duals - optimum.row_duals[: self.rows] / scale
            reduced = reduced + optimum.reduced_costs[: self.width] / scale
            share = optimum.unknowns[shares[0]] - optimum.unknowns[shares[1 : k + 1]].sum()
            yield self._stage(plan, plan.name if not k else f"{plan.name}/{k + 1}", optimum, share, duals, reduced)
            if share <= NOTHING:
                break
            done = optimum.row_duals[self.rows + left] > NONZERO_PRICE
            if not done.any():
                message = f"{plan.name}: no claim is at the largest shortage"
                raise SolverError(message)
            left = left[~done & (self.amounts[left] > 0.0)]

    def _share(self, priority: int, k: int, left: Positions) -> None:
        """See that a round has its column, for these claims and no others."""
        known, shares = self.known[priority], self.shares[priority]
        if k < len(known) and np.array_equal(known[k], left):
            return
        for column in shares[k:]:
            self.face.forbid(column)
        del shares[k:]
        shares.append(self.face.polyhedron.matrix.shape[1])
        self.face.widen(self.rows + left, -self.amounts[left])

    def least(self, plan: StagePlan, cost: Floats, constant: float) -> Stage:
        """Minimise one expression."""
        scale = float(np.abs(cost).max(initial=0.0)) or 1.0
        shares = self.face.polyhedron.matrix.shape[1] - self.width
        optimum = self.face.least(np.append(cost / scale, np.zeros(shares)))
        sign = -1.0 if plan.sense == "maximise" else 1.0
        value = sign * (optimum.value * scale + constant)
        duals, reduced = -optimum.row_duals[: self.rows], optimum.reduced_costs[: self.width]
        return self._stage(plan, plan.name, optimum, value, sign * scale * duals, sign * scale * reduced)

    def _stage(self, plan: StagePlan, name: str, optimum: Optimum, value: float, duals: Floats, reduced: Floats) -> Stage:
        return Stage(
            name,
            plan.sense,
            plan.unit,
            value + 0.0,
            optimum.unknowns[: self.width],
            duals + 0.0,
            reduced + 0.0,
            optimum.certificate,
            optimum.path,
            optimum.seconds,
        )

    def start(self) -> Start:
        """The rounds and the last basis, the columns of the shares in the order of the rounds."""
        basis, cost = self.face.basis, self.face.weighted_cost
        order = np.array([*range(self.width), *(column for shares in self.shares for column in shares)], dtype=np.intp)
        return Start(self.claims, tuple(map(tuple, self.settled)), Basis(basis.columns[order], basis.rows), cost[order])


def solve_stages(program: Program, givens: Floats, plans: Sequence[StagePlan], start: Start | None = None) -> Solution:
    """Solve the stages of a plan in order.

    Parameters
    ----------
    program : Program
    givens : array (givens,)
        In the order of ``program.givens``.
    plans : sequence of StagePlan
    start : Start, optional
        From a solve of the same program and claims with other givens.

    Raises
    ------
    Infeasible
        If no plan obeys the program at all.
    SolverError
        If a stage is unbounded or cannot be certified.
    """
    stages = _Stages(program, givens, plans, start)
    try:
        found = tuple(stages.solve())
    except SolverError:
        if not stages.hot:
            raise
        return solve_stages(program, givens, plans)
    return Solution(found, "hot" if stages.hot else "cold", stages.start())
