"""Stores against an independent program on random rivers: to the last digit where nothing bends, else against the whole-number best."""

import numpy as np
import pytest

from tests.oracle.stores import DAYS, MONTHS, best_benefit, random_stores
from tests.rivers import River
from waterflow import ConflictError, allocate
from waterflow.basin.area import AreaCurve
from waterflow.basin.objective import Objective

BENEFIT = Objective(smoothest=False, unique=False)


def river_of(nodes, ground, step="month"):
    """The same random river in the words of the package."""
    river = River(months=MONTHS, start="2024-04-01", parties="A B", step=step).node("sea", "outlet").node("ground", "aquifer")
    timeline, first = len(river.calendar.timeline), len(river.calendar.history)
    below = [f"n{x['below']}" if x["below"] >= 0 else "sea" for x in nodes]
    for k, x in enumerate(nodes):
        river.node(f"n{k}", "reservoir" if x["full"] else "junction", runoff=x["runoff"].tolist())
        capacity, lost = None if np.isinf(x["capacity"]) else x["capacity"], 1 - x["kept"]
        river.reach(f"r{k}", f"n{k}", below[k], evaporation=0.5 * lost, seepage=0.5 * lost, capacity=capacity)
        river.alter("reaches", f"r{k}", constant_loss=(*[0.0] * first, *map(float, x["loss"])) if x["loss"].any() else ())
        if x["full"]:
            river.reservoir(f"n{k}", x["opening"], x["full"], x["lowest"], depth=x["depth"].tolist(), area=x["line"])
            river.alter("reservoirs", f"n{k}", curve=AreaCurve(points=x["curve"]) if x["curve"] else None)
            if x["seep"]:
                depth, share, volume = x["seep"]
                river.alter("reservoirs", f"n{k}", seepage_depth=tuple(map(float, depth)))
                river.alter("reservoirs", f"n{k}", seepage_share=(share,) * MONTHS, seepage_volume=(volume,) * MONTHS)
        if x["need"].any():
            river.demand(f"d{k}", f"n{k}", "A", x["need"].tolist(), value=x["value"].tolist())
    fed = ground["fed"]
    river.reservoir("ground", ground["opening"], 1e4).alter("reservoirs", "ground", recession=-np.log(1 - ground["monthly"]) / 30.4375)
    river.reach("base", "ground", below[fed]).demand("well", "ground", "B", ground["need"].tolist(), value=ground["value"].tolist())
    river.recharge("reach", f"r{fed}", "ground", ground["share"])
    if nodes[fed]["need"].any():
        river.recharge("demand", f"d{fed}", "ground", ground["field"])
    assert timeline == first + MONTHS
    assert tuple(p.days for p in river.calendar.periods) == DAYS
    return river.basin(objective=BENEFIT)


def found_by(nodes, ground):
    """Value of the first stage; None where nothing can be planned."""
    try:
        return float(allocate(river_of(nodes, ground)).dataset["stage_value"][0])
    except ConflictError:
        return None


@pytest.mark.parametrize("batch", [0, *(pytest.param(k, marks=pytest.mark.long) for k in range(1, 6))])
def test_where_nothing_bends_the_best_benefit_is_the_oracles(batch):
    solved = 0
    for seed in range(batch * 25, (batch + 1) * 25):
        nodes, ground = random_stores(seed, bends=False)
        wanted, found = best_benefit(nodes, ground), found_by(nodes, ground)
        assert (wanted is None) == (found is None), f"seed {seed}: {wanted} and {found}"
        if wanted is not None:
            solved += 1
            assert found == pytest.approx(wanted, rel=1e-7, abs=1e-8), f"seed {seed}"
    assert solved > 12


@pytest.mark.parametrize("batch", [0, *(pytest.param(k, marks=pytest.mark.long) for k in range(1, 6))])
def test_where_laws_bend_the_plan_is_hardly_ever_below_the_whole_number_best(batch):
    """No plan is better than the best, so its evaporation and losses are true."""
    below, solved = [], 0
    for seed in range(1000 + batch * 8, 1000 + (batch + 1) * 8):
        nodes, ground = random_stores(seed, bends=True)
        wanted, found = best_benefit(nodes, ground), found_by(nodes, ground)
        assert wanted is not None or found is None, f"seed {seed}: a plan where there is none"
        if wanted and found is not None:
            solved += 1
            assert found <= wanted * (1 + 1e-6) + 1e-8, f"seed {seed}: better than the best"
            below.append(1 - found / wanted)
        elif wanted is not None and found is None:
            below.append(1.0)
    assert solved > 4
    assert np.mean(below) < 1e-3, below
