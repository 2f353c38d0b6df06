"""Sections of the table about what was promised: targets, floors, limits, flows, agreed storages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.water_facts import KnownFlowFact, ShortfallCause, TargetFact
from waterflow.report.grades import resting_on
from waterflow.report.names import quantity_called, rule, season
from waterflow.report.shortfall_text import sentences
from waterflow.words.catalogue import say, say_many, say_of
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, numbers, per_cent, places, quantity

__all__ = ["floors", "inflows", "limits", "other_known", "published", "storages", "targets"]

#: (place, window)
Where = tuple[str, str]


def _title(facts: PlanFacts, place: str) -> str:
    return facts.titles.get(place, place)


def _beside(values: Iterable[float]) -> str:
    """Figures of several sources side by side."""
    return "; ".join(number(v) for v in dict.fromkeys(values)) or "-"


def published(facts: PlanFacts, row: TargetFact, kind: str) -> str:
    """Published plans or facts of a target's window."""
    key = (row.place, row.window, kind, "target")
    return _beside(x.value_Mm3 for x in facts.known_flows if (x.place, x.window, x.kind, x.quantity) == key)


def targets(facts: PlanFacts) -> Iterator[str]:
    """Delivered against target in each window, and what holds it back."""
    rows = facts.targets
    if not rows:
        return
    named = ", ".join(dict.fromkeys(_title(facts, row.place) for row in rows))
    yield heading(say("{places}: delivered against target, with published plans and facts, Mm3", places=named))
    decimals = places([v for x in rows for v in (x.target_Mm3, x.delivered_Mm3, x.shortfall_Mm3)])
    body = [
        [
            _title(facts, x.place),
            window_in_words(x.window),
            *(number(v, decimals) for v in (x.target_Mm3, x.delivered_Mm3, x.shortfall_Mm3)),
            *(published(facts, x, kind) for kind in ("plan", "fact")),
            per_cent(x.delivered_Mm3, x.target_Mm3),
        ]
        for x in rows
    ]
    head = [
        say("place"),
        say("window"),
        say_of("heading", "target"),
        say("delivered"),
        say("shortfall"),
        say("plans"),
        say("facts"),
        say("of target"),
    ]
    yield columns(head, body, 2)
    yield from resting_on(facts.inputs, "targets", "runoff", "needs")
    yield from _held_back(facts)


def _held_back(facts: PlanFacts) -> Iterator[str]:
    same: dict[tuple[str, ...], list[ShortfallCause]] = {}
    for cause in facts.holds_back:
        same.setdefault(() if cause.status == "met" else tuple(sentences(cause, facts.priority_titles, alone=False)), []).append(cause)
    for told, causes in same.items():
        where = "; ".join(f"{x.title}, {window_in_words(x.window)}" for x in causes)
        if not told:
            yield paragraph(say("Met: {where}.", where=where))
            continue
        yield paragraph(say("What holds back {where}:", where=where))
        lines = told if len(causes) > 1 else sentences(causes[0], facts.priority_titles)
        yield from (paragraph(f"- {line}", "  ", "  ") for line in lines)
    if any(cause.effects for cause in facts.holds_back):
        told_once = say(
            "These are effects of one unit at the margin, on all windows short together; one unit can bring more "
            "than one Mm3 where it saves losses on the way."
        )
        yield paragraph(told_once, "  ")


def floors(facts: PlanFacts) -> Iterator[str]:
    """Minimum flows and the lowest flow of the plan."""
    rows = facts.floors
    if not rows:
        return
    yield heading(say("Minimum flows, m3/s"))
    body = []
    for row, floor, lowest in zip(rows, numbers([x.floor_m3s for x in rows]), numbers([x.lowest_m3s for x in rows]), strict=True):
        missed = [period_in_words(x.period) for x in facts.floor_shortfalls if (x.place, x.window) == (row.place, row.window)]
        told = (
            say_many("missed in {count}, in {first}", "missed in {count}, from {first}", len(missed), first=missed[0])
            if missed
            else say_of("floor", "kept")
        )
        body.append([_title(facts, row.place), window_in_words(row.window), floor, lowest, told])
    yield columns([say("place"), say("window"), say("floor"), say("lowest"), say("periods")], body, 2)
    yield from resting_on(facts.inputs, "floors")


def limits(facts: PlanFacts) -> Iterator[str]:
    """What limited users ask for and get beside the limit, by season and party, with the season's sum."""
    rows = [x for x in facts.accounts if x.limit_Mm3 is not None]
    if not rows:
        return
    yield heading(say("Limits and deliveries of limited users by party and season, Mm3"))
    body = []
    for window, members in groupby(rows, key=lambda row: row.window):
        group = list(members)
        figures = [(x.party, (x.limit_Mm3 or 0.0, x.need_under_limit_Mm3, x.delivered_under_limit_Mm3)) for x in group]
        sums = (say("all"), tuple(sum(values) for values in zip(*(v for _, v in figures), strict=True)))
        for party, (limit, need, taken) in (*figures, sums) if len(figures) > 1 else figures:
            shares = [per_cent(taken, limit), per_cent(taken, need)]
            body.append([season(group[0].season), window_in_words(window), party, number(limit), number(need), number(taken), *shares])
    head = [say("season"), say("window"), say("party"), say("limit"), say("asked for"), say("delivered"), say("of limit"), say("of asked")]
    yield columns(head, body, 3)
    yield from resting_on(facts.inputs, "limits", "needs")


