"""Runoff, reaches and the water balance on rivers small enough to solve by hand."""

import pytest

from tests.rivers import DEMANDS, TARGETS, River, one_canal
from waterflow import allocate


def plan(river):
    return allocate(river.basin()).dataset


def test_runoff_passes_what_the_field_leaves():
    """10 enter each month, the field takes 6, 4 reach the sea."""
    dataset = plan(one_canal())
    assert dataset["flow"].sel(reach="upper").values == pytest.approx([10] * 3)
    assert dataset["delivery"].sel(demand="field").values == pytest.approx([6] * 3)
    assert dataset["flow"].sel(reach="lower").values == pytest.approx([4] * 3)


def test_a_node_without_runoff_has_none():
    dataset = plan(one_canal(runoff=[10, 0, 5]))
    assert dataset["runoff"].sel(node="spring").values.tolist() == [10, 0, 5]
    assert dataset["runoff"].sel(node="head").values.tolist() == [0, 0, 0]
    assert dataset["delivery"].sel(demand="field").values == pytest.approx([6, 0, 5])


def lossy(**options):
    river = River(**options).node("spring", runoff=100).node("head").node("sea", "outlet")
    return river.priorities(("sea", [TARGETS]))


def test_losses_are_shares_of_what_enters():
    """100 enter; 3 % evaporate and 7 % seep away; 90 arrive."""
    river = lossy().reach("long", "spring", "head", evaporation=0.03, seepage=0.07).reach("out", "head", "sea")
    dataset = plan(river.target("sea", "out", 1))
    assert dataset["flow"].sel(reach="long").values == pytest.approx([100] * 3)
    assert dataset["arriving_flow"].sel(reach="long").values == pytest.approx([90] * 3)
    assert dataset["flow"].sel(reach="out").values == pytest.approx([90] * 3)


def late(step, days, before, start="2024-10-01"):
    river = lossy(step=step, start=start, months=3)
    river.reach("long", "spring", "head", days=days, before=before, seepage=0.1).reach("out", "head", "sea")
    return river.target("sea", "out", 1)


def test_a_lag_of_ten_days_by_month():
    """October has 31 days: of its 100 the share 21/31 arrives in October and 10/31 in November, less 10 %.

    September (30 days) sent 62: 10/30 of it arrives in October. In the end 10/31 of December is on its way.
    """
    dataset = plan(late("month", 10, 62))
    october = 0.9 * (62 * 10 / 30 + 100 * 21 / 31)
    november = 0.9 * (100 * 10 / 31 + 100 * 20 / 30)
    december = 0.9 * (100 * 10 / 30 + 100 * 21 / 31)
    assert dataset["arriving_flow"].sel(reach="long").values == pytest.approx([october, november, december])
    assert dataset["flow"].sel(reach="out").values == pytest.approx([october, november, december])
    assert float(dataset["in_transit"].sel(reach="long")) == pytest.approx(0.9 * 100 * 10 / 31)


def test_a_lag_of_fifteen_days_by_dekad():
    """Water of 21-30 September (70) enters over 10 days and arrives from 6 to 15 October: half in each dekad.

    Water of 11-20 September (70) arrives from 26 September to 5 October: half of it in the first dekad.
    The first of October's arrives from 16 to 25 October: half in the second dekad and half in the third.
    """
    river = late("dekad", 15, 70)
    dataset = plan(river)
    arriving = dataset["arriving_flow"].sel(reach="long").values
    assert arriving[0] == pytest.approx(0.9 * (35 + 35))
    assert arriving[1] == pytest.approx(0.9 * (35 + 50))
    # third dekad of October, 21 to 31: the other half of the first's; the second's arrive 26 October to 4
    # November, 6 of its 10 days in October
    assert arriving[2] == pytest.approx(0.9 * (50 + 60))
    # the third dekad of December (11 days) and half of the second (26 December to 4 January: 4 of 10 days late)
    assert float(dataset["in_transit"].sel(reach="long")) == pytest.approx(0.9 * (100 + 100 * 4 / 10))


def test_a_lag_longer_than_a_month():
    """40 days: October's water (31 days) arrives from 10 November to 10 December: 21 days then 10 days."""
    dataset = plan(late("month", 40, 0))
    assert dataset["arriving_flow"].sel(reach="long").values == pytest.approx([0, 90 * 21 / 31, 90 * (10 / 31 + 21 / 30)])
    # November's arrives from 11 December to 9 January: 9 days of 30 late; December's is all on its way
    assert float(dataset["in_transit"].sel(reach="long")) == pytest.approx(90 * (1 + 9 / 30))


def test_a_lag_of_two_months_takes_water_from_long_before():
    """61 days: August's water (31 days from 1 August) arrives from 1 to 31 October, all of October's."""
    arriving = plan(late("month", 61, 62))["arriving_flow"].sel(reach="long").values
    assert arriving[0] == pytest.approx(0.9 * 62)
    # September's (from 1 September on) arrives from 1 to 30 November
    assert arriving[1] == pytest.approx(0.9 * 62)


def test_a_capacity_holds_in_each_month():
    """A canal of 4, 5 and 0 to a field that asks for 6; the rest goes round by the river."""
    river = River().node("spring", runoff=10).node("field_head").node("sea", "outlet")
    river.reach("canal", "spring", "field_head", capacity=[4, 5, 0]).reach("river", "spring", "sea")
    river.reach("drain", "field_head", "sea").demand("field", "field_head", "A", 6).priorities(("users", [DEMANDS]))
    assert plan(river)["delivery"].sel(demand="field").values == pytest.approx([4, 5, 0])


def test_a_spill_is_the_last_resort():
    """The dam is full and gets 10 a month; the outlet takes 6, so 4 are spilled at 0.5 each, and no more."""
    river = River().node("dam", "reservoir", runoff=10).node("sea", "outlet").node("desert", "outlet")
    river.reservoir("dam", 50, 50).reach("out", "dam", "sea", capacity=6).reach("spill", "dam", "desert", spill=0.5)
    dataset = plan(river.held("dam", 50).priorities("cost"))
    assert dataset["flow"].sel(reach="spill").sum() == pytest.approx(12)
    assert float(dataset["stage_value"].sel(stage="cost")) == pytest.approx(6)


def test_a_terminal_lake_keeps_evaporates_and_brims_over():
    """A lake at 95 of 100 gets 20: it loses 0.1 m over 10 km2 = 1, rises to 100 and spills 14 over the brim."""
    river = River(months=1).node("river", runoff=20).node("lake", "lake").node("beyond", "outlet")
    river.reach("mouth", "river", "lake").reach("brim", "lake", "beyond", spill=0.001)
    dataset = plan(river.reservoir("lake", 95, 100, depth=0.1, area=(10, 0)).priorities("cost"))
    assert dataset["storage"].values[0] == pytest.approx([100])
    assert dataset["evaporation"].values[0] == pytest.approx([1])
    assert dataset["flow"].sel(reach="brim").values == pytest.approx([14])
