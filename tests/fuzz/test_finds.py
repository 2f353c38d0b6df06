"""Finds of the fuzzer, each with the ending that it should have had: the first case of its kind, and its siblings."""

import json
import subprocess
import sys

import pytest
import xarray as xr

import waterflow as wf
from tests.fuzz.ledgers import chained_again
from tests.fuzz.seats import CORPUS
from waterflow import cli
from waterflow.accounts.plan import Plan
from waterflow.allocation import files as saved_files
from waterflow.basin.basin import Basin
from waterflow.errors import InputError
from waterflow.ledger.days import of_period
from waterflow.ledger.files import append
from waterflow.ledger.planned import plan_rows
from waterflow.ledger.rows import chained
from waterflow.ledger.sound import HAS, unsound

LABELS = ["--labels", str(CORPUS / "labels.csv"), "--by", "UP", "--source", "x", "--grade", "assumed"]


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.nc"
    wf.allocate(wf.read_basin("two_reservoirs")).save(path)
    return path


@pytest.fixture(scope="module")
def opened(plan):
    return xr.open_dataset(plan, engine="h5netcdf").load()


@pytest.fixture
def refused(plan, monkeypatch):
    """What is said of a saved plan with another content."""

    def said(dataset):
        monkeypatch.setattr(saved_files, "content", lambda _: dataset.copy(deep=True))
        with pytest.raises(InputError) as caught:
            wf.open_allocation(plan)
        assert {p.code for p in caught.value.problems} == {"not-an-allocation"}
        return str(caught.value)

    return said


@pytest.mark.parametrize("name", ["stage_unit", "certificate_dual", "stage_value", "need", "arriving_flow"])
def test_a_plan_without_something_of_every_plan_is_named_and_not_half_read(name, opened, refused):
    assert f"without {name}" in refused(opened.drop_vars(name))


def test_a_plan_whose_figures_were_changed_after_it_was_saved_is_refused(opened, refused):
    """One delivery more than there is: the water of its node does not close, whatever the certificate in the file says."""
    changed = opened.copy(deep=True)
    changed["delivery"].values[0, -1] += 7.5
    assert "does not close" in refused(changed)
    changed["delivery"].values[0, -1] = float("nan")
    assert "no numbers" in refused(changed)
    del changed.attrs["water_residual_Mm3"]
    assert "without water_residual_Mm3" in refused(changed)


def test_a_plan_with_a_unit_that_is_no_text_is_refused(opened, refused):
    """An attribute of two numbers had no room in a long table."""
    changed = opened.copy(deep=True)
    changed["delivery"].attrs["unit_in_words"] = [1.0, 2.0]
    assert "a unit or a name that is no text" in refused(changed)


def test_parts_out_of_a_damaged_file_are_refused():
    told = wf.read_basin("two_reservoirs").model_dump(mode="json") | {"unserved_blocks": [[{}]]}
    with pytest.raises(ValueError, match="unserved_blocks"):
        Basin.model_validate(told)


def test_a_plan_on_other_names_or_dimensions_is_refused(opened, refused):
    other = opened.assign_coords(node=[f"{x}x" for x in opened["node"].values])
    assert "other names on the dimension node" in refused(other)
    flat = opened.assign(stage_value=("other", opened["stage_value"].values))
    assert "stage_value of another kind" in refused(flat)
    basin = json.loads(opened.attrs["basin_json"])
    reach = next(iter(basin["reaches"].values()))
    reach["travel_days"] = [*reach["travel_days"], 1.0]
    assert "a basin that cannot be read" in refused(opened.assign_attrs(basin_json=json.dumps(basin)))


@pytest.mark.parametrize("error", [SystemError, RecursionError, MemoryError, OverflowError, AssertionError])
def test_whatever_a_library_raises_on_a_damaged_file_is_a_refusal(error, plan, monkeypatch):
    """h5py answered a flipped bit with a SystemError."""

    def broken(*_, **__):
        raise error

    monkeypatch.setattr(saved_files.xr, "open_dataset", broken)
    with pytest.raises(InputError, match="damaged"):
        wf.open_allocation(plan)


@pytest.mark.parametrize("cell", ["inf", "-inf", "nan", "1e999"])
def test_a_number_without_end_among_days_is_no_day(cell, tmp_path, capsys):
    text = (CORPUS / "daily.csv").read_text(encoding="utf-8").replace("Limit,1,", f"{cell},1,")
    (tmp_path / "daily.csv").write_text(text, encoding="utf-8")
    assert cli.main(["ledger", "add", str(tmp_path / "l.jsonl"), str(tmp_path / "daily.csv"), *LABELS]) == 0
    assert "30 rows" in capsys.readouterr().out


@pytest.fixture(scope="module")
def rows(plan, tmp_path_factory):
    """A ledger with a row of every kind that a plan and people write."""
    path = tmp_path_factory.mktemp("ledger") / "book.jsonl"
    assert cli.main(["ledger", "add", str(path), str(plan), "--by", "UP"]) == 0
    assert cli.main(["ledger", "add", str(path), str(CORPUS / "facts.csv"), "--by", "UP"]) == 0
    assert cli.main(["ledger", "add", str(path), str(CORPUS / "holders.csv"), "--kind", "holders", "--by", "UP"]) == 0
    return [json.loads(line) for line in path.read_bytes().splitlines()]


