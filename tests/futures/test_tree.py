"""Trees: against extensive forms written by hand, their own laws, risk, regret, chances, and the plan where there is one leaf."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.rivers import River, every_process
from waterflow.allocation.allocate import allocate
from waterflow.allocation.dataset import plan_of
from waterflow.basin.objective import Claims
from waterflow.errors import ConflictError, InputError
from waterflow.formulation.formulate import unknowns
from waterflow.futures import tree
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.tree_nodes import TreeNode, two_stages
from waterflow.futures.trees import NoPlanInLeaf

NEED, BENEFIT = 100.0, 0.1


def dam(months=2, opening=100.0, full=150.0, need=NEED, dry=0.0, target=None):
    """One reservoir above one field: each month wants as much as there is; what is left in the end is worth nothing."""
    river = River(months=months).node("dam", "reservoir", runoff=dry).node("field").node("sea", "outlet")
    river.reach("out", "dam", "field").reach("end", "field", "sea").reservoir("dam", opening, full)
    river.demand("wheat", "field", "A", need).worth_in_blocks("wheat", {BENEFIT: 0.5, BENEFIT / 4: 0.5})
    return river if target is None else river.target("sea", "end", target, months - 1, months - 1)


def leaves(volumes, months=2, first=1):
    """A member for each volume of runoff in the last months."""
    labels = [f"2024-{10 + k:02d}" for k in range(months)]
    values = np.zeros((len(volumes), 1, months))
    values[:, 0, first:] = np.array(volumes, dtype=float)[:, None]
    names = [f"m{k}" for k in range(len(volumes))]
    return xr.DataArray(values, {"member": names, "node": ["dam"], "period": labels}, ("member", "node", "period"))


def over(basin, volumes, **asked):
    runoff = leaves(volumes)
    return tree(basin, two_stages(basin, runoff, "2024-11"), runoff, **asked)


def worth(water):
    """What a month's water is worth by the two blocks."""
    return BENEFIT * min(water, NEED / 2) + BENEFIT / 4 * min(max(water - NEED / 2, 0), NEED / 2)


def by_hand(volumes, opening=100.0, full=150.0):
    """The best expected worth of two months: the first month's water is one decision, by trying every tenth of a Mm3."""
    best = -np.inf
    for first in np.arange(0, opening + 0.05, 0.1):
        kept = min(opening - first, full)
        best = max(best, worth(first) + np.mean([worth(kept + v) for v in volumes]))
    return best


def test_two_stages_equal_trying_every_first_decision():
    found = over(dam().basin(), [0, 40, 160])
    assert found.stages[0].value == pytest.approx(by_hand([0, 40, 160]), abs=1e-9)


def test_a_tree_of_three_stages_equals_an_extensive_form_by_hand():
    """Variables s1, s2 by node and w by node and block; one row for each node's water."""
    nodes = (
        TreeNode("now", first="2024-10"),
        TreeNode("dry", "now", "2024-11", 0.4, "d"),
        TreeNode("wet", "now", "2024-11", 0.6, "w"),
        TreeNode("dry_dry", "dry", "2024-12", 0.5, "d"),
        TreeNode("dry_wet", "dry", "2024-12", 0.5, "w"),
        TreeNode("wet_wet", "wet", "2024-12", 1.0, "w", runoff_factor=0.5),
    )
    values = np.zeros((2, 1, 3))
    values[0, 0], values[1, 0] = 10, 90
    runoff = xr.DataArray(
        values, {"member": ["d", "w"], "node": ["dam"], "period": ["2024-10", "2024-11", "2024-12"]}, ("member", "node", "period")
    )
    found = tree(dam(3).basin(), nodes, runoff)
    runs, parents, chances = [0, 10, 90, 10, 90, 45], [None, 0, 0, 1, 1, 2], [1, 0.4, 0.6, 0.2, 0.2, 0.6]
    cost, rows, sides = np.zeros(24), [], []
    for k in range(6):
        cost[[4 * k, 4 * k + 1]] = -chances[k] * BENEFIT, -chances[k] * BENEFIT / 4
        row = np.zeros(24)
        row[4 * k : 4 * k + 4] = 1, 1, 1, 1  # two blocks, storage, what passes
        side = runs[k] + (100 if parents[k] is None else 0)
        if parents[k] is not None:
            row[4 * parents[k] + 2] -= 1
        rows.append(row)
        sides.append(side)
    bounds = [b for _ in range(6) for b in ((0, 50), (0, 50), (0, 150), (0, None))]
    hand = linprog(cost, A_eq=np.array(rows), b_eq=sides, bounds=bounds)
    assert found.stages[0].value == pytest.approx(-hand.fun, abs=1e-9)
    assert found.tree.probability == pytest.approx([0.2, 0.2, 0.6])


