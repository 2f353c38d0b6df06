r"""Hydropower: energy from water through turbines, GWh per Mm3, at a fixed rate or by the head above the plant.

A plant uses the water that enters its reach; plants in a row on one reach use the same water one after the
other. A plant without storage data is run-of-river: it takes what comes. The energy of a plant with a head is a
product of water and head, which is not linear: here it is the straight line around a point that is given (`Head.at`).
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.head import Head
from waterflow.formulation.language import Coefficient, Equation, Given, Unknown, at_most


def _within_turbines(basin: Basin, p: str, t: str) -> tuple[float, float | None]:
    return (0.0, at_most(basin.plants[p].capacity, basin.calendar.position[t]))


def _within_units(basin: Basin, p: str, t: str) -> tuple[float, float | None]:
    most = basin.plants[p].most_energy
    return (0.0, most[basin.calendar.position[t]] if most else None)


def _drawn(basin: Basin, p: str) -> Head | None:
    """The head of a plant if its energy is drawn as a line around some point."""
    head = basin.plants[p].head
    return head if head and head.at else None


def _energy_rate(basin: Basin, p: str, t: str) -> float:
    head = _drawn(basin, p)
    return head.rate(head.at[basin.calendar.position[t]][1]) if head else basin.plants[p].energy_rate


def _head_of_end(basin: Basin, p: str, t: str) -> float:
    head = _drawn(basin, p)
    return head.tilt(basin.calendar.position[t]) / 2 if head else 0.0


def _head_of_start(basin: Basin, p: str, t: str) -> float:
    return _head_of_end(basin, p, t) if basin.calendar.position[t] else 0.0


def _head_offset(basin: Basin, p: str, t: str) -> float:
    """What the line adds besides its terms in unknowns: the opening storage is known."""
    head, k = _drawn(basin, p), basin.calendar.position[t]
    if head is None:
        return 0.0
    known = 0.0 if k else basin.reservoirs[head.reservoir].opening_storage / 2
    return head.tilt(k) * (known - head.at[k][1])


def _end(basin: Basin, p: str, t: str) -> tuple[str, ...]:
    head = _drawn(basin, p)
    return (head.reservoir, t) if head else ()


def _start(basin: Basin, p: str, t: str) -> tuple[str, ...]:
    head, k = _drawn(basin, p), basin.calendar.position[t]
    return (head.reservoir, basin.calendar.labels[k - 1]) if head and k else ()


UNKNOWNS = (
    Unknown("turbined", ("plants", "periods"), "Mm3", "Water through the turbines", _within_turbines),
    Unknown("generation", ("plants", "periods"), "GWh", "Energy made by the plant", _within_units),
)

GIVENS = (
    Given(
        "head_offset",
        ("head_plants", "periods"),
        "GWh",
        "Energy of the line of a head that no decision changes",
        _head_offset,
        ("plant_heads", "levels"),
    ),
)


def turbined_from_flow(m: Any, p: str, t: str) -> Any:
    r"""Turbines pass no more than enters their reach.

    .. math:: F_{a,t} - R_{p,t} \ge 0
    """
    return m.flow[m.basin.plants[p].reach, t] - m.turbined[p, t] >= 0


def turbined_within_head(m: Any, x: str, t: str) -> Any:
    r"""At a low head turbines take less than their capacity.

    .. math:: \overline{R}_{p,t} \left(a_x + b_x \tfrac{S_{r,t-1} + S_{r,t}}{2}\right) - R_{p,t} \ge 0
    """
    basin = m.basin
    p, share, slope = basin.head_lines[x]
    plant, k = basin.plants[p], basin.calendar.position[t]
    r = plant.head.reservoir
    before = m.storage[r, basin.calendar.labels[k - 1]] if k else m.opening_storage[r]
    return plant.capacity[k] * (share + slope * (before + m.storage[r, t]) / 2) - m.turbined[p, t] >= 0


def energy_from_turbines(m: Any, p: str, t: str) -> Any:
    r"""Energy is the water through the turbines at the plant's rate; with a head, a line around a point.

    .. math:: \rho_p R_{p,t} - G_{p,t} = 0 \qquad \text{or} \qquad
        \rho_p(\hat S_t) R_{p,t} + \rho_p'(\hat S_t) \hat R_t
        \left(\tfrac{S_{r,t-1} + S_{r,t}}{2} - \hat S_t\right) - G_{p,t} = 0
    """
    basin = m.basin
    made = _energy_rate(basin, p, t) * m.turbined[p, t]
    head = _drawn(basin, p)
    if head:
        made += _head_of_end(basin, p, t) * m.storage[head.reservoir, t]
        if basin.calendar.position[t]:
            made += _head_of_start(basin, p, t) * m.storage[_start(basin, p, t)]
    if p in basin.head_plants:
        made += m.head_offset[p, t]
    return made - m.generation[p, t] == 0


EQUATIONS = (
    Equation(turbined_from_flow, ("plants", "periods"), "Mm3"),
    Equation(turbined_within_head, ("head_lines", "periods"), "Mm3"),
    Equation(energy_from_turbines, ("plants", "periods"), "GWh"),
)

COEFFICIENTS = (
    Coefficient("energy_rate", "energy_from_turbines", "turbined", "GWh/Mm3", _energy_rate),
    Coefficient("head_of_end", "energy_from_turbines", "storage", "GWh/Mm3", _head_of_end, _end),
    Coefficient("head_of_start", "energy_from_turbines", "storage", "GWh/Mm3", _head_of_start, _start),
)


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
