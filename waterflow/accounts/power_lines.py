"""What crosses the lines of a party's power, what its plants burn, and what each reservoir lets go, by season."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from waterflow.accounts.plan import Plan
from waterflow.accounts.power_facts import FuelBurnt, PowerLine
from waterflow.accounts.water_facts import Release
from waterflow.basin.energy import Supply
from waterflow.calendar import Window

__all__ = ["arriving", "fuels", "lines", "releases"]

#: fuel use is in tonnes per GWh
T_PER_KT = 1000.0


def arriving(plan: Plan, supplies: Iterable[Supply], window: Window) -> float:
    """Power of some supplies after the losses of their lines, GWh."""
    share = [(s, 1.0 - np.asarray(s.loss or 0.0)) for s in supplies]
    return sum(plan.over(kept * plan.series("supplied_power", s.name), window) for s, kept in share)


def lines(plan: Plan) -> tuple[PowerLine, ...]:
    """Each line of each party, season by season: bought and what arrives of it, sent and what arrives of it, GWh."""
    basin, found = plan.basin, []
    names = {(x.party, x.line) for x in (*basin.supplies.values(), *basin.exports.values()) if x.line}
    for party, line in sorted(names):
        bought = [s for s in basin.supplies.values() if (s.party, s.line) == (party, line)]
        sent = [x for x in basin.exports.values() if (x.party, x.line) == (party, line)]
        for window, season in plan.seasons:
            sold = sum(plan.over((1.0 - np.asarray(x.loss or 0.0)) * plan.series("exported_power", x.name), window) for x in sent)
            found.append(
                PowerLine(
                    party=party,
                    line=line,
                    season=season,
                    window=str(window),
                    bought_GWh=plan.total("supplied_power", [s.name for s in bought], window),
                    import_limit_GWh=sum(plan.over(s.capacity, window) for s in bought),
                    import_GWh=arriving(plan, bought, window),
                    export_GWh=plan.total("exported_power", [x.name for x in sent], window),
                    export_limit_GWh=sum(plan.over(x.capacity, window) for x in sent),
                    sold_GWh=sold,
                )
            )
    return tuple(found)


def fuels(plan: Plan) -> tuple[FuelBurnt, ...]:
    """Fuel burnt by each party, season by season, thousand tonnes."""
    burning: dict[tuple[str, str], list[Supply]] = {}
    for s in plan.basin.supplies.values():
        if s.fuel:
            burning.setdefault((s.party, s.fuel), []).append(s)
    return tuple(
        FuelBurnt(
            party=party,
            fuel=fuel,
            season=season,
            window=str(window),
            burnt_kt=sum(s.fuel_use / T_PER_KT * plan.total("supplied_power", [s.name], window) for s in supplies),
        )
        for (party, fuel), supplies in sorted(burning.items(), key=lambda x: x[0])
        for window, season in plan.seasons
    )


def releases(plan: Plan) -> tuple[Release, ...]:
    """What each reservoir lets go by every way that is not a spill, season by season, Mm3."""
    return tuple(
        Release(place=name, season=season, window=str(window), release_Mm3=plan.over(release, window))
        for name in sorted(plan.basin.reservoirs, key=plan.order)
        if (release := plan.release(name)) is not None
        for window, season in plan.seasons
    )
