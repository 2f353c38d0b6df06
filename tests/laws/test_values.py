"""Under one sum of benefits: a flow that is worth more is never delivered less, and payoffs sum to the objective."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.laws.rivers import facts, valued_river
from waterflow import ConflictError, allocate
from waterflow.accounts.payoffs import NOBODY, payoffs, worth
from waterflow.basin.values import LEVELS

SOME = settings(max_examples=25)
CLOSE = 1e-5
USERS = ("town_fields", "delta_fields", "town_water")
PAIR = st.tuples(st.floats(0.001, 0.2), st.floats(0.2, 0.95)).map(lambda x: (round(x[0], 4), round(x[0] * x[1], 4)))
VALUES = st.fixed_dictionaries(dict.fromkeys(USERS, PAIR))
RISE = st.floats(0.001, 0.3).map(lambda x: round(x, 4))


def plan(river):
    """The plan of a river; one nobody can run is left out of the law."""
    try:
        return allocate(river.basin())
    except ConflictError:
        assume(False)
        raise


@SOME
@given(facts(), VALUES, st.sampled_from(USERS), RISE)
def test_a_delivery_that_is_worth_more_is_never_less(f, values, user, rise):
    dearer = values | {user: tuple(round(v + rise, 4) for v in values[user])}
    before, after = (float(plan(valued_river(f, v)).dataset["delivery"].sel(demand=user).sum()) for v in (values, dearer))
    assert after >= before - CLOSE


@SOME
@given(facts(), VALUES, st.sampled_from(USERS), RISE)
def test_a_block_that_is_worth_more_is_never_less_filled(f, values, user, rise):
    """The first block alone: its value may rise without limit and the values still fall."""
    first, second = values[user]
    dearer = values | {user: (round(first + rise, 4), second)}
    block = f"{user}/1"
    before, after = (float(plan(valued_river(f, v)).dataset["delivery_in_block"].sel(delivery_block=block).sum()) for v in (values, dearer))
    assert after >= before - CLOSE


@SOME
@given(facts(), VALUES, RISE)
def test_a_target_that_is_worth_more_is_never_missed_by_more(f, values, rise):
    cheap, dear = (0.02, 0.005), (round(0.02 + rise, 4), round(0.005 + rise, 4))
    inside = []
    for worth_of_flow in (cheap, dear):
        dataset = plan(valued_river(f, values, worth_of_flow)).dataset
        inside.append(float(dataset["target_in_block"].sum()))
    assert inside[1] >= inside[0] - CLOSE


@SOME
@given(facts(), VALUES)
def test_payoffs_of_the_parties_sum_to_the_objective_at_every_level(f, values):
    basin = valued_river(f, values).basin()
    for level in LEVELS:
        moved = basin.at_level(level)
        try:
            dataset = allocate(moved).dataset
        except ConflictError:
            assume(False)
        total = float(dataset["stage_value"].sel(stage="benefit"))
        assert sum(worth(moved, dataset).values()) == pytest.approx(total, rel=1e-7, abs=1e-6)
        found = payoffs(moved, dataset)
        assert sum(found[level].values()) == pytest.approx(total, rel=1e-7, abs=1e-6)
        assert set(found[level]) <= {"UP", "DOWN", NOBODY}
