"""The answer on one page: the target first, who is short and what it costs, a box a party, why, storages, trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from waterflow.accounts.facts import PlanFacts
from waterflow.report.deals_text import deals_in_full, deals_in_short
from waterflow.report.names import TABLES, table_called
from waterflow.report.page_parties import before, boxes, short_and_costs, when
from waterflow.report.page_short import short_and_why
from waterflow.report.table_commitments import published
from waterflow.report.table_head import made, subject
from waterflow.words.catalogue import say, say_many, say_of
from waterflow.words.layout import columns, paragraph
from waterflow.words.numbers import number, per_cent

__all__ = ["certificate", "page", "rests_on", "targets"]

#: what the page shows at most: lines, windows of targets
MOST_LINES, MOST_WINDOWS = 60, 5


@dataclass(frozen=True)
class _Detail:
    """How many parties, named users, and reservoirs are shown; whether worst-hit users, guesses and deals are told in full."""

    parties: int
    users: int
    reservoirs: int
    worst: bool = False
    guesses: bool = False
    deals: bool = True


#: the first that fits the page is taken, or the last
DETAILS = (
    _Detail(6, 3, 8, worst=True, guesses=True),
    _Detail(6, 2, 8, worst=True),
    _Detail(6, 1, 6, worst=True),
    _Detail(5, 1, 5),
    _Detail(5, 1, 5, deals=False),
    _Detail(5, 1, 2, deals=False),
)


def targets(facts: PlanFacts, against: PlanFacts | None = None) -> Iterator[str]:
    """What comes to each target in each window, beside published plans and facts."""
    rows = facts.targets
    if not rows:
        return
    named = list(dict.fromkeys(facts.titles.get(x.place, x.place) for x in rows))
    one = len(named) == 1
    other = {(x.place, x.window): x.delivered_Mm3 for x in against.targets} if against else {}
    body = []
    for x in rows[:MOST_WINDOWS]:
        span = when(facts, x.window, whole=True)
        cells = [number(x.target_Mm3), number(x.delivered_Mm3), per_cent(x.delivered_Mm3, x.target_Mm3)]
        cells += [number(other.get((x.place, x.window)))] if against else []
        label = span if one else f"{facts.titles.get(x.place, x.place)}, {span}"
        body.append([label, *cells, published(facts, x, "plan"), published(facts, x, "fact")])
    head = [
        say("{place}, Mm3", place=named[0]) if one else say("Targets, Mm3"),
        say_of("heading", "target"),
        say("delivered"),
        say("of target"),
    ]
    head += [before(facts, against)] if against else []
    yield columns([*head, say("published plan"), say("fact")], body)
    if left := max(0, len(rows) - MOST_WINDOWS):
        yield say_many("{count} window more: --full", "{count} windows more: --full", left)


def _storages(facts: PlanFacts, most: int) -> Iterator[str]:
    """What each reservoir holds at the start, when a growing season starts, and at the end, beside what was agreed."""
    if not facts.reservoirs:
        return
    largest = sorted(facts.reservoirs, key=lambda x: -x.full_Mm3)[:most]
    start = facts.horizon.split("/")[0]
    dates = sorted({x.date for x in facts.storages})
    held = {(x.place, x.date): x.storage_Mm3 for x in facts.storages}
    agreed = {x.place: number(x.agreed_Mm3) for x in facts.storage_rules if x.date == dates[-1]}
    body = []
    for x in facts.reservoirs:
        if x in largest:
            figures = [x.opening_storage_Mm3, *(held.get((x.place, date)) for date in dates if date != start)]
            body.append([x.title, *map(number, figures), agreed.get(x.place, "-"), number(x.full_Mm3)])
    later = [date for date in dates if date != start]
    head = [say("Storages, Mm3"), start, *later, say("agreed then"), say_of("storage", "full")]
    if not agreed:
        head, body = [*head[:-2], head[-1]], [[*row[:-2], row[-1]] for row in body]
    yield columns(head, body)
    if left := len(facts.reservoirs) - len(largest):
        yield say_many("{count} reservoir more: --full", "{count} reservoirs more: --full", left)


def rests_on(facts: PlanFacts, *, guesses_named: bool = True) -> str:
    """How many rows of input are guesses, and which tables are nothing else."""
    found = facts.inputs
    if not found.rows:
        return say("A river made in Python: no input tables.")
    parts = {
        "rows": number(found.rows),
        "guesses": number(found.assumed_or_unverified),
        "share": per_cent(found.assumed_or_unverified, found.rows),
    }
    told = say("It rests on {rows} rows of input, of which {guesses} ({share}) are assumed or unverified.", **parts)
    guesses = [
        table_called(name)
        for name, counts in found.by_table.items()
        if name in TABLES and counts.get("assumed", 0) + counts.get("unverified", 0) == sum(counts.values())
    ]
    return " ".join([told, say("Nothing but guesses: {tables}.", tables=", ".join(guesses))]) if guesses and guesses_named else told


def _tiny(value: float) -> str:
    return f"{value:.0e}" if value else "0"


def certificate(facts: PlanFacts) -> str:
    """What proves the plan, in one line."""
    worst, audit = facts.certificate, facts.audit
    parts = {
        "residual": _tiny(max(worst.primal, worst.dual, worst.gap)),
        "water": _tiny(audit.water_residual_Mm3),
        "energy": _tiny(audit.energy_residual_GWh),
    }
    return say(
        "Every stage is proved best (worst residual {residual}); water closes to {water} Mm3, energy to {energy} GWh.",
        **parts,
    )


def page(facts: PlanFacts, against: PlanFacts | None = None) -> str:
    """The answer on one page: at most 60 lines, at most 100 columns, the first 15 for who has no more time.

    Parameters
    ----------
    facts : PlanFacts
    against : PlanFacts, optional
        Of the plan of the same river without agreements, to tell each party the difference.
    """
    for detail in DETAILS:
        lines = _lines(facts, against, detail)
        if len(lines) <= MOST_LINES:
            break
    return "\n".join(lines) + "\n"


def _lines(facts: PlanFacts, against: PlanFacts | None, detail: _Detail) -> list[str]:
    title, *subjects = subject(facts)
    blocks = (
        (title, *deals_in_short(facts), *subjects, *made(facts)),
        targets(facts, against),
        short_and_costs(facts, detail.parties),
        boxes(facts, against, detail.parties, worst=detail.worst),
        deals_in_full(facts.deals) if detail.deals else (),
        short_and_why(facts, detail.users),
        _storages(facts, detail.reservoirs),
        (paragraph(line) for line in (rests_on(facts, guesses_named=detail.guesses), certificate(facts))),
    )
    told: list[str] = []
    for block in blocks:
        lines = [line for text in block for line in text.split("\n")]
        told += [*([""] if told else []), *lines] if lines else []
    return told
