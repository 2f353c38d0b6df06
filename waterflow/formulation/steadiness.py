r"""Steadiness: how much releases and shortages change from one period to the next, in m3/s.

Plans with the same objective are not the same plan; among them the steadiest is published.
"""

from __future__ import annotations

from typing import Any

from waterflow.formulation.language import Equation, Unknown

UNKNOWNS = (
    Unknown("release_change", ("reservoirs", "periods"), "m3/s", "Change of the release since the period before"),
    Unknown("shortage_change", ("demands", "periods"), "m3/s", "Change of the shortage since the period before"),
)


def _release_step(m: Any, r: str, t: str) -> Any:
    basin = m.basin
    k = basin.calendar.position[t]
    ways = basin.paths.released[r]
    # what an aquifer lets go nobody decides
    if not ways or r in basin.aquifers or not (k or basin.begun):
        return None
    now = basin.calendar.periods[k]
    if not k:
        # the rest of a season goes on from the last release before it
        then = basin.calendar.history[-1]
        return sum(now.rate * m.flow[a, now.label] - then.rate * basin.reaches[a].flow_before[-1] for a in ways)
    then = basin.calendar.periods[k - 1]
    return sum(now.rate * m.flow[a, now.label] - then.rate * m.flow[a, then.label] for a in ways)


def _shortage_step(m: Any, d: str, t: str) -> Any:
    k = m.basin.calendar.position[t]
    calendar, begun = m.basin.calendar, m.basin.begun
    if not k and not begun:
        return None
    now = calendar.periods[k]
    if not k:
        return now.rate * m.shortage[d, now.label] - calendar.history[-1].rate * begun.short.get(d, 0.0)
    then = calendar.periods[k - 1]
    return now.rate * m.shortage[d, now.label] - then.rate * m.shortage[d, then.label]


def release_rise_counted(m: Any, r: str, t: str) -> Any:
    r"""The change of a release is at least its rise.

    .. math:: C_{r,t} - (q_t F_{r,t} - q_{t-1} F_{r,t-1}) \ge 0
    """
    step = _release_step(m, r, t)
    return None if step is None else m.release_change[r, t] - step >= 0


def release_fall_counted(m: Any, r: str, t: str) -> Any:
    r"""The change of a release is at least its fall.

    .. math:: C_{r,t} + (q_t F_{r,t} - q_{t-1} F_{r,t-1}) \ge 0
    """
    step = _release_step(m, r, t)
    return None if step is None else m.release_change[r, t] + step >= 0


def shortage_rise_counted(m: Any, d: str, t: str) -> Any:
    r"""The change of a shortage is at least its rise.

    .. math:: C_{d,t} - (q_t X_{d,t} - q_{t-1} X_{d,t-1}) \ge 0
    """
    step = _shortage_step(m, d, t)
    return None if step is None else m.shortage_change[d, t] - step >= 0


def shortage_fall_counted(m: Any, d: str, t: str) -> Any:
    r"""The change of a shortage is at least its fall.

    .. math:: C_{d,t} + (q_t X_{d,t} - q_{t-1} X_{d,t-1}) \ge 0
    """
    step = _shortage_step(m, d, t)
    return None if step is None else m.shortage_change[d, t] + step >= 0


EQUATIONS = (
    Equation(release_rise_counted, ("reservoirs", "periods"), "m3/s"),
    Equation(release_fall_counted, ("reservoirs", "periods"), "m3/s"),
    Equation(shortage_rise_counted, ("demands", "periods"), "m3/s"),
    Equation(shortage_fall_counted, ("demands", "periods"), "m3/s"),
)


def unsteadiness(m: Any) -> Any:
    """Sum of all changes, m3/s: what the smoothest plan makes least."""
    changes = (sum(v.values()) for v in (m.release_change, m.shortage_change) if len(v))
    return sum(changes)
