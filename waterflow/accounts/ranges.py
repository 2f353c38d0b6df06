"""Where a plan leaves what operators have done before, or is held at its end, and what it would save to leave it further."""

from __future__ import annotations

import numpy as np

from waterflow.accounts.plan import Plan
from waterflow.accounts.range_facts import RangeEnd

__all__ = ["range_ends"]

#: Mm3 by which a range is left, USD per m3 that staying costs, below which there is nothing to say
SMALL, CHEAP = 0.5, 1e-3


def range_ends(plan: Plan) -> tuple[RangeEnd, ...]:
    """Every period of every operating range that a plan leaves, or that money would have it leave."""
    basin, found = plan.basin, list[RangeEnd]()
    if not any(claims.kind == "operating_ranges" for priority in basin.objective.priorities for claims in priority.claims):
        return ()
    for x in sorted(basin.operating_ranges.values(), key=lambda x: (*plan.order(x.place), x.kind == "release")):
        values = _operated(plan, x.reservoir, x.kind)
        outside, saved = plan.series("outside_range", x.name), _saved(plan, x.name)
        for k, label in enumerate(basin.calendar.labels):
            if outside[k] > SMALL or (saved is not None and saved[k] > CHEAP):
                found.append(
                    RangeEnd(
                        place=x.place,
                        kind=x.kind,
                        period=label,
                        planned_Mm3=float(values[k]),
                        low_Mm3=x.low[k] + x.share(k) * float(plan.series("storage", x.reservoir)[k]),
                        high_Mm3=x.high[k],
                        outside_Mm3=float(outside[k]) + 0.0,
                        saved_USD_per_m3=None if saved is None else float(saved[k]) + 0.0,
                    )
                )
    return tuple(found)


def _operated(plan: Plan, reservoir: str, kind: str) -> np.ndarray:
    """Storage, or what leaves by every way but a spillway."""
    if kind == "storage":
        return plan.series("storage", reservoir)
    ways = plan.basin.paths.released[reservoir]
    return np.asarray(sum((plan.series("flow", a) for a in ways), plan.nothing))


def _saved(plan: Plan, name: str) -> np.ndarray | None:
    """What one Mm3 of room at either end saves in the stage of the cost, million USD per Mm3 (= USD per m3)."""
    cost = next((p.name for p in plan.basin.objective.priorities if p.cost), "")
    if cost not in plan.dataset["stage"].values:
        return None
    ends = (plan.dataset[f"range_{end}_kept_dual"].sel(stage=cost, operating_range=name) for end in ("low", "high"))
    return -np.asarray(sum((np.nan_to_num(end.values) for end in ends), plan.nothing))
