"""Model and scenario files: what is unknown, what changes nothing, what is odd but may be allocated."""

import pytest

import waterflow as wf
from tests.loading.broken import Copy

DRY = "format: 1\ntitle: Dry\nreason: a test\n"


def scenario(copy, text, name="dry"):
    folder = copy.folder / "scenarios"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return copy


def test_an_unknown_scenario_is_refused(tmp_path):
    problem = scenario(Copy(tmp_path), DRY).problem(scenario="dri")
    assert (problem.code, problem.found) == ("unknown-scenario", "dri")
    assert "dry" in problem.allowed
    assert "example" in problem.allowed


@pytest.mark.parametrize("same", ["", "series: {runoff: example}\n", "step: month\n"])
def test_a_scenario_that_changes_nothing_is_refused(tmp_path, same):
    problem = scenario(Copy(tmp_path), DRY + same).problem(scenario="dry")
    assert problem.code == "empty-scenario"
    assert "dry.yaml" in problem.where


def test_a_scenario_says_what_it_changed(tmp_path):
    copy = scenario(Copy(tmp_path), DRY + "series: {runoff: dry}\n")
    copy.write("runoff", [*copy.lines("runoff"), *(["dry", "mountain", str(m), "50", "made_up", "assumed"] for m in range(1, 5))])
    basin = wf.read_basin(copy.folder, scenario="dry")
    assert basin.runoff["mountain"] == (50.0,) * 4
    assert basin.changes == ("runoff: example -> dry",)
    assert (basin.scenario, wf.read_basin(copy.folder).changes) == ("dry", ())


def test_a_scenario_cannot_add_structure(tmp_path):
    problem = scenario(Copy(tmp_path), DRY + "nodes: {new: junction}\n").problem(scenario="dry")
    assert problem.code == "bad-model"
    assert "nodes" in problem.where


def test_an_unknown_series_is_refused(tmp_path):
    problem = Copy(tmp_path).text("model.yaml", "runoff: example", "runoff: exmaple").problem()
    assert (problem.code, problem.found) == ("unknown-series", "exmaple")
    assert "example" in problem.allowed


def test_a_series_nobody_chose_is_refused(tmp_path):
    problem = Copy(tmp_path).text("model.yaml", "  runoff: example\n", "").problem()
    assert problem.code == "no-series"
    assert "runoff" in problem.where


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("end: 2025-04-30", "end: 2025-04-29", "bad-horizon"),
        ("end: 2025-04-30", "end: 2024-04-30", "bad-horizon"),
        ("format: 1", "format: 2", "bad-model"),
        ("step: month", "step: hour", "bad-model"),
        ("parties: [UP, DOWN]", "partys: [UP, DOWN]", "bad-model"),
        ("kind: targets", "kind: target", "bad-model"),
        ("format: 1", "format: [1", "not-yaml"),
    ],
)
def test_a_broken_model_file_is_refused(tmp_path, old, new, code):
    problems = Copy(tmp_path).text("model.yaml", old, new).problems()
    assert {p.code for p in problems} == {code}
    assert all("model.yaml" in p.where for p in problems)


def test_a_step_that_is_not_offered_is_refused(tmp_path):
    problem = Copy(tmp_path, "larson_four_reservoirs").problem(step="dekad")
    assert (problem.code, problem.found, problem.allowed) == ("step-not-offered", "--step dekad", "month")


def test_an_unknown_model_is_refused_with_those_there_are():
    with pytest.raises(wf.InputError, match="two_reservoirs"):
        wf.read_basin("two_resevoirs")


@pytest.mark.parametrize("missing", ["model.yaml", "tables/nodes.csv", "tables/reaches.csv", "tables/sources.yaml"])
def test_a_missing_file_is_named(tmp_path, missing):
    copy = Copy(tmp_path)
    (copy.folder / missing).unlink()
    problems = copy.problems()
    assert {p.code for p in problems} == {"no-such-file"}
    assert any(missing.split("/")[-1] in p.where for p in problems)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(wf.InputError, match="nowhere"):
        wf.read_basin(tmp_path / "nowhere")


@pytest.mark.parametrize(("opening", "limit"), [("12", "20"), ("150", "120")])
def test_opening_outside_its_limits_is_a_warning_with_both_figures(tmp_path, opening, limit):
    basin = wf.read_basin(Copy(tmp_path).set("opening_storage", 3, "storage_Mm3", opening).folder)
    (said,) = basin.warnings()
    assert "plain" in said
    assert f"{float(opening):,.1f}" in said
    assert f"{float(limit):,.1f}" in said
    wf.allocate(basin)


def test_shipped_models_warn_of_nothing():
    assert not wf.read_basin("two_reservoirs").warnings()
    assert not wf.read_basin("larson_four_reservoirs").warnings()
