"""Stores by hand: areas along a curve, seepage, aquifers, constant losses, runoff below zero; every number is worked out beside it."""

import math

import numpy as np
import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import DEMANDS, TARGETS, River, every_process, with_stores
from waterflow import ConflictError, allocate
from waterflow.accounts.balances import water_balance
from waterflow.accounts.plan import Plan
from waterflow.allocation.audit import audit
from waterflow.allocation.onward import Onward
from waterflow.basin.area import AreaCurve
from waterflow.loading.plan_table import GivenPlan
from waterflow.negotiation.evaluate import evaluate
from waterflow.report.conflict_text import conflict_text
from waterflow.simulation.simulate import simulate

CURVE = AreaCurve(points=((0, 0), (50, 10), (150, 30), (300, 90)))


def dam(opening=100, full=300, curve=CURVE, months=1, runoff=0, depth=0.0, target=500, **seepage):
    """A dam above the sea, which wants all it can get."""
    river = River(months=months, start="2025-04-01").node("dam", "reservoir", runoff=runoff).node("sea", "outlet")
    river.reach("out", "dam", "sea").reservoir("dam", opening, full, depth=depth, area=(2, 0.1))
    count = len(river.calendar.periods)
    river.alter("reservoirs", "dam", curve=curve, **{name: (value,) * count for name, value in seepage.items()})
    return river.target("sea", "out", target).priorities(("sea", [TARGETS]))


def seeping(depth=0.0, share=0.0, volume=0.0):
    return {"seepage_depth": depth, "seepage_share": share, "seepage_volume": volume}


def test_evaporation_has_the_mean_of_the_areas_at_both_ends():
    """20 km2 at 100 and 10 at 50 Mm3: 0.1 m over 15 km2 are 1.5, so 48.5 go out."""
    plan = allocate(dam(depth=0.1).held("dam", 50).basin()).dataset
    assert float(plan["evaporation"].sum()) == pytest.approx(1.5)
    assert float(plan["flow"].sum()) == pytest.approx(48.5)
    assert plan.attrs["bend_gap_Mm3"] < 1e-9


def test_a_storage_far_from_where_it_opens_has_the_area_there():
    """From 100 to at most 260: 20 and 74 km2. Of 200 that come, 0.1 * 47 = 4.7 evaporate, 35.3 go out; one line would say 0.1 * 54."""
    plan = allocate(dam(depth=0.1, runoff=200, target=10).held("dam", 260, rule="at_most").held("dam", 260).basin()).dataset
    assert float(plan["evaporation"].sum()) == pytest.approx(4.7)
    assert float(plan["flow"].sum()) == pytest.approx(35.3)
    assert plan.attrs["bend_passes"] == 2


def test_a_straight_curve_is_the_area_line():
    line = AreaCurve(points=((0, 2), (80, 10), (300, 32)))
    course = {"months": 4, "runoff": [30, 5, 60, 10], "depth": [0.05, 0.2, -0.1, 0.3], "target": 60}
    drawn, plain = (allocate(dam(curve=c, **course).basin()).dataset for c in (line, None))
    for name in ("storage", "evaporation", "flow"):
        assert drawn[name].values == pytest.approx(plain[name].values)


def test_what_a_reservoir_loses_to_the_ground():
    """From 100 to 50 Mm3: 0.2 m over 15 km2, a tenth of 75 and 2 Mm3 are 12.5; half of it comes to the pond below."""
    river = dam(**seeping(depth=0.2, share=0.1, volume=2)).held("dam", 50)
    river.node("pond", "reservoir").reach("low", "pond", "sea").reservoir("pond", 0, 50).recharge("reservoir", "dam", "pond", 0.5)
    plan = allocate(river.basin()).dataset
    assert float(plan["reservoir_seepage"].sum()) == pytest.approx(12.5)
    assert float(plan["flow"].sel(reach="out").sum()) == pytest.approx(37.5)
    assert float(plan["storage"].sel(reservoir="pond").sum() + plan["flow"].sel(reach="low").sum()) == pytest.approx(6.25)


def ground(step="month", months=3, opening=200.0, runoff=0.0, monthly=0.3, need=0.0):
    """An aquifer that drains to the sea, and a well in it."""
    river = River(months=months, start="2025-04-01", step=step).node("ground", "aquifer").node("sea", "outlet")
    # the same inflow every day
    river.runoff["ground"] = tuple(runoff * p.days for p in river.calendar.periods)
    river.reach("base", "ground", "sea").reservoir("ground", opening, 1e4)
    river.alter("reservoirs", "ground", recession=-math.log(1 - monthly) / 30.4375)
    return river.demand("well", "ground", "A", need).priorities(("well", [DEMANDS]))


