"""`waterflow ensemble`: members from a file, drawn or recorded; one page, JSON and CSV, in two languages; exit codes."""

import csv
import io
import json

import numpy as np
import pytest

from tests.futures.ensembles import members
from waterflow import cli
from waterflow.allocation.files import read_dataset
from waterflow.loading.model import read_basin
from waterflow.report.ensemble_text import MOST_LINES
from waterflow.words.layout import WIDTH

MODEL = "two_reservoirs"


def run(capsys, *arguments):
    code = cli.main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(scope="module")
def runoff():
    return members(read_basin(MODEL), 6).rename("runoff")


@pytest.fixture
def file(runoff, tmp_path):
    path = tmp_path / "forecast.nc"
    runoff.to_netcdf(path, engine="h5netcdf")
    return path


def ensemble(capsys, file, *more):
    return run(capsys, "ensemble", MODEL, "--members", str(file), "--workers", "1", *more)


def test_a_page_says_who_the_members_are_and_how_sure_each_promise_is(capsys, file):
    code, out, _ = ensemble(capsys, file)
    assert code == 0
    assert "6 members, from forecast.nc; 6 with a plan." in " ".join(out.split())
    for said in ("How sure each promise is", "Reached or exceeded in so many of the members", "Reliability, resilience, vulnerability"):
        assert said in out
    assert len(out.splitlines()) <= MOST_LINES
    assert max(map(len, out.splitlines())) <= WIDTH


def test_json_and_csv_hold_every_promise(capsys, file):
    _, out, _ = ensemble(capsys, file, "--format", "json")
    facts = json.loads(out)
    assert (facts["model"], facts["members"], facts["planned"], facts["source"]) == (MODEL, 6, 6, "forecast.nc")
    _, out, _ = ensemble(capsys, file, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(r["kind"], r["name"], r["window"]) for r in rows] == [(x["kind"], x["name"], x["window"]) for x in facts["outcomes"]]
    for row, x in zip(rows, facts["outcomes"], strict=True):
        assert float(row["probability"]) == x["probability"]
        assert float(row["exceeded_50"]) == x["exceedance"][3]["value"]


def test_russian(capsys, file):
    code, out, _ = ensemble(capsys, file, "--lang", "ru")
    assert code == 0
    assert not [w for w in ("promise", "member", "reliability", "runoff", "asked", "target") if w in out]
    for said in ("Надёжность", "Насколько", "млн м³"):
        assert said in out


def test_to_writes_every_plan_and_leaves_no_journal(capsys, file, tmp_path):
    code, _, err = ensemble(capsys, file, "--to", str(tmp_path / "plans.nc"))
    assert code == 0
    assert "written to" in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["forecast.nc", "plans.nc"]
    found, _ = read_dataset(tmp_path / "plans.nc")
    assert found["flow"].dims == ("member", "reach", "period")
    assert list(found["member"].values) == [f"m{k}" for k in range(1, 7)]


def test_resume_keeps_the_journal_where_it_is_told(capsys, file, tmp_path):
    first = ensemble(capsys, file, "--resume", str(tmp_path / "kept"))
    assert first[0] == 0
    assert len(list((tmp_path / "kept").glob("chunk-*"))) == 6
    assert ensemble(capsys, file, "--resume", str(tmp_path / "kept")) == first
    code, out, err = ensemble(capsys, file, "--resume", str(tmp_path / "kept"), "--set", "opening_storage.mountain=501")
    assert (code, out) == (3, "")
    assert "another-ensemble" in err


def test_nodes_a_file_does_not_name_keep_their_own_and_are_told(capsys, tmp_path):
    asked = ("syr_darya", "--scenario", "benefit", "--workers", "1")
    own = members(read_basin("syr_darya", "benefit"), 2).rename("runoff")
    own.isel(node=slice(0, -1)).to_netcdf(tmp_path / "some.nc", engine="h5netcdf")
    code, out, err = run(capsys, "ensemble", *asked, "--members", str(tmp_path / "some.nc"))
    assert code == 0
    assert f"some.nc has nothing for {own['node'].values[-1]}: their own runoff is kept" in err
    assert f"keep the model's own runoff: {own['node'].values[-1]}." in " ".join(out.split())


def spoilt(runoff, change):
    return change(runoff.copy(deep=True))


