"""Forecasts from outside, laid over the periods of a season: places found, clocks set to the basin's day, members ranked."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from waterflow.calendar import Calendar
from waterflow.errors import InputError, Problem
from waterflow.loading.forecast_series import ForecastSeries, flow_unit
from waterflow.loading.season_words import ESTIMATES, known_word
from waterflow.loading.spellings import plain
from waterflow.season.runoff import Outside
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean

__all__ = ["HIGH", "LOW", "Laid", "Read", "Skipped", "laid", "located", "ranked", "read_outside"]

#: shares of the members below which the low and the high estimate lie
LOW, HIGH = 0.1, 0.9
#: a figure that holds for longer tells nothing of months
LONGEST = dt.timedelta(days=31)
SECOND = dt.timedelta(seconds=1)
Interval = tuple[dt.datetime, dt.datetime, float | None]


@dataclass(frozen=True)
class Skipped:
    """A period of which a series tells too little to be used: the days it covers, of how many."""

    name: str
    label: str
    days: float
    of_days: int


@dataclass(frozen=True)
class Laid:
    """One series laid over the periods of a season.

    Attributes
    ----------
    values : mapping of label to Mm3
        Of periods it covers wholly.
    skipped : tuple of Skipped
        Periods it covers in part, or of which figures are missing.
    outside : int
        Figures that hold on days outside the season alone.
    split : int
        Figures that hold across the border of two periods: each has its part by seconds.
    endless : int
        Figures of which nothing tells how long they hold.
    """

    values: Mapping[str, float]
    skipped: tuple[Skipped, ...]
    outside: int
    split: int
    endless: int


@dataclass(frozen=True)
class Read:
    """What a file of forecasts was understood to be.

    Attributes
    ----------
    outside : Outside
        By estimate, headwater and period; without a value if no series is of a headwater.
    strange : tuple of str
        Locations that are no headwater.
    no_flow : tuple of (location, unit)
        Series that are of no flow.
    members : int
    zones : tuple of (float, float or None)
        Hours before UTC of the file's clock, and of the basin's day it was set to.
    issued : tuple of str
        When the forecasts were made; empty where none says it.
    laid : mapping of (location, member) to Laid
    """

    outside: Outside
    strange: tuple[str, ...]
    no_flow: tuple[tuple[str, str], ...]
    members: int
    zone: float
    day: float | None
    issued: tuple[str, ...]
    laid: Mapping[tuple[str, str], Laid]


def located(pairs: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Which headwater a location is, as ``LOCATION=NODE`` says.

    Raises
    ------
    InputError
        If a pair is not written so, or names no headwater.
    """
    found, problems = {}, []
    for pair in pairs:
        location, sign, node = pair.partition("=")
        if not sign or not location.strip() or plain(node) not in names:
            allowed = ", ".join(dict.fromkeys(names.values()))
            problems.append(Problem("unknown-name", f"--location {pair}", node or pair, allowed, did_you_mean(plain(node), names)))
        else:
            found[location.strip()] = names[plain(node)]
    if problems:
        raise InputError(problems)
    return found


def _next(moment: dt.datetime, moments: Sequence[dt.datetime], way: int) -> dt.datetime:
    """The border of the month, or dekad, that a moment at its other border belongs to; the moment itself where steps are neither.

    Moments on first days alone are of months, those on days 1, 11 and 21 of dekads.
    """
    days = {m.day for m in moments} if all(m.time() == dt.time() for m in moments) else {0}
    borders = (1,) if days == {1} else (1, 11, 21) if days <= {1, 11, 21} else ()
    found = moment + way * dt.timedelta(days=1) if borders else moment
    while borders and found.day not in borders:
        found += way * dt.timedelta(days=1)
    return found


def _intervals(series: ForecastSeries, shift: dt.timedelta) -> list[Interval]:
    """The days and hours each figure holds on, in the basin's own; none where nothing tells how long."""
    stamps, step = series.stamps, dt.timedelta(seconds=series.seconds)
    if series.kind == "instantaneous":
        pairs = [(s, s + step) for s in stamps] if step else list(pairwise([*stamps, _next(stamps[-1], stamps, 1)]))
    else:
        pairs = [(s - step, s) for s in stamps] if step else list(pairwise([_next(stamps[0], stamps, -1), *stamps]))
    return [(a + shift, b + shift, v) for (a, b), v in zip(pairs, series.values, strict=True) if b > a]


def laid(series: ForecastSeries, calendar: Calendar, day: float | None = None) -> Laid:
    """A series as Mm3 of each period of a calendar.

    A rate is taken times the true seconds of its step that lie in a period; a volume is parted by those seconds. A period counts
    if the series covers all of it; where the clock was moved, the hours that this leaves open at either end are filled as the rest is.

    Raises
    ------
    InputError
        If a figure holds for more than a month.
    """
    kind, factor = flow_unit(series.unit)
    shift = dt.timedelta(hours=day - series.zone) if day is not None else dt.timedelta()
    intervals = _intervals(series, shift)
    longest = max((b - a for a, b, _ in intervals), default=dt.timedelta())
    if longest > LONGEST:
        found = say("a step of {days:g} days", days=longest / dt.timedelta(days=1))
        raise Problem("bad-period", series.location, found, say("steps of a month at most")).refusal()
    totals = {p.label: 0.0 for p in calendar.periods}
    covered = {p.label: dt.timedelta() for p in calendar.periods}
    edges = [dt.datetime.combine(p.start, dt.time()) for p in calendar.periods]
    edges.append(dt.datetime.combine(calendar.end, dt.time()) + dt.timedelta(days=1))
    outside = split = 0
    for begin, end, value in intervals:
        met = 0
        for k in range(max(0, bisect_right(edges, begin) - 1), len(calendar.periods)):
            common = min(end, edges[k + 1]) - max(begin, edges[k])
            if edges[k] >= end:
                break
            if common > dt.timedelta():
                met += 1
                if value is not None:
                    part = common / SECOND * 1e-6 if kind == "rate" else common / (end - begin)
                    totals[calendar.labels[k]] += value * factor * part
                    covered[calendar.labels[k]] += common
        outside += met == 0
        # a month of three dekads crosses none of its borders
        split += met > 1 and not (begin in edges and end in edges)
    return _whole(series.location, calendar, totals, covered, abs(shift), (outside, split, len(series.values) - len(intervals)))