def test_an_aquifer_gives_back_what_it_holds():
    """Nothing comes: after 91 days 0.7^(91 / 30.4375) of 200 are left, by month and by dekad."""
    left = 200 * 0.7 ** (91 / 30.4375)
    for step in ("month", "dekad"):
        plan = allocate(ground(step).basin()).dataset
        assert float(plan["storage"][0, -1]) == pytest.approx(left)
        assert float(plan["flow"].sum()) == pytest.approx(200 - left)


def test_a_steady_inflow_gives_the_same_by_month_and_by_dekad():
    """2 Mm3 a day: towards 2 / k, from 200; the answer of dV/dt = 2 - k V after 91 days."""
    k = -math.log(0.7) / 30.4375
    end = 2 / k + (200 - 2 / k) * math.exp(-91 * k)
    for step in ("month", "dekad"):
        assert float(allocate(ground(step, runoff=2.0).basin()).dataset["storage"][0, -1]) == pytest.approx(end)


def test_an_aquifer_that_never_drains_is_a_store_without_a_way_out():
    plan = allocate(ground(monthly=0.0, runoff=1.0).basin()).dataset
    assert float(plan["storage"][0, -1]) == pytest.approx(291)
    assert plan["flow"].values.ravel() == pytest.approx([0, 0, 0])


def test_pumps_take_what_they_can_and_the_spring_gives_less():
    """April, 30 days: a well of 40 leaves (200 e^-x) - 40 (1 - e^-x) / x."""
    x = -math.log(0.7) / 30.4375 * 30
    river = ground(months=1, need=100).alter("demands", "well", capacity=(40.0,))
    plan = allocate(river.basin()).dataset
    assert float(plan["delivery"].sum()) == pytest.approx(40)
    assert float(plan["storage"][0, 0]) == pytest.approx(200 * math.exp(-x) - 40 * (1 - math.exp(-x)) / x)


def canal(loss=30.0, flow=100.0, months=1, target=500, **options):
    """A canal that loses 30 Mm3 a month whatever flows; a gate above it may send water elsewhere."""
    river = River(months=months, start="2025-04-01").node("gate", runoff=flow).node("end").node("sea", "outlet").node("else", "outlet")
    river.reach("canal", "gate", "end", **options).reach("mouth", "end", "sea").reach("away", "gate", "else")
    timeline = len(river.calendar.timeline)
    river.alter("reaches", "canal", constant_loss=(loss,) * timeline)
    return river.target("sea", "mouth", target).priorities(("sea", [TARGETS]))


def test_a_constant_loss_is_lost_whatever_flows():
    """A tenth seeps away, then 30: 60 of 100 arrive."""
    plan = allocate(canal(seepage=0.1).basin()).dataset
    assert float(plan["flow"].sel(reach="mouth").sum()) == pytest.approx(60)
    assert float(plan["constant_loss"].sum()) == pytest.approx(30)


def test_a_reach_that_carries_less_than_its_loss_lets_nothing_arrive():
    plan = allocate(canal(flow=20).basin()).dataset
    assert float(plan["flow"].sel(reach="mouth").sum()) == pytest.approx(0)
    carried = float(plan["flow"].sel(reach="canal").sum())
    assert float(plan["constant_loss"].sum()) == pytest.approx(carried)
    assert carried <= 30


def test_a_loss_is_taken_where_half_of_the_water_would_be_wanted():
    """50 are asked for at the sea: 80 are sent, since 30 are lost on the way."""
    plan = allocate(canal(target=50).basin()).dataset
    assert float(plan["flow"].sel(reach="mouth").sum()) == pytest.approx(50)
    assert float(plan["flow"].sel(reach="canal").sum()) >= 80 - 1e-6


def test_water_is_sent_in_fewer_months_where_each_has_its_loss():
    """40 come in each of two months: both at once lose 30 once and 50 arrive; each by itself 10 and 10."""
    river = River(months=2, start="2025-04-01").node("pond", "reservoir", runoff=40).node("end").node("sea", "outlet")
    river.reach("long", "pond", "end").reach("mouth", "end", "sea").reservoir("pond", 0, 100)
    river.alter("reaches", "long", constant_loss=(30.0,) * len(river.calendar.timeline))
    plan = allocate(river.target("sea", "mouth", 500).priorities(("sea", [TARGETS])).basin()).dataset
    assert float(plan["flow"].sel(reach="mouth").sum()) == pytest.approx(50)


