"""The guide to a new equation is followed word for word in a copy of the repository: what it promises holds there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "add_an_equation.md").read_text(encoding="utf-8")
DIFF = re.compile(r"^```diff\n@@ (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^<!-- (?:not run: )?(new file|append) (\S+) -->\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)
MOST_FILES = 8
MODEL = """
import sys
import waterflow as wf
from waterflow.explain.why import why
from waterflow.loading.model import read_model

model = read_model(sys.argv[1])
basin = model.basin()
(name,) = basin.ice_ceilings
assert basin.ice_ceilings[name].flow == 5, basin.ice_ceilings
plan = wf.allocate(basin)
assert abs(float(plan.dataset["ice_excess"].sum())) < 1e-9
assert plan.dataset["ice_flow"].attrs["grades"] == "ice_ceilings: assumed 1"
assert wf.allocate(basin.changed(ice_flow={name: 20})).dataset["ice_flow"].item() == 20
(price,) = [p for p in why(model, "lake").prices if p.given == "ice_flow"]
assert price.one_more > 0 > price.one_less, price
assert "ceiling of the flow under ice" in price.title
"""


def changed(copy):
    """Files that the guide edits, after all its edits."""
    edited = []
    for path, lines in DIFF.findall(GUIDE):
        rows = lines.splitlines()
        old = "\n".join(row[1:] for row in rows if row[:1] != "+")
        new = "\n".join(row[1:] for row in rows if row[:1] != "-")
        file = copy / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), encoding="utf-8")
        edited.append(path)
    for how, path, text in FILE.findall(GUIDE):
        file = copy / path
        assert file.exists() == (how == "append"), path
        with file.open("a", encoding="utf-8") as there:
            there.write(("\n" if how == "append" else "") + text)
        edited.append(path)
    return set(edited)


def run(copy, *command):
    """A command in the copy, which imports the copy's own package."""
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The repository with the edits of the guide."""
    copy = tmp_path_factory.mktemp("guide")
    for folder in ("waterflow", "tests", "docs", "models"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "pictures"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    edited = changed(copy)
    assert len(edited) == MOST_FILES, sorted(edited)
    return copy


def test_its_edits_still_fit(edited):
    run(edited, "-c", "from waterflow.formulation.formulate import equations; assert 'ice_ceiling_kept' in {x.name for x in equations()}")


@pytest.fixture(scope="module")
def copy(edited):
    """The repository as the guide leaves it, with everything made anew."""
    copy = edited
    run(copy, "-m", "docs.make", "formulation", "tables", "dataset", "words")
    rows = copy / "tests" / "formulation" / "rows"
    before = {path.name: path.read_bytes() for path in rows.glob("*.txt")}
    run(copy, "-m", "pytest", "-q", "tests/formulation/test_rows.py", "--update")
    after = {path.name: path.read_bytes() for path in rows.glob("*.txt")}
    assert {name for name in after if after[name] != before.get(name)} == {"ice_ceiling_kept.txt"}
    return copy


@pytest.mark.long
def test_its_tests_pass(copy):
    asked = ["formulation/test_ice_ceilings.py", "formulation/test_rows.py", "docs/test_generated.py", "basin/test_givens.py"]
    asked += ["architecture/test_one_hop.py", "architecture/test_floors.py"]
    run(copy, "-m", "pytest", "-q", "-x", *(f"tests/{name}" for name in asked))


@pytest.mark.long
def test_a_model_takes_the_new_table(copy, tmp_path):
    model = tmp_path / "two_reservoirs"
    shutil.copytree(copy / "models" / "two_reservoirs", model)
    row = "winter,ice,town,lower,2025-01-01,2025-04-30,5,made_up,assumed"
    head = "series,ceiling,place,reach,start,end,ceiling_m3s,source,grade"
    (model / "tables" / "ice_ceilings.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    text = (model / "model.yaml").read_text(encoding="utf-8")
    text = text.replace("series:\n", "series:\n  ice_ceilings: winter\n")
    text = text.replace("    - {name: lake,", "    - {name: ice, claims: [{kind: ice_ceilings}]}\n    - {name: lake,")
    (model / "model.yaml").write_text(text, encoding="utf-8")
    run(copy, "-c", MODEL, str(model))


@pytest.mark.long
def test_its_words_are_in_the_catalogue(copy):
    command = (
        "from waterflow.words.catalogue import say, speaking\n"
        "with speaking('ru'): assert say('ceiling of the flow under ice') == 'предельный расход подо льдом'"
    )
    run(copy, "-c", command)
