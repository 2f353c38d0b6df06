"""Stores by arithmetic alone: what evaporates and seeps away at true areas, what the ground gets and gives back. numpy, no Pyomo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.reservoirs import Reservoir
from waterflow.simulation.flows import lost_whatever_flows

__all__ = ["Sinks", "closing_storage", "ground_law_missed", "recharge", "sinks"]

Floats = NDArray[np.float64]
#: evaporation and seepage of every reservoir, Mm3, each (reservoir, period)
Sinks = tuple[Floats, Floats]


def sinks(basin: Basin, storage: Floats) -> Sinks:
    """Evaporation and seepage of every reservoir at its true area, Mm3, each (reservoir, period), from storages at ends of periods."""
    evaporation, seepage = np.zeros_like(storage), np.zeros_like(storage)
    for k, r in enumerate(basin.reservoirs.values()):
        course = np.append(r.opening_storage, storage[k])
        if r.curve:
            areas = _areas(r, course)
            area = (areas[:-1] + areas[1:]) / 2
        else:
            area = r.area_at_zero + r.area_slope * ((course[:-1] + course[1:]) / 2)
        evaporation[k] = np.asarray(r.net_evaporation) * area
        if r.seeps:
            mean = (course[:-1] + course[1:]) / 2
            seepage[k] = np.asarray(r.seepage_depth) * area + np.asarray(r.seepage_share) * mean + np.asarray(r.seepage_volume)
    return evaporation, seepage


def _areas(r: Reservoir, storages: Floats) -> Floats:
    """Areas along a curve, its first and last piece going on beyond its ends, km2."""
    points = np.array(r.curve.points if r.curve else ()).T
    found: Floats = np.interp(storages, *points)
    for beyond, (first, last) in ((storages < points[0, 0], (0, 1)), (storages > points[0, -1], (-2, -1))):
        slope = (points[1, last] - points[1, first]) / (points[0, last] - points[0, first])
        found[beyond] = points[1, first] + slope * (storages[beyond] - points[0, first])
    return found


def recharge(basin: Basin, flow: Floats, delivery: Floats, seepage: Floats) -> Floats:
    """What seeped away elsewhere and comes to every node, Mm3, (node, period)."""
    found = np.zeros((len(basin.nodes), flow.shape[1]))
    if not basin.recharges:
        return found
    first = len(basin.calendar.history)
    constant = lost_whatever_flows(basin, flow)
    places = [{name: k for k, name in enumerate(names)} for names in (basin.nodes, basin.reaches, basin.reservoirs, basin.demands)]
    node, reach, reservoir, demand = places
    for x in basin.recharges.values():
        if x.kind == "reach":
            a = reach[x.origin]
            lost = np.asarray(basin.reaches[x.origin].seepage)[first:] * flow[a] + constant[a, first:]
        else:
            lost = seepage[reservoir[x.origin]] if x.kind == "reservoir" else delivery[demand[x.origin]]
        found[node[x.node]] += x.share * lost
    return found


def ground_law_missed(basin: Basin, storage: Floats, flow: Floats) -> float:
    """Largest difference, Mm3, of an aquifer's storage from what a linear reservoir holds after each period.

    Of what was there exp(-x) is left, of what came in the same measure every day (1 - exp(-x)) / x.
    """
    order, worst = {name: k for k, name in enumerate(basin.reaches)}, 0.0
    days = np.array([p.days for p in basin.calendar.periods])
    for k, (name, r) in enumerate(basin.reservoirs.items()):
        if name in basin.aquifers:
            (way,) = basin.paths.departing[name]
            before = np.append(r.opening_storage, storage[k, :-1])
            x = r.recession * days
            came = storage[k] - before + flow[order[way]]
            left = np.where(x > 0, -np.expm1(-x) / np.where(x > 0, x, 1.0), 1.0)
            worst = max(worst, float(np.abs(before * np.exp(-x) + came * left - storage[k]).max()))
    return worst


def closing_storage(r: Reservoir, period: int, left: float, before: float) -> tuple[float, float, float]:
    """Storage at the end of a period, evaporation and seepage, Mm3, from what would be there without the two."""
    depth, seeping = r.net_evaporation[period], 0.0
    if not r.curve and not r.seeps:
        slope = depth * r.area_slope / 2
        closing = (left - depth * r.area_at_zero - slope * before) / (1.0 + slope)
        return closing, left - closing, 0.0
    down = share = volume = 0.0
    if r.seepage_depth is not None and r.seepage_share is not None and r.seepage_volume is not None:
        down, share, volume = r.seepage_depth[period], r.seepage_share[period], r.seepage_volume[period]
    rest = left - (depth + down) / 2 * r.area(before) - share / 2 * before - volume
    closing = _closing(r, rest, (depth + down) / 2, share / 2)
    area, mean = (r.area(before) + r.area(closing)) / 2, (before + closing) / 2
    seeping = down * area + share * mean + volume
    return closing, left - closing - seeping, seeping


def _closing(r: Reservoir, rest: float, depth: float, share: float) -> float:
    """The storage S of which S + depth * area(S) + share * S is the rest: looked for piece by piece."""
    lines = [r.curve.line_of(k) for k in range(len(r.curve.points) - 1)] if r.curve else [(r.area_at_zero, r.area_slope)]
    found = rest
    for piece, (at_zero, slope) in enumerate(lines):
        found = (rest - depth * at_zero) / (1.0 + share + depth * slope)
        if r.curve is None or r.curve.on(piece, found):
            break
    return found
