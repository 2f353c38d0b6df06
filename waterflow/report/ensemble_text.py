"""What an ensemble says, on one page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from waterflow.basin.basin import Basin
from waterflow.futures.answer_facts import SHARES, BadMember, Broken, EnsembleFacts, Outcome, Performance
from waterflow.report.rule_words import in_words
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, places, quantity, unit

__all__ = ["ALWAYS", "KINDS", "ensemble_csv", "ensemble_text", "members_from"]

#: what is promised, before whom or what it is promised
KINDS = {
    "target": mark("target at {name}"),
    "limit": mark("limit of {name}"),
    "users": mark("users of {name}"),
    "power": mark("power of {name}"),
    "floor": mark("minimum flow at {name}"),
    "share": mark("share of the surplus at {name}"),
    "clause": mark("clause: {name}"),
}
#: kinds whose rows stand on the page whether they are met or not
ALWAYS = ("target", "limit", "power")
#: those whose curves and performance are told where there is little room
BRIEF = ("target", "power")
MOST_LINES = 60
#: a curve that falls by no more than this share of its highest is flat
SAME = 5e-4
#: rows on the page of what else is missed, clauses that are broken, and members without a plan; the rest are counted
MOST_ROWS, MOST_CLAUSES, MOST_BAD = 3, 3, 3


def _called(x: Outcome | Performance) -> str:
    """What a promise is called: ``limit of A``."""
    return say(KINDS[x.kind], name=x.title)


def ensemble_text(facts: EnsembleFacts, basin: Basin) -> str:
    """Who the members are, how sure each promise is, exceedance, who breaks a clause and who has no plan; at most 60 lines.

    Where that is too much, curves of limits and what is said beside them go first; ``--format csv`` has all.
    """
    text = ""
    for curves, performed in ((ALWAYS, ALWAYS), (BRIEF, ALWAYS), (BRIEF, BRIEF), ((), ())):
        parts = [*_head(facts), *_probabilities(facts), *_curves(facts, curves), *_performance(facts, performed)]
        text = "\n".join([*parts, *_broken(facts), *_bad(facts, basin)]) + "\n"
        if text.count("\n") <= MOST_LINES:
            break
    return text


def members_from(source: str, seed: int | None) -> str:
    """Where members are from."""
    if source == "historical":
        return say("recorded years")
    if source == "generated":
        return say("drawn after the record, seed {seed}", seed=seed)
    return say("from {file}", file=source) if source else say("as given")


def _head(facts: EnsembleFacts) -> Iterator[str]:
    wet = facts.wetness
    yield paragraph(
        say_many(
            "{title}, {window}: {members} member, {source}; {planned} with a plan.",
            "{title}, {window}: {members} members, {source}; {planned} with a plan.",
            facts.members,
            title=facts.title,
            window=window_in_words(facts.horizon),
            members=number(facts.members),
            source=members_from(facts.source, facts.seed),
            planned=number(facts.planned),
        )
    )
    yield paragraph(
        say(
            "Runoff over the horizon, Mm3: {driest} in the driest (member {dry}), {median} in the median, {wettest} in the wettest "
            "(member {wet}); the model's own is {own}.",
            driest=number(wet.driest_Mm3),
            dry=wet.driest_member,
            median=number(wet.median_Mm3),
            wettest=number(wet.wettest_Mm3),
            wet=wet.wettest_member,
            own=number(wet.own_Mm3),
        )
    )
    if facts.own_runoff:
        yield paragraph(say("Nodes the members say nothing of keep the model's own runoff: {nodes}.", nodes=", ".join(facts.own_runoff)))
    if facts.weighted:
        yield say("Members are weighed by their probabilities.")


def _shown(facts: EnsembleFacts) -> list[Outcome]:
    """The outcomes that stand on the page: the promises, and what else is missed by members with a plan, the least sure first."""
    limited = any(x.kind == "limit" for x in facts.outcomes)
    always = [x for x in facts.outcomes if x.kind in ALWAYS or (x.kind == "users" and not limited)]
    others = [x for x in facts.outcomes if x not in always and x.kind != "users" and x.worst_member is not None]
    return [*always, *sorted(others, key=lambda x: (x.probability, x.kind, x.name, x.window))[:MOST_ROWS]]


def _probabilities(facts: EnsembleFacts) -> Iterator[str]:
    shown = _shown(facts)
    kept = [x for x in facts.outcomes if x not in shown and x.kind != "users"]
    if shown:
        yield heading(say("How sure each promise is"))
        body = []
        for x in shown:
            decimals = places([x.asked, x.worst_short])
            asked, *short = (number(v, decimals) for v in (x.asked, x.mean_short, x.worst_short))
            # a share of nothing and of everything are said only where they are so
            sure = 1 if 0.0 < x.probability < 0.01 or 0.99 <= x.probability < 1.0 else 0
            row = [_called(x), window_in_words(x.window), unit(x.unit), asked, per_cent(x.probability, decimals=sure)]
            body.append([*row, *short, x.worst_member or "-"])
        head = [say("promise"), say("when"), "", say("asked"), say("met in"), say("short:\nmean"), say("short:\nworst"), say("in\nmember")]
        yield columns(head, body, 3)
    if facts.planned < facts.members:
        yield paragraph(say("A member without a plan meets no promise; shortages and curves are those of the members with one."))
    missed = sum(x.worst_member is not None for x in kept)
    if missed:
        yield say_many(
            "{count} promise more is missed; --format csv has it.", "{count} promises more are missed; --format csv has them.", missed
        )
    whole = len(kept) - missed
    if whole:
        yield paragraph(
            say_many(
                "{count} promise more (minimum flow, share of a surplus, clause) is met in every member with a plan.",
                "{count} promises more (minimum flows, shares of a surplus, clauses) are met in every member with a plan.",
                whole,
            )
        )


def _curves(facts: EnsembleFacts, kinds: Sequence[str]) -> Iterator[str]:
    """Exceedance curves, but those that are the same in all members."""
    told = [x for x in _shown(facts) if x.kind in (*kinds, "users") and x.exceedance]
    shown = [x for x in told if x.exceedance[0].value - x.exceedance[-1].value > SAME * max(1.0, abs(x.exceedance[0].value))]
    if not kinds or not shown:
        return
    yield heading(say("Reached or exceeded in so many of the members"))
    body = []
    for x in shown:
        values = [e.value for e in x.exceedance]
        name = say("{promise}, not served", promise=_called(x)) if x.counted == "unserved" else _called(x)
        body.append([name, window_in_words(x.window), unit(x.unit), *(number(v, places(values)) for v in values)])
    yield columns([say("promise"), say("when"), "", *(per_cent(s) for s in SHARES)], body, 3)


def _performance(facts: EnsembleFacts, kinds: Sequence[str]) -> Iterator[str]:
    shown = {(x.kind, x.name) for x in _shown(facts) if x.kind in (*kinds, "users")} if kinds else set()
    rows = [x for x in facts.performance if (x.kind, x.name) in shown]
    if not rows:
        return
    yield heading(say("Reliability, resilience, vulnerability"))
    body = []
    for x in rows:
        steps = (
            say_many("{count} window", "{count} windows", x.count)
            if x.steps == "windows"
            else say_many("{count} period", "{count} periods", x.count)
        )
        worst = "-" if x.vulnerability is None else quantity(x.vulnerability, x.unit)
        body.append([_called(x), steps, per_cent(x.reliability), per_cent(x.resilience), worst])
    yield columns([say("promise"), say("over"), say("reliability"), say("resilience"), say("vulnerability")], body, 2)
    yield paragraph(
        say(
            "Reliability: members in which all is met. Resilience: how often what is missed is met the next time. "
            "Vulnerability: the worst shortage of a member that fails, on average."
        )
    )


def _broken(facts: EnsembleFacts) -> Iterator[str]:
    if not facts.broken:
        return
    yield heading(say("Clauses that members break"))
    for x in sorted(facts.broken, key=lambda x: x.probability)[:MOST_CLAUSES]:
        yield from _clause(facts, x)
    left = len(facts.broken) - MOST_CLAUSES
    if left > 0:
        yield say_many(
            "{count} clause more is broken; --format json has it.", "{count} clauses more are broken; --format json has them.", left
        )


def _clause(facts: EnsembleFacts, x: Broken) -> Iterator[str]:
    """Who breaks a clause, how dry they are, and what binds in the worst of them."""
    about = {"title": x.title, "share": per_cent(x.probability), "driest": number(x.driest_Mm3), "wettest": number(x.wettest_Mm3)}
    told = say_many(
        "- {title}: kept in {share}. {count} member breaks it; its runoff is {driest} Mm3, and {drier} of all are drier.",
        "- {title}: kept in {share}. {count} members break it; their runoff is {driest} to {wettest} Mm3, and {drier} of all are "
        "drier than their median.",
        len(x.members),
        drier=per_cent(x.drier),
        **about,
    )
    yield paragraph(told, "", "  ")
    if x.without_plan:
        yield paragraph(say_many("{count} of them has no plan.", "{count} of them have no plan.", x.without_plan), "  ")
    if x.worst is None:
        return
    row = x.worst.rows[0]
    missed = say(
        "Worst in member {number} ({name}, rank {rank} of {members} from the driest): {missed} of {figure} missing, {window}.",
        number=x.worst.number,
        name=x.worst.member,
        rank=x.worst.rank,
        members=facts.members,
        missed=quantity(row.missed_by, row.unit),
        figure=quantity(row.figure + row.owed_before, row.unit),
        window=window_in_words(row.window),
    )
    parts = [missed]
    parts += [say("At their lowest storage then: {places}.", places=_few(x.worst.empty))] if x.worst.empty else []
    parts += [say("At capacity then: {places}.", places=_few(x.worst.full))] if x.worst.full else []
    if not x.worst.empty and not x.worst.full:
        parts.append(
            say(
                "No reservoir above is at its lowest storage then and no reach at capacity: what comes before it in the order takes "
                "the water, or missing it is cheaper."
            )
        )
    yield paragraph(" ".join(parts), "  ")


def _few(names: Sequence[str], most: int = 4) -> str:
    """Some names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (say(" and {count} more", count=more) if more > 0 else "")


