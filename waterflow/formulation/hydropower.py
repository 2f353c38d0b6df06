r"""Hydropower: energy from water through turbines at a fixed rate, GWh per Mm3.

A plant uses the water that enters its reach; plants in a row on one reach use the same water one after the
other. A plant without storage data is run-of-river: it takes what comes.
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Coefficient, Equation, Given, Unknown


def _within_turbines(basin: Basin, p: str, t: str) -> tuple[float, float | None]:
    capacity = basin.plants[p].capacity
    return (0.0, capacity[basin.calendar.position[t]] if capacity else None)


def _energy_rate(basin: Basin, p: str, _t: str) -> float:
    return basin.plants[p].energy_rate


UNKNOWNS = (
    Unknown("turbined", ("plants", "periods"), "Mm3", "Water through the turbines", _within_turbines),
    Unknown("generation", ("plants", "periods"), "GWh", "Energy made by the plant"),
)

GIVENS: tuple[Given, ...] = ()


def turbined_from_flow(m: Any, p: str, t: str) -> Any:
    r"""Turbines pass no more than enters their reach.

    .. math:: F_{a,t} - R_{p,t} \ge 0
    """
    return m.flow[m.basin.plants[p].reach, t] - m.turbined[p, t] >= 0


def energy_from_turbines(m: Any, p: str, t: str) -> Any:
    r"""Energy is the water through the turbines at the plant's rate.

    .. math:: \rho_p R_{p,t} - G_{p,t} = 0
    """
    return m.basin.plants[p].energy_rate * m.turbined[p, t] - m.generation[p, t] == 0


EQUATIONS = (
    Equation(turbined_from_flow, ("plants", "periods"), "Mm3"),
    Equation(energy_from_turbines, ("plants", "periods"), "GWh"),
)

COEFFICIENTS = (Coefficient("energy_rate", "energy_from_turbines", "turbined", "GWh/Mm3", _energy_rate),)


def generated(m: Any, party: str, t: str) -> Any:
    """Hydropower of a party's plants, GWh."""
    return sum(m.generation[p.name, t] for p in m.basin.plants.values() if p.party == party)


def value_of_power(m: Any) -> Any:
    """What hydropower is worth to parties without a power balance of their own, million USD."""
    labels = m.basin.calendar.labels
    return sum(
        value * generated(m, party, labels[k])
        for party, system in m.basin.power.items()
        if not system.demand
        for k, value in enumerate(system.value)
    )
