"""What passing reaches costs whom, what lifts take of electricity, and where a plan turns water round."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from waterflow.accounts.conveyance_facts import Passage, TurnedWater
from waterflow.accounts.plan import Plan
from waterflow.basin.network import loop_of
from waterflow.basin.titles import called

__all__ = ["passages", "turned"]

#: Mm3 in a period below which nothing turns
SMALL = 1e-3


def passages(plan: Plan) -> tuple[Passage, ...]:
    """Every reach and party with a cost or electricity, season by season, as the river runs."""
    basin = plan.basin
    return tuple(
        Passage(
            reach=y.reach,
            title=called(basin, y.reach),
            party=y.party,
            season=season,
            window=str(window),
            flow_Mm3=plan.total("flow", [y.reach], window),
            electricity_GWh=plan.total("lifting_power", [y.name], window),
            cost_MUSD=plan.over(np.asarray(y.cost) * plan.series("flow", y.reach), window),
        )
        for y in sorted(basin.reach_costs.values(), key=lambda y: (*plan.order(basin.reaches[y.reach].start), y.name))
        for window, season in plan.seasons
    )


def turned(plan: Plan) -> tuple[TurnedWater, ...]:
    """Water that goes round in each period: taken out of the flows of its way, one way after the other."""
    return tuple(found for k in range(len(plan.basin.calendar.periods)) for found in _in_period(plan, k))


def _in_period(plan: Plan, k: int) -> Iterator[TurnedWater]:
    basin = plan.basin
    left = {a: float(plan.series("flow", a)[k]) for a in basin.paths.turning}
    while way := loop_of(basin.reaches[a].ends for a, flow in left.items() if flow > SMALL):
        steps = [max((a for a in left if _joins(plan, a, ends)), key=left.__getitem__) for ends in pairwise(way)]
        amount = min(left[a] for a in steps)
        for a in steps:
            left[a] -= amount
        places = " - ".join(plan.title(place) for place in way)
        yield TurnedWater(way=places, period=basin.calendar.labels[k], turned_Mm3=amount)


def _joins(plan: Plan, reach: str, ends: tuple[str, str]) -> bool:
    return plan.basin.reaches[reach].ends == ends
