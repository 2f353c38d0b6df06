"""Clauses by hand: each type on a river so small that the answer stands in the docstring."""

import pytest

import waterflow as wf
from tests.rivers import DEMANDS, River, one_canal
from waterflow.accounts.clauses import accounts, clauses
from waterflow.accounts.plan import Plan
from waterflow.basin.clause_rows import without
from waterflow.basin.objective import Claims, Objective


def plan(river, **changes):
    return wf.allocate(river.basin(**changes)).dataset


def slack(dataset):
    return {str(n): float(v) for n, v in zip(dataset["clause_row"].values, dataset["clause_slack"].values, strict=True)}


def dam(runoff=10.0, months=2, opening=0.0, full=100.0, start="2024-10-01"):
    """A dam over a plant of 1 GWh per Mm3, worth 0.1 now and 0.3 in the last month: all it may keep is kept for that."""
    river = River(months=months, start=start).node("dam", "reservoir", runoff=runoff).node("sea", "outlet").reach("out", "dam", "sea")
    return river.reservoir("dam", opening, full).plant("mill", "out", "A", 1).worth("A", [0.1] * (months - 1) + [0.3])


def test_a_release_is_made_though_water_is_worth_more_later():
    """Of 10 and 10 all would wait for the second month; 4 are let go in the first: 0.4 + 4.8 in place of 6."""
    river = dam()
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=4)])
    dataset = plan(river, objective=Objective())
    assert dataset["flow"].values[0] == pytest.approx([4, 16])
    assert float(dataset["stage_value"][0]) == pytest.approx(0.4 + 4.8)


def test_a_release_in_m3s_holds_in_every_period():
    """1 m3/s is 2.6784 Mm3 in October and 2.592 in November; the rest waits for December."""
    river = dam(months=3)
    river.clause("flow", "release", reservoir="dam", figures=[river.span(0, 1, flow_m3s=1)])
    assert plan(river, objective=Objective())["flow"].values[0][:2] == pytest.approx([2.6784, 2.592])


def test_exactly_is_two_rows():
    """All would go in the second month; 7 must, so the first lets go what it has."""
    river = dam()
    river.clause("spring", "release", reservoir="dam", figures=[river.span(1, 1, amount_Mm3=7)], rule="exactly")
    basin = river.basin(objective=Objective())
    assert list(basin.clause_rows) == ["spring/least", "spring/most"]
    assert wf.allocate(basin).dataset["flow"].values[0] == pytest.approx([10, 7])


def test_a_cap_holds_water_back():
    """At most 5 of 10 and 10 leave in the two months together; the rest stays."""
    river = dam()
    river.clause("cap", "release_cap", reservoir="dam", figures=[river.span(amount_Mm3=5)])
    dataset = plan(river, objective=Objective())
    assert dataset["flow"].values[0] == pytest.approx([0, 5])
    assert dataset["storage"].values[0] == pytest.approx([10, 15])


def test_storage_on_a_date_is_that_of_the_day_before():
    """Power is dear before December; 15 of the 20 there are must still be there on the first day of it."""
    river = dam(months=3).worth("A", [0.3, 0.3, 0.1])
    river.clause("winter", "storage", reservoir="dam", figures=[{"date": "2024-12-01", "amount_Mm3": 15}])
    assert plan(river, objective=Objective())["storage"].values[0][1] == pytest.approx(15)


def test_a_day_without_a_year_is_that_day_of_every_year():
    """A horizon from January 2024 to June 2026 has two Octobers."""
    river = dam(months=30, start="2024-01-01")
    river.clause("october", "release", reservoir="dam", figures=[{"start": "10-01", "end": "10-31", "amount_Mm3": 1}])
    assert list(river.basin().clause_rows) == ["october/2024-10", "october/2025-10"]


def test_a_span_without_a_year_runs_over_new_year():
    river = dam(months=12)
    river.clause("winter", "release", reservoir="dam", figures=[{"start": "10-01", "end": "03-31", "amount_Mm3": 1}])
    assert river.basin().clause_rows["winter"].window == "2024-10-01/2025-03-31"


