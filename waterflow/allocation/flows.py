"""Flows that follow from decisions by arithmetic alone: arrivals, return flows, energy. numpy, no Pyomo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin

__all__ = ["arriving", "generated", "in_transit", "returned"]

Floats = NDArray[np.float64]


def _entered(basin: Basin, flow: Floats) -> Floats:
    """Water entering each reach over the timeline less its losses, (reach, timeline)."""
    reaches = basin.reaches.values()
    before = np.array([r.flow_before for r in reaches]).reshape(len(basin.reaches), -1)
    kept = np.array([[1.0 - e - s for e, s in zip(r.evaporation, r.seepage, strict=True)] for r in reaches])
    result: Floats = np.concatenate([before, flow], axis=1) * kept
    return result


def arriving(basin: Basin, flow: Floats) -> Floats:
    """Water leaving each reach at its lower end, Mm3, (reach, period), from the water entering it, (reach, period)."""
    reach, period, source = (np.asarray(x, dtype=np.intp) for x in basin.paths.arrivals[:3])
    share: Floats = np.asarray(basin.paths.arrivals[3], dtype=float)
    count, amounts = flow.shape[1], share * _entered(basin, flow)[reach, source]
    result: Floats = np.asarray(np.bincount(reach * count + period, weights=amounts, minlength=flow.size), dtype=float)
    return result.reshape(flow.shape)


def in_transit(basin: Basin, flow: Floats) -> Floats:
    """Water of each reach still on its way when the horizon ends, Mm3, (reach,); booked, never lost."""
    late = np.array([[share for _, share in basin.paths.spreads[name]] for name in basin.reaches])
    result: Floats = (_entered(basin, flow) * late).sum(axis=1)
    return result


def returned(basin: Basin, delivery: Floats) -> Floats:
    """Drainage coming back from each demand, Mm3, (demand, period), from its deliveries, (demand, period)."""
    result = np.zeros_like(delivery)
    first = len(basin.calendar.history)
    for d, demand in enumerate(basin.demands.values()):
        if not demand.return_kernel:
            continue
        timeline = np.concatenate([np.asarray(demand.delivery_before, dtype=float), delivery[d]])
        step = 3 if basin.calendar.step == "dekad" else 1
        for lag, share in enumerate(demand.return_kernel):
            start = first - lag * step
            result[d] += share * timeline[max(start, 0) : start + delivery.shape[1]]
    return result


def generated(basin: Basin, turbined: Floats) -> Floats:
    """Energy of each plant, GWh, (plant, period), from the water through it."""
    rates = np.array([p.energy_rate for p in basin.plants.values()])
    result: Floats = rates[:, None] * turbined if len(rates) else turbined
    return result
