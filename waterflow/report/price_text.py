"""Prices in words: what one unit more of a clause's figure costs, and who pays; what one less saves, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from waterflow.accounts.payoffs import NOBODY
from waterflow.explain.price_facts import ClausePrice, UnitEffect
from waterflow.words.catalogue import mark, say
from waterflow.words.layout import paragraph
from waterflow.words.numbers import digits, unit

__all__ = ["price_lines"]

#: digits of a price
DIGITS = 2
#: a part of the money smaller than this share of it is not named
SMALL = 0.02
#: what somebody gets less or more of
CHANGES = {
    ("power", False): mark("{who} gets {amount} GWh less power"),
    ("power", True): mark("{who} gets {amount} GWh more power"),
    ("water", False): mark("{who} gets {amount} Mm3 less water"),
    ("water", True): mark("{who} gets {amount} Mm3 more water"),
    ("target", False): mark("{who} gets {amount} Mm3 less"),
    ("target", True): mark("{who} gets {amount} Mm3 more"),
    ("missed", False): mark("{amount} {unit} less of it is missed"),
    ("missed", True): mark("{amount} {unit} more of it is missed"),
}


def price_lines(prices: Mapping[str, ClausePrice]) -> Iterator[str]:
    """A paragraph for each row that changes anything, then the names of those that change nothing.

    Parameters
    ----------
    prices : mapping of ClausePrice
        By row.
    """
    idle = []
    for row, price in prices.items():
        if price.one_more == () and price.one_less == ():
            idle.append(row)
            continue
        of = unit(price.unit)
        more = _does(say("1 {unit} more", unit=of), price.one_more, of)
        less = _does(say("1 {unit} less", unit=of), price.one_less, of)
        yield paragraph(f"{row}: {more}. {less}.", "", "  ")
    if idle:
        yield paragraph(say("One unit more or less changes nothing: {rows}.", rows=", ".join(idle)), "", "  ")


def _does(lead: str, effects: Sequence[UnitEffect] | None, of: str) -> str:
    """What a unit does, after the words for it."""
    if effects is None:
        return say("{lead} leaves no plan that obeys every rule", lead=lead)
    money = _money(lead, [x for x in effects if x.what == "money"])
    rest = [x for x in effects if x.what != "money"]
    told = [say(CHANGES[x.what, x.change > 0], who=x.title or x.who, amount=digits(abs(x.change), DIGITS), unit=of) for x in rest]
    if money:
        return "; ".join([money, *told])
    return f"{lead}: {'; '.join(told)}" if told else say("{lead} changes nothing", lead=lead)


def _money(lead: str, effects: Sequence[UnitEffect]) -> str:
    """What it costs or saves in all, and whom; nothing where it does neither."""
    total = sum(x.change for x in effects)
    largest = max((abs(x.change) for x in effects), default=0.0)
    named = sorted((x for x in effects if abs(x.change) > SMALL * largest), key=lambda x: -abs(x.change))
    losing, gaining = ([x for x in named if (x.change < 0) is lost] for lost in (True, False))
    if not named:
        return ""
    about = {"lead": lead, "amount": digits(abs(total), DIGITS)}
    told = [say("{lead} costs {amount} million USD", **about) if total < 0 else say("{lead} saves {amount} million USD", **about)]
    told += [say("paid by {names}", names=_names(losing, alone=not gaining))] if losing else []
    told += [say("gained by {names}", names=_names(gaining, alone=not losing))] if gaining else []
    return ", ".join(told)


def _names(effects: Sequence[UnitEffect], *, alone: bool) -> str:
    names = [say("nobody in particular") if x.who == NOBODY else x.who for x in effects]
    if alone and len(names) == 1:
        return names[0]
    return ", ".join(f"{name} {digits(abs(x.change), DIGITS)}" for name, x in zip(names, effects, strict=True))
