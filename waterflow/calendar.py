"""Time: months, true dekads, weeks and days, the two seasons, and how water that travels is spread over periods.

A period has a label (``2024-10``, ``2024-10-d1``, ``2024-10-05w`` or ``2024-10-05``), a first and a last day, both
included. A dekad is 10, 10 and the rest of the month (8 to 11 days). Weeks are counted from the first day of the horizon,
seven days each, and belong to the month and the season of their first day. Storage is stamped at the END of a period. The
history holds the twelve months before the horizon, in the same step, for water already on its way.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from waterflow.errors import Problem
from waterflow.periods import (
    DEKADS,
    EVEN_STEPS,
    GROWING_MONTHS,
    MONTHS_OF_A_YEAR,
    SECONDS_OF_DAY,
    STEPS,
    Period,
    Season,
    Step,
    Window,
    in_a_row,
    period_of,
    periods_of_month,
    season_of,
    whole_days,
)
from waterflow.units import MEAN_MONTH
from waterflow.words.catalogue import say

__all__ = [
    "EVEN_STEPS",
    "GROWING_MONTHS",
    "MONTHS_OF_A_YEAR",
    "SECONDS_OF_DAY",
    "STEPS",
    "Calendar",
    "Period",
    "Season",
    "Step",
    "Window",
    "period_of",
    "periods_of_month",
    "require_months",
    "season_of",
    "whole_days",
]

HISTORY_MONTHS = 12


def require_months(calendar: Calendar, where: str) -> None:
    """Refuse weeks and days where figures are kept by months or parts of months.

    Raises
    ------
    InputError
        If the step is a week or a day.
    """
    if calendar.step in EVEN_STEPS:
        raise Problem("step-not-offered", where, say(STEPS[calendar.step]), say("the step month or dekad")).refusal()


@dataclass(frozen=True)
class Calendar:
    """The horizon cut into periods.

    Parameters
    ----------
    start, end : date
        First and last day of the horizon; each must be the edge of a period.
    step : {"month", "dekad", "week", "day"}
    growing : tuple of int
        Months of the growing season, in a row; December is followed by January.

    Raises
    ------
    ValueError
        If the horizon is empty or cuts a period; if the months of the growing season are none, all, or not in a row.
    """

    start: dt.date
    end: dt.date
    step: Step
    growing: tuple[int, ...] = GROWING_MONTHS

    def __post_init__(self) -> None:
        """Refuse a horizon that is empty or cuts a period, and a growing season that is none."""
        followed = all(b == a % MONTHS_OF_A_YEAR + 1 for a, b in pairwise(self.growing))
        if not followed or not 0 < len(self.growing) < MONTHS_OF_A_YEAR or not set(self.growing) <= set(range(1, MONTHS_OF_A_YEAR + 1)):
            months = ", ".join(map(str, self.growing)) or "-"
            message = say("a growing season of the months {months}; some months in a row, not all twelve", months=months)
            raise ValueError(message)
        if self.end < self.start:
            message = say("the horizon ends on {end}, before it starts on {start}", end=self.end, start=self.start)
            raise ValueError(message)
        if not self.periods or self.periods[0].start != self.start or self.periods[-1].end != self.end:
            step = say(STEPS[self.step])
            if self.step == "week":
                over = dt.timedelta(days=((self.end - self.start).days + 1) % EVEN_STEPS["week"])
                ends = (self.end - over, self.end - over + dt.timedelta(days=EVEN_STEPS["week"]))
                message = say(
                    "the horizon {start}/{end} is no whole number of weeks; weeks from its start end on {before} or {after}",
                    start=self.start,
                    end=self.end,
                    before=ends[0],
                    after=ends[1],
                )
                raise ValueError(message)
            message = say("the horizon {start}/{end} does not begin and end with a whole {step}", start=self.start, end=self.end, step=step)
            raise ValueError(message)

    def _cut(self, first: dt.date, last: dt.date) -> tuple[Period, ...]:
        if self.step in EVEN_STEPS:
            return in_a_row(first, last, self.step, self.growing)
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        every = (p for k in months for p in periods_of_month(k // 12, k % 12 + 1, self.step, self.growing))
        return tuple(p for p in every if p.start >= first and p.end <= last)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the horizon, in order."""
        return self._cut(self.start, self.end)

    @cached_property
    def history(self) -> tuple[Period, ...]:
        """The periods of the twelve months before the horizon, in order: 52 weeks, 365 days."""
        if self.step in EVEN_STEPS:
            before = dt.timedelta(days=self.periods_in(HISTORY_MONTHS) * EVEN_STEPS[self.step])
            return self._cut(self.start - before, self.start - dt.timedelta(days=1))
        year, month = divmod(self.start.year * 12 + self.start.month - 1 - HISTORY_MONTHS, 12)
        first = dt.date(year, month + 1, min(self.start.day, 28) if self.step == "dekad" else 1)
        return self._cut(first, self.start - dt.timedelta(days=1))

    @cached_property
    def timeline(self) -> tuple[Period, ...]:
        """History followed by the horizon."""
        return self.history + self.periods

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Labels of the periods of the horizon."""
        return tuple(p.label for p in self.periods)

    @cached_property
    def position(self) -> dict[str, int]:
        """Index of each label of the horizon."""
        return {label: k for k, label in enumerate(self.labels)}

    @cached_property
    def seasons(self) -> tuple[tuple[Window, Season], ...]:
        """The seasons met by the horizon, cut to it, in order."""
        edges = [0]
        for k, (before, after) in enumerate(pairwise(self.periods), start=1):
            if before.season != after.season:
                edges.append(k)
        edges.append(len(self.periods))
        return tuple((Window(self.periods[a].start, self.periods[b - 1].end), self.periods[a].season) for a, b in pairwise(edges))

    @cached_property
    def season_position(self) -> dict[str, int]:
        """Index of each season of the horizon by its window in words."""
        return {str(window): k for k, (window, _) in enumerate(self.seasons)}

    def inside(self, window: Window) -> tuple[int, ...]:
        """Indices of the periods of a window.

        Raises
        ------
        ValueError
            If the window leaves the horizon or cuts a period.
        """
        if window in self._inside:
            return self._inside[window]
        chosen = tuple(k for k, p in enumerate(self.periods) if p.start >= window.start and p.end <= window.end)
        if not chosen or self.periods[chosen[0]].start != window.start or self.periods[chosen[-1]].end != window.end:
            message = say(
                "{window} does not begin and end with a {step} of the horizon {start}/{end}",
                window=window,
                step=say(STEPS[self.step]),
                start=self.start,
                end=self.end,
            )
            raise ValueError(message)
        self._inside[window] = chosen
        return chosen

    @cached_property
    def _inside(self) -> dict[Window, tuple[int, ...]]:
        """Windows asked for before: claims and givens ask for the same few again and again."""
        return {}

    def labels_inside(self, window: Window) -> tuple[str, ...]:
        """Labels of the periods of a window; a window that `inside` refuses is refused."""
        return tuple(self.labels[k] for k in self.inside(window))

    def ends_before(self, date: dt.date) -> int:
        """Index of the period that ends on the day before a date; storage "on" a date is the storage then.

        Raises
        ------
        ValueError
            If no period of the horizon ends on the day before.
        """
        day = date - dt.timedelta(days=1)
        for k, p in enumerate(self.periods):
            if p.end == day:
                return k
        message = say(
            "no {step} of the horizon {start}/{end} ends on the day before {date}",
            step=say(STEPS[self.step]),
            start=self.start,
            end=self.end,
            date=date,
        )
        raise ValueError(message)

    @cached_property
    def _edges(self) -> tuple[int, ...]:
        """Ordinal of the first day of every period of the timeline, and of the day after the last."""
        return (*(p.start.toordinal() for p in self.timeline), self.end.toordinal() + 1)

    def spread(self, travel_days: Sequence[float]) -> tuple[tuple[tuple[tuple[int, float], ...], float], ...]:
        r"""Where the water entering a reach in each period goes.

        Water that enters evenly during a period arrives evenly over as many days, later by the travel time in whole
        days. The share that falls in a period is the part of those days that lies in it:

        .. math:: w_{s,t} = \frac{|[b_s + \tau_s, b_{s+1} + \tau_s] \cap [b_t, b_{t+1}]|}{b_{s+1} - b_s}

        Shares are counts of days, so none is negative and those of one period sum to one, the part that arrives before
        the horizon and the part still on its way included. A steady flow stays steady wherever the travel time does.

        Parameters
        ----------
        travel_days : sequence of float, one for each period of the timeline
            Travel time of water entering in that period; half days are rounded up.

        Returns
        -------
        tuple over the timeline of (((index in the horizon, share), ...), share still on its way at the end)
        """
        return tuple(self._spread_one(s, whole_days(travel)) for s, travel in enumerate(travel_days))

    def _spread_one(self, s: int, travel: int) -> tuple[tuple[tuple[int, float], ...], float]:
        edges, first = self._edges, len(self.history)
        days, begin, finish = edges[s + 1] - edges[s], edges[s] + travel, edges[s + 1] + travel
        shares = []
        for t in range(max(first, bisect_right(edges, begin) - 1), len(edges) - 1):
            if edges[t] >= finish:
                break
            shares.append((t - first, (min(finish, edges[t + 1]) - max(begin, edges[t])) / days))
        return tuple(shares), max(0, finish - max(begin, edges[-1])) / days

    def still_under_way(self, travel_days: Sequence[float]) -> int:
        """Index of the first period of the history some of whose water is on its way when the horizon begins; their number if none."""
        first = len(self.history)
        later = (s for s in range(first) if self._edges[s + 1] + whole_days(travel_days[s]) > self._edges[first])
        return next(later, first)

    def months_earlier(self, k: int, lag: int) -> int | None:
        """Index in the timeline of the same month or dekad some whole months before period k of the horizon, as `periods_in` has them."""
        s = len(self.history) + k - self.periods_in(lag)
        return s if s >= 0 else None

    def periods_in(self, months: int) -> int:
        """Number of periods in some whole months; of weeks and days as many as in that many mean months, rounded."""
        if self.step in EVEN_STEPS:
            return whole_days(months * MEAN_MONTH / EVEN_STEPS[self.step])
        return months * (DEKADS if self.step == "dekad" else 1)
