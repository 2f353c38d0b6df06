"""Power of a period as it came: the turbines make what the water makes, and the plan's trade bends to that. GWh, million USD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from waterflow.accounts.plan import Plan

__all__ = ["Powered", "powered"]


@dataclass(frozen=True)
class Powered:
    """What one period made and cost.

    ``generation`` by plant, ``unserved`` by party, ``exchanged`` by exchange (as planned), GWh; ``cost``: bought and unserved less
    sold, million USD.
    """

    generation: dict[str, float]
    unserved: dict[str, float]
    exchanged: dict[str, float]
    cost: float


def powered(plan: Plan, k: int, flow: Mapping[str, float], storage: Mapping[str, tuple[float, float]]) -> Powered:
    """Power of a period.

    Where plants make less than planned, exports fall first, then demand is left unserved, the cheapest block first (no
    import is bought at a moment's notice). Where they make more, less is left unserved, then less is bought, the dearest
    first, as far as it need not run; what is over is turned away.

    Parameters
    ----------
    plan : Plan
    k : int
        The period of the plan.
    flow : mapping of reach to Mm3
        That came.
    storage : mapping of reservoir to (start, end)
    """
    b = plan.basin
    made = {n: _generated(plan, k, n, flow, storage) for n in b.plants}
    unserved, cost = {}, 0.0
    for party in b.power:
        if b.balances(party):
            more = sum(made[n] - float(plan.series("generation", n)[k]) for n, p in b.plants.items() if p.party == party)
            unserved[party], spent = _balanced(plan, k, party, more)
            cost += spent
    moved = {n: float(plan.series("exchanged", n)[k]) for n in b.exchanges}
    return Powered(made, unserved, moved, cost)


def _generated(plan: Plan, k: int, name: str, flow: Mapping[str, float], storage: Mapping[str, tuple[float, float]]) -> float:
    """What a plant makes of the water that came, as it would have turned it: no more than its turbines and units take."""
    plant = plan.basin.plants[name]
    planned, passed = float(plan.series("turbined", name)[k]), float(plan.series("flow", plant.reach)[k])
    # water that the plan let by the turbines goes by again
    turned = max(0.0, flow[plant.reach]) * (planned / passed if passed > 0 else 1.0)
    turned = min(turned, plant.capacity[k]) if plant.capacity else turned
    rate = plant.head.rate(sum(storage[plant.head.reservoir]) / 2) if plant.head else plant.energy_rate
    made = rate * turned
    return min(made, plant.most_energy[k]) if plant.most_energy else made


def _balanced(plan: Plan, k: int, party: str, more: float) -> tuple[float, float]:
    """What stays unserved and what it all costs when plants make more, or less, than planned."""
    b = plan.basin
    sold = {n: float(plan.series("exported_power", n)[k]) for n, x in b.exports.items() if x.party == party}
    bought = {n: float(plan.series("supplied_power", n)[k]) for n, x in b.supplies.items() if x.party == party}
    blocks = sorted((x for x in b.unserved_blocks.values() if x.party == party), key=lambda x: (x.cost, x.name))
    short = {x.name: float(plan.series("unserved", x.name)[k]) for x in blocks}
    lacking = max(0.0, -more)
    for name in sorted(sold, key=lambda n: (b.exports[n].price[k], n)):
        less = min(lacking, sold[name])
        sold[name], lacking = sold[name] - less, lacking - less
    for x in blocks:
        room = min(lacking, max(0.0, x.demand_share * b.power[party].demand[k] - short[x.name]))
        short[x.name], lacking = short[x.name] + room, lacking - room
    over = max(0.0, more)
    for x in reversed(blocks):
        less = min(over, short[x.name])
        short[x.name], over = short[x.name] - less, over - less
    for name in sorted(bought, key=lambda n: (-b.supplies[n].cost[k], n)):
        supply = b.supplies[name]
        arrives = supply.arriving(k)
        less = min(over / arrives if arrives else 0.0, max(0.0, bought[name] - supply.least(k)))
        bought[name], over = bought[name] - less, over - less * arrives
    spent = sum(b.supplies[n].cost[k] * v for n, v in bought.items()) + sum(x.cost * short[x.name] for x in blocks)
    return sum(short.values()) + lacking, spent - sum(b.exports[n].price[k] * b.exports[n].arriving(k) * v for n, v in sold.items())
