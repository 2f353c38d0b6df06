"""From rows to reservoirs and lakes: their storages, evaporation, levels, rules, and what water left in them is worth."""

from __future__ import annotations

import datetime as dt
from math import log1p
from typing import Any

from waterflow.basin.area import AreaCurve
from waterflow.basin.reservoirs import EndValue, EndValueCut, OperatingRange, Reservoir, StorageRule
from waterflow.errors import Problem
from waterflow.loading.build_plants import operating_storage
from waterflow.loading.build_values import owned
from waterflow.loading.series_choice import Chosen
from waterflow.loading.tables import Row
from waterflow.loading.timed import at_ends, laid_out, month_share
from waterflow.units import MEAN_MONTH
from waterflow.words.catalogue import say

__all__ = ["end_value_cuts", "end_values", "on_dates", "operating_ranges", "reservoirs", "storage_rules"]

MM_PER_M = 1000.0
#: tables whose rows are of one reservoir each
OF_RESERVOIRS = (
    "levels",
    "areas",
    "reservoir_seepage",
    "evaporation",
    "precipitation",
    "opening_storage",
    "storage_rules",
    "held_values",
    "balanced_reservoirs",
    "operating_ranges",
    "storage_alarms",
    "end_values",
    "end_value_cuts",
    "full_storages",
)


def reservoirs(chosen: Chosen) -> list[Reservoir]:
    """Reservoirs and lakes with their opening storage and net evaporation."""
    names = {r.text("reservoir") for r in chosen.rows("reservoirs")}
    opening = {r.text("reservoir"): r for r in chosen.rows("opening_storage")}
    for table in OF_RESERVOIRS:
        for row in chosen.rows(table):
            chosen.known(row, "reservoir", names)
    for row in opening.values():
        if row.date("date") != chosen.calendar.start:
            allowed, cause = say("{start}, the first day of the horizon", start=chosen.calendar.start), say("Another season's series?")
            chosen.problems.append(Problem("outside-horizon", f"{row.where}, date", str(row.date("date")), allowed, cause))
    owners = owned(chosen, "reservoir", names)
    return [_reservoir(chosen, r, opening, owners) for r in chosen.rows("reservoirs")]


def _reservoir(chosen: Chosen, r: Row, opening: dict[str, Row], owners: dict[str, str]) -> Reservoir:
    name = r.text("reservoir")
    changed = [x for x in chosen.rows("full_storages") if x.text("reservoir") == name]
    full, lowest = (changed or [r])[0].number("full_storage_Mm3"), r.number("lowest_storage_Mm3")
    if lowest > full:
        chosen.problems.append(
            Problem(
                "storage-limits",
                f"{r.where}, full_storage_Mm3",
                say("{full:g}, below lowest_storage_Mm3 {lowest:g}", full=full, lowest=lowest),
                say("a full storage above the lowest"),
                say("Written in km3?") if full < lowest / 100 else say("Swapped?"),
            )
        )
    if name not in opening:
        chosen.problems.append(
            Problem("missing-opening", f"opening_storage: {name}", say("no row"), say("the storage when the horizon starts"))
        )
    start = opening[name].number("storage_Mm3") if name in opening else lowest
    if name in opening and 0 < start < lowest / 100:
        allowed = say("about {lowest:g} or more", lowest=lowest)
        chosen.problems.append(Problem("unit-slip", f"{opening[name].where}, storage_Mm3", f"{start:g}", allowed, say("Written in km3?")))
    nets = r.text("runoff_net_of_evaporation") == "yes"
    evaporation = chosen.timed("evaporation", "evaporation_mm", "reservoir", name, default=0.0)
    rain = chosen.timed("precipitation", "precipitation_mm", "reservoir", name, default=0.0)
    points = [x for x in chosen.rows("levels") if x.text("reservoir") == name]
    return Reservoir(
        name=name,
        full_storage=max(full, lowest),
        lowest_storage=lowest,
        operating_storage=operating_storage(chosen, name),
        dead_storage=r.number("dead_storage_Mm3"),
        opening_storage=start,
        area_at_zero=r.number("area_at_zero_km2"),
        area_slope=r.number("area_slope_km2_per_Mm3"),
        curve=_curve(chosen, name),
        **_seepage(chosen, name),
        recession=_recession(chosen, r),
        net_evaporation=tuple(0.0 if nets else (e - p) / MM_PER_M for e, p in zip(evaporation, rain, strict=True)),
        levels=tuple(sorted((x.number("storage_Mm3"), x.number("level_m")) for x in points)),
        owner=owners.get(name, ""),
    )