def _found(rows: Iterable[KnownFlowFact], kind: str) -> str:
    return _beside(x.value_Mm3 for x in rows if x.kind == kind)


def _more(value: float, than: float | None) -> str:
    """How much more than something, with its sign."""
    if than is None:
        return "-"
    told = number(abs(value - than))
    return told if told == "0" else f"{'+' if value > than else '-'}{told}"


def inflows(facts: PlanFacts) -> Iterator[str]:
    """Inflow at the agreed places: modelled beside agreed, published plan and fact."""
    agreed: dict[Where, float] = {(x.place, x.window): x.agreed_Mm3 for x in facts.agreed_flows}
    if not agreed:
        return
    named = {place for place, _ in agreed}
    known: dict[Where, list[KnownFlowFact]] = {where: [] for where in agreed}
    modelled: dict[Where, float] = {(x.place, x.window): x.modelled_Mm3 for x in facts.agreed_flows}
    for x in facts.known_flows:
        if x.quantity == "arriving" and x.place in named:
            known.setdefault((x.place, x.window), []).append(x)
            modelled[x.place, x.window] = x.modelled_Mm3
    body = []
    for (place, window), rows in known.items():
        promised, came = agreed.get((place, window)), modelled[place, window]
        figures = [number(came), number(promised), _more(came, promised)]
        body.append([_title(facts, place), window_in_words(window), *figures, _found(rows, "plan"), _found(rows, "fact")])
    yield heading(say("Inflow at agreed places: modelled beside agreed, published plans and facts, Mm3"))
    head = [
        say("place"),
        say("window or date"),
        say("modelled"),
        say_of("heading", "agreed"),
        say("difference"),
        say("plans"),
        say("facts"),
    ]
    yield columns(head, body, 2)
    yield paragraph(say("Agreed and published flows are shown beside the plan; they never steer it. Sources: --format json."))


def _other(facts: PlanFacts) -> Mapping[tuple[str, str, str], list[KnownFlowFact]]:
    """Known figures that stand nowhere else, by place, quantity and window; openings are inputs and not repeated."""
    named = {x.place for x in facts.agreed_flows}
    opening = facts.horizon.split("/")[0]
    shown = {(x.place, x.window) for x in facts.targets}
    same: dict[tuple[str, str, str], list[KnownFlowFact]] = {}
    for x in facts.known_flows:
        elsewhere = {
            "arriving": x.place in named,
            "storage": x.window.startswith(opening),
            "target": (x.place, x.window) in shown,
        }
        if not elsewhere.get(x.quantity, False):
            same.setdefault((x.place, x.quantity, x.window), []).append(x)
    return same


def other_known(facts: PlanFacts) -> Iterator[str]:
    """Published storages, releases and other inflows beside the plan."""
    body = [
        [
            _title(facts, place),
            window_in_words(window),
            number(rows[0].modelled_Mm3),
            quantity_called(counted),
            _found(rows, "plan"),
            _found(rows, "fact"),
        ]
        for (place, counted, window), rows in _other(facts).items()
    ]
    if body:
        yield heading(say("Other published plans and facts beside the model, Mm3"))
        yield columns([say("place"), say("window or date"), say("modelled"), say("quantity"), say("plans"), say("facts")], body, 2)


def storages(facts: PlanFacts) -> Iterator[str]:
    """Agreed storages, shared surpluses and water still on its way."""
    if facts.storage_rules:
        yield heading(say("Agreed storages, Mm3"))
        body = [[_title(facts, x.place), x.date, rule(x.rule), number(x.agreed_Mm3), number(x.modelled_Mm3)] for x in facts.storage_rules]
        yield columns([say("reservoir"), say_of("date", "on"), say("rule"), say_of("heading", "agreed"), say("plan")], body, 3)
    for x in facts.threshold_shares:
        parts = {
            "place": _title(facts, x.place),
            "window": window_in_words(x.window),
            "inflow": quantity(x.inflow_Mm3, "Mm3", 0),
            "threshold": quantity(x.threshold_Mm3, "Mm3", 0),
            "party": x.party,
            "due": quantity(x.due_Mm3, "Mm3", 0),
            "sent": quantity(x.delivered_Mm3, "Mm3", 0),
        }
        told = say(
            "Shared surplus at {place}, {window}: inflow {inflow} against a threshold of {threshold}; due to {party} {due}, sent {sent}.",
            **parts,
        )
        yield paragraph(told)
