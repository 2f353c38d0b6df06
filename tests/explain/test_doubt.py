"""Doubt on a river whose swings are known by hand, through the command as a user runs it."""

import csv
import io
import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.validation.small import TABLES, written
from waterflow import cli
from waterflow.accounts.figures import figure_named
from waterflow.errors import InputError
from waterflow.explain.doubt import Members
from waterflow.explain.morris import morris
from waterflow.loading.model import read_model
from waterflow.loading.ranges import inputs_of, moved
from waterflow.loading.schema import TABLES as SCHEMA
from waterflow.report.published import schema_of

TABLE = SCHEMA["ranges"]
PNG = b"\x89PNG"


@pytest.fixture
def model(tmp_path):
    return written(tmp_path)


def answer(capsys, *arguments):
    assert cli.main(["doubt", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_the_swings_are_those_worked_out_by_hand(model, capsys):
    """Fields get what runoff leaves after the town, at most 240: 300 - 90 = 210 now.

    Runoff 240: 150; 360: 270, cut to 240; swing 90. Town asks 20 a month: 240; 40: 180; swing 60.
    """
    facts = json.loads(answer(capsys, model, "delivered/fields", "--format", "json"))
    jsonschema.validate(facts, schema_of("doubt"))
    assert facts["value"] == pytest.approx(210)
    found = {x["input"]: (x["figure_at_low"], x["figure_at_high"], x["swing"]) for x in facts["inputs"]}
    assert found == {"wet": pytest.approx((150, 240, 90)), "asked/town": pytest.approx((240, 180, 60))}
    assert [x["input"] for x in facts["inputs"]] == ["wet", "asked/town"]
    wet = facts["inputs"][0]
    assert [wet["low"], wet["value"], wet["high"]] == pytest.approx([240, 300, 360])
    assert wet["grades"] == {"assumed": 3}


def test_a_wetter_river_never_delivers_less(model):
    read = read_model(model)
    wet = next(i for i in inputs_of(read) if i.name == "wet")
    members = Members(read, figure_named(read.basin(), "delivered/fields"))
    values = [members.value([(wet, k / 4)]) for k in range(5)]
    assert values == sorted(values)


def test_moving_the_rows_leaves_the_model_as_it_was(model):
    read = read_model(model)
    before = read.basin()
    wet = next(i for i in inputs_of(read) if i.name == "wet")
    assert read.basin(moved(read, [(wet, 1.0)])).runoff["source"] == pytest.approx((120, 120, 120))
    assert read.basin() == before


def test_the_table_says_figure_target_inputs_and_origin(model, capsys):
    text = answer(capsys, model, "end")
    assert text.startswith("End: delivered past its gauge, Oct 2024-Dec 2024: 0 Mm3\n")
    assert "60 Mm3 below its target of 60" in text
    text = answer(capsys, model, "delivered/fields", "--top", "1")
    assert "Runoff" in text
    assert "a guess [judgement, assumed; rows: judgement]" in text
    assert "Town" not in text.split("Where these")[1]


def test_csv_has_a_line_for_each_input(model, capsys):
    rows = list(csv.DictReader(io.StringIO(answer(capsys, model, "delivered/fields", "--format", "csv", "--morris"))))
    assert [r["input"] for r in rows] == ["wet", "asked/town"]
    assert float(rows[0]["mu_star"]) > float(rows[1]["mu_star"]) > 0
    assert rows[1]["grade"] == "unverified"


def test_screening_is_the_same_for_the_same_seed(model):
    read = read_model(model)
    figure = figure_named(read.basin(), "delivered/fields")
    first, again, other = (morris(Members(read, figure), inputs_of(read), 4, seed) for seed in (3, 3, 4))
    assert first == again
    assert other.seed == 4
    assert first.members == 4 * 3
    assert first.lowest >= 240 - 3 * 40
    assert first.highest <= 240


def test_an_assumed_table_without_a_range_is_refused_once_and_whole(tmp_path, capsys):
    head, wet, _ = TABLES["ranges"].splitlines()
    path = written(tmp_path, ranges=f"{head}\n{wet}\n", targets=TABLES["targets"].replace("official", "assumed"))
    assert cli.main(["doubt", str(path), "end"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("2 problems")
    assert "needs.csv, need_Mm3: found 3 rows assumed or unverified without a range (town)" in err
    assert "targets.csv, target_Mm3" in err
    assert err.count("[no-range]") == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("wet,runof,runoff_Mm3,together,year,factor,0.8,1.2", "ranges.csv, row 4, table"),
        ("wet,runoff,flow_Mm3,together,year,factor,0.8,1.2", "row 4, column"),
        ("wet,runoff,runoff_Mm3,sauce,year,factor,0.8,1.2", "row 4, owner"),
        ("wet,runoff,runoff_Mm3,source,year,factor,1.2,0.8", "Swapped?"),
        ("wet,runoff,runoff_Mm3,source,year,shift,-200,0", "a runoff_Mm3 of -100"),
        ("x,reaches,travel_growing_days,river,growing,factor,1,1", "have no season"),
        ("x,nodes,x,source,year,factor,1,1", "reaches no plan"),
    ],
)
def test_a_range_that_fits_nothing_is_refused(tmp_path, capsys, row, said):
    path = written(tmp_path, ranges=f"{TABLES['ranges']}{row},assumed,Name,Имя,judgement,assumed,\n")
    assert cli.main(["doubt", str(path), "end"]) == 3
    err = capsys.readouterr().err
    assert said in err
    assert "[bad-range]" in err


def test_an_end_without_a_plan_is_said_and_does_not_stop_the_rest(tmp_path, capsys):
    """A reservoir must close at 250 or more of 300 that come in: runoff 240 leaves no plan."""
    nodes = TABLES["nodes"] + "lake,reservoir,Lake,Озеро,0,1,book,official\n"
    reaches = TABLES["reaches"].replace("river,source,end", "river,lake,end") + "upper,source,lake,Upper,Верхний,0,0,book,official\n"
    columns = "full_storage_Mm3,lowest_storage_Mm3,dead_storage_Mm3,area_at_zero_km2,area_slope_km2_per_Mm3,runoff_net_of_evaporation"
    other = {
        "nodes": nodes,
        "reaches": reaches,
        "reservoirs": f"reservoir,{columns},source,grade\nlake,1000,0,0,0,0,yes,book,official\n",
        "opening_storage": "series,reservoir,date,storage_Mm3,source,grade\nbase,lake,2024-10-01,0,book,official\n",
        "storage_rules": "series,reservoir,date,rule,storage_Mm3,source,grade\nbase,lake,2025-01-01,at_least,250,book,official\n",
    }
    path = written(tmp_path, **other)
    chosen = "needs: base, opening_storage: base, storage_rules: base"
    path.write_text(path.read_text(encoding="utf-8").replace("needs: base", chosen), encoding="utf-8")
    facts = json.loads(answer(capsys, path, "lake_storage/2025-01-01", "--format", "json"))
    wet = next(x for x in facts["inputs"] if x["input"] == "wet")
    assert wet["figure_at_low"] is None
    assert wet["figure_at_high"] is not None
    assert wet["no_plan"][0].startswith("low: no plan obeys")
    assert "no plan" in answer(capsys, path, "lake_storage/2025-01-01")


def test_the_picture_is_the_same_twice(model, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    first, again, png = tmp_path / "a.svg", tmp_path / "b.svg", tmp_path / "c.png"
    for path in (first, again, png):
        answer(capsys, model, "delivered/fields", "--picture", path)
    assert first.read_bytes() == again.read_bytes()
    assert png.read_bytes().startswith(PNG)
    assert not list(tmp_path.glob(".*"))


REFUSED = [
    (["delivered/field"], "unknown-figure"),
    (["end", "--picture", "a.pdf"], "bad-picture"),
    (["end", "--picture", "nowhere/a.svg"], "bad-picture"),
]


@pytest.mark.parametrize(("arguments", "code"), REFUSED)
def test_what_is_refused(model, capsys, arguments, code):
    assert cli.main(["doubt", str(model), *arguments]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert f"[{code}]" in err
    assert "Traceback" not in err


EXTRAS = [("SALib", ["--morris"], "doubt"), ("matplotlib", ["--picture", "a.svg"], "pictures")]


@pytest.mark.parametrize(("library", "arguments", "extra"), EXTRAS)
def test_a_missing_library_names_its_extra(model, capsys, monkeypatch, library, arguments, extra):
    monkeypatch.setattr("waterflow.extras.installed", lambda name: name != library)
    assert cli.main(["doubt", str(model), "end", *arguments]) == 3
    assert f"syr-waterflow[{extra}]" in capsys.readouterr().err


@pytest.mark.long
def test_every_scenario_of_the_syr_darya_has_its_ranges():
    from waterflow.loading.model_file import scenarios_of
    from waterflow.loading.shipped import find_model

    for scenario in scenarios_of(find_model("syr_darya")):
        assert len(inputs_of(read_model("syr_darya", scenario))) > 100, scenario


def test_the_dry_year_falls_short_by_more_when_it_is_drier():
    read = read_model("syr_darya", "dry_year")
    members = Members(read, figure_named(read.basin(), "north_aral/non_growing"))
    summer = next(i for i in inputs_of(read) if i.name == "wetness_summer")
    winter = next(i for i in inputs_of(read) if i.name == "wetness_winter")
    now = members.value([])
    swing = members.swing(winter, now)
    assert swing.figure_at_low < now < swing.figure_at_high
    assert members.value([(winter, 0.0), (summer, 0.0)]) <= swing.figure_at_low + 1e-6


def test_two_reservoirs_has_no_ranges_and_says_so():
    with pytest.raises(InputError, match="no-range"):
        inputs_of(read_model("two_reservoirs"))


def test_every_code_of_doubt_has_a_heading():
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    homes = ["loading/ranges.py", "accounts/figures.py", "explain/morris.py", "extras.py", "report/tornado.py", "report/files.py"]
    codes = {c for home in homes for c in re.findall(r'Problem\("([a-z-]+)"', (root / "waterflow" / home).read_text(encoding="utf-8"))}
    assert {"no-range", "bad-range", "unknown-figure", "missing-extra", "bad-picture"} <= codes
    assert not [c for c in codes if f"\n## {c}\n" not in page]


def test_the_page_of_tables_lists_the_columns_of_ranges():
    root = Path(__file__).resolve().parents[2]
    section = (root / "docs" / "reference" / "tables.md").read_text(encoding="utf-8").partition("\n## ranges\n")[2].partition("<!-- end")[0]
    assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == [c.name for c in TABLE.columns]
