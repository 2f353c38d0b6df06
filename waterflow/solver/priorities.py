"""Priorities: solve stage by stage on one face, from scratch or from where a solve with other givens ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import SolverError
from waterflow.formulation.objective import StagePlan
from waterflow.progress import each
from waterflow.solver.certificate import Certificate
from waterflow.solver.compile import Program
from waterflow.solver.face import Optimum, SolvePath
from waterflow.solver.leximin import Rounds, Shares
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.vertex import Basis, Vertex

__all__ = ["Solution", "Stage", "Start", "scaled_cost", "solve_stages", "unique_weights"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: where a solve from scratch starts: weight of a stage against the one before, and of the sum of all shortages
#: against the largest share (measured on a shipped river: half the time of starting from the first stage alone)
LATER_STAGE, MEAN_SHORTAGE = 0.03, 0.3
#: for how many matrices and amounts a start keeps its factored basis
KEPT = 2


@dataclass(frozen=True)
class Stage:
    """One solved stage.

    ``row_duals`` is what one more unit of what there is in each equation does to ``value``;
    ``reduced_costs`` the same for each unknown. ``settled`` are the claims a round of shares has settled.
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
    settled: Positions


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
    kept: list[_Kept] = field(default_factory=list, compare=False, repr=False)

    def kept_for(self, program: Program, amounts: Floats) -> _Kept | None:
        """What was made before for this matrix and these amounts."""
        return next((k for k in self.kept if k.matrix is program.matrix and np.array_equal(k.amounts, amounts)), None)

    def at(self, basis: Basis) -> Start:
        """The same start at another basis."""
        try:
            kept = [replace(k, vertex=Vertex(k.polyhedron.matrix, basis)) for k in self.kept]
        except SolverError:
            kept = []
        return replace(self, basis=basis, kept=kept)

    def keep(self, program: Program, amounts: Floats, polyhedron: Polyhedron) -> _Kept | None:
        """Keep what the next solve of this matrix and these amounts would make again; None if the basis is none there."""
        try:
            made = _Kept(program.matrix, amounts, polyhedron, Vertex(polyhedron.matrix, self.basis))
        except SolverError:
            return None
        self.kept[:] = [made, *self.kept[: KEPT - 1]]
        return made


@dataclass(frozen=True)
class _Kept:
    """What follows from a start, the matrix of a program and the amounts claimed: made once for all who start there."""

    matrix: Any
    amounts: Floats
    polyhedron: Polyhedron
    vertex: Vertex


@dataclass(frozen=True)
class Solution:
    """The stages in order, whether they were found hot or cold, and where another solve may start."""

    stages: tuple[Stage, ...]
    path: Literal["hot", "cold"]
    start: Start


def unique_weights(program: Program) -> Floats:
    """Fixed weights between 0.5 and 1.5, one for each unknown, hashed from its name: the same on every machine."""
    if "unique" not in program.weights:
        names = (f"{c.name}[{','.join(index)}]".encode() for c in program.unknowns.values() for index in c.index)
        digests = b"".join(blake2b(name, digest_size=8).digest() for name in names)
        whole = np.frombuffer(digests, dtype="<u8").astype(np.float64)
        program.weights["unique"] = 0.5 + whole / 2.0**64
    return program.weights["unique"]


def scaled_cost(program: Program, plan: StagePlan) -> tuple[Floats, float, float]:
    """What a stage without claims minimises, scaled so that the largest entry is one; the scale; the constant."""
    cost, constant = program.costs[plan.expression] if plan.expression else (unique_weights(program), 0.0)
    scale = float(np.abs(cost).max(initial=0.0)) or 1.0
    return cost / scale, scale, constant


