"""No river in the library: ids of the shipped models stand in tables, in models and in docs, never in the package."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "waterflow"
#: columns that hold ids
COLUMNS = ("node", "reach", "reservoir", "demand", "plant", "target", "supply", "party", "series")
#: common words that happen to be ids
WORDS = {
    "A", "B", "after_dry_year", "after_wet_year", "below", "benefit", "default", "drought", "dry", "end", "field", "head", "high",
    "irrigation", "low", "mean", "mid", "middle", "plain", "source", "upper",
}  # fmt: skip
#: the teaching river, whose ids examples may use
TEACHING = "two_reservoirs"
#: names of rivers, places and agencies as people write them
TITLES = ("Syr Darya", "Toktogul", "Shardara", "Naryn", "Charvak", "Bahri Tojik", "North Aral", "Fergana", "Kazhydromet", "Uzhydromet")


@cache
def ids():
    """Every id of the tables, models and scenarios that are shipped."""
    found = set()
    for path in (*(ROOT / "inputs").glob("*/*.csv"), *(ROOT / "models").glob("*/tables/*.csv")):
        if TEACHING not in path.parts:
            with path.open(encoding="utf-8", newline="") as file:
                found |= {row[c] for row in csv.DictReader(file) for c in COLUMNS if row.get(c)}
    models = [path.parent for path in (ROOT / "models").glob("*/model.yaml") if path.parent.name != TEACHING]
    found |= {name for folder in models for name in (folder.name, *(p.stem for p in (folder / "scenarios").glob("*.yaml")))}
    return frozenset(found - WORDS)


@cache
def pattern():
    return re.compile(rf"(?<![A-Za-z0-9_])({'|'.join(sorted(map(re.escape, {*ids(), *TITLES}), key=len, reverse=True))})(?![A-Za-z0-9_])")


def test_ids_are_found():
    assert {"syr_darya", "toktogul", "north_aral", "dostyk_kaz", "toktogul_hpp", "KAZ", "season_2024_25", "dry_year"} <= ids()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_names_nothing_of_a_shipped_river(path):
    found = set(pattern().findall(path.read_text(encoding="utf-8")))
    assert not found, "a name of a river: into a table, or out of the example"
