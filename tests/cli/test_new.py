"""Templates: written once, whole, in both languages; each is read clean, and so is what it offers to take up."""

import re
import shlex

import pytest

from waterflow import cli
from waterflow.loading.shipped import shipped_models
from waterflow.words.catalogue import languages


def said(capsys, *arguments, code=0):
    assert cli.main([str(x) for x in arguments]) == code, capsys.readouterr().err
    return capsys.readouterr()


def warnings(told):
    return [line for line in told.err.splitlines() if line.startswith(("warning", "предупреждение", "внимание"))]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("model", shipped_models())
def test_an_agreement_is_read_clean_and_so_are_its_other_clauses(model, language, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    said(capsys, "new", "agreement", model, path, "--lang", language)
    plain = said(capsys, "check", model)
    assert warnings(said(capsys, "check", model, "--agreement", path)) == warnings(plain)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^#(  )", r"\1", text), encoding="utf-8")
    said(capsys, "check", model, "--agreement", path)
    assert text.count("  - id:") == path.read_text(encoding="utf-8").count("\n  - id:")


@pytest.mark.parametrize("model", shipped_models())
def test_a_scenario_is_read_clean_and_changes_something(model, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    said(capsys, "new", "scenario", model, path)
    assert "changed from the model's own choices" in said(capsys, "check", model, "--scenario", path).err


@pytest.mark.parametrize("model", shipped_models())
def test_a_model_of_ones_own_is_that_of_its_start(model, tmp_path, capsys):
    folder = tmp_path / "my river"
    said(capsys, "new", "model", model, folder)
    start, own = said(capsys, "check", model).out.splitlines(), said(capsys, "check", folder).out.splitlines()
    assert own[0].startswith("my_river")
    assert own[1:] == start[1:]
    assert not list(tmp_path.glob(".waterflow*"))


def test_a_small_river_is_where_a_model_starts(tmp_path, capsys):
    said(capsys, "new", "model", tmp_path / "small")
    assert "2 reservoirs" in said(capsys, "check", tmp_path / "small").out
    said(capsys, "allocate", tmp_path / "small")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_plan_is_judged_unbroken(ending, tmp_path, capsys):
    path = tmp_path / f"plan{ending}"
    said(capsys, "new", "plan", "two_reservoirs", path)
    assert "Nothing" in said(capsys, "evaluate", "two_reservoirs", path).out


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("agreement", "there.yaml", "already-there"),
        ("model", "there", "already-there"),
        ("plan", "plan.ods", "bad-sheet"),
        ("scenario", "mine.txt", "bad-sheet"),
    ],
)
def test_nothing_is_written_over_and_no_file_is_lost_by_its_name(kind, name, code, tmp_path, capsys):
    (tmp_path / "there.yaml").write_text("mine", encoding="utf-8")
    (tmp_path / "there").mkdir()
    assert code in said(capsys, "new", kind, "two_reservoirs", tmp_path / name, code=3).err
    assert (tmp_path / "there.yaml").read_text(encoding="utf-8") == "mine"
    assert sorted(x.name for x in tmp_path.iterdir()) == ["there", "there.yaml"]


def test_the_command_that_a_template_names_runs(tmp_path, capsys, monkeypatch):
    """Typed as it stands, in the folder where the template was asked for, for a shipped model and for one's own."""
    monkeypatch.chdir(tmp_path)
    said(capsys, "new", "model", "mine")
    for kind, model, path in (("agreement", "./mine", "a.yaml"), ("scenario", "two_reservoirs", "s b.yaml")):
        said(capsys, "new", kind, model, path)
    for path in ("mine/model.yaml", "a.yaml", "s b.yaml"):
        (line,) = (x for x in (tmp_path / path).read_text(encoding="utf-8").splitlines() if x.startswith("# ") and ": waterflow " in x)
        said(capsys, *shlex.split(line.partition(": waterflow ")[2]))


@pytest.mark.parametrize("kind", ["model", "scenario"])
def test_an_option_that_would_not_be_heeded_is_refused(kind, tmp_path, capsys):
    told = said(capsys, "new", kind, "syr_darya", tmp_path / "x.yaml", "--scenario", "dry_year", code=2).err
    assert "without --scenario and --step" in told


def test_a_template_for_no_model_is_asked_for_again(tmp_path, capsys):
    assert "which model is it for?" in said(capsys, "new", "agreement", tmp_path / "a.yaml", code=2).err


def test_a_template_for_a_folder_that_is_not_there_is_refused(tmp_path, capsys):
    assert "no such folder" in said(capsys, "new", "agreement", "two_reservoirs", tmp_path / "no" / "a.yaml", code=3).err


def test_the_next_command_is_told_and_runs(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = said(capsys, "new", "model", "my_river").out.splitlines()
    assert told[1] == "Next: waterflow check ./my_river"
    said(capsys, *shlex.split(told[1].partition("waterflow ")[2]))


def test_a_folder_that_is_here_is_told_and_a_dot_is_a_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said(capsys, "new", "model", "my_river")
    refused = said(capsys, "check", "my_river", code=3).err
    assert "There is a folder of that name here: write ./my_river." in refused
    monkeypatch.chdir(tmp_path / "my_river")
    assert said(capsys, "check", ".").out == said(capsys, "check", "./model.yaml").out
    monkeypatch.chdir(tmp_path / "my_river" / "tables")
    said(capsys, "check", "..")