def test_a_limit_may_be_corrected_by_its_tolerance():
    """10 a month are there, 6 asked, in three months; a limit of 10 may rise to 11.5."""
    river = one_canal()
    river.parts["demands"][0] = river.parts["demands"][0].model_copy(update={"limited": True})
    river.clause("limit", "withdrawal_limit", of="A", figures=[river.span(amount_Mm3=10)], tolerance=0.15)
    assert float(plan(river)["delivery"].sum()) == pytest.approx(11.5)


def test_a_guarantee_holds_the_other_side_too():
    """Nobody would deliver to the second field; guaranteed 12 less a quarter, it gets 9 of the 10 there are."""
    river = one_canal(runoff=10, months=1).demand("second", "head", "B", 20)
    river.priorities(("first", [Claims(kind="demands", parties=("A",))]))
    figures = [river.span(amount_Mm3=12)]
    river.clause("limit", "withdrawal_limit", of="second", figures=figures, tolerance=0.25, guaranteed=True)
    dataset = plan(river)
    assert dataset["delivery"].sel(demand="second").values >= 9 - 1e-9
    assert list(dataset["clause_row"].values) == ["limit/least", "limit/most"]


def test_a_share_of_the_year_goes_to_summer():
    """Worth most in the last month, the water goes there; two fifths of all must leave in the first."""
    river = dam()
    both = {"start": "2024-10-01", "end": "2024-11-30"}
    part, whole = {"release": "dam", "start": "2024-10-01", "end": "2024-10-31"}, {"release": "dam"} | both
    river.clause("october", "proportional_share", part=part, whole=[whole], share=0.4)
    assert plan(river, objective=Objective())["flow"].values[0] == pytest.approx([8, 12])


def test_parties_share_in_proportion():
    """9 for two fields that ask 9 each: the first alone would take all; B is due a third of what both take."""
    river = one_canal(runoff=9, need=9, months=1).demand("other", "head", "B", 9)
    river.priorities(("first", [Claims(kind="demands", parties=("A",))]), ("second", [DEMANDS]))
    span = {"start": "2024-10-01", "end": "2024-10-31"}
    both = [{"withdrawal": d} | span for d in ("field", "other")]
    river.clause("third", "proportional_share", part=both[1], whole=both, share=1 / 3)
    assert plan(river)["delivery"].values.ravel() == pytest.approx([6, 3])


def test_a_floor_of_a_clause_is_hard():
    """One m3/s below the canal leaves 10 - 2.6784 of 10 to a field that asks for all."""
    river = one_canal(need=10, months=1)
    river.clause("river", "flow_floor", reach="lower", figures=[river.span(flow_m3s=1)])
    assert float(plan(river)["delivery"].sum()) == pytest.approx(10 - 2.6784)


def test_a_delivery_counts_all_that_comes():
    """At the head: 10 a month by the river, a quarter of the field's 6 back, water from before the horizon. 20 + 3 + 5."""
    river = River(months=2).node("spring", runoff=10).node("head").node("sea", "outlet")
    river.reach("upper", "spring", "head", days=31, before=5).reach("lower", "head", "sea")
    river.demand("field", "spring", "A", 6, returns=("head", [0.25])).priorities(("users", [DEMANDS]))
    river.clause("head", "delivery", node="head", figures=[river.span(amount_Mm3=12)])
    allocation = wf.allocate(river.basin())
    row = clauses(Plan(allocation.basin, allocation.dataset))[0].rows[0]
    came = Plan(allocation.basin, allocation.dataset).inflow("head").sum()
    assert row.fulfilled == pytest.approx(float(came))
    assert row.fulfilled >= 12 - 1e-9


def test_a_threshold_share_takes_half_of_what_is_above():
    """20 come, half of what is above 12 is 4; below the threshold nothing is owed."""
    for runoff, owed in ((20, 4), (10, 0)):
        river = one_canal(runoff=runoff, need=30, months=1).reach("east", "head", "sea")
        river.clause("half", "threshold_share", node="head", reach="east", share=0.5, figures=[river.span(amount_Mm3=12)])
        assert float(plan(river)["flow"].sel(reach="east").sum()) == pytest.approx(owed)


