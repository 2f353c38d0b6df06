"""The negotiating table: a barter worked by hand, laws of coalitions and bargaining on random rivers, and the Syr Darya's own story."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import waterflow as wf
from tests.rivers import River, every_process
from waterflow.accounts.payoffs import payoffs
from waterflow.allocation.allocate import named
from waterflow.allocation.solve import solve
from waterflow.errors import ConflictError, InputError
from waterflow.negotiation.bargaining import SOLUTIONS, gains, ideal, nash
from waterflow.negotiation.coalitions import coalition_game
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.negotiate import negotiate
from waterflow.negotiation.negotiated import negotiation_facts
from waterflow.negotiation.no_deal import table_of


def barter(field=80.0, worth=0.02, imported=0.02, power=50.0, target=None):
    """Up stores 100 Mm3 on 1 March and has a plant (0.5 GWh per Mm3); it needs power in March, Down needs water in April.

    What is missing of Up's power costs 0.1 USD a kWh, imports 0.02; a m3 on Down's field is worth 0.02 USD.
    """
    river = River(months=2, start="2025-03-01", parties="Up Down")
    river.node("dam", "reservoir", runoff=0).node("field").node("sea", "outlet")
    river.reach("out", "dam", "field").reach("end", "field", "sea").reservoir("dam", 100, 100)
    river.plant("plant", "out", "Up", 0.5, 200).needs_power("Up", [power, 0.0], {0.1: 1.0}).supply("line", "Up", 100, imported)
    river.demand("wheat", "field", "Down", [0, field]).worth_in_blocks("wheat", {worth: 1.0})
    if target is not None:
        river.target("sea", "end", target, 1, 1)
    basin = river.basin()
    dam = basin.reservoirs["dam"].model_copy(update={"owner": "Up"})
    return basin.replaced(reservoirs={"dam": dam})


def test_the_barter_worked_by_hand():
    """Alone Up turns all 100 Mm3 in March and Down has nothing. Together 80 Mm3 wait until April: Up buys 40 GWh for 0.8 million
    USD, Down gains 1.6: 0.8 to share, and Up must be paid 0.8 to 1.6, in the middle 1.2 million USD or 60 GWh.
    """
    found = negotiate(barter())
    facts = negotiation_facts(found, keep_targets=True)
    assert {x.party: x.central_MUSD for x in facts.parties} == pytest.approx({"Up": 0.0, "Down": 0.0}, abs=1e-6)
    assert found.central.alone.unknown("flow")[:2] == pytest.approx([100, 0], abs=1e-6)
    (both,) = facts.coalitions
    assert both.central_MUSD == pytest.approx(0.8)
    assert both.gains_MUSD == pytest.approx({"Up": -0.8, "Down": 1.6}, abs=1e-6)
    paid = {x.party: (x.least_MUSD, x.most_MUSD, x.middle_MUSD, x.middle_GWh) for x in facts.payments}
    assert paid["Up"] == pytest.approx((0.8, 1.6, 1.2, 60.0), abs=1e-5)
    assert paid["Down"] == pytest.approx((-1.6, -0.8, -1.2, -60.0), abs=1e-5)
    shares = next(x for x in facts.divisions if x.rule == "shapley" and x.level == "central")
    assert shares.gains_MUSD == pytest.approx({"Up": 0.4, "Down": 0.4}, abs=1e-6)
    # without payments Up can only lose: no plan helps both, so nothing moves
    assert all(x.together_MUSD == pytest.approx(0, abs=1e-4) for x in facts.bargains)


def test_what_keeping_a_target_costs_by_hand():
    """50 Mm3 must reach the sea in April: Up buys 25 GWh for 0.5. Of the other 50 each waits for a gain of 0.01: 0 together; free, 0.8."""
    found = negotiate(barter(target=50))
    assert found.central.alone.payoffs["Up"] == pytest.approx(-0.5, abs=1e-6)
    assert found.price_of_targets == pytest.approx(0.8, abs=1e-6)
    assert negotiate(barter(target=50), keep_targets=False).price_of_targets is None


@settings(deadline=None, max_examples=20)
@given(st.floats(10, 120), st.floats(0.005, 0.08), st.floats(0.005, 0.09), st.floats(5, 60))
def test_a_barter_of_any_size_equals_its_formula(field, worth, imported, power):
    """Water beyond Up's power is free for Down anyway; of the rest a Mm3 gains its worth less half a GWh at the import price."""
    joint = Joint(table_of(barter(field, worth, imported, power)))
    alone = joint.alone()
    free = max(0.0, 100 - 2 * power)
    assert alone.payoffs["Down"] == pytest.approx(worth * min(field, free), abs=1e-5)
    moved = max(0.0, min(field, 100.0) - free)
    game = coalition_game(joint, alone)
    gained = game.values[frozenset({"Up", "Down"})] - alone.payoffs["Up"] - alone.payoffs["Down"]
    assert gained == pytest.approx(moved * max(0.0, worth - imported / 2), abs=1e-5)


