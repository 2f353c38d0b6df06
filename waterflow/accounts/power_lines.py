"""What crosses the lines of a party's power, what its plants burn, and what each reservoir lets go, by season."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from waterflow.accounts.plan import Plan, plain
from waterflow.basin.energy import Supply
from waterflow.calendar import Window

__all__ = ["arriving", "fuels", "lines", "releases"]

Facts = list[dict[str, Any]]
#: fuel use is in tonnes per GWh
T_PER_KT = 1000.0


def arriving(plan: Plan, supplies: Iterable[Supply], window: Window) -> float:
    """Power of some supplies after the losses of their lines, GWh."""
    share = [(s, 1.0 - np.asarray(s.loss or 0.0)) for s in supplies]
    return sum(plan.over(kept * plan.series("supplied_power", s.name), window) for s, kept in share)


def lines(plan: Plan) -> Facts:
    """Each line of each party, season by season: bought and what arrives of it, sent and what arrives of it, GWh."""
    basin, found = plan.basin, []
    names = {(x.party, x.line) for x in (*basin.supplies.values(), *basin.exports.values()) if x.line}
    for party, line in sorted(names):
        bought = [s for s in basin.supplies.values() if (s.party, s.line) == (party, line)]
        sent = [x for x in basin.exports.values() if (x.party, x.line) == (party, line)]
        for window, season in plan.seasons:
            sold = sum(plan.over((1.0 - np.asarray(x.loss or 0.0)) * plan.series("exported_power", x.name), window) for x in sent)
            found.append(
                {
                    "party": party,
                    "line": line,
                    "season": season,
                    "window": str(window),
                    "bought_GWh": plain(plan.total("supplied_power", [s.name for s in bought], window)),
                    "import_limit_GWh": plain(sum(plan.over(s.capacity, window) for s in bought)),
                    "import_GWh": plain(arriving(plan, bought, window)),
                    "export_GWh": plain(plan.total("exported_power", [x.name for x in sent], window)),
                    "export_limit_GWh": plain(sum(plan.over(x.capacity, window) for x in sent)),
                    "sold_GWh": plain(sold),
                }
            )
    return found


def fuels(plan: Plan) -> Facts:
    """Fuel burnt by each party, season by season, thousand tonnes."""
    burning = [s for s in plan.basin.supplies.values() if s.fuel]
    return [
        {
            "party": party,
            "fuel": fuel,
            "season": season,
            "window": str(window),
            "burnt_kt": plain(
                sum(
                    s.fuel_use / T_PER_KT * plan.total("supplied_power", [s.name], window)
                    for s in burning
                    if (s.party, s.fuel) == (party, fuel)
                )
            ),
        }
        for party, fuel in sorted({(s.party, s.fuel) for s in burning})
        for window, season in plan.seasons
    ]


def releases(plan: Plan) -> Facts:
    """What each reservoir lets go by every way that is not a spill, season by season, Mm3."""
    found = []
    for name in sorted(plan.basin.reservoirs, key=plan.order):
        release = plan.release(name)
        if release is None:
            continue
        for window, season in plan.seasons:
            volume = plain(plan.over(release, window))
            found.append({"place": name, "season": season, "window": str(window), "release_Mm3": volume})
    return found