def _curve(chosen: Chosen, name: str) -> AreaCurve | None:
    """The curve of water area, if there is one."""
    points = sorted((x.number("storage_Mm3"), x.number("area_km2")) for x in chosen.rows("areas") if x.text("reservoir") == name)
    return AreaCurve(points=tuple(points)) if points else None


def _seepage(chosen: Chosen, name: str) -> dict[str, Any]:
    """Depth (m), share and volume (Mm3) that seep away in each period; nothing where no row says so."""
    if name not in chosen.owners("reservoir_seepage", "reservoir"):
        return {}
    depth, share, volume = (chosen.timed("reservoir_seepage", f"seepage_{unit}", "reservoir", name) for unit in ("mm", "fraction", "Mm3"))
    if not any((*depth, *share, *volume)):
        where, found = f"reservoir_seepage: {name}", say("no seepage in any period")
        allowed = say("a depth, a share or a volume above zero in some period")
        chosen.problems.append(Problem("no-seepage", where, found, allowed, say("A column left out?")))
    # a share of what is stored goes in a month: in a dekad a part of it
    parts = (s * month_share(p) for s, p in zip(share, chosen.calendar.periods, strict=True))
    return {"seepage_depth": tuple(d / MM_PER_M for d in depth), "seepage_share": tuple(parts), "seepage_volume": volume}


def _recession(chosen: Chosen, r: Row) -> float:
    """Rate of a day at which an aquifer gives back what it holds, from the share of a mean month."""
    share = r.number("outflow_fraction")
    if share >= 1:
        found, allowed = f"{share:g}", say("less than 1: an aquifer never gives back all it holds")
        chosen.problems.append(Problem("aquifer-outflow", f"{r.where}, outflow_fraction", found, allowed))
        return 0.0
    return -log1p(-share) / MEAN_MONTH


def storage_rules(chosen: Chosen) -> list[StorageRule]:
    """Storage on a date: at the end of the day before."""
    return [StorageRule(**fields) for fields in on_dates(chosen, wishes=False)]


def on_dates(chosen: Chosen, *, wishes: bool) -> list[dict[str, Any]]:
    """The rules that must be kept, or those that are wishes, as fields of a part."""
    made = []
    for r in (x for x in chosen.rows("storage_rules") if (x.text("wish") == "yes") == wishes):
        try:
            period = chosen.calendar.ends_before(r.date("date"))
        except ValueError as error:
            allowed = say(
                "{first} to {last}", first=chosen.calendar.start + dt.timedelta(days=1), last=chosen.calendar.end + dt.timedelta(days=1)
            )
            chosen.problems.append(Problem("outside-horizon", f"{r.where}, date", str(error), allowed, say("Another season's series?")))
            continue
        reservoir, rule = r.text("reservoir"), r.text("rule")
        made.append(
            {
                "name": f"{reservoir}/{rule}/{r.date('date')}",
                "reservoir": reservoir,
                "period": period,
                "rule": rule,
                "storage": r.number("storage_Mm3"),
            }
        )
    return made


