"""A plan judged, in words and in three sentences, in English or Russian."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from waterflow.basin.basin import Basin
from waterflow.negotiation.breaches import Breach
from waterflow.negotiation.evaluate import Evaluation
from waterflow.negotiation.parties import Difference
from waterflow.negotiation.repair import Change
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.sentences import Language, per_cent, period, quantity, say

__all__ = ["evaluation_text", "place_in_words", "sentences"]

#: order in which differences are said
ORDER = ("shortage", "target", "water", "unserved", "import", "generation", "closing", "cost")


def place_in_words(basin: Basin, name: str, lang: Language) -> str:
    """How people call a node, reach, demand or anything else that has a title."""
    for parts in (basin.nodes, basin.demands, basin.reaches):
        part = parts.get(name)
        if part is not None:
            return str(getattr(part, f"title_{lang}", "") or part.title or name)
    return name


def sentences(found: Evaluation, lang: Language, last: str = "") -> list[str]:
    """The verdict, and the plan beside the optimum and beside the last plan.

    Parameters
    ----------
    found : Evaluation
    lang : {"en", "ru"}
    last : str
        How the last plan is called.
    """
    basin = found.plan.basin
    beside = _beside(basin, found.beside_optimum, say("the_optimum", lang), lang)
    if found.beside_last is None:
        return [_verdict(found, lang), beside, say("no_last", lang)]
    return [_verdict(found, lang), beside, _beside(basin, found.beside_last, say("the_last", lang, plan=last), lang)]


def _verdict(found: Evaluation, lang: Language) -> str:
    wishes = {b.name for b in found.breaches if not b.hard}
    missed = say("count_wishes", lang, count=str(len(wishes))) if wishes else say("nothing", lang)
    rules = list(dict.fromkeys(b.name for b in found.broken))
    if not rules:
        return say("judged_kept", lang, wishes=missed)
    count = say("count_rules", lang, count=str(len(rules)))
    return say("judged_broken", lang, broken=count, names=", ".join(rules), wishes=missed)


def _beside(basin: Basin, found: Sequence[Difference], other: str, lang: Language) -> str:
    if not found:
        return say("beside_same", lang, other=other)
    told = sorted(found, key=lambda d: ORDER.index(d.what))
    sides = [", ".join(_difference(basin, d, lang) for d in told if d.loss is worse) or say("nothing", lang) for worse in (True, False)]
    return say("beside", lang, other=other, worse=sides[0], better=sides[1])


def _difference(basin: Basin, d: Difference, lang: Language) -> str:
    what = say(d.what, lang, who=place_in_words(basin, d.who, lang))
    if d.what == "shortage":
        return f"{what} {per_cent(d.other, lang)} -> {per_cent(d.plan, lang)}"
    return f"{what} {'+' if d.plan > d.other else '-'}{quantity(d.by, d.unit, lang)}"


def evaluation_text(found: Evaluation, lang: Language, plan: str, last: str = "") -> str:
    """Everything an evaluation says."""
    basin = found.plan.basin
    title = say("head_judged", lang, model=basin.title or basin.name, plan=plan)
    lines = [title, "=" * len(title), *(paragraph(note[lang]) for note in found.plan.notes)]
    for key, hard in (("head_broken", True), ("head_wishes", False)):
        lines += [heading(say(key, lang)), *_listed(basin, [b for b in found.breaches if b.hard is hard], lang)]
    lines += [heading(say("head_sentences", lang)), *(paragraph(s) for s in sentences(found, lang, last))]
    lines += [heading(say("head_repair", lang)), *_repair(found, lang)]
    return "\n".join(lines) + "\n"


def _listed(basin: Basin, found: Sequence[Breach], lang: Language) -> Iterator[str]:
    if not found:
        yield say("none", lang)
        return
    shown = [b for b in found if not b.slight]
    if shown:
        head = [say(key, lang) for key in ("what", "when", "plan", "allowed", "by", "unit")]
        yield columns(head, [_row(basin, b, lang) for b in shown], 2)
    slight = dict.fromkeys(f"{b.name} {period(b.when, lang)}".strip() for b in found if b.slight)
    if slight:
        yield paragraph(say("slight", lang, names=", ".join(slight)))


def _row(basin: Basin, b: Breach, lang: Language) -> list[str]:
    title = b.titles[lang].replace(b.place, place_in_words(basin, b.place, lang)) if b.titles[lang].endswith(b.place) else b.titles[lang]
    figures = [_bare(v, lang) for v in (b.figure, b.allowed, b.by)]
    return [title, period(b.when, lang), *figures, quantity(0, b.unit, lang).partition(" ")[2]]


def _bare(value: float | None, lang: Language) -> str:
    return "-" if value is None else quantity(value, "", lang)


def _repair(found: Evaluation, lang: Language) -> Iterator[str]:
    if found.repair is None:
        yield say("no_repair", lang)
        return
    total = quantity(found.repair.total, "Mm3", lang)
    yield say("change_total", lang, total=total, count=str(len(found.repair.changes)))
    head = [say(key, lang) for key in ("place", "when", "plan", "repaired", "change", "unit")]
    yield columns(head, list(_changes(found, found.repair.changes, lang)), 2)


def _changes(found: Evaluation, changes: Iterable[Change], lang: Language) -> Iterator[list[str]]:
    calendar = found.plan.basin.calendar
    for c in changes:
        rate = calendar.periods[calendar.position[c.period]].rate if found.plan.unit == "m3/s" else 1.0
        figures = [_bare(rate * v, lang) for v in (c.before, c.after, c.after - c.before)]
        unit = quantity(0, found.plan.unit, lang).partition(" ")[2]
        yield [place_in_words(found.plan.basin, c.name, lang), period(c.period, lang), *figures, unit]
