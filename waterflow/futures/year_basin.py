"""A basin as one of many years: what passes from a year to the next, and what each member makes of it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.allocation.solve import owing
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import classes_of
from waterflow.basin.objective import Objective
from waterflow.errors import ConflictError, Problem
from waterflow.formulation.formulate import equations
from waterflow.futures.year_programs import NoPlan
from waterflow.solver.conflicts import diagnose
from waterflow.words.catalogue import say, say_many

__all__ = ["Aside", "carried", "conflict_of", "givens_of", "require_one_program", "require_year", "set_aside", "year_of"]

Floats = NDArray[np.float64]
#: what a basin asks that years decided by money do not keep
Aside = Literal["order", "closing", "end_values", "shares", "head"]
YEAR = 12


def carried(basin: Basin) -> list[str]:
    """Reservoirs whose storage passes from a year to the next: all but terminal lakes."""
    return [name for name in basin.reservoirs if basin.nodes[name].kind == "reservoir"]


def require_year(basin: Basin) -> None:
    """Refuse a horizon that is not a whole year: the next one would not begin where it ends."""
    months = len({p.label[:7] for p in basin.calendar.periods})
    if months != YEAR:
        found = say_many("{count} month", "{count} months", months)
        raise Problem("bad-horizon", "horizon", found, say("a whole year, which the years to come repeat")).refusal()


def require_one_program(basin: Basin, members: xr.DataArray) -> None:
    """Refuse clauses that hold for some members alone: all of them share one program."""
    nodes = [str(n) for n in members["node"].to_numpy()]
    own = classes_of(basin, basin.runoff)
    if own and any(classes_of(basin, dict(zip(nodes, m.tolist(), strict=True))) != own for m in members.to_numpy()):
        named = sorted(name for name, clause in basin.clauses.items() if clause.runoff)
        found = say("clauses that hold in some classes of runoff alone: {names}", names=", ".join(named))
        raise Problem("bad-agreement", "agreements", found, say("clauses that hold in every year")).refusal()


def set_aside(basin: Basin, *, endless: bool) -> tuple[Aside, ...]:
    """What of a basin does not count in years that money alone decides."""
    last = len(basin.calendar.periods) - 1
    there: dict[Aside, bool] = {
        "order": bool(basin.objective.priorities),
        "closing": any(rule.period == last for rule in basin.storage_rules.values()),
        "end_values": endless and bool(basin.end_values or basin.end_value_cuts),
        "shares": bool(basin.threshold_shares),
        "head": bool(basin.head_plants),
    }
    return tuple(name for name, found in there.items() if found)


def year_of(basin: Basin, *, ending: bool) -> Basin:
    """The basin as one of many years: one sum of benefits, no closing storage asked for, end values only at the end of all."""
    last = len(basin.calendar.periods) - 1
    rules = {name: rule for name, rule in basin.storage_rules.items() if rule.period != last}
    found = owing(basin, dict.fromkeys(basin.threshold_shares, 0.0))
    worth: dict[str, dict[str, object]] = {} if ending else {"end_values": {}, "end_value_cuts": {}}
    return found.replaced(storage_rules=rules, objective=Objective(smoothest=False, unique=False), **worth)


def givens_of(basin: Basin, members: xr.DataArray) -> Floats:
    """The givens of every member, (members, givens)."""
    program = program_of(basin)
    known = np.repeat(values_of_givens(basin, program)[None], members.sizes["member"], axis=0)
    place = program.givens["runoff"].position
    where = [place[(str(node), label)] for node in members["node"].to_numpy() for label in basin.calendar.labels]
    known[:, where] = members.transpose("member", "node", "period").to_numpy().reshape(len(known), -1)
    return known


def conflict_of(basin: Basin, members: xr.DataArray, names: list[str], error: NoPlan) -> ConflictError:
    """What clashes for the member that has no plan."""
    own = members.isel(member=error.member)
    wet = {str(n): tuple(own.sel(node=n).to_numpy()) for n in own["node"].to_numpy()}
    held = {n: basin.reservoirs[n].model_copy(update={"opening_storage": float(s)}) for n, s in zip(names, error.storages, strict=True)}
    asked = basin.replaced(runoff={**basin.runoff, **wet}, reservoirs={**basin.reservoirs, **held})
    program = program_of(asked)
    return diagnose(asked, program, values_of_givens(asked, program), equations())
