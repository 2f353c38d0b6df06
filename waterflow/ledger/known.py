"""Forecasts of runoff from the record alone: what anybody could have said on the day. Mm3 per period, never a look ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from waterflow.calendar import Calendar
from waterflow.errors import Problem
from waterflow.loading.timed import month_share
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["METHODS", "FromRecord", "Method", "from_record", "require_method"]

Floats = NDArray[np.float64]
Method = Literal["climatology", "persistence", "analogues"]
METHODS: tuple[Method, ...] = get_args(Method)
#: months looked back on for how wet it is
RECENT = 3
#: recorded years that are like the recent months
ANALOGUES = 5
#: how many times the usual recent months may be before they say nothing more
WIDEST = 3.0
YEAR = 12


@dataclass(frozen=True)
class FromRecord:
    """A forecaster that knows a record and what has passed of a season.

    Attributes
    ----------
    calendar : Calendar
    method : Method
        ``climatology``: the mean of each calendar month. ``persistence``: that, times how wet the last three months were, fading
        with the record's own memory from month to month. ``analogues``: the mean of what followed in the five recorded years
        whose same three months were most alike.
    record : DataFrame (months, nodes)
        Nothing of the season or later.
    """

    calendar: Calendar
    method: Method
    record: pd.DataFrame

    def __call__(self, past: Mapping[str, Sequence[float]]) -> dict[tuple[str, str], float]:
        """Runoff of every node in the periods still to come.

        Parameters
        ----------
        past : mapping of node to sequence
            Runoff of the periods that have passed, Mm3; all that is known of the season.
        """
        count = len(next(iter(past.values())))
        coming = self.calendar.periods[count:]
        if not coming:
            return {}
        months = self._months(past, count)
        return {(node, p.label): float(months[node][pd.Period(p.label[:7], "M")]) * month_share(p) for node in past for p in coming}

    def _months(self, past: Mapping[str, Sequence[float]], count: int) -> pd.DataFrame:
        """Runoff of every month to come, (months, nodes)."""
        coming = pd.PeriodIndex(dict.fromkeys(p.label[:7] for p in self.calendar.periods[count:]), freq="M")
        usual = self.record.groupby(self.record.index.month).mean()
        found = pd.DataFrame(usual.loc[coming.month].to_numpy(), coming, usual.columns)
        recent = self._recent(past, count)
        if self.method == "climatology" or recent.empty:
            return found
        if self.method == "analogues":
            return self._alike(recent, coming, found)
        wet = float(np.clip(recent.sum() / usual.loc[recent.index.month].sum(axis=1).sum(), 1 / WIDEST, WIDEST))
        lead = np.array([(m - recent.index[-1]).n for m in coming])
        return found.mul(1 + self.memory**lead * (wet - 1), axis=0)

    def _recent(self, past: Mapping[str, Sequence[float]], count: int) -> pd.Series:
        """Runoff of the whole river in the last whole months that have passed."""
        labels = [p.label[:7] for p in self.calendar.periods]
        river = np.sum([list(series)[:count] for series in past.values()], axis=0) if count else np.zeros(0)
        sums = pd.Series(river, labels[:count], dtype=float).groupby(level=0).sum()
        whole = [m for m in sums.index if labels[:count].count(m) == labels.count(m)]
        found = sums[whole][-RECENT:]
        found.index = pd.PeriodIndex(found.index, freq="M")
        return found

    @property
    def memory(self) -> float:
        """Correlation of one month's wetness with the next month's in the record, 0 to 1."""
        total = self.record.sum(axis=1)
        wet = total / total.groupby(total.index.month).transform("mean")
        pairs = pd.concat([wet, wet.shift(1)], axis=1)[np.append(False, np.diff(total.index.asi8) == 1)].dropna()
        return float(np.clip(pairs.corr().iloc[0, 1], 0.0, 1.0)) if len(pairs) > YEAR else 0.0

    def _alike(self, recent: pd.Series, coming: pd.PeriodIndex, usual: pd.DataFrame) -> pd.DataFrame:
        """The mean of what followed in the years whose same months were most alike; the usual months where too few are whole."""
        last, there = recent.index[-1], set(self.record.index)
        total = self.record.sum(axis=1)
        shifts = sorted({(last - p).n for p in self.record.index if p.month == last.month})
        whole = [s for s in shifts if all(m - s in there for m in (*recent.index, *coming))]
        if len(whole) < ANALOGUES:
            return usual
        apart = [float(((total[recent.index - s].to_numpy() - recent.to_numpy()) ** 2).sum()) for s in whole]
        nearest = [whole[k] for k in np.argsort(apart, kind="stable")[:ANALOGUES]]
        found = np.mean([self.record.loc[coming - s].to_numpy() for s in nearest], axis=0)
        return pd.DataFrame(found, coming, self.record.columns)


def require_method(method: str) -> None:
    """Refuse what is no way of forecasting."""
    if method not in METHODS:
        raise Problem("unknown-choice", "--forecast", method, " | ".join(METHODS), slip(method, METHODS)).refusal()


def from_record(record: pd.DataFrame, calendar: Calendar, method: str) -> FromRecord:
    """A forecaster for a season.

    Parameters
    ----------
    record : DataFrame (months, nodes)
        What of it is of the season or later is left out.
    calendar : Calendar
        Of the season.
    method : str

    Raises
    ------
    InputError
        If there is no such method, or a calendar month of the season was never recorded.
    """
    require_method(method)
    known = record[record.index < pd.Period(calendar.labels[0][:7], "M")].dropna()
    lacking = sorted({p.month for p in calendar.periods} - set(known.index.month))
    if lacking:
        found = say("nothing before {first} of the calendar months {months}", first=calendar.labels[0], months=", ".join(map(str, lacking)))
        raise Problem("missing-observations", "observed/runoff_record.csv", found, say("a record of every calendar month")).refusal()
    return FromRecord(calendar, cast("Method", method), known)
