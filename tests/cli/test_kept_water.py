"""``waterflow kept-water``: the answer, its planes as a table that reads back, what is refused."""

import csv
import io
import json

import pytest

from waterflow import cli
from waterflow.futures.kept_water_facts import WaterKept
from waterflow.report.kept_water_text import kept_water_text
from waterflow.words.catalogue import speaking

FEW = ["--scenario", "normal_year", "--states", "1", "--draws", "2", "--no-progress"]


@pytest.mark.long
def test_text_json_and_table_say_the_same(capsys, tmp_path):
    table = tmp_path / "planes.csv"
    assert cli.main(["kept-water", "syr_darya", *FEW, "--format", "json", "--to", str(table)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["members"] == 80
    assert found["gap_MUSD"] >= 0
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert len(rows) == sum(len(p["value_USD_per_m3"]) for p in found["planes"])
    assert {r["series"] for r in rows} == {"after_dry_year", "after_wet_year"}
    assert all(float(r["value_USD_per_m3"]) >= -1e-6 for r in rows if r["reservoir"] == "toktogul")
    assert found["set_aside"] == ["order", "closing", "end_values", "shares"]
    closings = {c["year"]: c["closing_Mm3"] for c in found["closings"] if c["reservoir"] == "toktogul"}
    assert closings["dry"] < closings["wet"]
    with speaking("ru"):
        assert "Чего стоит ещё один оставленный м³" in kept_water_text(WaterKept(**found), str.upper)
    assert "its order of priority; closing storages it asks for" in kept_water_text(WaterKept(**found), str.upper).replace("\n", " ")
    # from ten states nothing has settled, and the answer says so
    assert "the values above may still move" in kept_water_text(WaterKept(**found), str.upper).replace("\n", " ")
    assert "may still move" not in kept_water_text(WaterKept(**found | {"gap_MUSD": 1.0, "interval_MUSD": 1.0}), str.upper)
    assert "What one more m3 kept is worth" in kept_water_text(WaterKept(**found), str.upper)


def test_a_horizon_that_is_no_year_is_refused(capsys):
    assert cli.main(["kept-water", "syr_darya", "--scenario", "summer_2026_stress", "--no-progress"]) == 3
    err = capsys.readouterr().err
    assert "bad-horizon" in err
    assert "6 months" in err


def test_what_cannot_be_written_is_told_before_the_years_are_asked(tmp_path, capsys):
    assert cli.main(["kept-water", "syr_darya", "--to", str(tmp_path), "--no-progress"]) == 3
    assert "bad-folder" in capsys.readouterr().err


def test_figures_that_cannot_be_are_refused_at_once(capsys):
    assert cli.main(["kept-water", "syr_darya", "--discount", "0", "--classes", "0", "--cvar", "2", "--seed", "-1", "--no-progress"]) == 3
    err = capsys.readouterr().err
    assert "discount" in err
    assert "classes" in err
    assert "seed" in err
