"""What a ledger tells of the past of a season: every figure by an oracle, days that nobody told of by hand."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterflow as wf
from tests.ledger.making import TYPED, fact
from tests.rivers import River
from waterflow import cli
from waterflow.accounts.plan import Plan
from waterflow.calendar import periods_of_month
from waterflow.errors import InputError
from waterflow.ledger.again import planned_again
from waterflow.ledger.files import ledger_bytes
from waterflow.ledger.in_force import require_in_force
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.planned import plan_rows
from waterflow.ledger.rows import BEGINNING, chained, rows_of
from waterflow.ledger.seen import seen_of
from waterflow.ledger.told import day_after_facts, reported_by
from waterflow.loading.forecast_csv import read_forecast_csv
from waterflow.loading.pi_xml import pi_xml


@pytest.fixture(scope="module")
def plan():
    """A dam, a field, a lake: four months."""
    river = River(months=4, start="2025-01-01", parties="A B").node("dam", "reservoir", runoff=(30, 56, 62, 90)).node("farm")
    river.node("sea", "outlet").reach("upper", "dam", "farm").reach("mouth", "farm", "sea").reservoir("dam", 100, 400)
    made = wf.allocate(river.demand("field", "farm", "A", (10, 28, 93, 60), limited=True).basin())
    return Plan(made.basin, made.dataset)


def book(plan, *facts):
    return Ledger(*rows_of(ledger_bytes(chained([*plan_rows(plan, ""), *facts], BEGINNING, "A", TYPED))))


def parts(plan, field, name, variable, k, cuts):
    """Facts of a series of the plan, whole or by dekads, which sum to the plan's own."""
    label, value = plan.basin.calendar.labels[k], float(plan.series(variable, name)[k])
    if not cuts[k]:
        return [fact(name, field, label, value)]
    dekads = periods_of_month(*map(int, label.split("-")), "dekad")
    days = sum(p.days for p in dekads)
    return [fact(name, field, p.label, value * p.days / days) for p in dekads]


@settings(max_examples=15, deadline=None)
@given(k=st.integers(1, 3), cuts=st.lists(st.booleans(), min_size=3, max_size=3))
def test_facts_that_say_what_was_planned_are_what_would_be_seen(plan, k, cuts):
    """Whether told by months or dekads; the newest plan is then the rest of the approved one."""
    said = []
    for j in range(k):
        said += [fact("dam", "storage", plan.basin.calendar.labels[j], float(plan.series("storage", "dam")[j]))]
        for field, name, variable in (("withdrawal", "field", "delivery"), ("flow", "upper", "flow"), ("flow", "mouth", "flow")):
            said += parts(plan, field, name, variable, j, cuts)
    ledger = book(plan, *said)
    day = day_after_facts(ledger, plan.basin)
    found, would = reported_by(ledger, plan, day), seen_of(plan, k)
    assert found.seen.day == day == would.day
    for name, series in would.deliveries.items():
        assert found.seen.deliveries[name] == pytest.approx(series)
    for name, series in would.flows.items():
        assert found.seen.flows[name] == pytest.approx(series)
    assert found.seen.storages["dam"] == pytest.approx(would.storages["dam"])
    assert not found.assumed
    assert not found.left_aside


def test_the_rest_of_a_plan_that_was_kept_is_its_rest(plan):
    said = [fact("dam", "storage", "2025-01", float(plan.series("storage", "dam")[0]))]
    said += [fact("field", "withdrawal", "2025-01", float(plan.series("delivery", "field")[0]))]
    again = planned_again(plan, reported_by(book(plan, *said), plan, dt.date(2025, 2, 1)))
    assert again.newest.dataset["delivery"].values == pytest.approx(plan.dataset["delivery"].values[:, 1:], abs=1e-4)
    assert all(abs(x.change) < 1e-4 for x in again.correction.changes)


def test_days_that_nobody_told_of_are_the_plans_and_are_told(plan):
    """Of February's 28 days seven are told, at 2 Mm3 a day, the others as planned; the day is 1 March."""
    ledger = book(plan, fact("field", "withdrawal", "2025-02-08/2025-02-14", 14.0), fact("dam", "storage", "2025-01-21", 150.0))
    found = reported_by(ledger, plan, dt.date(2025, 3, 1))
    assert found.seen.deliveries == {"field": {"2025-02": pytest.approx(14 + 21 / 28 * float(plan.series("delivery", "field")[1]))}}
    planned = plan.series("storage", "dam")
    at_fact = 100 + (float(planned[0]) - 100) * 21 / 31
    assert found.seen.storages["dam"] == {dt.date(2025, 3, 1): pytest.approx(min(400, 150 + float(planned[1]) - at_fact))}
    lacking = {(x.quantity, x.periods) for x in found.assumed}
    assert lacking == {
        ("deliveries", ("2025-02-01/2025-02-07", "2025-02-15/2025-02-28")),
        ("storage", ("2025-01-22/2025-02-28",)),
    }


