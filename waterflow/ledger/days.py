"""Figures laid over days: what a plan, facts and forecasts say of each day of a season, so that any of them may be compared with any other.

A volume is spread evenly over the days of its period. Where periods of one source overlap, the shorter says what it says, and the
longer what is left of it for the other days: a month less the dekads that are known. Storage is a figure of the end of a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.calendar import Period
from waterflow.errors import Problem
from waterflow.ledger.periods import span_of
from waterflow.ledger.rows import Row
from waterflow.words.catalogue import say

__all__ = ["Days", "Floats", "Overlap", "of_period", "volume"]

Floats = NDArray[np.float64]
#: a longer period and the shorter ones in it that differ by more than this share of it, and than this volume in Mm3, are told
SHARE, LEAST = 0.005, 0.5


@dataclass(frozen=True)
class Overlap:
    """A period whose figure is not the sum of the shorter ones that cover it, Mm3 or GWh."""

    row: Row
    said: float
    summed: float


def volume(row: Row) -> float:
    """The figure of a row as a volume (or energy) of its whole period: a rate in m3/s times its seconds."""
    value = float(row["value"])
    return value / Period("", *span_of(row["period"])).rate if row["unit"] == "m3/s" else value


def of_period(figures: object, label: str) -> float:
    """A figure of a way that may be one for all periods or one for each.

    Raises
    ------
    InputError
        If the period has none.
    """
    found = figures.get(label) if isinstance(figures, Mapping) else figures
    if not isinstance(found, int | float):
        told = say("a row of the kind {kind} without a sound {field}", kind="way", field=label)
        raise Problem("broken-ledger", say("ledger"), told, say("every row as waterflow writes it")).refusal()
    return float(found)


class Days:
    """The days from a first to a last, both included."""

    def __init__(self, start: dt.date, end: dt.date) -> None:
        self.start, self.end = start, end
        self.count = (end - start).days + 1
        self._first = start.toordinal()

    def at(self, day: dt.date) -> int:
        """Position of a day; below zero or past the end for one outside."""
        return day.toordinal() - self._first

    def day(self, k: int) -> dt.date:
        """The day at a position."""
        return dt.date.fromordinal(self._first + k)

    def blank(self) -> Floats:
        """Nothing known of any day."""
        return np.full(self.count, np.nan)

    def planned(self, values: Mapping[str, float]) -> Floats:
        """A volume by period as a volume a day."""
        found = self.blank()
        for label, value in values.items():
            start, end = span_of(label)
            a, b = self.at(start), self.at(end) + 1
            found[max(a, 0) : max(b, 0)] = value / (b - a)
        return found

    def planned_storage(self, values: Mapping[str, float]) -> Floats:
        """Storage at the end of each day: a straight line between the ends of the periods."""
        ends = sorted((self.at(span_of(label)[1]), value) for label, value in values.items())
        return np.interp(np.arange(self.count), [k for k, _ in ends], [v for _, v in ends])

    def known(self, rows: Sequence[Row]) -> tuple[Floats, list[Overlap]]:
        """Volumes a day of the rows of one series and source; and longer periods that are not the sum of their parts."""
        spans = [(*self._cut(row), row) for row in rows]
        found, overlaps = self.blank(), list[Overlap]()
        for a, b, row in sorted(spans, key=lambda x: (x[1] - x[0], x[0])):
            whole = volume(row)
            first, last = max(a, 0), min(b, self.count)
            if first >= last:
                continue
            days = found[first:last]
            open_days = np.isnan(days)
            left = int(open_days.sum())
            if left == b - a:
                days[:] = whole / (b - a)
                continue
            rest = whole * (last - first) / (b - a) - float(np.nansum(days))
            if (left and rest < -LEAST) or (not left and abs(rest) > max(LEAST, SHARE * abs(whole))):
                overlaps.append(Overlap(row, whole, whole - rest))
            if left:
                days[open_days] = max(0.0, rest) / left
        return found, overlaps

    def known_storage(self, rows: Iterable[Row]) -> Floats:
        """Storages of the ends of periods, on those days."""
        found = self.blank()
        for row in rows:
            k = self.at(span_of(row["period"])[1])
            if 0 <= k < self.count:
                found[k] = float(row["value"])
        return found

    def _cut(self, row: Row) -> tuple[int, int]:
        start, end = span_of(row["period"])
        return self.at(start), self.at(end) + 1
