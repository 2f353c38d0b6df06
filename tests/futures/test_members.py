"""Members: windows of the record as they are, drawn members after its likeness, and what a model does to its runoff."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from waterflow.errors import InputError
from waterflow.futures.members import generated, historical, quantiles
from waterflow.loading.model import read_model
from waterflow.observations.runoff_record import runoff_record

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model():
    return read_model("syr_darya", "normal_year")


@pytest.fixture(scope="module")
def past(model):
    return historical(model)


def test_recorded_nodes_have_the_record_and_others_follow_it(model, past):
    """Andijan in October 1932: 150.4 Mm3 (row 2 of the record); Toktogul follows half-seasons by 0.63 and 0.72."""
    assert float(past.sel(member="1932-10", node="andijan", period="2024-10")) == pytest.approx(150.4)
    record = runoff_record(model.folder, list(model.basin().runoff))
    summer = record[record.index.month.isin(range(4, 10))]
    both = summer[["andijan", "charvak"]].sum(axis=1).groupby(summer.index.year).sum()
    wetness = both / both.mean()
    norm = {p.month: q for p, q in zip(model.calendar.periods, model.basin().runoff["toktogul"], strict=True)}
    july = summer[summer.index.month == 7]
    expected = [norm[7] * max(0.0, 1 + 0.63 * (wetness[p.year] - 1)) for p in july.index]
    assert july["toktogul"].to_numpy() == pytest.approx(expected)


def test_years_with_a_gap_are_no_members_and_years_know_what_follows(past):
    names = list(past["member"].to_numpy())
    assert len(names) == 80
    assert not {"1942-10", "1943-10", "1944-10"} & set(names)
    later = past["next"].to_numpy()
    assert names[later[0]] == "1933-10"
    assert later[names.index("1941-10")] == -1
    assert later[-1] == -1


def test_dekads_of_a_month_sum_to_the_month(past):
    by_dekad = historical(read_model("syr_darya", "normal_year", step="dekad"))
    assert by_dekad.sum("period").to_numpy() == pytest.approx(past.sum("period").to_numpy())
    assert by_dekad.sizes["period"] == 36


def test_what_the_model_does_to_runoff_is_done_to_members(model, past):
    drier = historical(model.asking({"runoff.all": "x0.9"}))
    assert drier.to_numpy() == pytest.approx(0.9 * past.to_numpy())
    glacier = historical(read_model("syr_darya", "glacier_2080"))
    assert float(glacier.sel(node="toktogul").sum()) < float(past.sel(node="toktogul").sum())


def test_drawn_members_keep_season_places_and_spread(model, past):
    drawn = generated(model, 2000, seed=3)
    total = ["node", "period"]
    assert float(drawn.sum(total).mean()) == pytest.approx(float(past.sum(total).mean()), rel=0.02)
    assert float(drawn.sum(total).std()) == pytest.approx(float(past.sum(total).std()), rel=0.1)
    for node in ("toktogul", "andijan", "charvak"):
        ours, seen = (x.sel(node=node).mean("member").to_numpy() for x in (drawn, past))
        assert ours == pytest.approx(seen, rel=0.08)
    pair = [np.corrcoef(x.sel(node="andijan").sum("period"), x.sel(node="charvak").sum("period"))[0, 1] for x in (drawn, past)]
    assert pair[0] == pytest.approx(pair[1], abs=0.06)
    assert (drawn.to_numpy() >= 0).all()


def test_a_seed_gives_the_same_members(model):
    assert np.array_equal(generated(model, 5, seed=7), generated(model, 5, seed=7))
    assert not np.array_equal(generated(model, 5, seed=7), generated(model, 5, seed=8))


def test_quantiles_are_recorded_years_from_dry_to_wet(model, past):
    found = quantiles(model, [0.0, 0.5, 1.0])
    totals = found.sum(["node", "period"]).to_numpy()
    every = past.sum(["node", "period"]).to_numpy()
    assert totals[0] == every.min()
    assert totals[2] == every.max()
    assert set(found["member"].to_numpy()) <= set(past["member"].to_numpy())
    with pytest.raises(InputError, match="between 0 and 1"):
        quantiles(model, [1.5])


def test_a_node_with_a_record_follows_nothing(tmp_path):
    for folder in ("models", "inputs"):
        shutil.copytree(ROOT / folder / "syr_darya", tmp_path / folder / "syr_darya")
    path = tmp_path / "inputs" / "syr_darya" / "observed" / "record_response.csv"
    path.write_text(path.read_text(encoding="utf-8") + "andijan,normal_year,1,1,judgement,assumed,a guess\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        historical(read_model(str(tmp_path / "models" / "syr_darya")))
    assert [(p.code, p.found) for p in told.value.problems] == [("twice", "andijan")]


def test_a_river_without_a_record_says_so():
    with pytest.raises(InputError) as told:
        historical(read_model("two_reservoirs"))
    assert [p.code for p in told.value.problems] == ["no-observations"]
    with pytest.raises(InputError) as told:
        generated(read_model("syr_darya"), 0, seed=-1)
    assert len(told.value.problems) == 2
