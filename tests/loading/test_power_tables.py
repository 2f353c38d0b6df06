"""Tables of lines, fuels and changed runoff: read, taken together, refused in words."""

import shutil
from pathlib import Path

import pytest

import waterflow as wf
from tests.loading.broken import Copy

ROOT = Path(__file__).resolve().parents[2]
SUPPLIES = [
    "series",
    "supply",
    "party",
    "kind",
    "line",
    "month",
    "capacity_GWh",
    "must_run_GWh",
    "loss_fraction",
    "cost_USD_per_kWh",
    "source",
    "grade",
]
EXPORTS = ["series", "export", "party", "line", "month", "capacity_GWh", "loss_fraction", "price_USD_per_kWh", "source", "grade"]
FUELS = ["series", "supply", "fuel", "use_t_per_GWh", "price_USD_per_t", "source", "grade"]


def supply(series, name, line="none", capacity="8", must_run="0", loss="0", cost="0.1"):
    made = [series, name, "UP", "import" if line != "none" else "thermal", line]
    return [[*made, str(m), capacity, must_run, loss, cost, "made_up", "assumed"] for m in range(1, 5)]


def export(line, price="0.05", loss="0.1"):
    return [["now", "sales", "UP", line, str(m), "3", loss, price, "made_up", "assumed"] for m in range(1, 5)]


def copy_with(tmp_path, supplies, exports=(), fuels=(), chosen="now"):
    """The two reservoirs with power tables of their own; ``chosen`` is the series of supplies."""
    copy = Copy(tmp_path)
    series = {"power_supplies": (SUPPLIES, supplies, chosen), "power_exports": (EXPORTS, exports, "now"), "fuels": (FUELS, fuels, "now")}
    for table, (head, rows, name) in series.items():
        if rows:
            copy.write(table, [head, *rows]).text("model.yaml", "series:\n", f"series:\n  {table}: {name}\n")
    return copy


def test_a_supply_is_read_with_its_line_its_loss_and_its_fuel(tmp_path):
    fuel = [["now", "stove", "coal", "500", "40", "made_up", "assumed"]]
    rows = [*supply("now", "cable", "north", loss="0.1", must_run="2"), *supply("now", "stove", cost="0.01")]
    basin = wf.read_basin(copy_with(tmp_path, rows, export("south"), fuel).folder)
    cable, stove = basin.supplies["cable"], basin.supplies["stove"]
    assert (cable.line, cable.loss, cable.must_run) == ("north", (0.1,) * 4, (2.0,) * 4)
    assert (stove.line, stove.fuel, stove.fuel_use) == ("", "coal", 500)
    assert stove.cost == pytest.approx([0.03] * 4), "0.01 and 500 t/GWh at 40 USD/t"
    assert (basin.exports["sales"].line, basin.exports["sales"].loss) == ("south", (0.1,) * 4)


def test_fuel_burnt_is_told_in_thousand_tonnes(tmp_path):
    from waterflow.accounts.plan_facts import plan_facts

    fuel = [["now", "stove", "coal", "500", "40", "made_up", "assumed"]]
    allocation = wf.allocate(wf.read_basin(copy_with(tmp_path, supply("now", "stove", cost="0"), fuels=fuel).folder))
    burnt = sum(x["burnt_kt"] for x in plan_facts(allocation.basin, allocation.dataset).model_dump(mode="json")["fuels"])
    assert burnt == pytest.approx(0.5 * float(allocation.dataset["supplied_power"].sum()))
    assert burnt > 0


def test_series_are_taken_together(tmp_path):
    rows = [*supply("now", "cable", "north"), *supply("later", "dam")]
    copy = copy_with(tmp_path, rows, chosen="now + later")
    assert set(wf.read_basin(copy.folder).supplies) == {"cable", "dam"}


def test_series_that_overlap_are_refused(tmp_path):
    rows = [*supply("now", "cable", "north"), *supply("later", "cable", "north")]
    problems = copy_with(tmp_path, rows, chosen="now + later").problems()
    assert {p.code for p in problems} == {"twice"}
    assert len(problems) == 4
    assert "row 2" in problems[0].cause


def test_a_strange_part_of_joined_series_is_named(tmp_path):
    problem = copy_with(tmp_path, supply("now", "cable"), chosen="now + latter").problem()
    assert (problem.code, problem.found) == ("unknown-series", "latter")


def test_a_fuel_of_nothing_is_refused(tmp_path):
    fuel = [["now", "stoove", "coal", "500", "40", "made_up", "assumed"]]
    problem = copy_with(tmp_path, supply("now", "stove"), fuels=fuel).problem()
    assert (problem.code, problem.found) == ("unknown-supply", "supply stoove")
    assert "fuels.csv, row 2" in problem.where


def test_a_lossless_line_both_ways_is_refused(tmp_path):
    problem = copy_with(tmp_path, supply("now", "cable", "north"), export("north", loss="0")).problem()
    assert (problem.code, "north" in problem.where) == ("line-loop", True)


def test_runoff_is_changed_by_node_and_month(tmp_path):
    head = ["series", "node", "month", "runoff_fraction", "source", "grade"]
    rows = [["warm", "mountain", str(m), f, "made_up", "assumed"] for m, f in zip(range(1, 5), ("1", "1.5", "0.5", "1"), strict=True)]
    copy = Copy(tmp_path).write("runoff_changes", [head, *rows]).text("model.yaml", "series:\n", "series:\n  runoff_changes: warm\n")
    plain, changed = wf.read_basin("two_reservoirs").runoff, wf.read_basin(copy.folder).runoff
    assert changed["mountain"] == pytest.approx([q * f for q, f in zip(plain["mountain"], (1, 1.5, 0.5, 1), strict=True)])
    assert all(changed[node] == plain[node] for node in plain if node != "mountain")


def test_changed_runoff_of_a_node_without_runoff_is_refused(tmp_path):
    head = ["series", "node", "month", "runoff_fraction", "source", "grade"]
    copy = Copy(tmp_path).write("runoff_changes", [head, ["warm", "moutain", "1", "1", "made_up", "assumed"]])
    problem = copy.text("model.yaml", "series:\n", "series:\n  runoff_changes: warm\n").problem()
    assert (problem.code, problem.found) == ("unknown-node", "node moutain")


def test_a_dam_is_made_higher(tmp_path):
    head = ["series", "reservoir", "full_storage_Mm3", "source", "grade"]
    copy = Copy(tmp_path).write("full_storages", [head, ["higher", "plain", "400", "made_up", "assumed"]])
    copy.text("model.yaml", "series:\n", "series:\n  full_storages: higher\n")
    assert wf.read_basin(copy.folder).reservoirs["plain"].full_storage == 400


def test_a_broken_line_of_the_syr_darya_is_refused_at_the_command_line(tmp_path, capsys):
    """As a user would: Kazakhstan's summer export without its loss, in a month with imports."""
    from waterflow import cli

    for folder in ("models", "inputs"):
        shutil.copytree(ROOT / folder / "syr_darya", tmp_path / folder / "syr_darya")
    path = tmp_path / "inputs" / "syr_darya" / "power_exports.csv"
    old = "default,kgz_export_kazakhstan,KGZ,kazakhstan,5,0,0.05,0.02"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, "default,kgz_export_kazakhstan,KGZ,kazakhstan,5,40,0.05,0.05"), encoding="utf-8")
    assert cli.main(["check", str(tmp_path / "models" / "syr_darya")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "line kazakhstan: kgz_import_kazakhstan_1 and kgz_export_kazakhstan" in err
    assert "[line-loop]" in err
