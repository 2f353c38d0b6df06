r"""Freedom: how low and how high a linear figure could still be after each stage, with every stage before it kept.

After stage s the plan may be any point of the face :math:`F_s` of the optima of the stages so far; the figure
:math:`c^\top x` then lies between :math:`\min_{F_s} c^\top x` and :math:`\max_{F_s} c^\top x`. The stage in which the
two come together has decided it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.objective import is_round_of
from waterflow.errors import SolverError
from waterflow.formulation.objective import StagePlan
from waterflow.solver.compile import Program
from waterflow.solver.highs import Infeasible, Session
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import Stage
from waterflow.solver.vertex import Vertex

__all__ = ["freedom"]

Floats = NDArray[np.float64]
Extremes = tuple[float, float] | None
#: a price counts as nonzero above this, relative to the largest of its stage
PRICED = 1e-9


def freedom(program: Program, givens: Floats, plans: Sequence[StagePlan], stages: Sequence[Stage], cost: Floats) -> list[Extremes]:
    """Lowest and highest value of ``cost @ x`` before the first stage and after each.

    Parameters
    ----------
    program : Program
    givens : array (givens,)
    plans : sequence of StagePlan
    stages : sequence of Stage
        Of a solve of these plans.
    cost : array (unknowns,)

    Returns
    -------
    list of (float, float) or None
        One more than there are stages; None where the figure has no bound or HiGHS no answer.
    """
    face = Polyhedron.of(program, givens)
    plan, session = stages[-1].unknowns, Session()
    found = [_extremes(face, session, cost)]
    for stage, claims in zip(stages, _claims(program, plans, stages), strict=True):
        _keep(face, stage, plan)
        for column, amount in claims:
            face.upper[column] = max(plan[column], min(face.upper[column], amount * stage.value))
        found.append(_extremes(face, session, cost))
    return found


def _claims(program: Program, plans: Sequence[StagePlan], stages: Sequence[Stage]) -> Iterator[list[tuple[int, float]]]:
    """For each stage the claims it bounds by its share: those of its priority that no earlier round settled."""
    every = [c for plan in plans for c in plan.claims]
    columns = [program.unknowns[c.unknown].position[c.index] for c in every]
    first, left = 0, dict[str, set[int]]()
    for plan in plans:
        left[plan.name] = set(range(first, first + len(plan.claims)))
        first += len(plan.claims)
    for stage in stages:
        open_claims = next((left[plan.name] for plan in plans if is_round_of(stage.name, plan.name)), set[int]())
        yield [(columns[k], every[k].amount) for k in sorted(open_claims)]
        open_claims -= set(stage.settled.tolist())


def _keep(face: Polyhedron, stage: Stage, plan: Floats) -> None:
    """Hold what has a price in a stage where the plan has it."""
    largest = max(float(np.abs(stage.row_duals).max(initial=0.0)), float(np.abs(stage.reduced_costs).max(initial=0.0)))
    activity = face.matrix @ plan
    columns = (np.abs(stage.reduced_costs) > PRICED * largest) & (face.lower < face.upper)
    rows = (np.abs(stage.row_duals) > PRICED * largest) & (face.row_lower < face.row_upper)
    face.hold(columns, plan, rows, activity)


def _extremes(face: Polyhedron, session: Session, cost: Floats) -> Extremes:
    ends = []
    for sign in (1.0, -1.0):
        try:
            x, _ = Vertex(face.matrix, session.minimise(face, sign * cost, None)).point(face)
        except (Infeasible, SolverError):
            return None
        ends.append(float(cost @ x))
    return ends[0], ends[1]
