r"""Floors: minimum flows past a place, in m3/s. A floor is a wish with a shortfall, never hard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown, given

UNKNOWNS = (Unknown("floor_shortfall", ("floors", "periods"), "m3/s", "What the flow misses to the floor"),)

GIVENS = (given("floor_flow"),)


def floor_kept(m: Any, f: str, t: str) -> Any:
    r"""In every period of its window the flow reaches the floor, or the difference is the shortfall.

    .. math:: q_t F_{a,t} + U_{f,t} - \underline{Q}_f \ge 0 \qquad q_t = 10^6 / (86400 \, \mathrm{days}_t)
    """
    floor, calendar = m.basin.floors[f], m.basin.calendar
    k = calendar.position[t]
    period = calendar.periods[k]
    if period.start < floor.window.start or period.end > floor.window.end:
        return None
    return period.rate * m.flow[floor.reach, t] + m.floor_shortfall[f, t] - m.floor_flow[f] >= 0


EQUATIONS = (Equation(floor_kept, ("floors", "periods"), "m3/s"),)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for f in basin.floors.values():
        if chosen.at(f.place):
            for k in basin.calendar.inside(f.window):
                if chosen.counts(basin.calendar.periods[k]):
                    yield Claim("floor_shortfall", (f.name, basin.calendar.labels[k]), f.flow)


CLAIMS = {"floors": _claims}
