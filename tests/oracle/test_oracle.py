"""The package against an independent program on many random rivers."""

import numpy as np
import pytest

from tests.oracle.physics import MONTHS, Shares, best_benefit, random_river
from tests.oracle.words import START, claimed, party, random_order, spread, use
from tests.rivers import River
from waterflow import ConflictError, allocate
from waterflow.basin.objective import Claims, Objective

BENEFIT = Objective(smoothest=False, unique=False)
BATCHES = 10
RIVERS = 50


def river_of(nodes, start="2024-04-01"):
    """The same random river in the words of the package."""
    river = River(months=MONTHS, start=start, parties="A B").node("sea", "outlet")
    for k, node in enumerate(nodes):
        river.node(f"n{k}", "reservoir" if node["full"] else "junction", runoff=node["runoff"].tolist())
        below = f"n{node['below']}" if node["below"] >= 0 else "sea"
        capacity = None if np.isinf(node["capacity"]) else node["capacity"]
        lost = 1 - node["kept"]
        river.reach(f"r{k}", f"n{k}", below, evaporation=0.5 * lost, seepage=0.5 * lost, capacity=capacity)
        if node["full"]:
            river.reservoir(f"n{k}", node["opening"], node["full"], node["lowest"])
        if node["need"].any():
            river.demand(f"d{k}", f"n{k}", party(k), node["need"].tolist(), value=node["value"].tolist(), use=use(k))
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


def claims_agree(seed):
    """True if there was a plan, whose shares of every priority are the oracle's; the words are read twice, apart."""
    nodes = random_river(seed)
    order = random_order(seed, nodes)
    river = river_of(nodes, START)
    river.priorities(*((f"p{i}", [Claims(kind="demands", **words) for words in priority]) for i, priority in enumerate(order)))
    wanted = [[c for words in priority for c in claimed(words, nodes)] for priority in order]
    spreads = [[c for words in priority for c in spread(words, nodes)] for priority in order]
    if not any(wanted):
        return False
    oracle = Shares(nodes, [c for group in (*wanted, *spreads) for c in group])
    shares = [oracle.settle(group) for group in (*wanted, *spreads)]
    basin = river.basin()
    if basin.problems():
        return False
    try:
        delivery = allocate(basin).dataset["delivery"]
    except ConflictError:
        assert None in shares, f"seed {seed}"
        return False
    needs = sum(float(node["need"].sum()) for node in nodes)
    for share in shares:
        for (k, span), unmet in share.items():
            need = sum(nodes[k]["need"][t] for t in span)
            got = float(delivery.sel(demand=f"d{k}").values[list(span)].sum())
            assert need - got == pytest.approx(unmet * need, abs=1e-8 * needs), f"seed {seed}, n{k} in {span}"
    return True


@pytest.mark.parametrize("batch", [0, *(pytest.param(k, marks=pytest.mark.long) for k in range(1, BATCHES))])
def test_claims_by_place_user_and_period_are_the_oracles(batch):
    """600 rivers, of which more than 500 can be run at all."""
    assert sum(claims_agree(seed) for seed in range(20_000 + batch * 60, 20_000 + (batch + 1) * 60)) >= 0.75 * 60
