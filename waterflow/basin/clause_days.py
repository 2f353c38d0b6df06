"""Clause days: the windows and dates that days of a clause, with a year or of every year, are in a horizon."""

from __future__ import annotations

import datetime as dt
from calendar import isleap

from waterflow.calendar import Calendar, Window
from waterflow.words.catalogue import say

__all__ = ["dates_of", "windows_of"]

#: length of a day that has no year, ``04-01``
YEARLESS = 5
LEAP_DAY = "02-29"


def _date(day: str, year: int) -> dt.date:
    """A day of a year; the last of February where it has no 29th, since a yearly rule names it for the month's end."""
    shown = day if len(day) > YEARLESS else f"{year}-{LEAP_DAY[:-1]}8" if day == LEAP_DAY and not isleap(year) else f"{year}-{day}"
    try:
        return dt.date.fromisoformat(shown)
    except ValueError:
        message = say("{day}, which is no day of any year", day=day)
        raise ValueError(message) from None


def windows_of(calendar: Calendar, start: str, end: str) -> list[Window]:
    """The spans two days make in a horizon; days without a year make one in every year that holds it whole.

    Raises
    ------
    ValueError
        If a day does not exist, only one has a year, or nothing of the span is whole periods of the horizon.
    """
    if (len(start) > YEARLESS) != (len(end) > YEARLESS):
        message = say("{window}: one day has a year, the other has none", window=f"{start}/{end}")
        raise ValueError(message)
    if len(start) > YEARLESS:
        window = Window(_date(start, 0), _date(end, 0))
        calendar.inside(window)
        return [window]
    found = []
    for year in range(calendar.start.year - 1, calendar.end.year + 1):
        first, last = _date(start, year), _date(end, year + (end < start))
        if first >= calendar.start and last <= calendar.end:
            found.append(Window(first, last))
            calendar.inside(found[-1])
    if not found:
        message = say("{window} does not lie in the horizon {horizon}", window=f"{start}/{end}", horizon=f"{calendar.start}/{calendar.end}")
        raise ValueError(message)
    return found


def dates_of(calendar: Calendar, day: str) -> list[tuple[dt.date, int]]:
    """The dates of a horizon that a day is, each with the period that ends before it.

    Raises
    ------
    ValueError
        If the day does not exist, or no period of the horizon ends before it.
    """
    years = [0] if len(day) > YEARLESS else range(calendar.start.year, calendar.end.year + 2)
    every = [_date(day, year) for year in years]
    ends = {p.end + dt.timedelta(days=1): k for k, p in enumerate(calendar.periods)}
    found = [(date, ends[date]) for date in every if date in ends]
    return found or [(every[0], calendar.ends_before(every[0]))]
