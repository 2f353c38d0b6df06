"""Rows in time: a month's or a dekad's figure laid over the periods of a calendar, nothing missing, nothing outside."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Sequence

from waterflow.calendar import EVEN_STEPS, Calendar, Period
from waterflow.errors import Problem
from waterflow.loading.tables import Row
from waterflow.units import SUMS, split_unit
from waterflow.words.catalogue import say

__all__ = ["at_ends", "laid_out", "month_share", "per_period", "unit_slips", "usual_of"]

#: a figure below the first of these shares of its fellows, and within the other two once it is multiplied by
#: 1000, was written in km3; uses of water may nearly stop in winter, so only near misses are called slips there
STEADY = (1 / 100, 0.1, 10.0)
SEASONAL = (1 / 300, 0.5, 2.0)
KM3 = 1000.0
#: a slip of units jumps by about a thousand; a river that dries up falls by less from month to month
JUMP = 30.0


def per_period(value: float, unit: str, period: Period) -> float:
    """A flow in Mm3 per period, from Mm3 per period or m3/s."""
    return value / period.rate if unit == "m3s" else value


def month_share(period: Period) -> float:
    """Share of its month's days that a period has."""
    return period.days / monthrange(period.start.year, period.month)[1]


def laid_out(
    rows: Sequence[Row], column: str, calendar: Calendar, periods: Sequence[Period], what: str
) -> tuple[tuple[float, ...], list[Problem]]:
    """One value for each period from the rows of one thing.

    A month's volume is split over its dekads by days, a rate is kept; dekads' volumes are summed to their
    month and rates averaged by days. Any other span of time is counted day by day: a day has its part of the volume of
    the shortest row it lies in.

    Parameters
    ----------
    rows : sequence of Row
        All of one node, reach, demand...; each with ``month`` or ``period``.
    column : str
        Name of the number; its unit tells volumes from rates.
    calendar : Calendar
    periods : sequence of Period
        The horizon, the history or both.
    what : str
        How messages call the thing.
    """
    adds_up = split_unit(column)[1] in SUMS or (rows and rows[0].unit == "Mm3")
    by_label: dict[str, tuple[float, str]] = {}
    problems: list[Problem] = []
    known = {p.label for p in calendar.timeline} | {month for p in calendar.timeline for month, _ in p.month_parts}
    for row in rows:
        label = row.text("period") if "period" in row.values else f"{int(row.number('month')):02d}"
        if len(label) > 2 and label not in known and label[:7] not in known:
            allowed = say("{first} to {last}", first=calendar.timeline[0].label, last=calendar.timeline[-1].label)
            problems.append(Problem("outside-horizon", f"{row.where}, period", label, allowed, say("Another season's series?")))
        by_label[label] = (row.number(column), row.unit)
    found = [_value(by_label, period, calendar, adds_up=bool(adds_up)) for period in periods]
    problems += _missing(what, [period.label for period, value in zip(periods, found, strict=True) if value is None])
    return tuple(0.0 if value is None else value for value in found), problems


def _missing(what: str, labels: Sequence[str]) -> list[Problem]:
    """One problem for all periods that one thing lacks: a horizon made longer would else be told a dozen times over."""
    if not labels:
        return []
    return [Problem("missing-period", what, say("no row for {label}", label=", ".join(labels)), say("a row for every period"))]


def at_ends(
    rows: Sequence[Row], column: str, calendar: Calendar, periods: Sequence[Period], what: str
) -> tuple[tuple[float, ...], list[Problem]]:
    """One storage for the end of each period: those of ends of months as they stand, a straight line between them.

    The month before the first is that of the year before, where rows hold in every year; else its own figure stands.
    """
    ends, lacking = list[float](), list[str]()
    for period in periods:
        end = _end_of_month(rows, column, period.end)
        if end is None:
            lacking.append(period.label)
            ends.append(0.0)
            continue
        first = period.end.replace(day=1)
        before = _end_of_month(rows, column, first - dt.timedelta(days=1))
        passed = period.end.day / monthrange(first.year, first.month)[1]
        ends.append(end if before is None else before + (end - before) * passed)
    return tuple(ends), _missing(what, lacking)


def _end_of_month(rows: Sequence[Row], column: str, day: dt.date) -> float | None:
    """The figure of a day's month: of that year, or of every year."""
    for row in rows:
        label = row.text("period") if "period" in row.values else f"{int(row.number('month')):02d}"
        if label in (f"{day:%Y-%m}", f"{day:%m}"):
            return row.number(column)
    return None


