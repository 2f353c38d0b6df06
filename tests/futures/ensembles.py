"""Small rivers and their members, and what two Datasets of an ensemble have in common."""

from __future__ import annotations

import numpy as np
import xarray as xr

from tests.rivers import DEMANDS, TARGETS, River, every_process
from waterflow.allocation.allocate import allocate
from waterflow.basin.agreements import Agreement, RunoffClasses
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import at_runoff, under

SEED = 5


def ten_lines() -> Basin:
    """One reservoir, one user, one target: the least that is worth an ensemble."""
    river = River(months=6, start="2024-10-01").node("dam", "reservoir", runoff=(10, 20, 30, 40, 30, 20))
    river.node("head").node("sea", "outlet").reach("upper", "dam", "head").reach("lower", "head", "sea")
    river.reservoir("dam", 20, 100).demand("field", "head", "A", 20).target("sea", "lower", 40)
    return river.priorities(("users", [DEMANDS]), ("sea", [TARGETS])).basin(name="ten_lines")


def in_classes() -> Basin:
    """A release that is owed in wet years alone, a soft one that is owed always, and water that arrives with runoff of its own."""
    river = River(months=4, start="2024-10-01").node("dam", "reservoir", runoff=40).node("head", runoff=5).node("sea", "outlet")
    river.reach("upper", "dam", "head").reach("lower", "head", "sea").reservoir("dam", 30, 120, 10).demand("field", "head", "A", 2)
    always = {"figures": [river.span(0, 1, amount_Mm3=90)], "concession_price": 0.02}
    river.clause("always", "release", reservoir="dam", **always)
    river.clause("wet", "release", reservoir="dam", figures=[river.span(2, 3, amount_Mm3=100)], concession_price=0.05, runoff=["wet"])
    river.clause("arrives", "delivery", node="head", figures=[river.span(0, 1, amount_Mm3=150)], concession_price=0.01)
    clauses = tuple(river.parts.pop("clauses"))
    classes = RunoffClasses(at=("dam",), dry_below_Mm3=100, wet_above_Mm3=200)
    deal = Agreement(name="deal", title="deal", title_ru="deal", runoff_classes=classes, clauses=clauses)
    return under(river.priorities(("users", [DEMANDS]), "cost").basin(), [deal])


def with_shares() -> Basin:
    """A river in which a share of a surplus is due, and nearly everything else there is."""
    river = every_process()
    river.parts["threshold_shares"], river.parts["storage_rules"] = [], []
    river.held("dam", 400)
    # what comes to the town is above it in wet years alone
    return river.share("surplus", "town", "escape", "DOWN", 550, 0.2).basin()


def members(basin: Basin, count: int, low: float = 0.5, high: float = 1.6) -> xr.DataArray:
    """Runoff of a basin times a factor by member, and one by node and period; seeded."""
    rng, own = np.random.default_rng(SEED), np.array(list(basin.runoff.values()))
    values = own * rng.uniform(low, high, (count, 1, 1)) * rng.uniform(0.9, 1.1, (count, *own.shape))
    coords = {"member": [f"m{k}" for k in range(1, count + 1)], "node": list(basin.runoff), "period": list(basin.calendar.labels)}
    return xr.DataArray(values, coords, ("member", "node", "period"), attrs={"units": "hm3"})


def alone(basin: Basin, runoff: xr.DataArray, k: int) -> tuple[Basin, xr.Dataset]:
    """The plan of one member by itself, from scratch."""
    series = dict(zip(basin.runoff, map(tuple, runoff.values[k].tolist()), strict=True))
    own = at_runoff(basin, series)
    return own, allocate(own).dataset


def largest_difference(one: xr.Dataset, other: xr.Dataset) -> float:
    """The largest difference of any figure, relative to max(1, |value|); where blanks differ, infinity."""
    worst = 0.0
    for name in one.data_vars:
        a, b = one[name].values, other[name].values
        if a.dtype.kind == "f":
            if not np.array_equal(np.isnan(a), np.isnan(b)):
                return np.inf
            worst = max(worst, float((np.nan_to_num(np.abs(a - b)) / np.maximum(1.0, np.nan_to_num(np.abs(a)))).max(initial=0.0)))
        elif not np.array_equal(a, b):
            return np.inf
    return worst
