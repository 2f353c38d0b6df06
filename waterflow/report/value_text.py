"""What a plan is worth to each party, and one more m3 at places: in sentences and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from waterflow.accounts.facts import PlanFacts
from waterflow.explain.price_facts import Value, WaterValue
from waterflow.report.names import party_called
from waterflow.report.table_payoffs import level_called, payoffs
from waterflow.words.catalogue import say, say_of
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number

__all__ = ["value_csv", "value_text"]

PRICES = ("low_USD_per_m3", "central_USD_per_m3", "high_USD_per_m3", "one_less_USD_per_m3")
LEVELS = ("low_MUSD", "central_MUSD", "high_MUSD")
#: a party that gains less than this everywhere has no column, USD per m3
SMALL = 5e-5


def _prices(water: WaterValue) -> list[float | None]:
    return [getattr(water, name) for name in PRICES]


def _one_more(found: Value, plan: PlanFacts) -> Iterator[str]:
    """What one more m3 is worth at each place, to all and at central values to each party."""
    rows = found.one_more
    yield heading(say("Value of one more m3 at a place, USD per m3"))
    named = dict.fromkeys(p for x in rows for p in x.parties)
    parties = [p for p in named if any(abs(x.parties[p] or 0) >= SMALL for x in rows)]
    body = []
    for x in rows:
        when = say_of("when", "start") if x.when == "start" else period_in_words(x.when)
        cells = [*_prices(x), *(x.parties.get(p) for p in parties)]
        body.append([plan.titles.get(x.place, x.place), when, party_called(x.party) if x.party else "-", *(number(v, 4) for v in cells)])
    levels = [level_called("low"), level_called("central"), level_called("high")]
    head = [say("place"), say("when"), say_of("whose water", "of"), *levels, say("one less")]
    yield columns([*head, *map(party_called, parties)], body, 3)
    yield paragraph(
        say(
            "low, central, high: what all gain from one more m3 in a plan made at those values; one less: what all lose from "
            "one less, at central values; then who gains it, at central values. start: kept in the reservoir when the "
            "horizon starts. of: the owner of the reservoir, or the party that asks for most at the place."
        )
    )


def value_text(found: Value, plan: PlanFacts) -> str:
    """Payoffs and the value of one more m3.

    Parameters
    ----------
    found : Value
    plan : PlanFacts
        Of the same river: titles, and the level of values the plan was made with.
    """
    about = {"title": plan.title, "model": found.model, "horizon": window_in_words(found.horizon)}
    name = (
        say("{title} ({model}), scenario {scenario}, {horizon}", scenario=found.scenario, **about)
        if found.scenario
        else say("{title} ({model}), {horizon}", **about)
    )
    level = level_called(plan.level)
    total = say("Sum of all terms at values of the level {level}: {sum} million USD", level=level, sum=number(found.objective, 1))
    return "\n".join([name, total, *payoffs(found.payoffs, plan.order, plan.level), *_one_more(found, plan)]) + "\n"


def value_csv(found: Value) -> str:
    """The same as one long table: section, place, when, quantity, unit, value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("section", "place", "when", "quantity", "unit", "value"))
    for paid in found.payoffs:
        writer.writerows(("payoffs", paid.party, paid.term, key.removesuffix("_MUSD"), "MUSD", getattr(paid, key)) for key in LEVELS)
    for x in found.one_more:
        values = dict(zip((key.removesuffix("_USD_per_m3") for key in PRICES), _prices(x), strict=True))
        values |= {f"central/{party}": v for party, v in x.parties.items()}
        writer.writerows(("one_more", x.place, x.when, k, "USD_per_m3", v) for k, v in values.items() if v is not None)
    return text.getvalue()