def trading(**options):
    """A makes 20 GWh of 20 Mm3 and needs 10; its line sells up to 8 at 0.01, it may import 5 at 0.05."""
    river = River(months=1, parties="A B C", **options).node("dam", "reservoir", runoff=20).node("sea", "outlet").reach("out", "dam", "sea")
    river.reservoir("dam", 0, 100).plant("mill", "out", "A", 1).needs_power("A", 10, {0.2: 1.0}).end_value("dam", {0.04: 100})
    return river.export("line", "A", 8, 0.01).supply("tie", "A", 5, 0.05).priorities("cost")


def test_power_owed_is_sold_over_the_line():
    """Water kept is worth 0.04, sold power 0.01: none is sold unless 3 are owed."""
    river = trading()
    assert float(plan(river)["exported_power"].sum()) == pytest.approx(0)
    river.clause("owed", "energy_delivery", giver="A", receivers=["B"], figures=[river.span(energy_GWh=3)])
    dataset = plan(river)
    assert float(dataset["exported_power"].sum()) == pytest.approx(3)
    assert dataset["exchanged"].values.ravel() == pytest.approx([3])


def test_the_same_power_is_not_owed_to_two():
    """3 to B and 4 to C are 7 over the line; 3 and 6 are more than it carries."""
    river = trading()
    for name, to, owed in (("b", "B", 3), ("c", "C", 4)):
        river.clause(name, "energy_delivery", giver="A", receivers=[to], figures=[river.span(energy_GWh=owed)])
    assert float(plan(river)["exported_power"].sum()) == pytest.approx(7)
    with pytest.raises(wf.ConflictError):
        plan(river.clause("more", "energy_delivery", giver="A", receivers=["C"], figures=[river.span(energy_GWh=2)]))


def test_power_buys_water():
    """2 GWh received at half a kWh for each m3 keep 4 Mm3 above the base of 5."""
    river = trading()
    river.parts["end_values"] = []
    asked = {"water": {"storage": "dam", "date": "2024-11-01"}, "base_Mm3": 5, "kWh_per_m3": 0.5}
    river.clause("swap", "energy_for_water", giver="B", receivers=["A"], figures=[river.span(energy_GWh=2)], **asked)
    dataset = plan(river)
    assert float(dataset["supplied_power"].sum()) == pytest.approx(2)
    assert float(dataset["storage"][0, -1]) >= 9 - 1e-9


def test_fuel_is_paid_in_power():
    """10 kt of coal at 0.3 GWh each are 3 GWh owed by the one who burns it."""
    river = trading()
    words = {"fuel": "coal", "fuel_amount": 10, "fuel_unit": "kt", "GWh_per_unit": 0.3, **river.span()}
    river.clause("coal", "fuel_for_energy", giver="B", receivers=["A"], **words)
    allocation = wf.allocate(river.basin())
    assert float(allocation.dataset["exported_power"].sum()) == pytest.approx(3)
    entries = accounts(Plan(allocation.basin, allocation.dataset)).entries
    assert [(e.party, e.side, e.obliged) for e in entries] == [("A", "energy", pytest.approx(3)), ("B", "fuel", 10)]


def test_money_and_services_are_booked_and_decide_nothing():
    river = trading()
    before = plan(river)
    river.clause("fee", "payment", giver="B", receivers=["A"], amount_MUSD=0.28).clause(
        "repair", "service", giver="C", receivers=["A"], service="repair of a canal"
    )
    allocation = wf.allocate(river.basin())
    assert float(allocation.dataset["stage_value"][0]) == float(before["stage_value"][0])
    entries = accounts(Plan(allocation.basin, allocation.dataset)).entries
    assert [(e.party, e.side, e.obliged, e.fulfilled) for e in entries] == [
        ("B", "money", 0.28, None),
        ("C", "service", None, None),
    ]


