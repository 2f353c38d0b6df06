"""Whoever searches for a word of the model finds, in one hop, where it is made, where it is explained and where it is tested.

The words come from the registries: equations, givens, types of clauses, tables, and the codes of errors
(the headings of their page). A test "of that name" has the word in its text or in the name of its expected rows.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from waterflow.basin.basin import Basin
from waterflow.basin.clause_types import CLAUSE_TYPES
from waterflow.basin.givens import given_fields
from waterflow.formulation.formulate import equations, givens
from waterflow.loading.schema import TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
EQUATIONS = [e.name for e in equations()]
GIVENS = sorted({g.name for g in givens()} | set(given_fields(Basin)))


@cache
def sources():
    """Text of every file of the package, by path."""
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "waterflow").rglob("*.py")}


@cache
def words_of_tests():
    """Every test as one text, this one and its lists left out; names of expected rows among it."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__).resolve()]
    rows = "\n".join(path.stem for path in (ROOT / "tests" / "formulation" / "rows").glob("*.txt"))
    return "\n".join([rows, *(path.read_text(encoding="utf-8") for path in files)])


@cache
def headings(page):
    """Headings of a page, without signs of code."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [h.replace("`", "") for h in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)]


def whole(word, text):
    """True if the text has the word by itself."""
    return bool(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text))


#: that these are the codes of the package is for tests/docs/test_errors.py to say
CODES = [name for name in headings("reference/errors.md") if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+|[a-z]+", name)]


@pytest.mark.parametrize("name", EQUATIONS)
def test_an_equation_is_found(name):
    process = [path for path, text in sources().items() if "/formulation/" in path and f"\ndef {name}(" in text]
    assert len(process) == 1
    assert name in headings(f"formulation/{Path(process[0]).stem}.md")
    assert (ROOT / "tests" / "formulation" / "rows" / f"{name}.txt").is_file()


@pytest.mark.parametrize("name", GIVENS)
def test_a_given_is_found(name):
    declared = [path for path, text in sources().items() if re.search(rf'Given(Field)?\(\s*"{name}"', text)]
    assert declared or name == "energy_rate"
    page = "dataset" if any(g.name == name for g in givens()) else "python"
    assert f"| `{name}` |" in (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")
    assert whole(name, words_of_tests())


@pytest.mark.parametrize("name", sorted(CLAUSE_TYPES))
def test_a_type_of_clause_is_found(name):
    assert f"\ndef {name}(" in sources()["waterflow/basin/clause_types.py"]
    assert name in headings("formulation/clauses.md")
    assert whole(name, words_of_tests())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_found(name):
    assert f'"{name}",' in sources()["waterflow/loading/schema.py"]
    assert name in headings("reference/tables.md")
    assert whole(name, words_of_tests())


@pytest.mark.parametrize("name", CODES)
def test_the_code_of_an_error_is_found(name):
    assert whole(name, words_of_tests())
