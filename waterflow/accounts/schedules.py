"""What is done when and for whom: reservoirs by period, deliveries and energy by season."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.party_facts import PartySeason, StorageOn
from waterflow.accounts.plan import Plan, plain
from waterflow.accounts.power_facts import EnergyNeed, PowerBalance
from waterflow.accounts.water_facts import Delivery, ReservoirPeriod, ReservoirSchedule
from waterflow.basin.titles import title_of

__all__ = ["deliveries", "energy", "power", "reservoirs", "storages"]


def _level(curve: tuple[tuple[float, float], ...], storage: float) -> float | None:
    """Level on a storage-level curve, m; None without a curve or beyond its ends."""
    if not curve or not curve[0][0] <= storage <= curve[-1][0]:
        return None
    return plain(float(np.interp(storage, [s for s, _ in curve], [level for _, level in curve])))


def _rates(plan: Plan, series: NDArray[np.float64] | None) -> list[float | None]:
    if series is None:
        return [None] * len(plan.basin.calendar.periods)
    return [plain(v) for v in plan.rates(series)]


def reservoirs(plan: Plan) -> tuple[ReservoirSchedule, ...]:
    """Each reservoir period by period: storage at the end (Mm3), release and spill (m3/s), level (m)."""
    found = []
    for r in sorted(plan.basin.reservoirs.values(), key=lambda r: plan.order(r.name)):
        storage = plan.series("storage", r.name)
        release, spill = _rates(plan, plan.release(r.name)), _rates(plan, plan.spill(r.name))
        periods = tuple(
            ReservoirPeriod(
                period=label,
                storage_Mm3=float(storage[k]),
                release_m3s=release[k],
                spill_m3s=spill[k],
                level_m=_level(r.levels, float(storage[k])),
            )
            for k, label in enumerate(plan.basin.calendar.labels)
        )
        found.append(
            ReservoirSchedule(
                place=r.name,
                title=plan.title(r.name),
                owner=r.owner or None,
                lowest_Mm3=r.lowest_storage,
                full_Mm3=r.full_storage,
                opening_storage_Mm3=r.opening_storage,
                opening_level_m=_level(r.levels, r.opening_storage),
                periods=periods,
            )
        )
    return tuple(found)


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


def deliveries(plan: Plan) -> tuple[Delivery, ...]:
    """Each demand season by season: need, what it may count on, what it gets, Mm3."""
    return tuple(
        Delivery(
            demand=d.name,
            title=title_of(d, d.name),
            party=d.party,
            place=d.node,
            use=d.use,
            limited=d.limited,
            season=season,
            window=str(window),
            need_Mm3=plan.over(d.need, window),
            entitlement_Mm3=plan.basin.entitlement(d.name, k),
            delivered_Mm3=plan.total("delivery", [d.name], window),
        )
        for d in sorted(plan.basin.demands.values(), key=lambda d: (d.party, d.name))
        for k, (window, season) in enumerate(plan.seasons)
    )


def power(plan: Plan, rows: Iterable[PartySeason]) -> tuple[PowerBalance, ...]:
    """Every party with plants or a power system, season by season, GWh: the whole balance."""
    making = {p.party for p in plan.basin.plants.values()} | set(plan.basin.power)
    return tuple(
        PowerBalance(
            party=x.party,
            season=x.season,
            window=x.window,
            demand_GWh=x.power_demand_GWh,
            plants_GWh=x.plants_GWh or 0.0,
            other_hydropower_GWh=x.other_hydropower_GWh or 0.0,
            thermal_GWh=x.thermal_GWh or 0.0,
            import_GWh=x.import_GWh or 0.0,
            export_GWh=x.export_GWh or 0.0,
            lifting_GWh=x.lifting_GWh or 0.0,
            unserved_GWh=None if x.power_demand_GWh is None else x.unserved_GWh or 0.0,
        )
        for x in sorted(rows, key=lambda x: x.party)
        if x.party in making
    )


def energy(balances: Iterable[PowerBalance]) -> tuple[EnergyNeed, ...]:
    """Parties with a power demand, season by season: demand, their plants' hydropower, what stays unserved, GWh."""
    return tuple(
        EnergyNeed(party=x.party, season=x.season, demand_GWh=x.demand_GWh, hydropower_GWh=x.plants_GWh, unserved_GWh=x.unserved_GWh)
        for x in balances
        if x.demand_GWh is not None and x.unserved_GWh is not None
    )
