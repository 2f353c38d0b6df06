"""Alarms, by hand: a dam that would be emptied for money, a channel that would flood for a lake."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from tests.rivers import ALARMS, TARGETS, River
from waterflow import Solver
from waterflow.accounts.plan import Plan
from waterflow.accounts.plan_facts import plan_facts
from waterflow.basin.objective import Claims

DAYS = {1: 31, 2: 28, 3: 31}


def dam(*priorities, damage=0.0, months=(), step="month"):
    """100 stored, 10 flow in each month; power is worth 1 in January and 0.1 later, nothing must be left; the level is 60."""
    per = 1 if step == "month" else 3
    made = River(months=3, start="2025-01-01", step=step).node("dam", "reservoir", runoff=10 / per).node("sea", "outlet")
    made.reach("lower", "dam", "sea").reservoir("dam", 100, 100).plant("plant", "lower", "A", 1.0)
    made.worth("A", [1.0] * per + [0.1] * (2 * per)).storage_alarm("dam", "A", 60, damage, months)
    return made.priorities(*priorities)


def storages(basin):
    return wf.allocate(basin).dataset["storage"].sel(reservoir="dam").values


def test_a_damage_dearer_than_the_water_keeps_the_level_while_it_lasts():
    """A m3 let go in January brings 0.9 more than later, and is missed in January and, but for 10 that flow in, in February.

    That is worth two months of a damage of 0.4, one month of 0.5 and none of 1.0.
    """
    assert storages(dam("cost", damage=0.4, months=(1, 2)).basin())[0] == pytest.approx(0, abs=1e-6)
    assert storages(dam("cost", damage=0.5, months=(1, 2)).basin())[:2] == pytest.approx([50, 60], abs=1e-6)
    assert storages(dam("cost", damage=1.0, months=(1, 2)).basin())[:2] == pytest.approx([60, 60], abs=1e-6)


def test_the_damage_is_counted_by_months_whatever_the_step():
    for step in ("month", "dekad"):
        made = River(months=3, start="2025-01-01", step=step).node("dam", "reservoir", runoff=0).node("sea", "outlet")
        made.reach("lower", "dam", "sea").reservoir("dam", 0, 100).storage_alarm("dam", "A", 60, 0.3)
        allocation = wf.allocate(made.priorities("cost").basin())
        rung = plan_facts(allocation.basin, allocation.dataset).alarms
        months = sum(DAYS.values()) / 30.4375
        assert sum(x.damage_MUSD for x in rung) == pytest.approx(0.3 * 60 * months, rel=1e-3)
        assert {(x.party, x.kind, x.level) for x in rung} == {("A", "storage", 60)}


def test_a_priority_keeps_the_level_before_money_speaks():
    assert storages(dam(("safe", [ALARMS]), "cost").basin()).min() == pytest.approx(60)


def test_a_claim_may_name_its_places_and_a_slip_is_refused():
    """Reservoirs of alarms and reaches of alarms are places; what has no alarm is none."""
    made = flood(("safe", [Claims(kind="alarms", places=("channel",))]), ("lake", [TARGETS]), "cost")
    made.storage_alarm("dam", "A", 100, 0.01)
    assert made.basin().problems() == []
    assert wf.allocate(made.basin()).dataset["flow"].sel(reach="channel").values[0] == pytest.approx(100 * 31 * 0.0864)
    (problem,) = flood(("safe", [Claims(kind="alarms", places=("chanel",))]), "cost").basin().problems()
    assert (problem.code, problem.allowed) == ("claims-nothing", "channel")


def test_outside_its_months_nothing_rings():
    allocation = wf.allocate(dam(("safe", [ALARMS]), "cost", months=(1,)).basin())
    assert storages(allocation.basin)[0] == pytest.approx(60)
    assert storages(allocation.basin)[1] < 60
    assert plan_facts(allocation.basin, allocation.dataset).alarms == ()


def flood(*priorities, damage=0.05):
    """A lake asks for 600 in the first of two months; the channel carries 100 m3/s without damage, 267.84 Mm3 in January."""
    made = River(months=2, start="2025-01-01").node("dam", "reservoir", runoff=0).node("lake", "outlet")
    made.reach("channel", "dam", "lake", capacity=500).reservoir("dam", 600, 600).target("lake", "channel", 600, 0, 0)
    return made.flow_alarm("channel", "A", 100, damage).priorities(*priorities)


def test_a_flood_is_an_alarm_with_its_volume_and_damage():
    allocation = wf.allocate(flood(("lake", [TARGETS]), "cost").basin())
    (rung,) = plan_facts(allocation.basin, allocation.dataset).alarms
    above = 500 - 100 * 31 * 0.0864
    assert (rung.kind, rung.place, rung.period) == ("flow", "channel", "2025-01")
    assert (rung.beyond_Mm3, rung.damage_MUSD) == pytest.approx((above, 0.05 * above))
    assert rung.planned == pytest.approx(500 / (31 * 0.0864))
    told = " ".join(allocation.summary().split())
    assert "Alarm: high_channel, 1 period; at worst 187 m3/s in Jan 2025, 100 m3/s is the most without damage." in told
    assert "damage," in allocation.summary(full=True)


def test_before_the_lake_the_channel_stays_whole():
    flow = wf.allocate(flood(("safe", [ALARMS]), ("lake", [TARGETS]), "cost").basin()).dataset["flow"]
    assert flow.sel(reach="channel").values[0] == pytest.approx(100 * 31 * 0.0864)


def test_a_level_has_a_price_and_may_be_changed():
    solver = Solver(dam("cost", damage=2.0, months=(1,)).basin())
    assert solver.allocate(solver.basin.changed(alarm_storage={"low_dam": 50})).dataset["storage"].values.ravel()[0] == pytest.approx(50)
    assert solver.marginal("alarm_storage", "low_dam")["stage_value"].sel(stage="cost").values == pytest.approx([0.9, 0.9])


def test_a_flow_of_the_level_has_a_price_too():
    """One m3/s more that the channel carries in January saves the damage of 2.6784 Mm3."""
    solver = Solver(flood(("lake", [TARGETS]), "cost").basin())
    price = solver.marginal("alarm_flow", "high_channel")["stage_value"].sel(stage="cost").values
    assert price == pytest.approx([-0.05 * 31 * 0.0864] * 2)


def test_payoffs_charge_the_party_that_suffers():
    allocation = wf.allocate(flood(("lake", [TARGETS]), "cost").target_worth("lake", "A", {0.01: 1.0}).basin())
    terms = {(x.party, x.term): x.central_MUSD for x in plan_facts(allocation.basin, allocation.dataset).payoffs}
    assert terms["A", "alarms"] == pytest.approx(-0.05 * (500 - 100 * 31 * 0.0864))
    high = allocation.basin.at_level("high")
    assert Plan(high, allocation.dataset).basin.flow_alarms["high_channel"].damage == 0.05


HEADS = {
    "storage_alarms": "alarm,reservoir,party,months,storage_Mm3,damage_USD_per_m3,name,source,grade",
    "flow_alarms": "alarm,reach,party,months,flow_m3s,damage_USD_per_m3,name,source,grade",
}


def with_alarms(tmp_path, table, row):
    copy = Copy(tmp_path)
    copy.path(table).write_text(f"{HEADS[table]}\n{row},made_up,assumed\n", encoding="utf-8")
    return copy


def test_tables_are_read(tmp_path):
    low = wf.read_basin(with_alarms(tmp_path / "low", "storage_alarms", "town,mountain,UP,6 7,300,0.01,Town").folder).storage_alarms
    assert (low["town"].storage, low["town"].months, low["town"].title) == (300, (6, 7), "Town")
    high = wf.read_basin(with_alarms(tmp_path / "high", "flow_alarms", "ice,lower,DOWN,,40,0.05,Ice").folder).flow_alarms
    assert (high["ice"].flow, high["ice"].months, high["ice"].party) == (40, (), "DOWN")


@pytest.mark.parametrize(
    ("table", "row", "code"),
    [
        ("storage_alarms", "town,mountian,UP,,300,0.01,Town", "unknown-reservoir"),
        ("storage_alarms", "town,mountain,UPP,,300,0.01,Town", "unknown-party"),
        ("storage_alarms", "town,mountain,UP,13,300,0.01,Town", "bad-month"),
        ("flow_alarms", "ice,lowr,DOWN,,40,0.05,Ice", "unknown-reach"),
        ("flow_alarms", "ice,lower,DOWN,,-40,0.05,Ice", "negative"),
    ],
)
def test_an_alarm_of_nothing_is_refused(tmp_path, table, row, code):
    assert code in {p.code for p in with_alarms(tmp_path, table, row).problems()}
