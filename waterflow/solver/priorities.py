"""Priorities: solve stage by stage, each stage kept by its optimal face, shortages shared leximin.

A stage is kept by fixing what its prices prove: every column with a nonzero reduced cost stays at its
bound, every row with a nonzero dual at its side. That face holds exactly the optima of the stage, adds no
row and buys nothing at absurd prices, as an epsilon row would.

Leximin: minimise the largest share of a claim that is short, fix the claims that cannot do better (those
whose row has a price), repeat; a user whom water cannot reach never drags the others along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array

from waterflow.errors import SolverError
from waterflow.formulation.objective import Claim, StagePlan
from waterflow.solver.certificate import Certificate
from waterflow.solver.compile import Program
from waterflow.solver.highs import Optimum, Session, SolvePath

__all__ = ["Stage", "solve_stages"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: a price counts as nonzero above this, costs being scaled so that the largest is one
NONZERO_PRICE = 1e-9
#: a share of a claim counts as nothing below this
NOTHING = 1e-12
#: by how much a face that rounding has emptied is opened, Mm3 (or the unit of the column); a hundredth of
#: what the audit allows, used only after every other way has failed, and recorded as the path "opened"
HAIR = 1e-8


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
    """The program with one more column (the largest share short) and one more row for each claim."""

    def __init__(self, program: Program, givens: Floats, claims: Sequence[Claim]) -> None:
        self.program = program
        self.rows, self.width = program.matrix.shape
        self.claims = claims
        self.kept = False
        self.columns = np.array([program.unknowns[c.unknown].position[c.index] for c in claims], dtype=np.intp)
        self.amounts = np.array([c.amount for c in claims], dtype=float)
        side = program.right_hand_side(givens)
        free = np.full(len(claims), np.inf)
        self.session = Session(
            self._matrix(),
            np.append(program.lower, 0.0),
            np.append(program.upper, np.inf),
            np.concatenate([side, -free]),
            np.concatenate([np.where(program.equal, side, np.inf), free]),
        )

    def _matrix(self) -> Any:
        count = len(self.claims)
        taken = coo_array((np.full(count, -1.0), (np.arange(count), self.columns)), shape=(count, self.width))
        share = csc_array(self.amounts.reshape(-1, 1))
        blank = csc_array((self.rows, 1))
        return csc_array(block_array([[self.program.matrix, blank], [taken, share]], format="csc"))

    def solve(self, plans: Sequence[StagePlan]) -> Iterator[Stage]:
        """The stages in order, each kept by the next."""
        first = 0
        for plan in plans:
            if plan.claims:
                chosen = np.arange(first, first + len(plan.claims), dtype=np.intp)
                first += len(plan.claims)
                yield from self.leximin(plan, chosen)
            elif plan.expression:
                cost, constant = self.program.costs[plan.expression]
                yield self.least(plan, cost, constant)
            else:
                yield self.least(plan, unique_weights(self.program), 0.0)

    def keep(self, optimum: Optimum, scale: float) -> None:
        """Fix what the prices of an optimum prove, so that later stages stay on its optimal face.

        Everything is fixed where the optimum itself stands, and bounds it oversteps by a rounding error are
        moved there: the optimum then lies on its own face exactly, and no later stage finds the face empty.
        """
        self.kept = True
        threshold = NONZERO_PRICE * scale
        s, x = self.session, optimum.unknowns
        priced = np.abs(optimum.reduced_costs) > threshold
        priced[self.width] = False
        columns = np.flatnonzero(priced | (x < s.lower) | (x > s.upper))
        at, held = x[columns], priced[columns] | (s.lower == s.upper)[columns]
        s.set_bounds(
            columns,
            np.where(held, at, np.minimum(at, s.lower[columns])),
            np.where(held, at, np.maximum(at, s.upper[columns])),
        )
        activity = s.by_row @ x
        priced = np.abs(optimum.row_duals) > threshold
        priced[self.rows :] = False
        rows = np.flatnonzero(priced | (activity < s.row_lower) | (activity > s.row_upper))
        at, held = activity[rows], priced[rows] | (s.row_lower == s.row_upper)[rows]
        s.set_sides(
            rows,
            np.where(held, at, np.minimum(at, s.row_lower[rows])),
            np.where(held, at, np.maximum(at, s.row_upper[rows])),
        )

    def _minimise(self, cost: Floats) -> Optimum:
        """Minimise on the present face; one that rounding has emptied is opened by a hair and tried once more."""
        try:
            return self.session.minimise(cost)
        except SolverError:
            if not self.kept:
                raise
        s = self.session
        open_once = np.append(self.program.lower < self.program.upper, False)
        columns = np.flatnonzero((s.lower == s.upper) & open_once)
        s.set_bounds(columns, s.lower[columns] - HAIR, s.upper[columns] + HAIR)
        rows = np.flatnonzero((s.row_lower == s.row_upper)[: self.rows] & ~self.program.equal)
        s.set_sides(rows, s.row_lower[rows] - HAIR, s.row_upper[rows] + HAIR)
        return replace(s.minimise(cost), path="opened")

    def leximin(self, plan: StagePlan, chosen: Positions) -> Iterator[Stage]:
        """Share the shortages of the chosen claims: one stage a round."""
        s, left, rounds = self.session, chosen, 0
        while len(left):
            rounds += 1
            rows = self.rows + left
            s.set_sides(rows, np.zeros(len(left)), np.full(len(left), np.inf))
            scale = float(self.amounts[left].max())
            cost = np.zeros(self.width + 1)
            cost[self.width] = scale
            optimum = self._minimise(cost)
            name = plan.name if rounds == 1 else f"{plan.name}/{rounds}"
            yield self._stage(plan, name, optimum, optimum.value / scale, scale)
            self.keep(optimum, scale)
            if optimum.unknowns[self.width] <= NOTHING:
                settled = np.ones(len(left), dtype=bool)
                short = np.maximum(0.0, optimum.unknowns[self.columns[left]])
            else:
                settled = optimum.row_duals[rows] * self.amounts[left] > NONZERO_PRICE * scale
                short = optimum.unknowns[self.columns[left]]
            if not settled.any():
                message = f"{plan.name}: no claim is at the largest shortage"
                raise SolverError(message)
            done = left[settled]
            s.set_sides(self.rows + done, np.full(len(done), -np.inf), np.full(len(done), np.inf))
            s.set_bounds(self.columns[done], np.minimum(0.0, short[settled]), short[settled])
            left = left[~settled]

    def least(self, plan: StagePlan, cost: Floats, constant: float) -> Stage:
        """Minimise one expression."""
        scale = float(np.abs(cost).max(initial=0.0)) or 1.0
        optimum = self._minimise(np.append(cost / scale, 0.0))
        sign = -1.0 if plan.sense == "maximise" else 1.0
        value = sign * (optimum.value * scale + constant)
        stage = self._stage(plan, plan.name, optimum, value, sign / scale)
        self.keep(optimum, 1.0)
        return stage

    def _stage(self, plan: StagePlan, name: str, optimum: Optimum, value: float, scale: float) -> Stage:
        duals = -optimum.row_duals[: self.rows] / scale
        reduced = optimum.reduced_costs[: self.width] / scale
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


def solve_stages(program: Program, givens: Floats, plans: Sequence[StagePlan]) -> tuple[Stage, ...]:
    """Solve the stages of a plan in order.

    Parameters
    ----------
    program : Program
    givens : array (givens,)
        In the order of ``program.givens``.
    plans : sequence of StagePlan

    Raises
    ------
    Infeasible
        If no plan obeys the program at all.
    SolverError
        If a stage is unbounded or cannot be certified.
    """
    claims = [c for plan in plans for c in plan.claims]
    stages = _Stages(program, givens, claims)
    return tuple(stages.solve(plans))