WRONG = {
    "no such file": (None, "no-such-file"),
    "no netcdf": (b"words", "bad-runoff"),
    "no units": (lambda r: r.assign_attrs(units=""), "unknown-unit"),
    "other periods": (lambda r: r.isel(period=slice(1, None)), "bad-runoff"),
    "a strange node": (lambda r: r.assign_coords(node=["x", *r["node"].values[1:]]), "unknown-node"),
    "a hole": (lambda r: r.where(r["period"] != r["period"][0]), "bad-runoff"),
    "another variable": (lambda r: r.rename("rain"), "bad-runoff"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_no_forecast_is_refused(capsys, runoff, tmp_path, what):
    made, said = WRONG[what]
    path = tmp_path / "forecast.nc"
    if isinstance(made, bytes):
        path.write_bytes(made)
    elif made:
        spoilt(runoff, made).to_netcdf(path, engine="h5netcdf")
    code, out, err = ensemble(capsys, path)
    assert (code, out) == (3, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("typed", ["few", "-3", "0", "2.5"])
def test_a_number_that_is_none_is_refused(capsys, typed):
    code, out, err = run(capsys, "ensemble", "syr_darya", f"--members={typed}")
    assert (code, out) == (3, "")
    assert "not-a-number" in err


def test_a_seed_below_zero_is_refused(capsys):
    code, out, err = run(capsys, "ensemble", "syr_darya", "--members", "2", "--seed", "-1")
    assert (code, out) == (3, "")
    assert "not-a-number" in err


def test_members_or_history_must_be_chosen(capsys):
    assert run(capsys, "ensemble", MODEL)[0] == 2
    assert run(capsys, "ensemble", MODEL, "--members", "3", "--historical")[0] == 2


def test_bad_members_are_told_and_the_others_answer(capsys, runoff, tmp_path):
    bad = runoff.copy(deep=True)
    bad[2, 0, 1] = np.nan
    bad.to_netcdf(tmp_path / "bad.nc", engine="h5netcdf")
    code, out, _ = ensemble(capsys, tmp_path / "bad.nc")
    assert code == 0
    assert "member 3 (m3): its runoff is not valid" in " ".join(out.split())


def test_no_member_with_a_plan_is_an_error(capsys, runoff, file, tmp_path):
    bad = runoff.copy(deep=True)
    bad[:, 0, 0] = -1.0
    bad.to_netcdf(tmp_path / "bad.nc", engine="h5netcdf")
    code, out, err = ensemble(capsys, tmp_path / "bad.nc")
    assert (code, out) == (3, "")
    assert err.count("bad-runoff") == 6
    code, out, err = ensemble(capsys, file, "--set", "storage_at_least.mountain.2025-02-01=9000")
    assert (code, out) == (4, "")
    assert "no member has a plan; of member 1:" in err
    assert "storage_held[mountain/at_least/2025-02-01]" in err


def test_members_without_a_plan_say_what_clashes(capsys, runoff, tmp_path):
    """What is kept for May needs more than the driest member brings."""
    some = runoff.copy(deep=True)
    some[3] = 0.0
    some.to_netcdf(tmp_path / "some.nc", engine="h5netcdf")
    code, out, _ = ensemble(capsys, tmp_path / "some.nc", "--set", "storage_at_least.mountain.2025-05-01=520")
    assert code == 0
    told = " ".join(out.split())
    assert "Members without a plan" in out
    assert "- member 4 (m4): with 0 Mm3 these cannot hold together:" in told
    assert "holds at least 520.0 Mm3 at the end of Apr 2025" in told
    assert "A member without a plan meets no promise" in told


@pytest.mark.parametrize("how", [("--historical",), ("--members", "4", "--seed", "9")])
def test_members_of_the_record(capsys, how, monkeypatch):
    from waterflow.futures import members as drawn

    real = drawn.historical
    monkeypatch.setattr(drawn, "historical", lambda model: real(model).isel(member=[0, 30]))
    code, out, _ = run(capsys, "ensemble", "syr_darya", "--scenario", "benefit", *how, "--workers", "1", "--format", "json")
    assert code == 0
    facts = json.loads(out)
    assert facts["source"] == ("historical" if how[0] == "--historical" else "generated")
    assert facts["seed"] == (None if how[0] == "--historical" else 9)
    assert facts["planned"] == facts["members"] == (2 if how[0] == "--historical" else 4)


def test_waiting_tells_rate_and_time_left(capsys, file, monkeypatch):
    monkeypatch.setattr("waterflow.commands.waiting.PATIENCE", 0.0)
    monkeypatch.setattr("waterflow.commands.waiting.REMINDER", 0.01)
    _, _, err = ensemble(capsys, file)
    assert "planning 6 members: " in err
    assert "a second" in err
    assert "s left" in err
    monkeypatch.setattr("waterflow.commands.waiting.PATIENCE", 0.0)
    assert ensemble(capsys, file, "--no-progress")[2] == ""
