"""replan, shock and rolling as somebody types them: a notice in two languages, every slip told at once with exit code 3."""

import json

import pytest

import waterflow as wf
from waterflow.cli import main

HEAD = "quantity,place,period,value,unit,source,grade\n"
FACTS = (
    HEAD
    + """storage,mountain,2025-03-01,350,Mm3,sheet,observed
storage,plain,2025-03-01,60,Mm3,sheet,observed
withdrawal,valley_fields,2025-02,0,m3/s,sheet,observed
flow,lower,2025-02,0.03,km3,sheet,observed
runoff,mountain,2025-04,100,m3/s,forecast,assumed
"""
)


def run(capsys, *argv, lang="en"):
    code = main([*argv, "--lang", lang])
    out, err = capsys.readouterr()
    return code, out, err


def table(tmp_path, text, name="facts.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_notice_of_a_correction(capsys, tmp_path):
    facts, page = table(tmp_path, FACTS), tmp_path / "notice.html"
    argv = ("replan", "two_reservoirs", "--facts", facts, "--on", "2025-03-01", "--to", str(page))
    code, out, err = run(capsys, *argv)
    assert code == 0, err
    assert "Notice of a correction to the plan from 2025-03-01 on" in out
    assert "1 figure of runoff is a new forecast" in out
    assert "Not reported, taken from the approved plan: flows of " in out
    assert "Targets, Mm3" in page.read_text(encoding="utf-8")
    code, out, _ = run(capsys, *argv, lang="ru")
    assert code == 0
    assert "Извещение о корректировке плана с 2025-03-01" in out
    code, out, _ = run(capsys, *argv, "--format", "json")
    found = json.loads(out)
    assert (found["begins"], found["forecasts"]) == ("2025-03-01", 1)
    target = next(x for x in found["changes"] if x["kind"] == "target")
    assert 0 < target["seen"] <= target["newest"]


def test_everything_wrong_with_facts_is_told_at_once(capsys, tmp_path):
    text = (
        HEAD
        + """storage,mountian,2025-03-01,350,Mm3,sheet,observed
storage,plain,March,60,Mm3,sheet,observed
storage,plain,2025-03-01,60,m3/s,sheet,observed
withdrawal,valley_fields,2024-02,1,m3/s,sheet,observed
level,plain,2025-02,1,m3/s,sheet,observed
flow,lower,2025-02,,km3,,guess
flow,lower,2025-01,-1,km3,sheet,observed
unserved,UP,2025-01,1,Mm3,sheet,observed
"""
    )
    code, _, err = run(capsys, "replan", "two_reservoirs", "--facts", table(tmp_path, text), "--on", "2025-03-01")
    assert code == 3
    expected = (
        "unknown-reservoir",
        "bad-date",
        "unknown-unit",
        "outside-horizon",
        "unknown-quantity",
        "blank",
        "unknown-grade",
        "negative",
    )
    assert not [x for x in expected if f"[{x}]" not in err], err
    assert "Did you mean mountain" in err


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("withdrawal,valley_fields,2025-03,1,Mm3,s,observed\n", "outside-horizon"),
        ("storage,plain,2025-02-10,50,Mm3,s,observed\n", "outside-horizon"),
        ("storage,plain,2025-03-01,50,Mm3,s,observed\n" * 2, "twice"),
        ("storage,plain,2025-03-01,50,Mm3,s,observed\nstorage,plain,2025-02-28,50,Mm3,s,observed\n", "twice"),
        ("", "missing-rows"),
    ],
)
def test_a_row_that_would_do_nothing_is_refused(capsys, tmp_path, rows, code):
    found, _, err = run(capsys, "replan", "two_reservoirs", "--facts", table(tmp_path, HEAD + rows), "--on", "2025-03-01")
    assert (found, f"[{code}]" in err) == (3, True), err


def test_a_storage_of_the_evening_is_that_of_the_morning_after(capsys, tmp_path):
    evening = FACTS.replace("2025-03-01", "2025-02-28")
    told = [run(capsys, "replan", "two_reservoirs", "--facts", table(tmp_path, t), "--on", "2025-03-01")[:2] for t in (FACTS, evening)]
    assert told[0] == told[1]


def test_a_share_in_per_cent_and_a_day_that_is_none_are_told(capsys):
    assert "[not-a-share]" in run(capsys, "replan", "two_reservoirs", "--on", "2025-03-01", "--tolerance", "15")[2]
    assert "[bad-date]" in run(capsys, "replan", "two_reservoirs", "--on", "March")[2]
    assert "[bad-date]" in run(capsys, "replan", "two_reservoirs", "--on", "2026-03-01")[2]


def test_a_day_inside_a_month_is_said(capsys):
    code, out, _ = run(capsys, "replan", "two_reservoirs", "--on", "2025-02-16")
    assert code == 0
    assert "From 2025-02-16 to the end of the period, 13 days, the approved plan is taken to run on" in out


def test_a_shock_and_a_slip(capsys):
    code, out, err = run(capsys, "shock", "two_reservoirs", "--out", "plant:mountain_plant@2025-02/2025-03")
    assert code == 0, err
    assert "plant mountain_plant is out, Feb 2025-Mar 2025." in out
    code, _, err = run(capsys, "shock", "two_reservoirs", "--out", "plant:mountain", "--assist", "X:UP=5MW")
    assert code == 3
    assert "Did you mean mountain_plant" in err
    assert "[unknown-party]" in err


def test_a_plan_and_choices_of_the_model_do_not_go_together(capsys, tmp_path):
    plan = str(wf.allocate(wf.read_basin("two_reservoirs")).save(tmp_path / "allocation.nc"))
    assert run(capsys, "replan", "two_reservoirs", "--plan", plan, "--on", "2025-02-01")[0] == 0
    assert "[another-plan]" in run(capsys, "replan", "two_reservoirs", "--plan", plan, "--on", "2025-02-01", "--step", "dekad")[2]
    assert "[another-plan]" in run(capsys, "shock", "syr_darya", "--plan", plan, "--out", "plant:mountain_plant")[2]


def test_a_season_that_cannot_be_replayed_is_told(capsys):
    assert run(capsys, "rolling", "two_reservoirs", "example")[0] == 3
    code, _, err = run(capsys, "rolling", "syr_darya", "season_2023_24", "--to", "2024-01", "--forecast", "oracle")
    assert (code, "[unknown-choice]" in err) == (3, True)
    code, _, err = run(capsys, "rolling", "syr_darya", "season_2023_24", "--to", "2022-01")
    assert (code, "[outside-horizon]" in err) == (3, True)


@pytest.mark.long
def test_two_months_of_an_observed_season(capsys):
    code, out, err = run(capsys, "rolling", "syr_darya", "season_2023_24", "--to", "2023-11", "--forecast", "climatology")
    assert code == 0, err
    assert "planned again at the beginning of every period; forecast: the mean of the" in out
    assert "Planning again, less what was done" in out
