"""Sections of the table about what is done: reservoirs by period, energy and users by season."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from waterflow.report.grades import resting_on
from waterflow.words.dates import period_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import NOTHING, number, per_cent, places

__all__ = ["energy", "lines", "reservoirs", "users"]

Facts = dict[str, Any]
#: periods side by side, and the width of what stands before them
BLOCK = 12
MARGIN, CELL = 15, 7
ROWS = (("storage_Mm3", "storage, Mm3"), ("release_m3s", "release, m3/s"), ("spill_m3s", "spill, m3/s"), ("level_m", "level, m"))
#: a user's title is folded at this width
TITLE = 34
SHORT = {"growing": "growing", "non_growing": "non-gr."}


def reservoirs(facts: Facts) -> Iterator[str]:
    """Storage at the end of each period, release and spill during it, level at its end."""
    if not facts["reservoirs"]:
        return
    yield heading("Reservoirs: storage and level at the end of each period, release and spill during it")
    for k, reservoir in enumerate(facts["reservoirs"]):
        level = reservoir["opening_level_m"]
        opening = f"{number(reservoir['opening_storage_Mm3'])} Mm3" + (f", {number(level, 1)} m" if level is not None else "")
        limits = f"lowest {number(reservoir['lowest_Mm3'])}, full {number(reservoir['full_Mm3'])} Mm3"
        yield from [""] if k else []
        yield paragraph(f"{reservoir['title']} ({reservoir['place']}): opens with {opening}; {limits}", "", "  ")
        yield from _blocks(reservoir["periods"])
    yield from resting_on(facts, "opening_storage", "storage_rules", "runoff", "evaporation", "end_values")


def _blocks(periods: list[Facts]) -> Iterator[str]:
    decimals = {key: places([p[key] for p in periods]) for key, _ in ROWS} | {"level_m": 1}
    beyond = any(p["level_m"] is None for p in periods)
    empty = {key for key, _ in ROWS if all(p[key] is None for p in periods)}
    if all(not p["spill_m3s"] or p["spill_m3s"] < NOTHING for p in periods):
        empty.add("spill_m3s")
    for first in range(0, len(periods), BLOCK):
        block = periods[first : first + BLOCK]
        dekads = f"{block[0]['period'][:7]} on" if "-d" in block[0]["period"] else ""
        yield dekads.ljust(MARGIN) + "".join(period_in_words(p["period"]).rjust(CELL) for p in block)
        for key, name in ROWS:
            if key not in empty:
                yield name.ljust(MARGIN) + "".join(number(p[key], decimals[key]).rjust(CELL) for p in block)
    if beyond and "level_m" not in empty:
        yield "level -: storage beyond the ends of the level curve"


def energy(facts: Facts) -> Iterator[str]:
    """The power balance of each party that has plants or a demand, by season."""
    rows = facts["power"]
    if not rows:
        return
    yield heading("Energy by party and season, GWh")
    body = []
    keys = ("demand_GWh", "plants_GWh", "import_GWh", "unserved_GWh")
    decimals = places([x[k] for x in rows for k in keys])
    for x in rows:
        other = x["other_hydropower_GWh"] + x["thermal_GWh"]
        short = [number(x["unserved_GWh"], decimals), per_cent(x["unserved_GWh"], x["demand_GWh"])]
        cells = [x["demand_GWh"], x["plants_GWh"], other, x["import_GWh"], x["export_GWh"]]
        body.append([x["party"], SHORT[x["season"]], *(number(v, decimals) for v in cells), *short])
    head = ["party", "season", "demand", "river plants", "other plants", "imports", "exports", "unserved", "of demand"]
    yield columns(head, body, 2)
    yield from resting_on(facts, "power_demand", "power_supplies", "power_exports", "unserved_blocks", "plants")


def lines(facts: Facts) -> Iterator[str]:
    """What each line brings and takes, by season; lines that may carry nothing are left out."""
    rows = [x for x in facts["lines"] if x["import_limit_GWh"] or x["export_limit_GWh"]]
    if not rows:
        return
    yield heading("Power over lines by season, GWh (imports as they arrive, exports as they are sent)")
    keys = ("import_GWh", "import_limit_GWh", "export_GWh", "export_limit_GWh")
    decimals = places([x[k] for x in rows for k in keys])
    body = [[x["party"], x["line"], SHORT[x["season"]], *(number(x[k], decimals) for k in keys)] for x in rows]
    yield columns(["party", "line", "season", "imports", "limit", "exports", "limit"], body, 3)


def users(facts: Facts) -> Iterator[str]:
    """Every user in one line: what it asked for and what it gets in each season."""
    rows = facts["deliveries"]
    if not rows:
        return
    yield heading("Users of water by party and season, Mm3 (asked for, delivered; L: counts against the limit)")
    windows = list(dict.fromkeys(x["window"] for x in rows))
    season = {x["window"]: SHORT[x["season"]] for x in rows}
    many = len(windows) > len(SHORT)
    same: dict[str, list[Facts]] = {}
    for x in rows:
        same.setdefault(x["demand"], []).append(x)
    decimals = places([x["need_Mm3"] for x in rows])
    body = []
    for group in same.values():
        first = group[0]
        title, *rest = textwrap.wrap(first["title"], TITLE // 2 if many else TITLE)
        line = [title, first["party"], "L" if first["limited"] else ""]
        for x in group:
            line += [number(x["need_Mm3"], decimals), number(x["delivered_Mm3"], decimals)]
            line += [] if many else [per_cent(x["delivered_Mm3"], x["need_Mm3"])]
        body += [line, *([f"  {more}", *[""] * (len(line) - 1)] for more in rest)]
    head = ["user", "party", "L"]
    for window in windows:
        head += [f"{season[window]} ask", "deliv."] + ([] if many else ["%"])
    yield columns(head, body, 3)
    yield from resting_on(facts, "needs", "limits", "canal_capacities")