def test_a_soft_clause_gives_way_at_its_price():
    """Each Mm3 let go in the first month loses 0.3 - 0.1; the clause gives way at 0.15 and is kept at 0.25."""
    for price, missed in ((0.15, 4), (0.25, 0)):
        river = dam()
        figures = [river.span(0, 0, amount_Mm3=4)]
        river.clause("spring", "release", reservoir="dam", figures=figures, concession_price=price)
        dataset = plan(river, objective=Objective())
        assert slack(dataset) == {"spring": pytest.approx(missed)}
        assert float(dataset["stage_value"][0]) == pytest.approx(6 - 0.15 * 4 if missed else 6 - 0.2 * 4)


def test_what_is_unmet_is_owed_later():
    """4 are owed in October and 4 in November, but nothing flows before November: hard with carry-over, 8 come then."""
    river = dam(runoff=[0, 10], months=2).worth("A", [0.3, 0.0])
    figures = [river.span(k, k, amount_Mm3=4) for k in (0, 1)]
    river.clause("owed", "release", reservoir="dam", figures=figures, carry_over=1)
    dataset = plan(river, objective=Objective())
    assert slack(dataset)["owed/2024-10"] == pytest.approx(4)
    assert dataset["flow"].values[0][1] >= 8 - 1e-9
    river.parts["clauses"] = []
    with pytest.raises(wf.ConflictError):
        plan(river.clause("owed", "release", reservoir="dam", figures=figures), objective=Objective())


def test_a_soft_clause_may_have_a_place_in_the_order():
    """The field asks 10 of 10; before it the river is promised 4: the clause comes first and is missed by nothing."""
    river = one_canal(need=10, months=1)
    river.clause("river", "delivery", node="sea", figures=[river.span(amount_Mm3=4)], concession_price=0)
    river.priorities(("promise", [Claims(kind="clauses", places=("river",))]), ("users", [DEMANDS]))
    dataset = plan(river)
    assert slack(dataset) == {"river": pytest.approx(0)}
    assert float(dataset["delivery"].sum()) == pytest.approx(6)


@pytest.mark.parametrize(("runoff", "rows"), [(5, []), (10, ["spring"]), (30, [])])
def test_a_clause_for_a_class_of_runoff(runoff, rows):
    """10 and 10 in two months is an average river; below 15 it is dry, above 25 wet."""
    from waterflow.basin.agreements import Agreement, RunoffClasses
    from waterflow.basin.clause_rows import under

    river = dam(runoff)
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=1)], runoff=["normal"])
    classes = RunoffClasses(at=("dam",), dry_below_Mm3=15, wet_above_Mm3=25)
    clauses = tuple(river.parts.pop("clauses"))
    basin = under(river.basin(), [Agreement(name="a", title="a", title_ru="a", runoff_classes=classes, clauses=clauses)])
    assert list(basin.clause_rows) == rows


def test_a_clause_out_of_force_binds_nothing():
    river = dam()
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=4)])
    basin = river.basin(objective=Objective())
    freed = without(basin, "spring")
    assert (freed.clause_rows, freed.clauses) == ({}, {})
    assert wf.allocate(freed).dataset["flow"].values[0] == pytest.approx([0, 20])


def test_clauses_that_clash_are_named():
    """10 and 10: nobody can release 15 in the first month and hold 10 after it."""
    river = dam(months=2)
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=15)])
    with pytest.raises(wf.ConflictError) as refused:
        plan(river, objective=Objective())
    assert any("clause_kept[spring]" in name for name in refused.value.clashing)


def test_a_basin_under_an_agreement_travels_with_its_allocation(tmp_path):
    river = dam()
    river.clause("spring", "release", reservoir="dam", figures=[river.span(0, 0, amount_Mm3=4)])
    saved = wf.allocate(river.basin(objective=Objective())).save(tmp_path / "a.nc")
    again = wf.open_allocation(saved)
    assert again.basin.clause_rows["spring"].figure == 4
    assert "spring" in again.summary(full=True)