def _bad(facts: EnsembleFacts, basin: Basin) -> Iterator[str]:
    if not facts.bad:
        return
    yield heading(say("Members without a plan"))
    for x in facts.bad[:MOST_BAD]:
        yield paragraph(say("- member {number} ({name}): {why}", number=x.number, name=x.member, why=_why(x, basin)), "", "  ")
    left = len(facts.bad) - MOST_BAD
    if left > 0:
        yield paragraph(
            say("- and {count} more: {numbers}", count=left, numbers=_few([str(x.number) for x in facts.bad[MOST_BAD:]], 20)), "", "  "
        )


def _why(x: BadMember, basin: Basin) -> str:
    """What is wrong with a member, in the language spoken."""
    if x.status == "refused":
        return say("its runoff is not valid: {found}", found=x.message)
    if x.status == "failed":
        return say("the solver stopped: {said}", said=x.message)
    runoff = number(x.runoff_Mm3)
    if not x.clashing:
        return say("with {runoff} Mm3 no plan exists at all", runoff=runoff)
    return say("with {runoff} Mm3 these cannot hold together: {rules}", runoff=runoff, rules="; ".join(_rule(r, basin) for r in x.clashing))


def _rule(name: str, basin: Basin) -> str:
    """A rule by its name, in words: ``storage_held[mountain/at_least/2025-10-01]``."""
    from waterflow.basin.titles import called

    kind, _, owner = name.removesuffix("]").partition("[")
    if owner in basin.storage_rules:
        rule = basin.storage_rules[owner]
        return in_words(kind, called(basin, rule.reservoir), rule.storage, "Mm3", basin.calendar.labels[rule.period])
    if owner in basin.limits:
        limit = basin.limits[owner]
        return in_words(kind, limit.party, limit.amount, "Mm3", str(limit.window))
    return in_words(kind, called(basin, owner.partition("/")[0] if kind == "clause_kept" else owner))


def ensemble_csv(facts: EnsembleFacts) -> str:
    """One line for each promise and window; blank where there is nothing to tell."""
    into = io.StringIO()
    out = csv.writer(into, lineterminator="\n")
    fields = (
        "kind",
        "name",
        "party",
        "window",
        "unit",
        "asked",
        "members",
        "probability",
        "mean_short",
        "worst_short",
        "worst_member",
        "counted",
    )
    out.writerow([*fields, *(f"exceeded_{round(100 * s)}" for s in SHARES)])
    for x in facts.outcomes:
        told = [getattr(x, field) for field in fields]
        curve: list[float | None] = [*(e.value for e in x.exceedance)] or [None] * len(SHARES)
        out.writerow(["" if v is None else v for v in (*told, *curve)])
    return into.getvalue()
