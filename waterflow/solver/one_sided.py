"""Tangent: what a small step of the givens does to every stage and to the plan, to one side.

The optima of the stages are piecewise linear in the givens. To one side their slope is again a lexicographic
program: the same rows and costs, every bound that the plan stands at kept, every other one gone, the step on
the right-hand side (the dual of an LP over the optimal dual face: Gal, Postoptimal Analyses, 1995, ch. 3).
Claims that stand at the same share form a group of their own, whose largest share moves freely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.objective import is_round_of
from waterflow.errors import SolverError
from waterflow.formulation.objective import StagePlan
from waterflow.solver.compile import Program
from waterflow.solver.highs import Infeasible
from waterflow.solver.leximin import NOTHING, Shares
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import Solution, Stage, scaled_cost
from waterflow.solver.vertex import Vertex

__all__ = ["Slope", "Step", "slope"]

Floats = NDArray[np.float64]

#: a bound is one the plan stands at within this, relative to max(1, |value|)
TIGHT = 1e-9
#: shares closer than this are one
SAME_SHARE = 1e-9


@dataclass(frozen=True)
class Step:
    """A small step: change of the side of each row, (rows,), and of the amount of each claim, (claims,)."""

    sides: Floats
    amounts: Floats


@dataclass(frozen=True)
class Slope:
    """Change of each stage's value, and of the plan, (unknowns,), per unit of a step."""

    stages: dict[str, float]
    unknowns: Floats


@dataclass(frozen=True)
class _Group:
    """Claims of one priority that stand at the same share, and the stages that found them."""

    plan: StagePlan
    share: float
    claims: NDArray[np.intp]
    stages: tuple[Stage, ...]
    new: bool = False


def _groups(plans: Sequence[StagePlan], stages: Sequence[Stage], step: Step) -> list[_Group]:
    """Claims by priority and share, the largest share first.

    A claim of nothing has no share yet. If the step makes it one, the least share it can come to is found after
    the shares above zero and before the zeros: it is worse off than those, and better off than these.
    """
    groups: list[_Group] = []
    first = 0
    for plan in plans:
        own: list[_Group] = []
        for stage in (s for s in stages if plan.claims and is_round_of(s.name, plan.name)):
            last = own[-1] if own else None
            if last and abs(last.share - stage.value) <= SAME_SHARE:
                own[-1] = _Group(plan, last.share, np.append(last.claims, stage.settled), (*last.stages, stage))
            else:
                own.append(_Group(plan, stage.value, stage.settled, (stage,)))
        every = np.arange(first, first + len(plan.claims), dtype=np.intp)
        first += len(every)
        new = np.setdiff1d(every[step.amounts[every] != 0.0], [k for group in own for k in group.claims])
        if len(new):
            place = sum(group.share > NOTHING for group in own)
            own.insert(place, _Group(plan, 0.0, new, (), new=True))
        groups += own
    return groups


def slope(program: Program, givens: Floats, plans: Sequence[StagePlan], solution: Solution, step: Step) -> Slope | None:
    """What a small step does, per unit of it, to the value of each stage and to the plan.

    Parameters
    ----------
    program : Program
    givens : array (givens,)
    plans : sequence of StagePlan
    solution : Solution
        Of this program, these givens and plans.
    step : Step

    Returns
    -------
    Slope or None
        None if no plan obeys the program after however small a step, or if a claim that the step makes of what
        was none comes to stand between others.
    """
    groups = _groups(plans, solution.stages, step)
    shares = _tangent(program, givens, plans, solution, step, groups)
    _approach(shares, solution, groups)
    found: dict[str, float] = {}
    sign = {plan.name: -1.0 if plan.sense == "maximise" else 1.0 for plan in plans}
    try:
        for plan in plans:
            if plan.claims:
                for k, group in enumerate(groups):
                    if group.plan is plan:
                        rounds = [r.share for r in shares.leximin(k)] or [0.0]
                        if group.new and rounds[0] > _next_share_above(groups, k):
                            return None
                        found |= {s.name: rounds[min(i, len(rounds) - 1)] + 0.0 for i, s in enumerate(group.stages)}
            else:
                cost, scale, _ = scaled_cost(program, plan)
                found[plan.name] = sign[plan.name] * scale * shares.face.least(shares.cost(cost)).value + 0.0
    except Infeasible:
        return None
    return Slope(found, shares.face.x[: shares.width] + 0.0)


def _next_share_above(groups: Sequence[_Group], k: int) -> float:
    """The least share above zero of the same priority, infinite if there is none."""
    return min((g.share for g in groups[:k] if g.plan is groups[k].plan), default=np.inf)


def _tangent(
    program: Program,
    givens: Floats,
    plans: Sequence[StagePlan],
    solution: Solution,
    step: Step,
    groups: Sequence[_Group],
) -> Shares:
    """The bounds the plan stands at, with the step on the right-hand side."""
    x = solution.stages[-1].unknowns
    near = TIGHT * np.maximum(1.0, np.abs(x))
    side, activity = program.right_hand_side(givens), program.matrix @ x
    tight = program.equal | (activity - side <= TIGHT * np.maximum(1.0, np.abs(side)))
    polyhedron = Polyhedron(
        program.matrix,
        np.where(x - program.lower <= near, 0.0, -np.inf),
        np.where(program.upper - x <= near, 0.0, np.inf),
        np.where(tight, step.sides, -np.inf),
        np.where(program.equal, step.sides, np.inf),
    )
    claims = [c for plan in plans for c in plan.claims]
    taken = np.array([program.unknowns[c.unknown].position[c.index] for c in claims], dtype=np.intp)
    level = np.zeros(len(claims))
    amounts = np.array([c.amount for c in claims], dtype=float)
    for group in groups:
        level[group.claims] = group.share
        if group.new:
            amounts[group.claims] = step.amounts[group.claims]
    lowest = [0.0 if group.share <= NOTHING else -np.inf for group in groups]
    sides = -step.amounts * level
    return Shares(polyhedron, taken, amounts, sides, tuple((group.claims,) for group in groups), lowest)


def _approach(shares: Shares, solution: Solution, groups: Sequence[_Group]) -> None:
    """Start from the last basis, if its shares and reductions correspond to the groups one by one."""
    start = solution.start
    if len(start.basis.columns) != shares.width + len(groups) or any(len(group.stages) != 1 for group in groups):
        return
    cost, first = start.cost.copy(), shares.width
    for rounds in start.rounds:
        # share = first share less reductions: the cost of a share is that of its reduction less that of the next
        own = np.append(start.cost[first : first + len(rounds)], 0.0)
        own[1:] *= -1.0
        cost[first : first + len(rounds)] = own[:-1] - own[1:]
        first += len(rounds)
    try:
        vertex = Vertex(shares.face.polyhedron.matrix, start.basis)
    except SolverError:
        return
    shares.face.approach(vertex, cost)
