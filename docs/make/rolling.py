"""Tables of the page on rolling plans: ``python -m docs.make rolling`` makes them from the figures of the study."""

from __future__ import annotations

import json
import sys
from typing import Any

from docs.make.pages import ROOT, filled, kept, table

PAGE = "docs/evidence/rolling.md"
FIGURES = ROOT / "docs" / "evidence" / "studies" / "rolling.json"
WAYS = {"corrected": "planned again", "uncorrected": "never corrected", "foresight": "perfect foresight", "done": "what was done"}
COLUMNS = {
    "short_Mm3": "short, Mm3",
    "targets_missed_Mm3": "targets missed, Mm3",
    "unserved_GWh": "unserved, GWh",
    "power_cost_MUSD": "power, MUSD",
    "outside_Mm3": "outside ranges, Mm3",
    "stored_Mm3": "stored at the end, Mm3",
}
METHODS = ("persistence", "climatology", "analogues")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value + 0.0:,.0f}".replace("-0", "0")


def _outcome(x: dict[str, Any]) -> list[str]:
    return [_figure(sum(x["withdrawals_Mm3"].values())), *(_figure(x[name]) for name in COLUMNS)]


def _accounts(found: dict[str, Any]) -> str:
    """Every season, forecast and way."""
    rows: list[str] = []
    for k, season in enumerate(found[METHODS[0]]):
        others = [(WAYS[way], "", season["outcomes"][way]) for way in ("foresight", "uncorrected", "done") if way in season["outcomes"]]
        again = [(WAYS["corrected"], method, found[method][k]["outcomes"]["corrected"]) for method in METHODS]
        rows += [" | ".join([f"`{season['scenario']}`", way, method, *_outcome(x)]) for way, method, x in (*others, *again)]
    head = " | ".join(["season", "way", "forecast", "limited users, Mm3", *COLUMNS.values()])
    return table(head, rows)


def _invented(found: dict[str, Any]) -> str:
    season = found["invented"]
    rows = [" | ".join([WAYS[way], *_outcome(x)]) for way, x in season["outcomes"].items()]
    head = " | ".join(["way", "limited users, Mm3", *COLUMNS.values()])
    lines = [
        " | ".join([d["period"], *(_figure(d[name]) for name in ("forecast_Mm3", "came_Mm3", "drift_Mm3")), str(d["alarms"])])
        for d in season["drift"]
    ]
    return table(head, rows) + "\n\n" + table("dekad | forecast, Mm3 | came, Mm3 | drift of storages, Mm3 | alarms", lines)


def _drift(found: dict[str, Any]) -> str:
    """Month by month with the first way of forecasting."""
    rows = [
        " | ".join([d["period"], *(_figure(d[name]) for name in ("forecast_Mm3", "came_Mm3", "drift_Mm3")), str(d["alarms"])])
        for season in found[METHODS[0]]
        for d in season["drift"]
    ]
    return table("month | forecast, Mm3 | came, Mm3 | drift of storages, Mm3 | alarms", rows)


def _regret(found: dict[str, Any]) -> str:
    """Planned again less each other way, season by season; more is not always worse."""
    lines = []
    for method in METHODS:
        for season in found[method]:
            own = season["outcomes"]["corrected"]
            for way in ("foresight", "uncorrected", "done"):
                other = season["outcomes"].get(way)
                if other is None:
                    continue
                pairs = [(title, own[name], other[name]) for name, title in COLUMNS.items()]
                told = [_figure(a - b) if a is not None and b is not None else "-" for _, a, b in pairs]
                taken = sum(own["withdrawals_Mm3"][p] - v for p, v in other["withdrawals_Mm3"].items())
                lines.append(" | ".join([f"`{season['scenario']}`", method, WAYS[way], _figure(taken), *told]))
    head = " | ".join(["season", "forecast", "less", "limited users, Mm3", *COLUMNS.values()])
    rung = "\n".join(
        f"- `{season['scenario']}`, {method}: {season['alarms']} alarms, the first in {season['first_alarm'] or 'none'}; "
        f"{season['curtailed']} decisions curtailed; given up: {', '.join(season['not_held']) or 'nothing'}."
        for method in METHODS
        for season in found[method]
    )
    return table(head, lines) + "\n\n" + rung


def main() -> int:
    """Fill the tables of the page."""
    found = json.loads(FIGURES.read_text(encoding="utf-8"))
    made = {"accounts": _accounts(found), "regret": _regret(found), "drift": _drift(found), "invented": _invented(found)}
    return kept({PAGE: filled((ROOT / PAGE).read_text(encoding="utf-8"), made.get)}, "rolling")


if __name__ == "__main__":
    sys.exit(main())
