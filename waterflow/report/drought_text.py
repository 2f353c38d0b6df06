"""A drought shared by rules, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.negotiation.drought_facts import DroughtFacts
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, number, per_cent, quantity, unit

__all__ = ["drought_text"]

RULES = {
    "": mark("the plan as it is"),
    "proportional": mark("proportional"),
    "constrained_equal_awards": mark("equal awards"),
    "constrained_equal_losses": mark("equal losses"),
    "talmud": mark("Talmud"),
    "adjusted_proportional": mark("adjusted proportional"),
    "random_arrival": mark("random arrival"),
}
#: what is short of the claims below this share of them is no drought
NOTHING = 1e-4


def drought_text(facts: DroughtFacts) -> str:
    """What there is to share, and each rule beside the plan as it is."""
    return "\n".join([*_asked(facts), *_water(facts), *_money(facts)]) + "\n"


def _asked(facts: DroughtFacts) -> Iterator[str]:
    claims = sum(facts.claims_Mm3.values())
    about = {"title": facts.title, "window": window_in_words(facts.window), "estate": quantity(facts.estate_Mm3, "Mm3", 0)}
    told = say("{title}, {window}: {estate} for limited users, of {claims} they may ask.", claims=quantity(claims, "Mm3", 0), **about)
    yield paragraph(told)
    if facts.estate_Mm3 >= (1 - NOTHING) * claims:
        yield paragraph(say("That is no drought: everyone has what it may ask, by any rule."))
    yield paragraph(
        say(
            "A rule shares it among the parties; the shares are limits of a new plan. Not all of a share comes: users without a limit have "
            "their part of what is freed."
        )
    )


def _water(facts: DroughtFacts) -> Iterator[str]:
    yield heading(say("Water that comes, and in brackets what the rule gives, {unit}", unit=unit("Mm3")))
    names = list(facts.claims_Mm3)
    body = [[say("may ask"), *(number(v) for v in facts.claims_Mm3.values())]]
    for way in facts.ways:
        cells = []
        for name in names:
            share = f" ({number(way.shares_Mm3[name])})" if way.shares_Mm3 else ""
            cells.append(number(way.delivered_Mm3[name]) + share)
        body.append([say(RULES[way.rule]), *cells])
    yield columns(["", *names], body)
    if facts.m3_per_ha is not None:
        yield heading(say("As an area against the plan as it is, at {rate} m3 a hectare, ha", rate=number(facts.m3_per_ha)))
        areas = [[say(RULES[x.rule]), *(number((x.more_ha or {})[n]) for n in names)] for x in facts.ways if x.rule]
        yield columns(["", *names], areas)


def _money(facts: DroughtFacts) -> Iterator[str]:
    yield heading(say("Payoffs against the plan as it is, {unit}; targets delivered", unit=unit("million USD")))
    parties = list(facts.ways[0].more_MUSD)
    heads = [f"{x.title},\n{window_in_words(x.window)}" for x in facts.ways[0].targets]
    body = []
    for way in facts.ways:
        money = (exact(way.more_MUSD[p], 1) for p in parties)
        body.append([say(RULES[way.rule]), *money, *(per_cent(x.delivered_Mm3, x.target_Mm3) for x in way.targets)])
    yield columns(["", *parties, *heads], body)
