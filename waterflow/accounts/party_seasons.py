"""What each party asks for and gets in each season of a plan: the one computation that every comparison derives from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from waterflow.accounts.party_facts import PartySeason, WorstHit
from waterflow.accounts.plan import Plan
from waterflow.accounts.power_lines import arriving
from waterflow.accounts.shortages import SHORT
from waterflow.basin.titles import title_of
from waterflow.calendar import Season, Window

__all__ = ["party_seasons"]


def party_seasons(plan: Plan) -> tuple[PartySeason, ...]:
    """One row for each party and season, in the order of the parties."""
    return tuple(_row(plan, party, window, season) for party in plan.basin.parties for window, season in plan.seasons)


def _row(plan: Plan, party: str, window: Window, season: Season) -> PartySeason:
    basin = plan.basin
    limits = [x.amount for x in basin.limits.values() if (x.party, x.window) == (party, window)]
    users = [d for d in basin.demands.values() if d.party == party]
    limited = [d.name for d in users if d.limited]
    asked = basin.power[party].demand if party in basin.power else ()

    def total(variable: str, parts: Mapping[str, Any], which: Callable[[Any], bool] = lambda _: True) -> float | None:
        own = [name for name, x in parts.items() if x.party == party and which(x)]
        return plan.total(variable, own, window) if own else None

    def supplied(kind: str) -> float | None:
        own = [s for s in basin.supplies.values() if (s.party, s.kind) == (party, kind)]
        return arriving(plan, own, window) if own else None

    return PartySeason(
        party=party,
        season=season,
        window=str(window),
        need_Mm3=sum(plan.over(d.need, window) for d in users) if users else None,
        delivered_Mm3=total("delivery", basin.demands),
        short_Mm3=total("shortage", basin.demands),
        limit_Mm3=sum(limits) if limits else None,
        delivered_under_limit_Mm3=plan.total("delivery", limited, window) if limited else None,
        power_demand_GWh=plan.over(asked, window) if asked else None,
        plants_GWh=total("generation", basin.plants),
        other_hydropower_GWh=supplied("hydropower"),
        thermal_GWh=supplied("thermal"),
        bought_GWh=total("supplied_power", basin.supplies, lambda s: s.kind == "import"),
        import_GWh=supplied("import"),
        export_GWh=total("exported_power", basin.exports),
        lifting_GWh=total("lifting_power", basin.reach_costs, lambda y: any(y.electricity)),
        unserved_GWh=total("unserved", basin.unserved_blocks),
        power_cost_MUSD=_cost(plan, party, window) if asked else None,
        worst_hit=_worst_hit(plan, party, window),
    )


def _cost(plan: Plan, party: str, window: Window) -> float:
    """Other supplies and unserved power, less what exports earn where they arrive, million USD."""
    basin = plan.basin
    inside = list(basin.calendar.inside(window))
    supplies = [s for s in basin.supplies.values() if s.party == party]
    bought = sum(s.cost[k] * float(plan.series("supplied_power", s.name)[k]) for s in supplies for k in inside)
    blocks = [b for b in basin.unserved_blocks.values() if b.party == party]
    missing = sum(b.cost * plan.total("unserved", [b.name], window) for b in blocks)
    exports = [x for x in basin.exports.values() if x.party == party]
    sold = sum(x.price[k] * x.arriving(k) * float(plan.series("exported_power", x.name)[k]) for x in exports for k in inside)
    return bought + missing - sold


def _worst_hit(plan: Plan, party: str, window: Window) -> WorstHit | None:
    """The user with the largest share of its need missing; a loss that nobody explains is no user."""
    found = []
    for d in plan.basin.demands.values():
        need = plan.over(d.need, window)
        short = need - plan.total("delivery", [d.name], window)
        if d.party == party and d.use != "unexplained" and short > SHORT:
            found.append(WorstHit(demand=d.name, title=title_of(d, d.name), short_Mm3=short, share=short / need))
    return max(found, key=lambda x: (round(x.share, 9), x.short_Mm3), default=None)
