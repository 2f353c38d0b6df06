"""Limits and withdrawals of a protocol annex to date: limit, limit to date, fact, per cent, difference, by a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.ledger.status_facts import LedgerStatus, ToDate
from waterflow.report.annex_parts import Cell, Section
from waterflow.words.catalogue import say
from waterflow.words.dates import window_in_words
from waterflow.words.numbers import unit

__all__ = ["canals_to_date", "limits_to_date"]


def limits_to_date(found: LedgerStatus) -> Section:
    """Limits of the states in the seasons that have begun."""
    head = [say("party"), *_heads(found, found.limits, say("limit"), say("limit to date"))]
    told = say("To date a limit runs as the plan runs. A party has a fact here if every one of its limited users has one for every day.")
    heading = say("Limits of the states and facts to {date}, {unit}", date=found.date, unit=unit("Mm3"))
    rows = [(party, *_cells(found, own)) for party, own in _by(found.limits, lambda x: x.party)]
    return Section(heading, tuple(head), tuple(rows), told=(told,) if rows else ())


def canals_to_date(found: LedgerStatus) -> Section:
    """Withdrawals by canal as the river runs, in the seasons that have begun."""
    head = [say("canal or user"), say("party"), *_heads(found, found.users, say("plan"), say("plan to date"))]
    heading = say("Withdrawals by canal and facts to {date}, {unit}", date=found.date, unit=unit("Mm3"))
    rows = [(own[0].title, own[0].party, *_cells(found, own)) for _, own in _by(found.users, lambda x: x.user)]
    return Section(heading, tuple(head), tuple(rows), texts=2)


def _by(rows: Sequence[ToDate], name) -> Iterator[tuple[str, list[ToDate]]]:  # type: ignore[no-untyped-def]
    """Rows of one party or user together, in the order they come."""
    together: dict[str, list[ToDate]] = {}
    for row in rows:
        together.setdefault(name(row), []).append(row)
    yield from together.items()


def _windows(found: LedgerStatus, rows: Sequence[ToDate]) -> list[str]:
    """The seasons that have begun."""
    return [window for window in dict.fromkeys(x.window for x in rows) if window[:10] <= str(found.date)]


def _heads(found: LedgerStatus, rows: Sequence[ToDate], whole: str, part: str) -> list[str]:
    words = (whole, part, say("fact"), "%", say("difference"))
    return [f"{window_in_words(window)}\n{word}" for window in _windows(found, rows) for word in words]


def _cells(found: LedgerStatus, own: Sequence[ToDate]) -> list[Cell]:
    cells: list[Cell] = []
    rows = {x.window: x for x in own}
    for window in _windows(found, found.limits or own):
        x = rows.get(window)
        if x is None:
            cells += [None] * 5
            continue
        share = None if x.fraction is None else f"{100 * x.fraction:.0f} %"
        cells += [(x.whole_Mm3, 0), (x.to_date_Mm3, 0), _whole(x.fact_Mm3), share, _whole(x.difference_Mm3)]
    return cells


def _whole(value: float | None) -> Cell:
    return None if value is None else (value, 0)
