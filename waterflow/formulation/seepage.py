r"""Seepage: water that goes into the ground, and where it comes to again. Mm3 per period.

A reservoir loses a depth over its area, a share of what it holds, a volume, or all three. A reach loses a share of what
enters it, and what it loses whatever flows. What of this comes to an aquifer or a node below is counted there; the rest is lost.
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Equation, Unknown


def _no_more(basin: Basin, a: str, t: str) -> tuple[float, float]:
    """All of a constant loss where enough is to flow, else at most that."""
    reach, k = basin.reaches[a], basin.calendar.position[t]
    most = reach.constant_loss[len(basin.calendar.history) + k]
    return (most if reach.dry and not reach.dry[k] else 0.0, most)


UNKNOWNS = (
    Unknown("reservoir_seepage", ("seeping_reservoirs", "periods"), "Mm3", "Water that seeps away from the reservoir"),
    Unknown("constant_loss", ("losing_reaches", "periods"), "Mm3", "Water the reach loses whatever flows", _no_more),
)


def seepage_from_reservoir(m: Any, r: str, t: str) -> Any:
    r"""From a reservoir seeps a depth over its mean water area, a share of its mean storage, and a volume.

    .. math:: g_{r,t} \tfrac{A_{r,t-1}(S_{r,t-1}) + A_{r,t}(S_{r,t})}{2}
        + \gamma_{r,t} \tfrac{S_{r,t-1} + S_{r,t}}{2} + c_{r,t} - G_{r,t} = 0
    """
    basin = m.basin
    reservoir, k = basin.reservoirs[r], basin.calendar.position[t]
    before = m.storage[r, basin.calendar.labels[k - 1]] if k else m.opening_storage[r]
    depth, share = reservoir.seepage_depth[k] / 2, reservoir.seepage_share[k] / 2
    seeping = reservoir.seepage_volume[k]
    for moment, storage in ((k, before), (k + 1, m.storage[r, t])):
        at_zero, slope = reservoir.area_line(moment)
        seeping += depth * at_zero + (depth * slope + share) * storage
    return seeping - m.reservoir_seepage[r, t] == 0


def loss_within_flow(m: Any, a: str, t: str) -> Any:
    r"""A reach loses no more than it carries; where it carries less than its constant loss, all of it.

    .. math:: (1 - \epsilon_{a,t} - \sigma_{a,t}) F_{a,t} - L_{a,t} \ge 0 \qquad
        L_{a,t} = \min(\ell_{a,t}, (1 - \epsilon_{a,t} - \sigma_{a,t}) F_{a,t})
    """
    basin = m.basin
    reach, k = basin.reaches[a], basin.calendar.position[t]
    left = reach.kept(len(basin.calendar.history) + k) * m.flow[a, t] - m.constant_loss[a, t]
    return left == 0 if reach.dry and reach.dry[k] else left >= 0


EQUATIONS = (
    Equation(seepage_from_reservoir, ("seeping_reservoirs", "periods"), "Mm3"),
    Equation(loss_within_flow, ("losing_reaches", "periods"), "Mm3"),
)


def seeped(m: Any, n: str, t: str) -> Any:
    """Water that seeps away at the node; nothing where there is no reservoir that does."""
    return m.reservoir_seepage[n, t] if n in m.basin.seeping_reservoirs else 0


def recharged(m: Any, n: str, t: str) -> Any:
    r"""Water that seeped away elsewhere and comes to the node.

    .. math:: H_{n,t} = \sum_x \phi_x \left(\sigma_{a,t} F_{a,t} + L_{a,t}, \; G_{r,t} \; \text{or} \; D_{d,t}\right)
    """
    basin, coming = m.basin, 0.0
    moment = len(basin.calendar.history) + basin.calendar.position[t]
    for x in basin.recharged[n]:
        if x.kind == "reservoir":
            coming += x.share * m.reservoir_seepage[x.origin, t]
        elif x.kind == "demand":
            coming += x.share * m.delivery[x.origin, t]
        else:
            coming += x.share * basin.reaches[x.origin].seepage[moment] * m.flow[x.origin, t]
            if x.origin in basin.losing_reaches:
                coming += x.share * m.constant_loss[x.origin, t]
    return coming
