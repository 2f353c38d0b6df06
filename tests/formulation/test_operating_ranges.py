"""Operating ranges, by hand: a dam that would be emptied for money stays where it was kept, until something before it asks."""

import pytest

import waterflow as wf
from tests.loading.test_tables_of_the_river import MADE_UP, copied
from tests.rivers import DEMANDS, RANGES, River
from waterflow import Solver
from waterflow.accounts.plan import Plan
from waterflow.accounts.ranges import range_ends


def river(*priorities, step="month", low=60, high=100, need=0):
    """100 stored, 10 flow in each month; power has a price in January alone, and 40 must be left after three months."""
    per = 1 if step == "month" else 3
    made = River(months=3, start="2025-01-01", step=step).node("dam", "reservoir", runoff=10 / per).node("sea", "outlet")
    made.reach("lower", "dam", "sea").reservoir("dam", 100, 100).plant("plant", "lower", "A", 1.0)
    made.worth("A", [1.0] * per + [0.1] * (2 * per)).ranged("dam", "storage", low, high).held("dam", 40)
    if need:
        made.demand("field", "dam", "A", need)
    return made.priorities(*priorities)


def storages(basin):
    return wf.allocate(basin).dataset["storage"].sel(reservoir="dam").values


def test_without_its_place_in_the_order_a_range_says_nothing():
    assert storages(river("cost").basin())[0] == pytest.approx(20, abs=1e-6)


def test_before_the_cost_the_range_is_kept():
    basin = river(("as_usual", [RANGES]), "cost").basin()
    plan = wf.allocate(basin).dataset
    kept = plan["storage"].sel(reservoir="dam").values
    assert (kept[0], kept[-1]) == pytest.approx((60, 60))
    assert kept.min() >= 60 - 1e-9
    assert float(plan["season_outside_range"].sum()) == pytest.approx(0, abs=1e-9)


def test_what_comes_before_it_leaves_it_and_the_plan_says_by_how_much():
    """The field takes 40, 40 and 10 of 100 stored and 10 a month: 70, 40 and 40 are left, 20 and 20 below the range."""
    basin = river(("field", [DEMANDS]), ("as_usual", [RANGES]), "cost", need=[40, 40, 10]).basin()
    plan = wf.allocate(basin).dataset
    assert plan["storage"].sel(reservoir="dam").values == pytest.approx([70, 40, 40])
    assert plan["outside_range"].values.ravel() == pytest.approx([0, 20, 20])
    assert float(plan["season_outside_range"].sum()) == pytest.approx(40)


def test_a_release_is_ranged_too_and_a_season_counts_by_its_width():
    made = river(("as_usual", [RANGES]), "cost", low=0).ranged("dam", "release", 5, 15)
    plan = wf.allocate(made.basin()).dataset
    assert plan["flow"].sel(reach="lower").values == pytest.approx([15, 15, 15])


def test_the_ends_may_be_changed_and_have_a_price():
    solver = Solver(river(("as_usual", [RANGES]), "cost").basin())
    lower = solver.basin.changed(operating_low={("dam/storage", "2025-01"): 50})
    assert solver.allocate(lower).dataset["storage"].values.ravel()[0] == pytest.approx(50)
    price = solver.marginal("operating_low", ("dam/storage", "2025-01"))["stage_value"].sel(stage="cost")
    # what is not let go in January for 1.0 is let go later for 0.1
    assert price.values == pytest.approx([0.9, 0.9])


def test_a_table_is_read_by_month_and_by_dekad(tmp_path):
    copy = copied(tmp_path)
    head = "series,reservoir,kind,month,low_Mm3,high_Mm3,source,grade"
    rows = [f"usual,plain,storage,{m},{10 * m},{20 * m},{MADE_UP}" for m in range(1, 13)]
    rows += [f"usual,plain,release,{m},31,62,{MADE_UP}" for m in range(1, 13)]
    copy.path("operating_ranges").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    copy.text("model.yaml", "series:\n", "series:\n  operating_ranges: usual\n")
    by_month = wf.read_basin(copy.folder).operating_ranges
    assert by_month["plain/storage"].low == (10, 20, 30, 40)
    by_dekad = wf.read_basin(copy.folder, step="dekad").operating_ranges
    # December ends at 120, January at 10: a straight line over 31 days, then one over February
    assert by_dekad["plain/storage"].low[:4] == pytest.approx((120 - 110 * 10 / 31, 120 - 110 * 20 / 31, 10, 10 + 10 * 10 / 28))
    assert by_dekad["plain/release"].low[:3] == pytest.approx((10, 10, 11))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("usual,plain,storage,{m},30,20", "bad-range"),
        ("usual,plane,storage,{m},10,20", "unknown-reservoir"),
        ("usual,plain,level,{m},10,20", "unknown-choice"),
    ],
)
def test_a_range_that_is_none_is_refused(tmp_path, row, code):
    copy = copied(tmp_path)
    rows = [f"{row.format(m=m)},{MADE_UP}" for m in range(1, 13)]
    head = "series,reservoir,kind,month,low_Mm3,high_Mm3,source,grade"
    copy.path("operating_ranges").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    copy.text("model.yaml", "series:\n", "series:\n  operating_ranges: usual\n")
    assert {p.code for p in copy.problems()} == {code}


