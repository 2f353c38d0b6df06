"""Flows that follow from decisions by arithmetic alone: arrivals, return flows, energy. numpy, no Pyomo."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.paths import Paths
from waterflow.units import MEAN_MONTH

__all__ = ["Ways", "arriving", "entered", "generated", "in_transit", "lost_whatever_flows", "mean_storage", "returned", "ways_of"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Ways:
    """The ways of a network as arrays.

    ``reach``, ``period``, ``source`` (in the timeline) and ``share`` of every arrival, (arrivals,); ``late`` the share still on its
    way at the end, ``lost`` the share lost and ``constant`` what is lost whatever flows, Mm3, (reach, timeline); ``before`` the water
    that entered in the history, (reach, history).
    """

    reach: Positions
    period: Positions
    source: Positions
    share: Floats
    late: Floats
    lost: Floats
    constant: Floats
    before: Floats


NONE = np.zeros(0, dtype=np.intp)
#: kept as long as the paths they are made of, which all members of a basin share
_ways: WeakKeyDictionary[Paths, Ways] = WeakKeyDictionary()


def ways_of(basin: Basin) -> Ways:
    """The ways of a basin's network, made once for all basins that share it."""
    paths, reaches = basin.paths, list(basin.reaches.values())
    if paths not in _ways:
        found = [_arrivals(basin, np.asarray(r.travel_days, dtype=float)) for r in reaches]
        reach = np.repeat(np.arange(len(reaches), dtype=np.intp), [len(period) for period, *_ in found])
        period, source, share = (np.concatenate([x[k] for x in found]) for k in range(3)) if found else (NONE, NONE, np.zeros(0))
        _ways[paths] = Ways(
            reach, period, source, share,
            late=np.array([late for *_, late in found]).reshape(len(reaches), -1),
            lost=np.array([np.add(r.evaporation, r.seepage) for r in reaches]),
            constant=np.array([r.constant_loss or (0.0,) * len(basin.calendar.timeline) for r in reaches]).reshape(len(reaches), -1),
            before=np.array([r.flow_before for r in reaches]).reshape(len(reaches), -1),
        )  # fmt: skip
    return _ways[paths]


def _arrivals(basin: Basin, travel_days: Floats) -> tuple[Positions, Positions, Floats, Floats]:
    """Arrivals of one reach counted day by day: (period, source, share) of each, and the share of each source that is late.

    A period's water enters in equal parts on its days; the part of a day arrives whole days later. Nothing here is shared
    with the formulation, which reckons the same from the ends of periods.
    """
    calendar = basin.calendar
    periods, timeline = calendar.periods, calendar.timeline
    days = np.array([p.days for p in timeline])
    source = np.repeat(np.arange(len(timeline)), days)
    first = (timeline[0].start - calendar.start).days
    arrival = first + np.arange(len(source)) + np.floor(travel_days + 0.5).astype(int)[source]
    of_day = np.repeat(np.arange(len(periods)), [p.days for p in periods])
    inside = (arrival >= 0) & (arrival < len(of_day))
    pairs, count = np.unique(source[inside] * len(periods) + of_day[arrival[inside]], return_counts=True)
    from_, to = np.divmod(pairs, len(periods))
    late = np.bincount(source[arrival >= len(of_day)], minlength=len(timeline)) / days
    return to.astype(np.intp), from_.astype(np.intp), count / days[from_], late


def entered(basin: Basin, flow: Floats) -> Floats:
    """Water entering each reach over the timeline less its losses, (reach, timeline)."""
    ways = ways_of(basin)
    result: Floats = np.concatenate([ways.before, flow], axis=1) * (1.0 - ways.lost)
    return result - lost_whatever_flows(basin, flow) if basin.losing_reaches else result


def lost_whatever_flows(basin: Basin, flow: Floats) -> Floats:
    """What each reach loses whatever flows, no more than its shares of loss leave of what enters, Mm3, (reach, timeline)."""
    ways = ways_of(basin)
    left = np.concatenate([ways.before, flow], axis=1) * (1.0 - ways.lost)
    result: Floats = np.clip(left, 0.0, ways.constant)
    return result


def arriving(basin: Basin, flow: Floats) -> Floats:
    """Water leaving each reach at its lower end, Mm3, (reach, period), from the water entering it, (reach, period)."""
    ways, count = ways_of(basin), flow.shape[1]
    amounts = ways.share * entered(basin, flow)[ways.reach, ways.source]
    result: Floats = np.asarray(np.bincount(ways.reach * count + ways.period, weights=amounts, minlength=flow.size), dtype=float)
    return result.reshape(flow.shape)


def in_transit(basin: Basin, flow: Floats) -> Floats:
    """Water of each reach still on its way when the horizon ends, Mm3, (reach,); booked, never lost."""
    result: Floats = (entered(basin, flow) * ways_of(basin).late).sum(axis=1)
    return result


def returned(basin: Basin, delivery: Floats) -> Floats:
    """Drainage coming back from each demand, Mm3, (demand, period), from its deliveries, (demand, period)."""
    result = np.zeros_like(delivery)
    first = len(basin.calendar.history)
    own = [d for d, demand in enumerate(basin.demands.values()) if demand.return_kernel]
    if not own:
        return result
    demands = [demand for demand in basin.demands.values() if demand.return_kernel]
    timeline = np.concatenate([np.array([d.delivery_before for d in demands]).reshape(len(own), first), delivery[own]], axis=1)
    longest = max(len(d.return_kernel) for d in demands)
    shares = np.array([[*d.return_kernel, *[0.0] * (longest - len(d.return_kernel))] for d in demands])
    for lag in range(longest):
        # what was delivered before the history is not known and does not come back
        earlier = _periods_in(basin.calendar.step, lag)
        start, unknown = first - earlier, max(0, earlier - first)
        result[own, unknown:] += shares[:, lag, None] * timeline[:, start + unknown : start + delivery.shape[1]]
    return result


def _periods_in(step: str, months: int) -> int:
    """How many periods earlier what is some months late was delivered; half periods are rounded up."""
    each = {"month": 1.0, "dekad": 3.0, "week": MEAN_MONTH / 7, "day": MEAN_MONTH}[step]
    return int(np.floor(months * each + 0.5))


def mean_storage(basin: Basin, storage: Floats) -> Floats:
    """Mean of the storages at both ends of each period, Mm3, (reservoir, period), from those at the later end."""
    opening = np.array([[r.opening_storage] for r in basin.reservoirs.values()]).reshape(len(storage), 1)
    result: Floats = (np.concatenate([opening, storage[:, :-1]], axis=1) + storage) / 2
    return result


def generated(basin: Basin, turbined: Floats, storage: Floats) -> Floats:
    """Energy of each plant, GWh, (plant, period), from the water through it and the storages above; with its true head."""
    if not basin.plants:
        return turbined
    rates = np.array([[p.energy_rate] * turbined.shape[1] for p in basin.plants.values()])
    means = dict(zip(basin.reservoirs, mean_storage(basin, storage), strict=True)) if basin.head_plants else {}
    for k, plant in enumerate(basin.plants.values()):
        if plant.head:
            rates[k] = [plant.head.rate(s) for s in means[plant.head.reservoir]]
    result: Floats = rates * turbined
    return result
