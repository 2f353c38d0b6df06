"""Figures that docs/method/doubt.md and docs/method/values.md quote and that are no figure of a plan: made again here."""

import csv
import re
from pathlib import Path

import pytest

import waterflow as wf
from waterflow.accounts.figures import figure_named
from waterflow.explain.doubt import Members, doubt
from waterflow.explain.morris import morris
from waterflow.explain.water_value import one_more
from waterflow.explain.why import where_decided, why
from waterflow.loading.model import read_model
from waterflow.loading.ranges import inputs_of

ROOT = Path(__file__).resolve().parents[2]


def page(name):
    return (ROOT / "docs" / "method" / name).read_text(encoding="utf-8")


def numbers(text):
    return [float(x.replace(",", "")) for x in re.findall(r"[\d,]*\d(?:\.\d+)?", text)]


#: the page's figures by their first cell
FIGURES = {
    "Shardara inflow, April-September": ("shardara_inflow/growing", "season_2024_25"),
    "Toktogul, 1 April 2025": ("toktogul_storage/2025-04-01", "season_2024_25"),
    "Power unserved in Kyrgyzstan": ("unserved/KGZ", "season_2024_25"),
    "the same, `dry_year`": ("north_aral/non_growing", "dry_year"),
}
#: the page's inputs by the words they begin with
INPUTS = {
    "runoff of the summer": "wetness_summer",
    "runoff of the winter": "wetness_winter",
    "return flow of all users": "return_flow",
    "uses at Kyzylorda": "assumed_needs/kyzylorda_irrigation_kaz",
    "closing storage of Toktogul": "toktogul_closing",
    "Kyrgyz power demand in winter": "power_demand_winter",
    "closure error of Shardara in winter": "closure_winter",
    "closure error of Shardara in summer": "closure_summer",
}


def swings():
    """Figure, its value, input, low and high, of every row of the page's table."""
    first, value = "", ""
    for line in page("doubt.md").partition("| Figure | in the plan |")[2].splitlines()[2:]:
        if not line.startswith("|"):
            break
        cells = [re.sub("<!--.*?-->", "", c).strip() for c in line.strip("|").split("|")]
        first, value = (cells[0], cells[1]) if cells[0] else (first, value)
        if cells[2] != "none":
            yield first, value, cells[2], cells[3], cells[4]


#: the others take minutes
@pytest.mark.long
@pytest.mark.parametrize("title", FIGURES)
def test_the_swings_of_the_page(title):
    figure, scenario = FIGURES[title]
    model = read_model("syr_darya", scenario)
    members, known = Members(model, figure_named(model.basin(), figure)), {i.name: i for i in inputs_of(model)}
    value = members.value([])
    rows = [row for row in swings() if row[0] == title]
    assert rows
    for _, said, moving, low, high in rows:
        name = next(name for words, name in INPUTS.items() if moving.startswith(words))
        found = members.swing(known[name], value)
        assert [value, found.figure_at_low, found.figure_at_high] == pytest.approx(numbers(f"{said} {low} {high}"), abs=0.5), moving


def test_what_one_more_m3_is_worth():
    toktogul, shardara = one_more(wf.read_basin("syr_darya", "benefit"), ["toktogul", "shardara"])
    said = page("values.md").partition("One more m3 kept in Toktogul")[2].partition("In a dry year")[0]
    found = [toktogul.central_USD_per_m3, toktogul.low_USD_per_m3, toktogul.high_USD_per_m3]
    found += [toktogul.parties["KGZ"], toktogul.parties["KAZ"], shardara.central_USD_per_m3]
    assert numbers(said.partition("is worth")[2].replace("m3", ""))[:6] == pytest.approx(found, abs=5e-4)
    assert "seventeen times" in said
    assert found[0] / found[-1] == pytest.approx(17, abs=0.5)


