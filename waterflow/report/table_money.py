"""Money in text: what one more m3 is worth, after the payoffs by party."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from waterflow.accounts.power_facts import Payoff
from waterflow.report.table_payoffs import payoffs
from waterflow.words.dates import period_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number

__all__ = ["value_csv", "value_text"]

Facts = dict[str, Any]
LEVELS = ("low_MUSD", "central_MUSD", "high_MUSD")
PARTIES = {"no_party": "no party"}
PRICES = ("low_USD_per_m3", "central_USD_per_m3", "high_USD_per_m3", "one_less_USD_per_m3")
#: a party that gains less than this everywhere has no column, USD per m3
SMALL = 5e-5


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
    paid = payoffs([Payoff.model_validate(x) for x in facts["payoffs"]], facts["order"], facts["level"])
    return "\n".join([name, total, *paid, *_one_more(facts)]) + "\n"


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
