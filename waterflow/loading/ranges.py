"""Ranges: the inputs whose doubt is stated, each a group of rows that are off together, and the rows moved within it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from waterflow.calendar import season_of
from waterflow.errors import InputError, Problem
from waterflow.loading.columns import GRADES
from waterflow.loading.model import ABOUT_ROWS, Model
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row
from waterflow.units import SUMS, split_unit
from waterflow.words.catalogue import say, say_many
from waterflow.words.near import slip

__all__ = ["DOUBTFUL", "Input", "in_words", "inputs_of", "moved", "value_columns"]

DOUBTFUL = frozenset({"assumed", "unverified"})
#: tables no number of which reaches the plan, and columns that only inform
INFORMING = ABOUT_ROWS | {"nodes", "levels", "agreed_flows", "known_flows"}
INFORMING_COLUMNS = frozenset({"dead_storage_Mm3", "low_USD_per_m3", "high_USD_per_m3"})
#: owners of a range that are no names: every owner is off on its own, or all are off together
UNITS_IN_WORDS = {"m3s": "m3/s", "fraction": "share"}
EACH, TOGETHER = "each", "together"


@dataclass(frozen=True)
class Part:
    """Some rows of one column, and what may be wrong with them: factors, or shifts in the unit of the column."""

    table: str
    column: str
    rows: tuple[int, ...]
    change: str
    low: float
    high: float

    def changed(self, value: float, position: float) -> float:
        """The value at a position between low (0) and high (1)."""
        by = self.low + position * (self.high - self.low)
        return value * by if self.change == "factor" else value + by


@dataclass(frozen=True)
class Input:
    """Rows that are off together.

    Attributes
    ----------
    name : str
        ``wetness_summer``, or ``assumed_needs/valley_fields`` where every owner is off on its own.
    title, title_ru : str
        How people call it.
    owner : str
        The owner of the rows where every owner is off on its own, else empty: the title tells.
    parts : tuple of Part
    unit : str
        Of the present, low and high value: the sum of volumes, energies and depths, the mean of all else.
    value, low, high : float
        Of the rows of the first part.
    grades : dict of int
        How many of its rows have which grade.
    sources : tuple of str
        Of its rows.
    range_grade, range_source, note : str
        Where the range comes from.
    moves : bool
        Whether low and high differ from the present in any row.
    """

    name: str
    title: str
    title_ru: str
    owner: str
    parts: tuple[Part, ...]
    unit: str
    value: float
    low: float
    high: float
    grades: Mapping[str, int]
    sources: tuple[str, ...]
    range_grade: str
    range_source: str
    note: str
    moves: bool


def in_words(unit: str) -> str:
    """The unit of an input as people write it: ``USD/kWh``, ``m3/s``, ``share``."""
    return UNITS_IN_WORDS.get(unit, unit.replace("_per_", "/"))


def value_columns(table: str) -> list[str]:
    """The numbers of a table that reach the plan, as messages call them."""
    if table in INFORMING:
        return []
    return [c.name for c in TABLES[table].columns if c.kind == "number" and c.name not in INFORMING_COLUMNS]


def inputs_of(model: Model) -> list[Input]:
    """The inputs whose doubt is stated, in the order of ``ranges.csv``.

    Raises
    ------
    InputError
        If a range fits nothing or leads outside what its column allows, or if a row that is assumed or
        unverified and reaches the plan has no range.
    """
    ranges = list(model.rows.get("ranges", ()))
    problems = [p for row in ranges for p in _misfits(model, row)]
    if problems:
        raise InputError(problems)
    parts: dict[str, list[tuple[Row, Part]]] = {}
    for table, rows in model.rows.items():
        for column in value_columns(table):
            own = [r for r in ranges if (r.text("table"), r.text("column")) == (table, column)]
            taken, uncovered = _shared_out(table, rows, own, model.calendar.growing)
            problems += _uncovered(table, column, [rows[k] for k in uncovered if _says(rows[k], table, column)])
            for (place, owner), found in taken.items():
                row = own[place]
                part = Part(table, column, tuple(found), row.text("change"), row.number("low"), row.number("high"))
                problems += _outside(part, rows, row)
                parts.setdefault(f"{row.text('input')}/{owner}".rstrip("/"), []).append((row, part))
    if problems:
        raise InputError(problems)
    order = {id(row): k for k, row in enumerate(ranges)}
    return [_input(model, name, parts[name]) for name in sorted(parts, key=lambda n: (min(order[id(r)] for r, _ in parts[n]), n))]


def _says(row: Row, table: str, column: str) -> bool:
    """Whether a row says something in a column that may be left out: nothing is no guess."""
    return not next(c for c in TABLES[table].columns if c.name == column).optional or row.number(column) != 0


def _misfits(model: Model, row: Row) -> Iterator[Problem]:
    table, column, owner = row.text("table"), row.text("column"), row.text("owner")
    if not (table in TABLES and value_columns(table)):
        allowed = ", ".join(name for name in TABLES if value_columns(name))
        yield Problem("bad-range", f"{row.where}, table", table, allowed, say("A typing slip, or a table that reaches no plan?"))
        return
    if column not in value_columns(table):
        yield Problem("bad-range", f"{row.where}, column", column, ", ".join(value_columns(table)))
    owners = {r.text(TABLES[table].owner) for r in model.rows.get(table, ())}
    if owners and owner not in {*owners, EACH, TOGETHER}:
        yield Problem("bad-range", f"{row.where}, owner", owner, ", ".join([EACH, TOGETHER, *sorted(owners)]), slip(owner, owners))
    if row.number("low") > row.number("high"):
        found = say("{low:g}, above high {high:g}", low=row.number("low"), high=row.number("high"))
        yield Problem("bad-range", f"{row.where}, low", found, say("at most the high"), say("Swapped?"))
    if row.text("part") != "year" and all(_season(r, model.calendar.growing) == "" for r in model.rows.get(table, ())) and owners:
        yield Problem("bad-range", f"{row.where}, part", row.text("part"), "year", say("Rows of {table} have no season.", table=table))


def _season(row: Row, growing: Sequence[int]) -> str:
    """The season of a row; empty where it has none."""
    values = row.values
    if "season" in values:
        return row.text("season")
    if "month" in values:
        return season_of(int(row.number("month")), growing)
    if "period" in values:
        return season_of(int(row.text("period")[5:7]), growing)
    day = next((values[name] for name in ("start", "date") if name in values), None)
    return season_of(day.month, growing) if isinstance(day, dt.date) else ""


def _shared_out(
    table: str, rows: Sequence[Row], ranges: Sequence[Row], growing: Sequence[int]
) -> tuple[dict[tuple[int, str], list[int]], list[int]]:
    """The rows each range covers, by the place of the range and the owner; and doubtful rows that none covers.

    Of several ranges that fit a row the most particular counts: a named owner before ``each`` and that before
    ``together``, then a season before the year.
    """
    taken: dict[tuple[int, str], list[int]] = {}
    uncovered = []
    for k, row in enumerate(rows):
        name, season, doubtful = row.text(TABLES[table].owner), _season(row, growing), row.text("grade") in DOUBTFUL
        fits = [
            (({EACH: 1, TOGETHER: 0}.get(r.text("owner"), 2), r.text("part") != "year"), place)
            for place, r in enumerate(ranges)
            if r.text("owner") in (name, EACH, TOGETHER) and r.text("part") in ("year", season) and _covers(r, row)
        ]
        if fits:
            _, place = max(fits)
            taken.setdefault((place, name if ranges[place].text("owner") == EACH else ""), []).append(k)
        elif doubtful:
            uncovered.append(k)
    return taken, uncovered


def _covers(ranged: Row, row: Row) -> bool:
    """A range covers rows of its grade and of all below it."""
    return GRADES.index(row.text("grade")) >= GRADES.index(ranged.text("from_grade"))


def _uncovered(table: str, column: str, rows: Sequence[Row]) -> Iterator[Problem]:
    if rows:
        owners = sorted({row.text(TABLES[table].owner) for row in rows})
        found = say_many(
            "{count} row assumed or unverified without a range ({names})",
            "{count} rows assumed or unverified without a range ({names})",
            len(rows),
            names=", ".join([*owners[:5], *["..."][: len(owners) > 5]]),
        )
        yield Problem("no-range", f"{table}.csv, {column}", found, say("a row of ranges.csv that covers them"))


def _outside(part: Part, rows: Sequence[Row], row: Row) -> Iterator[Problem]:
    column = next(c for c in TABLES[part.table].columns if c.name == part.column)
    for end, position in (("low", 0.0), ("high", 1.0)):
        moved_to = [part.changed(rows[k].number(part.column), position) for k in part.rows]
        # a column that may be negative is not made so by a doubt alone
        if min(moved_to) < 0 and not (column.signed and min(rows[k].number(part.column) for k in part.rows) < 0):
            found = say("a {column} of {value:g}", column=part.column, value=min(moved_to))
            yield Problem("bad-range", f"{row.where}, {end}", found, say("a range within 0 or more"))
        elif max(moved_to) > 1 and part.column.endswith("_fraction") and not column.ratio:
            yield Problem(
                "bad-range",
                f"{row.where}, {end}",
                say("a {column} of {value:g}", column=part.column, value=max(moved_to)),
                say("a range within a share of 1"),
            )


def _input(model: Model, name: str, found: Sequence[tuple[Row, Part]]) -> Input:
    row, first = found[0]
    rows = [model.rows[part.table][k] for _, part in found for k in part.rows]
    unit = split_unit(first.column)[1] or next(iter({r.unit for r in rows}))
    numbers = [model.rows[first.table][k].number(first.column) for k in first.rows]
    count = 1 if unit in SUMS else len(numbers)
    return Input(
        name=name,
        title=row.text("name"),
        title_ru=row.text("name_ru"),
        owner=name.partition("/")[2],
        parts=tuple(part for _, part in found),
        unit=unit,
        value=sum(numbers) / count,
        low=sum(first.changed(v, 0.0) for v in numbers) / count,
        high=sum(first.changed(v, 1.0) for v in numbers) / count,
        grades=dict(sorted(Counter(r.text("grade") for r in rows).items())),
        sources=tuple(sorted({r.text("source") for r in rows})),
        range_grade=row.text("grade"),
        range_source=row.text("source"),
        note=str(row.values.get("note", "")),
        moves=any(_moves(model, part) for _, part in found),
    )


def _moves(model: Model, part: Part) -> bool:
    values = [model.rows[part.table][k].number(part.column) for k in part.rows]
    return any(part.changed(v, end) != v for v in values for end in (0.0, 1.0))


def moved(model: Model, positions: Iterable[tuple[Input, float]]) -> dict[str, list[Row]]:
    """The tables with the rows of some inputs moved, each to a position between its low (0) and its high (1)."""
    tables: dict[str, list[Row]] = {}
    for chosen, position in positions:
        for part in chosen.parts:
            rows = tables.setdefault(part.table, list(model.rows[part.table]))
            for k in part.rows:
                value = part.changed(model.rows[part.table][k].number(part.column), position)
                rows[k] = replace(rows[k], values={**rows[k].values, part.column: value})
    return tables
