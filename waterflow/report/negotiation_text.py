"""A negotiation in sentences: who has what without a deal, what coalitions gain, what is fair, who pays whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from waterflow.negotiation.negotiation_facts import AimFact, NegotiationFacts, TargetServed
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, number, per_cent, quantity, unit

__all__ = ["aim_head", "negotiation_csv", "negotiation_text"]

DIVISIONS = {"shapley": mark("Shapley value"), "nucleolus": mark("nucleolus"), "tau": mark("tau value")}
SOLUTIONS = {
    "nash": mark("Nash"),
    "kalai_smorodinsky": mark("Kalai-Smorodinsky"),
    "egalitarian": mark("egalitarian"),
    "leximin": mark("leximin"),
}
#: a gain below this is none, million USD; and what a table shows as nothing
NOTHING, SHOWN = 1e-4, 0.05
LEVELS = {"low": mark("low values"), "central": mark("central values"), "high": mark("high values")}


def negotiation_text(facts: NegotiationFacts) -> str:
    """What each party has, what each coalition gains, fair divisions, payments and bargaining solutions."""
    parts = (
        *_asked(facts),
        *_alone(facts),
        *_coalitions(facts),
        *_harming(facts),
        *_fair(facts),
        *_payments(facts),
        *_tempted(facts),
        *_bargains(facts),
        *_frontier(facts),
        *_performance(facts),
        *_sure(facts),
    )
    return "\n".join(parts) + "\n"


def _asked(facts: NegotiationFacts) -> Iterator[str]:
    yield paragraph(say("{title}, {window}: the negotiating table.", title=facts.title, window=window_in_words(facts.horizon)))
    yield paragraph(
        say("Money decides. The order of priority, agreements in force, shares of a surplus and heads of plants do not count here.")
    )
    first = say("Minimum flows, alarms, drinking water and the power that is always served come first in every plan and are never traded.")
    kept = say("So do the targets.") if facts.keep_targets else say("The targets are left open.")
    yield paragraph(f"{first} {kept}")
    if facts.price_of_targets_MUSD is not None:
        yield paragraph(say("Keeping the targets takes {price} from what all have together.", price=_money(facts.price_of_targets_MUSD)))


def _money(value: float) -> str:
    return quantity(value, "million USD", 1)


def _alone(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("Without a deal"))
    head = [
        "",
        *(say(LEVELS[x]).replace(" ", "\n") for x in LEVELS),
        say("water,\n{unit}", unit=unit("Mm3")),
        say("power not\nserved,\n{unit}", unit=unit("GWh")),
    ]
    body = []
    for x in facts.parties:
        money = (exact(v, 1) for v in (x.low_MUSD, x.central_MUSD, x.high_MUSD))
        body.append([x.party, *money, number(x.delivered_Mm3), number(x.unserved_GWh)])
    yield columns(head, body)
    yield paragraph(
        say(
            "Payoffs in million USD. Going down the river, each does what is best for itself with its own reservoirs and fields, and "
            "takes what it asks of what comes; nobody spares water for those below."
        )
    )


def _by_party(facts: NegotiationFacts, gains: Mapping[str, float]) -> list[str]:
    return [exact(gains[x.party], 1) for x in facts.parties]


def _delivered(facts: NegotiationFacts, targets: tuple[TargetServed, ...]) -> list[str]:
    """What reaches the target that comes last, beside it."""
    return [per_cent(x.delivered_Mm3, x.target_Mm3) for x in targets]


def _target_heads(facts: NegotiationFacts) -> list[str]:
    targets = facts.bargains[0].targets
    return [f"{x.title},\n{window_in_words(x.window)}" for x in targets]


def _coalitions(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("What coalitions gain over that, harming nobody outside, {unit}", unit=unit("million USD")))
    head = ["", *(say(LEVELS[x]).replace(" ", "\n") for x in LEVELS), *(x.party for x in facts.parties)]
    body = []
    for x in facts.coalitions:
        money = (exact(v, 1) for v in (x.low_MUSD, x.central_MUSD, x.high_MUSD))
        body.append([" + ".join(x.members), *money, *_by_party(facts, x.gains_MUSD)])
    yield columns(head, body)
    yield paragraph(say("By party: before payments, at central values."))
    for one, other in facts.torn:
        yield paragraph(
            say("{one} and {other} have less together than apart: what one of them does helps the other for nothing.", one=one, other=other)
        )
    least = min((t.delivered_Mm3 / t.target_Mm3 for x in facts.coalitions for t in x.targets if t.target_Mm3), default=None)
    if least is not None:
        yield paragraph(say("Of the targets every coalition delivers {share} or more.", share=per_cent(least)))


def _harming(facts: NegotiationFacts) -> Iterator[str]:
    """What coalitions gain where they may harm those outside."""
    if facts.harming is None:
        return
    yield heading(say("Where coalitions may harm those outside, {unit}", unit=unit("million USD")))
    more = [x for x in facts.harming.coalitions if x.more_MUSD > SHOWN]
    if not more:
        yield paragraph(say("No coalition gains more by it: what it does to others brings it nothing."))
        return
    head = ["", say("gain"), say("more than\nharming\nnobody"), *(x.party for x in facts.parties)]
    body = [[" + ".join(x.members), exact(x.gain_MUSD, 1), exact(x.more_MUSD, 1), *_by_party(facts, x.gains_MUSD)] for x in more]
    yield columns(head, body)
    yield paragraph(
        say(
            "Those outside hold their reservoirs as without a deal, and take what they had then as long as it arrives. At central values; "
            "the others gain no more than above."
        )
    )
    short = quantity(-facts.harming.epsilon_MUSD, "million USD", 1)
    told = say("No division satisfies every coalition then: {short} is missing to each.", short=short)
    yield paragraph(told if facts.harming.epsilon_MUSD < 0 else say("There are divisions that satisfy every coalition even then."))


def _fair(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("Fair divisions of what all gain together, {unit}", unit=unit("million USD")))
    body = []
    for x in facts.divisions:
        if x.level != "central":
            continue
        if x.gains_MUSD is None:
            body.append([say(DIVISIONS[x.rule]), *("-" for _ in facts.parties), "-"])
        else:
            body.append([say(DIVISIONS[x.rule]), *_by_party(facts, x.gains_MUSD), say("yes") if x.in_core else say("no")])
    yield columns(["", *(x.party for x in facts.parties), say("in the\ncore")], body)
    if _whole(facts) <= NOTHING:
        yield paragraph(say("Nobody gains anything by a deal: what one does costs no other anything that money counts."))
        return
    for sentence in (_cores(facts), _disruption(facts)):
        yield paragraph(sentence)


def _whole(facts: NegotiationFacts) -> float:
    """What all gain together at central values."""
    return next((x.central_MUSD for x in facts.coalitions if len(x.members) == len(facts.parties)), 0.0)


def _cores(facts: NegotiationFacts) -> str:
    """Whether the core is empty, and whether the Shapley value is in it, at each level."""
    empty = [say(LEVELS[level]) for level, epsilon in facts.epsilon_MUSD.items() if epsilon < 0]
    inside = {x.level: x.in_core for x in facts.divisions if x.rule == "shapley"}
    core = say("The core is empty at {levels}.", levels=", ".join(empty)) if empty else say("The core is not empty at any level of values.")
    yes = [say(LEVELS[level]) for level, found in inside.items() if found]
    if len(yes) == len(inside):
        return core + " " + say("The Shapley value is in it at every level.")
    if not yes:
        return core + " " + say("The Shapley value is in it at no level.")
    return core + " " + say("The Shapley value is in it only at {levels}.", levels=", ".join(yes))


def _disruption(facts: NegotiationFacts) -> str:
    """Who could do the others most harm by leaving, for what it loses itself, at each level."""
    found: dict[str, list[str]] = {}
    for x in facts.divisions:
        if x.rule == "shapley" and x.disruption:
            known = {p: v for p, v in x.disruption.items() if v is not None}
            if known:
                found.setdefault(max(known, key=lambda p: known[p]), []).append(say(LEVELS[x.level]))
    told = "; ".join(f"{party} ({', '.join(levels)})" for party, levels in found.items())
    return say("Who could disrupt it most (Gately), at the Shapley value: {parties}.", parties=told)


def _payments(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("Payments that keep everybody, with the plan of all together, {unit}", unit=unit("million USD")))
    head = ["", say("gain before\npayment"), say("paid at\nleast"), say("at most"), say("middle"), say("middle,\n{unit}", unit=unit("GWh"))]
    body = []
    for x in facts.payments:
        ends = ("-" if v is None else exact(v, 1) for v in (x.least_MUSD, x.most_MUSD, x.middle_MUSD))
        body.append([x.party, exact(x.before_MUSD, 1), *ends, number(x.middle_GWh)])
    yield columns(head, body)
    told = say("Below 0: it pays.")
    if facts.rate_USD_per_kWh is not None:
        told += " " + say("Electricity at {rate}, the mean price of imports.", rate=quantity(facts.rate_USD_per_kWh, "USD per kWh", 3))
    yield paragraph(told)


def _tempted(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("Who is tempted to break it, {unit}", unit=unit("million USD")))
    head = ["", say("paid"), say("gain a\nyear"), say("gain by\nbreaking it"), say("from"), say("a year later\nmust count")]
    body = []
    for x in facts.temptations:
        since = period_alone(x.from_period) if x.from_period else "-"
        held = say("nothing holds it") if x.discount is None else per_cent(x.discount)
        body.append([x.party, *(exact(v, 1) for v in (x.paid_MUSD, x.gain_MUSD, x.temptation_MUSD)), since, held if x.from_period else "-"])
    yield columns(head, body)
    told = mark("With payments as the nucleolus divides, made at the end of the year, and no deal ever after it was broken once.")
    yield paragraph(say(told))


def _bargains(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("One plan that all gain by without payments, {unit}", unit=unit("million USD")))
    head = ["", *(x.party for x in facts.parties), say("together"), *_target_heads(facts)]
    body = [
        [say(SOLUTIONS[x.solution]), *_by_party(facts, x.gains_MUSD), exact(x.together_MUSD, 1), *_delivered(facts, x.targets)]
        for x in facts.bargains
    ]
    yield columns(head, body)


def _performance(facts: NegotiationFacts) -> Iterator[str]:
    """How releases that were made score."""
    if not facts.performance:
        return
    yield heading(say("What was done: share of the way from no deal to the plan of all together"))
    labels = list(facts.performance[0].by_period)
    names = [f"{x.title}\n({x.reach})" for x in facts.performance]
    body = [[period_alone(t), *(_share(x.by_period[t]) for x in facts.performance)] for t in labels]
    yield columns(["", *names], [*body, [say("all periods"), *(_share(x.score) for x in facts.performance)]])
    yield paragraph(say("100 %: all of the way; 0 %: as without a deal; below: the other way; -: nothing was to be changed."))


def _share(value: float | None) -> str:
    return "-" if value is None else per_cent(value)


AIMS = {
    "payoff": mark("gain of {name}"),
    "winter_power": mark("winter power of {name}"),
    "summer_water": mark("summer water of {name}"),
    "target": mark("flow to {name}"),
}
#: points of a frontier on the page; the rest are in the JSON
MOST_POINTS = 12


def aim_head(aim: AimFact) -> str:
    """An aim as the head of a column."""
    return f"{say(AIMS[aim.aim.partition('/')[0]], name=aim.title)},\n{unit(aim.unit)}"


def _frontier(facts: NegotiationFacts) -> Iterator[str]:
    """Points of the frontier, evenly chosen."""
    if facts.frontier is None:
        return
    yield heading(say("What of one costs of the other, nobody having less than without a deal"))
    aims, points = facts.frontier.aims, facts.frontier.points
    head = [aim_head(x) for x in aims]
    names = [x.party for x in facts.parties]
    every = max(1, -(-len(points) // MOST_POINTS))
    shown = [*points[:-1:every], points[-1]] if points else []
    body = [
        [*(exact(v, 1 if a.unit == "million USD" else 0) for a, v in zip(aims, x.values, strict=True)), *_by_party(facts, x.gains_MUSD)]
        for x in shown
    ]
    yield columns([*head, *names], body, 0)
    if facts.frontier.nearest is not None:
        both = (facts.frontier.wished, facts.frontier.nearest.values)
        wish, nearest = (
            ", ".join(exact(v, 1 if a.unit == "million USD" else 0) for a, v in zip(aims, values, strict=True)) for values in both
        )
        yield paragraph(say("Nearest to what is wished for ({wish}), measured by the ranges: {nearest}.", wish=wish, nearest=nearest))
    told = say_many("{count} point found.", "{count} points found.", len(points))
    yield paragraph(told + " " + say("Parties: gain over no deal, {unit}. Power: what is not served, below 0.", unit=unit("million USD")))


def _sure(facts: NegotiationFacts) -> Iterator[str]:
    yield heading(say("How sure this is"))
    if facts.assumed:
        yield paragraph(say("Most values behind these figures are guesses: they show what follows from a position, and are no appraisal."))
    told = say_many(
        "{count} plan solved, certified and audited; worst residual {worst}.",
        "{count} plans solved, certified and audited; worst residual {worst}.",
        facts.plans,
        worst=f"{facts.worst_certificate:.0e}",
    )
    yield paragraph(told)


def negotiation_csv(facts: NegotiationFacts) -> str:
    """One line for each coalition, one for each single party among them."""
    into = io.StringIO()
    out = csv.writer(into, lineterminator="\n")
    names = [x.party for x in facts.parties]
    out.writerow(["members", "low_MUSD", "central_MUSD", "high_MUSD", *(f"gain_{n}_MUSD" for n in names)])
    for x in facts.coalitions:
        out.writerow(["+".join(x.members), x.low_MUSD, x.central_MUSD, x.high_MUSD, *(x.gains_MUSD[n] for n in names)])
    return into.getvalue()
