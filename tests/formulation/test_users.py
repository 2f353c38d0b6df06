"""Demands, limits, return flow, floors, targets and shares of a surplus, by hand."""

import pytest

from tests.rivers import DEMANDS, FLOORS, SHARES, TARGETS, River, one_canal
from waterflow import allocate
from waterflow.accounts.payoffs import payoff_terms, payoffs
from waterflow.accounts.plan import Plan
from waterflow.accounts.shortages import shortages
from waterflow.allocation.resolve import Solver
from waterflow.basin.objective import Claims, Objective


def plan(river):
    return allocate(river.basin()).dataset


def test_shortage_is_what_was_asked_and_not_delivered():
    """9 a month for a need of 12."""
    dataset = plan(one_canal(runoff=9, need=12))
    assert dataset["delivery"].values == pytest.approx(9 + 0 * dataset["need"].values)
    assert dataset["shortage"].values == pytest.approx(3 + 0 * dataset["need"].values)


def test_a_limit_below_the_need_is_never_passed_and_what_it_leaves_is_no_shortfall():
    """20 a month are there, 10 a month are asked, the limit of the season is 18: 18 delivered, no shortfall."""
    river = River().node("spring", runoff=20).node("sea", "outlet").reach("out", "spring", "sea")
    river.demand("field", "spring", "A", 10, limited=True).limit("A", 18).priorities(("users", [DEMANDS]))
    dataset = plan(river)
    assert float(dataset["delivery"].sum()) == pytest.approx(18)
    season = "field/2024-10-01/2024-12-31"
    assert dataset["claimed_water"].sel(demand_claim=season) == pytest.approx(18)
    assert dataset["demand_shortfall"].sel(demand_claim=season) == pytest.approx(0, abs=1e-9)
    assert float(dataset["stage_value"].sel(stage="users")) == pytest.approx(0)


def test_a_limit_is_shared_in_proportion_to_needs_and_binds_only_limited_users():
    """Limit 12 for needs of 30 and 6: 10 and 2. The well beside them is not limited."""
    river = River().node("spring", runoff=40).node("sea", "outlet").reach("out", "spring", "sea").limit("A", 12)
    river.demand("big", "spring", "A", 10, limited=True).demand("small", "spring", "A", 2, limited=True)
    river.demand("well", "spring", "A", 4).demand("other", "spring", "B", 3, limited=True)
    got = plan(river.priorities(("users", [DEMANDS])))["delivery"].sum("period")
    assert {name: round(float(got.sel(demand=name)), 6) for name in ("big", "small", "well", "other")} == {
        "big": 10,
        "small": 2,
        "well": 12,
        "other": 9,
    }


def test_a_season_has_its_own_limit():
    """August to November, 10 asked each month: at most 15 until September and 5 from October."""
    river = River(months=4, start="2024-08-01").node("spring", runoff=20).node("sea", "outlet")
    river.reach("out", "spring", "sea").demand("field", "spring", "A", 10, limited=True)
    got = plan(river.limit("A", 15, 0).limit("A", 5, 1).priorities(("users", [DEMANDS])))["delivery"].values[0]
    assert (got[:2].sum(), got[2:].sum()) == (pytest.approx(15), pytest.approx(5))


def test_a_canal_limits_a_delivery():
    river = River().node("spring", runoff=20).node("sea", "outlet").reach("out", "spring", "sea")
    river.demand("field", "spring", "A", 10, capacity=[4, 12, 0]).priorities(("users", [DEMANDS]))
    assert plan(river)["delivery"].values[0] == pytest.approx([4, 10, 0])


def draining(step="month", before=0.0, kernel=(0.2, 0.1, 0.05), need=10.0, start="2024-10-01"):
    river = River(start=start, step=step).node("head", runoff=10).node("drain").node("sea", "outlet")
    river.reach("on", "head", "sea").reach("out", "drain", "sea")
    return river.demand("field", "head", "A", need, returns=("drain", kernel), before=before).priorities(("users", [DEMANDS]))


