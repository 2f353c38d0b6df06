"""Rows in time: a month's or a dekad's figure laid over the periods of a calendar, nothing missing, nothing outside."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from statistics import median

from waterflow.calendar import Calendar, Period
from waterflow.errors import Problem
from waterflow.loading.tables import Row
from waterflow.units import SUMS, split_unit
from waterflow.words.catalogue import say

__all__ = ["laid_out", "per_period", "unit_slips"]

#: a figure below the first of these shares of its fellows, and within the other two once it is multiplied by
#: 1000, was written in km3; uses of water may nearly stop in winter, so only near misses are called slips there
STEADY = (1 / 100, 0.1, 10.0)
SEASONAL = (1 / 300, 0.5, 2.0)
KM3 = 1000.0


def per_period(value: float, unit: str, period: Period) -> float:
    """A flow in Mm3 per period, from Mm3 per period or m3/s."""
    return value / period.rate if unit == "m3s" else value


def _month_share(period: Period) -> float:
    """Share of its month's days that a period has."""
    return period.days / monthrange(period.start.year, period.month)[1]


def laid_out(
    rows: Sequence[Row], column: str, calendar: Calendar, periods: Sequence[Period], what: str
) -> tuple[tuple[float, ...], list[Problem]]:
    """One value for each period from the rows of one thing.

    A month's volume is split over its dekads by days, a rate is kept; dekads' volumes are summed to their
    month and rates averaged by days.

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
    known = {p.label for p in calendar.timeline} | {p.label[:7] for p in calendar.timeline}
    for row in rows:
        label = row.text("period") if "period" in row.values else f"{int(row.number('month')):02d}"
        if len(label) > 2 and label not in known and label[:7] not in known:
            allowed = say("{first} to {last}", first=calendar.timeline[0].label, last=calendar.timeline[-1].label)
            problems.append(Problem("outside-horizon", f"{row.where}, period", label, allowed, say("Another season's series?")))
        by_label[label] = (row.number(column), row.unit)
    values = []
    for period in periods:
        value = _value(by_label, period, calendar, adds_up=bool(adds_up))
        if value is None:
            problems.append(Problem("missing-period", what, say("no row for {label}", label=period.label), say("a row for every period")))
            value = 0.0
        values.append(value)
    return tuple(values), problems


def _value(by_label: dict[str, tuple[float, str]], period: Period, calendar: Calendar, *, adds_up: bool) -> float | None:
    month = period.label[:7]
    if period.label in by_label:
        return per_period(*by_label[period.label], period)
    for label in (month, f"{period.month:02d}"):
        if label in by_label:
            value, unit = by_label[label]
            if unit == "m3s":
                return per_period(value, unit, period)
            return value * _month_share(period) if adds_up else value
    dekads = [f"{month}-d{k}" for k in (1, 2, 3)]
    if calendar.step == "month" and all(d in by_label for d in dekads):
        days = (10, 10, period.days - 20)
        if by_label[dekads[0]][1] == "m3s" or not adds_up:
            mean = sum(by_label[d][0] * n for d, n in zip(dekads, days, strict=True)) / period.days
            return per_period(mean, by_label[dekads[0]][1], period)
        return sum(by_label[d][0] for d in dekads)
    return None


def unit_slips(rows: Iterable[Row], column: str, group: Sequence[str], *, seasonal: bool) -> list[Problem]:
    """Volumes that look written in km3 among their fellows in Mm3 (same node, demand, party...)."""
    together: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        together.setdefault(tuple(row.text(g) for g in group if g in row.values), []).append(row)
    problems = []
    far, least, most = SEASONAL if seasonal else STEADY
    for fellows in together.values():
        for row in fellows:
            value = row.number(column)
            others = [other.number(column) for other in fellows if other is not row and other.number(column) > 0]
            usual = median(others) if others else 0.0
            if 0 < value < usual * far and least * usual <= value * KM3 <= most * usual:
                found = say("{value:g}, while its fellows are about {usual:g}", value=value, usual=usual)
                problems.append(Problem("unit-slip", f"{row.where}, {column}", found, say("million m3"), say("Written in km3?")))
    return problems
