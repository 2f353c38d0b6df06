"""What-if: the plan without a clause, or with one unit more of it; and what a unit of each clause is worth from either side."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from waterflow.allocation.allocation import Allocation
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import without
from waterflow.basin.objective import CLOSING
from waterflow.errors import Problem
from waterflow.explain.price_facts import ClausePrice
from waterflow.progress import each
from waterflow.words.catalogue import say

__all__ = ["clause_prices", "with_more", "without_clause"]

#: a change of a stage smaller than this per unit is none
NOTHING = 1e-9


def _rows(basin: Basin, clause: str) -> list[str]:
    """Rows of a clause, or the one row of that name."""
    found = [r.name for r in basin.clause_rows.values() if clause in (r.clause, r.name)]
    if not found:
        known = ", ".join(sorted({r.clause for r in basin.clause_rows.values()})) or say("none: no agreement is in force")
        raise Problem(
            "unknown-clause", say("clause {clause}", clause=clause), clause, known, say("A clause that is booked only has no row.")
        ).refusal()
    return found


def without_clause(solver: Solver, clause: str) -> Allocation:
    """The plan of the solver's basin with one clause out of force.

    Raises
    ------
    InputError
        If no clause in force has that id.
    """
    return solver.allocate(without(solver.basin, clause))


def with_more(solver: Solver, clause: str, by: float = 1.0) -> Allocation:
    """The plan with more in every figure of a clause: Mm3 or GWh in each of its rows; of a row of shares, Mm3 on its part.

    Of water for energy the energy alone: the water that is owed for it follows.

    Raises
    ------
    InputError
        If no clause or row in force has that name.
    ConflictError
        If no plan obeys the larger figures.
    """
    rows = [solver.basin.clause_rows[row] for row in _rows(solver.basin, clause)]
    energy = [row for row in rows if row.unit == "GWh" and row.figure]
    more: dict[Any, float] = {row.name: row.figure + by for row in energy or rows}
    return solver.allocate(solver.basin.changed(clause_figure=more))


def clause_prices(solver: Solver, clause: str | None = None) -> dict[str, ClausePrice]:
    """What one more unit of each row's figure does to every stage, and what one less would undo: its sensitivity.

    Parameters
    ----------
    solver : Solver
    clause : str, optional
        One clause alone.

    Returns
    -------
    dict of ClausePrice
        By row.
    """
    chosen = list(solver.basin.clause_rows) if clause is None else _rows(solver.basin, clause)
    found = {}
    for row in each(chosen):
        slopes = solver.marginal("clause_figure", row)
        right, left = (_reached(slopes.sel(side=side)) for side in ("right", "left"))
        found[row] = ClausePrice(unit=solver.basin.clause_rows[row].unit, right=right, left=left)
    return found


def _reached(slope: xr.Dataset) -> dict[str, float] | None:
    values = dict(zip(slope["stage"].values.tolist(), slope["stage_value"].values.tolist(), strict=True))
    if any(np.isnan(v) for v in values.values()):
        return None
    return {name: v for name, v in values.items() if abs(v) > NOTHING and name not in CLOSING}