def test_water_before_the_horizon_lost_its_constant_loss_too():
    """40 entered in March and arrive in April, half of the days: (40 - 30) / 31 * 15 of April's."""
    river = canal(flow=0, before=40, days=15)
    plan = allocate(river.basin()).dataset
    assert float(plan["arriving_flow"].sel(reach="canal").sum()) == pytest.approx(10 * 15 / 31)


def test_runoff_below_zero_is_a_loss():
    plan = allocate(dam(opening=100, curve=None, runoff=-20).basin()).dataset
    assert float(plan["flow"].sum()) == pytest.approx(80)


def conflict_of(river):
    with pytest.raises(ConflictError) as caught:
        allocate(river.basin())
    return caught.value.conflict


def test_runoff_below_zero_that_nothing_can_meet_is_named():
    """5 come from above and 8 are lost: 3 too much."""
    river = River(months=1, start="2025-04-01").node("spring", runoff=5).node("gauge", runoff=-8).node("sea", "outlet")
    river.reach("upper", "spring", "gauge").reach("lower", "gauge", "sea").target("sea", "lower", 5).priorities(("sea", [TARGETS]))
    (found,) = conflict_of(river).dry
    assert (found.kind, found.place, found.period) == ("runoff", "gauge", "2025-04")
    assert (found.amount, found.too_much) == (pytest.approx(8), pytest.approx(3))
    text = conflict_text(conflict_of(river))
    assert "gauge, Apr 2025: the runoff below zero takes 8.000 Mm3, 3.000 Mm3 too much   [water_balance[gauge]]" in text


def test_seepage_beyond_what_there_is_is_named():
    """100 and 20 that seep away in each of 12 months."""
    (found,) = conflict_of(dam(curve=None, months=12, **seeping(volume=20))).dry
    assert (found.kind, found.place, found.period, found.too_much) == ("reservoir_seepage", "dam", "2025-09", pytest.approx(20))


def test_a_loss_behind_a_clash_is_named_beside_the_rule():
    """110 are to be held, 100 are there and 12 come, of which 8 are lost."""
    river = dam(curve=None, runoff=12, **seeping(volume=8)).held("dam", 110)
    found = conflict_of(river)
    assert [rule.kind for rule in found.clashing] == ["storage_held"]
    assert [(x.kind, round(x.too_much, 6)) for x in found.dry] == [("reservoir_seepage", 6)]
    assert "They would not clash if less were lost:" in conflict_text(found)


def mixed(step="month", months=6):
    """All of it on the river that uses every process."""
    return with_stores(every_process(step, months)).basin()


@pytest.fixture(scope="module")
def planned():
    """The plan of the mixed river by month."""
    return allocate(mixed())


@pytest.mark.parametrize("step", ["month", pytest.param("dekad", marks=pytest.mark.long)])
def test_every_store_goes_with_every_process(step, planned):
    allocation = planned if step == "month" else allocate(mixed(step))
    assert audit(allocation.basin, allocation.dataset).closes
    assert allocation.dataset.attrs["bend_gap_Mm3"] < 1e-7
    balance = water_balance(Plan(allocation.basin, allocation.dataset))
    assert balance.missing() == pytest.approx([0.0] * len(allocation.basin.calendar.periods), abs=1e-6)
    assert {"recharge", "reservoir_seepage", "runoff_lost"} <= {part.kind for part in balance.parts}


def wrong_curve(basin):
    steeper = AreaCurve(points=((0, 0), (20, 8), (90, 16)))
    return basin.replaced(reservoirs={**basin.reservoirs, "zweir": basin.reservoirs["zweir"].model_copy(update={"curve": steeper})})


def drained(basin):
    faster = basin.reservoirs["zground"].model_copy(update={"recession": 0.005})
    return basin.replaced(reservoirs={**basin.reservoirs, "zground": faster})


def less_recharged(basin):
    other = {n: x.model_copy(update={"share": 0.9 * x.share}) for n, x in basin.recharges.items()}
    return basin.replaced(recharges=other)


def more_lost(basin):
    canal = basin.reaches["zcanal"]
    other = canal.model_copy(update={"constant_loss": tuple(1.1 * x for x in canal.constant_loss)})
    return basin.replaced(reaches={**basin.reaches, "zcanal": other})


