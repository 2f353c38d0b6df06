"""Repair: the least change of a plan that breaks nothing hard.

The sum of absolute changes of releases and withdrawals, in Mm3, is made least on the same program that the optimiser
solves; among equal repairs the smoothest is taken, and among those one by fixed weights, as for every plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array

from waterflow.accounts.fact import Fact
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import equations
from waterflow.formulation.objective import StagePlan
from waterflow.negotiation.completed_plan import CompletedPlan
from waterflow.negotiation.fixed_plan import FixedPlan
from waterflow.solver.compile import Program
from waterflow.solver.conflicts import diagnose
from waterflow.solver.face import Face
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import scaled_cost

__all__ = ["Change", "Repair", "repair"]

Floats = NDArray[np.float64]
Quantity = Literal["flow", "withdrawal"]
#: a change below this, Mm3, is rounding
CHANGED = 1e-6
#: what chooses among repairs of equal size
CLOSING = (StagePlan("smoothest", "minimise", "m3/s", expression="unsteadiness"), StagePlan("unique", "minimise", "weighted sum"))


class Change(Fact):
    """One figure of a plan and what it should be; ``quantity`` is ``flow`` of a reach or ``withdrawal`` of a demand."""

    name: str
    quantity: Quantity
    period: str
    before_Mm3: float
    after_Mm3: float


@dataclass(frozen=True)
class Repair:
    """The repaired figures of a plan.

    Attributes
    ----------
    total : float
        Sum of absolute changes, Mm3.
    changes : tuple of Change
        Only what changes.
    releases, withdrawals : dict of array
        The whole repaired plan, Mm3.
    """

    total: float
    changes: tuple[Change, ...]
    releases: dict[str, Floats]
    withdrawals: dict[str, Floats]


def repair(fixed: FixedPlan) -> Repair:
    """The least change of releases and withdrawals after which nothing hard is broken.

    Raises
    ------
    ConflictError
        If no plan at all obeys every hard rule.
    SolverError
        If the program cannot be certified.
    """
    plan, basin = fixed.plan, _level(fixed.plan.basin)
    program = program_of(basin)
    givens = values_of_givens(basin, program)
    chosen = list(_decisions(plan, program))
    columns = np.concatenate([c for *_, c, _ in chosen])
    wanted = np.concatenate([v for *_, v in chosen])
    face = Face(_polyhedron(program, givens, columns, wanted))
    width = program.matrix.shape[1]
    beside = np.zeros(2 * len(columns))
    try:
        optimum = face.least(np.concatenate([np.zeros(width), beside + 1.0]))
    except Infeasible:
        raise diagnose(basin, program, givens, equations()) from None
    total = optimum.value
    for closing in CLOSING:
        optimum = face.least(np.concatenate([scaled_cost(program, closing)[0], beside]))
    return _named(plan, chosen, optimum.unknowns, total)


def _level(basin: Basin) -> Basin:
    """The same river with every plant at its fixed rate: a line of head is true near its own storages only."""
    plants: Any = {
        name: p.model_copy(update={"head": p.head.model_copy(update={"at": ()})}) if p.head else p for name, p in basin.plants.items()
    }
    return basin.replaced(plants=plants) if basin.head_plants else basin


Decision = tuple[str, Quantity, NDArray[np.intp], Floats]


def _decisions(plan: CompletedPlan, program: Program) -> Iterator[Decision]:
    """(name, quantity, columns, figures) of everything that was decided by the plan."""
    labels = plan.basin.calendar.labels
    decided: tuple[tuple[Quantity, str, dict[str, Floats]], ...] = (
        ("flow", "flow", plan.releases),
        ("withdrawal", "delivery", plan.withdrawals),
    )
    for quantity, unknown, figures in decided:
        position = program.unknowns[unknown].position
        for name, values in sorted(figures.items()):
            yield name, quantity, np.array([position[name, label] for label in labels], dtype=np.intp), values


def _polyhedron(program: Program, givens: Floats, columns: NDArray[np.intp], wanted: Floats) -> Polyhedron:
    """The program with, for every decision, a change up and a change down: decision - up + down = what was planned."""
    count, width = len(columns), program.matrix.shape[1]
    chosen = coo_array((np.ones(count), (range(count), columns)), shape=(count, width))
    one = coo_array((np.ones(count), (range(count), range(count))), shape=(count, count))
    matrix = csc_array(block_array([[program.matrix, None, None], [chosen, -one, one]], format="csc"))
    own = Polyhedron.of(program, givens)
    return Polyhedron(
        matrix,
        np.append(own.lower, np.zeros(2 * count)),
        np.append(own.upper, np.full(2 * count, np.inf)),
        np.append(own.row_lower, wanted),
        np.append(own.row_upper, wanted),
    )


def _named(plan: CompletedPlan, chosen: list[Decision], x: Floats, total: float) -> Repair:
    """What was found, by name."""
    releases, withdrawals, changes = dict[str, Floats](), dict[str, Floats](), list[Change]()
    for name, quantity, columns, values in chosen:
        found = np.where(np.abs(x[columns] - values) > CHANGED, x[columns], values)
        (releases if quantity == "flow" else withdrawals)[name] = found
        changes += [
            Change(name=name, quantity=quantity, period=label, before_Mm3=float(before), after_Mm3=float(after))
            for label, before, after in zip(plan.basin.calendar.labels, values, found, strict=True)
            if before != after
        ]
    return Repair(total, tuple(changes), releases, withdrawals)