def shared(runoff, opening, asked, values):
    """Three parties down one river with two reservoirs, a plant at each, and fields whose third block is worth little."""
    river = River(months=4, start="2025-01-01", parties="A B C")
    river.node("top", "reservoir", runoff=runoff).node("upper").node("low", "reservoir", runoff=5).node("lower").node("sea", "outlet")
    river.reach("r1", "top", "upper").reach("r2", "upper", "low").reach("r3", "low", "lower").reach("r4", "lower", "sea")
    river.reservoir("top", opening, 300).reservoir("low", opening / 2, 120)
    river.plant("p1", "r1", "A", 0.4, 200).plant("p2", "r3", "B", 0.1, 200).worth("B", 0.03)
    river.needs_power("A", [40, 30, 10, 5], {0.1: 1.0}).supply("line", "A", 12, 0.04)
    river.demand("fields_a", "upper", "A", 6).worth_in_blocks("fields_a", {0.05: 0.5, 0.01: 0.5})
    for party, place, name in (("B", "upper", "fields_b"), ("B", "lower", "gardens_b"), ("C", "lower", "fields_c")):
        river.demand(name, place, party, asked).worth_in_blocks(name, {values: 0.5, values / 3: 0.5})
    basin = river.target("sea", "r4", 20, 2, 3).target_worth("sea", "C", {0.01: 1.0}).basin()
    owners = {"top": "A", "low": "B"}
    return basin.replaced(reservoirs={n: r.model_copy(update={"owner": owners[n]}) for n, r in basin.reservoirs.items()})


rivers = st.builds(
    shared,
    st.lists(st.floats(5, 80), min_size=4, max_size=4),
    st.floats(40, 200),
    st.lists(st.floats(0, 60), min_size=4, max_size=4),
    st.floats(0.01, 0.1),
)


@settings(deadline=None, max_examples=12)
@given(rivers)
def test_coalitions_harm_nobody_and_never_lose(basin):
    joint = Joint(table_of(basin))
    alone = joint.alone()
    found = coalition_game(joint, alone)
    given_alone = alone.unknown("delivery")
    whose = [basin.demands[d].party for d, _ in joint.table.program.unknowns["delivery"].index]
    for members, outcome in found.outcomes.items():
        own = gains(joint, alone, outcome)
        assert sum(g for p, g in zip(joint.parties, own, strict=True) if p in members) >= -1e-6
        for party, gain in zip(joint.parties, own, strict=True):
            assert party in members or gain >= -1e-6
        given_now = outcome.unknown("delivery")
        assert all(p in members or now >= before - 2e-6 for p, now, before in zip(whose, given_now, given_alone, strict=True))
        assert (outcome.unknown("target_shortfall") <= alone.unknown("target_shortfall") + 1e-6).all()
    values = found.values
    for one, other in itertools.combinations(values, 2):
        if one < other and len(other) == len(joint.parties):
            assert values[other] >= values[one] + sum(alone.payoffs[p] for p in other - one) - 1e-5


def swap(cost_a=0.02, cost_b=0.02, worth_a=0.05, worth_b=0.05, ask_a=60.0, ask_b=60.0):
    """Each has a dam above the other's field and power that is worth something in March alone: what waits until April helps the other.

    Of a Mm3 kept, its owner loses a tenth of a GWh at its price of March; the other's field gains its worth, up to what it asks.
    """
    river = River(months=2, start="2025-03-01", parties="A B").node("sea", "outlet")
    for own, other, cost, worth, ask in (("A", "B", cost_a, worth_b, ask_b), ("B", "A", cost_b, worth_a, ask_a)):
        river.node(f"dam_{own}", "reservoir", runoff=0).node(f"field_{other}")
        river.reach(f"out_{own}", f"dam_{own}", f"field_{other}").reach(f"end_{own}", f"field_{other}", "sea")
        river.reservoir(f"dam_{own}", 100, 100).plant(f"plant_{own}", f"out_{own}", own, 0.1, 200).worth(own, [10 * cost, 0.0])
        river.demand(f"wheat_{other}", f"field_{other}", other, [0, ask]).worth_in_blocks(f"wheat_{other}", {worth: 1.0})
    basin = river.basin()
    owners = {f"dam_{own}": own for own in "AB"}
    return basin.replaced(reservoirs={n: r.model_copy(update={"owner": owners[n]}) for n, r in basin.reservoirs.items()})


