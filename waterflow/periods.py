"""Periods: months, dekads, weeks and days with their labels, and the season each lies in."""

from __future__ import annotations

import datetime as dt
import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from waterflow.words.catalogue import mark

__all__ = [
    "DEKADS",
    "EVEN_STEPS",
    "GROWING_MONTHS",
    "MONTHS_OF_A_YEAR",
    "SECONDS_OF_DAY",
    "STEPS",
    "Period",
    "Season",
    "Step",
    "Window",
    "in_a_row",
    "period_of",
    "periods_of_month",
    "season_of",
    "whole_days",
]

Step = Literal["month", "dekad", "week", "day"]
Season = Literal["growing", "non_growing"]

#: the growing season where a model states none: April to September (the ICWC's)
GROWING_MONTHS = (4, 5, 6, 7, 8, 9)
MONTHS_OF_A_YEAR = 12
DEKADS = 3
#: steps that are always as long, and how many days
EVEN_STEPS: dict[Step, int] = {"week": 7, "day": 1}
SECONDS_OF_DAY = 86400
STEPS: dict[Step, str] = {"month": mark("month"), "dekad": mark("dekad"), "week": mark("week"), "day": mark("day")}


def season_of(month: int, growing: Sequence[int] = GROWING_MONTHS) -> Season:
    """The season of a month, by the months of the growing season: those of the ICWC without them, April to September."""
    return "growing" if month in growing else "non_growing"


def whole_days(travel: float) -> int:
    """A travel time in whole days, half days rounded up: what no table knows better is not planned by the hour."""
    return math.floor(travel + 0.5)


@dataclass(frozen=True)
class Window:
    """Some days in a row, first and last included; written ``2024-10-01/2025-03-31``."""

    start: dt.date
    end: dt.date

    def __str__(self) -> str:
        """The two days with a slash between, as in the JSON output."""
        return f"{self.start}/{self.end}"


@dataclass(frozen=True)
class Period:
    """One step of the plan."""

    label: str
    start: dt.date
    end: dt.date
    growing: tuple[int, ...] = GROWING_MONTHS

    @property
    def days(self) -> int:
        """Number of days, 28 to 31 for a month, 8 to 11 for a dekad, 7 for a week."""
        return (self.end - self.start).days + 1

    @property
    def month(self) -> int:
        """Calendar month, 1 to 12, of its first day."""
        return self.start.month

    @property
    def month_parts(self) -> tuple[tuple[str, float], ...]:
        """The months it meets (one; two of a week that crosses into the next), and what share of the days of each lies in it."""
        edge = self.start.replace(day=monthrange(self.start.year, self.start.month)[1])
        spans = [(self.start, self.end)] if edge >= self.end else [(self.start, edge), (edge + dt.timedelta(days=1), self.end)]
        return tuple((f"{a:%Y-%m}", ((b - a).days + 1) / monthrange(a.year, a.month)[1]) for a, b in spans)

    @property
    def season(self) -> Season:
        """The season the period lies in."""
        return season_of(self.month, self.growing)

    @property
    def rate(self) -> float:
        """Factor from Mm3 per period to m3/s."""
        return 1e6 / (self.days * SECONDS_OF_DAY)


def periods_of_month(year: int, month: int, step: Step, growing: tuple[int, ...] = GROWING_MONTHS) -> tuple[Period, ...]:
    """The one month, or its three dekads of 10, 10 and the remaining days."""
    last = monthrange(year, month)[1]
    name = f"{year:04d}-{month:02d}"
    if step == "month":
        return (Period(name, dt.date(year, month, 1), dt.date(year, month, last), growing),)
    edges = enumerate(((1, 10), (11, 20), (21, last)), start=1)
    return tuple(Period(f"{name}-d{i}", dt.date(year, month, a), dt.date(year, month, b), growing) for i, (a, b) in edges)


def period_of(label: str) -> Period:
    """The period that has a label, of a month, a dekad, a week or a day.

    Raises
    ------
    ValueError
        If it is the label of none.
    """
    year, month, *rest = label.split("-")
    if not rest or rest[0].startswith("d"):
        every = periods_of_month(int(year), int(month), "dekad" if rest else "month")
        return every[int(rest[0][1:]) - 1 if rest else 0]
    first = dt.date.fromisoformat(label.removesuffix("w"))
    step: Step = "week" if label.endswith("w") else "day"
    return in_a_row(first, first + dt.timedelta(days=EVEN_STEPS[step] - 1), step, GROWING_MONTHS)[0]


def in_a_row(first: dt.date, last: dt.date, step: Step, growing: tuple[int, ...]) -> tuple[Period, ...]:
    """Weeks or days in a row from the first day on, as many as are whole."""
    length, mark_of = EVEN_STEPS[step], "w" if step == "week" else ""
    starts = (first + dt.timedelta(days=k * length) for k in range(((last - first).days + 1) // length))
    return tuple(Period(f"{day}{mark_of}", day, day + dt.timedelta(days=length - 1), growing) for day in starts)
