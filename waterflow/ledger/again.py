"""Planned again: the rest of a season from what was reported, solved, and the correction it is to the approved plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.allocation.allocation import Allocation
from waterflow.basin.basin import Basin
from waterflow.ledger.corrections import Correction, correction
from waterflow.ledger.partial import to_next_boundary
from waterflow.ledger.reported import Reported
from waterflow.ledger.rolling import rest_of_season

__all__ = ["Again", "planned_again"]


@dataclass(frozen=True)
class Again:
    """The newest plan, of the rest of a season alone, and what it changes."""

    newest: Allocation
    correction: Correction


def planned_again(approved: Plan, given: Reported, tolerance: float = 0.0, solve: Callable[[Basin], Allocation] = allocate) -> Again:
    """Plan the rest of a season again.

    Parameters
    ----------
    approved : Plan
        In force, of the whole season.
    given : Reported
        Facts and the newest forecast.
    tolerance : float
        A share by which limits may be passed.
    solve : callable
        Solves the rest.

    Raises
    ------
    InputError
        If the day is not in the season or in its last period, or a figure is of none of its places or periods.
    ConflictError
        If no plan of the rest obeys every rule.
    """
    day: dt.date = given.seen.day
    seen, bridged = to_next_boundary(given.seen, approved)
    rest = rest_of_season(approved.basin, seen, given.forecast, approved, tolerance)
    rest = replace(rest, assumed=(*rest.assumed, *given.assumed))
    found = solve(rest.basin)
    about = {"forecasts": len(given.forecast), "tolerance": tolerance, "bridged": bridged, "given": given.given}
    facts = correction(approved, Plan(found.basin, found.dataset), rest, day, **about, left_aside=given.left_aside)  # type: ignore[arg-type]
    return Again(found, facts)
