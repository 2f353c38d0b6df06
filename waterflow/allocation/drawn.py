"""Drawn: laws that bend as straight lines where a plan stands, and how far the lines of a program are from the true laws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.simulation.flows import lost_whatever_flows
from waterflow.simulation.stores import sinks
from waterflow.solver.compile import Program

__all__ = ["drawn_at", "gap_of"]

Floats = NDArray[np.float64]


def drawn_at(basin: Basin, storage: Floats, flow: Floats) -> Basin:
    """The same basin with its lines drawn where a plan stands.

    ``storage`` at the end of each period, (reservoir, period), ``flow`` into each reach, (reach, period), Mm3.
    """
    reservoirs, reaches = dict(basin.reservoirs), dict(basin.reaches)
    for k, (name, r) in enumerate(basin.reservoirs.items()):
        if r.curve:
            at = tuple(r.curve.piece(float(s)) for s in np.append(r.opening_storage, storage[k]))
            reservoirs[name] = r.model_copy(update={"curve": r.curve.model_copy(update={"at": at, "held": ()})})
    first = len(basin.calendar.history)
    for k, (name, a) in enumerate(basin.reaches.items()):
        if any(a.constant_loss):
            dry = tuple(a.kept(first + t) * float(flow[k, t]) < a.constant_loss[first + t] for t in range(flow.shape[1]))
            reaches[name] = a.model_copy(update={"dry": dry})
    changed: dict[str, Any] = {"reservoirs": reservoirs, "reaches": reaches}
    return basin.replaced(**changed)


def gap_of(basin: Basin, program: Program, plan: Floats) -> float:
    """Largest difference of what a program takes for evaporation, seepage and constant losses from their true laws, Mm3."""
    shape = (-1, len(basin.calendar.periods))

    def decided(name: str) -> Floats:
        return plan[program.unknowns[name].slice].reshape(shape)

    evaporation, seepage = sinks(basin, decided("storage"))
    lost = lost_whatever_flows(basin, decided("flow"))[:, len(basin.calendar.history) :]
    seeping = [k for k, name in enumerate(basin.reservoirs) if name in basin.seeping_reservoirs]
    losing = [k for k, name in enumerate(basin.reaches) if name in basin.losing_reaches]
    pairs = (
        ("evaporation", evaporation),
        ("reservoir_seepage", seepage[seeping]),
        ("constant_loss", lost[losing]),
    )
    return max((float(np.abs(decided(name) - true).max(initial=0.0)) for name, true in pairs), default=0.0)
