"""Hydropower, power, the energy balance and steadiness, by hand."""

import pytest

from tests.rivers import DEMANDS, River
from waterflow import ConflictError, allocate
from waterflow.basin.objective import Claims, Objective


def plan(river, **changes):
    return allocate(river.basin(**changes)).dataset


def stream(runoff=10.0, months=1, **options):
    river = River(months=months, start="2024-11-01", **options).node("top", runoff=runoff).node("sea", "outlet")
    return river.reach("fall", "top", "sea")


def test_a_plant_makes_its_rate_of_what_its_turbines_take():
    """10 pass, the turbines take 8 at 0.5 GWh per Mm3: 4 GWh at 0.1."""
    dataset = plan(stream().plant("mill", "fall", "A", 0.5, 8).worth("A", 0.1), objective=Objective())
    assert dataset["turbined"].values[0] == pytest.approx([8])
    assert dataset["generation"].values[0] == pytest.approx([4])
    assert float(dataset["stage_value"][0]) == pytest.approx(0.4)


def test_a_plant_takes_no_more_than_passes():
    dataset = plan(stream(3).plant("mill", "fall", "A", 0.5, 8).worth("A", 0.1), objective=Objective())
    assert dataset["turbined"].values[0] == pytest.approx([3])


def test_plants_in_a_row_use_the_same_water():
    river = stream().plant("one", "fall", "A", 0.5, 8).plant("two", "fall", "A", 0.2).worth("A", 1)
    assert float(plan(river, objective=Objective())["generation"].sum()) == pytest.approx(4 + 2)


def test_water_that_is_lost_on_the_way_has_turned_the_turbines():
    """A plant stands at the head of its reach: what seeps away below has been used."""
    river = River(months=1).node("top", runoff=10).node("sea", "outlet").reach("fall", "top", "sea", seepage=0.5)
    assert float(plan(river.plant("mill", "fall", "A", 0.5).worth("A", 1), objective=Objective())["generation"].sum()) == 5


def test_water_goes_where_power_is_worth_more():
    """Two months worth 0.1 and 0.3; of 20 the dam keeps all it may for the second, 15 through its turbines."""
    river = River(months=2).node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("out", "dam", "sea")
    river.reservoir("dam", 0, 100).plant("mill", "out", "A", 1, 15).worth("A", [0.1, 0.3])
    dataset = plan(river, objective=Objective())
    assert dataset["turbined"].values[0] == pytest.approx([5, 15])
    assert float(dataset["stage_value"][0]) == pytest.approx(0.5 + 4.5)


def system(demand=10.0, runoff=4.0, **options):
    """One plant of 1 GWh per Mm3; unserved power costs 0.2 for the first half of the demand and 0.5 beyond."""
    return stream(runoff, **options).plant("mill", "fall", "A", 1).needs_power("A", demand, {0.2: 0.5, 0.5: 0.5}).priorities("cost")


def test_the_cheap_half_stays_unserved_first():
    """10 asked, 4 made: 5 unserved at 0.2 and 1 at 0.5."""
    dataset = plan(system())
    assert dataset["unserved"].sel(unserved_block="A_1").values == pytest.approx([5])
    assert dataset["unserved"].sel(unserved_block="A_2").values == pytest.approx([1])
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(1.5)


def test_a_supply_serves_what_it_is_cheaper_than():
    """Imports of 3 at 0.3 replace the dear one of the unserved, not the cheap five."""
    dataset = plan(system().supply("import", "A", 3, 0.3))
    assert dataset["supplied_power"].values[0] == pytest.approx([1])
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(0.3 + 1.0)


def test_a_supply_has_a_capacity():
    """Imports of 3 at 0.1 replace the dear one and two of the cheap five."""
    dataset = plan(system().supply("import", "A", 3, 0.1))
    assert dataset["supplied_power"].values[0] == pytest.approx([3])
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(0.3 + 0.6)


def test_surplus_power_is_sold_up_to_the_line():
    """14 can be made, 10 are asked, a line of 3 pays 0.05: 13 are made, 3 sold, one Mm3 passes unused."""
    dataset = plan(system(runoff=14).export("line", "A", 3, 0.05))
    assert dataset["exported_power"].values[0] == pytest.approx([3])
    assert dataset["generation"].values[0] == pytest.approx([13])
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(-0.15)


def test_nobody_sells_what_is_missing_at_home():
    dataset = plan(system().export("line", "A", 3, 0.05))
    assert dataset["exported_power"].values[0] == pytest.approx([0])


def test_power_is_balanced_party_by_party():
    """B has power to spare (8 for 2), A none: it stays unserved, for nothing joins them."""
    river = stream(8).plant("mill", "fall", "B", 1).needs_power("B", 2, {0.3: 1}).needs_power("A", 5, {0.2: 1})
    dataset = plan(river.priorities("cost"))
    assert dataset["unserved"].sel(unserved_block="A_1").values == pytest.approx([5])
    assert dataset["unserved"].sel(unserved_block="B_1").values == pytest.approx([0])
    assert dataset["energy_balance_dual"].sel(stage="cost", power_party="A").values == pytest.approx([-0.2])


