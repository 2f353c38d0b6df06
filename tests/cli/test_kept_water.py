"""``waterflow kept-water``: the answer, its planes as a table that reads back, what is refused."""

import csv
import io
import json

from waterflow import cli
from waterflow.futures.kept_water_facts import WaterKept
from waterflow.report.kept_water_text import kept_water_text
from waterflow.words.catalogue import speaking

FEW = ["--scenario", "normal_year", "--states", "1", "--draws", "2", "--no-progress"]


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
    closings = {c["year"]: c["closing_Mm3"] for c in found["closings"] if c["reservoir"] == "toktogul"}
    assert closings["dry"] < closings["wet"]
    with speaking("ru"):
        assert "Чего стоит ещё один оставленный м³" in kept_water_text(WaterKept(**found), str.upper)
    assert "What one more m3 kept is worth" in kept_water_text(WaterKept(**found), str.upper)


def test_figures_that_cannot_be_are_refused_at_once(capsys):
    assert cli.main(["kept-water", "syr_darya", "--discount", "0", "--classes", "0", "--cvar", "2", "--no-progress"]) == 3
    err = capsys.readouterr().err
    assert "discount" in err
    assert "classes" in err


def test_a_model_without_a_record_is_refused(capsys):
    assert cli.main(["kept-water", "two_reservoirs", "--no-progress"]) == 3
    assert "no-observations" in capsys.readouterr().err