@pytest.mark.parametrize("change", [wrong_curve, drained, less_recharged, more_lost])
def test_the_audit_knows_each_of_them(change, planned):
    assert not audit(change(planned.basin), planned.dataset).closes


def test_a_simulation_of_the_plan_does_what_the_plan_says(planned):
    basin, plan = planned.basin, planned.dataset
    taking = {n: d.model_copy(update={"need": tuple(map(float, plan["delivery"].sel(demand=n).values))}) for n, d in basin.demands.items()}
    ways = ["filling", *(a for n in basin.reservoirs if n not in basin.aquifers for a in basin.paths.departing[n])]
    ran = simulate(basin.replaced(demands=taking), {a: plan["flow"].sel(reach=a).values for a in ways})
    for name in ("storage", "flow", "evaporation"):
        assert getattr(ran, name) == pytest.approx(plan[name].values, abs=1e-6)
    seeping = [list(basin.reservoirs).index(n) for n in basin.seeping_reservoirs]
    assert ran.seepage[seeping] == pytest.approx(plan["reservoir_seepage"].values, abs=1e-6)


def test_nobody_decides_what_an_aquifer_lets_go():
    with pytest.raises(wf.InputError, match="aquifer-outflow"):
        simulate(ground().basin(), {"base": [1, 2, 3]})


def test_a_plan_that_is_brought_is_judged_by_the_true_laws():
    """60, 60 and nothing out of 100 and 50 a month: the evaporation of each month is that of the curve."""
    basin = dam(months=3, runoff=50, depth=0.1, target=100).alter("reservoirs", "dam", lowest_storage=10.0).basin()
    found = evaluate(basin, GivenPlan({"out": (60.0, 60.0, 0.0)}, unit="Mm3"))
    storage = np.concatenate([[100], found.allocation.dataset["storage"].values[0]])
    areas = np.interp(storage, *np.array(CURVE.points).T)
    assert found.allocation.dataset["evaporation"].values[0] == pytest.approx(0.1 * (areas[1:] + areas[:-1]) / 2)
    assert not found.broken
    empty = evaluate(basin, GivenPlan({"out": (160.0, 60.0, 0.0)}, unit="Mm3"))
    assert {b.kind for b in empty.broken} == {"storage_lowest"}
    assert empty.repair.changes


def test_a_plan_goes_on_as_it_was_planned(planned):
    whole, onward = planned.dataset, Onward(mixed())
    for _ in range(2):
        found = onward.allocate().dataset
        onward.pass_on()
    assert found["storage"].values == pytest.approx(whole["storage"].values, abs=1e-5)
    assert onward.allocate().dataset["flow"].values == pytest.approx(whole["flow"].values, abs=1e-5)


def test_a_plan_is_planned_again_from_what_it_was_planned_with(planned):
    again = allocate(planned.basin.changed(opening_storage={"zweir": 30.0}))
    assert again.dataset["storage"].values == pytest.approx(planned.dataset["storage"].values, abs=1e-6)


def test_the_price_of_opening_storage_is_that_of_more_water_along_the_curve():
    """One more Mm3 at 100 Mm3 evaporates 0.1 * 0.2 / 2 at its own end of the month."""
    price = wf.Solver(dam(depth=0.1).held("dam", 50).basin()).marginal("opening_storage", "dam")["flow"]
    assert price.values.ravel() == pytest.approx([0.99, 0.99])


def test_a_saved_plan_keeps_its_stores(tmp_path, planned):
    again = wf.open_allocation(planned.save(tmp_path / "plan.nc"))
    assert audit(again.basin, again.dataset).closes
    assert again.basin.reservoirs["zweir"].curve == planned.basin.reservoirs["zweir"].curve


def without(points):
    return dam(curve=AreaCurve(points=points))


WRONG = {
    "area-curve": [lambda: without(((0, 0), (200, 9))), lambda: without(((0, 9), (300, 8))), lambda: without(((0, 9),))],
    "aquifer-outflow": [
        lambda: ground().reach("second", "ground", "sea"),
        lambda: ground().alter("reservoirs", "ground", area_at_zero=1.0),
        lambda: dam().alter("reservoirs", "dam", recession=0.1),
    ],
    "recharge": [
        lambda: dam().recharge("reach", "out", "sea"),
        lambda: canal(seepage=0.1).recharge("reach", "canal", "sea", 0.6).recharge("reach", "canal", "else", 0.6),
    ],
    "loop": [lambda: canal(seepage=0.1).recharge("reach", "canal", "gate")],
    "unknown-reservoir": [lambda: dam().recharge("reservoir", "dan", "sea")],
    "series-length": [lambda: dam().alter("reservoirs", "dam", seepage_depth=(), seepage_share=(), seepage_volume=())],
}


