"""Limits and plans to date, as a basin organisation lays them out: the whole, to date, fact, per cent, difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from waterflow.ledger.season import SeasonDays
from waterflow.ledger.status_facts import ToDate

__all__ = ["limits", "users"]

NOTHING = 1e-9


def limits(season: SeasonDays) -> tuple[ToDate, ...]:
    """Limits of the parties. To date a limit runs as the plan's withdrawals under it run, or by days where it plans none.

    The fact is that of all limited users of the party; where one of them has no fact on some day there is none, for a part of the
    users is no match for the limit of all.
    """
    return tuple(_limit(season, r["party"], "", r["party"], r["window"], r["Mm3"], r["users"]) for r in season.of_plan["limit"])


def users(season: SeasonDays) -> tuple[ToDate, ...]:
    """What the plan gives each user in each season met to date, beside what it took."""
    windows = tuple(dict.fromkeys(r["window"] for r in season.of_plan["limit"])) or (f"{season.days.start}/{season.days.end}",)
    found = []
    for row in season.of_plan["place"]:
        plan = season.plan((row["place"], "withdrawal"))
        if plan is None or row["sort"] != "demand":
            continue
        for window in windows:
            a, b = _span(season, window)
            whole = float(np.nansum(plan[a:b]))
            found.append(_limit(season, row["party"], row["place"], season.title(row["place"]), window, whole, [row["place"]]))
    return tuple(found)


def _span(season: SeasonDays, window: str) -> tuple[int, int]:
    start, end = (dt.date.fromisoformat(day) for day in window.split("/"))
    return max(0, season.days.at(start)), min(season.days.count, season.days.at(end) + 1)


def _limit(season: SeasonDays, party: str, user: str, title: str, window: str, whole: float, own: Sequence[str]) -> ToDate:
    a, b = _span(season, window)
    now = min(max(season.k, a), b)
    plans = [p for name in own if (p := season.plan((name, "withdrawal"))) is not None]
    planned = sum(float(np.nansum(p[a:b])) for p in plans)
    part = sum(float(np.nansum(p[a:now])) for p in plans) / planned if planned > NOTHING else (now - a) / max(1, b - a)
    layered = [season.layered((name, "withdrawal")) for name in own]
    known = sum(x.unknown(a, now) == 0 for x in layered)
    fact = sum(x.between(a, now) for x in layered) if known == len(own) and now > a else None
    due = whole * part
    return ToDate(
        party=party,
        user=user,
        title=title,
        window=window,
        whole_Mm3=whole,
        to_date_Mm3=due,
        fact_Mm3=fact,
        fraction=None if fact is None or due < NOTHING else fact / due,
        difference_Mm3=None if fact is None else fact - due,
        users=len(own),
        users_known=known,
    )
