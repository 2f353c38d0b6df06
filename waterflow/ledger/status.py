"""How a season stands: everything a ledger says to date, gathered into typed facts."""

from __future__ import annotations

import datetime as dt

from waterflow.ledger.ledger import Ledger
from waterflow.ledger.lines import Thresholds, alarms, lines, two_sources
from waterflow.ledger.on_the_way import on_the_way
from waterflow.ledger.owed import owed
from waterflow.ledger.season import SeasonDays
from waterflow.ledger.status_facts import Differing, Disagreeing, LedgerStatus, Under
from waterflow.ledger.to_date import limits, users
from waterflow.words.catalogue import spoken

__all__ = ["UNDER", "disagreeing", "status"]

#: thresholds where none are given: beyond 15 per cent and 5 Mm3, with five days of a dekad known
UNDER = Under(fraction=0.15, volume_Mm3=5.0, days=5)


def status(
    ledger: Ledger,
    plan: str = "",
    to: dt.date | None = None,
    source: str = "",
    thresholds: Thresholds | None = None,
    *,
    with_dekads: bool = False,
) -> LedgerStatus:
    """How the season of a plan stands by a ledger.

    Parameters
    ----------
    ledger : Ledger
    plan : str, optional
        The plan in force, by its name or the beginning of it; the one added last without it.
    to : date, optional
        The day to which facts are counted; without it the last day that has one.
    source : str, optional
        The source that is counted where a series has several; the one typed first without it.
    thresholds : dict of Under, optional
        Of alarms, by place and quantity, blanks for any; `UNDER` where none is given.
    with_dekads : bool
        Every dekad of every line too.

    Raises
    ------
    InputError
        If there is no such plan or source, or no fact in its season.
    """
    season = SeasonDays(ledger, plan, to, source)
    under = {("", ""): UNDER} | (thresholds or {})
    found = lines(season, with_dekads=with_dekads)
    return LedgerStatus(
        plan=season.name,
        title=_title(season),
        horizon=f"{season.days.start}/{season.days.end}",
        date=season.date,
        step=season.season["step"] if season.season else "",
        parties=tuple(season.season["parties"]) if season.season else (),
        lines=found,
        alarms=alarms(season, found, under),
        thresholds=under["", ""],
        sources=two_sources(season),
        owed=owed(season),
        ways=on_the_way(season),
        limits=limits(season),
        users=users(season),
        forecasts=season.forecasts_told,
        partial=_partial(season),
        disagreements=disagreeing(season.ledger),
        not_in_the_plan=_unplanned(season) if season.season else (),
        not_sums=tuple(f"{o.row['place']}, {o.row['quantity']}, {o.row['period']}, {o.row['source']}" for o in season.overlaps),
        rows=len(ledger.rows),
        torn=ledger.torn,
        digest=ledger.digest,
    )


def _title(season: SeasonDays) -> str:
    if not season.season:
        return ""
    row = season.season
    return str(row[f"title_{spoken()}"] or row["title"] or row["model"])


def _partial(season: SeasonDays) -> str:
    """The dekad that the date cuts, as its days to date."""
    _, a, b, whole = season.dekads[-1]
    return "" if b - a == whole else f"{season.days.day(a)}/{season.days.day(b - 1)}"


def _unplanned(season: SeasonDays) -> tuple[str, ...]:
    known = {*season.places, *season.clauses}
    return tuple(sorted({place for place, _ in season.grouped if place not in known}))


def disagreeing(ledger: Ledger) -> tuple[Disagreeing, ...]:
    """Figures that rows of one source give differently, row by row."""
    return tuple(
        Disagreeing(
            kind=d.rows[0].kind,
            place=d.rows[0]["place"],
            quantity=d.rows[0]["quantity"],
            period=d.rows[0]["period"],
            source=d.rows[0]["source"],
            rows=tuple(
                Differing(line=r.line, by=r["by"], typed=r["typed"], value=float(r["value"]), unit=r["unit"], digest=r.digest)
                for r in d.rows
            ),
        )
        for d in ledger.disagreements
    )
