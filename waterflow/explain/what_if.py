"""What-if: the plan without a clause, or with one unit more of it; and what a unit of each clause is worth from either side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import xarray as xr

from waterflow.accounts.payoffs import worth
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import without
from waterflow.basin.objective import CLOSING
from waterflow.errors import Problem
from waterflow.explain.price_facts import ClausePrice, UnitEffect
from waterflow.progress import each
from waterflow.words.catalogue import say

__all__ = ["clause_prices", "with_more", "without_clause"]

#: a change of a stage smaller than this per unit is none; one of a party's money, power or water is not worth saying
NOTHING, WORTH_SAYING = 1e-9, 1e-6


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
        more, less = (tuple(_effects(solver.basin, row, slopes.sel(side=side), sign)) for side, sign in (("right", 1), ("left", -1)))
        found[row] = ClausePrice(
            unit=solver.basin.clause_rows[row].unit,
            right=right,
            left=left,
            one_more=None if right is None else more,
            one_less=None if left is None else less,
        )
    return found


def _effects(basin: Basin, row: str, slope: xr.Dataset, sign: int) -> Iterator[UnitEffect]:
    """What a unit of a row's figure does to whom: money that the plan counts, power, water, what comes to targets, what is missed."""
    change = Plan(basin, sign * slope.drop_vars("stage_value"))
    money: dict[str, float] = {}
    for (party, _), value in worth(basin, change.dataset, change=True).items():
        money[party] = money.get(party, 0.0) + value
    power, water = (dict.fromkeys(basin.parties, 0.0) for _ in range(2))
    for b in basin.unserved_blocks.values():
        power[b.party] -= change.total("unserved", [b.name])
    for d in basin.demands.values():
        water[d.party] += change.total("delivery", [d.name])
    targets: dict[str, float] = {}
    for x in basin.targets.values():
        targets[x.place] = targets.get(x.place, 0.0) + change.total("flow", [x.reach], x.window)
    missed = {row: float(change.dataset["clause_slack"].sel(clause_row=row))}
    every: dict[Literal["money", "power", "water", "target", "missed"], dict[str, float]]
    every = {"money": money, "power": power, "water": water, "target": targets, "missed": missed}
    for what, found in every.items():
        for who, value in found.items():
            if abs(value) > WORTH_SAYING:
                title = change.title(who) if what == "target" else None
                yield UnitEffect(what=what, who=who, title=title, change=value)


def _reached(slope: xr.Dataset) -> dict[str, float] | None:
    values = dict(zip(slope["stage"].values.tolist(), slope["stage_value"].values.tolist(), strict=True))
    if any(np.isnan(v) for v in values.values()):
        return None
    return {name: v for name, v in values.items() if abs(v) > NOTHING and name not in CLOSING}
