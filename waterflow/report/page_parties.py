"""The parties on the one page: who is short and what it costs, and a box for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.party_facts import PartySeason, Worth
from waterflow.report.names import season
from waterflow.words.catalogue import say, say_many, say_of
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, paragraph
from waterflow.words.numbers import number, per_cent, places, quantity

__all__ = ["before", "boxes", "difference", "short_and_costs", "signed", "what_if", "when"]

#: parties that the page shows
MOST = 6
#: a difference (Mm3, GWh) smaller than this is none
SMALL = 0.5


def signed(value: float, decimals: int = 0) -> str:
    """A difference with its sign; nothing has none."""
    told = number(abs(value), decimals)
    return told if not any(c in told for c in "123456789") else f"{'+' if value > 0 else '-'}{told}"


def when(facts: PlanFacts, window: str, *, whole: bool = False) -> str:
    """A window by its season, where there is one such season; by its months otherwise, or with them."""
    found = [x for x in facts.seasons if x.window == window]
    alone = found and sum(x.season == found[0].season for x in facts.seasons) == 1
    if not alone:
        return window_in_words(window)
    return f"{season(found[0].season)}, {window_in_words(window)}" if whole else season(found[0].season)


def _sum(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _worths(facts: PlanFacts, party: str) -> list[Worth | None]:
    """What is short for a party: its users, its power, and the targets whose flow serves it."""
    found = facts.shortages
    own = [x.worth for x in found.users if x.party == party] + [x.worth for x in found.power if x.party == party]
    return own + [x.worth for x in found.targets if party in x.parties]


def _parties(facts: PlanFacts, most: int) -> list[str]:
    """Those shown: where there are many, those with most to lose."""
    every = list(dict.fromkeys(x.party for x in facts.parties))
    lost = {party: sum(x.central_MUSD for x in _worths(facts, party) if x) for party in every}
    chosen = sorted(every, key=lambda party: -lost[party])[:most]
    return [party for party in every if party in chosen]


def _without_empty(head: list[str], body: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """A table without the columns that say nothing of anybody."""
    kept = [k for k in range(len(head)) if any(row[k] not in ("", "-") for row in body)]
    return [head[k] for k in kept], [[row[k] for k in kept] for row in body]


def _costs(facts: PlanFacts, party: str) -> list[str]:
    """What is short for a party at low, central and high values, and whether that rests on a guess; ``-`` where it has no value."""
    worths = _worths(facts, party)
    known = [x for x in worths if x]
    if not known:
        return [*["-" if worths or not facts.payoffs else number(0.0)] * 3, ""]
    figures = [sum(getattr(x, f"{level}_MUSD") for x in known) for level in ("low", "central", "high")]
    return [*(number(v, 1) for v in figures), say("assumed") if any(x.assumed for x in known) else ""]


def short_and_costs(facts: PlanFacts, most: int = MOST) -> Iterator[str]:
    """A line for each party: water and power short, and what that costs it at low, central and high values."""
    body = []
    for party in _parties(facts, most):
        own = [x for x in facts.parties if x.party == party]
        need, short = _sum([x.need_Mm3 for x in own]), _sum([x.short_Mm3 for x in own])
        asked = _sum([x.power_demand_GWh for x in own])
        unserved = _sum([x.unserved_GWh for x in own]) if asked is not None else None
        body.append([party, number(short), per_cent(short, need), number(unserved), per_cent(unserved, asked), *_costs(facts, party)])
    if not body:
        return
    heads = [say("Who is short of what,\nand its cost in million USD"), say("water\nMm3"), say("of what\nit asks"), say("power\nGWh")]
    heads += [say("of its\ndemand"), say("at low\nvalues"), say("at central\nvalues"), say("at high\nvalues"), ""]
    yield columns(*_without_empty(heads, body))
    if left := max(0, len({x.party for x in facts.parties}) - most):
        yield say_many("{count} party more: --full", "{count} parties more: --full", left)
    for party, place in dict.fromkeys((party, x.title) for x in facts.shortages.targets for party in x.parties):
        yield say("The cost of {party} includes what is short at {place}.", party=party, place=place)


def _power(x: PartySeason) -> list[float | None]:
    """Demand, plants on the river, other plants, imports, exports and unserved power."""
    other = _sum([x.other_hydropower_GWh, x.thermal_GWh])
    unserved = x.unserved_GWh if x.power_demand_GWh is not None else None
    return [x.power_demand_GWh, x.plants_GWh, other, x.import_GWh, x.export_GWh, unserved]


def _worst(facts: PlanFacts, own: Sequence[PartySeason]) -> Iterator[str]:
    """The user with the largest share missing in any season."""
    hit = [(x.worst_hit, x.window) for x in own if x.worst_hit]
    if not hit:
        return
    worst, window = max(hit, key=lambda pair: (round(pair[0].share, 9), pair[0].short_Mm3))
    amount = quantity(worst.short_Mm3, "Mm3", places([worst.short_Mm3]))
    parts = {"title": worst.title, "share": per_cent(worst.share), "amount": amount, "when": when(facts, window)}
    yield say("worst hit: {title}, {share} short ({amount}, {when})", **parts)


def _more(facts: PlanFacts, against: PlanFacts, party: str, field: str) -> float:
    """How much more of something a party has over the horizon than in the other plan."""
    mine, theirs = (sum(getattr(x, field) or 0.0 for x in f.parties if x.party == party) for f in (facts, against))
    return mine - theirs


def _paid_more(facts: PlanFacts, against: PlanFacts, party: str) -> tuple[float, ...]:
    """How much larger a party's payoff is than in the other plan, at low, central and high values."""
    mine, theirs = (next((x for x in f.payoffs if (x.party, x.term) == (party, "payoff")), None) for f in (facts, against))
    if mine is None or theirs is None:
        return ()
    return (mine.low_MUSD - theirs.low_MUSD, mine.central_MUSD - theirs.central_MUSD, mine.high_MUSD - theirs.high_MUSD)