def reachable(cost_a, cost_b, worth_a, worth_b, ask_a, ask_b):
    """Gains of A and B where A keeps x for B's field and B keeps y for A's: by hand."""
    return (lambda x, y: -cost_a * x + worth_a * y), (lambda x, y: worth_b * x - cost_b * y), ask_b, ask_a


cases = st.tuples(
    st.floats(0.005, 0.04), st.floats(0.005, 0.04), st.floats(0.041, 0.09), st.floats(0.041, 0.09), st.floats(10, 90), st.floats(10, 90)
)


@settings(deadline=None, max_examples=15)
@given(cases)
def test_bargaining_solutions_are_the_best_of_all_swaps_by_hand(case):
    """Nash, Kalai-Smorodinsky, egalitarian and leximin against programs in two unknowns; nobody is below no deal."""
    joint = Joint(table_of(swap(*case)))
    alone = joint.alone()
    of_a, of_b, most_x, most_y = reachable(*case)
    c_a, c_b, w_a, w_b, *_ = case
    rows = [[c_a, -w_a, 0.0], [-w_b, c_b, 0.0]]
    ideals = [-linprog([c_a, -w_a], [[-w_b, c_b]], [0], bounds=[(0, most_x), (0, most_y)]).fun]
    ideals.append(-linprog([-w_b, c_b], [[c_a, -w_a]], [0], bounds=[(0, most_x), (0, most_y)]).fun)
    assert ideal(joint, alone) == pytest.approx(ideals, abs=1e-5)
    for name, weights in (("egalitarian", (1.0, 1.0)), ("kalai_smorodinsky", ideals)):
        level = linprog(
            [0, 0, -1], [[*r[:2], w] for r, w in zip(rows, weights, strict=True)], [0, 0], bounds=[(0, most_x), (0, most_y), (None, None)]
        )
        found = gains(joint, alone, SOLUTIONS[name](joint, alone))
        assert min(g / w for g, w in zip(found, weights, strict=True)) == pytest.approx(-level.fun, rel=1e-5, abs=1e-5), name
    product = max(
        (max(of_a(x, y), 0.0) * max(of_b(x, y), 0.0) for x in np.linspace(0, most_x, 201) for y in np.linspace(0, most_y, 201)), default=0.0
    )
    settled = gains(joint, alone, nash(joint, alone))
    assert (settled >= -1e-6).all()
    # a grid may miss the best point by its step, never pass it
    assert np.prod(settled) >= product * (1 - 2e-4) - 1e-9
    fair = np.sort(gains(joint, alone, SOLUTIONS["leximin"](joint, alone)))
    assert fair[0] == pytest.approx(gains(joint, alone, SOLUTIONS["egalitarian"](joint, alone)).min(), abs=1e-5)


def test_equals_settle_on_equal_gains_and_power_moves_them():
    """A Mm3 each way gains 0.03: 60 of them are 1.8 million USD for each.

    With three times the power A keeps 55.5: 3 log(3 - 0.02 x) + log(0.05 x - 1.2) is largest there.
    """
    joint = Joint(table_of(swap()))
    alone = joint.alone()
    for name, solution in SOLUTIONS.items():
        assert gains(joint, alone, solution(joint, alone)) == pytest.approx([1.8, 1.8], abs=1e-3), name
    strong = gains(joint, alone, nash(joint, alone, {"A": 3.0, "B": 1.0}))
    assert strong == pytest.approx([1.89, 1.575], abs=2e-3)


@settings(deadline=None, max_examples=6)
@given(rivers)
def test_nobody_is_below_no_deal_under_any_solution(basin):
    joint = Joint(table_of(basin))
    alone = joint.alone()
    most = ideal(joint, alone)
    for name, solution in SOLUTIONS.items():
        found = gains(joint, alone, solution(joint, alone))
        assert (found >= -1e-4).all(), name
        assert (found <= most + 1e-4).all(), name


