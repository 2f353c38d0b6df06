"""What is missing at the beginning of a plan where none of its releases could be in time."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.commitments import AT_FLOOR
from waterflow.accounts.plan import Plan
from waterflow.accounts.water_facts import NotReached
from waterflow.basin.basin import Basin
from waterflow.calendar import whole_days

__all__ = ["Reached", "first_reached", "not_reached"]

Floats = NDArray[np.float64]

#: what misses less (Mm3) is met
SHORT = 1e-6


class Reached(NamedTuple):
    """How soon water let go on the first day is at a node: first period in which any arrives, days on the way, and from where."""

    period: int
    days: int
    store: str


def first_reached(basin: Basin) -> dict[str, Reached]:
    """For each node that a reservoir can send water to in the horizon, how soon it may come (Dijkstra 1959).

    Only reservoirs that have water above their lowest storage when the plan begins count. The period is that of the
    program, in which water entering in a period enters evenly; the days are the travel times of the first day.
    """
    first = len(basin.calendar.history)
    waiting = [(0, 0, name, name) for name, r in basin.reservoirs.items() if r.opening_storage > r.floor]
    found: dict[str, Reached] = {}
    heapq.heapify(waiting)
    while waiting:
        period, days, node, store = heapq.heappop(waiting)
        if node in found:
            continue
        found[node] = Reached(period, days, store)
        for name in basin.paths.departing[node]:
            reach, arriving = basin.reaches[name], basin.paths.arrival_shares[name]
            later = next((k for k, pairs in enumerate(arriving) if any(s >= first + period for s, _ in pairs)), None)
            if later is not None:
                heapq.heappush(waiting, (later, days + whole_days(reach.travel_days[first]), reach.end, store))
    return found


def not_reached(plan: Plan) -> tuple[NotReached, ...]:
    """Places where users or minimum flows are short in periods before the first in which a release of the plan arrives."""
    calendar, found = plan.basin.calendar, []
    for node, (period, days, store) in first_reached(plan.basin).items():
        early = list(range(period))
        short = {d: missing for d in _asked(plan, node) if (missing := _missing(plan, d)[early]).max(initial=0.0) > SHORT}
        when = _floors(plan, node, early) | {k for missing in short.values() for k in early if missing[k] > SHORT}
        if when:
            found.append(
                NotReached(
                    place=node,
                    title=plan.title(node),
                    reservoir=store,
                    reservoir_title=plan.title(store),
                    days=days,
                    periods=tuple(calendar.labels[k] for k in sorted(when)),
                    parties=tuple(sorted({plan.basin.demands[d].party for d in short})),
                    short_Mm3=float(sum(missing.sum() for missing in short.values())),
                )
            )
    return tuple(sorted(found, key=lambda x: plan.order(x.place)))


def _missing(plan: Plan, demand: str) -> Floats:
    """What a user asks for and does not get in each period, Mm3."""
    missing: Floats = np.asarray(plan.basin.demands[demand].need, dtype=float) - plan.series("delivery", demand)
    return missing


def _asked(plan: Plan, node: str) -> list[str]:
    """Users at a node that a priority asks for; all of them where nothing but benefit decides."""
    basin = plan.basin
    asked = [c for p in basin.objective.priorities for c in p.claims if c.kind == "demands"]
    if not basin.objective.priorities:
        return list(basin.demands_at[node])
    return [d for d in basin.demands_at[node] if any(c.takes(basin.demands[d]) for c in asked)]


def _floors(plan: Plan, node: str, early: list[int]) -> set[int]:
    """Those of some periods in which a minimum flow at a node is missed."""
    missed: set[int] = set()
    for floor in plan.basin.floors.values():
        if plan.basin.reaches[floor.reach].start == node:
            rates = plan.rates(plan.series("flow", floor.reach))
            inside = set(plan.basin.calendar.inside(floor.window))
            missed |= {k for k in early if k in inside and floor.flow - float(rates[k]) > AT_FLOOR}
    return missed
