"""What to decide before knowing, in sentences: now, in three ways side by side; what knowing is worth; how sure the promises are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from waterflow.futures.tree_facts import DecidedNow, Difference, TreeFacts
from waterflow.report.ensemble_text import ALWAYS, KINDS, members_from
from waterflow.report.names import stage_called
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, number, per_cent, places, quantity, unit

__all__ = ["tree_csv", "tree_text"]

MEASURES = {
    "mean": mark("Every stage is best on average over the futures."),
    "risk": mark(
        "Every stage is best by a measure of which {weight} is the mean of the worst {tail} of futures and the rest the mean of all."
    ),
    "regret": mark("Every stage keeps the largest regret smallest: how far a future falls behind what foresight of it would reach."),
}
SHARE = "share of the claim"
#: reservoirs on the page; the rest are in the CSV
MOST = 4
HEAD = ("place", "quantity", "decided_Mm3", "mean_Mm3", "foreseen_low_Mm3", "foreseen_high_Mm3")


def tree_text(facts: TreeFacts) -> str:
    """Who comes, what is decided now, what knowing is worth, and how sure each promise is."""
    return "\n".join([*_asked(facts), *_now(facts), *_worth(facts), *_sure(facts)]) + "\n"


def _asked(facts: TreeFacts) -> Iterator[str]:
    told = say_many(
        "{title}, {window}: {count} future, {source}.",
        "{title}, {window}: {count} futures, {source}.",
        facts.leaves,
        title=facts.title,
        window=window_in_words(facts.horizon),
        source=members_from(facts.source, facts.seed),
    )
    if facts.told_apart:
        told += " " + say("They are told apart from {period} on; until then one plan serves all.", period=period_alone(facts.told_apart))
    yield paragraph(told)
    order = " > ".join(facts.priority_titles[name] for name in facts.order)
    yield paragraph(say("Order of priority: {order}.", order=order) if order else say("One sum of benefits decides."))
    yield paragraph(say(MEASURES[facts.measure], weight=per_cent(facts.risk_weight), tail=per_cent(facts.risk_tail)))
    for chance in facts.chances:
        about = {"target": chance.title, "window": window_in_words(chance.window), "share": per_cent(chance.probability)}
        yield paragraph(say("The target at {target}, {window}, is met with a probability of {share} or more, before all else.", **about))
    if facts.with_head:
        yield paragraph(say("Plants have a head; here it is fixed."))


def _now(facts: TreeFacts) -> Iterator[str]:
    names = list(dict.fromkeys(x.place for x in facts.now))
    shown = [x for x in facts.now if x.place in names[:MOST]]
    if not shown or facts.told_apart is None:
        return
    yield heading(say("What is decided before knowing, {unit}", unit=unit("Mm3")))
    head = ["", say("decided"), say("for the\nmean"), say("foreseen:\nlowest"), say("foreseen:\nhighest")]
    yield columns(head, [_row(x) for x in shown])
    yield paragraph(
        say(
            "Storage at the beginning of {period}, and what is let go before it. Foreseen: what the plan of a future would be if it "
            "were known from the start; where lowest and highest lie far apart, the decision hangs on what is not known yet.",
            period=period_alone(facts.told_apart),
        )
    )
    steady = [x.title for x in shown if x.quantity == "storage" and _same(x)]
    if steady:
        yield paragraph(say("The same whatever comes: {places}.", places=", ".join(steady)))
    if len(names) > MOST:
        yield say_many("{count} reservoir more: --format csv.", "{count} reservoirs more: --format csv.", len(names) - MOST)


def _same(x: DecidedNow) -> bool:
    return x.foreseen_high_Mm3 - x.foreseen_low_Mm3 < 1.0


def _row(x: DecidedNow) -> list[str]:
    what = say("{place}: storage", place=x.title) if x.quantity == "storage" else say("{place}: let go", place=x.title)
    return [what, *(number(v) for v in (x.decided_Mm3, x.mean_Mm3, x.foreseen_low_Mm3, x.foreseen_high_Mm3))]


def _worth(facts: TreeFacts) -> Iterator[str]:
    if facts.told_apart is None:
        return
    yield heading(say("What is reached, on average over the futures"))
    head = [say("stage"), "", say("known from\nthe start"), say("decided\nbefore\nknowing"), say("planned\nfor the\nmean")]
    titles = facts.priority_titles
    body = []
    for x in facts.stages:
        values = (x.foreseen, x.decided, x.mean_kept)
        stage = stage_called(x.stage, titles)
        if x.unit == SHARE:
            body.append([stage, say("largest share short"), *(per_cent(v, decimals=1) for v in values)])
        else:
            sign = -1.0 if x.sense == "minimise" else 1.0
            body.append([stage, say("benefit, {unit}", unit=unit(x.unit)), *("-" if v is None else exact(sign * v, 1) for v in values)])
    yield columns(head, body, 2)
    if facts.stuck:
        yield paragraph(
            say(
                "Where the plan for the mean is kept, no plan follows in: {leaves}.",
                leaves=", ".join(facts.stuck[:5]) + (" ..." if len(facts.stuck) > 5 else ""),
            )
        )
    if facts.evpi is not None:
        yield paragraph(say("Knowing the future from the start would be worth {value} (EVPI).", value=_value(facts.evpi, titles)))
    if facts.vss is not None:
        yield paragraph(say("To plan for the mean instead would cost {value} (VSS).", value=_value(facts.vss, titles)))


def _value(x: Difference, titles: Mapping[str, str]) -> str:
    """What a difference is, and where: a share of a claim in a priority, or money."""
    if x.unit == SHARE:
        return say("{share} of the claim shortest in {stage}", share=per_cent(x.value, decimals=1), stage=stage_called(x.stage, titles))
    return quantity(x.value, x.unit, 1)


def _sure(facts: TreeFacts) -> Iterator[str]:
    shown = [x for x in facts.outcomes if x.kind in ALWAYS]
    if not shown:
        return
    yield heading(say("How sure each promise is"))
    body = []
    for x in shown:
        decimals = places([x.asked, x.worst_short])
        asked, *short = (number(v, decimals) for v in (x.asked, x.mean_short, x.worst_short))
        promise = f"{say(KINDS[x.kind], name=x.title)}, {unit(x.unit)}"
        what = [promise, window_in_words(x.window), asked, per_cent(x.probability)]
        body.append([*what, *short, x.worst_member or "-"])
    head = [say("promise"), say("when"), say("asked"), say("met in"), say("short:\nmean"), say("short:\nworst"), say("in\nfuture")]
    yield columns(head, body, 2)


def tree_csv(facts: TreeFacts) -> str:
    """One line for each figure that is decided now."""
    into = io.StringIO()
    out = csv.writer(into, lineterminator="\n")
    out.writerow(HEAD)
    for x in facts.now:
        out.writerow(["" if (v := getattr(x, name)) is None else v for name in HEAD])
    return into.getvalue()
