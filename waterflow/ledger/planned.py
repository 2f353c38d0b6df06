"""A saved plan as rows of a ledger: figures by period, places with their titles and holders, ways with their travel times, clauses, limits.

A ledger that has them needs neither the model nor the plan to say how the season stands, so that it can be sent to another party.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np

from waterflow.accounts.clauses import clauses
from waterflow.accounts.plan import Floats, Plan
from waterflow.basin.agreements import Clause
from waterflow.calendar import require_months
from waterflow.ledger.ways import ways
from waterflow.words.catalogue import say

__all__ = ["plan_rows"]

Said = dict[str, Any]
#: digits after the point of what is written: a thousandth of a thousandth of a Mm3
DIGITS = 6
UNEXPLAINED = "unexplained"
#: type of a clause -> the quantity that it counts, and the field that says where
COUNTED = {
    "release": ("release", "reservoir"),
    "release_cap": ("release", "reservoir"),
    "storage": ("storage", "reservoir"),
    "flow_floor": ("flow", "reach"),
    "delivery": ("inflow", "node"),
}


def plan_rows(plan: Plan, digest: str) -> list[Said]:
    """What the rows of a plan say, its season first; it is called after what it says, so that one plan has one name everywhere.

    Parameters
    ----------
    plan : Plan
    digest : str
        Of the inputs it was made from.

    Raises
    ------
    InputError
        If it is planned by weeks or days: a ledger counts by dekads and months.
    """
    require_months(plan.basin.calendar, say("a season's ledger"))
    found = [_season(plan, digest), *_places(plan), *_figures(plan), *ways(plan), *_clauses(plan), *_limits(plan)]
    own = sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:8]
    name = f"{plan.basin.scenario or plan.basin.name} {own}"
    return [{"kind": row.pop("kind"), "plan": name, **row} for row in found]


def _season(plan: Plan, digest: str) -> Said:
    b = plan.basin
    about = {"model": b.name, "scenario": b.own_scenario, "title": b.title, "title_ru": b.title_ru, "inputs": digest}
    return {
        "kind": "season",
        **about,
        "start": str(b.calendar.start),
        "end": str(b.calendar.end),
        "step": b.calendar.step,
        "parties": list(b.parties),
    }


def _places(plan: Plan) -> Iterator[Said]:
    """Reservoirs and users as the river runs, then reaches and other places; who holds the gate as far as the model knows."""
    b = plan.basin
    plants = {b.reaches[p.reach].start: p.party for p in b.plants.values()}
    for name in sorted(b.nodes, key=plan.order):
        node = b.nodes[name]
        sort = "reservoir" if name in b.reservoirs else "node"
        holder = (b.reservoirs[name].owner if name in b.reservoirs else "") or plants.get(name, "")
        yield {"kind": "place", "place": name, "sort": sort, "title": node.title, "title_ru": node.title_ru, "party": holder}
        for d in (b.demands[x] for x in b.demands_at[name]):
            if d.use != UNEXPLAINED:
                yield {"kind": "place", "place": d.name, "sort": "demand", "title": d.title, "title_ru": d.title_ru, "party": d.party}
    for a in b.reaches.values():
        yield {"kind": "place", "place": a.name, "sort": "reach", "title": a.title, "title_ru": a.title_ru, "party": a.owner}
    gauges = {x.place: x.reach for x in b.counted if x.place not in b.nodes and x.place not in b.reaches}
    for place, reach in gauges.items():
        yield {"kind": "place", "place": place, "sort": "gauge", "title": "", "title_ru": "", "party": "", "reach": reach}


def _figures(plan: Plan) -> Iterator[Said]:
    """Storage at the end of each period, and water let go, coming in, flowing and taken in each period, Mm3."""
    b = plan.basin
    for name in b.reservoirs:
        before = b.calendar.start.toordinal() - 1
        opening = {type(b.calendar.start).fromordinal(before).isoformat(): round(b.reservoirs[name].opening_storage, DIGITS)}
        yield _series(plan, name, "storage", plan.series("storage", name), opening)
        for quantity, found in (("release", plan.release(name)), ("spill", plan.spill(name))):
            if found is not None:
                yield _series(plan, name, quantity, found)
    for name in b.nodes:
        if name in b.reservoirs or (name in b.paths.arriving and (b.nodes[name].kind != "junction" or _agreed(plan, name))):
            yield _series(plan, name, "inflow", plan.inflow(name))
    for name, runoff in b.runoff.items():
        yield _series(plan, name, "runoff", np.asarray(runoff, dtype=float))
    for name in b.reaches:
        yield _series(plan, name, "flow", plan.series("flow", name))
    for d in b.demands.values():
        if d.use != UNEXPLAINED:
            yield _series(plan, d.name, "withdrawal", plan.series("delivery", d.name))


def _agreed(plan: Plan, name: str) -> bool:
    return any(x.place == name for x in plan.basin.agreed_flows.values())


def _series(plan: Plan, place: str, quantity: str, values: Floats, before: Said | None = None) -> Said:
    figures = {label: round(float(v), DIGITS) + 0.0 for label, v in zip(plan.basin.calendar.labels, values, strict=True)}
    return {"kind": "plan", "place": place, "quantity": quantity, "unit": "Mm3", "values": {**(before or {}), **figures}}


def _clauses(plan: Plan) -> Iterator[Said]:
    """Rows of clauses: what is owed in a window, by whom to whom, and what is counted for it where facts can tell."""
    own = plan.basin.clauses
    for fact in clauses(plan):
        for row in fact.rows:
            if not row.figure and not row.fulfilled:
                continue
            yield {
                "kind": "clause",
                "place": row.row,
                "clause": fact.clause,
                "title": fact.title,
                "title_ru": fact.title_ru,
                "window": row.window,
                "rule": row.rule,
                "unit": row.unit,
                "figure": round(row.figure + row.owed_before, DIGITS),
                "planned": round(row.fulfilled, DIGITS),
                "giver": row.giver or fact.giver or "",
                "receivers": list(fact.receivers),
                "counts": _counts(plan, own[fact.clause]) if row.unit == "Mm3" else [],
            }


def _counts(plan: Plan, clause: Clause) -> list[list[str]]:
    """The series that a clause counts, as quantity and place; nothing where no series of facts can tell."""
    b, of = plan.basin, getattr(clause, "of", "") or getattr(clause, "demand", "")
    if of:
        return [["withdrawal", d.name] for d in b.demands.values() if d.name == of or (d.party == of and d.limited)]
    quantity, field = COUNTED.get(clause.type, ("", ""))
    return [[quantity, str(getattr(clause, field))]] if quantity else []


def _limits(plan: Plan) -> Iterator[Said]:
    for x in plan.basin.limits.values():
        users = [d.name for d in plan.basin.demands.values() if d.limited and d.party == x.party]
        yield {"kind": "limit", "party": x.party, "window": str(x.window), "Mm3": x.amount, "users": users}
