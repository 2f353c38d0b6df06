"""The table of a plan in the file somebody brings: on which sheet it stands, in which line its header is, and what it is if no plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from waterflow.errors import Problem
from waterflow.loading.decimal_signs import with_one_decimal_sign
from waterflow.loading.plan_cells import understood
from waterflow.loading.plan_origin import SHEET
from waterflow.loading.spellings import day_of
from waterflow.loading.spreadsheet import Cells, read_sheets
from waterflow.words.catalogue import say

__all__ = ["read_cells"]

#: lines in which a header is looked for, below titles and dates of issue
TITLES = 10
#: days of one month, not the first of a dekad, from which figures are by day
DAILY = 3
#: what begins a line about a station, in files of gauges
STATION = "#"


def read_cells(path: Path, *, by_day: bool = False) -> Cells:
    """The cells of the one table that can be a plan, its header first; every other line keeps its place.

    Lines above the header are passed over. A header of two lines, places above what is told of them, is read as one.
    Figures by day are refused unless asked for ``by_day``: no plan has them.

    Raises
    ------
    InputError
        If there is no such file, it is not a table, several sheets could be meant, it holds another kind of figures, or its
        numbers may be read in two ways.
    """
    # the sheet that says from what an annex was made is no plan
    sheets = {name: cells for name, cells in read_sheets(path).items() if any(cells) and name != SHEET}
    if not sheets:
        raise Problem("not-a-table", path.name, say("an empty table"), say("a header and rows")).refusal()
    plans = {name: found for name, cells in sheets.items() if (found := _with_header(cells))}
    if len(plans) > 1:
        several = say("several sheets that may be meant: {names}", names=", ".join(plans))
        raise Problem("not-a-table", path.name, several, say("one sheet with a plan"), say("Keep one in a file of its own.")).refusal()
    cells = next(iter((plans or sheets).values()))
    if (another := _another_kind(cells, path.name)) and not by_day:
        raise another.refusal()
    return with_one_decimal_sign(cells if plans else _from_first_line(cells), path.name)


def _with_header(cells: Cells) -> Cells | None:
    """The cells with their header first and blank lines for those above it; None if no line can be a header."""
    for k in range(min(TITLES, len(cells))):
        headers = [(cells[k], cells[k + 1 :]), *((both, cells[k + 2 :]) for both in _joined(cells, k))]
        fitting = [(header, rows) for header, rows in headers if header and any(map(_filled, rows)) and understood(header)]
        if fitting:
            # places alone say less than places and, in the line above or below, what is told of them
            header, rows = max(fitting, key=lambda found: understood(found[0]))
            return [header, *[[] for _ in range(len(cells) - len(rows) - 1)], *rows]
    return None


def _from_first_line(cells: Cells) -> Cells:
    """The cells from the first line that has more than a title, with blank lines for those above it."""
    k = next((k for k, row in enumerate(cells) if sum(map(_filled_cell, row)) > 1), 0)
    return [cells[k], *[[] for _ in range(k)], *cells[k + 1 :]]


def _joined(cells: Cells, k: int) -> list[list[Any]]:
    """Two lines as one header, in either order; a cell above holds for the blank ones to its right. None if the second is none of words."""
    if k + 1 >= len(cells) or not all(isinstance(cell, str) for cell in cells[k + 1]):
        return []
    above, below = cells[k], cells[k + 1]
    pairs, last = [], ""
    for column in range(max(len(above), len(below))):
        said = str(above[column]) if column < len(above) else ""
        last = said or last
        under = below[column] if column < len(below) else ""
        pairs.append((last if under else said, under))
    return [[f"{a} {b}".strip() for a, b in pairs], [f"{b} {a}".strip() for a, b in pairs]] if any(below) else []


def _filled(row: list[Any]) -> bool:
    return any(map(_filled_cell, row))


def _filled_cell(cell: Any) -> bool:
    return bool(str(cell).strip())


def _another_kind(cells: Cells, shown: str) -> Problem | None:
    """What a table is that is no plan, in one message that says what to do; None if it may be one."""
    if any(str(row[0]).startswith(STATION) for row in cells[:1] if row):
        allowed = say("a plan: place, quantity, period, value_m3s")
        cause = say("A station file? Give its figures by month or dekad in a table of those columns.")
        return Problem("not-a-table", shown, say("lines that begin with #, as in the files of gauges"), allowed, cause)
    days = sorted(set(_days(cells)))
    by_month: dict[tuple[int, int], int] = {}
    for day in days:
        if day.day not in (1, 11, 21):
            by_month[day.year, day.month] = by_month.get((day.year, day.month), 0) + 1
    if max(by_month.values(), default=0) < DAILY:
        return None
    found = say("figures by day, {first} to {last}", first=days[0], last=days[-1])
    cause = say("Take the mean of m3/s, or the sum of volumes, over each month or dekad.")
    return Problem("not-a-table", shown, found, say("figures by month or by dekad"), cause)


def _days(cells: Cells) -> Iterator[dt.date]:
    """Every cell that is a day, in the header or in the first columns."""
    for row in cells[: TITLES + 1]:
        yield from (day for cell in row if (day := day_of(cell)))
    for row in cells[TITLES + 1 :]:
        yield from (day for cell in row[:3] if (day := day_of(cell)))
