"""Storages wished for and reservoirs in balance, in words: what is missed, and where shares differ."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.held_facts import OutOfBalance
from waterflow.report.names import rule
from waterflow.words.catalogue import mark, say, say_many, say_of
from waterflow.words.dates import period_alone
from waterflow.words.layout import columns, heading
from waterflow.words.numbers import number, per_cent, quantity

__all__ = ["held_in_short", "section"]

#: Mm3 by which a wish is missed for it to be named
MISSED = 0.5


def _title(facts: PlanFacts, name: str) -> str:
    return facts.titles.get(name, name)


def _worst(found: list[OutOfBalance]) -> OutOfBalance:
    return max(found, key=lambda x: x.largest_share - x.least_share)


def held_in_short(facts: PlanFacts) -> Iterator[str]:
    """One sentence for the wishes that are missed, and one for each group out of balance."""
    missed = [x for x in facts.wished_storages if x.missed_Mm3 > MISSED]
    told = mark("{place} on {date}, by {amount}")
    named = [say(told, place=_title(facts, x.place), date=x.date, amount=quantity(x.missed_Mm3, "Mm3", 0)) for x in missed]
    if named:
        yield say("Storages wished for that are missed: {names}.", names="; ".join(named))
    for group in dict.fromkeys(x.group for x in facts.out_of_balance):
        found = [x for x in facts.out_of_balance if x.group == group]
        worst = _worst(found)
        yield say(
            "Out of balance ({group}): {periods}; furthest in {when}, when {emptiest} holds {least} of its active storage "
            "and {fullest} {most}.",
            group=group,
            periods=say_many("{count} period", "{count} periods", len(found)),
            when=period_alone(worst.period),
            emptiest=_title(facts, worst.emptiest),
            least=per_cent(worst.least_share, 1.0),
            fullest=_title(facts, worst.fullest),
            most=per_cent(worst.largest_share, 1.0),
        )


def section(facts: PlanFacts) -> Iterator[str]:
    """Every wish beside the plan, and every period in which shares differ."""
    if facts.wished_storages:
        yield heading(say("Storages wished for, Mm3"))
        head = [say("reservoir"), say_of("date", "on"), say("rule"), say("wished"), say("plan"), say("missed")]
        body = []
        for x in facts.wished_storages:
            figures = map(number, (x.wished_Mm3, x.modelled_Mm3, x.missed_Mm3))
            body.append([_title(facts, x.place), x.date, rule(x.rule), *figures])
        yield columns(head, body, 3)
    if facts.out_of_balance:
        yield heading(say("Reservoirs out of balance: shares of their active storage"))
        head = [say("group"), say("when"), say("emptiest"), say("share"), say("fullest"), say("share")]
        body = [
            [
                x.group,
                period_alone(x.period),
                _title(facts, x.emptiest),
                per_cent(x.least_share, 1.0),
                _title(facts, x.fullest),
                per_cent(x.largest_share, 1.0),
            ]
            for x in facts.out_of_balance
        ]
        yield columns(head, body, 3)
