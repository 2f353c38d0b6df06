"""Games: published cases, and the laws each solution is known by."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from waterflow.errors import InputError
from waterflow.negotiation.games import (
    binding,
    coalitions,
    core_contains,
    core_intervals,
    least_core,
    not_superadditive,
    nucleolus,
    prenucleolus,
    propensity_to_disrupt,
    shapley,
    tau,
)


def game(**values):
    """A game by letters: ``ab=3`` is what a and b have together."""
    return {frozenset(name): float(v) for name, v in values.items()}


#: costs of the Tennessee Valley Authority, thousand dollars of 1942 (Ransmeier 1942; Straffin and Heaney 1981; Young 1994)
TVA = game(n=-163520, f=-140826, p=-250096, nf=-301607, np=-378821, fp=-367370, nfp=-412584)
#: three voters of whom two decide: no division contents every pair
MAJORITY = game(a=0, b=0, c=0, ab=1, ac=1, bc=1, abc=1)
#: one left glove, two right ones
GLOVES = game(a=0, b=0, c=0, ab=1, ac=1, bc=0, abc=1)


def test_the_tennessee_valley():
    """Shapley 117,829, 100,756.5 and 193,998.5; nucleolus 116,234, 93,540 and 202,810; tau as the separable costs' rule."""
    assert shapley(TVA) == pytest.approx({"n": -117829.0, "f": -100756.5, "p": -193998.5}, abs=0.1)
    assert nucleolus(TVA) == pytest.approx({"n": -116234, "f": -93540, "p": -202810}, abs=0.1)
    assert tau(TVA) == pytest.approx({"n": -117475.5416, "f": -99157.2947, "p": -195951.1637}, abs=0.1)
    epsilon, shares = least_core(TVA)
    assert epsilon == pytest.approx(47286.0, abs=0.1)
    assert core_contains(TVA, shares)
    assert core_contains(TVA, shapley(TVA))


def test_what_follows_from_the_definitions_in_small_games():
    third = pytest.approx(dict.fromkeys("abc", 1 / 3))
    assert shapley(MAJORITY) == third
    assert nucleolus(MAJORITY) == third
    epsilon, shares = least_core(MAJORITY)
    assert epsilon == pytest.approx(-1 / 3)
    assert not core_contains(MAJORITY, shares)
    assert set(binding(MAJORITY, shares)) == {frozenset("ab"), frozenset("ac"), frozenset("bc")}
    assert shapley(GLOVES) == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})
    assert nucleolus(GLOVES) == pytest.approx({"a": 1, "b": 0, "c": 0}, abs=1e-9)
    assert tau(GLOVES) == pytest.approx({"a": 1, "b": 0, "c": 0}, abs=1e-9)


def test_the_nucleolus_goes_on_until_one_division_is_left():
    """Maschler, Peleg and Shapley (1979): the first epsilon leaves a segment, the second its middle."""
    values = game(a=0, b=0, c=0, d=0, ab=0, ac=0, ad=0, bc=0, bd=0, cd=0, abc=0, abd=0, acd=0, bcd=0, abcd=2) | game(ab=1, cd=1)
    found = nucleolus(values)
    assert found == pytest.approx(dict.fromkeys("abcd", 0.5))


def test_an_imputation_binds_where_the_prenucleolus_leaves_a_player_less_than_alone():
    values = game(a=0, b=0, c=0, ab=10, ac=10, bc=2, abc=6)
    assert min(prenucleolus(values).values()) < 0
    assert min(nucleolus(values).values()) >= -1e-9
    assert sum(nucleolus(values).values()) == pytest.approx(6)


def test_gately_at_a_division():
    """(Others' share - what they have without it) / (its share - what it has alone), in the gloves' game at equal shares."""
    found = propensity_to_disrupt(GLOVES, dict.fromkeys("abc", 1 / 3))
    assert found == pytest.approx({"a": (2 / 3 - 0) / (1 / 3), "b": (2 / 3 - 1) / (1 / 3), "c": (2 / 3 - 1) / (1 / 3)})
    ends = propensity_to_disrupt(GLOVES, {"a": 1.0, "b": 0.0, "c": 0.0})
    assert ends["a"] == pytest.approx(0)
    assert math.isnan(ends["b"])


def test_what_each_can_have_in_the_core():
    """In the gloves' game only (1, 0, 0) is in the core; the majority has none; two may divide their gain in any way."""
    assert core_intervals(GLOVES) == {
        "a": pytest.approx((1, 1)),
        "b": pytest.approx((0, 0), abs=1e-8),
        "c": pytest.approx((0, 0), abs=1e-8),
    }
    assert core_intervals(MAJORITY) is None
    assert core_intervals(game(a=3, b=1, ab=10)) == {"a": pytest.approx((3, 9)), "b": pytest.approx((1, 7))}
    assert core_intervals(game(a=3)) == {"a": (3, 3)}


def test_two_players_share_what_they_gain():
    values = game(a=3, b=1, ab=10)
    for solution in (shapley, nucleolus, tau):
        assert solution(values) == pytest.approx({"a": 6, "b": 4})
    assert least_core(values)[0] == pytest.approx(3)


def test_one_player_has_what_there_is():
    values = game(a=3)
    assert shapley(values) == nucleolus(values) == {"a": 3}
    with pytest.raises(InputError, match="two or more"):
        least_core(values)