def _whole(
    name: str,
    calendar: Calendar,
    totals: dict[str, float],
    covered: dict[str, dt.timedelta],
    slack: dt.timedelta,
    counts: tuple[int, int, int],
) -> Laid:
    """Periods that are covered, but for the hours by which the clock was moved."""
    values, skipped = {}, []
    met = [label for label, there in covered.items() if there]
    for period in calendar.periods:
        whole, there = dt.timedelta(days=period.days), covered[period.label]
        if there and whole - there <= (slack if period.label in (met[0], met[-1]) else dt.timedelta()):
            values[period.label] = totals[period.label] * (whole / there)
        elif there:
            skipped.append(Skipped(name, period.label, there / dt.timedelta(days=1), period.days))
    return Laid(values, tuple(skipped), *counts)


def ranked(members: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, dict[str, dict[str, float]]]:
    """Low, mean and high of an ensemble by member, node and label: the members nearest to the tenth and ninetieth part of their
    total, whole as they are, and the mean of all; of one member, the mean alone.

    Members that are called low, mean and high are those.
    """
    named = {known_word(m, ESTIMATES): v for m, v in members.items() if known_word(m, ESTIMATES) in ("low", "mean", "high")}
    if len(named) == len(members) and "mean" in named:
        return {e: {n: dict(values) for n, values in by_node.items()} for e, by_node in named.items()}
    shared = {n: set.intersection(*(set(m.get(n, {})) for m in members.values())) for m in members.values() for n in m}
    common = {m: {n: {x: v for x, v in by_node.get(n, {}).items() if x in shared[n]} for n in shared} for m, by_node in members.items()}
    mean = {n: {x: float(np.mean([m[n][x] for m in common.values()])) for x in sorted(labels)} for n, labels in shared.items()}
    if len(members) == 1:
        return {"mean": mean}
    totals = {m: sum(sum(values.values()) for values in by_node.values()) for m, by_node in common.items()}
    ends = {e: float(np.quantile(list(totals.values()), share)) for e, share in (("low", LOW), ("high", HIGH))}
    chosen = {e: common[min((abs(total - end), m) for m, total in totals.items())[1]] for e, end in ends.items()}
    return {"low": chosen["low"], "mean": mean, "high": chosen["high"]}


def read_outside(
    series: Sequence[ForecastSeries],
    shown: str,
    calendar: Calendar,
    names: Mapping[str, str],
    places: Mapping[str, str],
    day: float | None = None,
) -> Read:
    """Series of a file as forecasts of headwaters.

    Parameters
    ----------
    series : sequence of ForecastSeries
    shown : str
        How messages call the file.
    calendar : Calendar
        The season, by its shortest periods.
    names : mapping of plain spelling to node
    places : mapping of location to node
        What somebody said of locations.
    day : float, optional
        Hours before UTC of the basin's day; the file's own without it.

    Raises
    ------
    InputError
        If no series is a flow of a headwater, two are of one headwater and member, or steps are longer than a month.
    """
    strange, no_flow, problems = dict[str, None](), dict[tuple[str, str], None](), list[Problem]()
    members: dict[str, dict[str, dict[str, float]]] = {}
    found: dict[tuple[str, str], Laid] = {}
    for one in series:
        node = places.get(one.location) or names.get(plain(one.location)) or names.get(plain(one.station), "")
        if not flow_unit(one.unit)[0]:
            no_flow[one.location, one.unit] = None
        elif not node:
            strange[one.location] = None
        elif node in members.setdefault(one.member, {}):
            name = ", ".join(p for p in (node, one.parameter, one.member) if p)
            problems.append(Problem("twice", f"{shown}: {one.location}", name, say("one series for each place, parameter and member")))
        else:
            try:
                found[one.location, one.member] = laid(one, calendar, day)
                members[one.member][node] = dict(found[one.location, one.member].values)
            except InputError as error:
                problems += error.problems
    if not found and not problems:
        told = ", ".join([*strange, *(f"{place} ({unit})" for place, unit in no_flow)]) or say("nothing")
        problems.append(Problem("unknown-name", shown, told, ", ".join(dict.fromkeys(names.values())), "--location LOCATION=NODE"))
    if problems:
        raise InputError(problems)
    issued = sorted({f"{one.issued:%Y-%m-%d %H:%M}" for one in series if one.issued})
    source = f"{shown}" + (f", issued {issued[-1]}" if issued else "")
    outside = Outside(shown, ranked({m: v for m, v in members.items() if v}), source, "unverified")
    return Read(outside, tuple(strange), tuple(no_flow), len(members), series[0].zone, day, tuple(issued), found)
