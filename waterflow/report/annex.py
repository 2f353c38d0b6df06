"""The protocol annex: a plan in the row order of a basin organisation's sheets, as tables that any form lays out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from waterflow.accounts.clause_facts import ClauseFact
from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.water_facts import ReservoirSchedule
from waterflow.basin.basin import Basin
from waterflow.calendar import period_of
from waterflow.ledger.status_facts import LedgerStatus
from waterflow.report.annex_changed import NOTHING, what_changed
from waterflow.report.annex_parts import Cell, Section
from waterflow.report.annex_to_date import canals_to_date, limits_to_date
from waterflow.report.annex_under import MadeUnder, under, what_it_rests_on
from waterflow.report.shortfall_text import sentences
from waterflow.words.catalogue import say, spoken
from waterflow.words.dates import FROM_A_DAY, month_name, period_in_words, window_in_words
from waterflow.words.numbers import unit

__all__ = ["Annex", "Cell", "Section", "annex", "digest_of"]

#: periods that stand side by side on a page; more stand below one another
ABREAST = 13


@dataclass(frozen=True)
class Annex:
    """An annex in the language spoken.

    Attributes
    ----------
    title, subtitle : str
    draft : str
        That nobody has signed it.
    sections : tuple of Section
    signed : tuple of str
        Parties.
    foot : str
        Proof, digest of the inputs, version.
    lang : str
    """

    title: str
    subtitle: str
    draft: str
    sections: tuple[Section, ...]
    signed: tuple[str, ...]
    foot: str
    lang: str


def digest_of(basin: Basin) -> str:
    """The first twelve signs of the SHA-256 of everything a plan was made from."""
    return hashlib.sha256(basin.model_dump_json().encode()).hexdigest()[:12]


def annex(
    facts: PlanFacts,
    parties: tuple[str, ...],
    digest: str,
    version: str,
    before: PlanFacts | None = None,
    to_date: LedgerStatus | None = None,
    made: MadeUnder | None = None,
) -> Annex:
    """The annex of a plan.

    Parameters
    ----------
    facts : PlanFacts
    parties : tuple of str
    digest : str
        Of the inputs (`digest_of`).
    version : str
    before : PlanFacts, optional
        The plan it takes the place of: what changed, and who gains.
    to_date : LedgerStatus, optional
        How its season stands: limits and withdrawals to date beside the facts, instead of those of the plan.
    made : MadeUnder, optional
        Runoff, title of the scenario and what was asked; without it the scenario is told by its name.
    """
    # sections that the ledger's take the place of
    own = (_limits(facts), _canals(facts)) if to_date is None else (limits_to_date(to_date), canals_to_date(to_date))
    found = (
        *own,
        _reservoirs(facts),
        _below(facts),
        _clauses(facts),
        what_changed(facts, before) if before else None,
        _binds(facts),
        what_it_rests_on(facts, made),
    )
    proof = say("Proved best; largest residual of the water balance {residual} Mm3.", residual=f"{facts.audit.water_residual_Mm3:.0e}")
    return Annex(
        title=say("Limits of withdrawals and operation of reservoirs"),
        subtitle=" ".join(
            [f"{facts.title}, {window_in_words(facts.horizon)}.", *under(facts, made), say("Volumes in Mm3, flows in m3/s.")]
        ),
        draft=say("Draft for a meeting. Not signed."),
        sections=tuple(x for x in found if x is not None and x.rows),
        signed=parties,
        foot=proof + " " + say("Digest of the inputs {digest}; waterflow {version}.", digest=digest, version=version),
        lang=spoken(),
    )


def _whole(value: float | None) -> Cell:
    return None if value is None else (value, 0)


def _share(part: float, whole: float) -> Cell:
    return f"{100 * part / whole:.0f} %" if whole > NOTHING else None


def _seasons(facts: PlanFacts) -> list[tuple[str, str]]:
    """Season and its months."""
    found = []
    for x in facts.seasons:
        start, end = (int(day[5:7]) for day in x.window.split("/"))
        found.append((x.window, f"{month_name(start)}–{month_name(end)}"))
    return found


def _limits(facts: PlanFacts) -> Section | None:
    """Limits by state: limit, plan, per cent, difference in each season."""
    seasons = _seasons(facts)
    windows = {x.season: x.window for x in facts.seasons}
    head = [say("party"), *(f"{months}\n{word}" for _, months in seasons for word in (say("limit"), say("plan"), "%", say("difference")))]
    by_party: dict[str, dict[str, tuple[float, float]]] = {}
    for x in facts.limits:
        by_party.setdefault(x.party, {})[windows[x.season]] = (x.limit_Mm3, x.delivered_Mm3)
    rows, sums = [], {window: [0.0, 0.0] for window, _ in seasons}
    for party, own in by_party.items():
        cells: list[Cell] = [party]
        for window, _ in seasons:
            limit, taken = own.get(window, (0.0, 0.0))
            sums[window] = [sums[window][0] + limit, sums[window][1] + taken]
            cells += [(limit, 0), (taken, 0), _share(taken, limit), (taken - limit, 0)]
        rows.append(tuple(cells))
    if not rows:
        return None
    last: list[Cell] = [say("All")]
    for limit, taken in sums.values():
        last += [(limit, 0), (taken, 0), _share(taken, limit), (taken - limit, 0)]
    heading, lines = say("Limits of the states, {unit}", unit=unit("Mm3")), (*rows, tuple(last))
    told = say("Limits are for the users that a protocol names; what all users of a party ask stands in the table of canals.")
    return Section(heading, tuple(head), lines, bold=(len(rows),), told=(told,))


def _canals(facts: PlanFacts) -> Section:
    """Withdrawals by canal as the river runs: what is asked, and the plan."""
    seasons = _seasons(facts)
    head = [
        say("canal or user"),
        say("party"),
        *(f"{months}\n{word}" for _, months in seasons for word in (say("asked"), say("plan"), "%")),
    ]
    users: dict[str, dict[str, tuple[float, float]]] = {}
    about = {}
    for x in facts.deliveries:
        if x.use != "unexplained":
            users.setdefault(x.demand, {})[x.window] = (x.need_Mm3, x.delivered_Mm3)
            about[x.demand] = (x.title, x.party)
    rows = []
    for name, own in users.items():
        cells: list[Cell] = [*about[name]]
        for window, _ in seasons:
            need, taken = own.get(window, (0.0, 0.0))
            cells += [(need, 0), (taken, 0), _share(taken, need)]
        rows.append(tuple(cells))
    return Section(say("Withdrawals by canal, {unit}", unit=unit("Mm3")), tuple(head), tuple(rows), texts=2)


def _month(label: str) -> str:
    """A period without its year: Oct, or Oct 2 for its second dekad."""
    if FROM_A_DAY.match(label):
        return period_in_words(label)
    parts = label.split("-")
    return month_name(int(parts[1])) + (f" {parts[2][1:]}" if parts[2:] else "")


def _reservoirs(facts: PlanFacts) -> Section:
    """Volume at the end of each period and mean release; by month abreast, by dekad below one another."""
    heading = say(
        "Operation of reservoirs: volume at the end of the period, {volume}; mean release, {flow}", volume=unit("Mm3"), flow=unit("m3/s")
    )
    shown = [x for x in facts.reservoirs if any(p.release_m3s is not None for p in x.periods)]
    if not shown:
        return Section(heading, (), ())
    labels = [p.period for p in shown[0].periods]
    if len(labels) < ABREAST:
        head = ("", say("start"), *map(_month, labels))
        return Section(heading, head, tuple(row for x in shown for row in _abreast(x)))
    head = ("", *(f"{x.title}\n{word}" for x in shown for word in (say("volume"), say("release"))))
    first: tuple[Cell, ...] = (say("start"), *(c for x in shown for c in (_whole(x.opening_storage_Mm3), None)))
    rows = [first]
    for k, label in enumerate(labels):
        cells = (c for x in shown for c in (_whole(x.periods[k].storage_Mm3), _whole(x.periods[k].release_m3s)))
        rows.append((_month(label), *cells))
    return Section(heading, head, tuple(rows))


def _abreast(x: ReservoirSchedule) -> Iterator[tuple[Cell, ...]]:
    yield (x.title, _whole(x.opening_storage_Mm3), *(_whole(p.storage_Mm3) for p in x.periods))
    yield (say("release"), None, *(_whole(p.release_m3s) for p in x.periods))


def _below(facts: PlanFacts) -> Section:
    """Below the line: inflow at agreed places, what is spilled, and what reaches the targets."""
    seasons = _seasons(facts)
    head = ["", *(f"{months}\n{word}" for _, months in seasons for word in (say("agreed"), say("plan"), say("difference")))]
    rows: dict[str, dict[str, tuple[float | None, float]]] = {}
    for f in facts.agreed_flows:
        rows.setdefault(say("Inflow to {title}", title=facts.titles.get(f.place, f.place)), {})[f.window] = (f.agreed_Mm3, f.modelled_Mm3)
    for t in facts.targets:
        rows.setdefault(facts.titles.get(t.place, t.place), {})[t.window] = (t.target_Mm3, t.delivered_Mm3)
    for x in facts.reservoirs:
        if any(p.spill_m3s for p in x.periods):
            rows[say("Spilled from {title}", title=x.title)] = {window: (None, _volume(x, window)) for window, _ in seasons}
    found = []
    for name, own in rows.items():
        cells: list[Cell] = [name]
        for window, _ in seasons:
            agreed, plan = _inside(own, window)
            cells += [_whole(agreed), _whole(plan), None if agreed is None or plan is None else (plan - agreed, 0)]
        found.append(tuple(cells))
    return Section(say("Below the line, {unit}", unit=unit("Mm3")), tuple(head), tuple(found))


def _inside(own: Mapping[str, tuple[float | None, float]], season: str) -> tuple[float | None, float | None]:
    """What is agreed and planned for a season, or for the parts of it that have figures of their own: months, quarters."""
    if season in own:
        return own[season]
    first, last = season.split("/")
    parts = [pair for window, pair in own.items() if first <= window.split("/")[0] and window.split("/")[1] <= last]
    agreed = [asked for asked, _ in parts if asked is not None]
    return (sum(agreed) if agreed else None), (sum(given for _, given in parts) if parts else None)


def _volume(x: ReservoirSchedule, window: str) -> float:
    """What a reservoir spills in a window, Mm3."""
    first, last = window.split("/")
    every = ((p.spill_m3s or 0.0, period_of(p.period)) for p in x.periods)
    return sum(spill / p.rate for spill, p in every if first <= str(p.start) <= last)


def _clauses(facts: PlanFacts) -> Section:
    """Clauses and their accounts: who owes what and when, what the plan does."""
    head = (say("clause"), say("who owes"), say("when"), say("asked"), say("plan"), say("missed"), say("unit"))
    return Section(say("Clauses and accounts"), head, tuple(row for x in facts.clauses for row in _of_clause(x)), texts=3)


def _of_clause(x: ClauseFact) -> Iterator[tuple[Cell, ...]]:
    title = (x.title_ru if spoken() == "ru" else "") or x.title
    for row in x.rows:
        if not row.figure:
            continue
        sign = "≥" if row.rule == "at_least" else "≤"
        missed: Cell = (row.missed_by, 0) if row.missed_by > NOTHING else None
        yield (
            title,
            row.giver or x.giver or "",
            window_in_words(row.window),
            f"{sign} {row.figure:,.0f}",
            (row.fulfilled, 0),
            missed,
            unit(row.unit),
        )


def _binds(facts: PlanFacts) -> Section | None:
    """What holds the targets back."""
    told = [sentence for x in facts.holds_back if x.status == "short" for sentence in sentences(x, facts.priority_titles)]
    return Section(say("What binds"), (), ((),), told=tuple(told)) if told else None
