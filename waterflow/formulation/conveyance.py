r"""Conveyance: what passing a reach costs a party, and the electricity that lifting its water takes. Million USD and GWh.

A reach with a cost may lead uphill, or back: a lift, or a link both ways. Costs and electricity are counted where the
water enters, as the flow is. Electricity comes out of the party's balance of power; a party without one loses what its
hydropower is worth.
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Equation, Unknown


def _at_rest(basin: Basin, y: str, t: str) -> tuple[float, float | None]:
    return (0.0, None if basin.reach_costs[y].electricity[basin.calendar.position[t]] else 0.0)


UNKNOWNS = (Unknown("lifting_power", ("reach_costs", "periods"), "GWh", "Electricity that lifts the water of the reach", _at_rest),)


def electricity_of_lift(m: Any, y: str, t: str) -> Any:
    r"""Lifting takes its electricity for every Mm3 that enters the reach.

    .. math:: W_{y,t} - e_{y,t} F_{a,t} = 0
    """
    lift = m.basin.reach_costs[y]
    rate = lift.electricity[m.basin.calendar.position[t]]
    return m.lifting_power[y, t] - rate * m.flow[lift.reach, t] == 0 if rate else None


EQUATIONS = (Equation(electricity_of_lift, ("reach_costs", "periods"), "GWh"),)


def lifting(m: Any, party: str, t: str) -> Any:
    """Electricity that a party's lifts take, GWh."""
    return sum(m.lifting_power[y.name, t] for y in m.basin.reach_costs.values() if y.party == party)


def cost_of_reaches(m: Any) -> Any:
    """What passing reaches costs, and what electricity of lifts is worth to parties without a power balance, million USD."""
    b, labels = m.basin, m.basin.calendar.labels
    passed = sum(c * m.flow[y.reach, labels[k]] for y in b.reach_costs.values() for k, c in enumerate(y.cost) if c)
    worth = sum(
        value * m.lifting_power[y.name, labels[k]]
        for y in b.reach_costs.values()
        if y.party in b.power and not b.balances(y.party)
        for k, value in enumerate(b.power[y.party].value)
        if value
    )
    return passed + worth


def turning(m: Any) -> Any:
    """Water in reaches from which it can come round again, Mm3: what the straightest plan makes least."""
    return sum(m.flow[a, t] for a in m.basin.paths.turning for t in m.basin.calendar.labels)
