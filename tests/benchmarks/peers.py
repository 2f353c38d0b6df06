"""The same river in stock Pyomo and in linopy, one sum of benefits, built and solved from scratch."""

import warnings

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import xarray as xr
from pyomo.contrib.solver.solvers.highs import Highs

from waterflow.allocation.programs import program_of
from waterflow.allocation.solve import owing
from waterflow.formulation.formulate import formulate, givens, unknowns
from waterflow.formulation.objective import stage_plans
from waterflow.simulation.flows import arriving
from waterflow.solver.priorities import unique_weights


def stock_pyomo(basin):
    """The whole Pyomo model, its givens fixed, through Pyomo's own HiGHS interface; its objective."""
    model = formulate(basin)
    for given in givens():
        for index, variable in getattr(model, given.name).items():
            variable.fix(given.value(basin, *(index if isinstance(index, tuple) else (index,))))
    for objective in model.component_objects(pyo.Objective):
        if objective.local_name != "net_cost":
            objective.deactivate()
    return float(Highs().solve(model).incumbent_objective)


def stock_pyomo_stages(basin):
    """The same for every stage there is, one after the other, each kept by a row; and once more with what threshold shares owe.

    A stage is kept to a millionth, as users of stock Pyomo do: what it costs in exactness is not what is measured.
    """
    owed = None
    if basin.threshold_shares:
        first = _staged(owing(basin, dict.fromkeys(basin.threshold_shares, 0.0)))
        owed = _due(basin, first)
    return _staged(owing(basin, owed) if owed and any(owed.values()) else basin)


def _staged(basin):
    model, solver = formulate(basin), Highs()
    for given in givens():
        for index, variable in getattr(model, given.name).items():
            variable.fix(given.value(basin, *(index if isinstance(index, tuple) else (index,))))
    objectives = {o.local_name: o for o in model.component_objects(pyo.Objective)}
    every = [v for unknown in unknowns() for v in getattr(model, unknown.name).values()]
    weights = unique_weights(program_of(basin))
    objectives["unique"] = model.unique = pyo.Objective(expr=sum(w * v for w, v in zip(weights, every, strict=True)))
    for objective in objectives.values():
        objective.deactivate()
    names = [plan.expression or "unique" for plan in stage_plans(basin)]
    for name in names:
        objective = objectives[name]
        objective.activate()
        value = float(solver.solve(model).incumbent_objective)
        objective.deactivate()
        if name != names[-1]:
            room = 1e-6 * max(1.0, abs(value))
            model.add_component(f"kept_{name}", pyo.Constraint(expr=objective.expr <= value + room))
    return model


def _due(basin, model):
    """What threshold shares owe, given the flows of a model that owes nothing."""
    flow = np.array([[pyo.value(model.flow[a, t]) for t in basin.calendar.labels] for a in basin.reaches])
    arrived = dict(zip(basin.reaches, arriving(basin, flow), strict=True))
    inside = {name: list(basin.calendar.inside(x.window)) for name, x in basin.threshold_shares.items()}
    came = {n: sum(arrived[r][inside[n]].sum() for r in basin.paths.arriving[x.node]) for n, x in basin.threshold_shares.items()}
    return {name: x.share * max(0.0, float(came[name]) - x.threshold) for name, x in basin.threshold_shares.items()}


