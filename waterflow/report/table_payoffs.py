"""The section of the table about money: payoffs of the parties at low, central and high values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.power_facts import Payoff
from waterflow.basin.values import Level
from waterflow.report.names import party_called, term
from waterflow.words.catalogue import mark, say
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import NOTHING, number, places

__all__ = ["level_called", "of_facts", "payoffs"]

LEVELS = {"low": mark("low"), "central": mark("central"), "high": mark("high")}


def level_called(level: Level) -> str:
    """A level of values and prices."""
    return say(LEVELS[level])


def _figures(x: Payoff) -> tuple[float, float, float]:
    return x.low_MUSD, x.central_MUSD, x.high_MUSD


def payoffs(found: Iterable[Payoff], order: Sequence[str], level: Level) -> Iterator[str]:
    """Each party's payoff and its terms, million USD; terms that are nothing at every level are left out."""
    rows = [x for x in found if x.term == "payoff" or any(abs(v) >= NOTHING for v in _figures(x))]
    if not rows:
        return
    yield heading(say("Payoffs by party over the horizon, million USD (* rests on assumed or unverified prices)"))
    decimals = max(places([v for x in rows for v in _figures(x)]), 1)
    body: list[list[str]] = []
    for party in dict.fromkeys(x.party for x in rows):
        own = [x for x in rows if x.party == party]
        for k, x in enumerate([*own[-1:], *own[:-1]]):
            figures = [number(v, decimals) for v in _figures(x)]
            body.append(["" if k else party_called(party), f"{'  ' if k else ''}{term(x.term)}", *figures, "*" if x.assumed else ""])
    yield columns([say("party"), "", *map(say, LEVELS.values()), ""], body, 2)
    how = (
        say("One plan, made by an order of priority, valued three times: with every value and price low, central and high, all together.")
        if order
        else say(
            "One plan, made for the largest sum at {level} values, valued three times: with every value and price "
            "low, central and high, all together.",
            level=level_called(level),
        )
    )
    meant = say(
        "A party that mostly pays has its best payoff where values are low. The value of the power that is served is not in a "
        "payoff, so payoffs are to be compared between plans; alone they say little."
    )
    yield paragraph(f"{how} {meant}")


def of_facts(facts: PlanFacts) -> Iterator[str]:
    """The payoffs of a plan's facts."""
    return payoffs(facts.payoffs, facts.order, facts.level)
