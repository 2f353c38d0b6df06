"""Lifts, links both ways, rules of several reaches and outlets against an independent program on many random rivers."""

import numpy as np
import pytest

from tests.oracle.arcs import MONTHS, best_benefit, random_river
from tests.rivers import River
from waterflow import ConflictError, allocate
from waterflow.accounts.conveyance import turned
from waterflow.accounts.payoffs import worth
from waterflow.accounts.plan import Plan
from waterflow.allocation.audit import audit
from waterflow.basin.objective import Objective

START = "2025-01-01"
RIVERS = 20


def river_of(found):
    """The same random river in the words of the package."""
    river = River(months=MONTHS, start=START, parties="A B").node("sea", "outlet")
    for k, node in enumerate(found["nodes"]):
        river.node(f"n{k}", "reservoir" if node["full"] else "junction", runoff=node["runoff"].tolist())
        if node["full"]:
            river.reservoir(f"n{k}", node["opening"], node["full"])
        if node["need"].any():
            river.demand(f"d{k}", f"n{k}", "AB"[k % 2], node["need"].tolist(), value=node["value"].tolist())
    for a, way in enumerate(found["ways"]):
        end = f"n{way['to']}" if way["to"] >= 0 else "sea"
        capacity = None if np.isinf(way["capacity"]) else way["capacity"]
        river.reach(f"w{a}", f"n{way['from']}", end, seepage=1 - float(way["kept"][0]), capacity=capacity)
        if way["cost"].any() or way["power"].any():
            river.reach_cost(f"w{a}", "A", way["cost"].tolist(), way["power"].tolist())
        if "rate" in way:
            river.plant(f"p{a}", f"w{a}", "A", way["rate"])
        if "outlet" in way:
            river.outlet(f"w{a}", *way["outlet"])
    for k, rule in enumerate(found["rules"]):
        ways = " ".join(f"w{a}" for a in rule["ways"])
        side = "at_most" if "most" in rule else "at_least"
        river.flow_rule(f"r{k}", ways, side, rule.get("most", rule.get("least")), (rule["month"],))
    if found["grid"]:
        grid = found["grid"]
        river.needs_power("A", grid["demand"].tolist(), {grid["unserved"]: 1.0}).supply("imports", "A", grid["import"], grid["price"])
    return river


def benefit_agrees(seed):
    """True if there is a plan, of the oracle's benefit, audited, whose parties' payoffs sum to it; nothing turns for nothing."""
    found = random_river(seed)
    wanted = best_benefit(found)
    basin = river_of(found).basin(objective=Objective())
    assert basin.problems() == [], f"seed {seed}"
    try:
        dataset = allocate(basin).dataset
    except ConflictError:
        assert wanted is None, f"seed {seed}: {wanted}"
        return False
    assert float(dataset["stage_value"].sel(stage="benefit")) == pytest.approx(wanted, rel=1e-7, abs=1e-8), f"seed {seed}"
    assert audit(basin, dataset).closes, f"seed {seed}"
    assert sum(worth(basin, dataset).values()) == pytest.approx(wanted, rel=1e-6, abs=1e-6), f"seed {seed}"
    if not any("least" in rule for rule in found["rules"]):
        assert turned(Plan(basin, dataset)) == (), f"seed {seed}"
    return True


@pytest.mark.parametrize("batch", [0, *(pytest.param(k, marks=pytest.mark.long) for k in range(1, 15))])
def test_the_best_benefit_is_the_oracles(batch):
    seeds = range(batch * RIVERS, (batch + 1) * RIVERS)
    assert sum(map(benefit_agrees, seeds)) > RIVERS / 2