def linopy(basin):
    """The generated rivers of `rivers.py` in linopy, vectors over place and time; the objective of the net cost."""
    from linopy import Model

    # a period before the first is absent and counts as nothing, as it should
    warnings.simplefilter("ignore")
    m, count, first = Model(), len(basin.calendar.periods), len(basin.calendar.history)
    time = pd.RangeIndex(count, name="t")

    def grid(parts, values, name):
        found = np.array([np.broadcast_to(values(p), count) for p in parts], dtype=float)
        return xr.DataArray(found, {name: [p.name for p in parts], "t": time})

    def places(parts, values, name):
        return xr.DataArray([values(p) for p in parts], {name: [p.name for p in parts]}, name="node")

    reaches, reservoirs = list(basin.reaches.values()), list(basin.reservoirs.values())
    demands, plants, ends = list(basin.demands.values()), list(basin.plants.values()), list(basin.end_values.values())
    flow = m.add_variables(0, grid(reaches, lambda r: np.inf if r.capacity is None else r.capacity, "reach"), name="flow")
    storage = m.add_variables(
        grid(reservoirs, lambda r: r.floor, "reservoir"), grid(reservoirs, lambda r: r.ceiling, "reservoir"), name="storage"
    )
    delivery = m.add_variables(0, grid(demands, lambda d: d.need, "demand"), name="delivery")
    turbined = m.add_variables(0, grid(plants, lambda p: p.capacity or np.inf, "plant"), name="turbined")
    widths = places(ends, lambda e: e.width, "reservoir").assign_coords(reservoir=[e.reservoir for e in ends])
    kept = m.add_variables(0, widths, name="kept")

    nodes = sorted(n for n in basin.nodes if basin.nodes[n].kind != "outlet")
    right = pd.DataFrame(0.0, index=pd.Index(nodes, name="node"), columns=time)
    for node, series in basin.runoff.items():
        right.loc[node] -= np.array(series)
    lags = {}
    for k, reach in enumerate(reaches):
        for t, pairs in enumerate(basin.paths.arrival_shares[reach.name]):
            for s, share in pairs:
                through = share * (1 - reach.evaporation[s] - reach.seepage[s])
                if s >= first:
                    lags.setdefault(t - (s - first), np.zeros((len(reaches), count)))[k, t] += through
                elif reach.end in right.index:
                    right.loc[reach.end, t] -= through * reach.flow_before[s]
    starts, finishes = places(reaches, lambda r: r.start, "reach"), places(reaches, lambda r: r.end, "reach")
    left = -(1 * flow).groupby(starts).sum()
    for lag, weights in lags.items():
        inside = [r.name for r in reaches if r.end in right.index]
        through = xr.DataArray(weights, {"reach": [r.name for r in reaches], "t": time})
        left = left + (through * flow.shift(t=lag)).sel(reach=inside).groupby(finishes.sel(reach=inside)).sum()
    left = left - (1 * delivery).groupby(places(demands, lambda d: d.node, "demand")).sum()
    depth = grid(reservoirs, lambda r: r.net_evaporation, "reservoir")
    half = depth * xr.DataArray([r.area_slope / 2 for r in reservoirs], {"reservoir": [r.name for r in reservoirs]})
    change = (1 - half) * storage.shift(t=1) - (1 + half) * storage
    left = left + change.rename({"reservoir": "node"})
    for r in reservoirs:
        right.loc[r.name] += np.array(r.net_evaporation) * r.area_at_zero
        right.loc[r.name, 0] -= r.opening_storage * (1 - r.net_evaporation[0] * r.area_slope / 2)
    m.add_constraints(left.sel(node=nodes) == xr.DataArray(right), name="balance")
    below = flow.sel(reach=places(plants, lambda p: p.reach, "plant"))
    m.add_constraints(turbined - below <= 0, name="turbines")
    rules = list(basin.storage_rules.values())
    closing = storage.isel(t=-1).sel(reservoir=[r.reservoir for r in rules])
    m.add_constraints(closing >= xr.DataArray([r.storage for r in rules], {"reservoir": [r.reservoir for r in rules]}), name="held")
    lowest = xr.DataArray([r.lowest_storage for r in reservoirs], {"reservoir": [r.name for r in reservoirs]})
    m.add_constraints(storage.isel(t=-1) - kept >= lowest, name="backed")
    earned = (grid(demands, lambda d: d.value, "demand") * delivery).sum()
    earned = earned + (grid(plants, lambda p: np.array(basin.power[p.party].value) * p.energy_rate, "plant") * turbined).sum()
    earned = earned + (xr.DataArray([e.value for e in ends], {"reservoir": [e.reservoir for e in ends]}) * kept).sum()
    m.add_objective(-earned)
    m.solve("highs", io_api="direct", output_flag=False, log_to_console=False, threads=1)
    return float(m.objective.value)
