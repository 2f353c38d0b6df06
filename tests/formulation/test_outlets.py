"""Outlets by storage, by hand. January has 31 days: 1 m3/s is 2.6784 Mm3."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import TARGETS, River
from waterflow import ConflictError, Solver, allocate
from waterflow.loading.plan_table import GivenPlan
from waterflow.negotiation.evaluate import evaluate

JANUARY = 2.6784
POINTS = ((0, 0), (100, 20), (300, 40))


def dam(*points, opening=200, asked=500, runoff=0):
    """A dam that is to let go all it can in January: its outlet passes 20 m3/s at 100 Mm3 and 40 at 300, less below."""
    river = River(months=1, start="2025-01-01").node("dam", "reservoir", runoff=runoff).node("sea", "outlet")
    river.reservoir("dam", opening, 400).reach("outlet", "dam", "sea").outlet("outlet", *(points or POINTS))
    return river.target("sea", "outlet", asked).priorities(("sea", [TARGETS]))


def test_the_outlet_is_read_at_the_mean_storage():
    """From 200 to 200 - F the mean is 200 - F/2, above 100: F = 2.6784 (10 + 0.1 (200 - F/2)) gives F = 80.352 / 1.13392."""
    flow = float(allocate(dam().basin()).dataset["flow"].sum())
    assert flow == pytest.approx(30 * JANUARY / (1 + 0.05 * JANUARY))


def test_below_a_bend_the_steeper_line_holds():
    """From 100 down the first line holds: F = 2.6784 x 0.2 (100 - F/2)."""
    flow = float(allocate(dam(opening=100).basin()).dataset["flow"].sum())
    assert flow == pytest.approx(20 * JANUARY / (1 + 0.1 * JANUARY))


def test_above_the_last_point_it_is_level():
    flow = float(allocate(dam(opening=400, runoff=100).basin()).dataset["flow"].sum())
    assert flow == pytest.approx(40 * JANUARY, rel=1e-6)


def test_it_has_a_price_in_the_dataset_and_follows_the_opening_storage():
    """One Mm3 more at the start is half a Mm3 in the mean: 0.05 x 2.6784 more, less what leaves lowers it by."""
    solver = Solver(dam().basin())
    dual = solver.allocate(solver.basin).dataset["outflow_within_outlet_dual"].sel(stage="sea", outlet_line="outlet/2").values
    assert dual == pytest.approx([-1 / 500 / (1 + 0.05 * JANUARY)])
    price = solver.marginal("opening_storage", "dam")["flow"].sum("reach").values.ravel()
    assert price == pytest.approx([0.1 * JANUARY / (1 + 0.05 * JANUARY)] * 2)


def test_a_conflict_names_the_outlet_beside_what_was_agreed():
    river = dam().flow_rule("fill", "outlet", "at_least", 100)
    with pytest.raises(ConflictError) as caught:
        allocate(river.basin())
    assert caught.value.clashing[0] == "flows_held[fill/at_least/2025-01]"
    assert "outflow_within_outlet[outlet]" in caught.value.clashing
    assert "outlet of outlet at the storage there is" in str(caught.value)


def test_a_given_plan_that_lets_go_more_is_told_and_mended():
    """100 leave and 100 stay: the mean of 150 passes 25 m3/s, 66.96 Mm3."""
    found = evaluate(dam().basin(), GivenPlan({"outlet": (100.0,)}, unit="Mm3"))
    (broken,) = found.broken
    assert (broken.kind, broken.place, broken.when) == ("outflow_within_outlet", "outlet", "2025-01")
    assert (broken.figure, broken.allowed, broken.by) == pytest.approx((100, 25 * JANUARY, 100 - 25 * JANUARY))
    assert float(found.repair.releases["outlet"][0]) == pytest.approx(30 * JANUARY / (1 + 0.05 * JANUARY))


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (((0, 0), (100, 20), (300, 80)), "a capacity that rises faster above 100 Mm3 than below"),
        (((0, 0), (100, 0), (300, 80)), "a capacity that rises faster above 100 Mm3 than below"),
        (((0, 30), (100, 20)), "storages or capacities that fall"),
        (((0, 30),), "1 point"),
        (((50, 10), (100, 20)), "points from 50 Mm3 on"),
    ],
)
def test_what_no_line_program_can_hold_is_refused_and_says_why(points, told):
    (problem,) = dam(*points).basin().problems()
    assert problem.code == "outlet-curve"
    assert told in problem.found


def test_a_spillway_above_a_crest_is_refused_with_the_cause():
    (problem,) = dam((0, 0), (300, 0), (400, 100)).basin().problems()
    assert "open the outlet wider than it is there" in problem.cause


def test_an_outlet_of_a_junction_is_refused():
    river = River(months=1).node("a", runoff=5).node("sea", "outlet").reach("down", "a", "sea").outlet("down", (0, 0), (10, 5))
    (problem,) = river.priorities("cost").basin().problems()
    assert (problem.code, problem.found) == ("outlet-curve", "node a, where nothing is stored")


def with_outlet(tmp_path, *rows):
    copy = Copy(tmp_path)
    lines = ["reach,storage_Mm3,capacity_m3s,source,grade", *(f"{row},made_up,assumed" for row in rows)]
    copy.path("outlet_capacities").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


def test_the_table_is_read_in_order_of_storage(tmp_path):
    copy = with_outlet(tmp_path, "upper,1000,400", "upper,0,100", "upper,500,300")
    assert wf.read_basin(copy.folder).reaches["upper"].outlet == ((0, 100), (500, 300), (1000, 400))


def test_the_table_of_a_reach_that_is_none_is_refused(tmp_path):
    assert "unknown-reach" in {p.code for p in with_outlet(tmp_path, "uper,0,100").problems()}
