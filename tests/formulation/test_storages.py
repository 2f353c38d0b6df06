"""Reservoirs and end values by hand: evaporation, openings outside the limits, rules, off-stream storage."""

import pytest

from tests.rivers import DEMANDS, River
from waterflow import ConflictError, InputError, allocate
from waterflow.accounts.payoffs import worth
from waterflow.basin.objective import Objective


def plan(river, **changes):
    return allocate(river.basin(**changes)).dataset


def dam(opening, full=100, lowest=0, runoff=0, months=3, **options):
    river = River(months=months).node("dam", "reservoir", runoff=runoff).node("sea", "outlet").reach("out", "dam", "sea")
    return river.reservoir("dam", opening, full, lowest, **options).priorities("cost")


def test_evaporation_is_a_depth_over_the_mean_area():
    r"""Area 10 + 0.1 S, depth 0.2 m, nothing may leave but the storage held is all there can be.

    S1 = 100 - 0.2 (10 + 0.1 (100 + S1) / 2) = 100 - 2 - 1 - 0.01 S1, so S1 = 97 / 1.01.
    """
    after = 97 / 1.01
    dataset = plan(dam(100, 200, months=1, depth=0.2, area=(10, 0.1)).held("dam", after - 1e-6))
    assert float(dataset["storage"][0, 0]) == pytest.approx(after)
    assert float(dataset["evaporation"][0, 0]) == pytest.approx(100 - after)
    with pytest.raises(ConflictError):
        allocate(dam(100, 200, months=1, depth=0.2, area=(10, 0.1)).held("dam", after + 1e-3).basin())


def test_rain_on_the_water_is_negative_evaporation():
    """Rain exceeds evaporation by 0.5 m over 10 km2: 5 Mm3 come in a month."""
    dataset = plan(dam(50, 200, depth=-0.5, area=(10, 0)).held("dam", 65))
    assert dataset["storage"].values[0] == pytest.approx([55, 60, 65])
    assert dataset["evaporation"].values[0] == pytest.approx([-5, -5, -5])


def test_no_depth_no_evaporation():
    assert plan(dam(50, area=(10, 0.1)))["evaporation"].values.tolist() == [[0, 0, 0]]


def test_storage_is_that_of_the_end_of_the_month():
    """Opens at 50, gets 10 a month, nothing leaves: 60, 70 and 80."""
    assert plan(dam(50, runoff=10).held("dam", 80))["storage"].values[0] == pytest.approx([60, 70, 80])


@pytest.mark.parametrize(("opening", "held"), [(120, 120), (100, 100)])
def test_an_opening_above_full_storage_may_stay_but_not_rise(opening, held):
    """Full storage is 100, the dam opens at 120: 120 can be held, 121 cannot although 30 come in."""
    assert float(plan(dam(opening, runoff=10).held("dam", held))["storage"][0, -1]) == pytest.approx(held)
    with pytest.raises(ConflictError):
        allocate(dam(opening, runoff=10).held("dam", held + 1).basin())


def test_an_opening_below_the_lowest_storage_may_stay_but_not_fall():
    """Lowest storage is 30, the dam opens at 20 with nothing coming in: a field below gets nothing."""
    river = dam(20, lowest=30).demand("field", "dam", "A", 5).priorities(("users", [DEMANDS]))
    dataset = plan(river)
    assert dataset["storage"].values[0] == pytest.approx([20, 20, 20])
    assert float(dataset["delivery"].sum()) == pytest.approx(0)


def test_the_lowest_storage_is_not_for_delivery():
    """40 stored, 30 must stay: of 15 asked 10 are delivered."""
    river = dam(40, lowest=30).demand("field", "dam", "A", 5).priorities(("users", [DEMANDS]))
    assert float(plan(river)["delivery"].sum()) == pytest.approx(10)


def test_storage_held_on_a_date_takes_water_from_the_field():
    """40 stored, 35 to be held at the end of November, none after: 5 for October and November, 5 of 5 in December."""
    river = dam(40).demand("field", "dam", "A", 5).held("dam", 35, 1).priorities(("users", [DEMANDS]))
    dataset = plan(river)
    got = dataset["delivery"].sel(demand="field").values
    assert got[:2].sum() == pytest.approx(5)
    assert got[2] == pytest.approx(5)
    assert dataset["storage"].values[0, 1] == pytest.approx(35)


def test_storage_not_passed_makes_room_before_the_flood():
    """80 stored, at most 60 at the end of October: 20 and the month's 10 leave although the field needs none."""
    dataset = plan(dam(80, runoff=10).held("dam", 60, 0, "at_most").held("dam", 80))
    assert dataset["storage"].values[0] == pytest.approx([60, 70, 80])
    assert dataset["flow"].sel(reach="out").values == pytest.approx([30, 0, 0])


