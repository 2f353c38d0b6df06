r"""Reservoirs and lakes: water carried from one period to the next. Storage in Mm3, at the END of a period.

An off-stream reservoir is a reservoir filled through a reach of its own; a terminal lake is one whose only
way out is a spill; an aquifer is one whose outflow nobody decides. All keep water, evaporate and obey these same laws.
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Equation, Unknown, at_most, given


def _within_limits(basin: Basin, r: str, t: str) -> tuple[float, float | None]:
    reservoir = basin.reservoirs[r]
    least, most = reservoir.least, at_most((reservoir.ceiling,), 0)
    moment, curve = basin.calendar.position[t] + 1, reservoir.curve
    if curve is None or not curve.held or not curve.held[moment]:
        return (least, most)
    # where two pieces of a curve vie for a storage it is kept on one of them
    low, high = curve.ends(curve.at[moment])
    return (max(least, low), min(high, reservoir.ceiling))


def _either_sign(basin: Basin, r: str, t: str) -> tuple[float | None, float | None]:
    still = basin.reservoirs[r].net_evaporation[basin.calendar.position[t]] == 0
    return (0.0, 0.0) if still else (None, None)


UNKNOWNS = (
    Unknown("storage", ("reservoirs", "periods"), "Mm3", "Water stored at the end of the period", _within_limits),
    Unknown("evaporation", ("reservoirs", "periods"), "Mm3", "Evaporation less rain on the water", _either_sign),
)

GIVENS = (given("opening_storage"), given("ruled_storage"))


def _before(m: Any, r: str, t: str) -> Any:
    k = m.basin.calendar.position[t]
    return m.storage[r, m.basin.calendar.labels[k - 1]] if k else m.opening_storage[r]


def evaporation_from_area(m: Any, r: str, t: str) -> Any:
    r"""Evaporation is a depth over the mean water area, a straight line in storage, or drawn as one along a curve.

    .. math:: e_{r,t} \left(a_r + b_r \tfrac{S_{r,t-1} + S_{r,t}}{2}\right) - E_{r,t} = 0 \qquad \text{or} \qquad
        e_{r,t} \tfrac{A_{r,t-1}(S_{r,t-1}) + A_{r,t}(S_{r,t})}{2} - E_{r,t} = 0
    """
    reservoir = m.basin.reservoirs[r]
    depth = reservoir.net_evaporation[m.basin.calendar.position[t]]
    if depth == 0:
        return None
    if reservoir.curve:
        k = m.basin.calendar.position[t]
        (zero, slope), (zero_after, slope_after) = reservoir.area_line(k), reservoir.area_line(k + 1)
        both = zero + slope * _before(m, r, t) + zero_after + slope_after * m.storage[r, t]
        return depth / 2 * both - m.evaporation[r, t] == 0
    mean = (_before(m, r, t) + m.storage[r, t]) / 2
    return depth * (reservoir.area_at_zero + reservoir.area_slope * mean) - m.evaporation[r, t] == 0


def storage_held(m: Any, x: str) -> Any:
    r"""On its date a reservoir holds no less than was agreed (at the end of the horizon: closing storage).

    .. math:: S_{r,t} - S^{\mathrm{held}}_x \ge 0
    """
    rule = m.basin.storage_rules[x]
    if rule.rule != "at_least":
        return None
    return m.storage[rule.reservoir, m.basin.calendar.labels[rule.period]] - m.ruled_storage[x] >= 0


def storage_not_passed(m: Any, x: str) -> Any:
    r"""On its date a reservoir holds no more than was agreed.

    .. math:: S^{\mathrm{most}}_x - S_{r,t} \ge 0
    """
    rule = m.basin.storage_rules[x]
    if rule.rule != "at_most":
        return None
    return m.ruled_storage[x] - m.storage[rule.reservoir, m.basin.calendar.labels[rule.period]] >= 0


EQUATIONS = (
    Equation(evaporation_from_area, ("reservoirs", "periods"), "Mm3"),
    Equation(storage_held, ("storage_rules",), "Mm3", agreed="ruled_storage"),
    Equation(storage_not_passed, ("storage_rules",), "Mm3", agreed="ruled_storage"),
)


def stored(m: Any, n: str, t: str) -> Any:
    """Water the node keeps during the period; nothing where there is no reservoir."""
    return m.storage[n, t] - _before(m, n, t) if n in m.basin.reservoirs else 0


def evaporated(m: Any, n: str, t: str) -> Any:
    """Water the node loses to the air; nothing where there is no reservoir."""
    return m.evaporation[n, t] if n in m.basin.reservoirs else 0
