"""What the scenarios of power, climate and the lake do, and the page that says so."""

import functools
import re
from pathlib import Path

import pytest
import yaml

import waterflow as wf
from waterflow import cli
from waterflow.accounts.plan_facts import plan_facts

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "river" / "scenarios.md").read_text(encoding="utf-8")
EXPECTED = (ROOT / "docs" / "decisions" / "0022-expected-signs.md").read_text(encoding="utf-8")
BASE = "season_2024_25"
SCENARIOS = (
    "kambarata_1",
    "casa_1000",
    "nuclear_2035",
    "glacier_2030",
    "glacier_2050",
    "glacier_2080",
    "kokaral_phase_2",
    "drought",
)


@functools.cache
def facts(scenario):
    allocation = wf.allocate(wf.read_basin("syr_darya", scenario))
    return plan_facts(allocation.basin, allocation.dataset).model_dump(mode="json")


def winter_release(scenario):
    """Toktogul's release from October to March, Mm3."""
    return next(x["release_Mm3"] for x in facts(scenario)["releases"] if (x["place"], x["season"]) == ("toktogul", "non_growing"))


def balance(scenario):
    """The power balance of Kyrgyzstan, the non-growing season first."""
    return sorted((x for x in facts(scenario)["power"] if x["party"] == "KGZ"), key=lambda x: x["season"], reverse=True)


def tables(text):
    """Rows of a page's tables that begin with a scenario's name: cells without marks."""
    for line in text.splitlines():
        found = re.match(r"\| `(\w+)` \| (.*) \|$", line)
        if found:
            yield found[1], [cell.strip(" *") for cell in found[2].split(" | ")]


def whole(text):
    return int(text.replace(",", "").replace("+", ""))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_page_tells_the_release_as_it_is(scenario):
    _, release, change, _ = next(cells for name, cells in tables(PAGE) if name == scenario)
    assert winter_release(scenario) == pytest.approx(whole(release), abs=0.51)
    assert winter_release(scenario) - winter_release(BASE) == pytest.approx(whole(change), abs=1.01)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_page_quotes_the_expectation_and_says_whether_it_came(scenario):
    """Contrary results stay contrary: the page may not be bent to them, nor the decision."""
    expected, _, change, came = next(cells for name, cells in tables(PAGE) if name == scenario)
    decided = next(cells for name, cells in tables(EXPECTED) if name == scenario)
    assert decided[0] == decided[1] == expected
    sign = {"less": -1, "more": 1, "none": 0}[expected.rpartition(" ")[2]]
    moved = whole(change)
    assert (sign == (moved > 0) - (moved < 0)) == (came != "no")
    assert winter_release("energy_first") == pytest.approx(winter_release(BASE), abs=1e-6)


@pytest.mark.parametrize("scenario", [BASE, *SCENARIOS])
def test_the_page_tells_the_energy_as_it_is(scenario):
    told = [whole(x) for x in [cells for name, cells in tables(PAGE) if name == scenario][-1]]
    winter, summer = balance(scenario)
    year = {key: winter[key] + summer[key] for key in ("other_hydropower_GWh", "thermal_GWh", "export_GWh")}
    found = [winter["plants_GWh"], summer["plants_GWh"], year["other_hydropower_GWh"], year["thermal_GWh"]]
    found += [winter["import_GWh"], summer["import_GWh"], year["export_GWh"], winter["unserved_GWh"], summer["unserved_GWh"]]
    assert found == pytest.approx(told, abs=0.51)


@pytest.mark.parametrize("scenario", [BASE, *SCENARIOS])
def test_energy_adds_up_with_the_lines(scenario):
    lines = facts(scenario)["lines"]
    for row in balance(scenario):
        came = sum(row[f"{k}_GWh"] for k in ("plants", "other_hydropower", "thermal", "import", "unserved"))
        assert came - row["export_GWh"] == pytest.approx(row["demand_GWh"])
        here = [x for x in lines if (x["party"], x["season"]) == ("KGZ", row["season"])]
        assert sum(x["import_GWh"] for x in here) == pytest.approx(row["import_GWh"], abs=1e-6)
        assert sum(x["export_GWh"] for x in here) == pytest.approx(row["export_GWh"], abs=1e-6)
        assert all(x["import_GWh"] <= x["import_limit_GWh"] + 1e-6 and x["export_GWh"] <= x["export_limit_GWh"] + 1e-6 for x in here)


