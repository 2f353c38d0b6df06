"""Observations of a sheet as rows of our tables: months with the days found in them, gaps told and never filled."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waterflow.calendar import SECONDS_OF_DAY, Period, periods_of_month
from waterflow.errors import InputError, Problem
from waterflow.exchange.sheet_columns import Found, Meaning
from waterflow.loading.spellings import FIRST_DAY, day_of, month_and_dekad
from waterflow.words.catalogue import say

__all__ = ["Month", "SeriesFound", "months_of", "read_values"]

#: a cell that says that there is no value
BLANK = ("", "-", "--", "—", "–", "na", "n/a", "nan", "н/д", "нд")
#: a cell's time: a day, or a month with a dekad of it or none
Time = dt.date | tuple[int, int, int | None]


@dataclass(frozen=True)
class Month:
    """A month, or a dekad of one, of a series: how many of its days were found, of how many, and its volume or storage, Mm3.

    ``value`` is None where days are missing: part of a month is no month.
    """

    period: Period
    found: int
    value: float | None


@dataclass(frozen=True)
class SeriesFound:
    """A column: its values by time, the step they are in, and how often the same value was there twice."""

    meaning: Meaning
    step: str
    months: tuple[Month, ...]
    blank: int
    repeated: int


def read_values(cells: Sequence[Sequence[Any]], head: int, found: Found, shown: str) -> list[SeriesFound]:
    """Every column of values.

    Raises
    ------
    InputError
        If a time or a value is none, a time has two values, or a storage is of a day that may stand for two months.
    """
    problems: list[Problem] = []
    times: list[tuple[int, Time]] = []
    for number, row in enumerate(cells[head + 1 :], start=head + 2):
        if not any(cell != "" for cell in row):
            continue
        time = _time(row[found.time] if len(row) > found.time else "")
        where = say("{shown}, row {number}", shown=shown, number=number)
        if time is None:
            said = str(row[found.time]) if len(row) > found.time and row[found.time] != "" else say("a blank cell")
            problems.append(Problem("bad-period", where, said, say("a day, a dekad or a month, with its year")))
        else:
            times.append((number, time))
    series = [_series(cells, times, meaning, shown, problems) for meaning in found.values]
    if problems:
        raise InputError(problems)
    return series


def _time(cell: Any) -> Time | None:
    return day_of(cell) or month_and_dekad(cell)


def _series(
    cells: Sequence[Sequence[Any]], times: Sequence[tuple[int, Time]], meaning: Meaning, shown: str, problems: list[Problem]
) -> SeriesFound:
    values: dict[Time, float] = {}
    blank = repeated = 0
    for number, time in times:
        row = cells[number - 1]
        cell = row[meaning.column] if len(row) > meaning.column else ""
        where = say("{shown}, row {number}, {heading}", shown=shown, number=number, heading=meaning.heading)
        if isinstance(cell, str) and cell.strip().casefold() in BLANK:
            blank += 1
            continue
        value = _number(cell)
        if value is None or value < 0:
            problems.append(Problem("not-a-number", where, str(cell), say("a number of zero or more, or a blank cell")))
        elif time in values and values[time] != value:
            problems.append(Problem("twice", where, f"{values[time]:g}, {value:g}", say("one value at a time")))
        else:
            repeated += time in values
            values[time] = value
    step = _step(values)
    if meaning.quantity == "storage" and values and step != "day" and all(isinstance(t, dt.date) for t in values):
        cause = say("A storage on such a day is that of the month or dekad before: write months as YYYY-MM, dekads as YYYY-MM-d1.")
        problems.append(
            Problem(
                "bad-period",
                say("{shown}, column {heading}", shown=shown, heading=meaning.heading),
                say("days that begin months or dekads"),
                "YYYY-MM, YYYY-MM-d1",
                cause,
            )
        )
        return SeriesFound(meaning, step, (), blank, repeated)
    return SeriesFound(meaning, step, months_of(values, step, meaning), blank, repeated)


def _number(cell: Any) -> float | None:
    try:
        value = float(cell) if not isinstance(cell, bool) else math.nan
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _step(values: Mapping[Time, float]) -> str:
    """How long a value stands for, judged for the whole column: first days alone are months, days 1, 11 and 21 alone dekads."""
    days = [t.day for t in values if isinstance(t, dt.date)]
    parts = [t for t in values if not isinstance(t, dt.date)]
    if days and set(days) == {1}:
        return "month"
    if days and set(days) <= {1, 11, 21}:
        return "dekad"
    if days:
        return "day"
    return "dekad" if any(t[2] for t in parts) else "month"


def months_of(values: Mapping[Time, float], step: str, meaning: Meaning) -> tuple[Month, ...]:
    """The values by month, from the first to the last; by dekad if they are.

    Parameters
    ----------
    values : mapping of time to value
        In the unit of the meaning: m3/s are means of their day, dekad or month.
    step : {"day", "dekad", "month"}
    meaning : Meaning
    """
    if not values:
        return ()
    by_period = {_key(time, step): value for time, value in values.items()} if step != "day" else {}
    firsts = sorted((t.year, t.month) if isinstance(t, dt.date) else t[:2] for t in values)
    (y0, m0), (y1, m1) = firsts[0], firsts[-1]
    months: list[Month] = []
    for k in range(y0 * 12 + m0 - 1, y1 * 12 + m1):
        periods = periods_of_month(k // 12, k % 12 + 1, "dekad" if step == "dekad" else "month")
        months += [_by_day(values, p, meaning) if step == "day" else _whole(by_period, p, meaning) for p in periods]
    return tuple(months)


def _key(time: Time, step: str) -> tuple[int, int, int]:
    if isinstance(time, dt.date):
        return time.year, time.month, (time.day - 1) // 10 + 1 if step == "dekad" else 0
    dekad = 1 if step == "dekad" and time[2] == FIRST_DAY else time[2] or 0
    return time[0], time[1], dekad if step == "dekad" else 0


def _volume(value: float, days: int, meaning: Meaning) -> float:
    return value * days * SECONDS_OF_DAY / 1e6 if meaning.unit == "m3/s" else value * meaning.factor


def _by_day(values: Mapping[Time, float], period: Period, meaning: Meaning) -> Month:
    days = [period.start + dt.timedelta(days=k) for k in range(period.days)]
    found = [day for day in days if day in values]
    if meaning.quantity == "storage":
        last = values.get(period.end)
        return Month(period, len(found), None if last is None else last * meaning.factor)
    whole = len(found) == period.days
    return Month(period, len(found), math.fsum(_volume(values[day], 1, meaning) for day in days) if whole else None)


def _whole(by_period: Mapping[tuple[int, int, int], float], period: Period, meaning: Meaning) -> Month:
    dekad = int(period.label[-1]) if "-d" in period.label else 0
    value = by_period.get((period.start.year, period.month, dekad))
    if value is None:
        return Month(period, 0, None)
    return Month(period, period.days, value * meaning.factor if meaning.quantity == "storage" else _volume(value, period.days, meaning))
