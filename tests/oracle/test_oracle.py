"""The package against an independent program on many random rivers."""

import numpy as np
import pytest

from tests.oracle.physics import MONTHS, best_benefit, least_shares, random_river
from tests.rivers import River
from waterflow import ConflictError, allocate
from waterflow.basin.objective import Claims, Objective

BENEFIT = Objective(smoothest=False, unique=False)
BATCHES = 10
RIVERS = 50


def river_of(nodes):
    """The same random river in the words of the package."""
    river = River(months=MONTHS, start="2024-04-01", parties="A").node("sea", "outlet")
    for k, node in enumerate(nodes):
        river.node(f"n{k}", "reservoir" if node["full"] else "junction", runoff=node["runoff"].tolist())
        below = f"n{node['below']}" if node["below"] >= 0 else "sea"
        capacity = None if np.isinf(node["capacity"]) else node["capacity"]
        lost = 1 - node["kept"]
        river.reach(f"r{k}", f"n{k}", below, evaporation=0.5 * lost, seepage=0.5 * lost, capacity=capacity)
        if node["full"]:
            river.reservoir(f"n{k}", node["opening"], node["full"], node["lowest"])
        if node["need"].any():
            use = "irrigation" if k % 2 else "drinking"
            river.demand(f"d{k}", f"n{k}", "A", node["need"].tolist(), value=node["value"].tolist(), use=use)
    return river


def first_value(basin):
    """Value of the first stage, None where nothing can be planned."""
    try:
        return float(allocate(basin).dataset["stage_value"][0])
    except ConflictError:
        return None


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_best_benefit_is_the_oracles(batch):
    solved = 0
    for seed in range(batch * RIVERS, (batch + 1) * RIVERS):
        nodes = random_river(seed)
        wanted = best_benefit(nodes)
        found = first_value(river_of(nodes).basin(objective=BENEFIT))
        assert (wanted is None) == (found is None), f"seed {seed}: {wanted} and {found}"
        if wanted is not None:
            solved += 1
            assert found == pytest.approx(wanted, rel=1e-7, abs=1e-9), f"seed {seed}"
    assert solved > RIVERS / 2


@pytest.mark.parametrize("batch", range(4))
def test_two_priorities_are_the_oracles(batch):
    """Cities first, then fields: the least largest unmet share of each, the first kept by the second."""
    compared = 0
    for seed in range(10_000 + batch * 15, 10_000 + (batch + 1) * 15):
        nodes = random_river(seed)
        cities, fields = ([k for k in range(len(nodes)) if k % 2 == odd] for odd in (0, 1))
        if not all(sum(nodes[k]["need"].sum() for k in chosen) for chosen in (cities, fields)):
            continue
        river = river_of(nodes)
        river.priorities(
            ("cities", [Claims(kind="demands", uses=("drinking",))]),
            ("fields", [Claims(kind="demands", uses=("irrigation",))]),
        )
        wanted = least_shares(nodes, [cities])
        try:
            dataset = allocate(river.basin()).dataset
        except ConflictError:
            assert wanted is None, f"seed {seed}"
            continue
        assert float(dataset["stage_value"].sel(stage="cities")) == pytest.approx(wanted[0], abs=1e-7), f"seed {seed}"
        if "cities/2" not in dataset["stage"].values:
            both = least_shares(nodes, [cities, fields])
            assert float(dataset["stage_value"].sel(stage="fields")) == pytest.approx(both[1], abs=1e-6), f"seed {seed}"
            compared += 1
    assert compared


def test_the_oracle_knows_its_physics():
    """10 a month enter, half is lost on the way: 5 reach a field that asks for 8 and pays 1; 4 months, 20."""
    still = {"full": 0.0, "lowest": 0.0, "opening": 0.0, "capacity": np.inf}
    spring = {"below": 1, "runoff": np.full(MONTHS, 10.0), "need": np.zeros(MONTHS), "value": np.zeros(MONTHS)}
    field = {"below": -1, "runoff": np.zeros(MONTHS), "need": np.full(MONTHS, 8.0), "value": np.ones(MONTHS)}
    nodes = [spring | still | {"kept": 0.5}, field | still | {"kept": 1.0}]
    assert best_benefit(nodes) == pytest.approx(20)
    assert least_shares(nodes, [[1]]) == pytest.approx([3 / 8])
    nodes[0]["kept"] = 0.4
    assert best_benefit(nodes) == pytest.approx(16)
