"""The Amu Darya is a sketch: small, sourced or called a guess, said to be so wherever it is named, and near what was seen."""

import csv
import re
from pathlib import Path

import pytest
import yaml

import waterflow as wf
from waterflow.accounts.figures import figure_named
from waterflow.accounts.plan import Plan
from waterflow.allocation.audit import AUDITED, audit
from waterflow.loading.shipped import find_model
from waterflow.solver.certificate import CERTIFIED

ROOT = Path(__file__).resolve().parents[2]
MODEL = "amu_darya"
TABLES = find_model(MODEL).parent / "tables"
PAGES = ("docs/river/amu_darya.md", "docs/ru/amu_darya.md", "models/README.md")
MOST_LINES = 600


def rows():
    """(table, row) of every row."""
    for path in sorted(TABLES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from ((path.stem, row) for row in csv.DictReader(file))


@pytest.fixture(scope="module")
def plans():
    return {name: wf.allocate(wf.read_basin(MODEL, scenario=name)) for name in ("year_2023_24", "dry_2020_21")}


def figure(plan, name):
    return figure_named(plan.basin, name).value(Plan(plan.basin, plan.dataset))


def test_the_tables_are_small():
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in TABLES.glob("*.csv")) < MOST_LINES


def test_every_source_has_an_address_and_every_row_says_how():
    sources = yaml.safe_load((TABLES / "sources.yaml").read_text(encoding="utf-8"))
    named = {row["source"] for _, row in rows()}
    assert {key for key in named if key != "judgement" and not sources[key]["url"].startswith("http")} == set()
    for key in set(sources) - named:
        assert any(key in row["note"] for _, row in rows()), key
    assert [(table, row) for table, row in rows() if row["source"] == "judgement" and row["grade"] != "assumed"] == []
    assert [(table, row) for table, row in rows() if not row["note"].strip()] == []


def test_a_series_of_months_is_never_called_observed():
    """Only season sums were found: no month of water is more than a guess."""
    for table, row in rows():
        if table in ("runoff", "needs", "reach_losses", "evaporation"):
            assert row["grade"] == "assumed"
        assert row["grade"] != "observed"


def test_it_is_said_to_be_a_sketch_and_how_much_of_it_is_assumed(plans):
    basin = plans["year_2023_24"].basin
    assumed, all_rows = basin.assumed_rows()
    assert round(10 * assumed / all_rows) == 9
    assert "nine inputs in ten are assumed" in basin.title
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert re.search("sketch|набросок", text), page
        assert str(assumed) in text, page
        assert str(all_rows) in text, page


def test_every_name_is_there_in_russian():
    for table, row in rows():
        if "name_ru" in row:
            assert re.search("[а-яё]", row["name_ru"]), (table, row)


@pytest.mark.parametrize("scenario", ["year_2023_24", "dry_2020_21"])
def test_a_plan_is_certified_and_closes(plans, scenario):
    plan = plans[scenario]
    found = audit(plan.basin, plan.dataset)
    assert max(found.water, found.river, found.energy) <= AUDITED
    assert max(float(plan.dataset[f"certificate_{part}"].max()) for part in ("primal", "dual", "gap")) <= CERTIFIED


def test_runoff_adds_up_to_the_yearbook():
    """Season sums: the flow at nominal Kerki, plus what is taken above it, is the runoff of the year; in million m3."""
    sums = {}
    for table, row in rows():
        if table == "runoff":
            key = row["series"], row["node"], 4 <= int(row["month"]) <= 9
            sums[key] = sums.get(key, 0.0) + float(row["runoff_Mm3"])
    assert sums["year_2023_24", "nurek", True] == pytest.approx(16400, abs=1)
    assert sums["year_2020_21", "nurek", True] == pytest.approx(15470, abs=1)
    growing = sum(value for (series, _, warm), value in sums.items() if series == "year_2023_24" and warm)
    assert growing - (6330 + 970) == pytest.approx(43280, abs=2)
    # the yearbook of 2024 has 66.25 km3 for the calendar year
    assert sum(value for (series, *_), value in sums.items() if series == "year_2023_24") == pytest.approx(66250, rel=0.02)


def test_the_plan_is_near_what_was_seen_and_the_page_tells_where_it_is_not(plans):
    """Openings were set by the storages of 1 January, losses by the balance of 2024; how its sum is shared, and 2021, are tests."""
    ordinary, dry = plans["year_2023_24"], plans["dry_2020_21"]
    for plan, day, seen in ((ordinary, "2024-01-01", 13260), (dry, "2021-01-01", 12370)):
        held = sum(figure(plan, f"{place}_storage/{day}") for place in ("nurek", "tuyamuyun"))
        assert held == pytest.approx(seen, rel=0.03)
    assert figure(ordinary, "nurek_release/growing") == pytest.approx(12630, rel=0.07)
    assert figure(dry, "nurek_release/growing") == pytest.approx(11830, rel=0.07)
    used = sum(figure(ordinary, f"delivered/{party}/growing") for party in ("TJK", "TKM", "UZB"))
    assert used == pytest.approx(33829, rel=0.03)
    # equal shares send more to the lower river than it got
    assert 1.05 < figure(ordinary, "tuyamuyun_inflow/growing") / 15860 < 1.12
    assert 1.2 < figure(dry, "tuyamuyun_release/growing") / 13180 < 1.3


def test_a_dry_year_is_drier(plans):
    totals = [float(plan.dataset["delivery"].sum()) for plan in plans.values()]
    assert totals[1] < 0.97 * totals[0]
