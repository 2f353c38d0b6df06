"""Ways: from a gate down to the next place where water is measured as it comes in; how long it takes, and what of it is to arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from waterflow.accounts.plan import Plan
from waterflow.basin.network import Reach
from waterflow.calendar import whole_days

__all__ = ["ways"]


@dataclass
class _Walk:
    """Days still to go and share that arrives, by period, from a place to the end of a way."""

    days: list[int]
    kept: list[float]
    users: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)


def ways(plan: Plan) -> Iterator[dict[str, Any]]:
    """The way from every reservoir that releases to the next reservoir, lake, outlet or agreed place below it.

    Travel times of the reaches on it are summed, and what they keep of the water entering them is multiplied, period by period
    (`waterflow.basin.network.Reach`). Where the river parts, the way follows the reach that the plan lets most water into.
    """
    b = plan.basin
    stops = {x.place for x in b.agreed_flows.values()}
    for name in sorted(b.reservoirs, key=plan.order):
        out = b.paths.released[name]
        if len(out) != 1 or b.nodes[name].kind == "lake":
            continue
        path = [b.reaches[out[0]]]
        while b.nodes[path[-1].end].kind == "junction" and path[-1].end not in stops:
            onward = b.paths.released[path[-1].end]
            if not onward:
                break
            path.append(b.reaches[max(onward, key=lambda a: float(plan.series("flow", a).sum()))])
        yield _way(plan, name, path)


def _way(plan: Plan, gate: str, path: list[Reach]) -> dict[str, Any]:
    b = plan.basin
    first, labels = len(b.calendar.history), b.calendar.labels
    walk = _Walk([0] * len(labels), [1.0] * len(labels))
    for reach in reversed(path):
        for k in range(len(labels)):
            s = first + k
            walk.days[k] += whole_days(reach.travel_days[s])
            walk.kept[k] *= 1.0 - reach.evaporation[s] - reach.seepage[s]
        if reach.start != gate:
            for d in b.demands_at[reach.start]:
                walk.users[d] = (list(walk.days), list(walk.kept))
    users = {d: parts for d, parts in walk.users.items() if b.demands[d].use != "unexplained"}
    return {
        "kind": "way",
        "place": gate,
        "to": path[-1].end,
        "reaches": [a.name for a in path],
        "days": _by_period(labels, walk.days),
        "kept": _by_period(labels, walk.kept),
        "users": {d: {"days": _by_period(labels, days), "kept": _by_period(labels, kept)} for d, (days, kept) in users.items()},
    }


def _by_period(labels: Sequence[str], values: Sequence[float]) -> float | dict[str, float]:
    """One figure where it is the same in every period."""
    rounded = [round(v, 6) for v in values]
    return rounded[0] if len(set(rounded)) == 1 else dict(zip(labels, rounded, strict=True))
