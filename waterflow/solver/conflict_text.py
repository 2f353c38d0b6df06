"""A conflict in words, in English or Russian."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from waterflow.words.sentences import Language, per_cent, quantity, say

if TYPE_CHECKING:
    from waterflow.solver.conflicts import Concession, Conflict
    from waterflow.solver.rules import Rule

__all__ = ["conflict_text"]

INDENT = "  "
#: decimals of a concession: to a thousand m3, so that what is written into an agreement is enough
EXACT = 3


def conflict_text(conflict: Conflict, lang: Language) -> str:
    """Everything a conflict says, line by line."""
    return "\n".join(_lines(conflict, lang))


def _lines(conflict: Conflict, lang: Language) -> Iterator[str]:
    if not conflict.clashing:
        yield say("works_clash", lang)
        yield from _named(conflict.works, lang) if conflict.works else (INDENT + say("laws", lang),)
        return
    yield say("clash", lang)
    yield from _named(conflict.clashing, lang)
    if conflict.works:
        yield say("works", lang)
        yield from _named(conflict.works, lang)
    if conflict.others:
        yield say("alternatives", lang)
        for k, clash in enumerate(conflict.others, start=2):
            yield f"{INDENT}({k})"
            yield from (INDENT + line for line in _named(clash, lang))
    if not conflict.complete:
        yield say("more", lang)
    if conflict.ways_out:
        yield say("ways_out", lang)
        yield from (INDENT + " + ".join(r.name for r in way) for way in conflict.ways_out)
    yield from _concessions(conflict, lang)
    yield say("no_edit", lang)


def _concessions(conflict: Conflict, lang: Language) -> Iterator[str]:
    if conflict.alone:
        yield say("alone", lang)
        for rule, given in conflict.alone.items():
            yield f"{INDENT}{rule.name}: {_amount(given, lang) if given else say('not_alone', lang)}"
    if conflict.by_party:
        yield say("by_party", lang)
        for party, all_given in conflict.by_party.items():
            yield f"{INDENT}{party}: {_amounts(all_given, lang) if all_given else say('not_alone', lang)}"
    if len(conflict.together) > 1:
        yield say("together", lang)
        yield from (f"{INDENT}{c.rule.name}: {_amount(c, lang)}" for c in conflict.together)


def _named(rules: Iterable[Rule], lang: Language) -> Iterator[str]:
    for rule in rules:
        parties = f" ({', '.join(rule.parties)})" if rule.parties else ""
        yield f"{INDENT}{rule.titles[lang]}{parties}   [{rule.name}]"


def _amount(given: Concession, lang: Language) -> str:
    share = f" ({per_cent(given.share, lang)})" if given.share is not None else ""
    return f"{quantity(given.amount, given.rule.unit, lang, EXACT)}{share}"


def _amounts(given: Iterable[Concession], lang: Language) -> str:
    return "; ".join(f"{_amount(c, lang)} {c.rule.name}" for c in given)
