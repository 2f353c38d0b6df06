"""`waterflow decide`: drawn or recorded futures or a table of them; one page, JSON and CSV, in two languages; exit codes."""

import csv
import io
import json

import pytest

from tests.futures.ensembles import members
from waterflow import cli
from waterflow.loading.model import read_basin
from waterflow.words.layout import WIDTH

MODEL = "two_reservoirs"
HEAD = "node,parent,from,probability,runoff,power_price,source,grade,note"


def run(capsys, *arguments):
    code = cli.main(["decide", MODEL, *arguments, "--no-progress"])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def table(tmp_path):
    """A table of futures, from its rows."""

    def written(*rows):
        path = tmp_path / "futures.csv"
        path.write_text("\n".join([HEAD, *rows]) + "\n")
        return str(path)

    return written


@pytest.fixture(scope="module")
def usual():
    """A root and two futures of the model's own horizon; the source is the model's own key."""
    basin = read_basin(MODEL)
    first, later = basin.calendar.labels[0], basin.calendar.labels[2]
    return [
        f"now,,{first},1,,,made_up,assumed,",
        f"dry,now,{later},0.4,0.6,,made_up,assumed,",
        f"wet,now,{later},0.6,1.2,,made_up,assumed,",
    ]


def test_a_page_says_what_is_decided_now_and_what_knowing_is_worth(capsys, table, usual):
    code, out, err = run(capsys, "--tree", table(*usual), "--money")
    assert code == 0, err
    for said in (
        "2 futures, from futures.csv",
        "What is decided before knowing",
        "One sum of benefits decides",
        "How sure each promise is",
    ):
        assert said in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= WIDTH


def test_the_order_of_the_model_counts_unless_money_is_asked_for(capsys, table, usual):
    _, out, _ = run(capsys, "--tree", table(*usual), "--format", "json")
    facts = json.loads(out)
    assert facts["order"] == [p.name for p in read_basin(MODEL).objective.priorities]
    assert [x["stage"] for x in facts["stages"]][-1] == "cost"
    assert (facts["leaves"], facts["nodes"], facts["measure"]) == (2, 3, "mean")


def test_json_and_csv_hold_the_same_decisions(capsys, table, usual):
    path = table(*usual)
    facts = json.loads(run(capsys, "--tree", path, "--money", "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(run(capsys, "--tree", path, "--money", "--format", "csv")[1])))
    assert [float(row["decided_Mm3"]) for row in rows] == [x["decided_Mm3"] for x in facts["now"]]


def test_members_of_a_file_are_leaves(capsys, tmp_path):
    path = tmp_path / "forecast.nc"
    members(read_basin(MODEL), 3).rename("runoff").to_netcdf(path, engine="h5netcdf")
    code, out, err = run(capsys, "--members", str(path), "--money", "--format", "json")
    assert code == 0, err
    facts = json.loads(out)
    assert (facts["leaves"], facts["source"]) == (3, "forecast.nc")
    assert facts["told_apart"] == next(p.label for p in read_basin(MODEL).calendar.periods[1:] if p.season == "growing")


@pytest.mark.parametrize("more", [["--cvar", "0.5"], ["--regret"]])
def test_caution_is_said_and_changes_the_measure(capsys, table, usual, more):
    code, out, err = run(capsys, "--tree", table(*usual), "--money", *more)
    assert code == 0, err
    assert "Every stage is best on average" not in out
    assert "EVPI" not in out


def test_in_russian_nothing_is_left_in_english(capsys, table, usual):
    code, out, _ = run(capsys, "--tree", table(*usual), "--lang", "ru")
    assert code == 0
    for english in ("decided", "foreseen", "promise", "futures,"):
        assert english not in out
    assert max(map(len, out.splitlines())) <= WIDTH


def test_everything_wrong_with_a_table_is_told_at_once(capsys, table, usual):
    rows = [usual[0], usual[1].replace("0.4,0.6,", "0.4,2031-10,cheap"), usual[2]]
    code, _, err = run(capsys, "--tree", table(*rows))
    assert code == 3
    assert "row 3, power_price: found cheap" in err
    rows = [usual[0], usual[1].replace("0.4,0.6", "0.5,-1"), usual[2]]
    code, _, err = run(capsys, "--tree", table(*rows))
    assert code == 3
    assert "row 2, probability: found 1.1" in err
    assert "row 3, runoff: found -1" in err


def test_a_table_and_members_at_once_are_refused(capsys, table, usual):
    code, _, err = run(capsys, "--tree", table(*usual), "--members", "3", "--from", "2025-03")
    assert code == 3
    assert "--members, --from" in err


def test_a_first_unknown_period_outside_the_horizon_is_refused(capsys, tmp_path):
    path = tmp_path / "forecast.nc"
    members(read_basin(MODEL), 3).rename("runoff").to_netcdf(path, engine="h5netcdf")
    code, _, err = run(capsys, "--members", str(path), "--from", "1999-01")
    assert code == 3
    assert "--from: found 1999-01" in err


def test_a_chance_is_asked_by_place_and_one_that_is_none_is_told(capsys, table, usual):
    path = table(*usual)
    place = next(iter(read_basin(MODEL).targets.values())).place
    code, out, _ = run(capsys, "--tree", path, "--money", "--chance", f"{place}=0.5")
    assert code == 0
    assert "is met with a probability of 50 % or more" in " ".join(out.split())
    code, _, err = run(capsys, "--tree", path, "--chance", "nowhere=0.5")
    assert code == 3
    assert "unknown-target" in err
    assert run(capsys, "--tree", path, "--chance", "nowhere")[0] == 2
    assert run(capsys, "--tree", path, "--chance", f"{place}=0.5", "--chance", f"{place}=0.9")[0] == 3
