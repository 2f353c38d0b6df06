"""The trade-off between winter power upstream, summer water below and the water of the lake, one point for each plan of a river."""

from __future__ import annotations

from collections.abc import Mapping

from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = ["TradeOff", "trade_off"]


class TradeOff(Fact):
    """Three figures of a plan.

    Attributes
    ----------
    winter_power_GWh : float
        Power demand of the upstream party served in the non-growing seasons.
    summer_water_Mm3 : float
        Water delivered to all other parties in the growing seasons.
    lake_Mm3 : float
        Water that passes the gauges of the lake's targets over the horizon.
    """

    winter_power_GWh: float
    summer_water_Mm3: float
    lake_Mm3: float


def trade_off(plans: Mapping[str, Plan]) -> dict[str, TradeOff]:
    """What each plan gives to winter, summer and the lake.

    The party upstream is the one with a demand for power, the lake the place of the targets.

    Parameters
    ----------
    plans : mapping of name to Plan
        Of one river, under several agreements.

    Raises
    ------
    InputError
        If the river has not one party with a power balance, or not one place with targets.
    """
    upstream, lake = _weighed(next(iter(plans.values())).basin)
    return {name: _point(plan, upstream, lake) for name, plan in plans.items()}


def _weighed(basin: Basin) -> tuple[str, str]:
    """The party whose winter power is weighed, and the place whose targets are."""
    asking = [party for party, system in basin.power.items() if system.demand]
    places = list(dict.fromkeys(target.place for target in basin.targets.values()))
    if len(asking) != 1 or len(places) != 1:
        where, allowed = say("the trade-off of {model}", model=basin.name), say("one party with a power balance and one place with targets")
        found = say("power balances: {parties}; targets: {places}", parties=", ".join(asking) or "-", places=", ".join(places) or "-")
        raise InputError([Problem("no-trade-off", where, found, allowed)])
    return asking[0], places[0]


def _point(plan: Plan, upstream: str, lake: str) -> TradeOff:
    basin = plan.basin
    cold, warm = ([window for window, kind in plan.seasons if kind == season] for season in ("non_growing", "growing"))
    blocks = [b.name for b in basin.unserved_blocks.values() if b.party == upstream]
    below = [d.name for d in basin.demands.values() if d.party != upstream]
    return TradeOff(
        winter_power_GWh=sum(plan.over(basin.power[upstream].demand, w) - plan.total("unserved", blocks, w) for w in cold),
        summer_water_Mm3=sum(plan.total("delivery", below, w) for w in warm),
        lake_Mm3=plan.total("flow", sorted({x.reach for x in basin.targets.values() if x.place == lake})),
    )
