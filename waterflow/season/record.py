"""A forecast of our own, from the record alone: every recorded year as a member, or those somebody holds for like the one to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from waterflow.loading.forecast_series import ForecastSeries
from waterflow.season.kit import Kit
from waterflow.season.norms import recorded

__all__ = ["from_record"]

PARAMETER, ORGANISATION = "runoff", "waterflow: recorded years, no forecast"


def from_record(kit: Kit, years: Sequence[int] = (), zone: float = 0.0) -> list[ForecastSeries]:
    """The recorded years as series, mean m3/s of each period, members by the year they begin in.

    Parameters
    ----------
    kit : Kit
    years : sequence of int, optional
        The years that are taken alone.
    zone : float
        Hours that the basin's day is ahead of UTC, for who reads the series.

    Raises
    ------
    InputError
        As `waterflow.season.norms.recorded`.
    """
    members = recorded(kit.like, kit.calendar, years)
    ends = tuple(dt.datetime.combine(p.end, dt.time()) + dt.timedelta(days=1) for p in kit.calendar.periods)
    rates = [p.rate for p in kit.calendar.periods]
    made = []
    for j, member in enumerate(members["member"].values):
        for k, node in enumerate(members["node"].values):
            values = tuple(float(v) * rate for v, rate in zip(members.values[j, k], rates, strict=True))
            made.append(
                ForecastSeries(str(node), PARAMETER, "m3/s", "mean", ends, values, zone, member=str(member)[:4], organisation=ORGANISATION)
            )
    return made
