"""Myopic: a horizon decided period by period, each knowing only itself, as tools that follow rules do; beside foresight."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate, named
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.happened import POWER, WATER, Course, Happened
from waterflow.allocation.programs import program_of
from waterflow.allocation.solve import solve
from waterflow.basin.basin import Basin
from waterflow.basin.held import StorageWish
from waterflow.basin.objective import Claims, Priority
from waterflow.basin.wanted import require_basin
from waterflow.errors import ConflictError, Problem
from waterflow.ledger.alone import alone
from waterflow.ledger.rolling import rest_of_season
from waterflow.ledger.seen import Seen
from waterflow.progress import each
from waterflow.words.catalogue import say

__all__ = ["Myopic", "myopic"]

#: Mm3 by which a storage agreed for a date is missed and not just rounded
MISSED = 1e-4
#: index set of the last index but the period, by unknown
NAMES = {"flow": "reaches", "storage": "reservoirs", "evaporation": "reservoirs", "delivery": "demands", "turbined": "plants",
         "generation": "plants", "supplied_power": "supplies", "exported_power": "exports", "unserved": "unserved_blocks"}  # fmt: skip
Figures = dict[str, dict[str, list[float]]]


@dataclass(frozen=True)
class Myopic:
    """A horizon as it was decided step by step.

    Attributes
    ----------
    plan : Allocation
        All periods together, on the river without the rules that were missed: counted and audited like any plan.
    not_held : tuple of str
        Storages agreed for dates that no decision of their own period could keep any more.
    """

    plan: Allocation
    not_held: tuple[str, ...]


def myopic(basin: Basin, water_value: float = 0.0) -> Myopic:
    """Decide a horizon period by period, each on its own (`waterflow.ledger.alone`).

    Storage, water on its way and drainage are carried from period to period. Where a storage agreed for the end of a period
    cannot be kept any more, the period comes as near to it as it can, before all else.

    Parameters
    ----------
    basin : Basin
        Without clauses in force: a period by itself cannot tell how much of a promise over a season is due in it.
    water_value : float
        What each m3 left in a reservoir at the end of a period is worth to who decides it, USD.

    Raises
    ------
    InputError
        If a clause is in force, or the value is negative.
    ConflictError
        If a period has no plan; what clashes is of that period.
    """
    require_basin(basin, "myopic")
    basin.require_valid()
    _check(basin, water_value)
    done: Figures = {name: {member: [] for member in getattr(basin, field)} for name, field in NAMES.items()}
    missed: list[str] = []
    for k, _ in enumerate(each(basin.calendar.periods)):
        rest = rest_of_season(basin, _seen(basin, done, k)).basin if k else basin
        step, gone = _decided(alone(rest, water_value))
        missed += gone
        for name, members in done.items():
            for member, values in members.items():
                values.append(float(step.series(name, member)[0]))
    kept = basin.replaced(storage_rules={n: r for n, r in basin.storage_rules.items() if n not in missed})
    return Myopic(_counted(kept, done), tuple(missed))


def _check(basin: Basin, water_value: float) -> None:
    if basin.clauses:
        found, allowed = ", ".join(basin.clauses), say("a river without agreements in force")
        cause = say("A period alone cannot tell how much of a promise is due in it.")
        raise Problem("bad-clause", "myopic", found, allowed, cause).refusal()
    if not np.isfinite(water_value) or water_value < 0:
        raise Problem("negative", say("value of water kept"), f"{water_value:g}", say("0 or more")).refusal()


def _seen(basin: Basin, done: Figures, k: int) -> Seen:
    """What was done in the periods that are over."""
    labels, ends = basin.calendar.labels[:k], [p.end + dt.timedelta(days=1) for p in basin.calendar.periods[:k]]

    def rows(name: str) -> dict[str, dict[str, float]]:
        return {member: dict(zip(labels, values, strict=True)) for member, values in done[name].items()}

    parties = [party for party in basin.power if basin.balances(party)]
    blocks = {party: [b.name for b in basin.unserved_blocks.values() if b.party == party] for party in parties}
    return Seen(
        day=basin.calendar.periods[k].start,
        storages={r: dict(zip(ends, values, strict=True)) for r, values in done["storage"].items()},
        deliveries=rows("delivery"),
        flows=rows("flow"),
        unserved={party: {t: sum(done["unserved"][b][i] for b in blocks[party]) for i, t in enumerate(labels)} for party in parties},
    )


def _decided(step: Basin) -> tuple[Plan, list[str]]:
    """The plan of one period; where it cannot keep the storages agreed for its end, as near to them as it can, and which it missed."""
    try:
        found = allocate(step)
    except ConflictError:
        if not step.storage_rules:
            raise
        found = allocate(_wished(step))
        gone = [
            rule.name
            for rule in step.storage_rules.values()
            if (found.dataset["storage"].sel(reservoir=rule.reservoir).values[-1] - rule.storage)
            * (1 if rule.rule == "at_least" else -1) < -MISSED
        ]  # fmt: skip
        return Plan(found.basin, found.dataset), gone
    return Plan(found.basin, found.dataset), []


def _wished(step: Basin) -> Basin:
    """The same period with the storages agreed for its end as wishes, which come before everything else."""
    wishes = {r.name: StorageWish(**r.model_dump()) for r in step.storage_rules.values()}
    places = tuple(sorted({r.reservoir for r in step.storage_rules.values()}))
    first = Priority(name="storages agreed", claims=(Claims(kind="storages", places=places),))
    objective = step.objective.model_copy(update={"priorities": (first, *step.objective.priorities)})
    return step.replaced(storage_rules={}, storage_wishes=dict(sorted((step.storage_wishes | wishes).items())), objective=objective)


def _counted(basin: Basin, done: Figures) -> Allocation:
    """All periods together as an allocation: nothing is left to decide, everything is counted."""
    names = WATER if basin.head_plants else (*WATER, *POWER)
    labels = basin.calendar.labels
    course: Any = {
        name: [((member, t), value) for member, values in done[name].items() for t, value in zip(labels, values, strict=True)]
        for name in names
        if name in done
    }
    program = program_of(basin)
    there = {name: [(i, v) for i, v in entries if i in program.unknowns[name].position] for name, entries in course.items()}
    whole = Course.from_names(program, there)
    return named(solve(basin, None, Happened(whole, whole)))