def test_what_is_no_game_is_refused_at_once():
    with pytest.raises(InputError, match="no value of a\\+b") as caught:
        shapley({frozenset("a"): 1.0, frozenset("b"): math.nan, frozenset(): 2.0})
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match=r"no players.*bad-game"):
        shapley({})
    with pytest.raises(InputError, match="no imputation"):
        nucleolus(game(a=3, b=3, ab=5))
    with pytest.raises(InputError, match="nothing for b"):
        core_contains(game(a=1, b=1, ab=3), {"a": 3.0})


def test_coalitions_that_have_less_together_are_told():
    values = game(a=3, b=3, c=0, ab=5, ac=3, bc=3, abc=6)
    assert not_superadditive(values)[0][:2] == (frozenset("a"), frozenset("b"))
    assert not_superadditive(values)[0][2] == pytest.approx(1)
    assert not_superadditive(MAJORITY) == ()


def test_there_is_no_tau_where_hopes_do_not_reach():
    assert tau(game(a=0, b=0, c=0, ab=0, ac=0, bc=0, abc=-1)) is None


numbers = st.floats(-100, 100).map(lambda x: round(x, 3))


@st.composite
def games(draw, players="abcd"):
    """Any game of three or four players."""
    named = players[: draw(st.integers(3, len(players)))]
    return {s: draw(numbers) for s in coalitions(named)}


@st.composite
def superadditive(draw):
    """A game in which more players never have less: values laid on from the smaller coalitions up."""
    values = {}
    for s in coalitions("abcd"[: draw(st.integers(3, 4))]):
        parts = [values[t] + values[s - t] for t in values if t < s]
        values[s] = max(parts, default=0.0) + round(draw(st.floats(0, 50)), 3)
    return values


def players_of(values):
    return sorted({i for s in values for i in s})


def renamed(values, names):
    return {frozenset(names[i] for i in s): v for s, v in values.items()}


@settings(deadline=None, max_examples=60)
@given(games(), games())
def test_shapley_is_efficient_symmetric_additive_and_gives_a_dummy_what_it_has(values, others):
    players = players_of(values)
    found = shapley(values)
    assert sum(found.values()) == pytest.approx(values[frozenset(players)], abs=1e-7)
    if players == players_of(others):
        both = shapley({s: v + others[s] for s, v in values.items()})
        assert both == pytest.approx({i: found[i] + shapley(others)[i] for i in players}, abs=1e-7)
    dummy = {s | extra: v + 7.0 * len(extra) for s, v in values.items() for extra in (frozenset(), frozenset("z"))} | {frozenset("z"): 7.0}
    assert shapley(dummy) == pytest.approx(found | {"z": 7.0}, abs=1e-7)
    same = {s: max(values[s], values[frozenset(swap(s))]) for s in values}
    alike = shapley(same)
    assert alike["a"] == pytest.approx(alike["b"], abs=1e-7)


def swap(coalition):
    return {{"a": "b", "b": "a"}.get(i, i) for i in coalition}


@settings(deadline=None, max_examples=60)
@given(superadditive())
def test_the_nucleolus_is_an_imputation_and_in_the_core_if_there_is_one(values):
    found = nucleolus(values)
    assert sum(found.values()) == pytest.approx(values[frozenset(players_of(values))], abs=1e-6)
    assert all(found[i] >= values[frozenset(i)] - 1e-6 for i in found)
    epsilon, shares = least_core(values)
    assert core_contains(values, found, 1e-7) == (epsilon >= -1e-7 * max(1.0, max(map(abs, values.values()))))
    worst = min(sum(shares[i] for i in s) - v for s, v in values.items() if len(s) < len(found))
    assert worst == pytest.approx(epsilon, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(games())
def test_the_least_core_is_the_optimum_of_its_own_program(values):
    """An independent program: all coalitions at once, nothing settled."""
    players = players_of(values)
    proper = [s for s in values if len(s) < len(players)]
    rows = [[-float(i in s) for i in players] + [1.0] for s in proper]
    found = linprog(
        [0.0] * len(players) + [-1.0],
        rows,
        [-values[s] for s in proper],
        [[1.0] * len(players) + [0.0]],
        [values[frozenset(players)]],
        (None, None),
    )
    assert least_core(values)[0] == pytest.approx(found.x[-1], abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(superadditive(), st.permutations("wxyz"))
def test_new_names_change_nothing(values, names):
    to = dict(zip("abcd", names, strict=True))
    for solution in (shapley, nucleolus, prenucleolus):
        assert solution(renamed(values, to)) == pytest.approx({to[i]: v for i, v in solution(values).items()}, abs=1e-5)


@settings(deadline=None, max_examples=40)
@given(superadditive())
def test_the_nucleolus_cannot_be_bettered_by_moving_a_little(values):
    """Sorted excesses of the nucleolus are largest in the order of Schmeidler: random nearby imputations lose to it."""
    found = nucleolus(values)
    players = players_of(values)
    assume(values[frozenset(players)] > sum(values[frozenset(i)] for i in players) + 1e-3)
    own = excesses(values, found)
    rng = np.random.default_rng(0)
    for _ in range(20):
        step = rng.normal(size=len(players))
        step -= step.mean()
        moved = {i: found[i] + 0.1 * s for i, s in zip(players, step, strict=True)}
        if any(moved[i] < values[frozenset(i)] for i in players):
            continue
        other = excesses(values, moved)
        differ = np.flatnonzero(np.abs(own - other) > 1e-6)
        assert not len(differ) or own[differ[0]] > other[differ[0]]


def excesses(values, shares):
    return np.sort([sum(shares[i] for i in s) - v for s, v in values.items() if len(s) < len(shares)])
