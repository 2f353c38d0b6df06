"""A season's figures as rows of the model's tables, and the tables of the scenario it follows carried on by some years."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from waterflow.calendar import Window
from waterflow.errors import InputError, Problem
from waterflow.loading.model import JOINED
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row
from waterflow.season.filled import THE_FILE, Filled, Given
from waterflow.season.kit import Kit, later
from waterflow.words.catalogue import say

__all__ = ["CARRIED_NOTE", "LEFT_OUT", "carried", "season_rows"]

Line = dict[str, str | float]
#: tables about another season: what was published of it, what changed its runoff
LEFT_OUT = ("known_flows", "runoff_changes")
#: tables a season's file fills itself
OWN = ("opening_storage", "runoff", "limits", "agreed_flows", "targets", "power_demand")
PERIOD = re.compile(r"(\d{4})(-.*)$")
#: notes of rows stand in tables, which are English
RECORDED_NOTE, SERIES_NOTE = "no forecast: mean of {count} recorded years, {first} to {last}", "no forecast: the series {series}"
CARRIED_NOTE = "as in {like}, {years} year(s) later"


def carried(kit: Kit) -> dict[str, list[Line]]:
    """Rows of every other table that stand on days of the scenario the season follows, on the same days of the season.

    Rows of every year, and of months of every year, hold for the season as they stand and are not among them.
    """
    found: dict[str, list[Line]] = {}
    if kit.years == 0:
        return found
    for name, choice in kit.like.file.series.items():
        if name in (*OWN, *LEFT_OUT) or name not in kit.tables:
            continue
        chosen = [row for row in kit.tables[name] if row.text("series") in choice.split(JOINED)]
        if any(_dated(row) for row in chosen):
            found[name] = [_carried(kit, name, row) for row in chosen]
    return found


def _dated(row: Row) -> bool:
    """True if a row stands on a day, or in a month, of one year."""
    stands = [row.values.get(c) for c in ("date", "start", "end")]
    return "period" in row.values or any(isinstance(v, dt.date) for v in stands)


def _carried(kit: Kit, name: str, row: Row) -> Line:
    """A row as it would be some years later; assumed, whatever its grade was."""
    made: Line = {}
    for column, value in row.values.items():
        spelled = next((f"{c.name}_{row.unit}" for c in TABLES[name].columns if c.flow and c.name == column), column)
        made[spelled] = _later(value, kit.years)
    note = CARRIED_NOTE.format(like=kit.like.file.scenario, years=kit.years)
    return made | {"series": kit.name, "grade": "assumed", "note": note}


def _later(value: str | float | dt.date, years: int) -> str | float:
    if isinstance(value, dt.date):
        return later(value, years).isoformat()
    found = PERIOD.match(value) if isinstance(value, str) else None
    return f"{int(found[1]) + years}{found[2]}" if found else value


def season_rows(filled: Filled) -> dict[str, list[Line]]:
    """New rows of the tables a season's file fills.

    Raises
    ------
    InputError
        If a figure stands on days its table has no place for, or a reservoir's opening storage is neither given nor assumed.
    """
    kit, problems = filled.kit, list[Problem]()
    opened = {g.name: g for g in filled.given.get("storages", ())}
    rows: dict[str, list[Line]] = {
        "opening_storage": list(_storages(kit, opened.values(), problems)),
        "limits": list(_limits(kit, filled.given.get("limits", ()), problems)),
        "agreed_flows": [_window_row(kit, "place", "agreed_Mm3", g) for g in filled.given.get("agreed_flows", ())],
        "targets": list(_targets(kit, filled.given.get("targets", ()))),
        "power_demand": list(_power(kit, filled.given.get("power", ()))),
    }
    for slot in kit.of("storages"):
        if slot.name not in opened:
            found, allowed = say("no opening storage of {name}", name=slot.name), say("a storage on {day}", day=kit.calendar.start)
            problems.append(Problem("missing-opening", "storages", found, allowed))
    if problems:
        raise InputError(problems)
    return {name: found for name, found in rows.items() if found} | _runoff(filled)


def _told(given: Given) -> Line:
    """Source, grade and note of a figure."""
    return {"source": given.source, "grade": given.grade, "note": given.note}


def _storages(kit: Kit, given: Any, problems: list[Problem]) -> Iterator[Line]:
    for g in given:
        if g.span.start != kit.calendar.start:
            allowed = say("the day the season begins: {day}", day=kit.calendar.start)
            problems.append(Problem("bad-period", say("storages: {name}", name=g.name), str(g.span), allowed))
        day = kit.calendar.start.isoformat()
        yield {"series": kit.name, "reservoir": g.name, "date": day, "storage_Mm3": g.value, **_told(g)}


def _limits(kit: Kit, given: Sequence[Given], problems: list[Problem]) -> Iterator[Line]:
    """Limits of parties; those of canals are clauses."""
    seasons = dict(kit.calendar.seasons)
    for g in given:
        if g.name in kit.like.file.parties:
            if g.span not in seasons:
                allowed = ", ".join(str(w) for w in seasons)
                problems.append(Problem("bad-period", say("limits: {name}", name=g.name), str(g.span), allowed))
                continue
            yield {"series": kit.name, "party": g.name, "season": seasons[g.span], "limit_Mm3": g.value, **_told(g)}


def _window_row(kit: Kit, key: str, column: str, g: Given) -> Line:
    days = {"start": g.span.start.isoformat(), "end": g.span.end.isoformat()}
    return {"series": kit.name, key: g.name, **days, column: g.value, **_told(g)}


def _targets(kit: Kit, given: Sequence[Given]) -> Iterator[Line]:
    """Targets, where the scenario, or any series of the table, has them."""
    stands = {r.text("target"): r for r in (*kit.tables.get("targets", ()), *kit.like.rows.get("targets", ()))}
    for g in given:
        row = stands[g.name]
        yield _window_row(kit, "target", "target_Mm3", g) | {"place": row.text("place"), "reach": row.text("reach")}


def _power(kit: Kit, given: Sequence[Given]) -> Iterator[Line]:
    """Power by month; a figure of more is spread as what would be assumed of its months."""
    assumed = {(s.name, s.span): s.assumed or 0.0 for s in kit.of("power")}
    for g in given:
        inside = [p for p in kit.calendar.periods if g.span.start <= p.start and p.end <= g.span.end]
        shape = [assumed.get((g.name, Window(p.start, p.end)), 0.0) for p in inside]
        weights = shape if sum(shape) > 0 else [float(p.days) for p in inside]
        for period, weight in zip(inside, weights, strict=True):
            value = g.value * weight / sum(weights)
            yield {"series": kit.name, "party": g.name, "period": period.label, "demand_GWh": value, **_told(g)}


def _runoff(filled: Filled) -> dict[str, list[Line]]:
    """Runoff by estimate: the mean in the season's own series, low and high in theirs; a blank is the norm, assumed."""
    kit, read = filled.kit, filled.runoff
    norm = _norm_note(kit)
    lines: list[Line] = []
    for estimate, by_node in read.values.items():
        series = kit.name if estimate == "mean" else f"{kit.name}_{estimate}"
        for node, values in by_node.items():
            for label, value in values.items():
                told = read.forecast[estimate][node].get(label) or read.forecast["mean"][node].get(label)
                _, source, grade, note = told or (value, read.norm_sources[node] or THE_FILE, "assumed", norm)
                line: Line = {"series": series, "node": node, "period": label, "runoff_Mm3": value}
                lines.append(line | {"source": source, "grade": grade, "note": note})
    return {"runoff": lines}


def _norm_note(kit: Kit) -> str:
    """What a norm is, for the note of a row."""
    if kit.norms.years:
        first, last, count = kit.norms.years
        return RECORDED_NOTE.format(first=first, last=last, count=count)
    return SERIES_NOTE.format(series=kit.norms.series)


def months_of(lines: Sequence[Mapping[str, str | float]]) -> bool:
    """True if every row is of a month, no dekad among them."""
    return all(len(str(line["period"])) == len("2026-10") for line in lines)
