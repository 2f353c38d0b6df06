r"""Held values: what water held inside the horizon is worth by the month, in falling blocks. Mm3 at the END of a period, million USD."""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Equation, Unknown
from waterflow.units import MEAN_MONTH


def _within_block(basin: Basin, e: str, t: str) -> tuple[float, float | None]:
    month = basin.calendar.periods[basin.calendar.position[t]].month
    block = basin.held_values[e]
    return (0.0, block.width if block.counts(month) else 0.0)


UNKNOWNS = (Unknown("held_in_block", ("held_values", "periods"), "Mm3", "Storage counted in the block of held water", _within_block),)


def held_value_backed(m: Any, r: str, t: str) -> Any:
    r"""Only water that is there at the end of a period, above the lowest storage, has a value for being held.

    .. math:: S_{r,t} - \underline{S}_r - \sum_e H_{e,t} \ge 0
    """
    basin = m.basin
    month = basin.calendar.periods[basin.calendar.position[t]].month
    blocks = [e.name for e in basin.held_values.values() if e.reservoir == r and e.counts(month)]
    if not blocks:
        return None
    return m.storage[r, t] - basin.reservoirs[r].floor - sum(m.held_in_block[e, t] for e in blocks) >= 0


EQUATIONS = (Equation(held_value_backed, ("valued_reservoirs", "periods"), "Mm3"),)


def value_of_holding(m: Any) -> Any:
    """What water held is worth, million USD: each m3 for the months that it is held."""
    periods = m.basin.calendar.periods
    return sum(e.value * p.days / MEAN_MONTH * m.held_in_block[e.name, p.label] for e in m.basin.held_values.values() for p in periods)