@pytest.mark.parametrize("priorities", [True, False])
def test_one_leaf_is_the_plan(priorities):
    river = every_process()
    basin = river.basin() if priorities else river.priorities().basin()
    found = tree(basin, (TreeNode("now", first=basin.calendar.labels[0]),))
    plan = allocate(basin).dataset
    (only,) = found.plans
    for name, values in plan_of(only.ready.basin, only.ready.program, unknowns(), only.point).items():
        assert values == pytest.approx(plan[name].to_numpy(), abs=1e-7, nan_ok=True), name
    assert [s.name for s in found.stages] == [str(s) for s in plan["stage"].to_numpy()]


volumes = st.lists(st.floats(0, 200), min_size=1, max_size=5)


@st.composite
def trees(draw):
    """Nodes over three months: some children of the root in the second or third, and some of those that have room left."""
    nodes, count = [TreeNode("now", first="2024-10", runoff_factor=draw(st.floats(0, 3)))], 0
    for parent in nodes:
        later = [m for m in ("2024-11", "2024-12") if m > parent.first]
        children = draw(st.integers(0, 3)) if later and len(nodes) < 9 else 0
        if not children:
            continue
        first = draw(st.sampled_from(later))
        shares = np.array(draw(st.lists(st.integers(1, 9), min_size=children, max_size=children)), dtype=float)
        for share in shares / shares.sum():
            count += 1
            nodes.append(TreeNode(f"n{count}", parent.name, first, float(share), runoff_factor=draw(st.floats(0, 3))))
    return tuple(nodes)