def test_drainage_comes_back_month_by_month():
    """10 a month delivered from October: back come 2, then 2 + 1, then 2 + 1 + 0.5."""
    dataset = plan(draining())
    assert dataset["return_flow"].sel(demand="field").values == pytest.approx([2, 3, 3.5])
    assert dataset["flow"].sel(reach="out").values == pytest.approx([2, 3, 3.5])


def test_last_summers_water_comes_back_in_winter():
    """Nothing is asked now; 40 a month were taken before: October gets 0.1 of September's and 0.05 of August's."""
    dataset = plan(draining(before=40, need=0))
    assert dataset["return_flow"].sel(demand="field").values == pytest.approx([6, 2, 0])


def test_a_lag_in_months_holds_in_dekads():
    """10 a dekad: 20 % at once, 10 % from the same dekad a month before (first those of before: 8 each)."""
    dataset = plan(draining("dekad", before=8, kernel=(0.2, 0.1), need=10))
    assert dataset["return_flow"].sel(demand="field").values == pytest.approx([2.8] * 3 + [3.0] * 6)


def test_drainage_serves_the_next_field():
    """The lower field lives on drainage alone: 20 % of 10."""
    dataset = plan(draining(kernel=(0.2,)).demand("lower", "drain", "B", 5))
    assert dataset["delivery"].sel(demand="lower").values == pytest.approx([2, 2, 2])


def floored(runoff, flow, **options):
    """Floor first, then the field of 10 a month at the spring."""
    river = River(months=1, start="2024-11-01").node("spring", runoff=runoff).node("sea", "outlet")
    river.reach("out", "spring", "sea").floor("gauge", "out", flow).demand("field", "spring", "A", 10)
    return river.priorities(("floor", [FLOORS]), ("users", [DEMANDS]))


def test_a_floor_comes_before_the_field_in_its_order():
    """November: 1 m3/s is 2.592 Mm3. Of 8 the floor of 2 m3/s takes 5.184, the field gets 2.816."""
    dataset = plan(floored(8, 2))
    assert float(dataset["flow"].sum()) == pytest.approx(5.184)
    assert float(dataset["delivery"].sum()) == pytest.approx(2.816)
    assert float(dataset["floor_shortfall"].sum()) == pytest.approx(0, abs=1e-9)


def test_a_floor_is_a_wish_with_a_shortfall():
    """Of a floor of 4 m3/s (10.368 Mm3) only 5.184 are there: 2 m3/s are missing, half of it."""
    dataset = plan(floored(5.184, 4))
    assert float(dataset["floor_shortfall"].sum()) == pytest.approx(2)
    assert float(dataset["stage_value"].sel(stage="floor")) == pytest.approx(0.5)


def test_a_floor_holds_in_its_window_only():
    """The first two months of three are asked for 1 m3/s: October 2.6784 and November 2.592 Mm3 pass."""
    river = one_canal(runoff=5, need=5).floor("gauge", "lower", 1, 0, 1).priorities(("f", [FLOORS]), ("u", [DEMANDS]))
    assert plan(river)["flow"].sel(reach="lower").values == pytest.approx([2.6784, 2.592, 0])


def test_a_target_counts_what_passes_its_gauge_in_its_window():
    """14 wished for in October and November of 20 that come: the field gets 6 then and all 10 in December."""
    river = one_canal(runoff=10, need=10).target("sea", "lower", 14, 0, 1).priorities(("t", [TARGETS]), ("u", [DEMANDS]))
    dataset = plan(river)
    passed, got = dataset["flow"].sel(reach="lower").values, dataset["delivery"].values[0]
    assert passed[:2].sum() == pytest.approx(14)
    assert (got[:2].sum(), got[2]) == (pytest.approx(6), pytest.approx(10))


def test_a_target_out_of_reach_has_a_shortfall():
    dataset = plan(one_canal().target("sea", "lower", 50).priorities(("target", [TARGETS]), ("users", [DEMANDS])))
    assert dataset["target_shortfall"].values == pytest.approx([20])
    assert float(dataset["stage_value"].sel(stage="target")) == pytest.approx(0.4)


