"""Laws on the pages of the formulation: ``python -m docs.make.formulation`` writes them from the docstrings of the equations."""

from __future__ import annotations

import inspect
import sys

from docs.make.pages import ROOT, filled, kept, table
from waterflow.basin.clause_types import CLAUSE_TYPES
from waterflow.formulation import objective
from waterflow.formulation.formulate import equations
from waterflow.formulation.language import Equation
from waterflow.formulation.processes import PROCESSES

FOLDER = "docs/formulation"


def law(equation: Equation) -> str:
    """An equation as a page has it: its law in words, in LaTeX, where it holds, its unit."""
    words, _, math = (inspect.getdoc(equation.rule) or "").partition(".. math::")
    lines = "\n".join(line.strip() for line in math.strip().splitlines())
    over = f"Over {', '.join(equation.over)}. Unit {equation.unit}.{' Agreed.' if equation.agreed else ''}"
    return f"### `{equation.name}`\n\n{' '.join(words.split())}\n\n$$\n{lines}\n$$\n\n{over}"


def contents() -> str:
    """The pages: a process and what it holds."""
    rows = []
    for process in (*PROCESSES, objective):
        name = process.__name__.rpartition(".")[2]
        first = (process.__doc__ or "").split("\n\n")[0].partition(": ")[2]
        rows.append(f"[{name}]({name}.md) | {' '.join(first.split())}")
    return table("Page | What it holds", rows)


def clause_types() -> str:
    """Every type of clause, and what its rows ask for."""
    return "\n\n".join(f"### `{name}`\n\n{inspect.getdoc(make)}" for name, make in CLAUSE_TYPES.items())


def pages() -> dict[str, str]:
    """Every page as it should be."""
    laws = {e.name: law(e) for e in equations()} | {"pages": contents(), "clause types": clause_types()}
    found = sorted((ROOT / FOLDER).glob("*.md"))
    return {f"{FOLDER}/{page.name}": filled(page.read_text(encoding="utf-8"), laws.get) for page in found}


def main() -> int:
    """Write the pages, or with ``--check`` tell which would change."""
    return kept(pages(), "formulation")


if __name__ == "__main__":
    sys.exit(main())
