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
    """Every entry of the net cost; the planes of end values are shared out by fixed weights.

    Parameters
    ----------
    basin : Basin
        One sum of benefits, so that money counts everything.
    program : Program
        Of it.
    """
    cost, _ = program.costs["net_cost"]
    whose = _owners(basin)
    for name, component in program.unknowns.items():
        for position, index in enumerate(component.index, start=component.first):
            if not cost[position]:
                continue
            for party, place, share in whose[name](index) if name in whose else [(NOBODY, "", 1.0)]:
                yield Term(party, place, position, share * float(cost[position]))


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


Owner = Callable[[Index], list[tuple[str, str, float]]]


def _owners(basin: Basin) -> dict[str, Owner]:
    """For each unknown that money counts: the parties of an entry, their places and shares."""
    home = _homes_of_power(basin)

    def user(name: str) -> list[tuple[str, str, float]]:
        demand = basin.demands[name]
        # an unexplained loss is nobody's benefit
        return [(NOBODY if demand.use == "unexplained" else demand.party, demand.node, 1.0)]

    def target(name: str) -> list[tuple[str, str, float]]:
        block = basin.target_values[name]
        return [(block.party, basin.targets[block.target].place, 1.0)]

    def reservoir(name: str) -> list[tuple[str, str, float]]:
        return [(basin.reservoirs[name].owner or NOBODY, name, 1.0)]

    def reach(name: str) -> list[tuple[str, str, float]]:
        return [(basin.reaches[name].owner or NOBODY, basin.reaches[name].start, 1.0)]

    def of(party: str, place: str) -> list[tuple[str, str, float]]:
        return [(party, place, 1.0)]

    return {
        "delivery": lambda i: user(i[0]),
        "delivery_in_block": lambda i: user(basin.delivery_values[i[0]].demand),
        "target_in_block": lambda i: target(i[0]),
        "generation": lambda i: of(basin.plants[i[0]].party, basin.reaches[basin.plants[i[0]].reach].start),
        "supplied_power": lambda i: of(basin.supplies[i[0]].party, home[basin.supplies[i[0]].party]),
        "exported_power": lambda i: of(basin.exports[i[0]].party, home[basin.exports[i[0]].party]),
        "unserved": lambda i: of(basin.unserved_blocks[i[0]].party, home[basin.unserved_blocks[i[0]].party]),
        "flow": lambda i: reach(i[0]),
        "below_alarm": lambda i: of(basin.storage_alarms[i[0]].party, basin.storage_alarms[i[0]].place),
        "above_alarm": lambda i: of(basin.flow_alarms[i[0]].party, basin.reaches[basin.flow_alarms[i[0]].place].start),
        "kept_for_later": lambda i: reservoir(basin.end_values[i[0]].reservoir),
        "worth_kept": lambda _: _kept(basin),
    }


def _homes_of_power(basin: Basin) -> dict[str, str]:
    """Where each party's power system is: at its uppermost plant."""
    order = {node: k for k, node in enumerate(river_order(basin))}
    found = dict.fromkeys(basin.parties, "")
    for plant in sorted(basin.plants.values(), key=lambda x: -order[basin.reaches[x.reach].start]):
        found[plant.party] = basin.reaches[plant.reach].start
    return found


def _kept(basin: Basin) -> list[tuple[str, str, float]]:
    """Shares of the joint worth of what is kept: by what a full reservoir would be worth at the mean value of all planes."""
    cuts = list(basin.end_value_cuts.values())
    names = list(cuts[0].values)
    weight = {r: basin.reservoirs[r].full_storage * float(np.mean([max(cut.values[r], 0.0) for cut in cuts])) for r in names}
    whole = sum(weight.values())
    return [(basin.reservoirs[r].owner or NOBODY, r, w / whole if whole else 1 / len(weight)) for r, w in weight.items()]