def surplus(threshold, share=0.5, runoff=20):
    """A dam that could hold everything back; above a threshold a share of the inflow is due to the arm."""
    river = River().node("spring", runoff=runoff).node("dam", "reservoir").node("sea", "outlet").node("lake", "outlet")
    river.reach("in", "spring", "dam").reach("out", "dam", "sea").reach("arm", "dam", "lake").reservoir("dam", 0, 200)
    river.share("arm", "dam", "arm", "B", threshold, share).end_value("dam", {1: 200})
    return river.priorities(("share", [SHARES]), "cost")


def test_a_share_above_the_threshold_is_due():
    """60 come in, 40 is the threshold: half of 20 is due and passes although kept water is worth money."""
    dataset = plan(surplus(40))
    assert dataset["share_due"].values == pytest.approx([10])
    assert float(dataset["flow"].sel(reach="arm").sum()) == pytest.approx(10)
    assert float(dataset["storage"][0, -1]) == pytest.approx(50)


@pytest.mark.parametrize("threshold", [60, 100])
def test_nothing_is_due_below_the_threshold(threshold):
    dataset = plan(surplus(threshold))
    assert dataset["share_due"].values == pytest.approx([0])
    assert float(dataset["flow"].sel(reach="arm").sum()) == pytest.approx(0)


def test_a_plan_cannot_dodge_the_share_by_holding_water_above_it():
    """An upper dam could hold the river back, so that the weir sees no more than the threshold of 40.

    Water through the plant earns 0.1, kept above 0.08. Without the rule all 60 go through: 20 above the
    threshold, 10 due. If holding back lowered what is due, 40 through and 20 kept would earn 5.6 against the
    5.0 of 50 through; but what is due stays due, so 10 pass by the arm and 50 go through.
    """
    river = River().node("upper", "reservoir", runoff=20).node("weir").node("sea", "outlet").node("lake", "outlet")
    river.reservoir("upper", 0, 200).reach("in", "upper", "weir").reach("out", "weir", "sea").reach("arm", "weir", "lake")
    river.share("arm", "weir", "arm", "B", 40, 0.5).plant("mill", "out", "A", 1).worth("A", 0.1)
    river.end_value("upper", {0.08: 200})
    dataset = plan(river.priorities(("share", [SHARES]), "cost"))
    assert dataset["share_due"].values == pytest.approx([10])
    passed = dataset["flow"].sum("period")
    assert (float(passed.sel(reach="arm")), float(passed.sel(reach="out"))) == (pytest.approx(10), pytest.approx(50))


def test_a_share_that_comes_after_the_users_may_fall_short():
    """The field takes all 60 that arrive; without the rule they arrive too, so 10 are due and 10 are missing."""
    river = River().node("top", runoff=20).node("weir").node("sea", "outlet").node("lake", "outlet")
    river.reach("in", "top", "weir").reach("out", "weir", "sea").reach("arm", "weir", "lake")
    river.share("arm", "weir", "arm", "B", 40, 0.5).demand("field", "weir", "A", 20)
    dataset = plan(river.priorities(("users", [DEMANDS]), ("share", [SHARES])))
    assert dataset["share_shortfall"].values == pytest.approx([10])
    assert float(dataset["delivery"].sum()) == pytest.approx(60)


def test_an_intake_takes_no_more_than_comes_without_its_own_return():
    """Half comes back at the intake at once. Of 10 that come it could take 20 again and again; it takes 10, and 5 pass on."""
    river = River(months=1).node("head", runoff=10).node("sea", "outlet").reach("out", "head", "sea")
    river.demand("field", "head", "A", 30, returns=("head", [0.5])).priorities(("users", [DEMANDS]))
    dataset = allocate(river.basin()).dataset
    assert float(dataset["delivery"].sum()) == pytest.approx(10)
    assert float(dataset["flow"].sum()) == pytest.approx(5)


def test_a_return_further_down_is_anybodys():
    """Below the intake it may be taken: of 10 the first takes 6.67, the second the 3.33 that pass and the 3.33 that come back."""
    river = River(months=1).node("head", runoff=10).node("below").node("sea", "outlet")
    river.reach("out", "head", "below").reach("on", "below", "sea")
    river.demand("field", "head", "A", 30, returns=("below", [0.5])).demand("other", "below", "B", 30)
    river.priorities(("users", [DEMANDS]))
    assert allocate(river.basin()).dataset["delivery"].values.ravel() == pytest.approx([20 / 3, 20 / 3])


