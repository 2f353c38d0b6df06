"""Tables of the page on kept water: ``python -m docs.make kept_water`` makes them from the figures of the study beside it.

The figures are made by ``python -m docs.evidence.studies.kept_water``, which takes long; storages seen come from the observations.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from docs.make.pages import ROOT, filled, kept, table
from waterflow.observations.files import observed_tables

PAGE = "docs/method/kept_water.md"
FIGURES = ROOT / "docs" / "evidence" / "studies" / "kept_water.json"
WHO = {"all": "all parties together", "KGZ": "Kyrgyzstan alone", "downstream": "Kazakhstan, Tajikistan, Uzbekistan"}


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _drawn(found: dict[str, Any], who: dict[str, dict[str, Any]], names: dict[str, str]) -> str:
    """What is left of each opening in each year."""
    head = "whose cost | year | " + " | ".join(f"from {_whole(x)}" for x in found["openings"])
    rows = []
    for key, own in who.items():
        for k, (year, label) in enumerate(found["years"].items()):
            ends = [_whole(row[k]) for row in own["closing"]]
            rows.append(f"{names[key] if k == 0 else ''} | {year} ({label}) | " + " | ".join(ends))
    return table(head, rows)


def _values(found: dict[str, Any], who: dict[str, dict[str, Any]], names: dict[str, str]) -> str:
    head = "whose cost | " + " | ".join(f"at {_whole(x)}" for x in found["openings"]) + " | gap"
    gaps = {key: own.get("relative", found["all"]["relative"]) for key, own in who.items()}
    values = {key: " | ".join(f"{v:.3f}" for v in own["value"]) for key, own in who.items()}
    return table(head, [f"{names[key]} | {values[key]} | {100 * gaps[key]:.1f} %" for key in who])


def _apart(found: dict[str, Any]) -> str:
    rows = []
    for judged, own in found["apart"].items():
        better = [f"{own[k] - own['policy']:,.0f}" for k in ("typed_closing", "typed_values")]
        rows.append(f"{judged} half ({own['years']} years) | {_whole(own['policy'])} | " + " | ".join(better))
    return table("judged on | cost under kept water, million USD | closing storages typed: more by | end values typed: more by", rows)


def _sure(found: dict[str, Any]) -> str:
    own = found["all"]
    return table(
        "lower bound, million USD | expected above it | 95 % interval | gap with it | states",
        [f"{_whole(own['lower'])} | {own['gap']:.0f} | +-{own['interval']:.0f} | {100 * own['relative']:.2f} % | {own['states']}"],
    )


def _seen() -> str:
    storages = observed_tables("syr_darya")["monthly_storages"]
    own = storages[(storages["reservoir"] == "toktogul") & storages["period"].str.endswith("-09")].sort_values("period")
    cells = list(zip(own["period"].str[:4], own["storage_Mm3"].astype(float), strict=True))
    return table(" | ".join(year for year, _ in cells), [" | ".join(_whole(held) for _, held in cells)])


def main() -> int:
    """Fill the tables of the page."""
    found = json.loads(FIGURES.read_text(encoding="utf-8"))
    dearer = {f"{factor}": own for factor, own in found["unserved"].items()}
    named = {factor: f"unserved power times {float(factor):g}" for factor in dearer}
    made = {
        "drawn": _drawn(found, found["interests"], WHO),
        "values": _values(found, found["interests"], WHO),
        "unserved drawn": _drawn(found, dearer, named),
        "unserved values": _values(found, dearer, named),
        "apart": _apart(found),
        "sure": _sure(found),
        "seen": _seen(),
    }
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    return kept({PAGE: filled(page, made.get)}, "kept_water")


if __name__ == "__main__":
    sys.exit(main())