def test_gains_that_cannot_be_had_together_are_said():
    joint = Joint(table_of(swap()))
    with pytest.raises(ConflictError, match="what is asked for the parties"):
        joint.best(joint.everyone, joint.alone(), None, {"A": 100.0, "B": 100.0})


def test_bargaining_powers_that_are_none_are_refused():
    joint = Joint(table_of(barter()))
    with pytest.raises(InputError) as caught:
        nash(joint, joint.alone(), {"Up": -1.0, "Nobody": 1.0})
    assert len(caught.value.problems) == 2


def test_payoffs_on_the_table_are_those_of_the_accounts():
    """Every term with its party: the table's payoffs of a plan are those that `payoffs` counts."""
    table = table_of(every_process().priorities().basin())
    assert not table.basin.end_value_cuts
    plan = solve(table.basin)
    found, counted = table.payoffs(plan.solution.stages[-1].unknowns), payoffs(table.basin, named(plan).dataset)["central"]
    assert found == pytest.approx({party: counted.get(party, 0.0) for party in found}, abs=1e-6)
    assert np.sum(list(table.costs.values()), axis=0) == pytest.approx(table.program.costs["net_cost"][0])


def test_one_party_has_nobody_to_negotiate_with():
    river = River(parties="A").node("a", runoff=10).node("sea", "outlet").reach("r", "a", "sea").demand("d", "a", "A", 5, value=1.0)
    with pytest.raises(InputError, match="two or more"):
        wf.negotiate(river.basin())


def test_a_river_without_values_is_refused():
    river = River().node("a", runoff=10).node("sea", "outlet").reach("r", "a", "sea").demand("d", "a", "A", 5)
    with pytest.raises(InputError, match="missing-values"):
        wf.negotiate(river.basin())


def withheld(first=60.0):
    """Up has a dam, Mid a field below it that wants water in March, End one below both that wants it in April."""
    river = River(months=2, start="2025-03-01", parties="End Mid Up").node("sea", "outlet")
    river.node("dam", "reservoir", runoff=0).node("mid").node("low")
    river.reach("out", "dam", "mid").reach("on", "mid", "low").reach("end", "low", "sea").reservoir("dam", 100, 100)
    river.plant("plant", "out", "Up", 0.1, 200).worth("Up", [0.1, 0.0])
    river.demand("early", "mid", "Mid", [first, 0]).worth_in_blocks("early", {0.05: 1.0})
    river.demand("late", "low", "End", [0, 80]).worth_in_blocks("late", {0.03: 1.0})
    basin = river.basin()
    return basin.replaced(reservoirs={"dam": basin.reservoirs["dam"].model_copy(update={"owner": "Up"})})


def test_who_may_harm_withholds_by_hand():
    """Alone Up lets 100 go in March, for 1.0: Mid takes 60, worth 3. Harming nobody Up and End move 40: 0.03 less 0.01 on each, 0.8.

    Where Mid may be harmed, they move 80: 1.6. Nobody else can do more: Mid takes what arrives, whoever it was meant for.
    """
    found = negotiate(withheld(), may_harm=True)
    facts = negotiation_facts(found, keep_targets=True)
    assert {x.party: x.central_MUSD for x in facts.parties} == pytest.approx({"End": 0.0, "Mid": 3.0, "Up": 1.0}, abs=1e-6)
    harmless = {x.members: x.central_MUSD for x in facts.coalitions}
    assert harmless["End", "Up"] == pytest.approx(0.8, abs=1e-5)
    harming = {x.members: x for x in facts.harming.coalitions}
    assert harming["End", "Up"].gain_MUSD == pytest.approx(1.6, abs=1e-5)
    assert harming["End", "Up"].gains_MUSD["Mid"] == pytest.approx(-2.0, abs=1e-5)
    assert harming["End", "Up"].dry == {"mid": 1}
    assert {x.members for x in facts.harming.coalitions if x.more_MUSD > 1e-4} == {("End", "Up")}
    # all three gain 0.8 together, less than End and Up take when they may
    assert facts.harming.epsilon_MUSD < 0
    assert negotiation_facts(negotiate(withheld(80)), keep_targets=True).harming is None
