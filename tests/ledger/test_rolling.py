"""Rolling: solved again from its own state a plan goes on as it was; what was taken is off what was promised, by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.rivers import facts, river_of
from waterflow.accounts.plan import Plan
from waterflow.ledger.rolling import rest_of_season
from waterflow.ledger.seen import seen_of


def planned(basin):
    found = wf.allocate(basin)
    return Plan(found.basin, found.dataset)


def shares(plan):
    """The first round of every stage of claims."""
    d = plan.dataset
    rows = zip(d["stage"].values.tolist(), d["stage_value"].values.tolist(), d["stage_unit"].values.tolist(), strict=True)
    return {name: value for name, value, unit in rows if unit == "share of the claim" and name.removesuffix("/even").count("/") == 0}


def again(basin, k, **more):
    plan = planned(basin)
    rest = rest_of_season(plan.basin, seen_of(plan, k), **more)
    rest.basin.require_valid()
    return plan, rest, planned(rest.basin)


def assert_goes_on(basin, k, within=1e-6):
    """Every round of shares, and the decisions themselves, are those of the plan it is the rest of."""
    plan, _, new = again(basin, k)
    then, now = shares(plan), shares(new)
    for name, value in now.items():
        assert value <= then[name] + within, name
    for name in ("flow", "storage", "delivery", "unserved"):
        there, here = plan.dataset[name].values[:, k:], new.dataset[name].values
        assert here == pytest.approx(there, abs=1e-4), name


@pytest.mark.parametrize(
    ("model", "k"), [("two_reservoirs", 1), ("two_reservoirs", 3), ("bahri_tojik", 1), ("bahri_tojik", 4), ("bahri_tojik", 6)]
)
def test_a_plan_solved_again_from_its_own_state_goes_on(model, k):
    assert_goes_on(wf.read_basin(model), k)


@settings(max_examples=25, deadline=None)
@given(facts(), st.integers(1, 2))
def test_any_river_goes_on(f, k):
    basin = river_of(f).basin()
    assert_goes_on(basin, min(k, len(basin.calendar.periods) - 1))
