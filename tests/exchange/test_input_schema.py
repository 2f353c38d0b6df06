"""The schema of inputs: it covers every table and YAML file, takes what is shipped, and refuses what the readers refuse."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from waterflow import cli
from waterflow.futures.tree_file import TREE
from waterflow.loading.observed import OBSERVED
from waterflow.loading.schema import TABLES
from waterflow.report.input_schema import inputs_schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = inputs_schema()
PUBLISHED = ROOT / "docs" / "reference" / "inputs.schema.json"


class JsonLoader(yaml.SafeLoader):
    """Days stay text, as JSON has them."""


JsonLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def judge(part):
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": SCHEMA["$defs"]})


def yaml_files():
    kinds = {"model": "models/*/model.yaml", "scenario": "models/*/scenarios/*.yaml", "agreement": "models/*/agreements/*.yaml"}
    kinds |= {"offers": "docs/tutorials/offers/*.yaml", "sources": "*/*/**/sources.yaml"}
    return [(kind, path) for kind, pattern in kinds.items() for path in sorted(ROOT.glob(pattern)) if "tests" not in path.parts]


def rows_of(path, table):
    """Rows as a reader of CSV has them, numbers as numbers."""
    known = {spelling: c for c in table.columns for spelling in c.spellings}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name, text in row.items():
                kind = "count" if name == "month" else getattr(known.get(name), "kind", "")
                row[name] = int(text) if kind == "count" else float(text) if kind == "number" else text
            yield row


def test_the_published_file_is_the_schema(capsys):
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    assert PUBLISHED.read_text(encoding="utf-8") == text, "python -m docs.make input_schema"
    assert cli.main(["schema", "inputs"]) == 0
    assert capsys.readouterr().out == text
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_table_is_there():
    assert {f"table.{name}" for name in TABLES} | {f"observed.{name}" for name in OBSERVED} | {"tree"} <= set(SCHEMA["$defs"])
    assert TREE.columns


@pytest.mark.parametrize(("kind", "path"), yaml_files(), ids=lambda x: x if isinstance(x, str) else str(x.relative_to(ROOT)))
def test_a_shipped_file_obeys_it(kind, path):
    judge(kind).validate(yaml.load(path.read_text(encoding="utf-8"), JsonLoader))  # noqa: S506 - a safe loader with days as text


@pytest.mark.parametrize(
    "folder", [*sorted((ROOT / "inputs").glob("*")), *sorted((ROOT / "models").glob("*/tables"))], ids=lambda p: p.parent.name
)
def test_shipped_tables_obey_it(folder):
    seen = 0
    for part, known, place in (("table", TABLES, folder), ("observed", OBSERVED, folder / "observed")):
        for name, table in known.items():
            if (path := place / f"{name}.csv").is_file():
                judge(f"{part}.{name}").validate(list(rows_of(path, table))[:40])
                seen += 1
    assert seen or not folder.is_dir()


GOOD = {"series": "a", "node": "dam", "month": 1, "runoff_Mm3": 5, "source": "x", "grade": "assumed"}


@pytest.mark.parametrize(
    "wrong",
    [{"runoff_Mm3": "x"}, {"grade": "sure"}, {"month": 13}, {"node": "1st dam"}, {"rain": 1}, {"period": "2025-01"}, {"runoff_Mm3": "5"}],
)
def test_what_a_reader_refuses_it_refuses(wrong):
    assert judge("table.runoff").is_valid([GOOD])
    assert not judge("table.runoff").is_valid([GOOD | wrong])


def test_questions_and_unknown_keys():
    assert judge("questions").is_valid({"runoff.all": "x0.9", "target.sea.growing": 1792, "release.dam": "6.5 km3"})
    assert not judge("questions").is_valid({"runoff.all": "much"})
    model = yaml.load((ROOT / "models/two_reservoirs/model.yaml").read_text(encoding="utf-8"), JsonLoader)  # noqa: S506
    assert not judge("model").is_valid(model | {"prise": 1})
