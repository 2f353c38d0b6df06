"""Claims on an estate: the Talmud's cases under six rules, and the laws of the rules."""

import math

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from waterflow.errors import InputError
from waterflow.negotiation.claims import (
    RULES,
    constrained_equal_awards,
    constrained_equal_losses,
    proportional,
    random_arrival,
    river_sequential,
    talmud,
)
from waterflow.negotiation.games import nucleolus, shapley

#: estate -> rule -> shares of claims of 100, 200 and 300 (Aumann and Maschler 1985; the others from their definitions, Thomson 2003)
TALMUD = {
    100: {
        "talmud": (100 / 3,) * 3,
        "proportional": (50 / 3, 100 / 3, 50),
        "constrained_equal_awards": (100 / 3,) * 3,
        "constrained_equal_losses": (0, 0, 100),
        "adjusted_proportional": (100 / 3,) * 3,
        "random_arrival": (100 / 3,) * 3,
    },
    200: {
        "talmud": (50, 75, 75),
        "proportional": (100 / 3, 200 / 3, 100),
        "constrained_equal_awards": (200 / 3,) * 3,
        "constrained_equal_losses": (0, 50, 150),
        "adjusted_proportional": (40, 80, 80),
        "random_arrival": (100 / 3, 250 / 3, 250 / 3),
    },
    300: {
        "talmud": (50, 100, 150),
        "proportional": (50, 100, 150),
        "constrained_equal_awards": (100,) * 3,
        "constrained_equal_losses": (0, 100, 200),
        "adjusted_proportional": (50, 100, 150),
        "random_arrival": (50, 100, 150),
    },
}
ASKED = {"a": 100.0, "b": 200.0, "c": 300.0}


@pytest.mark.parametrize("estate", TALMUD)
@pytest.mark.parametrize("rule", RULES)
def test_the_cases_of_the_talmud(estate, rule):
    assert tuple(RULES[rule](estate, ASKED).values()) == pytest.approx(TALMUD[estate][rule], abs=1e-6)


claims = st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1000).map(lambda x: round(x, 3)), min_size=1, max_size=5)
parts = st.floats(0, 1)


@settings(deadline=None)
@given(claims, parts, st.sampled_from(sorted(RULES)))
def test_every_rule_gives_all_of_it_and_nobody_less_than_nothing_or_more_than_asked(asked, part, rule):
    estate = part * sum(asked.values())
    found = RULES[rule](estate, asked)
    assert list(found) == list(asked)
    assert sum(found.values()) == pytest.approx(estate, abs=1e-6)
    assert all(-1e-9 <= found[i] <= asked[i] + 1e-6 for i in asked)


@given(claims, parts)
def test_awards_and_losses_are_dual_and_two_rules_are_their_own_dual(asked, part):
    """What a rule gives of E is what its dual takes off where the whole less E is given."""
    whole = sum(asked.values())
    estate = part * whole
    for rule, dual in ((constrained_equal_awards, constrained_equal_losses), (talmud, talmud), (proportional, proportional)):
        other = dual(max(0.0, whole - estate), asked)
        assert rule(estate, asked) == pytest.approx({i: asked[i] - other[i] for i in asked}, abs=1e-6)


@settings(deadline=None)
@given(claims, parts, st.sampled_from(sorted(RULES)), st.permutations("vwxyz"))
def test_new_names_and_another_order_change_nothing(asked, part, rule, names):
    to = dict(zip("abcde", names, strict=True))
    estate = part * sum(asked.values())
    found = RULES[rule](estate, {to[i]: asked[i] for i in reversed(asked)})
    assert found == pytest.approx({to[i]: v for i, v in RULES[rule](estate, asked).items()}, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(claims, parts)
def test_the_talmud_is_the_nucleolus_and_random_arrival_the_shapley_value_of_the_same_game(asked, part):
    """A coalition has what the others leave of the estate (O'Neill 1982; Aumann and Maschler 1985)."""
    from waterflow.negotiation.games import coalitions

    assume(len(asked) > 1)
    estate = part * sum(asked.values())
    values = {s: max(0.0, estate - sum(c for i, c in asked.items() if i not in s)) for s in coalitions(asked)}
    assert nucleolus(values) == pytest.approx(talmud(estate, asked), abs=1e-4)
    assert shapley(values) == pytest.approx(random_arrival(estate, asked), abs=1e-6)


def test_what_is_no_problem_of_claims_is_refused_at_once():
    with pytest.raises(InputError) as caught:
        proportional(-1.0, {"a": math.nan, "b": -2.0})
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="at most the sum of all claims, 3"):
        talmud(4.0, {"a": 1.0, "b": 2.0})
    with pytest.raises(InputError, match=r"9 or fewer.*bad-claims"):
        random_arrival(1.0, {str(k): 1.0 for k in range(10)})


def test_nothing_is_shared_as_nothing():
    assert all(rule(0.0, {"a": 0.0, "b": 0.0}) == {"a": 0.0, "b": 0.0} for rule in RULES.values())


def test_a_river_is_shared_from_its_source_down():
    """Endowments 80, 10, 10 and claims 50, 30, 40: excess claims below the first 50, below the second 30.

    The first has 80 for 50 and 50: proportional gives 40 and passes 40; the second has 50 for 30 and 30: 25; the third 35 for 40.
    """
    rises, asked = {"up": 80.0, "middle": 10.0, "down": 10.0}, {"up": 50.0, "middle": 30.0, "down": 40.0}
    assert river_sequential(proportional, rises, asked) == pytest.approx({"up": 40, "middle": 25, "down": 35})
    assert river_sequential(constrained_equal_losses, rises, asked) == pytest.approx({"up": 40, "middle": 25, "down": 35})


def test_where_the_river_suffices_everyone_has_its_claim():
    found = river_sequential(talmud, {"up": 90.0, "down": 0.0}, {"up": 30.0, "down": 40.0})
    assert found == {"up": 30.0, "down": 40.0}


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=5), st.sampled_from(sorted(RULES)))
@example([(5.4, 53.0), (0.0, 0.0)], "proportional")
def test_a_river_gives_nobody_more_than_comes_to_it(agents, rule):
    rises = {str(k): e for k, (e, _) in enumerate(agents)}
    asked = {str(k): c for k, (_, c) in enumerate(agents)}
    found = river_sequential(RULES[rule], rises, asked)
    passed = 0.0
    for name in rises:
        assert -1e-9 <= found[name] <= min(asked[name], passed + rises[name]) + 1e-6
        passed += rises[name] - found[name]


def test_an_agent_without_a_claim_or_an_endowment_is_told():
    with pytest.raises(InputError, match="found down"):
        river_sequential(proportional, {"up": 1.0}, {"up": 1.0, "down": 1.0})
