"""Storages wished for, values of water held and balance against an independent program on random rivers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.held import MONTHS, Oracle, random_case
from tests.rivers import BALANCES, STORAGES, River
from waterflow import ConflictError, allocate
from waterflow.basin.held import HeldValue
from waterflow.basin.objective import Objective

BENEFIT = Objective(smoothest=False, unique=False)


def river_of(case):
    """The same reservoirs in the words of the package; what the field does not take goes to the sea."""
    river = River(months=MONTHS, start="2024-04-01").node("field").node("sea", "outlet").reach("rest", "field", "sea")
    for r, full in enumerate(case["full"]):
        river.node(f"r{r}", "reservoir", runoff=case["inflow"][r].tolist()).reach(f"out{r}", f"r{r}", "field")
        river.reservoir(f"r{r}", case["opening"][r], full, case["lowest"][r])
        for k, value in enumerate(case["held"][r]):
            block = HeldValue(name=f"r{r}/{k + 1}", reservoir=f"r{r}", block=k + 1, width=case["width"][r, k], value=value)
            river._add("held_values", block)
    river.demand("crops", "field", "A", case["need"].tolist(), value=case["value"])
    r, t, amount, at_least = case["wish"]
    river.wished(f"r{r}", amount, t, "at_least" if at_least else "at_most")
    return river.balanced("all", *(f"r{r}" for r in range(len(case["full"]))))


def first_value(basin):
    try:
        return float(allocate(basin).dataset["stage_value"][0])
    except ConflictError:
        return None


def equal(found, wanted):
    assert (found is None) == (wanted is None)
    if wanted is not None:
        assert found == pytest.approx(wanted, rel=1e-7, abs=1e-8)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_the_most_money_with_water_held_is_the_oracles(seed):
    case = random_case(seed)
    river = river_of(case)
    days = [p.days for p in river.calendar.periods]
    best = Oracle(case).benefit(days)
    equal(first_value(river.basin(objective=BENEFIT)), None if best is None else -best)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_the_least_missed_of_a_wish_is_the_oracles(seed):
    case = random_case(seed)
    river = river_of(case).priorities(("held", [STORAGES]))
    missed, amount = Oracle(case).missed(), case["wish"][2]
    equal(first_value(river.basin()), None if missed is None else missed / amount)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_the_least_of_the_largest_imbalance_is_the_oracles(seed):
    case = random_case(seed)
    river = river_of(case).priorities(("balance", [BALANCES]))
    equal(first_value(river.basin()), Oracle(case).worst())
