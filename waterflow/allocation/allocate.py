"""Allocate: formulate, solve, name, audit; the one path from a basin to an allocation."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.allocation import Allocation
from waterflow.allocation.audit import audit
from waterflow.allocation.dataset import to_dataset
from waterflow.allocation.flows import arriving
from waterflow.basin.basin import Basin
from waterflow.errors import SolverError
from waterflow.formulation.formulate import equations, formulate, givens, unknowns
from waterflow.formulation.objective import stage_plans
from waterflow.solver.compile import Program, compile_model
from waterflow.solver.conflicts import diagnose
from waterflow.solver.highs import Infeasible
from waterflow.solver.priorities import Solution, Start, solve_stages

__all__ = ["allocate", "program_of", "values_of_givens"]

PROGRAMS_KEPT = 8
_programs: OrderedDict[str, Program] = OrderedDict()


def program_of(basin: Basin) -> Program:
    """The compiled program of a basin; basins that differ only in givens share one."""
    if basin.structure in _programs:
        _programs.move_to_end(basin.structure)
    else:
        names = frozenset(given.name for given in givens())
        _programs[basin.structure] = compile_model(formulate(basin), names)
        while len(_programs) > PROGRAMS_KEPT:
            _programs.popitem(last=False)
    return _programs[basin.structure]


def values_of_givens(basin: Basin, program: Program) -> NDArray[np.float64]:
    """The value of every given of a program, in its order."""
    return np.array(
        [
            given.value(basin, *index)
            for given in givens()
            for index in program.givens[given.name].index
        ],
        dtype=float,
    )


def _solved(basin: Basin, program: Program, start: Start | None) -> Solution:
    known = values_of_givens(basin, program)
    try:
        return solve_stages(program, known, stage_plans(basin), start)
    except Infeasible:
        raise diagnose(program, known, equations()) from None


def _with_shares_due(basin: Basin, program: Program, solution: Solution) -> Basin:
    """Set what threshold shares owe, from the inflow the river has when none is owed."""
    flow = program.unknowns["flow"]
    plan = solution.stages[-1].unknowns[flow.slice].reshape(len(basin.reaches), -1)
    arrived = dict(zip(basin.reaches, arriving(basin, plan), strict=True))
    owed: dict[str, Any] = {}
    for name, x in basin.threshold_shares.items():
        inside = list(basin.calendar.inside(x.window))
        inflow = sum(float(arrived[reach][inside].sum()) for reach in basin.arriving[x.node])
        owed[name] = x.model_copy(update={"due": x.share * max(0.0, inflow - x.threshold)})
    return basin.replaced(threshold_shares=owed)


def solved(basin: Basin, program: Program, start: Start | None) -> tuple[Basin, Solution]:
    """Solve a basin; where threshold shares are due, a second time from the first, with what they owe."""
    if basin.threshold_shares:
        free = {name: x.model_copy(update={"due": 0.0}) for name, x in basin.threshold_shares.items()}
        basin = basin.replaced(threshold_shares=free)
    solution = _solved(basin, program, start)
    if basin.threshold_shares:
        basin = _with_shares_due(basin, program, solution)
        if any(x.due for x in basin.threshold_shares.values()):
            second = _solved(basin, program, solution.start)
            solution = replace(second, path=solution.path)
    return basin, solution


def allocate(basin: Basin) -> Allocation:
    """Allocate the water of a basin among its parties.

    Parameters
    ----------
    basin : Basin
        Read with `read_basin` or made in Python.

    Returns
    -------
    Allocation
        Audited, every stage certified.

    Raises
    ------
    InputError
        If the basin is not a river that can be allocated; names every problem.
    ConflictError
        If no plan obeys every hard rule; names those that clash and the least concession.
    SolverError
        If the program is unbounded, cannot be certified, or its plan fails the audit.
    """
    basin.require_valid()
    program = program_of(basin)
    basin, solution = solved(basin, program, None)
    known = values_of_givens(basin, program)
    dataset = to_dataset(basin, program, solution.stages, known, (unknowns(), givens(), equations()))
    found = audit(basin, dataset)
    if not found.closes:
        message = f"the plan fails its audit: water {found.water:g} Mm3, river {found.river:g} Mm3, energy {found.energy:g} GWh"
        raise SolverError(message)
    dataset.attrs |= {"water_residual_Mm3": found.water, "river_residual_Mm3": found.river, "energy_residual_GWh": found.energy}
    return Allocation(dataset=dataset, basin=basin)
