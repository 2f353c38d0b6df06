"""Two ways to go on, oracles of each other: the horizon with its past fixed, and a horizon cut to its rest, plan the rest alike.

They share no line of how the past is carried: `allocation.onward` fixes decisions, `ledger.rest` takes figures off what was promised.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.rivers import facts, river_of
from tests.rivers import every_process, with_arcs, with_stores
from waterflow.accounts.plan import Plan
from waterflow.allocation.onward import Onward
from waterflow.errors import ConflictError
from waterflow.ledger.rolling import rest_of_season
from waterflow.ledger.seen import seen_of

DECIDED = ("flow", "storage", "delivery")


def both(basin, k, wetter=1.0):
    """The periods from the k-th on, by both, with other runoff in them."""
    onward = Onward(basin)
    plan = onward.allocate()
    for _ in range(k):
        onward.pass_on()
        onward.allocate()
    labels = basin.calendar.labels[k:]
    forecast = {(n, t): wetter * v for n, series in basin.runoff.items() for t, v in zip(labels, series[k:], strict=True)}
    fixed = onward.allocate(onward.basin.changed(runoff=forecast)).dataset
    approved = Plan(plan.basin, plan.dataset)
    cut = wf.allocate(rest_of_season(basin, seen_of(approved, k), forecast).basin).dataset
    return fixed, cut


def assert_alike(fixed, cut, k, within=1e-3):
    for name in DECIDED:
        there, here = fixed[name].values[:, k:], cut[name].values
        assert np.allclose(here, there, rtol=0, atol=within), (name, np.abs(here - there).max())


@settings(max_examples=4, deadline=None)
@given(facts(), st.integers(1, 2))
def test_from_a_plans_own_state_both_find_its_rest(f, k):
    assert_alike(*both(river_of(f).basin(), k), k)


@pytest.mark.long
@settings(max_examples=30, deadline=None)
@given(facts(), st.integers(1, 3), st.floats(0.7, 1.3))
def test_and_with_other_runoff_than_was_planned(f, k, wetter):
    """What was missed counts alike, whatever comes: one rule of a season for what is left of it would not."""
    try:
        assert_alike(*both(river_of(f).basin(), k, wetter), k)
    except ConflictError:
        # a hard rule of the rest that no plan keeps: neither has one
        return


def test_with_other_runoff_by_one_river_of_every_process():
    assert_alike(*both(every_process().basin(), 2, 1.1), 2)


def test_a_river_with_a_lift_rules_of_canals_and_an_outlet_too():
    assert_alike(*both(with_arcs(every_process()).basin(), 2), 2)


@pytest.mark.long
def test_by_one_river_of_every_store():
    """Areas along a curve, seepage, an aquifer, a constant loss and runoff below zero."""
    assert_alike(*both(with_stores(every_process()).basin(), 2), 2)
