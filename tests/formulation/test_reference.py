"""The generated tables of ``docs/reference/dataset.md`` are what the formulation declares; `--update` rewrites them."""

import re
from pathlib import Path

from waterflow.formulation.formulate import equations, givens, unknowns
from waterflow.formulation.language import dimension

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "dataset.md"
BLOCK = re.compile(r"(?<=<!-- generated -->\n).*?(?=<!-- end -->)", flags=re.DOTALL)


def over(names):
    return ", ".join(dimension(name) for name in names)


def table(head, rows):
    line = "|" + "---|" * head.count("|")
    return "\n".join([f"| {head}", line[: 4 * head.count("|") + 1], *(f"| {row} |" for row in rows)]) + "\n"


def blocks():
    """The three tables, in the order of the page."""
    yield table("Name | Over | Unit | Meaning |", (f"`{x.name}` | {over(x.over)} | {x.unit} | {x.meaning}" for x in unknowns()))
    yield table("Name | Over | Unit | Meaning |", (f"`{x.name}` | {over(x.over)} | {x.unit} | {x.meaning}" for x in givens()))
    duals = (f"`{x.name}_dual` | stage, {over(x.over)} | {x.unit} | {x.statement}" for x in equations())
    yield table("Name | Over | Per one more | Equation |", duals)


def test_the_page_lists_what_there_is(update):
    text = PAGE.read_text(encoding="utf-8")
    tables = blocks()
    page = BLOCK.sub(lambda _: next(tables), text)
    assert next(tables, None) is None, "a generated block is missing from the page"
    if update:
        PAGE.write_text(page, encoding="utf-8")
    assert page == text or update
