"""Sections of the table about what is done: reservoirs by period, energy and users by season."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.water_facts import Delivery, ReservoirPeriod
from waterflow.report.grades import resting_on
from waterflow.report.names import season
from waterflow.words.catalogue import mark, say, say_of
from waterflow.words.dates import period_in_words
from waterflow.words.layout import WIDTH, columns, heading, paragraph
from waterflow.words.numbers import NOTHING, number, per_cent, places, quantity

__all__ = ["energy", "lines", "reservoirs", "users"]

ROWS = {
    "storage_Mm3": mark("storage, Mm3"),
    "release_m3s": mark("release, m3/s"),
    "spill_m3s": mark("spill, m3/s"),
    "level_m": mark("level, m"),
}


def reservoirs(facts: PlanFacts) -> Iterator[str]:
    """Storage at the end of each period, release and spill during it, level at its end."""
    if not facts.reservoirs:
        return
    yield heading(say("Reservoirs: storage and level at the end of each period, release and spill during it"))
    for k, x in enumerate(facts.reservoirs):
        level = "" if x.opening_level_m is None else quantity(x.opening_level_m, "m", 1)
        about = {
            "title": x.title,
            "storage": ", ".join(filter(None, (quantity(x.opening_storage_Mm3, "Mm3", 0), level))),
            "lowest": number(x.lowest_Mm3),
            "full": quantity(x.full_Mm3, "Mm3", 0),
        }
        yield from [""] if k else []
        yield paragraph(say("{title}: opens with {storage}; lowest {lowest}, full {full}", **about), "", "  ")
        yield from _blocks(x.periods)
    yield from resting_on(facts.inputs, "opening_storage", "storage_rules", "runoff", "evaporation", "end_values")


def _figure(period: ReservoirPeriod, field: str) -> float | None:
    value: float | None = getattr(period, field)
    return value


def _blocks(periods: Sequence[ReservoirPeriod]) -> Iterator[str]:
    """Periods side by side, as many as fit, in blocks of one length."""
    shown = [field for field in ROWS if any(_figure(p, field) is not None for p in periods)]
    if all(not p.spill_m3s or p.spill_m3s < NOTHING for p in periods):
        shown = [field for field in shown if field != "spill_m3s"]
    decimals = {field: 1 if field == "level_m" else places([_figure(p, field) for p in periods]) for field in shown}
    cells = [[period_in_words(p.period), *(number(_figure(p, field), decimals[field]) for field in shown)] for p in periods]
    names = ["", *(say(ROWS[field]) for field in shown)]
    widest = max(len(cell) for column in cells for cell in column) + 2
    fitting = max(1, (WIDTH - max(map(len, names))) // widest)
    length = math.ceil(len(cells) / math.ceil(len(cells) / fitting))
    for first in range(0, len(cells), length):
        block = cells[first : first + length]
        corner = say("from {month}", month=periods[first].period[:7]) if "-d" in periods[first].period else ""
        rows = [[name, *(column[k] for column in block)] for k, name in enumerate(names) if k]
        # every block as wide as the widest figure, so that they stand under each other
        yield columns([corner.ljust(max(map(len, names))), *(column[0].rjust(widest - 2) for column in block)], rows)
    if "level_m" in shown and any(p.level_m is None for p in periods):
        yield say("level -: storage beyond the ends of the level curve")


def energy(facts: PlanFacts) -> Iterator[str]:
    """The power balance of each party that has plants or a demand, by season."""
    rows = facts.power
    if not rows:
        return
    yield heading(say("Energy by party and season, GWh"))
    decimals = places([v for x in rows for v in (x.demand_GWh, x.plants_GWh, x.import_GWh, x.unserved_GWh)])
    body, lifting = [], any(x.lifting_GWh for x in rows)
    for x in rows:
        lifts = [x.lifting_GWh] if lifting else []
        other = x.other_hydropower_GWh + x.thermal_GWh
        figures = (x.demand_GWh, x.plants_GWh, other, x.import_GWh, x.export_GWh, *lifts, x.unserved_GWh)
        cells = [number(v, decimals) for v in figures]
        body.append([x.party, season(x.season), *cells, per_cent(x.unserved_GWh, x.demand_GWh)])
    head = [say("party"), say("season"), say_of("heading", "demand"), say("river plants"), say_of("heading", "other plants")]
    head += [say("imports"), say("exports"), *([say("lifts")] if lifting else [])]
    yield columns([*head, say_of("heading", "unserved"), say("of demand")], body, 2)
    own = ["reach_costs"] if lifting else []
    yield from resting_on(facts.inputs, "power_demand", "power_supplies", "power_exports", "unserved_blocks", "plants", *own)


def lines(facts: PlanFacts) -> Iterator[str]:
    """What each line brings and takes, by season; lines that may carry nothing are left out."""
    rows = [x for x in facts.lines if x.import_limit_GWh or x.export_limit_GWh]
    if not rows:
        return
    yield heading(say("Power over lines by season, GWh (imports as they arrive, exports as they are sent)"))
    figures = [(x.import_GWh, x.import_limit_GWh, x.export_GWh, x.export_limit_GWh) for x in rows]
    decimals = places([v for group in figures for v in group])
    body = [[x.party, x.line, season(x.season), *(number(v, decimals) for v in group)] for x, group in zip(rows, figures, strict=True)]
    limit = say_of("line", "limit")
    head = [say("party"), say("line"), say("season"), say("imports"), limit, say("exports"), limit]
    yield columns(head, body, 3)


def users(facts: PlanFacts) -> Iterator[str]:
    """Every user in one line: what it asked for and what it gets in each season."""
    rows = facts.deliveries
    if not rows:
        return
    yield heading(say("Users of water by party and season, Mm3 (L: counts against the limit)"))
    windows = {x.window: x.season for x in rows}
    many = len(windows) > len(("growing", "non_growing"))
    same: dict[str, list[Delivery]] = {}
    for x in rows:
        same.setdefault(x.demand, []).append(x)
    decimals = places([x.need_Mm3 for x in rows])
    body = []
    for group in same.values():
        line = [group[0].title, group[0].party, say("L") if group[0].limited else ""]
        for x in group:
            line += [number(x.need_Mm3, decimals), number(x.delivered_Mm3, decimals)]
            line += [] if many else [per_cent(x.delivered_Mm3, x.need_Mm3)]
        body.append(line)
    head = [say("user"), say("party"), say("L")]
    for name in windows.values():
        head += [say("{season}\nasked", season=season(name)), say("delivered")] + ([] if many else ["%"])
    yield columns(head, body, 3)
    yield from resting_on(facts.inputs, "needs", "limits", "canal_capacities")
