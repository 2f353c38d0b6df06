"""Onward: what is over stays, and while nothing is changed every solve finds the plan of the one before."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.rivers import DEMANDS, TARGETS, River, every_process, one_canal, with_head
from waterflow.allocation.onward import Onward

#: decisions of a period, which stay when it is over
STAYS = ("flow", "storage", "delivery", "evaporation")


def same(one, other, within):
    return np.allclose(one, other, rtol=0, atol=within, equal_nan=True)


def figures(plan):
    """What every priority and the cost come to; how many rounds it took to find is no figure."""
    names = ("demand_shortfall", "floor_shortfall", "target_shortfall", "share_shortfall", "power_shortfall", "clause_slack")
    stages = {str(s): float(plan["stage_value"].sel(stage=s)) for s in plan["stage"].values if "/" not in str(s)}
    return {name: plan[name].values for name in names if name in plan}, stages


@pytest.mark.parametrize(
    "river",
    [
        pytest.param(lambda: every_process().basin(), id="months"),
        pytest.param(lambda: every_process("dekad").basin(), id="dekads"),
        pytest.param(lambda: with_head(every_process()).basin(), id="head"),
        pytest.param(lambda: wf.read_basin("syr_darya"), id="syr_darya", marks=pytest.mark.long),
        pytest.param(lambda: wf.read_basin("syr_darya", step="dekad"), id="syr_darya_dekads", marks=pytest.mark.long),
    ],
)
def test_with_nothing_changed_each_step_finds_the_one_plan(river):
    basin = river()
    whole = wf.allocate(basin).dataset
    shortfalls, stages = figures(whole)
    onward = Onward(basin)
    for _ in basin.calendar.periods:
        plan = onward.allocate().dataset
        found, reached = figures(plan)
        assert all(same(found[name], values, 1e-6) for name, values in shortfalls.items())
        assert all(abs(reached[name] - value) <= 1e-6 * max(1.0, abs(value)) for name, value in stages.items() if name in reached)
        assert all(same(plan[name].values, whole[name].values, 1e-6) for name in STAYS)
        onward.pass_on()


@settings(max_examples=4, deadline=None)
@given(st.lists(st.floats(0.6, 1.5), min_size=6, max_size=6), st.lists(st.floats(0.7, 1.3), min_size=6, max_size=6))
def test_what_is_over_stays_whatever_comes(wet, thirsty):
    onward, before = Onward(every_process().basin()), None
    labels = onward.basin.calendar.labels
    for k, label in enumerate(labels):
        drawn = {
            name: {(owner, other): float(v) * f for owner, series in held.items() for other, v in zip(labels[k:], series[k:], strict=True)}
            for name, f, held in (
                ("runoff", wet[k], onward.basin.runoff),
                ("need", thirsty[k], {n: d.need for n, d in onward.basin.demands.items()}),
            )
        }
        try:
            plan = onward.allocate(onward.basin.changed(**drawn)).dataset
        except wf.ConflictError:
            # the hard rules of the rest cannot be kept with that: nothing has passed
            assert onward.over == k
            return
        if before is not None:
            past = plan.isel(period=slice(0, k))
            assert all(same(past[name].values, before[name].isel(period=slice(0, k)).values, 1e-7) for name in STAYS)
        assert plan.attrs["water_residual_Mm3"] < 1e-6
        before = plan
        onward.pass_on()
        assert onward.over == labels.index(label) + 1


def test_a_promise_of_the_season_counts_what_is_over():
    """10 Mm3 come in each of three months and 20 of the 30 must go on: the field has 10 of its 18, evenly 10/3 a month.

    Then the third month is told to bring 4. 24 come and 20 must go on, so the field has 4 in all; 10/3 are gone, 2/3 are left.
    """
    river = one_canal(runoff=10, need=6).target("sea", "lower", 20).priorities(("sea", [TARGETS]), ("users", [DEMANDS]))
    onward = Onward(river.basin())
    first = onward.allocate().dataset["delivery"].values[0]
    assert np.allclose(first, 10 / 3)
    onward.pass_on()
    dry = onward.basin.changed(runoff={("spring", onward.basin.calendar.labels[2]): 4.0})
    then = onward.allocate(dry).dataset
    assert np.isclose(then["delivery"].values[0, 0], 10 / 3)
    assert np.isclose(then["delivery"].values[0].sum(), 4.0)
    assert np.isclose(float(then["target_shortfall"].sum()), 0.0)


@pytest.mark.parametrize(("runoff", "worth"), [(4, 0.02), (9, 0.0)])
def test_one_more_drop_is_worth_what_the_field_gets_of_it(runoff, worth):
    """A field whose Mm3 is worth 0.02 million USD: one more Mm3 brings that where it is short, and nothing where it is not."""
    river = River().node("spring", runoff=runoff).node("sea", "outlet").reach("way", "spring", "sea")
    onward = Onward(river.demand("field", "spring", "A", 6, value=0.02).priorities("cost").basin())
    label = onward.basin.calendar.labels[1]
    assert np.isnan(onward.runoff_worth("spring", label)), "no plan yet"
    onward.allocate()
    assert np.isclose(onward.runoff_worth("spring", label), worth)
    prioritised = Onward(one_canal().basin())
    prioritised.allocate()
    assert np.isnan(prioritised.runoff_worth("spring", label)), "no stage counts money"


def test_what_is_over_cannot_be_changed():
    onward = Onward(one_canal().basin())
    with pytest.raises(wf.InputError) as none_yet:
        onward.pass_on()
    assert none_yet.value.problems[0].code == "past-period"
    onward.allocate()
    onward.pass_on()
    first, second = onward.basin.calendar.labels[:2]
    node = next(iter(onward.basin.runoff))
    with pytest.raises(wf.InputError) as refused:
        onward.allocate(onward.basin.changed(runoff={(node, first): 3.0}))
    assert [p.code for p in refused.value.problems] == ["past-period"]
    assert first in refused.value.problems[0].where
    onward.allocate(onward.basin.changed(runoff={(node, second): 3.0}))
    with pytest.raises(wf.InputError):
        onward.allocate(every_process().basin())