def test_the_newest_forecast_of_runoff_by_the_day_is_taken_and_the_rest_told(plan):
    """April's first dekad of 50 Mm3, its other 20 days as the season has them, at 3 a day."""
    coming = {"kind": "forecast", "source": "hydromet"}
    ledger = book(
        plan,
        fact("field", "withdrawal", "2025-01", 10.0),
        fact("field", "withdrawal", "2025-03-01", 1.0),
        fact("sea", "inflow", "2025-01", 1.0),
        fact("dam", "runoff", "2025-03", 99.0, issued="2025-01-10", **coming),
        fact("dam", "runoff", "2025-03", 70.0, issued="2025-01-31", **coming),
        fact("dam", "runoff", "2025-03", 40.0, issued="2025-01-31", estimate="low", **coming),
        fact("dam", "runoff", "2025-04-d1", 50.0, issued="2025-01-31", **coming),
        fact("dam", "runoff", "2025-03", 1.0, issued="2025-02-02", **coming),
        fact("field", "withdrawal", "2025-04", 5.0, issued="2025-01-31", **coming),
    )
    found = reported_by(ledger, plan, dt.date(2025, 2, 1))
    assert found.forecast == {("dam", "2025-03"): pytest.approx(70), ("dam", "2025-04"): pytest.approx(50 + 20 * 3)}
    assert {(x.quantity, x.place, x.why) for x in found.left_aside} == {
        ("withdrawal", "field", "later"),
        ("runoff", "dam", "later"),
        ("inflow", "sea", "no_decision"),
        ("withdrawal", "field", "no_runoff"),
    }


def test_another_plan_than_the_one_in_force_is_refused(plan):
    ledger = book(plan)
    require_in_force(ledger, plan, "ledger")
    require_in_force(Ledger((), ()), plan, "ledger")
    other = wf.allocate(plan.basin.changed(need={("field", "2025-03"): 80.0}))
    with pytest.raises(InputError, match="another-plan"):
        require_in_force(ledger, Plan(other.basin, other.dataset), "ledger")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A ledger of the teaching river with a plan, facts, and a forecast with its low and high."""
    place = tmp_path_factory.mktemp("told")
    wf.allocate(wf.read_basin("two_reservoirs")).save(place / "plan.nc")
    head = "place,quantity,period,value,unit\n"
    (place / "facts.csv").write_text(head + "mountain,release,2025-01,90,Mm3\nmountain,storage,2025-01-31,520,Mm3\n")
    head, about = "location,time,value,unit,member,issued\n", "m3/s,{member},2025-01-31\n"
    rows = [f"mountain,2025-0{m},{v},{about.format(member=e)}" for e, vs in FORECAST.items() for m, v in zip((2, 3), vs, strict=True)]
    (place / "forecast.csv").write_text(head + "".join(rows))
    given_ = ("--by", "UP", "--source", "invented")
    ledger = str(place / "season.jsonl")
    assert cli.main(["ledger", "add", ledger, str(place / "plan.nc"), "--by", "UP"]) == 0
    assert cli.main(["ledger", "add", ledger, str(place / "facts.csv"), *given_, "--grade", "assumed"]) == 0
    assert cli.main(["ledger", "forecast", ledger, str(place / "forecast.csv"), *given_]) == 0
    return place


FORECAST = {"low": (30, 40), "mean": (35, 60), "high": (40, 90)}


def test_a_notice_from_a_ledger_in_two_languages(folder, capsys):
    argv = ["replan", "two_reservoirs", "--ledger", str(folder / "season.jsonl")]
    assert cli.main([*argv, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "Known on the morning of 2025-02-01" in told
    assert "2 figures of runoff are a new forecast" in told
    assert cli.main([*argv, "--on", "2025-02-11", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["day"], found["begins"], found["forecasts"]) == ("2025-02-11", "2025-03-01", 1)


def test_what_would_go_unheard_is_refused(folder, capsys):
    ledger = str(folder / "season.jsonl")
    assert cli.main(["replan", "two_reservoirs", "--on", "2025-02-01", "--source", "x"]) == 3
    assert cli.main(["replan", "two_reservoirs"]) == 3
    assert "--on" in capsys.readouterr().err
    assert cli.main(["replan", "two_reservoirs", "--ledger", ledger, "--set", "runoff.all=x0.9"]) == 3
    assert "another-plan" in capsys.readouterr().err
    assert cli.main(["replan", "two_reservoirs", "--ledger", ledger, "--source", "nobody"]) == 3
    assert cli.main(["ledger", "replan", ledger, "two_reservoirs"]) == 3
    assert "waterflow replan MODEL --ledger LEDGER" in capsys.readouterr().err
    assert cli.main(["ledger", "add", ledger, "x.csv", "--kind", "forecast", "--by", "UP"]) == 2
    assert "waterflow ledger forecast" in capsys.readouterr().err


def test_a_forecast_in_pi_xml_says_what_the_same_in_csv_says(folder, capsys):
    """Typed again from the other form, every figure is there already, just so: of two months, by dekad."""
    pytest.importorskip("fewsxml")
    mean = [replace(x, member="") for x in read_forecast_csv(folder / "forecast.csv", []) if x.member == "mean"]
    (folder / "forecast.xml").write_bytes(pi_xml(mean))
    argv = ["ledger", "forecast", str(folder / "season.jsonl"), str(folder / "forecast.xml"), "--by", "UP", "--source", "invented"]
    assert cli.main(argv) == 0
    said = capsys.readouterr()
    assert "0 rows were added" in said.out
    assert "6 figures were there already" in said.err