def operating_ranges(chosen: Chosen) -> list[OperatingRange]:
    """Storage at the end, and release over the days, of each period that operators have used."""
    made = []
    rows = chosen.rows("operating_ranges")
    for r in rows:
        if r.number("low_Mm3") > r.number("high_Mm3"):
            found = say("{low:g}, above high_Mm3 {high:g}", low=r.number("low_Mm3"), high=r.number("high_Mm3"))
            chosen.problems.append(Problem("bad-range", f"{r.where}, low_Mm3", found, say("a lower end below the upper"), say("Swapped?")))
        if r.text("kind") == "storage" and r.number("low_fraction"):
            where, found = f"{r.where}, low_fraction", say("{share:g} of itself", share=r.number("low_fraction"))
            chosen.problems.append(Problem("bad-range", where, found, say("a release alone"), say("Meant as a volume?")))
    for reservoir, kind in sorted({(r.text("reservoir"), r.text("kind")) for r in rows}):
        own = [r for r in rows if (r.text("reservoir"), r.text("kind")) == (reservoir, kind)]
        laid = at_ends if kind == "storage" else laid_out
        ends = []
        for column in ("low_Mm3", "high_Mm3"):
            values, problems = laid(own, column, chosen.calendar, chosen.calendar.periods, f"operating_ranges: {reservoir}, {kind}")
            chosen.problems += problems
            ends.append(values)
        shares, problems = laid_out(own, "low_fraction", chosen.calendar, chosen.calendar.periods, f"operating_ranges: {reservoir}, {kind}")
        # a share of what is stored goes in a month: in a dekad a part of it
        parts = (share * month_share(p) for share, p in zip(shares, chosen.calendar.periods, strict=True))
        name = f"{reservoir}/{kind}"
        made.append(OperatingRange(name=name, reservoir=reservoir, kind=kind, low=ends[0], high=ends[1], low_share=tuple(parts)))
    return made


def end_values(chosen: Chosen) -> list[EndValue]:
    """Blocks of end value; they must fall from block to block."""
    made = []
    last: dict[str, float] = {}
    for r in sorted(chosen.rows("end_values"), key=lambda row: (row.text("reservoir"), row.number("block"))):
        reservoir, value = r.text("reservoir"), r.number("value_USD_per_m3")
        if value > last.get(reservoir, value):
            allowed = say("at most {most:g}, the block before", most=last[reservoir])
            chosen.problems.append(Problem("rising-value", f"{r.where}, value_USD_per_m3", f"{value:g}", allowed))
        last[reservoir] = value
        made.append(
            EndValue(
                name=f"{reservoir}/{int(r.number('block'))}",
                reservoir=reservoir,
                width=r.number("width_Mm3"),
                value=value,
            )
        )
    return made


def end_value_cuts(chosen: Chosen) -> list[EndValueCut]:
    """Planes over the end; every plane says the same worth in all its rows, and all planes are about the same reservoirs."""
    planes: dict[str, list[Row]] = {}
    for r in chosen.rows("end_value_cuts"):
        planes.setdefault(r.text("cut"), []).append(r)
    every = sorted({r.text("reservoir") for rows in planes.values() for r in rows})
    made = []
    for cut, rows in planes.items():
        worth = rows[0].number("worth_MUSD")
        for r in rows[1:]:
            if r.number("worth_MUSD") != worth:
                allowed = say("{worth:g}, as in the other rows of the cut", worth=worth)
                chosen.problems.append(Problem("unequal-worth", f"{r.where}, worth_MUSD", f"{r.number('worth_MUSD'):g}", allowed))
        lacking = [name for name in every if name not in {r.text("reservoir") for r in rows}]
        if lacking:
            found = say("no row of {names}", names=", ".join(lacking))
            chosen.problems.append(Problem("missing-rows", rows[0].where, found, say("a row for every reservoir that other cuts have")))
        storages = {r.text("reservoir"): r.number("storage_Mm3") for r in rows}
        values = {r.text("reservoir"): r.number("value_USD_per_m3") for r in rows}
        made.append(EndValueCut(name=cut, worth=worth, storages=storages, values=values))
    return made
