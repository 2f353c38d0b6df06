"""The river run forward: a plan simulated is the plan; what is wrong is refused; what is not known is not made up."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.laws.rivers import facts, river_of
from tests.rivers import River
from waterflow.simulation.flows import ways_of
from waterflow.simulation.simulate import simulate

SAME = 1e-6


def as_planned(basin, dataset):
    """The basin with its deliveries as needs, and every flow that simulation asks for."""
    taken = dataset["delivery"]
    demands = {n: d.model_copy(update={"need": tuple(taken.sel(demand=n).values)}) for n, d in basin.demands.items()}
    releases = {}
    for node, ways in basin.paths.departing.items():
        free = ways if node in basin.reservoirs else ways[1:]
        releases |= {a: dataset["flow"].sel(reach=a).values for a in free}
    return basin.replaced(demands=demands), releases


def agrees(basin):
    dataset = wf.allocate(basin).dataset
    found = simulate(*as_planned(basin, dataset))
    pairs = {"flow": found.flow, "storage": found.storage, "delivery": found.delivery, "evaporation": found.evaporation}
    pairs |= {"arriving_flow": found.arrived}
    return max(float(np.abs(dataset[name].values - values).max(initial=0.0)) for name, values in pairs.items()) <= SAME


@settings(max_examples=60)
@given(facts())
def test_a_plan_simulated_is_the_plan(f):
    try:
        assert agrees(river_of(f).basin())
    except wf.ConflictError:
        assume(False)


@pytest.mark.parametrize("step", ["month", "dekad"])
def test_the_plan_of_the_syr_darya_simulated_is_the_plan(step):
    assert agrees(wf.read_basin("syr_darya", step=step))


def small():
    """A dam above a field that wants 6 a month, of which a third drains back to its own node at once, and the sea."""
    river = River().node("dam", "reservoir", runoff=10).node("field").node("sea", "outlet").reach("out", "dam", "field")
    return river.reach("on", "field", "sea").reservoir("dam", 50, 60).demand("crop", "field", "A", 6, returns=("field", (1 / 3,)))


def test_by_hand():
    """Storage 50 + 10 - 12 each month; 12 come to the field, 6 are taken, 2 drain back: 8 go on, all of it seen as inflow 14."""
    found = simulate(small().basin(), {"out": [12, 12, 12]})
    assert found.storage[0] == pytest.approx([48, 46, 44])
    assert found.flow[list(found.basin.reaches).index("on")] == pytest.approx([8, 8, 8])
    assert found.inflow[list(found.basin.nodes).index("field")] == pytest.approx([14, 14, 14])


def test_what_is_not_there_cannot_be_taken():
    """2 come; taking x leaves 2 - x + x/3 >= 0: x = 3, half of what is asked."""
    found = simulate(small().basin(), {"out": [2, 12, 2]})
    assert found.delivery[0] == pytest.approx([3, 6, 3])
    assert found.missing[0] == pytest.approx([3, 0, 3])


def test_limits_are_not_enforced():
    assert simulate(small().basin(), {"out": [0, 0, 0]}).storage[0] == pytest.approx([60, 70, 80])


def test_a_reset_counts_from_the_start_of_its_period():
    found = simulate(small().basin(), {"out": [12, 12, 12]}, {"dam": [np.nan, 20, np.nan]})
    assert found.storage[0] == pytest.approx([48, 18, 16])


def test_what_is_not_known_stays_unknown():
    found = simulate(small().basin(), {"out": [12, np.nan, 12]}, {"dam": [np.nan, np.nan, 30]})
    on = found.flow[list(found.basin.reaches).index("on")]
    assert np.isnan(on).tolist() == [False, True, False]
    assert np.isnan(found.storage[0]).tolist() == [False, True, False]
    assert found.delivery[0] == pytest.approx([6, 6, 6])


def test_everything_wrong_is_named_at_once():
    with pytest.raises(wf.InputError) as caught:
        simulate(small().basin(), {"on": [1, 2], "up": [1, 1, 1]}, {"lake": [1, 1, 1]})
    assert {p.code for p in caught.value.problems} == {"series-length", "unknown-reach", "unknown-reservoir", "no-release"}


@given(
    st.lists(st.floats(0, 120), min_size=2, max_size=2),
    st.sampled_from(["month", "dekad"]),
    st.sampled_from(["2024-10-01", "2025-02-01"]),
)
@settings(max_examples=30, deadline=None)
def test_days_counted_one_by_one_are_the_overlaps_of_the_formulation(days, step, start):
    """The audit reckons arrivals by days, the program from the ends of periods: two programs, one answer."""
    river = River(months=9, start=start, step=step, parties="A").node("a", "reservoir", runoff=[1.0] * 9).node("sea", "outlet")
    river.reservoir("a", 10, 100).reach("r", "a", "sea", days=days[0])
    basin = river.basin()
    travel = tuple(days[p.season == "growing"] for p in basin.calendar.timeline)
    basin = basin.replaced(reaches={"r": basin.reaches["r"].model_copy(update={"travel_days": travel})})
    ways = ways_of(basin)
    counted = {(k, s): share for k, s, share in zip(ways.period.tolist(), ways.source.tolist(), ways.share.tolist(), strict=True)}
    reckoned = {(k, s): share for s, (shares, _) in enumerate(basin.paths.spreads["r"]) for k, share in shares}
    assert counted == pytest.approx(reckoned)
    assert ways.late[0].tolist() == pytest.approx([late for _, late in basin.paths.spreads["r"]])