class _Stages:
    """The stages of a program at some givens."""

    def __init__(self, program: Program, givens: Floats, plans: Sequence[StagePlan], start: Start | None) -> None:
        self.program, self.plans = program, plans
        claims = [c for plan in plans for c in plan.claims]
        self.claims = tuple((c.unknown, c.index) for c in claims)
        if start is not None and start.claims != self.claims:
            start = None
        taken = np.array([program.unknowns[name].position[index] for name, index in self.claims], dtype=np.intp)
        amounts = np.array([c.amount for c in claims], dtype=float)
        ends = np.cumsum([0, *(len(plan.claims) for plan in plans if plan.claims)])
        whole = tuple((np.arange(a, b, dtype=np.intp),) for a, b in pairwise(ends))
        rounds = start.rounds if start else whole
        polyhedron = Polyhedron.of(program, givens)
        kept = start.kept_for(program, amounts) if start else None
        like = kept.polyhedron if kept else None
        self.shares = Shares(polyhedron, taken, amounts, np.zeros(len(claims)), rounds, [0.0] * len(rounds), like)
        self.face = self.shares.face
        if start and not kept:
            kept = start.keep(program, amounts, self.face.whole)
        self.hot = start is not None and kept is not None and self.face.approach(kept.vertex, start.cost)
        if not self.hot:
            self.face.approach(None, self._weighted_cost())

    def _weighted_cost(self) -> Floats:
        """A weighted sum of all stages, near enough to their order to be a good place to start from."""
        shares = self.shares
        cost = shares.cost(np.zeros(shares.width))
        weight, group = 1.0, 0
        for plan in self.plans:
            if plan.claims:
                claims = shares.known[group][0]
                cost[shares.shares[group][0]] = weight * (shares.amounts[claims].max() or 1.0)
                cost[shares.taken[claims]] += weight * MEAN_SHORTAGE
                group += 1
            else:
                cost[: shares.width] += weight * scaled_cost(self.program, plan)[0]
            weight *= LATER_STAGE
        return cost

    def solve(self) -> Iterator[Stage]:
        """The stages in order, each kept by the next."""
        group = 0
        for plan in each(self.plans):
            if plan.claims:
                for k, found in enumerate(self.shares.leximin(group), start=1):
                    name = plan.name if k == 1 else f"{plan.name}/{k}"
                    yield _stage(plan, name, found.optimum, found.share, found.row_duals, found.reduced_costs, found.settled)
                group += 1
            else:
                yield self.least(plan)

    def least(self, plan: StagePlan) -> Stage:
        """Minimise one expression."""
        cost, scale, constant = scaled_cost(self.program, plan)
        optimum = self.face.least(self.shares.cost(cost))
        sign = -1.0 if plan.sense == "maximise" else 1.0
        duals, reduced = optimum.row_duals[: self.shares.rows], optimum.reduced_costs[: self.shares.width]
        value = sign * (optimum.value * scale + constant)
        return _stage(plan, plan.name, optimum, value, sign * scale * duals, sign * scale * reduced, np.zeros(0, dtype=np.intp))

    def start(self) -> Start:
        """The rounds and the last basis, the columns of the shares in the order of the rounds."""
        basis, cost = self.face.basis, self.face.weighted_cost
        order = np.array([*range(self.shares.width), *(c for shares in self.shares.shares for c in shares)], dtype=np.intp)
        groups = zip(self.shares.rounds, self.shares.known, self.shares.shares, strict=True)
        # a round that was known but not reached this time still has its column
        every = tuple((*found, *known[len(found) : len(shares)]) for found, known, shares in groups)
        start = Start(self.claims, every, Basis(basis.columns[order], basis.rows), cost[order])
        if self.face.vertex and np.array_equal(order, np.arange(len(order))):
            start.kept.append(_Kept(self.program.matrix, self.shares.amounts, self.face.whole, self.face.vertex.standing(start.basis)))
        return start


def _stage(plan: StagePlan, name: str, optimum: Optimum, value: float, duals: Floats, reduced: Floats, settled: Positions) -> Stage:
    return Stage(
        name=name,
        sense=plan.sense,
        unit=plan.unit,
        value=value + 0.0,
        unknowns=optimum.unknowns[: len(reduced)],
        # our rows read "what there is - what is used", HiGHS's duals are prices of the side: opposite signs
        row_duals=0.0 - duals,
        reduced_costs=reduced + 0.0,
        certificate=optimum.certificate,
        path=optimum.path,
        seconds=optimum.seconds,
        settled=settled,
    )


def solve_stages(program: Program, givens: Floats, plans: Sequence[StagePlan], start: Start | None = None) -> Solution:
    """Solve the stages of a plan in order.

    Parameters
    ----------
    program : Program
    givens : array (givens,)
        In the order of ``program.givens``.
    plans : sequence of StagePlan
    start : Start, optional
        From a solve of the same program with other givens; not used if the claims are others. Where a solve
        starts decides how long it takes, not what it finds.

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
