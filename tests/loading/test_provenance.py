"""Every row of every shipped table says where it comes from and how sure it is."""

import csv
import shutil
from functools import cache
from pathlib import Path

import pytest
import yaml

from waterflow import cli
from waterflow.errors import InputError
from waterflow.loading.columns import GRADES
from waterflow.loading.observed import OBSERVED, read_observed
from waterflow.loading.shipped import inputs_folder

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("title", "publisher", "year", "url", "licence", "accessed", "note")


@cache
def sources_in(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def sources_for(path, root):
    """The sources of the nearest ``sources.yaml`` on the way up from a table."""
    for folder in path.parents:
        if (folder / "sources.yaml").is_file():
            return sources_in(folder / "sources.yaml")
        if folder == root:
            break
    return {}


def unsourced(root):
    """Every row under a folder that lacks a known source or a valid grade; and how many rows there are."""
    wrong, count = [], 0
    for path in sorted(root.rglob("*.csv")):
        sources = sources_for(path, root)
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                count += 1
                if row.get("source") not in sources:
                    wrong.append((path.name, number, "source", row.get("source")))
                if row.get("grade") not in GRADES:
                    wrong.append((path.name, number, "grade", row.get("grade")))
    return wrong, count


@pytest.mark.parametrize("folder", ["inputs", "models"])
def test_every_row_has_a_source_and_a_grade(folder):
    wrong, count = unsourced(ROOT / folder)
    assert not wrong
    assert count > 100, "no rows were read: the test has lost its eyes"


@pytest.mark.parametrize("name", ["inputs/syr_darya", "models/larson_four_reservoirs/tables", "models/two_reservoirs/tables"])
def test_every_source_says_what_it_is(name):
    sources = yaml.safe_load((ROOT / name / "sources.yaml").read_text(encoding="utf-8"))
    assert not [(key, field) for key, source in sources.items() for field in FIELDS if not str(source.get(field) or "").strip()]


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("plants.csv", ",samruk_energy,", ",a_friend,", "source"),
        ("plants.csv", ",samruk_energy,", ",,", "source"),
        ("observed/monthly_flows.csv", ",reservoirs_2001_2008,observed", ",reservoirs_2001_2008,certain", "grade"),
        ("observed/monthly_flows.csv", ",reservoirs_2001_2008,observed", ",reservoirs_2001,observed", "source"),
        ("observed/published_schedules.csv", ",official,", ",,", "grade"),
    ],
)
def test_a_tampered_row_is_found(tmp_path, table, old, new, column):
    copy = tmp_path / "syr_darya"
    shutil.copytree(inputs_folder() / "syr_darya", copy)
    path = copy / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    wrong, _ = unsourced(copy)
    assert [(name, where) for name, _, where, _ in wrong] == [(path.name, column)]


def test_observations_are_refused_with_everything_wrong_at_once(tmp_path):
    copy = tmp_path / "syr_darya"
    shutil.copytree(inputs_folder() / "syr_darya", copy)
    path = copy / "observed" / "monthly_flows.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:3], "much", "nobody", *cells[5:]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (copy / "observed" / "guesses.csv").write_text("a,b\n", encoding="utf-8")
    (copy / "observed" / "wetness.csv").unlink()
    with pytest.raises(InputError) as refused:
        read_observed(copy, needed=["wetness"])
    assert sorted(p.code for p in refused.value.problems) == ["no-such-file", "not-a-number", "unknown-source", "unknown-table"]


def test_every_observed_table_is_declared_and_read():
    folder = inputs_folder() / "syr_darya"
    assert set(read_observed(folder)) == set(OBSERVED) == {path.stem for path in (folder / "observed").glob("*.csv")}


def test_a_calibration_on_a_broken_observation_is_refused_without_a_traceback(tmp_path, capsys):
    for folder in ("models", "inputs"):
        shutil.copytree(ROOT / folder / "syr_darya", tmp_path / folder / "syr_darya")
    path = tmp_path / "inputs" / "syr_darya" / "observed" / "monthly_storages.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1080.8", "plenty", 1), encoding="utf-8")
    assert cli.main(["calibrate", str(tmp_path / "models" / "syr_darya")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "observed/monthly_storages.csv, row 2, storage_Mm3: found 'plenty'" in err
    assert "Traceback" not in err


def test_the_reference_names_every_observed_table_and_column():
    text = (ROOT / "docs" / "reference" / "tables.md").read_text(encoding="utf-8").partition("## Observations")[2]
    for name, table in OBSERVED.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert all(f"`{column.name}`" in line for column in table.columns), name