def _value(by_label: dict[str, tuple[float, str]], period: Period, calendar: Calendar, *, adds_up: bool) -> float | None:
    month = period.label[:7]
    if period.label in by_label:
        return per_period(*by_label[period.label], period)
    whole = len(period.month_parts) == 1 and (calendar.step in ("month", "dekad") or not any(len(label) > len(month) for label in by_label))
    for label in (month, f"{period.month:02d}") if whole else ():
        if label in by_label:
            value, unit = by_label[label]
            if unit == "m3s":
                return per_period(value, unit, period)
            return value * month_share(period) if adds_up else value
    dekads = [f"{month}-d{k}" for k in (1, 2, 3)]
    if calendar.step == "month" and all(d in by_label for d in dekads):
        days = (10, 10, period.days - 20)
        if by_label[dekads[0]][1] == "m3s" or not adds_up:
            mean = sum(by_label[d][0] * n for d, n in zip(dekads, days, strict=True)) / period.days
            return per_period(mean, by_label[dekads[0]][1], period)
        return sum(by_label[d][0] for d in dekads)
    return _by_days(by_label, period, adds_up=adds_up)


def _by_days(by_label: dict[str, tuple[float, str]], period: Period, *, adds_up: bool) -> float | None:
    """The figure of a period from rows of other spans, each day from the shortest row it lies in; None if some day lies in none."""
    total, unit = 0.0, ""
    for k in range(period.days):
        found = _row_of(by_label, period.start + dt.timedelta(days=k))
        if found is None:
            return None
        (value, unit), days = found
        total += value / days if unit != "m3s" and adds_up else value
    if unit == "m3s":
        return per_period(total / period.days, unit, period)
    return total if adds_up else total / period.days


def _row_of(by_label: dict[str, tuple[float, str]], day: dt.date) -> tuple[tuple[float, str], int] | None:
    """The shortest row a day lies in, and how many days that has."""
    if found := by_label.get(f"{day}"):
        return found, 1
    for back in range(EVEN_STEPS["week"]):
        if found := by_label.get(f"{day - dt.timedelta(days=back)}w"):
            return found, EVEN_STEPS["week"]
    last = monthrange(day.year, day.month)[1]
    dekad = min(3, (day.day - 1) // 10 + 1)
    if found := by_label.get(f"{day:%Y-%m}-d{dekad}"):
        return found, last - 20 if dekad == 3 else 10
    found = by_label.get(f"{day:%Y-%m}") or by_label.get(f"{day:%m}")
    return (found, last) if found else None


def unit_slips(rows: Iterable[Row], column: str, group: Sequence[str], *, seasonal: bool) -> list[Problem]:
    """Volumes that look written in km3 among their fellows in Mm3 (same node, demand, party...).

    A river may nearly dry up, and it does so by degrees: rows in time are called slips only where the figure jumps, and jumps
    back, by `JUMP`.
    """
    together: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        together.setdefault(tuple(row.text(g) for g in group if g in row.values), []).append(row)
    problems = []
    for fellows in together.values():
        usual = usual_of([row.number(column) for row in fellows])
        series: dict[str, list[int]] = {}
        for k, row in enumerate(fellows):
            series.setdefault(row.text("series") if "series" in row.values else "", []).append(k)
        for own in series.values():
            for k in _slipped(fellows, own, column, usual, SEASONAL if seasonal else STEADY):
                found = say("{value:g}, while its fellows are about {usual:g}", value=fellows[k].number(column), usual=usual[k])
                problems.append(Problem("unit-slip", f"{fellows[k].where}, {column}", found, say("million m3"), say("Written in km3?")))
    return problems


def usual_of(values: Sequence[float]) -> list[float]:
    """For each figure the median of the others above zero, 0 where there are none."""
    there = sorted(v for v in values if v > 0)
    found = []
    for value in values:
        at = bisect_left(there, value) if value > 0 else len(there)
        count = len(there) - (value > 0)
        middle = [there[k + (k >= at)] for k in ((count - 1) // 2, count // 2)] if count else [0.0]
        found.append(sum(middle) / len(middle))
    return found


def _slipped(rows: Sequence[Row], own: Sequence[int], column: str, usual: Sequence[float], bounds: tuple[float, float, float]) -> list[int]:
    """The rows of one series that look written in km3."""
    far, least, most = bounds
    timed = any(name in rows[own[0]].values for name in ("month", "period"))
    order = sorted(own, key=lambda k: _when(rows[k])) if timed else list(own)
    values = [rows[k].number(column) for k in order]
    odd = [0 < v < usual[k] * far and least * usual[k] <= v * KM3 <= most * usual[k] for k, v in zip(order, values, strict=True)]
    if not timed:
        return [k for k, o in zip(order, odd, strict=True) if o]
    found, start = [], 0
    while start < len(odd):
        end = start
        while end < len(odd) and odd[end]:
            end += 1
        edges = [(values[start], values[start - 1])] if start else []
        edges += [(values[end - 1], values[end])] if end < len(odd) else []
        if end > start and all(outside >= JUMP * inside for inside, outside in edges):
            found += order[start:end]
        start = max(end, start + 1)
    return found


def _when(row: Row) -> str:
    return row.text("period") if "period" in row.values else f"{int(row.number('month')):02d}"
