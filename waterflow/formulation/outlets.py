r"""Outlets: the most that can leave a reservoir by a reach, by how much is stored. Mm3; storage at the END of a period.

What can leave in a period is read at the mean of the storages at its ends. The points of an outlet rise ever less, so
the least of the lines through them is the outlet itself, and the program has it exactly.
"""

from __future__ import annotations

from typing import Any

from waterflow.formulation.language import Equation


def outflow_within_outlet(m: Any, x: str, t: str) -> Any:
    r"""No more leaves by an outlet than it passes at the mean storage of the period.

    .. math:: \frac{1}{q_t} \left(\alpha_x + \beta_x \tfrac{S_{r,t-1} + S_{r,t}}{2}\right) - F_{a,t} \ge 0
        \qquad q_t = 10^6 / (86400 \, \mathrm{days}_t)
    """
    basin = m.basin
    reach, most, more = basin.outlet_lines[x]
    k, r = basin.calendar.position[t], basin.reaches[reach].start
    rate = basin.calendar.periods[k].rate
    if not more:
        return most / rate - m.flow[reach, t] >= 0
    before = m.storage[r, basin.calendar.labels[k - 1]] if k else m.opening_storage[r]
    return (most + more * (before + m.storage[r, t]) / 2) / rate - m.flow[reach, t] >= 0


EQUATIONS = (Equation(outflow_within_outlet, ("outlet_lines", "periods"), "Mm3", works="outlet"),)
