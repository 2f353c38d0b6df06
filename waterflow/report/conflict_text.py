"""A conflict in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from waterflow.basin.titles import title_of
from waterflow.report.rule_words import rule_in_full, rule_in_words
from waterflow.solver.conflicts import Concession, Conflict
from waterflow.solver.rules import Rule
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import period_alone
from waterflow.words.numbers import per_cent, quantity

__all__ = ["conflict_text"]

INDENT = "  "
#: decimals of a concession: to a thousand m3, so that what is written into an agreement is enough
EXACT = 3


def conflict_text(conflict: Conflict) -> str:
    """Everything a conflict says, line by line."""
    return "\n".join(_lines(conflict))


def _lines(conflict: Conflict) -> Iterator[str]:
    if not conflict.clashing:
        yield from _works_alone(conflict)
        return
    yield say("No plan obeys all of these together, with the runoff and the storages there are:")
    yield from _named(conflict.clashing)
    if conflict.works:
        yield say("They clash because of:")
        yield from _named(conflict.works)
    if conflict.dry:
        yield say("They would not clash if less were lost:")
        yield from _dry(conflict)
    if conflict.others:
        yield say("These clash too, each set by itself:")
        for k, clash in enumerate(conflict.others, start=2):
            yield f"{INDENT}({k})"
            yield from (INDENT + line for line in _named(clash))
    if not conflict.complete:
        yield say("There may be more sets; the search was stopped.")
    if conflict.ways_out:
        yield say("A plan exists if one of these is given up:")
        yield from (INDENT + " + ".join(map(rule_in_words, way)) for way in conflict.ways_out)
    yield from _concessions(conflict)
    yield say("Nothing in the data was changed.")


#: how water that is taken whatever there is is told, and the equation where it stands
TAKEN = {
    "evaporation": (mark("{place}, {when}: {amount} evaporate, {too_much} too much"), "evaporation_from_area"),
    "reservoir_seepage": (mark("{place}, {when}: {amount} seep away, {too_much} too much"), "seepage_from_reservoir"),
    "constant_loss": (mark("{place}, {when}: {amount} are lost whatever flows, {too_much} too much"), "loss_within_flow"),
    "runoff": (mark("{place}, {when}: the runoff below zero takes {amount}, {too_much} too much"), "water_balance"),
}


def _works_alone(conflict: Conflict) -> Iterator[str]:
    if conflict.dry:
        if all(x.kind == "evaporation" for x in conflict.dry):
            yield say("No agreement is to blame; more evaporates than is there:")
        else:
            yield say("No agreement is to blame; more is lost than is there:")
        yield from _dry(conflict)
        yield from _named(conflict.works)
        return
    yield say("No agreement is to blame; the works and storages cannot pass the water there is:")
    if conflict.works:
        yield from _named(conflict.works)
    else:
        yield INDENT + say("the laws of water themselves: more is withdrawn than can exist")


def _dry(conflict: Conflict) -> Iterator[str]:
    """Water that is taken whatever there is, and how much of it is too much."""
    for x in conflict.dry:
        words, equation = TAKEN[x.kind]
        about = {"place": title_of(x.part, x.place), "when": period_alone(x.period), "too_much": quantity(x.too_much, "Mm3")}
        told = say(words, amount=quantity(x.amount, "Mm3"), **about)
        yield f"{INDENT}{told}   [{equation}[{x.place}]]"


def _concessions(conflict: Conflict) -> Iterator[str]:
    if conflict.alone:
        yield say("The least concession, if one of them alone gives way:")
        for rule, given in conflict.alone.items():
            yield INDENT + (_given(given) if given else say("{rule}: cannot mend it alone", rule=rule_in_words(rule)))
    if conflict.by_party:
        yield say("The least concession, if one party alone gives way:")
        for party, all_given in conflict.by_party.items():
            if not all_given:
                yield INDENT + say("{party}: cannot mend it alone", party=party)
                continue
            yield f"{INDENT}{party}:"
            yield from (2 * INDENT + _given(c) for c in all_given)
    if len(conflict.together) > 1:
        yield say("The least concession of all together (the smallest sum of per cents):")
        yield from (INDENT + _given(c) for c in conflict.together)


def _named(rules: Iterable[Rule]) -> Iterator[str]:
    """Rules with the parties they bind and the names by which they are found in the Dataset."""
    for rule in rules:
        parties = f" ({', '.join(rule.parties)})" if rule.parties else ""
        yield f"{INDENT}{rule_in_full(rule)}{parties}   [{rule.name}]"


def _given(given: Concession) -> str:
    share = f" ({per_cent(given.share, decimals=1)})" if given.share is not None else ""
    return say("{rule}: by {amount}", rule=rule_in_words(given.rule), amount=quantity(given.amount, given.rule.unit, EXACT) + share)
