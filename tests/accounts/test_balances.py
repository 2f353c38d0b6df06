"""Balances: what comes is what goes, period by period, and each amount is counted for itself."""

import numpy as np
import pytest

import waterflow as wf
from waterflow.accounts.balances import power_balances, water_balance
from waterflow.accounts.plan import Plan
from waterflow.loading.model import read_model


@pytest.fixture(scope="module")
def plan():
    allocation = wf.allocate(read_model("syr_darya", "dry_year").basin())
    return Plan(allocation.basin, allocation.dataset)


@pytest.fixture(scope="module")
def small():
    allocation = wf.allocate(read_model("two_reservoirs").basin())
    return Plan(allocation.basin, allocation.dataset)


def total(balance, kind):
    return sum(sum(p.amounts) for p in balance.parts if p.kind == kind)


def test_water_closes_in_every_period(plan, small):
    for one in (plan, small):
        assert np.abs(water_balance(one).missing()).max() < 1e-6


def test_amounts_are_those_of_the_plan(plan):
    water = water_balance(plan)
    gap = float(plan.dataset["delivery"].sel(demand="shardara_gap_kaz").sum())
    assert total(water, "use") + total(water, "unexplained") == pytest.approx(float(plan.dataset["delivery"].sum()))
    assert total(water, "unexplained") == pytest.approx(gap)
    assert total(water, "into_lake") == pytest.approx(float(plan.dataset["arriving_flow"].sel(reach="karateren_north_aral").sum()))
    assert not any(p.name == "north_aral" for p in water.parts if p.kind in ("storage", "evaporation"))
    on_the_way = next(p for p in water.parts if p.kind == "on_the_way")
    spill = float(plan.dataset["in_transit"].sel(reach="north_aral_spill"))
    assert on_the_way.amounts[-1] == pytest.approx(float(plan.dataset["in_transit"].sum()) - spill)


@pytest.mark.parametrize(
    ("variable", "member"),
    [
        ("delivery", "dostyk_kaz"),
        ("return_flow", "dostyk_kaz"),
        ("storage", "toktogul"),
        ("evaporation", "shardara"),
        ("arriving_flow", "karateren_north_aral"),
    ],
)
def test_nothing_is_what_is_left_over(plan, variable, member):
    """Water that is written off somewhere is missing: no part takes it up."""
    wrong = plan.dataset.copy(deep=True)
    wrong[variable].loc[{wrong[variable].dims[0]: member}] += 7.0
    assert np.abs(water_balance(Plan(plan.basin, wrong)).missing()).max() == pytest.approx(7.0)


def test_power_of_who_has_a_demand_closes_and_of_others_is_said_not_to(plan):
    found = {b.of: b for b in power_balances(plan)}
    assert [name for name, b in found.items() if b.closes] == ["KGZ"]
    assert np.abs(found["KGZ"].missing()).max() < 1e-6
    assert total(found["KGZ"], "demand") == pytest.approx(float(plan.dataset["power_demand"].sel(power_party="KGZ").sum()))
    made = float(plan.dataset["generation"].sum())
    assert sum(total(b, "plant") for b in found.values()) == pytest.approx(made)
    wrong = plan.dataset.copy(deep=True)
    wrong["unserved"][0, 0] += 3.0
    assert max(map(abs, next(b for b in power_balances(Plan(plan.basin, wrong)) if b.closes).missing())) == pytest.approx(3.0)
