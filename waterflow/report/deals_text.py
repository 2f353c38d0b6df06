"""Electricity deals in words: what came, what of it is new, who is short all the same, and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.accounts.clause_facts import Deal
from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.payoffs import GUESSES
from waterflow.words.catalogue import say, say_of
from waterflow.words.layout import columns, paragraph
from waterflow.words.numbers import number, quantity

__all__ = ["deals_in_full", "deals_in_short"]

#: Mm3 or GWh below which nobody is short, and nothing new came
SMALL = 0.5


def deals_in_short(facts: PlanFacts) -> Iterator[str]:
    """Who is short, and what each deal brought, where clauses move electricity: first of all, for who reads no further."""
    if facts.deals:
        deals = say("Power under clauses: {deals}.", deals="; ".join(map(_in_short, facts.deals)))
        yield paragraph(f"{_short(facts)} {deals}")


def _short(facts: PlanFacts) -> str:
    """The parties that are short of power, then of water."""
    power: dict[str, float] = {}
    for x in facts.shortages.power:
        power[x.party] = power.get(x.party, 0.0) + x.unserved_GWh
    water: dict[str, float] = {}
    for user in facts.shortages.users:
        water[user.party] = water.get(user.party, 0.0) + user.short_Mm3
    named = [f"{p} {quantity(v, of, 0)}" for found, of in ((power, "GWh"), (water, "Mm3")) for p, v in found.items() if v >= SMALL]
    return say("Short: {parties}.", parties=", ".join(named)) if named else say("Nobody is short of power or water.")


def _in_short(x: Deal) -> str:
    about = {
        "deal": x.deal,
        "giver": x.giver,
        "receiver": x.receiver,
        "came": number(x.delivered_GWh),
        "agreed": quantity(x.agreed_GWh, "GWh", 0),
    }
    if x.new_GWh is None:
        return say("{deal}, {giver} to {receiver}, {came} of {agreed} came", **about)
    if x.new_GWh < SMALL:
        return say("{deal}, {giver} to {receiver}, {came} of {agreed} came and brings no new power", **about)
    return say("{deal}, {giver} to {receiver}, {came} of {agreed} came, {new} of it new", new=number(x.new_GWh), **about)


def deals_in_full(deals: Sequence[Deal]) -> Iterator[str]:
    """Each deal: agreed, delivered, new, in place of other imports; then what stands behind it."""
    if not deals:
        return
    body = [
        [
            f"{x.deal}, {x.giver} > {x.receiver}",
            x.line or say("any line"),
            *map(number, (x.agreed_GWh, x.delivered_GWh, x.new_GWh, x.displaced_GWh)),
        ]
        for x in deals
    ]
    head = [say("Power under clauses, GWh"), say_of("deal", "by"), say("agreed"), say_of("deal", "delivered")]
    head += [say_of("deal", "new"), say("in place of\nother imports")]
    yield columns(head, body, 2)
    for x in deals:
        if told := _behind(x):
            yield paragraph(f"{x.deal}: {' '.join(told)}", "  ", "  ")


def _behind(x: Deal) -> list[str]:
    told = []
    if x.new_GWh is not None and x.new_GWh < SMALL <= x.delivered_GWh:
        room = say("It brings no new power: the lines of the tables had room for as much.")
        told.append(room if x.additional else say("It brings no new power: it is part of the imports of the tables."))
    if x.grade in GUESSES:
        told.append(say("Its line is assumed."))
    if not x.backed:
        told.append(say("Nothing backs it: {party} has no power balance here.", party=x.giver))
    if x.most_GWh is not None and x.most_GWh < x.agreed_GWh:
        told.append(say("Its line carries {most} in these periods, less than agreed.", most=quantity(x.most_GWh, "GWh", 0)))
    return told