def off_stream(intake):
    """A pond beside the river: 20 pass in October and November, none in December; the field asks in December."""
    river = River().node("weir", runoff=[20, 20, 0]).node("pond", "reservoir").node("head").node("sea", "outlet")
    river.reach("river", "weir", "head").reach("intake", "weir", "pond", capacity=intake).reach("back", "pond", "head")
    river.reach("out", "head", "sea").reservoir("pond", 0, 12)
    return river.demand("field", "head", "A", [0, 0, 30]).priorities(("users", [DEMANDS]))


@pytest.mark.parametrize(("intake", "delivered"), [([5, 3, 9], 8), ([0, 3, 9], 3), ([9, 9, 0], 12)])
def test_an_off_stream_pond_fills_by_its_intake_month_by_month(intake, delivered):
    """October's and November's intake, but no more than the 12 it holds, is all December has."""
    dataset = plan(off_stream(intake))
    assert dataset["delivery"].sel(demand="field").values == pytest.approx([0, 0, delivered])
    assert dataset["storage"].sel(reservoir="pond").values[-1] == pytest.approx(0)


def kept(value, blocks, lowest=0):
    """40 stored; delivering is worth a value, keeping is worth falling blocks."""
    river = dam(40, months=1, lowest=lowest).demand("field", "dam", "A", 40, value=value).end_value("dam", blocks)
    return plan(river, objective=Objective())


def test_end_values_fall_by_block():
    """Kept water is worth 0.5 for the first 10 and 0.2 for the next 20; the field pays 0.3: 10 stay, 30 go."""
    dataset = kept(0.3, {0.5: 10, 0.2: 20})
    assert float(dataset["delivery"].sum()) == pytest.approx(30)
    assert dataset["kept_for_later"].values == pytest.approx([10, 0])
    assert float(dataset["stage_value"][0]) == pytest.approx(30 * 0.3 + 10 * 0.5)


def test_water_above_the_blocks_is_worth_nothing():
    """The field pays next to nothing, yet 40 - 30 = 10 above the blocks go to it."""
    dataset = kept(0.001, {0.5: 10, 0.2: 20})
    assert float(dataset["delivery"].sum()) == pytest.approx(10)
    assert float(dataset["stage_value"][0]) == pytest.approx(0.01 + 5 + 4)


def test_the_lowest_storage_has_no_end_value():
    """Of 40 stored 25 must stay anyway: only 15 can be kept for later."""
    dataset = kept(0.0001, {0.5: 30}, lowest=25)
    assert dataset["kept_for_later"].values == pytest.approx([15])


def test_planes_tell_a_joint_worth_that_no_block_can():
    """Two dams of 100 Mm3, 60 Mm3 of runoff into each, fields that pay 0.02.

    A m3 kept is worth 0.05 in either dam until both together hold 100 (5 million USD), and 0.01 after: so 100 are kept
    somewhere, the other 20 go to the fields (0.4), and the payoff is 5.4.
    """
    river = River(months=1).node("one", "reservoir", runoff=60).node("two", "reservoir", runoff=60).node("field").node("sea", "outlet")
    river.reach("a", "one", "field").reach("b", "two", "field").reach("end", "field", "sea")
    river.reservoir("one", 0, 100).reservoir("two", 0, 100).demand("wheat", "field", "A", 120, value=0.02)
    both = {"one": 0.05, "two": 0.05}
    river.end_value_cut(0.0, dict.fromkeys(both, 0.0), both)
    river.end_value_cut(5.0, {"one": 50, "two": 50}, dict.fromkeys(both, 0.01))
    found = allocate(river.basin())
    kept = found.dataset["storage"].isel(period=-1).sum()
    assert float(kept) == pytest.approx(100)
    assert float(found.dataset["worth_kept"].sel(kept_water="all")) == pytest.approx(5.0)
    assert float(found.dataset["stage_value"].sel(stage="benefit")) == pytest.approx(5.4)
    assert sum(worth(found.basin, found.dataset).values()) == pytest.approx(5.4)


def test_a_reservoir_has_blocks_or_planes_not_both():
    river = dam(40, months=1).end_value("dam", {0.01: 10}).end_value_cut(1.0, {"dam": 10}, {"dam": 0.01})
    with pytest.raises(InputError, match="blocks or cuts"):
        allocate(river.basin())
    with pytest.raises(InputError, match="unknown-reservoir"):
        allocate(dam(40, months=1).end_value_cut(1.0, {"damm": 10}, {"damm": 0.01}).basin())