def test_the_price_of_water_is_the_power_it_saves():
    """One more Mm3 saves a GWh of the dear block: 0.5."""
    assert float(plan(system())["water_balance_dual"].sel(stage="cost", node="top")[0]) == pytest.approx(-0.5)


def two_months(claim):
    """A dam with 12 for November (10 asked) and December (10 asked); the fields below want it all in December."""
    river = River(months=2, start="2024-11-01").node("dam", "reservoir", runoff=0).node("head").node("sea", "outlet")
    river.reservoir("dam", 12, 20).reach("out", "dam", "head").reach("on", "head", "sea")
    river.demand("field", "head", "B", [0, 12]).plant("mill", "out", "A", 1).needs_power("A", 10, {0.2: 1})
    return river.priorities(("power", [claim]), ("users", [DEMANDS]), "cost")


def test_a_power_floor_holds_in_every_month():
    """A floor of 40 % is 4 GWh a month: 4 in November, so the field gets 8 of 12."""
    dataset = plan(two_months(Claims(kind="power_floor", party="A", share=0.4)))
    assert dataset["power_shortfall"].values == pytest.approx([0], abs=1e-9)
    assert dataset["generation"].values[0] == pytest.approx([4, 8])
    assert float(dataset["delivery"].sum()) == pytest.approx(8)


def test_a_power_floor_out_of_reach_is_missed_by_the_same_each_day():
    """A floor of 90 % is 9 + 9 GWh for which there are 12; 6 are missing in 61 days, of a claim of 18 in 61."""
    dataset = plan(two_months(Claims(kind="power_floor", party="A", share=0.9)))
    assert dataset["power_shortfall"].values == pytest.approx([6 / 61])
    assert float(dataset["stage_value"].sel(stage="power")) == pytest.approx(6 / 18)
    assert dataset["generation"].values[0] == pytest.approx([9 - 30 * 6 / 61, 9 - 31 * 6 / 61])


def test_a_power_claim_counts_the_season_as_a_whole():
    """20 asked over the season, 12 can be made, whenever: 8 missing."""
    dataset = plan(two_months(Claims(kind="power", party="A")))
    assert dataset["power_shortfall"].values == pytest.approx([8])
    assert float(dataset["stage_value"].sel(stage="power")) == pytest.approx(0.4)
    # made all at once in December it would exceed the demand of 10: two must pass in November
    assert dataset["generation"].values[0] == pytest.approx([2, 10])
    assert float(dataset["delivery"].sum()) == pytest.approx(10)


def steady(**options):
    """A dam with 31 and 30 days' worth to release: 61 in all, none of it claimed."""
    river = River(months=2, start="2024-10-01").node("dam", "reservoir", runoff=0).node("sea", "outlet")
    river.reservoir("dam", 61, 100).reach("out", "dam", "sea").target("sea", "out", 61)
    return river


def test_among_equal_plans_the_steadiest_is_chosen():
    """61 in 61 days: 31 in October and 30 in November, the same m3/s, no change at all."""
    river = steady()
    dataset = plan(river.priorities(("target", [Claims(kind="targets")])))
    assert dataset["flow"].values[0] == pytest.approx([31, 30])
    assert float(dataset["stage_value"].sel(stage="smoothest")) == pytest.approx(0, abs=1e-9)


def test_a_change_is_counted_in_m3_per_second():
    """At most 21 left in the dam after October: 40 leave, then 21: 40/31 and 21/30 Mm3 a day, 6.8... m3/s apart."""
    river = steady().held("dam", 21, 0, "at_most")
    dataset = plan(river.priorities(("target", [Claims(kind="targets")])))
    apart = (40 / 31 - 21 / 30) * 1e6 / 86400
    assert float(dataset["stage_value"].sel(stage="smoothest")) == pytest.approx(apart)
    assert float(dataset["release_change"].sel(reservoir="dam", period="2024-11-01")) == pytest.approx(apart)


def test_shortages_are_spread_evenly():
    """15 for a need of 10 in each of three months: every month is short of the same half of its need."""
    river = River(months=3).node("dam", "reservoir", runoff=0).node("sea", "outlet").reach("out", "dam", "sea")
    river.reservoir("dam", 15, 100).demand("field", "dam", "A", 10).priorities(("users", [DEMANDS]))
    shortage = plan(river)["shortage"].values[0]
    assert shortage == pytest.approx([5, 5, 5])


def test_blocks_that_leave_a_gap_are_refused():
    river = stream(0).needs_power("A", 10, {0.2: 0.5})
    with pytest.raises((ConflictError, ValueError), match="unserved"):
        plan(river.priorities("cost"))
