"""The reference of the Dataset: ``python -m docs.make.dataset`` writes it from what the formulation and the basin declare."""

from __future__ import annotations

import sys

from docs.make.pages import ROOT, filled, kept, table
from waterflow.basin.changes import CHANGEABLE
from waterflow.formulation.formulate import dimensions, equations, givens, unknowns
from waterflow.formulation.language import dimension

PAGES = ("docs/reference/dataset.md", "docs/reference/python.md")


def _over(names: tuple[str, ...]) -> str:
    return ", ".join(dimension(name) for name in names)


def parts() -> dict[str, str]:
    """The generated parts of both pages, by name."""
    names = "Name | Over | Unit | Meaning"
    over = {g.name: g.over for g in givens()}
    homes = [
        f"`{g.name}` | {_over(over.get(g.name, g.over))} | {g.unit} | {f'`{g.table}`: `{g.column}`' if g.table else ''}"
        for g in CHANGEABLE.values()
    ]
    return {
        "dimensions": f"{', '.join(f'`{name}`' for name in (*dimensions().values(), 'stage'))}.",
        "unknowns": table(names, [f"`{x.name}` | {_over(x.over)} | {x.unit} | {x.meaning}" for x in unknowns()]),
        "givens": table(names, [f"`{x.name}` | {_over(x.over)} | {x.unit} | {x.meaning}" for x in givens()]),
        "duals": table(
            "Name | Over | Per one more | Equation",
            [f"`{x.name}_dual` | stage, {_over(x.over)} | {x.unit} | {x.statement}" for x in equations()],
        ),
        "changeable": table("Name | By | Unit | Table and column", homes),
    }


def main() -> int:
    """Write the pages, or with ``--check`` tell which would change."""
    made = parts()
    return kept({page: filled((ROOT / page).read_text(encoding="utf-8"), made.get) for page in PAGES}, "dataset")


if __name__ == "__main__":
    sys.exit(main())
