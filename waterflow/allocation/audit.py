"""Audit: water and energy recomputed from the Dataset and the Basin alone, without the program that was solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.simulation.flows import arriving, entered, generated, in_transit, lost_whatever_flows, returned, ways_of
from waterflow.simulation.stores import ground_law_missed, recharge, sinks

__all__ = ["AUDITED", "AUDITED_WITH_HEAD", "READ", "Audit", "audit"]

Floats = NDArray[np.float64]

#: the decisions that are read
READ = ("flow", "storage", "delivery", "turbined", "supplied_power", "unserved", "exported_power")
#: largest residual a plan may have, Mm3 and GWh
AUDITED = 1e-6
#: largest residual of an energy balance with true head, GWh: what a line misses within the last trust region
AUDITED_WITH_HEAD = 1e-3


@dataclass(frozen=True)
class Audit:
    """Largest residuals of the water balance of any node and period (Mm3), of the whole river over the
    horizon (Mm3), and of any party's energy balance (GWh), which may be within ``energy_allowed``.
    """

    water: float
    river: float
    energy: float
    energy_allowed: float = AUDITED

    @property
    def closes(self) -> bool:
        """True if every residual is within what is allowed."""
        return max(self.water, self.river) <= AUDITED and self.energy <= self.energy_allowed


def audit(basin: Basin, plan: xr.Dataset | Mapping[str, Floats]) -> Audit:
    """Recompute what enters, leaves and stays at every node, and every energy balance.

    Parameters
    ----------
    basin : Basin
    plan : Dataset or dict of arrays
        As made by `allocate`; only decisions are read, nothing derived.
    """
    values = {name: np.asarray(plan[name], dtype=float) for name in READ}
    evaporation, seepage = sinks(basin, values["storage"])
    change = _change(basin, values["storage"])
    recharged = recharge(basin, values["flow"], values["delivery"], seepage)
    node = {name: k for k, name in enumerate(basin.nodes)}
    balance = recharged.copy()
    for name, series in basin.runoff.items():
        balance[node[name]] += series
    arrived = arriving(basin, values["flow"])
    for a, reach in enumerate(basin.reaches.values()):
        balance[node[reach.start]] -= values["flow"][a]
        balance[node[reach.end]] += arrived[a]
    back = returned(basin, values["delivery"])
    for d, demand in enumerate(basin.demands.values()):
        balance[node[demand.node]] -= values["delivery"][d]
        if demand.return_node:
            balance[node[demand.return_node]] += back[d]
    for r, name in enumerate(basin.reservoirs):
        balance[node[name]] -= evaporation[r] + seepage[r] + change[r]
    out = [k for name, k in node.items() if basin.nodes[name].kind == "outlet"]
    left = float(balance[out].sum())
    balance[out] = 0.0
    gone = float(evaporation.sum()) + float(seepage.sum()) - float(recharged.sum())
    river = _whole_river(basin, values, gone, change, left, back)
    allowed = AUDITED_WITH_HEAD if basin.head_plants else AUDITED
    water = max(float(np.abs(balance).max(initial=0.0)), ground_law_missed(basin, values["storage"], values["flow"]))
    return Audit(water, abs(river), _energy(basin, values), allowed)


def _change(basin: Basin, storage: Floats) -> Floats:
    """Change of storage, (reservoir, period)."""
    opening = np.array([[r.opening_storage] for r in basin.reservoirs.values()]).reshape(len(storage), 1)
    result: Floats = storage - np.concatenate([opening, storage[:, :-1]], axis=1)
    return result


def _whole_river(basin: Basin, values: dict[str, Floats], gone: float, change: Floats, left: float, back: Floats) -> float:
    """Everything that came in less everything that went out or stayed, over the horizon, Mm3; ``gone`` is what air and ground keep."""
    first, ways = len(basin.calendar.history), ways_of(basin)
    entering, kept_then = np.concatenate([ways.before, values["flow"]], axis=1), entered(basin, values["flow"])
    lost = float((entering * ways.lost + lost_whatever_flows(basin, values["flow"]))[:, first:].sum())
    earlier = ways.source < first
    arrived_from_then = float((ways.share * kept_then[ways.reach, ways.source])[earlier].sum())
    on_the_way_then = arrived_from_then + float((ways.late * kept_then)[:, :first].sum())
    came = sum(map(sum, basin.runoff.values())) + on_the_way_then + float(back.sum())
    drained = sum(float(back[d].sum()) for d, x in enumerate(basin.demands.values()) if not x.return_node)
    used = float(values["delivery"].sum()) + drained
    kept = float(change.sum()) + float(in_transit(basin, values["flow"]).sum())
    return came - used - lost - gone - kept - left


def _energy(basin: Basin, values: dict[str, Floats]) -> float:
    made = generated(basin, values["turbined"], values["storage"])
    worst = 0.0
    for party, system in basin.power.items():
        if not system.demand:
            continue
        there = -np.asarray(system.demand, dtype=float)
        for k, plant in enumerate(basin.plants.values()):
            there = there + (made[k] if plant.party == party else 0.0)
        for k, supply in enumerate(basin.supplies.values()):
            arrives = 1.0 - np.asarray(supply.loss or 0.0)
            there = there + (arrives * values["supplied_power"][k] if supply.party == party else 0.0)
        for k, block in enumerate(basin.unserved_blocks.values()):
            there = there + (values["unserved"][k] if block.party == party else 0.0)
        order = {name: k for k, name in enumerate(basin.reaches)}
        for lift in basin.reach_costs.values():
            there = there - (np.asarray(lift.electricity) * values["flow"][order[lift.reach]] if lift.party == party else 0.0)
        for k, export in enumerate(basin.exports.values()):
            there = there - (values["exported_power"][k] if export.party == party else 0.0)
        worst = max(worst, float(np.abs(there).max()))
    return worst
