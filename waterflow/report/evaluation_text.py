"""A plan judged, in words and in three sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.negotiation.breaches import Breach
from waterflow.negotiation.completed_plan import Filled
from waterflow.negotiation.differences import Difference
from waterflow.negotiation.evaluate import Evaluation
from waterflow.negotiation.repair import Change
from waterflow.report.parties_text import winners
from waterflow.report.rule_words import in_words, when_in_words, with_wording
from waterflow.words.catalogue import mark, say, say_many, say_of
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import per_cent, quantity, unit

__all__ = ["breach_in_full", "evaluation_text", "filled_in_words", "sentences"]

#: differences in the order they are told
DIFFERENCES = {
    "shortage": mark("largest shortage of the priority {who} ({change})"),
    "target": mark("delivery at {who} ({change})"),
    "water": mark("water of {who} ({change})"),
    "unserved": mark("unserved power of {who} ({change})"),
    "import": mark("imports of {who} ({change})"),
    "generation": mark("hydropower of {who} ({change})"),
    "closing": mark("closing storage of {who} ({change})"),
    "cost": mark("cost ({change})"),
}
FILLED = {
    "withdrawals_needed": mark("{count} of {among} withdrawals are not in the table: the needs are taken."),
    "withdrawals_best": mark("{count} of {among} withdrawals are not in the table: those of the optimum are taken."),
    "releases_best": mark("Releases taken from the optimum: {names}."),
    "spills_closed": mark("Spillways that are not in the table pass nothing: {names}."),
    "needs_raised": mark("The plan takes more than the need; what it takes is counted as the need: {names}."),
}
#: a verdict names so many broken rules, those most overstepped first; the table names all
NAMED = 3


def filled_in_words(basin: Basin, filled: Filled) -> str:
    """What the plan does not say and what is taken for it."""
    names = "; ".join(called(basin, name) for name in filled.names)
    return say(FILLED[filled.kind], count=len(filled.names), among=filled.among, names=names)


def breach_in_full(basin: Basin, b: Breach) -> str:
    """The rule that is broken; of a clause its wording too."""
    return with_wording(_in_short(basin, b), basin.clauses.get(b.place))


def _in_short(basin: Basin, b: Breach) -> str:
    return in_words(b.kind, called(basin, b.place), b.allowed, b.unit, b.when)


def sentences(found: Evaluation, last: str = "") -> list[str]:
    """The verdict, and the plan beside the optimum and beside the last plan.

    Parameters
    ----------
    found : Evaluation
    last : str
        How the last plan is called.
    """
    basin = found.plan.basin
    optimum = say("Beside the optimum")
    beside = _beside(basin, found.beside_optimum, optimum)
    if found.beside_last is None:
        return [_verdict(found), beside, say("No last plan was given to set beside it.")]
    return [_verdict(found), beside, _beside(basin, found.beside_last, say("Beside the last plan ({plan})", plan=last))]


def _verdict(found: Evaluation) -> str:
    missed = len({b.name for b in found.breaches if not b.hard})
    worst = sorted(found.broken, key=lambda b: -b.by / abs(b.allowed or b.by))
    rules = list({b.name: _in_short(found.plan.basin, b) for b in worst}.values())
    if not rules and not missed:
        return say("The plan keeps every limit and agreement and meets every wish.")
    if not rules:
        return say_many(
            "The plan keeps every limit and agreement and misses {count} wish.",
            "The plan keeps every limit and agreement and misses {count} wishes.",
            missed,
        )
    names = "; ".join([*rules[:NAMED], *(["..."] if len(rules) > NAMED else [])])
    return say_many(
        "The plan breaks {count} of the limits and agreements ({names}). Wishes not met: {missed}.",
        "The plan breaks {count} of the limits and agreements ({names}). Wishes not met: {missed}.",
        len(rules),
        names=names,
        missed=missed,
    )


def _beside(basin: Basin, found: Sequence[Difference], beside: str) -> str:
    """What is worse, what is better, and what is only done otherwise."""
    told = sorted(found, key=lambda d: list(DIFFERENCES).index(d.what))
    worse, better, other = (", ".join(_difference(basin, d) for d in told if d.loss is loss) for loss in (True, False, None))
    if not told:
        return say("{beside} nothing differs that is worth saying.", beside=beside)
    parts = [say("worse in {what}", what=worse) if worse else say("worse in nothing")]
    parts += [say("better in {what}", what=better) if better else say("better in nothing")]
    parts += [say("different in {what}", what=other)] if other else []
    return say("{beside} it is {parts}.", beside=beside, parts="; ".join(parts))


def _difference(basin: Basin, d: Difference) -> str:
    change = f"{'+' if d.plan > d.other else '-'}{quantity(d.by, d.unit)}"
    if d.what == "shortage":
        change = f"{per_cent(d.other, decimals=1)} -> {per_cent(d.plan, decimals=1)}"
    return say(DIFFERENCES[d.what], who=called(basin, d.who), change=change)


def evaluation_text(found: Evaluation, plan: str, last: str = "") -> str:
    """Everything an evaluation says."""
    basin = found.plan.basin
    title = say("{model}: the plan {plan}", model=title_of(basin, basin.name), plan=plan)
    lines = [title, "=" * len(title), *(paragraph(filled_in_words(basin, x)) for x in found.plan.filled)]
    lines += [heading(say("Limits and agreements broken")), *_listed(basin, found.broken)]
    lines += [heading(say("Wishes not met")), *_listed(basin, [b for b in found.breaches if not b.hard])]
    lines += [heading(say("In three sentences")), *(paragraph(s) for s in sentences(found, last))]
    lines += [heading(say("The repair: the least further harm, then the least change")), *_repair(found)]
    return "\n".join(lines) + "\n"


def _listed(basin: Basin, found: Sequence[Breach]) -> Iterator[str]:
    if not found:
        yield say_of("breaches", "none")
        return
    shown = [b for b in found if not b.slight]
    if shown:
        head = [say_of("breach", "what"), say("when"), say("plan"), say("allowed"), say_of("breach", "by"), say("unit")]
        yield columns(head, [_row(basin, b) for b in shown], 2)
    slight = dict.fromkeys(f"{_in_short(basin, b)} ({when_in_words(b.when)})".removesuffix(" ()") for b in found if b.slight)
    if slight:
        names = "; ".join(slight)
        yield paragraph(say("By less than 0.1 % of the limit, as typed figures are rounded: {names}.", names=names))


def _row(basin: Basin, b: Breach) -> list[str]:
    return [_in_short(basin, b), when_in_words(b.when), *(_bare(v) for v in (b.figure, b.allowed, b.by)), unit(b.unit)]


def _bare(value: float | None) -> str:
    return "-" if value is None else quantity(value, "")


def _repair(found: Evaluation) -> Iterator[str]:
    if found.repair is None:
        yield say("Nothing hard is broken: nothing to repair.")
        return
    total = quantity(found.repair.total, "Mm3")
    count = len(found.repair.changes)
    yield say_many("{total} in all, {count} figure changed.", "{total} in all, {count} figures changed.", count, total=total)
    head = [say("place"), say("when"), say("plan"), say("repaired"), say("change"), say("unit")]
    yield columns(head, list(_changes(found, found.repair.changes)), 2)
    yield heading(say("What the repair costs whom, beside the plan"))
    told = winners(found.repair_costs)
    yield from map(paragraph, told or [say("It costs nobody water or power.")])


def _changes(found: Evaluation, changes: Iterable[Change]) -> Iterator[list[str]]:
    calendar = found.plan.basin.calendar
    for c in changes:
        rate = calendar.periods[calendar.position[c.period]].rate if found.plan.unit == "m3/s" else 1.0
        figures = [_bare(rate * v) for v in (c.before_Mm3, c.after_Mm3, c.after_Mm3 - c.before_Mm3)]
        yield [called(found.plan.basin, c.name), when_in_words(c.period), *figures, unit(found.plan.unit)]
