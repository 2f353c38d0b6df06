r"""Aquifers: ground that gives back what it holds, a share of it in every day. Mm3; a linear reservoir."""

from __future__ import annotations

from typing import Any

from waterflow.formulation.language import Equation


def outflow_from_aquifer(m: Any, r: str, t: str) -> Any:
    r"""From an aquifer flows, by its only way out, the share of its storage that its days give back.

    .. math:: x \left(\tfrac{a - b}{a} S_{r,t-1} + \tfrac{b}{a} S_{r,t}\right) - F_{a,t} = 0 \qquad
        x = k_r \, \mathrm{days}_t, \quad a = 1 - e^{-x}, \quad b = 1 - \tfrac{a}{x}
    """
    basin = m.basin
    k = basin.calendar.position[t]
    there, after = basin.reservoirs[r].outflow(basin.calendar.periods[k].days)
    before = m.storage[r, basin.calendar.labels[k - 1]] if k else m.opening_storage[r]
    (way,) = basin.paths.departing[r]
    return there * before + after * m.storage[r, t] - m.flow[way, t] == 0


EQUATIONS = (Equation(outflow_from_aquifer, ("aquifers", "periods"), "Mm3"),)