@settings(deadline=None, max_examples=40)
@given(trees(), st.floats(0, 150), st.floats(0, 60))
def test_random_trees_foresee_nothing_and_lie_between_foresight_and_the_mean(nodes, opening, room):
    """Expected value of perfect information and value of the stochastic solution (Birge and Louveaux, 2011)."""
    found = tree(dam(3, opening, opening + room, dry=40.0).basin(), nodes)
    decided = float(found.tree.probability @ found.stages[0].by_leaf)
    assert decided == pytest.approx(found.stages[0].value, abs=1e-9)
    assert found.tree.probability @ found.foreseen_values["benefit"] >= decided - 1e-7
    assert found.mean_values["benefit"] <= decided + 1e-7
    for a, one in enumerate(found.plans):
        for b, other in enumerate(found.plans[:a]):
            same = found.tree.paths[a] == found.tree.paths[b]
            for name in ("flow", "delivery"):
                assert one.decisions[name][:, same] == pytest.approx(other.decisions[name][:, same], abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(volumes, st.sampled_from([["wheat"], ["sea"], ["sea", "wheat"]]))
def test_of_an_order_the_first_stage_is_never_better_than_foresight(runs, order):
    claims = {"wheat": Claims(kind="demands"), "sea": Claims(kind="targets")}
    basin = dam(target=60).priorities(*((name, [claims[name]]) for name in order), "cost").basin()
    found = over(basin, runs)
    first = found.stages[0]
    assert found.tree.probability @ found.foreseen_values[first.name] <= first.value + 1e-9
    assert first.value <= found.mean_values[first.name] + 1e-9
    assert all(stage.certificate.worst < 1e-7 for stage in found.stages)


def test_cvar_of_a_discrete_loss():
    """Losses 1 to 10, equally likely, with nothing to decide: CVaR 9.5 at 80 %, 9.2 at 75 % (Rockafellar and Uryasev, 2000)."""
    river = River(months=2).node("dam", runoff=0).node("sea", "outlet").reach("out", "dam", "sea")
    basin = river.demand("wheat", "dam", "A", 100, value=0.1).basin()
    for tail, expected in ((0.2, 9.5), (0.25, 9.2)):
        found = over(basin, [100 - 10 * loss for loss in range(1, 11)], risk=RiskMeasure(1.0, tail))
        cost = -found.stages[0].value
        assert cost + 10 == pytest.approx(expected, abs=1e-9)
        assert found.stages[0].measure == "risk"


def test_caution_moves_the_decision_as_trying_every_one_does():
    runs, weight, tail = [0, 0, 120, 200], 0.8, 0.25
    found = over(dam().basin(), runs, risk=RiskMeasure(weight, tail))

    def measured(first):
        costs = [-worth(first) - worth(100 - first + v) for v in runs]
        return (1 - weight) * np.mean(costs) + weight * np.max(costs)

    best = min(map(measured, np.arange(0, 100.05, 0.1)))
    assert -found.stages[0].value == pytest.approx(best, abs=1e-9)


def test_the_largest_regret_is_the_least_of_trying_every_decision():
    runs = [0, 30, 200]
    found = over(dam().basin(), runs, regret=True)
    grid = np.arange(0, 100.05, 0.1)
    reach = np.array([[worth(a) + worth(100 - a + v) for v in runs] for a in grid])
    assert found.stages[0].value == pytest.approx((reach.max(axis=0) - reach).max(axis=1).min(), abs=1e-9)
    assert found.stages[0].measure == "regret"


def test_a_chance_lets_the_target_go_where_that_costs_least():
    """Ten leaves; the sea asks 60 in the second month and is worth nothing: met in eight, it is missed in the two driest."""
    runs = [10 * k for k in range(1, 11)]
    basin = dam(target=60).basin()
    (name,) = basin.targets
    found = over(basin, runs, chances={name: 0.8})
    short = [plan.decisions["target_shortfall"][0] for plan in found.plans]
    assert [s > 1e-6 for s in short] == [True, True] + [False] * 8
    free = over(basin, runs)
    assert found.stages[0].value < free.stages[0].value


def test_a_chance_that_cannot_be_had_says_what_can():
    """Nothing is stored, so that the sea has what comes: 60 or more in five of ten leaves."""
    basin = dam(target=60, opening=0.0).basin()
    (name,) = basin.targets
    with pytest.raises(ConflictError, match=r"target at sea met with a probability of 90 % \(50 % can be had at most\)"):
        over(basin, [10 * k for k in range(1, 11)], chances={name: 0.9})


def test_leaves_that_no_one_plan_suits_are_said_with_a_chance_or_without():
    """90 must be held at the end: the dry leaf needs all 100 kept, the wet one (150 full, 140 to come) all but 10 let go at once."""
    river = dam(opening=100.0, target=0).held("dam", 90)
    river.reach("spare", "dam", "sea", capacity=[1000.0, 0.0])
    basin = river.basin()
    capped = {**basin.reaches, "out": basin.reaches["out"].model_copy(update={"capacity": (1000.0, 0.0)})}
    basin = basin.replaced(reaches=capped)
    (name,) = basin.targets
    for chances in ({}, {name: 1.0}):
        with pytest.raises(ConflictError, match="one plan until leaves are told apart"):
            over(basin, [0, 140], chances=chances)


def test_prices_of_a_node_move_what_is_bought_there():
    river = River(months=2).node("a", runoff=0).node("sea", "outlet").reach("out", "a", "sea")
    river.needs_power("A", 10, {0.5: 1.0}).supply("cheap", "A", 20, 0.2).demand("wheat", "a", "B", 1)
    basin = river.basin()
    kinds = {x.name: x.kind for x in basin.supplies.values()}
    assert kinds == {"cheap": "import"}
    nodes = (
        TreeNode("now", first="2024-10"),
        TreeNode("usual", "now", "2024-11", 0.5),
        TreeNode("dear", "now", "2024-11", 0.5, power_price=3.0),
    )
    found = tree(basin, nodes)
    unserved = [plan.decisions["unserved"].sum(axis=0) for plan in found.plans]
    assert unserved[0] == pytest.approx([0, 0])
    assert unserved[1] == pytest.approx([0, 10])


def test_a_leaf_without_a_plan_is_named():
    basin = dam(opening=0.0).held("dam", 50).basin()
    with pytest.raises(NoPlanInLeaf, match="Leaf m1 has no plan") as caught:
        over(basin, [100, 20])
    assert caught.value.leaf == "m1"


def test_everything_wrong_with_a_tree_is_told_at_once():
    nodes = (
        TreeNode("now", first="2024-11"),
        TreeNode("a", "now", "2024-10", 0.7, "nobody"),
        TreeNode("b", "nowhere", "2025-01", 0.0, runoff_factor=-1.0),
        TreeNode("c", "now", "2024-11", 0.7, power_price=float("nan")),
        TreeNode("d", "d", "2024-11", 1.0),
    )
    with pytest.raises(InputError, match="bad-tree") as caught:
        tree(dam().basin(), nodes)
    said = str(caught.value)
    for part in (
        "tree node now, from: found 2024-11",
        "children from 2024-10, 2024-11",
        "tree node now, probability: found 1.4",
        "tree node a, runoff: found nobody",
        "tree node b, parent: found nowhere",
        "tree node b, from: found 2025-01",
        "tree node b, probability: found 0;",
        "tree node b, runoff: found -1",
        "tree node c, power_price: found nan",
        "tree node d, parent: found d",
    ):
        assert part in said, part


def test_a_price_of_power_where_none_is_traded_is_told():
    nodes = (TreeNode("now", first="2024-10", power_price=2.0),)
    with pytest.raises(InputError, match="no power is bought or sold"):
        tree(dam().basin(), nodes)


def test_targets_and_chances_that_are_none_are_told():
    with pytest.raises(InputError, match="unknown-target"):
        over(dam(target=10).basin(), [10], chances={"north": 1.2})


def test_shares_of_a_surplus_are_owed_in_each_leaf_by_its_own_inflow():
    """Of what comes to the lake beyond 30, half is owed to the sea."""
    river = River(months=2).node("dam", runoff=0).node("lake").node("sea", "outlet").node("far", "outlet")
    river.reach("in", "dam", "lake").reach("to_sea", "lake", "sea").reach("to_far", "lake", "far", spill=0.001)
    basin = river.share("surplus", "lake", "to_sea", "A", 30, 0.5).basin()
    found = over(basin, [20, 130])
    due = [plan.ready.basin.threshold_shares["surplus"].due for plan in found.plans]
    assert due == pytest.approx([0, 50])


def test_every_order_of_leaves_has_the_same_plan():
    basin = dam(target=60).priorities(("sea", [Claims(kind="targets")]), ("wheat", [Claims(kind="demands")]), "cost").basin()
    runs = [0, 40, 160]
    first = None
    for order in ((0, 1, 2), (2, 0, 1)):
        found = over(basin, [runs[k] for k in order])
        storage = {runs[k]: plan.decisions["storage"] for k, plan in zip(order, found.plans, strict=True)}
        first = first or storage
        assert all(storage[run] == pytest.approx(first[run], abs=1e-7) for run in runs)
