"""Days with a year or of every year, in clauses and tables: the windows and dates they are in a horizon."""

from __future__ import annotations

import datetime as dt
from calendar import isleap

from waterflow.calendar import Calendar, Window
from waterflow.words.catalogue import say

__all__ = ["dates_of", "is_yearly", "likely_cause", "spans_of", "windows_of"]

#: length of a day that has no year, ``04-01``
YEARLESS = 5
LEAP_DAY = "02-29"


def is_yearly(day: str) -> bool:
    """True if a day has no year, so that it is meant in every one."""
    return len(day) == YEARLESS


def _date(day: str, year: int) -> dt.date:
    """A day of a year; the last of February where it has no 29th, since a yearly rule names it for the month's end."""
    shown = day if not is_yearly(day) else f"{year}-{LEAP_DAY[:-1]}8" if day == LEAP_DAY and not isleap(year) else f"{year}-{day}"
    try:
        return dt.date.fromisoformat(shown)
    except ValueError:
        message = say("{day}, which is no day of any year", day=day)
        raise ValueError(message) from None


def spans_of(calendar: Calendar, start: str, end: str) -> list[Window]:
    """The spans two days make that meet a horizon, whole or in part; days without a year make one in every year.

    Raises
    ------
    ValueError
        If a day does not exist, only one has a year, or no span meets the horizon.
    """
    if is_yearly(start) != is_yearly(end):
        message = say("{window}: one day has a year, the other has none", window=f"{start}/{end}")
        raise ValueError(message)
    years = range(calendar.start.year - 1, calendar.end.year + 1) if is_yearly(start) else (0,)
    every = [Window(_date(start, year), _date(end, year + (end < start))) for year in years]
    return [window for window in every if window.start <= calendar.end and window.end >= calendar.start]


def windows_of(calendar: Calendar, start: str, end: str) -> list[Window]:
    """The spans two days make in a horizon; days without a year make one in every year that holds it whole.

    Raises
    ------
    ValueError
        If a day does not exist, only one has a year, or nothing of the span is whole periods of the horizon.
    """
    spans = spans_of(calendar, start, end)
    if not is_yearly(start):
        spans = spans or [Window(_date(start, 0), _date(end, 0))]
    else:
        spans = [window for window in spans if window.start >= calendar.start and window.end <= calendar.end]
    if not spans:
        message = say("{window} does not lie in the horizon {horizon}", window=f"{start}/{end}", horizon=f"{calendar.start}/{calendar.end}")
        raise ValueError(message)
    for window in spans:
        calendar.inside(window)
    return spans


def dates_of(calendar: Calendar, day: str) -> list[tuple[dt.date, int]]:
    """The dates of a horizon that a day is, each with the period that ends before it.

    Raises
    ------
    ValueError
        If the day does not exist, or no period of the horizon ends before it.
    """
    years = range(calendar.start.year, calendar.end.year + 2) if is_yearly(day) else [0]
    every = [_date(day, year) for year in years]
    ends = {p.end + dt.timedelta(days=1): k for k, p in enumerate(calendar.periods)}
    found = [(date, ends[date]) for date in every if date in ends]
    return found or [(every[0], calendar.ends_before(every[0]))]


def likely_cause(start: dt.date | str, end: dt.date | str) -> str:
    """Why days are likely to fit no horizon: February ends on its 29th in some years, or they are of another season."""
    last = str(end)
    if last.endswith("02-28") and (is_yearly(last) or isleap(int(last[:4]))):
        return say("02-29 is the end of February in every year.")
    return say("Another season?")