@pytest.mark.parametrize(("code", "k"), [(code, k) for code, made in WRONG.items() for k in range(len(made))])
def test_a_wrong_store_is_refused(code, k):
    assert code in {p.code for p in WRONG[code][k]().basin().problems()}


def test_questions_that_solve_one_program_over_and_over_refuse_a_bend():
    with pytest.raises(wf.InputError, match="bent-law"):
        wf.negotiate(mixed())


def teaching(folder):
    """The teaching river with a curve of area at the mountain, seepage, an aquifer below it and a canal that loses water."""
    copy = Copy(folder)
    tables = {
        "areas": "series,reservoir,storage_Mm3,area_km2\nmine,mountain,100,5\nmine,mountain,500,20\nmine,mountain,1000,30",
        "evaporation": "reservoir,month,evaporation_mm\n" + "\n".join(f"mountain,{m},50" for m in range(1, 13)),
        "reservoir_seepage": "reservoir,month,seepage_fraction\n" + "\n".join(f"plain,{m},0.031" for m in range(1, 13)),
        "reach_losses": "reach,month,evaporation_fraction,seepage_fraction,constant_loss_m3s\n"
        + "\n".join(f"upper,{m},0,0.1,2" for m in range(1, 13)),
        "recharges": "kind,origin,to_node,share_fraction\nreach,upper,ground,0.5\nreservoir,plain,ground,1",
    }
    for name, text in tables.items():
        head, *lines = text.splitlines()
        rows = [f"{head},source,grade", *(f"{line},made_up,assumed" for line in lines), ""]
        copy.path(name).write_text("\n".join(rows), encoding="utf-8")
    header = copy.lines("reservoirs")
    copy.write("reservoirs", [[*row[:-2], added, *row[-2:]] for row, added in zip(header, ["outflow_fraction", "0", "0"], strict=True)])
    copy.set("reservoirs", 2, "runoff_net_of_evaporation", "no")
    copy.add("reservoirs", "ground", 5000, 0, 0, 0, 0, "yes", 0.2, "made_up", "assumed")
    copy.add("nodes", "ground", "aquifer", "Ground", "Ground", 40, 40, "made_up", "assumed")
    copy.add("reaches", "base", "ground", "fields", "Springs", "Springs", 0, 0, "made_up", "assumed")
    copy.add("opening_storage", "example", "ground", "2025-01-01", 300, "made_up", "assumed")
    return copy.text("model.yaml", "  runoff: example\n", "  runoff: example\n  areas: mine\n")


def test_stores_are_read_from_tables(tmp_path):
    basin = wf.read_basin(teaching(tmp_path).folder)
    mountain, plain, base = (basin.reservoirs[n] for n in ("mountain", "plain", "ground"))
    assert mountain.curve.points == ((100, 5), (500, 20), (1000, 30))
    assert plain.seepage_share == pytest.approx((0.031,) * 4)
    assert base.recession == pytest.approx(-math.log(0.8) / 30.4375)
    january = basin.reaches["upper"].constant_loss[len(basin.calendar.history)]
    assert january == pytest.approx(2 * 31 * 86400 / 1e6)
    assert {(x.kind, x.origin, x.node, x.share) for x in basin.recharges.values()} == {
        ("reach", "upper", "ground", 0.5),
        ("reservoir", "plain", "ground", 1.0),
    }
    dekads = wf.read_basin(teaching(tmp_path / "dekads").folder, step="dekad").reservoirs["plain"]
    assert dekads.seepage_share[:3] == pytest.approx((0.01, 0.01, 0.011))
    plan = allocate(basin)
    assert audit(plan.basin, plan.dataset).closes


def test_tables_of_stores_that_are_wrong_are_refused(tmp_path):
    drained = teaching(tmp_path / "a").set("reservoirs", 4, "outflow_fraction", "1")
    assert {p.code for p in drained.problems()} == {"aquifer-outflow"}
    nothing = teaching(tmp_path / "b")
    rows = nothing.lines("reservoir_seepage")
    nothing.write("reservoir_seepage", [rows[0], *([*row[:2], "0", *row[3:]] for row in rows[1:])])
    assert "no-seepage" in {p.code for p in nothing.problems()}
    nowhere = teaching(tmp_path / "c").set("recharges", 2, "origin", "uper")
    assert "unknown-reach" in {p.code for p in nowhere.problems()}