#: kind, field, what stood in it: as the fuzzer found them
UNSOUND = [
    ("season", "end", "UP"), ("season", "end", "1999-01-01"), ("fact", "period", None), ("fact", "quantity", 2**63),
    ("fact", "value", None),
    ("fact", "value", 10**400), ("fact", "source", [["x"]]), ("fact", "place", {}), ("plan", "values", {"no label": 1.0}),
    ("plan", "values", {"2025-02": None}), ("plan", "values", {"2025-02": "1"}), ("plan", "values", {"2025-02": [1.0]}),
    ("fact", "typed", 5e-324), ("way", "kept", "a"), ("way", "users", {"x": 1}), ("holder", "party", 1), ("place", "sort", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "field", "value"), UNSOUND)
def test_a_row_that_is_no_row_of_its_kind_is_refused_though_its_chain_is_whole(kind, field, value, rows, tmp_path, capsys):
    changed = [dict(row) for row in rows]
    row = next((k for k, row in enumerate(changed) if row["kind"] == kind), None)
    if row is None:
        pytest.fail(f"no row of the kind {kind}")
    changed[row][field] = value
    path = tmp_path / "book.jsonl"
    path.write_bytes(chained_again(changed))
    words = (["status", str(path)], ["log", str(path)], ["merge", str(path), "--out", f"{path}.m"])
    codes = {cli.main(["ledger", *said]) for said in words}
    told = capsys.readouterr().err
    assert codes <= {0, 3}
    assert 3 in codes
    assert "broken-ledger" in told
    assert f"line {row + 1}" in told


@pytest.mark.parametrize(("model", "step"), [("syr_darya", "month"), ("syr_darya", "dekad"), ("amu_darya", None), ("bahri_tojik", None)])
def test_a_plan_of_every_river_makes_a_ledger_that_is_read_again(model, step, tmp_path):
    """Travel times that change through the year were taken for a broken row: no ledger of the Syr Darya could be asked anything."""
    basin = wf.read_basin(model, step=step) if step else wf.read_basin(model)
    found = plan_rows(Plan(basin, wf.allocate(basin).dataset), "test")
    assert {unsound(json.loads(row.raw)) for row in chained(found, "0" * 64, "UP", "2026-11-28T00:00:00Z")} == {""}
    gate = next(iter(basin.reservoirs))
    seen = {"kind": "fact", "place": gate, "quantity": "release", "period": basin.calendar.labels[0], "value": 500.0, "unit": "Mm3"}
    path = tmp_path / "book.jsonl"
    append(path, lambda _: [*found, {**seen, "source": "x", "grade": "assumed"}], "UP")
    assert cli.main(["ledger", "status", str(path)]) == 0


def test_a_way_is_told_where_a_period_has_no_travel_time():
    assert of_period({"2025-01": 3}, "2025-01") == of_period(3, "2025-02") == 3
    with pytest.raises(InputError, match="without a sound 2025-02"):
        of_period({"2025-01": 3}, "2025-02")


def test_what_could_not_be_read_again_is_not_written(tmp_path):
    path = tmp_path / "book.jsonl"
    way = {"kind": "way", "plan": "p", "place": "x", "to": "y", "reaches": [], "days": -1, "kept": 1, "users": {}}
    with pytest.raises(InputError, match="without a sound days"):
        append(path, lambda _: [way], "UP")
    assert not path.exists() or not path.read_bytes()


def test_every_row_that_is_written_is_sound(rows):
    assert not [unsound(row) for row in rows if unsound(row)]
    assert {row["kind"] for row in rows} <= set(HAS)
    assert unsound([]) == unsound({"kind": "none"}) == "kind"


def shell(words, **streams):
    command = [sys.executable, "-c", "from waterflow.cli import run; run()", *words]
    return subprocess.run(["/bin/bash", "-c", f'"$@" {streams["to"]}', "bash", *command], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
@pytest.mark.parametrize(
    ("words", "to", "code", "told"),
    [
        (["models"], "> /dev/full", 3, "standard output: found no space left on the disk"),
        (["models"], ">&-", 0, ""),
        (["models"], "| true; exit ${PIPESTATUS[0]}", 0, ""),
        (["check", "no_such_river"], "2> /dev/full", 3, ""),
        (["check", "no_such_river"], "2>&-", 3, ""),
    ],
)
def test_outputs_that_are_full_or_closed(words, to, code, told):
    """A full output is told in a line; messages that nobody can hear change no exit code."""
    found = shell(words, to=to)
    assert found.returncode == code
    assert "Traceback" not in found.stderr
    assert told in found.stderr
    assert ("[bad-output]" in found.stderr) == (code == 3 and words == ["models"])


def test_what_cannot_be_a_folder_is_told(tmp_path, capsys):
    """A file stands where a folder should be, for every command that makes folders or locks before it writes."""
    (tmp_path / "file").write_text("old")
    inside = str(tmp_path / "file" / "x")
    facts = ["--by", "UP"]
    for words in (
        ["season", "new", "two_reservoirs", "2027", "--out", inside],
        ["ledger", "merge", str(tmp_path / "none.jsonl"), "--out", f"{inside}/m.jsonl"],
        ["ledger", "add", f"{inside}/m.jsonl", str(CORPUS / "facts.csv"), *facts],
        ["replan", "two_reservoirs", "--on", "2025-02-01", "--save", f"{inside}/n.nc", "--no-progress"],
    ):
        assert cli.main(words) == 3, words
        told = capsys.readouterr().err
        assert "bad-folder" in told or "no-such-file" in told, told
    assert (tmp_path / "file").read_text() == "old"
