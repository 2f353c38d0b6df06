"""Table of the page on trees: ``python -m docs.make trees`` makes it from the figures of the study beside it."""

from __future__ import annotations

import json
import sys
from typing import Any

from docs.make.pages import ROOT, filled, kept, table

PAGE = "docs/method/trees.md"
FIGURES = ROOT / "docs" / "evidence" / "studies" / "trees.json"


def _worth(x: dict[str, float | str] | None) -> str:
    if x is None:
        return "-"
    return f"{x['value']:,.1f} million USD" if x["unit"] == "million USD" else f"{100 * float(x['value']):.1f} % in `{x['stage']}`"


def _table(found: dict[str, Any]) -> str:
    head = "what decides | leaves | Toktogul on 1 April: decided | for the mean | foreseen | EVPI | VSS | certificate | seconds"
    rows = []
    for name, x in found.items():
        decided, mean, low, high = (f"{v:,.0f}" for v in x["toktogul_Mm3"])
        said = (name, str(x["leaves"]), decided, mean, f"{low} to {high}", _worth(x["evpi"]), _worth(x["vss"]))
        rows.append(" | ".join([*said, f"{x['certificate']:.0e}", f"{x['seconds']:.0f}"]))
    return table(head, rows)


def main() -> int:
    """Fill the table of the page."""
    made = {"trees": _table(json.loads(FIGURES.read_text(encoding="utf-8")))}
    return kept({PAGE: filled((ROOT / PAGE).read_text(encoding="utf-8"), made.get)}, "trees")


if __name__ == "__main__":
    sys.exit(main())
