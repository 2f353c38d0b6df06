r"""Energy balance: the one place where power is balanced, by party and period. GWh."""

from __future__ import annotations

from typing import Any

from waterflow.formulation import conveyance, hydropower, power
from waterflow.formulation.language import Equation


def energy_balance(m: Any, party: str, t: str) -> Any:
    r"""Power from the river and from elsewhere, and what stays unserved, meets the demand, what is sold and what lifts water.

    .. math:: \sum_p G_{p,t} + \sum_s (1 - \lambda_{s,t}) G_{s,t} + \sum_b U_{b,t} - \sum_x E_{x,t} - \sum_y W_{y,t} - P_{c,t} = 0
    """
    there = hydropower.generated(m, party, t) + power.supplied(m, party, t)
    return there - power.sold(m, party, t) - conveyance.lifting(m, party, t) - m.power_demand[party, t] == 0


EQUATIONS = (Equation(energy_balance, ("power_parties", "periods"), "GWh"),)