def test_shortage_is_priced_in_blocks_by_month():
    """10 for three months of 10: half of November is worth 0.5, the rest of it 0.1; October and December 0.2 and 0.15 throughout."""
    river = River(months=3).node("dam", "reservoir").node("sea", "outlet").reach("out", "dam", "sea").reservoir("dam", 10, 100)
    river.demand("field", "dam", "A", 10).worth_in_blocks("field", {0.5: 0.5, 0.1: 0.5}, (11,))
    river.worth_in_blocks("field", {0.2: 1.0}, (10,)).worth_in_blocks("field", {0.15: 1.0}, (12,))
    basin = river.basin(objective=Objective())
    dataset = allocate(basin).dataset
    assert dataset["delivery"].values[0] == pytest.approx([5, 5, 0])
    assert float(dataset["stage_value"][0]) == pytest.approx(5 * 0.5 + 5 * 0.2)
    assert payoffs(basin, dataset)["central"]["A"] == pytest.approx(3.5)


def test_straight_values_pay_as_blocks_do():
    """A value of 0.3 for the whole need, by `delivery_values` or as one block: the same payoffs and the same loss."""
    straight, blocks = (River(months=2).node("head", runoff=6).node("sea", "outlet").reach("out", "head", "sea") for _ in range(2))
    straight.demand("field", "head", "A", 10, value=0.3)
    blocks.demand("field", "head", "A", 10).worth_in_blocks("field", {0.3: 1.0})
    found = [Plan(a.basin, a.dataset) for a in (allocate(r.basin(objective=Objective())) for r in (straight, blocks))]
    paid = [{(x.party, x.term): x.central_MUSD for x in payoff_terms(plan)} for plan in found]
    assert paid[0] == paid[1]
    assert paid[0]["A", "irrigation"] == pytest.approx(3.6)
    assert [shortages(p).users[0].worth.central_MUSD for p in found] == pytest.approx([2.4, 2.4])


def test_floors_are_claimed_by_place():
    """10 leave the dam for two arms that each want 8: the one at the place that is named has it whole, the other what is left."""
    for first in ("east", "west"):
        river = River(months=1).node("dam", runoff=10).node("east").node("west").node("sea", "outlet")
        river.reach("to_east", "dam", "east").reach("to_west", "dam", "west").reach("out_e", "east", "sea").reach("out_w", "west", "sea")
        rate = 8e6 / (31 * 86400)
        river.floor("east", "out_e", rate).floor("west", "out_w", rate)
        rest = {"east": "west", "west": "east"}[first]
        claims = [(name, [Claims(kind="floors", places=(place,))]) for name, place in (("first", first), ("second", rest))]
        flow = allocate(river.priorities(*claims).basin()).dataset["flow"]
        assert float(flow.sel(reach=f"out_{first[0]}").sum()) >= 8 - 1e-9
        assert float(flow.sel(reach=f"out_{rest[0]}").sum()) == pytest.approx(2)


@pytest.mark.parametrize("tiny", [1e-6, 1e-7, 1e-9, 1e-12, 1e-15])
def test_residues_of_needs_beside_real_shortages(tiny):
    """6 a month for a need of 10; a residue of a spreadsheet beside it moves nothing, cold, hot and at the margin."""
    river = one_canal(runoff=6, need=10, months=3).demand("tiny", "head", "B", tiny).priorities(("users", [DEMANDS]))
    solver = Solver(river.basin())
    assert float(solver.allocate().dataset["delivery"].sel(demand="field").sum()) == pytest.approx(18, abs=1e-5)
    more = river.basin().changed(runoff={("spring", "2024-11"): 7})
    assert float(solver.allocate(more).dataset["delivery"].sel(demand="field").sum()) == pytest.approx(19, abs=1e-5)
    slope = solver.marginal("runoff", ("spring", "2024-11"))["delivery"].sel(demand="field").sum("period")
    assert slope.values == pytest.approx([1, 1], abs=1e-4)
