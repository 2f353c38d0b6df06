"""Periods of a ledger: a month, a dekad, a day, or the first days of a dekad that is not over yet, by their labels."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from waterflow.calendar import periods_of_month

__all__ = ["dekads_between", "label_of", "span_of"]

LABEL = re.compile(r"(\d{4})-(\d{2})(?:-d([123])|-(\d{2}))?$")


@cache
def span_of(label: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period: of ``2025-04``, ``2025-04-d1``, ``2025-04-05`` or ``2025-04-01/2025-04-05``.

    Raises
    ------
    ValueError
        If a label is none of these, or there is no such day.
    """
    if "/" in label:
        one, _, other = label.partition("/")
        start, end = dt.date.fromisoformat(one), dt.date.fromisoformat(other)
        if end < start:
            raise ValueError(label)
        return start, end
    found = LABEL.match(label)
    if not found:
        raise ValueError(label)
    year, month = int(found[1]), int(found[2])
    if found[4]:
        day = dt.date(year, month, int(found[4]))
        return day, day
    period = periods_of_month(year, month, "dekad")[int(found[3]) - 1] if found[3] else periods_of_month(year, month, "month")[0]
    return period.start, period.end


def label_of(start: dt.date, end: dt.date) -> str:
    """The shortest label of some days in a row: a month, a dekad, a day, or both ends."""
    if start == end:
        return start.isoformat()
    month = f"{start:%Y-%m}"
    known = (month, *(f"{month}-d{k}" for k in (1, 2, 3)))
    return next((label for label in known if span_of(label) == (start, end)), f"{start}/{end}")


def dekads_between(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The dekads that some days meet, the first and the last cut to those days."""
    found = []
    for k in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        for p in periods_of_month(k // 12, k % 12 + 1, "dekad"):
            first, last = max(p.start, start), min(p.end, end)
            if first <= last:
                found.append((first, last))
    return found