#: rows of the page's table of values and the rows of values.csv they stand for
PLACES = {
    "fields of the Fergana valley": ("irrigation", None, "karadarya naryn_karadarya uchkurgan"),
    "Tajik pumps": ("irrigation", "TJK", "akdjar bahri_tojik farkhad"),
    "Golodnaya steppe": ("irrigation", "UZB", "farkhad kokbulak"),
    "Golodnaya steppe, Dostyk, Arys, Kyzylkum, Keles": ("irrigation", "KAZ", "farkhad kokbulak arys_mouth shardara"),
    "Tashkent oasis": ("irrigation", "UZB", "gazalkent"),
    "rice of Kyzylorda and Kazalinsk": ("irrigation", "KAZ", "kyzylorda kazalinsk"),
    "lakes of Kyzylorda and the delta": ("environment", "KAZ", "kyzylorda kazalinsk"),
    "North Aral": ("target", "KAZ", "north_aral"),
    "city of Tashkent": ("drinking", "UZB", "gazalkent"),
}


@pytest.mark.parametrize("words", PLACES)
def test_the_values_of_the_page_are_those_of_the_table(words):
    purpose, party, places = PLACES[words]
    row = next(line for line in page("values.md").splitlines() if line.startswith(f"| {words}"))
    said = [numbers(cell.replace("-", " ")) for cell in row.split("|")[2:5] if cell.strip()]
    with (ROOT / "inputs" / "syr_darya" / "values.csv").open(encoding="utf-8") as file:
        rows = [x for x in csv.DictReader(file) if x["purpose"] == purpose and party in (None, x["party"])]
    for place in places.split():
        blocks = [x for x in rows if x["place"] == place]
        parties = {x["party"] for x in blocks}
        for one in parties:
            found = [[float(x[f"{level}_USD_per_m3"]) for level in ("central", "low", "high")] for x in blocks if x["party"] == one]
            assert found == said, (place, one)


def test_a_m3_through_the_naryn_cascade():
    plants = wf.read_basin("syr_darya").plants.values()
    rate = sum(p.energy_rate for p in plants if p.party == "KGZ")
    assert rate == pytest.approx(numbers(page("values.md").partition("cascade makes about")[2])[0], abs=0.005)


@pytest.mark.long
def test_the_north_aral_is_moved_by_no_single_input_and_by_all_together():
    model = read_model("syr_darya")
    found = doubt(model, "north_aral/non_growing")
    said = page("doubt.md")
    assert not found.moving()
    assert f"{len(found.inputs)} inputs move; a run is {found.members} plans" in said
    moving = [i for i in inputs_of(model) if i.moves]
    screened = morris(Members(model, figure_named(model.basin(), found.figure)), moving, 10, 1)
    lowest, highest = numbers(said.partition("it lay between")[2])[:2]
    assert (screened.lowest, screened.highest) == pytest.approx((lowest, highest), abs=0.5)
    assert f"{screened.members:,} plans" in said
    assert {x.input for x in screened.inputs[:3]} == {"wetness_summer", "assumed_needs/kyzylorda_irrigation_kaz", "toktogul_closing"}


@pytest.mark.long
def test_how_many_inputs_move_the_inflow_to_shardara():
    found = doubt(read_model("syr_darya"), "shardara_inflow/growing")
    assert f"{len(found.mattering())} inputs move it by more than 1 %" in page("doubt.md")


@pytest.mark.long
def test_where_the_north_aral_is_decided():
    said = page("doubt.md").partition("For the North Aral in October-March 2024-25, Mm3:")[2]
    rows = [[c.strip(" `") for c in line.strip("|").split("|")] for line in said.splitlines() if line.startswith("| ")][2:]
    found = why(read_model("syr_darya"), "north_aral/non_growing")
    decided = {d.after or "(hard rules alone)": (d.least, d.most) for d in found.decided}
    for after, least, most in rows:
        assert decided[after] == pytest.approx(numbers(f"{least} {most}"), abs=0.5), after
    assert {p.given for p in found.prices if p.size > 0.005} == {"target_volume"}
    stressed = where_decided(read_model("syr_darya", "stress"), "north_aral/non_growing")
    assert {d.after: d.most for d in stressed}["limits/2"] == pytest.approx(numbers(said.partition("no more than")[2])[0], abs=0.5)
