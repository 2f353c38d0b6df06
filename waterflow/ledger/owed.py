"""What clauses ask for beside what was done: to date, still to do, and at the end of their windows as the season comes."""

from __future__ import annotations

import datetime as dt
from typing import cast

import numpy as np

from waterflow.accounts.fact import Rule
from waterflow.ledger.days import volume
from waterflow.ledger.lines import FULFILLED
from waterflow.ledger.periods import span_of
from waterflow.ledger.rows import Row
from waterflow.ledger.season import STORAGE, Layered, SeasonDays
from waterflow.ledger.status_facts import Owed
from waterflow.words.catalogue import spoken

__all__ = ["owed"]

NOTHING = 1e-9


def owed(season: SeasonDays) -> tuple[Owed, ...]:
    """Every row of a clause of the plan in force, those of the nearest end first."""
    rows = sorted(season.clauses.values(), key=lambda r: (_window(r)[1], r["place"]))
    return tuple(_owed(season, row) for row in rows)


def _window(row: Row) -> tuple[dt.date, dt.date]:
    start, end = row["window"].split("/")
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


def _owed(season: SeasonDays, row: Row) -> Owed:
    if any(quantity == STORAGE for quantity, _ in row["counts"]):
        return _stored(season, row)
    start, end = _window(row)
    a, b = max(0, season.days.at(start)), min(season.days.count, season.days.at(end) + 1)
    now = min(max(season.k, a), b)
    typed = _typed(season, row)
    series = [season.layered((place, quantity)) for quantity, place in row["counts"]]
    known = typed is not None or any(x.is_fact[a:now].any() for x in series)
    due = _due(season, row, a, b, now)
    done = typed if typed is not None else sum(x.between(a, now) for x in series) if series and known else None
    at_most = row["rule"] == "at_most"
    rest = _rest(series, now, b) if series else (row["planned"] - due) if due is not None else None
    projected = None if done is None or rest is None else done + rest
    behind = None if done is None or due is None else max(0.0, done - due if at_most else due - done)
    return _fact(
        row,
        due=due,
        done=done,
        behind=behind,
        still=None if done is None else max(0.0, row["figure"] - done),
        projected=projected,
        missed_by=_missed(row, projected),
        planned_days=0 if typed is not None or not known else max((x.unknown(a, now) for x in series), default=0),
    )


def _due(season: SeasonDays, row: Row, a: int, b: int, now: int) -> float | None:
    """The part of the figure due to date: as the plan runs through the window, or by days where it says nothing of it."""
    plans = [season.plan((place, quantity)) for quantity, place in row["counts"]]
    whole = sum(float(np.nansum(p[a:b])) for p in plans if p is not None)
    if whole > NOTHING:
        return float(row["figure"]) * sum(float(np.nansum(p[a:now])) for p in plans if p is not None) / whole
    return float(row["figure"]) * (now - a) / (b - a) if b > a else None


def _rest(series: list[Layered], now: int, b: int) -> float:
    return sum(x.between(now, b) for x in series)


def _typed(season: SeasonDays, row: Row) -> float | None:
    """What was typed as done of the clause itself, of the source that is counted."""
    own = season.grouped.get((row["place"], FULFILLED))
    if not own:
        return None
    start, end = _window(row)
    rows = next(iter(own.values()))
    return sum(volume(r) for r in rows if span_of(r["period"])[0] >= start and span_of(r["period"])[1] <= end)


def _stored(season: SeasonDays, row: Row) -> Owed:
    """A storage on a date is due on that date, and not before; it is that of the end of the day before."""
    _, place = row["counts"][0]
    k = season.days.at(_window(row)[0]) - 1
    passed = k < season.k
    found = season.layered((place, STORAGE))
    known = np.flatnonzero(found.is_fact[: max(0, min(k, season.k - 1)) + 1]) if k >= 0 else np.array([], int)
    done = float(found.values[k]) if passed and 0 <= k < season.days.count and found.is_fact[k] else None
    projected = done
    if done is None and len(known) and k < season.days.count:
        last = int(known[-1])
        projected = float(found.values[last]) + season.change_to_come(place, last, k)
    missed = _missed(row, projected)
    due = float(row["figure"]) if passed else None
    return _fact(
        row, due=due, done=done, behind=missed if passed else None, still=None, projected=projected, missed_by=missed, planned_days=0
    )


def _missed(row: Row, projected: float | None) -> float | None:
    if projected is None:
        return None
    figure = float(row["figure"])
    return max(0.0, projected - figure if row["rule"] == "at_most" else figure - projected)


def _fact(row: Row, **figures: float | int | None) -> Owed:
    return Owed(
        clause_row=row["place"],
        title=row[f"title_{spoken()}"] or row["title"] or row["clause"],
        giver=row["giver"],
        receivers=tuple(row["receivers"]),
        window=row["window"],
        rule=cast("Rule", row["rule"]),
        unit=row["unit"],
        figure=row["figure"],
        **figures,
    )
