r"""Water balance: the one place where water is conserved, by node and period. Mm3."""

from __future__ import annotations

from typing import Any

from waterflow.formulation import demands, reaches, reservoirs, runoff, seepage
from waterflow.formulation.language import Equation


def water_balance(m: Any, n: str, t: str) -> Any:
    r"""Water entering a node in a period leaves it or is stored in it.

    .. math:: I_{n,t} + A_{n,t} + B_{n,t} + H_{n,t} - F_{n,t} - D_{n,t} - E_{n,t} - G_{n,t} - \Delta S_{n,t} = 0
    """
    if m.basin.nodes[n].kind == "outlet":
        return None
    there = runoff.entering(m, n, t) + reaches.arriving(m, n, t) + demands.returned(m, n, t) + seepage.recharged(m, n, t)
    used = reaches.departing(m, n, t) + demands.withdrawn(m, n, t) + reservoirs.evaporated(m, n, t) + seepage.seeped(m, n, t)
    return there - used - reservoirs.stored(m, n, t) == 0


EQUATIONS = (Equation(water_balance, ("nodes", "periods"), "Mm3"),)