def difference(facts: PlanFacts, against: PlanFacts, party: str) -> str:
    """What a party has more or less than in the other plan, in a sentence."""
    water, power = _more(facts, against, party, "delivered_Mm3"), _more(facts, against, party, "unserved_GWh")
    told = [say("water {amount} Mm3", amount=signed(water))] if abs(water) >= SMALL else []
    told += [say("unserved power {amount} GWh", amount=signed(power))] if abs(power) >= SMALL else []
    paid = _paid_more(facts, against, party)
    if any(abs(v) >= SMALL / 10 for v in paid):
        low, central, high = (signed(v, 1) for v in paid)
        told.append(say("payoff {central} million USD ({low} to {high})", central=central, low=low, high=high))
    changes = "; ".join(told)
    if what_if(facts, against):
        return say("beside the plan as it was: {changes}", changes=changes) if told else say("the same as before")
    return say("beside the plan without agreements: {changes}", changes=changes) if told else say("as in the plan without agreements")


def what_if(facts: PlanFacts, against: PlanFacts) -> bool:
    """True if the other plan is that of the same river without what was asked; else it is that without agreements."""
    return facts.scenario != against.scenario


def before(facts: PlanFacts, against: PlanFacts) -> str:
    """A heading for figures of the other plan."""
    return say("before") if what_if(facts, against) else say("without agreements")


def boxes(facts: PlanFacts, against: PlanFacts | None = None, most: int = MOST, *, worst: bool = True) -> Iterator[str]:
    """A box for each party: water and power by season, its worst-hit user, the difference to a plan without agreements."""
    body, notes = list[list[str]](), dict[int, list[str]]()
    shown = _parties(facts, most)
    for party in shown:
        own = [x for x in facts.parties if x.party == party]
        for k, x in enumerate(own):
            label = f"{'' if k else party:{max(map(len, shown))}}  {when(facts, x.window)}"
            water = [number(x.need_Mm3), number(x.delivered_Mm3), per_cent(x.delivered_Mm3, x.need_Mm3), number(x.short_Mm3)]
            body.append([label, *water, *map(number, _power(x))])
        notes[len(body)] = [*(_worst(facts, own) if worst else ()), *([difference(facts, against, party)] if against else [])]
    if not body:
        return
    heads = [say("Water in Mm3,\npower in GWh"), say("water\nasked"), say("\ngot"), say("of\nasked"), say("\nshort")]
    heads += [say("power\ndemand"), say("own\nplants"), say("other\nplants"), say("imports"), say("exports"), say_of("heading", "unserved")]
    lines = columns(*_without_empty(heads, body), width=None).split("\n")
    depth = len(lines) - len(body)
    for k, line in enumerate(lines):
        yield line
        yield from (paragraph(note, "     ", "  ") for note in notes.get(k + 1 - depth, []))
