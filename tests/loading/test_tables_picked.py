"""What a model picks is there, or the model says what is not: no table passes as empty."""

import shutil

import pytest

import waterflow as wf
from waterflow.cli import main
from waterflow.errors import InputError
from waterflow.loading.shipped import find_model
from waterflow.report.plan_table import plan_csv


@pytest.fixture
def model(tmp_path):
    copy = tmp_path / "two"
    shutil.copytree(find_model("two_reservoirs").parent, copy)
    return copy


def refused(model):
    with pytest.raises(InputError) as caught:
        wf.read_basin(model / "model.yaml")
    return {(p.code, p.where) for p in caught.value.problems}


@pytest.mark.parametrize("away", ["unlink", "rename"])
def test_a_picked_table_that_is_gone_or_renamed_is_refused(model, away):
    path = model / "tables" / "targets.csv"
    path.unlink() if away == "unlink" else path.rename(path.with_suffix(".old"))
    told = ("missing-table", "model.yaml: series.targets") if away == "unlink" else ("unknown-table", "two/tables/targets.old")
    assert refused(model) == {told}


def test_a_link_to_nothing_is_refused(model):
    path = model / "tables" / "targets.csv"
    path.unlink()
    path.symlink_to(model / "nowhere.csv")
    assert refused(model) == {("no-such-file", "two/tables/targets.csv")}


def test_no_power_demand_beside_unserved_blocks_is_a_river_without_power_and_told(model):
    text = (model / "model.yaml").read_text(encoding="utf-8").replace("power_demand: example", "power_demand: none")
    (model / "model.yaml").write_text(text, encoding="utf-8")
    basin = wf.read_basin(model / "model.yaml")
    assert basin.unserved_blocks == {}
    assert any("unserved_blocks.csv, row 2: UP has no power demand here" in said for said in basin.warnings())
    assert float(wf.allocate(basin).dataset["delivery"].sum()) > 0


def test_unserved_blocks_of_a_party_without_a_demand_are_refused_in_python():
    basin = wf.read_basin("two_reservoirs")
    without = basin.replaced(power={})
    assert any(p.code == "no-power-balance" and "unserved block" in p.where for p in without.problems())


@pytest.mark.parametrize("where", ["../elsewhere/my tables", "beside", "absolute"])
def test_tables_may_stand_in_any_folder(model, where, tmp_path):
    """From the model's own folder, or by a whole path; a folder that is not there is named."""
    folder = tmp_path / "away" if where == "absolute" else model / where
    folder.parent.mkdir(parents=True, exist_ok=True)
    (model / "tables").rename(folder)
    text = (model / "model.yaml").read_text(encoding="utf-8")
    said = str(folder) if where == "absolute" else where
    (model / "model.yaml").write_text(f"{text}inputs: {said}\n", encoding="utf-8")
    assert wf.read_basin(model / "model.yaml").runoff == wf.read_basin("two_reservoirs").runoff
    folder.rename(tmp_path / "gone")
    assert {code for code, _ in refused(model)} == {"no-such-file"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["allocate", "./{}"],
        ["allocate", "two_reservoirs", "--scenario", "{}"],
        ["allocate", "two_reservoirs", "--agreement", "{}"],
        ["allocate", "two_reservoirs", "--agreement", "{}.yaml"],
        ["allocate", "two_reservoirs", "--for", "{}"],
        ["allocate", "two_reservoirs", "--out", "{}"],
        ["evaluate", "two_reservoirs", "{}.csv"],
        ["evaluate", "two_reservoirs", "{}.xlsx"],
        ["evaluate", "two_reservoirs", "plan.csv", "--last", "{}.nc"],
        ["evaluate", "two_reservoirs", "plan.csv", "--last", "{}.csv"],
    ],
)
def test_a_name_that_no_disk_takes_is_refused(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    best = wf.allocate(wf.read_basin("two_reservoirs"))
    (tmp_path / "plan.csv").write_text(plan_csv(best.basin, best.dataset), encoding="utf-8")
    assert main([word.format("a" * 300) for word in arguments]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "aaaa" in err