def test_no_line_of_today_runs_both_ways_in_one_month():
    basin = wf.read_basin("syr_darya")
    for supply in basin.supplies.values():
        for export in basin.exports.values():
            if supply.line and supply.line == export.line:
                assert not any(a and b for a, b in zip(supply.capacity, export.capacity, strict=True)), (supply.name, export.name)


def test_nuclear_bands_run():
    dataset = wf.allocate(wf.read_basin("syr_darya", "nuclear_2035")).dataset
    for neighbour in ("kazakhstan", "uzbekistan"):
        bought = dataset["supplied_power"].sel(supply=f"kgz_import_nuclear_{neighbour}").values
        assert (bought[:6] >= 72 - 0.5).all(), "half of 240 MW at 0.9, the shortest month"


def test_kambarata_1_moves_water_of_the_year_and_makes_none():
    plain, dammed = (wf.read_basin("syr_darya", s).runoff["toktogul"] for s in (None, "kambarata_1"))
    assert sum(dammed) == pytest.approx(sum(plain), abs=1)
    assert sum(dammed[:6]) - sum(plain[:6]) == pytest.approx(2_700, abs=1)


@pytest.mark.parametrize(("scenario", "year"), [("glacier_2030", 1.06), ("glacier_2050", 1.013), ("glacier_2080", 0.873)])
def test_glaciers_change_the_headwaters_alone(scenario, year):
    plain, changed = (wf.read_basin("syr_darya", s).runoff for s in (None, scenario))
    assert {n for n in plain if plain[n] != changed[n]} == {"toktogul", "andijan", "charvak"}
    for node in ("toktogul", "andijan", "charvak"):
        # the factors are made for the normal year, whose summer weighs more than that of 2024-25
        assert sum(changed[node]) / sum(plain[node]) == pytest.approx(year, abs=0.015)


def test_the_second_phase_of_kokaral_has_room_and_a_target():
    basin = wf.read_basin("syr_darya", "kokaral_phase_2")
    assert basin.reservoirs["north_aral"].full_storage == 34_000
    assert sum(x.amount for x in basin.targets.values()) == pytest.approx(0.875 * 3_913, abs=1)


def test_a_scenario_of_power_changes_nothing_else():
    for scenario in SCENARIOS[:3]:
        said = yaml.safe_load((ROOT / "models" / "syr_darya" / "scenarios" / f"{scenario}.yaml").read_text(encoding="utf-8"))
        assert set(said) == {"format", "title", "title_ru", "reason", "series"}
        assert set(said["series"]) <= {"power_supplies", "power_exports", "power_values", "runoff_changes"}


def test_scenarios_compare_by_party_at_the_command_line(capsys):
    asked = ["season_2024_25", "energy_first", "kambarata_1", "nuclear_2035", "casa_1000", "glacier_2050"]
    assert cli.main(["compare", "syr_darya", *asked, "--no-progress", "--format", "csv"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head == ",".join(["section,place,window,quantity,unit", *asked])
    for words in (
        "release,toktogul,Oct-Mar,release,Mm3",
        "release,toktogul,Apr-Sep,release,Mm3",
        *(f"energy,{party},Oct-Mar,plants,GWh" for party in ("KAZ", "KGZ", "TJK", "UZB")),
        "energy,KGZ,Oct-Mar,thermal,GWh",
        "line,KGZ/kazakhstan,Oct-Mar,import,GWh",
        "line,KGZ/casa_1000,Apr-Sep,export,GWh",
        "energy,KGZ,Apr-Sep,unserved,GWh",
        "target,north_aral,Oct-Mar,delivered,Mm3",
        "water,UZB,Apr-Sep,delivered,Mm3",
        "shortage,kyzylorda_lakes_kaz,Apr-Sep,short,Mm3",
    ):
        assert any(row.startswith(words) for row in rows), words
