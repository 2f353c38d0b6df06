"""Party costs: the terms of the one sum of benefits as the program has them, each with its party and the place where it arises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.payoffs import NOBODY
from waterflow.basin.basin import Basin
from waterflow.solver.compile import Program

__all__ = ["Term", "party_costs", "river_order", "terms"]

Floats = NDArray[np.float64]
Index = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """One entry of the net cost: a party bears ``cost``, million USD a unit, of an unknown, at a place."""

    party: str
    place: str
    column: int
    cost: float


def terms(basin: Basin, program: Program) -> Iterator[Term]:
    """Every entry of the net cost.

    Parameters
    ----------
    basin : Basin
        One sum of benefits, so that money counts everything, and no planes of end values.
    program : Program
        Of it.
    """
    cost, _ = program.costs["net_cost"]
    whose = _owners(basin)
    for name, component in program.unknowns.items():
        for position, index in enumerate(component.index, start=component.first):
            if not cost[position]:
                continue
            if name == "flow":
                yield from _of_flow(basin, index, position)
                continue
            party, place = whose[name](index) if name in whose else (NOBODY, "")
            yield Term(party, place, position, float(cost[position]))


def _of_flow(basin: Basin, index: Index, position: int) -> Iterator[Term]:
    """What water that enters a reach costs its owner, as a spill, and every party that pays for its way."""
    reach, k = basin.reaches[index[0]], basin.calendar.position[index[1]]
    paid = [(reach.owner or NOBODY, reach.spill_cost)]
    paid += [(y.party, y.cost[k]) for y in basin.reach_costs.values() if y.reach == reach.name]
    yield from (Term(party, reach.start, position, cost) for party, cost in paid if cost)


def party_costs(basin: Basin, program: Program) -> dict[str, Floats]:
    """What each unknown costs each party, (unknowns,), million USD a unit; together they are the net cost."""
    found = {party: np.zeros(program.matrix.shape[1]) for party in (*basin.parties, NOBODY)}
    for term in terms(basin, program):
        found[term.party][term.column] += term.cost
    return found


def river_order(basin: Basin) -> tuple[str, ...]:
    """Nodes so that water flows from earlier to later ones; of two that could come next, the one listed first."""
    order: list[str] = []
    left = dict.fromkeys(basin.nodes)
    while left:
        ready = next((n for n in left if all(basin.reaches[a].start not in left for a in basin.paths.arriving[n])), next(iter(left)))
        order.append(ready)
        del left[ready]
    return tuple(order)


Owner = Callable[[Index], tuple[str, str]]


def _owners(basin: Basin) -> dict[str, Owner]:
    """For each unknown that money counts: the party of an entry, and its place."""
    home = _homes_of_power(basin)

    def user(name: str) -> tuple[str, str]:
        demand = basin.demands[name]
        # an unexplained loss is nobody's benefit
        return NOBODY if demand.use == "unexplained" else demand.party, demand.node

    def target(name: str) -> tuple[str, str]:
        block = basin.target_values[name]
        return block.party, basin.targets[block.target].place

    def reservoir(name: str) -> tuple[str, str]:
        return basin.reservoirs[name].owner or NOBODY, name

    def lift(name: str) -> tuple[str, str]:
        return basin.reach_costs[name].party, basin.reaches[basin.reach_costs[name].reach].start

    return {
        "delivery": lambda i: user(i[0]),
        "delivery_in_block": lambda i: user(basin.delivery_values[i[0]].demand),
        "target_in_block": lambda i: target(i[0]),
        "generation": lambda i: (basin.plants[i[0]].party, basin.reaches[basin.plants[i[0]].reach].start),
        "supplied_power": lambda i: (basin.supplies[i[0]].party, home[basin.supplies[i[0]].party]),
        "exported_power": lambda i: (basin.exports[i[0]].party, home[basin.exports[i[0]].party]),
        "unserved": lambda i: (basin.unserved_blocks[i[0]].party, home[basin.unserved_blocks[i[0]].party]),
        "lifting_power": lambda i: lift(i[0]),
        "below_alarm": lambda i: (basin.storage_alarms[i[0]].party, basin.storage_alarms[i[0]].place),
        "above_alarm": lambda i: (basin.flow_alarms[i[0]].party, basin.reaches[basin.flow_alarms[i[0]].place].start),
        "held_in_block": lambda i: reservoir(basin.held_values[i[0]].reservoir),
        "kept_for_later": lambda i: reservoir(basin.end_values[i[0]].reservoir),
    }


def _homes_of_power(basin: Basin) -> dict[str, str]:
    """Where each party's power system is: at its uppermost plant."""
    order = {node: k for k, node in enumerate(river_order(basin))}
    found = dict.fromkeys(basin.parties, "")
    for plant in sorted(basin.plants.values(), key=lambda x: -order[basin.reaches[x.reach].start]):
        found[plant.party] = basin.reaches[plant.reach].start
    return found
