"""The ledger that is served, read anew whenever somebody asks: others may be adding to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.ledger.again import planned_again
from waterflow.ledger.days import volume
from waterflow.ledger.files import read_ledger
from waterflow.ledger.in_force import require_in_force, season_in_force
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.periods import span_of
from waterflow.ledger.rows import Row
from waterflow.ledger.status import UNDER, status
from waterflow.ledger.told import day_after_facts, reported_by
from waterflow.observations.seen import Quantity, on_the_axis
from waterflow.words.catalogue import say
from waterflow.workbench.ledger_facts import ForecastFact, LedgerFacts, ReplannedFacts
from waterflow.workbench.river_facts import SeenFact

__all__ = ["ledger_shown", "replanned"]

QUANTITIES: dict[str, Quantity] = {"storage": "storage", "release": "release", "inflow": "inflow"}
ONE = dt.timedelta(days=1)


def read_served(path: Path | None) -> Ledger:
    """The ledger that was named when the page was served.

    Raises
    ------
    InputError
        If none was.
    """
    if path is None:
        found, allowed = say("no ledger is served"), say("waterflow serve MODEL --ledger LEDGER")
        raise Problem("no-such-file", "ledger", found, allowed).refusal()
    return read_ledger(path)


def ledger_shown(path: Path | None, basin: Basin) -> LedgerFacts:
    """What the ledger says of the season of a basin."""
    ledger = read_served(path)
    season = season_in_force(ledger)
    calendar = basin.calendar
    # another year laid over the same days is another river: nothing was seen of it
    own = (basin.name, basin.own_scenario, str(calendar.start), str(calendar.end))
    fits = season is None or (season["model"], season["scenario"] or "", season["start"], season["end"]) == own
    inside = [row for row in (*ledger.facts, *ledger.newest_issues) if fits and _meets(row, basin)]
    facts = tuple(f for row in inside if row.kind == "fact" and (f := _fact(row, basin)))
    try:
        found = status(ledger) if fits else None
    except InputError:
        # no fact yet: nothing can ring
        found = None
    return LedgerFacts(
        status="ledger",
        name=path.name if path else "",
        plan=season["plan"] if season else "",
        model=season["model"] if season else "",
        scenario=(season["scenario"] or None) if season else None,
        step=season["step"] if season else "",
        fits=fits,
        date=found.date if found else None,
        facts=facts,
        forecasts=tuple(_forecasts(inside, basin)),
        alarms=found.alarms if found else (),
        thresholds=found.thresholds if found else UNDER,
        rows=len(ledger.rows),
        torn=ledger.torn,
        digest=ledger.digest,
    )


def _meets(row: Row, basin: Basin) -> bool:
    start, end = span_of(row["period"])
    return start <= basin.calendar.end and end >= basin.calendar.start


def _fact(row: Row, basin: Basin) -> SeenFact | None:
    """A figure of a reservoir on the axis of periods; None for any other."""
    quantity = _quantity(row, basin)
    if quantity is None:
        return None
    start, end = span_of(row["period"])
    if quantity == "storage":
        # that of the end of a day is that of the next one's start
        start = end = end + ONE
    found = on_the_axis(basin.calendar, quantity, row["place"], start, end, volume(row), row["source"], row["grade"])
    return SeenFact(**asdict(found)) if found else None


def _quantity(row: Row, basin: Basin) -> Quantity | None:
    if row["place"] not in basin.reservoirs:
        return None
    # where no reach comes in, all that comes in is runoff
    if row["quantity"] == "runoff" and not basin.paths.arriving.get(row["place"]):
        return "inflow"
    return QUANTITIES.get(row["quantity"])


def _forecasts(rows: list[Row], basin: Basin) -> Iterator[ForecastFact]:
    for row in rows:
        if row.kind == "forecast" and (f := _fact(row, basin)):
            yield ForecastFact(**f.model_dump(), estimate=row["estimate"] or "mean", issued=row["issued"])


def replanned(path: Path | None, basin: Basin, day: dt.date | None, tolerance: float) -> ReplannedFacts:
    """The rest of a season planned again from a day, as `waterflow replan --ledger` does.

    Raises
    ------
    InputError
        If the ledger has no fact before the day, or its plan in force is not the basin's.
    ConflictError
        If no plan of the rest obeys every rule.
    """
    ledger = read_served(path)
    made = allocate(basin)
    approved = Plan(made.basin, made.dataset)
    require_in_force(ledger, approved, path.name if path else "")
    given = reported_by(ledger, approved, day or day_after_facts(ledger, basin))
    return ReplannedFacts(status="replanned", correction=planned_again(approved, given, tolerance).correction)
