"""Allocate: solve, name, audit; the one path from a basin to an allocation."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.allocation import Allocation
from waterflow.allocation.audit import READ, Audit, audit
from waterflow.allocation.dataset import plan_of, to_dataset
from waterflow.allocation.solve import Solved, solve
from waterflow.basin.basin import Basin
from waterflow.basin.wanted import require_basin
from waterflow.errors import SolverError
from waterflow.formulation.formulate import equations, givens, unknowns
from waterflow.solver.compile import Program
from waterflow.words.catalogue import say

__all__ = ["allocate", "audited", "named"]


def audited(basin: Basin, program: Program, point: NDArray[np.float64]) -> Audit:
    """The residuals of a plan, (unknowns,), recomputed outside the program.

    Raises
    ------
    SolverError
        If the plan fails its audit.
    """
    words = [word for word in unknowns() if word.name in READ]
    found = audit(basin, plan_of(basin, program, words, point))
    if not found.closes:
        message = say(
            "the plan fails its audit: water {water:g} Mm3, river {river:g} Mm3, energy {energy:g} GWh",
            water=found.water,
            river=found.river,
            energy=found.energy,
        )
        raise SolverError(message)
    return found


def named(solved: Solved) -> Allocation:
    """Give everything that was solved its name, and audit it.

    Raises
    ------
    SolverError
        If the plan fails its audit.
    """
    found = audited(solved.basin, solved.program, solved.solution.stages[-1].unknowns)

    def dataset() -> xr.Dataset:
        words = (unknowns(), givens(), equations())
        made = to_dataset(solved.basin, solved.program, solved.solution.stages, solved.givens, words)
        made.attrs |= {
            "solve_path": solved.path,
            "water_residual_Mm3": found.water,
            "river_residual_Mm3": found.river,
            "energy_residual_GWh": found.energy,
        }
        if solved.head is not None:
            made.attrs |= {
                "head_passes": solved.head.passes,
                "head_steps_taken": solved.head.accepted,
                "head_gap": solved.head.gap,
                "head_energy_gap_GWh": solved.head.energy_gap,
            }
        if solved.bends is not None:
            made.attrs |= {"bend_passes": solved.bends.passes, "bend_gap_Mm3": solved.bends.gap}
        return made

    return Allocation(solved.basin, dataset)


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
    require_basin(basin, "allocate")
    basin.require_valid()
    return named(solve(basin))
