"""Operating ranges in words: where the plan leaves what operators have done before, and what staying costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.range_facts import RangeEnd
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import period_alone
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, quantity

__all__ = ["ranges_in_short", "section"]

#: Mm3 by which a range is left for it to be named
LEFT = 0.5
#: USD per m3 below which staying costs nothing that can be told
CHEAP = 0.001
KINDS = {"storage": mark("storage"), "release": mark("release")}


def _named(facts: PlanFacts, x: RangeEnd) -> str:
    about = {"place": facts.titles.get(x.place, x.place), "kind": say(KINDS[x.kind]), "when": period_alone(x.period)}
    return say("{place}, {kind}, {when}", **about)


def _left(facts: PlanFacts, left: Sequence[RangeEnd], most: int) -> str:
    """Where ranges are left furthest."""
    furthest = sorted(left, key=lambda x: -x.outside_Mm3)[: max(1, most)]
    named = "; ".join(f"{_named(facts, x)}: {quantity(x.outside_Mm3, 'Mm3', 0)}" for x in furthest)
    more = len(left) - len(furthest)
    told = say_many(
        "Outside what operators have done, in {count} case: {named}",
        "Outside what operators have done, in {count} cases: {named}",
        len(left),
        named=named,
    )
    return f"{told}; ..." if more else f"{told}."


def ranges_in_short(facts: PlanFacts, most: int) -> Iterator[str]:
    """One or two sentences for the page, that name at most so many cases; nothing where no priority is about ranges."""
    left = [x for x in facts.range_ends if x.outside_Mm3 > LEFT]
    if left:
        yield _left(facts, left, most)
    dear = [x for x in facts.range_ends if (x.saved_USD_per_m3 or 0.0) >= CHEAP]
    if dear:
        dearest = max(dear, key=lambda x: x.saved_USD_per_m3 or 0.0)
        price = number(dearest.saved_USD_per_m3, 3)
        told = mark("Staying within what operators have done is dearest at {named}: {price} USD per m3.")
        yield say(told, named=_named(facts, dearest), price=price)


def section(facts: PlanFacts) -> Iterator[str]:
    """Every storage and release outside its range, or held at its end at a price."""
    if not facts.range_ends:
        return
    yield heading(say("Operating ranges that are left, or held at their end, Mm3"))
    body = []
    for x in facts.range_ends:
        figures = map(number, (x.planned_Mm3, x.low_Mm3, x.high_Mm3, x.outside_Mm3))
        body.append([_named(facts, x), *figures, number(x.saved_USD_per_m3, 3)])
    head = [say("place"), say("plan"), say("least\nbefore"), say("most\nbefore"), say("outside"), say("saved by leaving,\nUSD per m3")]
    yield columns(head, body)
    yield paragraph(say("What one m3 further out would save, in the stage of the cost."))
