"""Operational sheets by day: labels in two lines beside or above the figures, days across or down; shifted labels are told, never mended.

Which label is which place is said by a table of labels. Where it says which label is a total and which are its parts, the sheet is checked:
total = sum of parts. If it is not, but would be with every label read a row (or a column) further on, that is told.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.loading.decimal_signs import with_one_decimal_sign
from waterflow.loading.fact_table import TypedFigure, sound
from waterflow.loading.shifted_labels import shift_problem
from waterflow.loading.spellings import day_of, month_and_dekad, plain, unit_of
from waterflow.loading.spreadsheet import Cells, read_sheets
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Daily", "Label", "read_daily", "read_labels"]

#: lines in which the days are looked for, columns beside which labels stand, and days that make a sheet one by day
TITLES, MARGIN, DAILY = 15, 6, 3
COLUMNS = ("label", "place", "quantity", "unit", "part_of")
#: what stands in a cell that has no figure
ABSENT = ("", "-", "–", "—")


@dataclass(frozen=True)
class Label:
    """What a label of a sheet means; one without a place is read for the check alone."""

    label: str
    place: str
    quantity: str
    unit: str
    part_of: str


@dataclass(frozen=True)
class Daily:
    """Figures by day, and what was left aside: labels without a place, columns that are no days, blank cells; labels that never came."""

    figures: tuple[TypedFigure, ...]
    left_aside: tuple[str, ...]
    blanks: int
    absent: tuple[str, ...]
    checked: int


@dataclass(frozen=True)
class _Series:
    """A line or a column of figures beside its label."""

    where: str
    label: str
    values: Mapping[dt.date, Any]


def read_labels(path: Path) -> dict[str, Label]:
    """A table of labels, by the plain spelling of each: label, place, quantity, unit (m3/s or Mm3), part_of (the label of its total).

    Raises
    ------
    InputError
        With everything wrong at once.
    """
    header, *rows = next(iter(read_sheets(path).values())) or [[]]
    names = [plain(cell) for cell in header]
    problems = [
        Problem("missing-column", path.name, say("no column {column}", column=c), ", ".join(COLUMNS)) for c in COLUMNS if c not in names
    ]
    problems += [
        Problem("unknown-column", path.name, n or say("a blank"), ", ".join(COLUMNS), slip(n, COLUMNS)) for n in names if n not in COLUMNS
    ]
    if problems:
        raise InputError(problems)
    found: dict[str, Label] = {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        cells = dict(zip(names, [str(c).strip() for c in row] + [""] * len(names), strict=False))
        where = say("{shown}, row {number}", shown=path.name, number=number)
        unit, factor = unit_of(cells["unit"])
        if factor != 1.0 or not unit:
            problems.append(Problem("unknown-unit", where, cells["unit"] or say("no unit"), say("m3/s or Mm3")))
        if plain(cells["label"]) in found:
            problems.append(Problem("twice", where, cells["label"], say("each label once")))
        found[plain(cells["label"])] = Label(cells["label"], cells["place"], cells["quantity"], unit, cells["part_of"])
    for label in found.values():
        if label.part_of and plain(label.part_of) not in found:
            known = [x.label for x in found.values()]
            problems.append(Problem("unknown-place", path.name, label.part_of, say("a label of the table"), slip(label.part_of, known)))
    if problems:
        raise InputError(problems)
    return found


def read_daily(path: Path, labels: Mapping[str, Label], shifted: int | None = None) -> Daily:
    """The figures of an operational sheet by day.

    Parameters
    ----------
    path : Path
        CSV or workbook; of several sheets the one that has days.
    labels : mapping of Label
        As `read_labels` gives them.
    shifted : int, optional
        How many rows (or columns) further on the label of each figure is to be read; 0 to take labels as they stand although the sums
        do not come out. Without it a sheet whose sums do not come out is refused.

    Raises
    ------
    InputError
        If it has no days, a label means nothing, a figure is none, or totals are not the sums of their parts.
    """
    series, across, aside = _series(path)
    problems = [
        Problem("unknown-place", x.where, x.label, say("a label of the table of labels"), slip(x.label, [n.label for n in labels.values()]))
        for x in series
        if plain(x.label) not in labels
    ]
    if problems:
        raise InputError(problems)
    meant = [labels[plain(x.label)] for x in series]
    values = [{day: v for day, cell in x.values.items() if isinstance(v := sound(cell), float)} for x in series]
    problem, checked = shift_problem(path.name, meant, values, across=across, accepted=shifted)
    if problem:
        raise problem.refusal()
    return _read(series, meant, labels, shifted or 0, aside, checked)


def _read(
    series: Sequence[_Series], meant: Sequence[Label], labels: Mapping[str, Label], shift: int, aside: Sequence[str], checked: int
) -> Daily:
    figures, problems, left, blanks = list[TypedFigure](), list[Problem](), list(aside), 0
    for k, own in enumerate(series):
        label = meant[k + shift] if 0 <= k + shift < len(meant) else None
        if label is None or not label.place:
            left.append(own.label if label is None else label.label)
            continue
        for day, cell in own.values.items():
            if str(cell).strip() in ABSENT:
                blanks += 1
                continue
            value = sound(cell)
            where = f"{own.where}, {day}"
            if isinstance(value, Problem):
                problems.append(Problem(value.code, where, value.found, value.allowed, value.cause))
            else:
                figures.append(TypedFigure(where, label.place, label.quantity, str(day), value, label.unit))
    if problems:
        raise InputError(problems)
    came = {plain(label.label) for label in meant}
    absent = tuple(x.label for name, x in labels.items() if name not in came)
    return Daily(tuple(figures), tuple(dict.fromkeys(left)), blanks, absent, checked)


def _series(path: Path) -> tuple[list[_Series], bool, list[str]]:
    """Labelled lines or columns of the sheet that has days; True if days stand across; headers that are no days."""
    for cells in read_sheets(path).values():
        read = with_one_decimal_sign([[], *cells], path.name)[1:]
        width = max(map(len, read), default=0)
        grid = [[*row, *[""] * (width - len(row))] for row in read]
        for found, across in ((_across(grid, path.name), True), (_down(grid, path.name), False)):
            if found:
                return found[0], across, found[1]
    allowed = say("days across or down: dates, or 1 to 31 below a month")
    raise Problem("not-a-table", path.name, say("no days"), allowed, say("A table without days? Leave --labels out.")).refusal()


def _days(cells: Sequence[Any], month: tuple[int, int] | None) -> dict[int, dt.date]:
    """Positions of days: dates, or the numbers of days of a month, each one more than the last."""
    dates = {k: day for k, cell in enumerate(cells) if (day := day_of(cell))}
    if len(dates) >= DAILY or month is None:
        return dates
    numbers: dict[int, dt.date] = {}
    for k, cell in enumerate(cells):
        number = _whole(cell)
        if number == len(numbers) + 1 <= monthrange(*month)[1]:
            numbers[k] = dt.date(*month, number)
    return numbers


def _whole(cell: Any) -> int:
    try:
        number = float(str(cell))
    except ValueError:
        return 0
    return int(number) if number.is_integer() else 0


def _month(grid: Cells) -> tuple[int, int] | None:
    """The month that a title names: a cell that is one, or words of a cell that are."""
    for row in grid[:TITLES]:
        for cell in row:
            words = str(cell).replace(",", " ").split()
            for text in (str(cell), *(" ".join(pair) for pair in pairwise(words))):
                said = None if day_of(text) else month_and_dekad(text)
                if said and not said[2]:
                    return said[0], said[1]
    return None


def _across(grid: Cells, shown: str) -> tuple[list[_Series], list[str]] | None:
    """Days in a line: labels stand to the left of them, a name holding for the blank ones below it."""
    month = _month(grid)
    found = {k: _days(row, month) for k, row in enumerate(grid[:TITLES])}
    line = max(found, key=lambda k: len(found[k]), default=None)
    if line is None or len(found[line]) < DAILY:
        return None
    days, names = found[line], list(range(min(found[line])))
    told = {k for k in names if any(_is_name(row[k]) for row in grid[line + 1 :])}
    aside = [str(cell) for k, cell in enumerate(grid[line]) if k not in days and k not in told and str(cell).strip()]
    series, last = [], ""
    for number, row in enumerate(grid[line + 1 :], start=line + 2):
        texts = [(k, str(row[k]).strip()) for k in names if _is_name(row[k])]
        if not texts or not any(str(row[k]).strip() for k in days):
            last = texts[0][1] if len(texts) == 1 else last
            continue
        below = _below(grid, line, number - 1, texts)
        last = texts[0][1] if not below else last
        label = " / ".join([last, *(t for _, t in texts if below or t != last)])
        where = say("{shown}, row {number}", shown=shown, number=number)
        series.append(_Series(where, label, {day: row[k] for k, day in days.items()}))
    return (series, aside) if series else None


def _is_name(cell: Any) -> bool:
    """True for a text that is no number: lines are numbered too."""
    return isinstance(cell, str) and any(sign.isalpha() for sign in cell)


def _below(grid: Cells, line: int, at: int, texts: Sequence[tuple[int, str]]) -> bool:
    """True if a line continues the name above it: its own text stands further right than names do."""
    columns = [k for row in grid[line + 1 : at] for k in range(min(MARGIN, len(row))) if _is_name(row[k])]
    return bool(columns) and texts[0][0] > min(columns)


def _down(grid: Cells, shown: str) -> tuple[list[_Series], list[str]] | None:
    """Days in a column: labels stand in the one or two lines above, the upper one holding for the blank cells to its right."""
    if not grid:
        return None
    month = _month(grid)
    found = {c: _days([row[c] for row in grid], month) for c in range(min(MARGIN, len(grid[0])))}
    column = max(found, key=lambda c: len(found[c]), default=None)
    if column is None or len(found[column]) < DAILY:
        return None
    days = found[column]
    heads = [row for row in grid[: min(days)] if sum(bool(str(c).strip()) for c in row) > 1][-2:]
    if not heads:
        return None
    return list(_columns(grid, heads, days, column, shown)), []


def _columns(grid: Cells, heads: Cells, days: Mapping[int, dt.date], column: int, shown: str) -> Iterator[_Series]:
    above = ""
    for c in range(len(grid[0])):
        top = str(heads[0][c]).strip() if len(heads) > 1 else ""
        above = top or above
        under = str(heads[-1][c]).strip()
        if c == column or not (under or top):
            continue
        label = " / ".join(filter(None, [above if len(heads) > 1 else "", under]))
        where = say("{shown}, column {position}", shown=shown, position=c + 1)
        yield _Series(where, label, {day: grid[k][c] for k, day in days.items()})