def test_the_upper_end_holds_too_and_may_be_changed():
    """Power is worth nothing: water is kept, but 70 is the most that was kept in March, 50 when that is changed."""
    made = River(months=3, start="2025-01-01").node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("lower", "dam", "sea")
    made.reservoir("dam", 100, 100).ranged("dam", "storage", 0, [100, 100, 70]).end_value("dam", {0.01: 100})
    solver = Solver(made.priorities(("as_usual", [RANGES]), "cost").basin())
    for most, basin in ((70, solver.basin), (50, solver.basin.changed(operating_high={("dam/storage", "2025-03"): 50}))):
        assert solver.allocate(basin).dataset["storage"].values.ravel()[-1] == pytest.approx(most)


def test_the_page_says_where_ranges_are_left_and_what_staying_costs():
    left = wf.allocate(river(("field", [DEMANDS]), ("as_usual", [RANGES]), "cost", need=[40, 40, 10]).basin())
    assert "Outside what operators have done, in 2 cases: dam, storage, Feb 2025: 20 Mm3" in " ".join(left.summary().split())
    held = wf.allocate(river(("as_usual", [RANGES]), "cost").basin())
    end = range_ends(Plan(held.basin, held.dataset))[0]
    assert (end.planned_Mm3, end.outside_Mm3, end.saved_USD_per_m3) == pytest.approx((60, 0, 0.9))
    assert "is dearest at dam, storage, Jan 2025: 0.9" in " ".join(held.summary().split())
    assert "saved by leaving" in held.summary(full=True)


def test_the_least_release_is_a_share_of_what_is_stored():
    """100 stored, 10 flow in each month, power is worth nothing: a fifth of what is stored at the end of each month goes.

    R = 0.2 S' and S' = S + 10 - R: 91.67, 84.72 and 78.94 are left.
    """
    made = River(months=3, start="2025-01-01").node("dam", "reservoir", runoff=10).node("sea", "outlet").reach("lower", "dam", "sea")
    made.reservoir("dam", 100, 200).ranged("dam", "release", 0, 100, share=0.2).end_value("dam", {0.01: 200})
    allocation = wf.allocate(made.priorities(("as_usual", [RANGES]), "cost").basin())
    first = 110 / 1.2
    second = (first + 10) / 1.2
    assert allocation.dataset["storage"].values.ravel() == pytest.approx([first, second, (second + 10) / 1.2])
    told = range_ends(Plan(allocation.basin, allocation.dataset))[0]
    assert told.low_Mm3 == pytest.approx(0.2 * first)


def test_a_share_is_read_by_month_and_by_dekad_and_belongs_to_a_release(tmp_path):
    copy = copied(tmp_path)
    head = "series,reservoir,kind,month,low_Mm3,high_Mm3,low_fraction,source,grade"
    rows = [f"usual,plain,release,{m},0,62,0.31,{MADE_UP}" for m in range(1, 13)]
    copy.path("operating_ranges").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    copy.text("model.yaml", "series:\n", "series:\n  operating_ranges: usual\n")
    assert wf.read_basin(copy.folder).operating_ranges["plain/release"].low_share[0] == 0.31
    assert wf.read_basin(copy.folder, step="dekad").operating_ranges["plain/release"].low_share[:3] == pytest.approx((0.1, 0.1, 0.11))
    stored = [row.replace("release", "storage") for row in rows]
    copy.path("operating_ranges").write_text("\n".join([head, *stored]) + "\n", encoding="utf-8")
    assert {p.code for p in copy.problems()} == {"bad-range"}
