"""Repair: a plan that breaks nothing hard, with the least further harm, then the least change.

Harm is what a user, or a party's power, is short of in a season beyond what the plan leaves it short of, as a share of
what it asks for. It is shared leximin on the same program that the optimiser solves; then the sum of absolute changes
of releases and withdrawals, in Mm3, is made least; among equal repairs the smoothest is taken, and among those one by
fixed weights, as for every plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array

from waterflow.accounts.fact import Fact
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import equations
from waterflow.formulation.objective import closing_plans
from waterflow.negotiation.completed_plan import CompletedPlan
from waterflow.negotiation.fixed_plan import FixedPlan
from waterflow.solver.compile import Program
from waterflow.solver.conflicts import diagnose
from waterflow.solver.highs import Infeasible
from waterflow.solver.leximin import Shares
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.priorities import scaled_cost
from waterflow.solver.rules import NOTICED

__all__ = ["Change", "Repair", "repair"]

Floats = NDArray[np.float64]
Quantity = Literal["flow", "withdrawal"]
#: a change below this, Mm3, is the rounding of typed figures
CHANGED = NOTICED


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
    """The repair that adds least to what users and parties' power are short of, and of those the least change.

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
    harms = list(_harms(basin, program, fixed.allocation.dataset))
    polyhedron = _polyhedron(program, givens, (columns, wanted), harms)
    width, beside = program.matrix.shape[1], np.zeros(2 * len(columns))
    shares = _shares(polyhedron, width, harms)
    try:
        for _ in shares.leximin(0) if harms else ():
            pass
        optimum = shares.face.least(shares.cost(np.concatenate([np.zeros(width + len(harms)), beside + 1.0])))
    except Infeasible:
        raise diagnose(basin, program, givens, equations()) from None
    total = optimum.value
    for closing in closing_plans(basin):
        cost = np.concatenate([scaled_cost(program, closing)[0], np.zeros(len(harms)), beside])
        optimum = shares.face.least(shares.cost(cost))
    return _named(plan, chosen, optimum.unknowns, total)


def _level(basin: Basin) -> Basin:
    """The same river with every plant at its fixed rate: a line of head is true near its own storages only.

    Storages along curves of area are kept on the pieces where the best plan has them, where their lines are true; so are losses.
    """
    held: Any = {
        name: r.model_copy(update={"curve": r.curve.model_copy(update={"held": (True,) * len(r.curve.at)})}) if r.curve else r
        for name, r in basin.reservoirs.items()
    }
    basin = basin.replaced(reservoirs=held) if basin.curved_reservoirs else basin
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


class _Harm(NamedTuple):
    """What somebody is short of in a season: columns that sum to it, what it asks for, what the plan leaves it short of."""

    columns: NDArray[np.intp]
    asked: float
    short: float


def _harms(basin: Basin, program: Program, dataset: xr.Dataset) -> Iterator[_Harm]:
    """Every user, and every party's power, season by season."""
    labels = basin.calendar.labels
    missing = {name: program.unknowns[name].position for name in ("shortage", "unserved")}
    for window, _ in basin.calendar.seasons:
        inside = basin.calendar.inside(window)
        for d in basin.demands.values():
            columns = np.array([missing["shortage"][d.name, labels[k]] for k in inside], dtype=np.intp)
            short = float(dataset["shortage"].sel(demand=d.name).values[list(inside)].sum())
            yield from _harm(columns, sum(d.need[k] for k in inside), short)
        for party, system in basin.power.items():
            blocks = [b.name for b in basin.unserved_blocks.values() if b.party == party]
            if system.demand and blocks:
                columns = np.array([missing["unserved"][b, labels[k]] for b in blocks for k in inside], dtype=np.intp)
                short = float(dataset["unserved"].sel(unserved_block=blocks).values[:, list(inside)].sum())
                yield from _harm(columns, sum(system.demand[k] for k in inside), short)


def _harm(columns: NDArray[np.intp], asked: float, short: float) -> Iterator[_Harm]:
    if asked > 0:
        yield _Harm(columns, asked, short)


def _shares(polyhedron: Polyhedron, width: int, harms: Sequence[_Harm]) -> Shares:
    """The harms as claims that are shared leximin."""
    every = np.arange(len(harms), dtype=np.intp)
    amounts = np.array([h.asked for h in harms])
    return Shares(polyhedron, width + every, amounts, np.zeros(len(harms)), ((every,),) if harms else (), [0.0] if harms else [])


def _polyhedron(program: Program, givens: Floats, decided: tuple[NDArray[np.intp], Floats], harms: Sequence[_Harm]) -> Polyhedron:
    """The program with a column for each harm, and for every decision a change up and a change down.

    harm - what is short >= - what was short; decision - up + down = what was planned.
    """
    (columns, wanted), width = decided, program.matrix.shape[1]
    count = len(columns)
    chosen = coo_array((np.ones(count), (range(count), columns)), shape=(count, width))
    one, each = (coo_array((np.ones(n), (range(n), range(n))), shape=(n, n)) for n in (count, len(harms)))
    owner = np.repeat(np.arange(len(harms)), [len(h.columns) for h in harms])
    missing = np.concatenate([h.columns for h in harms]) if harms else np.zeros(0, dtype=np.intp)
    short = coo_array((-np.ones(len(missing)), (owner, missing)), shape=(len(harms), width))
    rows = [[program.matrix, None, None, None], [short, each, None, None], [chosen, None, -one, one]]
    blocks = rows if harms else [[row[0], *row[2:]] for row in (rows[0], rows[2])]
    own, more = Polyhedron.of(program, givens), len(harms) + 2 * count
    before = -np.array([h.short for h in harms])
    return Polyhedron(
        csc_array(block_array(blocks, format="csc")),
        np.append(own.lower, np.zeros(more)),
        np.append(own.upper, np.full(more, np.inf)),
        np.concatenate([own.row_lower, before, wanted]),
        np.concatenate([own.row_upper, np.full(len(harms), np.inf), wanted]),
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
