"""Periods as people type them in a plan or in facts, and which periods of a river they mean."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Any

from waterflow.calendar import EVEN_STEPS, Calendar
from waterflow.errors import Problem
from waterflow.loading.spellings import BEGINS, FIRST_DAY, day_of, month_and_dekad
from waterflow.words.catalogue import say

__all__ = ["Typed", "is_period", "typed_periods"]

WEEK = re.compile(r"(\d{4}-\d{2}-\d{2})w$")


@dataclass(frozen=True)
class Typed:
    """Positions of the periods that are meant, and the days of all that was typed, inside the horizon or not."""

    periods: tuple[int, ...]
    days: int


def is_period(cell: Any) -> bool:
    """True if a cell can be a period: a month, a dekad, a week or a day."""
    return bool(month_and_dekad(cell) or day_of(cell) or (isinstance(cell, str) and WEEK.match(cell.strip())))


def typed_periods(cell: Any, calendar: Calendar, *, dekads: bool) -> Typed | Problem:
    """What a cell means: a month or a dekad, and where a river is planned by days or weeks a day, or the first day of a week.

    Parameters
    ----------
    cell : object
    calendar : Calendar
    dekads : bool
        True if a first day of a month means its first dekad.
    """
    if calendar.step in EVEN_STEPS:
        return _by_days(cell, calendar, dekads=dekads)
    said = month_and_dekad(cell)
    if said is None:
        return _unread(cell, say("2024-10, Oct 2024 or its first day for a month; 2024-10-d1 for a dekad"))
    year, month, dekad = said
    if dekad == FIRST_DAY:
        dekad = 1 if dekads else None
    label = f"{year:04d}-{month:02d}" + (f"-d{dekad}" if dekad else "")
    found = tuple(k for k, own in enumerate(calendar.labels) if own == label or own.startswith(f"{label}-"))
    if not found:
        return _outside(label, calendar)
    return Typed(found, calendar.periods[found[0]].days if dekad or calendar.step == "month" else monthrange(year, month)[1])


def _by_days(cell: Any, calendar: Calendar, *, dekads: bool) -> Typed | Problem:
    week = WEEK.match(cell.strip()) if isinstance(cell, str) else None
    day = day_of(week[1]) if week else day_of(cell)
    if day:
        return _from(day, cell, calendar, week=bool(week))
    said = month_and_dekad(cell)
    if said is None or (calendar.step == "week" and said):
        allowed = (
            say("2024-10-05w or the first day of a week") if calendar.step == "week" else say("a day, or 2024-10 for all days of a month")
        )
        return _unread(cell, allowed)
    year, month, dekad = said
    last = monthrange(year, month)[1]
    first = {1: 1, 2: 11, 3: 21}.get(dekad or 1, 1)
    final = {1: 10, 2: 20}.get(dekad or 3, last) if dekad else last
    span = range(dt.date(year, month, first).toordinal(), dt.date(year, month, final).toordinal() + 1)
    found = tuple(k for k, p in enumerate(calendar.periods) if p.start.toordinal() in span)
    return Typed(found, len(span)) if found else _outside(str(cell), calendar)


def _from(day: dt.date, cell: Any, calendar: Calendar, *, week: bool) -> Typed | Problem:
    """The period that begins on a day; a week where days are planned is as many of them."""
    length = EVEN_STEPS["week"] if week or calendar.step == "week" else 1
    k = next((k for k, p in enumerate(calendar.periods) if p.start == day), None)
    if k is None:
        inside = calendar.start <= day <= calendar.end
        return (
            _unread(cell, say("the first day of a week, counted from {start}", start=calendar.start))
            if inside
            else _outside(str(cell), calendar)
        )
    count = length // EVEN_STEPS[calendar.step]
    return Typed(tuple(range(k, min(k + count, len(calendar.periods)))), length)


def _unread(cell: Any, allowed: str) -> Problem:
    return Problem("bad-period", "", str(cell) or say("a blank"), allowed)


def _outside(label: str, calendar: Calendar) -> Problem:
    allowed = say("{first} to {last}", first=calendar.labels[0], last=calendar.labels[-1])
    return Problem("outside-horizon", "", label, allowed, say("Another season, or another step?"))


def days_beside_dekads(cells: list[list[Any]]) -> bool:
    """True if some date is the first day of no dekad: then dates are days."""
    return any(day.day not in BEGINS for row in cells for cell in row if (day := day_of(cell)))
