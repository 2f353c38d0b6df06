"""What is done when and for whom: reservoirs by period, deliveries and energy by season."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.party_facts import StorageOn
from waterflow.accounts.plan import Plan, plain
from waterflow.accounts.power_lines import arriving
from waterflow.basin.titles import title_of
from waterflow.calendar import Window

__all__ = ["deliveries", "energy", "power", "reservoirs", "storages"]

Facts = list[dict[str, Any]]


def _level(curve: tuple[tuple[float, float], ...], storage: float) -> float | None:
    """Level on a storage-level curve, m; None without a curve or beyond its ends."""
    if not curve or not curve[0][0] <= storage <= curve[-1][0]:
        return None
    return plain(float(np.interp(storage, [s for s, _ in curve], [level for _, level in curve])))


def _rates(plan: Plan, series: NDArray[np.float64] | None) -> list[float | None]:
    if series is None:
        return [None] * len(plan.basin.calendar.periods)
    return [plain(v) for v in plan.rates(series)]


def reservoirs(plan: Plan) -> Facts:
    """Each reservoir period by period: storage at the end (Mm3), release and spill (m3/s), level (m)."""
    found = []
    for r in sorted(plan.basin.reservoirs.values(), key=lambda r: plan.order(r.name)):
        storage = plan.series("storage", r.name)
        release, spill = _rates(plan, plan.release(r.name)), _rates(plan, plan.spill(r.name))
        periods = [
            {
                "period": label,
                "storage_Mm3": plain(storage[k]),
                "release_m3s": release[k],
                "spill_m3s": spill[k],
                "level_m": _level(r.levels, float(storage[k])),
            }
            for k, label in enumerate(plan.basin.calendar.labels)
        ]
        found.append(
            {
                "place": r.name,
                "title": plan.title(r.name),
                "lowest_Mm3": plain(r.lowest_storage),
                "full_Mm3": plain(r.full_storage),
                "opening_storage_Mm3": plain(r.opening_storage),
                "opening_level_m": _level(r.levels, r.opening_storage),
                "periods": periods,
            }
        )
    return found


def storages(plan: Plan) -> tuple[StorageOn, ...]:
    """What each reservoir holds when a growing season starts within the horizon, and when the horizon has ended."""
    calendar = plan.basin.calendar
    edges = {window.start for window, season in plan.seasons if season == "growing"} - {calendar.start}
    dates = sorted(edges | {calendar.end + dt.timedelta(days=1)})
    return tuple(
        StorageOn(place=name, title=plan.title(name), date=str(date), storage_Mm3=stored, full_Mm3=plan.basin.reservoirs[name].full_storage)
        for name in sorted(plan.basin.reservoirs, key=plan.order)
        for date in dates
        if (stored := plan.storage_on(name, date)) is not None
    )


def deliveries(plan: Plan) -> Facts:
    """Each demand season by season: need, what it may count on, what it gets, Mm3."""
    found = []
    for d in sorted(plan.basin.demands.values(), key=lambda d: (d.party, d.name)):
        for k, (window, season) in enumerate(plan.seasons):
            found.append(
                {
                    "demand": d.name,
                    "title": title_of(d, d.name),
                    "party": d.party,
                    "place": d.node,
                    "use": d.use,
                    "limited": d.limited,
                    "season": season,
                    "window": str(window),
                    "need_Mm3": plain(plan.over(d.need, window)),
                    "entitlement_Mm3": plain(plan.basin.entitlement(d.name, k)),
                    "delivered_Mm3": plain(plan.total("delivery", [d.name], window)),
                }
            )
    return found


def _made(plan: Plan, party: str, window: Window) -> float:
    return plan.total("generation", [p.name for p in plan.basin.plants.values() if p.party == party], window)


def _unserved(plan: Plan, party: str, window: Window) -> float:
    blocks = [b.name for b in plan.basin.unserved_blocks.values() if b.party == party]
    return plan.total("unserved", blocks, window)


def energy(plan: Plan) -> Facts:
    """Parties with a power demand, season by season: demand, their plants' hydropower, what stays unserved, GWh."""
    found = []
    for party, system in sorted(plan.basin.power.items()):
        for window, season in plan.seasons if system.demand else ():
            found.append(
                {
                    "party": party,
                    "season": season,
                    "demand_GWh": plain(plan.over(system.demand, window)),
                    "hydropower_GWh": plain(_made(plan, party, window)),
                    "unserved_GWh": plain(_unserved(plan, party, window)),
                }
            )
    return found


def power(plan: Plan) -> Facts:
    """Every party with plants or a power system, season by season, GWh: the whole balance."""
    basin, found = plan.basin, []
    for party in sorted({p.party for p in basin.plants.values()} | set(basin.power)):
        system = basin.power.get(party)
        asked = bool(system and system.demand)
        for window, season in plan.seasons:
            bought = {
                f"{kind}_GWh": plain(
                    arriving(plan, [s for s in basin.supplies.values() if (s.party, s.kind) == (party, kind)], window)
                )
                for kind in ("thermal", "hydropower", "import")
            }
            found.append(
                {
                    "party": party,
                    "season": season,
                    "window": str(window),
                    "demand_GWh": plain(plan.over(system.demand, window)) if system and asked else None,
                    "plants_GWh": plain(_made(plan, party, window)),
                    "other_hydropower_GWh": bought["hydropower_GWh"],
                    "thermal_GWh": bought["thermal_GWh"],
                    "import_GWh": bought["import_GWh"],
                    "export_GWh": plain(plan.total("exported_power", [x.name for x in basin.exports.values() if x.party == party], window)),
                    "unserved_GWh": plain(_unserved(plan, party, window)) if asked else None,
                }
            )
    return found
