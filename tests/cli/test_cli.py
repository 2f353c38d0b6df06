"""The command: answers on standard output, everything else on standard error, and exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import waterflow as wf
from waterflow import cli
from waterflow.errors import ConflictError, SolverError

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "pandas", "xarray", "pyomo", "highspy", "pydantic")
FILES = {"allocation.nc", "report.json", "report.txt", "report.csv", "plan.csv", "plan.xlsx"}


def test_larson_as_json(capsys):
    assert cli.main(["allocate", "larson_four_reservoirs", "--format", "json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["objective"] == pytest.approx(401.3, abs=1e-6)
    assert (facts["model"], facts["scenario"], facts["step"], facts["status"]) == ("larson_four_reservoirs", "larson", "month", "optimal")
    assert facts["targets"] == []


def test_the_table_is_the_default_and_the_same_as_the_summary(capsys):
    assert cli.main(["allocate", "two_reservoirs"]) == 0
    assert capsys.readouterr().out == wf.allocate(wf.read_basin("two_reservoirs")).summary()


def test_csv(capsys):
    assert cli.main(["allocate", "two_reservoirs", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("section,place,window,quantity,unit,value\n")


REFUSED = [
    (["allocate", "nowhere"], 3, "unknown-model"),
    (["allocate", "larson_four_reservoirs", "--step", "dekad"], 3, "step-not-offered"),
    (["allocate", "larson_four_reservoirs", "--scenario", "wet"], 3, "unknown-scenario"),
    (["check", "./nowhere.yaml"], 3, "no-such-file"),
    (["compare", "two_reservoirs", "example", "wet"], 3, "unknown-scenario"),
    ([], 2, "usage"),
    (["allocate"], 2, "usage"),
    (["allocate", "two_reservoirs", "--step", "year"], 2, "invalid choice"),
    (["compare", "two_reservoirs", "example"], 2, "usage"),
    (["divide", "two_reservoirs"], 2, "invalid choice"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), REFUSED)
def test_what_is_refused_leaves_standard_output_empty(arguments, code, said, capsys):
    assert cli.main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("error", "code"),
    [(ConflictError(("a", "b"), (("a", 1.0, "Mm3"),)), 4), (SolverError("unbounded"), 5), (RuntimeError("a fault"), 1)],
)
def test_errors_of_a_solve_have_their_codes(error, code, capsys, monkeypatch, tmp_path):
    def fail(_basin):
        raise error

    monkeypatch.setattr("waterflow.allocation.allocate.allocate", fail)
    assert cli.main(["allocate", "two_reservoirs", "--out", str(tmp_path / "out")]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert ("Traceback" in err) == (code == 1)
    assert list(tmp_path.iterdir()) == []


def test_out_writes_six_files_that_agree(capsys, tmp_path):
    folder = tmp_path / "deep" / "out"
    assert cli.main(["allocate", "two_reservoirs", "--format", "json", "--out", str(folder)]) == 0
    out = capsys.readouterr().out
    assert {p.name for p in folder.iterdir()} == FILES
    assert [p.name for p in folder.parent.iterdir()] == ["out"], "nothing half-made is left behind"
    assert (folder / "report.json").read_text() == out
    assert wf.open_allocation(folder / "allocation.nc").summary(full=True) == (folder / "report.txt").read_text()


def test_out_keeps_what_is_there_and_replaces_its_own(capsys, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "report.txt").write_text("old")
    assert cli.main(["allocate", "two_reservoirs", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
    capsys.readouterr()
    assert cli.main(["allocate", "two_reservoirs", "--full"]) == 0
    assert (tmp_path / "report.txt").read_text() == capsys.readouterr().out


def test_out_at_a_file_is_refused_and_the_file_stays(capsys, tmp_path):
    there = tmp_path / "out"
    there.write_text("mine")
    for command in ("allocate", "calibrate"):
        assert cli.main([command, "two_reservoirs", "--out", str(there)]) == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert "bad-folder" in err
    assert there.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [there]


def test_a_failure_while_writing_leaves_nothing(capsys, tmp_path, monkeypatch):
    def fail(_self, _path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    assert cli.main(["allocate", "two_reservoirs", "--out", str(tmp_path / "out")]) == 3
    assert "no space left on the disk" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_says_what_it_changed_on_standard_error(capsys):
    assert cli.main(["check", "syr_darya", "--scenario", "dry_year"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("syr_darya dry_year: ok\n")
    assert "runoff: season_2024_25 -> dry_year" in err
    assert "runoff:" not in out


def test_check_counts(capsys):
    assert cli.main(["check", "larson_four_reservoirs"]) == 0
    out = capsys.readouterr().out
    assert "4 reservoirs" in out
    assert "172 input rows, 0 of them assumed" in out


def test_models_name_titles_and_scenarios(capsys):
    assert cli.main(["models"]) == 0
    out = capsys.readouterr().out
    assert "syr_darya: Syr Darya, Toktogul to the North Aral" in out
    assert "energy_first" in out


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_compare(form, capsys):
    assert cli.main(["compare", "two_reservoirs", "example", "example", "--format", form]) == 0
    out = capsys.readouterr().out
    if form == "json":
        assert json.loads(out)["scenarios"] == ["example", "example (2)"]
    else:
        assert "example (2)" in out


def test_the_whole_comparison_names_every_scenario(capsys):
    assert cli.main(["compare", "two_reservoirs", "example", "example", "--all"]) == 0
    assert "example (2)" in capsys.readouterr().out


def test_progress_is_told_on_standard_error_only(capsys, monkeypatch):
    monkeypatch.setattr("waterflow.commands.waiting.PATIENCE", 0.0)
    assert cli.main(["allocate", "larson_four_reservoirs", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert "allocating larson_four_reservoirs: 0 s" in err
    json.loads(out)
    assert cli.main(["allocate", "larson_four_reservoirs", "--format", "json", "--no-progress"]) == 0
    assert capsys.readouterr().err == ""


def command(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "waterflow.cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, **options
    )


def test_the_command_as_a_process():
    done = command("allocate", "larson_four_reservoirs", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["objective"] == pytest.approx(401.3, abs=1e-6)
    refused = command("allocate", "nowhere")
    assert (refused.returncode, refused.stdout) == (3, "")


def test_a_reader_that_goes_away_is_no_error():
    code = f"{sys.executable} -m waterflow.cli allocate syr_darya --no-progress | head -1"
    done = subprocess.run(code, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.stdout == "Syr Darya, Toktogul to the North Aral\n"
    assert "Error" not in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["allocate", "--help"], ["--version"]])
def test_help_and_version_import_nothing_heavy(arguments):
    code = (
        f"import sys\nfrom waterflow.cli import main\ncode = main({arguments!r})\nprint(code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
