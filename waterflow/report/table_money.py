"""Money in text: payoffs by party at low, central and high values, and what one more m3 is worth."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from waterflow.words.dates import period_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import NOTHING, number, places

__all__ = ["payoffs", "value_csv", "value_text"]

Facts = dict[str, Any]
LEVELS = ("low_MUSD", "central_MUSD", "high_MUSD")
NAMES = {
    "irrigation": "irrigation",
    "drinking": "drinking water",
    "industry": "industry",
    "environment": "lakes and wetlands",
    "unexplained": "unexplained balance",
    "targets": "flow to targets",
    "river_power": "power of river plants",
    "exports": "power sold",
    "imports": "power bought",
    "thermal": "thermal power",
    "other_hydropower": "other hydropower",
    "unserved": "power unserved",
    "end_storage": "water kept for later",
    "spills": "spills",
    "payoff": "payoff",
}
PARTIES = {"no_party": "no party"}
PRICES = ("low_USD_per_m3", "central_USD_per_m3", "high_USD_per_m3", "one_less_USD_per_m3")
#: a party that gains less than this everywhere has no column, USD per m3
SMALL = 5e-5


def payoffs(facts: Facts) -> Iterator[str]:
    """Each party's payoff and its terms, million USD; terms that are nothing at every level are left out."""
    rows = [x for x in facts["payoffs"] if x["term"] == "payoff" or any(abs(x[level]) >= NOTHING for level in LEVELS)]
    if not rows:
        return
    yield heading("Payoffs by party over the horizon, million USD (* rests on assumed or unverified prices)")
    decimals = places([x[level] for x in rows for level in LEVELS])
    body: list[list[str]] = []
    before = ""
    for x in (y for party in dict.fromkeys(r["party"] for r in rows) for y in _payoff_first(rows, party)):
        name = PARTIES.get(x["party"], str(x["party"])) if x["party"] != before else ""
        before = x["party"]
        term = NAMES[x["term"]] if x["term"] == "payoff" else f"  {NAMES[x['term']]}"
        body.append([name, term, *(number(x[level], max(decimals, 1)) for level in LEVELS), "*" if x["assumed"] else ""])
    yield columns(["party", "", "low", "central", "high", ""], body, 2)
    yield paragraph(
        f"One plan, made {_made(facts)}, valued three times: with every value and price low, central and high, all together. "
        "A party that mostly pays has its best payoff where values are low. The value of the power that is served is not "
        "in a payoff, so payoffs are to be compared between plans; alone they say little."
    )


def _payoff_first(rows: list[Facts], party: str) -> list[Facts]:
    own = [x for x in rows if x["party"] == party]
    return own[-1:] + own[:-1]


def _made(facts: Facts) -> str:
    return "by an order of priority" if facts["order"] else f"for the largest sum at {facts['level']} values"


def _one_more(facts: Facts) -> Iterator[str]:
    """What one more m3 is worth at each place, to all and at central values to each party."""
    rows = facts["one_more"]
    yield heading("Value of one more m3 at a place, USD per m3")
    parties = [p for p in dict.fromkeys(p for x in rows for p in x["parties"]) if any(abs(x["parties"][p] or 0) >= SMALL for x in rows)]
    body = []
    for x in rows:
        when = "start" if x["when"] == "start" else period_in_words(x["when"])
        cells = [x[key] for key in PRICES] + [x["parties"].get(p) for p in parties]
        body.append([x["place"], when, PARTIES.get(x["party"], str(x["party"])) or "-", *(number(v, 4) for v in cells)])
    head = ["place", "when", "of", "low", "central", "high", "one less"]
    yield columns([*head, *(PARTIES.get(p, p) for p in parties)], body, 3)
    yield paragraph(
        "low, central, high: what all gain from one more m3 in a plan made at those values; one less: what all lose from "
        "one less, at central values; then who gains it, at central values. start: kept in the reservoir when the "
        "horizon starts. of: the owner of the reservoir, or the party that asks for most at the place."
    )


def value_text(facts: Facts) -> str:
    """Payoffs and the value of one more m3 as plain text."""
    name = f"{facts['title']} ({facts['model']}), scenario {facts['scenario'] or '-'}, {facts['horizon']}"
    total = f"Sum of all terms: {number(facts['objective'], 1)} million USD at {facts['level']} values"
    return "\n".join([name, total, *payoffs(facts), *_one_more(facts)]) + "\n"


def value_csv(facts: Facts) -> str:
    """The same as one long table: section, place, when, quantity, unit, value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("section", "place", "when", "quantity", "unit", "value"))
    for x in facts["payoffs"]:
        writer.writerows(("payoffs", x["party"], x["term"], key.removesuffix("_MUSD"), "MUSD", x[key]) for key in LEVELS)
    for x in facts["one_more"]:
        found = {key.removesuffix("_USD_per_m3"): x[key] for key in PRICES} | {f"central/{p}": v for p, v in x["parties"].items()}
        writer.writerows(("one_more", x["place"], x["when"], k, "USD_per_m3", v) for k, v in found.items() if v is not None)
    return text.getvalue()
