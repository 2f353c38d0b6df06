"""Reported: rows of a table of facts as what is known on a day, and the forecast among them. Every row is used or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.ledger.seen import NotSeen, Seen
from waterflow.loading.seen_table import SeenRow
from waterflow.words.catalogue import say

__all__ = ["SERIES", "Given", "LeftAside", "Reported", "reported"]

SERIES = ("deliveries", "flows", "runoff", "exchanged", "unserved")


class Given(Fact):
    """How many figures of a quantity come from a source, and of which grade."""

    quantity: str
    source: str
    grade: str
    count: int


class LeftAside(Fact):
    """Figures of a ledger that a plan of the rest has no use for, and why."""

    quantity: str
    place: str
    why: Literal["later", "no_decision", "no_runoff", "twice"] = Field(
        description="Of the day or later, or issued later; neither decided nor runoff; a forecast of anything but runoff; said twice"
    )
    count: int


@dataclass(frozen=True)
class Reported:
    """What is known on a day, the forecast of runoff from it on, and where both come from.

    ``assumed`` are days within periods that no fact tells of, taken from the plan in force; ``left_aside`` what was not used.
    """

    seen: Seen
    forecast: dict[tuple[str, str], float]
    given: tuple[Given, ...]
    assumed: tuple[NotSeen, ...] = ()
    left_aside: tuple[LeftAside, ...] = ()


def reported(rows: Sequence[SeenRow], day: dt.date, basin: Basin) -> Reported:
    """Rows as what is known at the start of a day.

    Runoff of periods that begin on the day or later is forecast; anything else must be past.

    Raises
    ------
    InputError
        If a row is of the day or later, or a storage of a day that neither ends a period nor follows one; names them all.
    """
    periods = {p.label: p for p in basin.calendar.periods}
    mornings = {p.end + dt.timedelta(days=1) for p in basin.calendar.periods if p.end < day} | {day}
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in SERIES}
    storages: dict[str, dict[dt.date, float]] = {}
    forecast: dict[tuple[str, str], float] = {}
    problems, counts = [], dict[tuple[str, str, str], int]()
    for row in rows:
        counts[row.quantity, row.source, row.grade] = counts.get((row.quantity, row.source, row.grade), 0) + 1
        if isinstance(row.when, dt.date):
            # a ledger and many sheets tell a storage of the evening, which is that of the morning after
            morning = row.when if row.when in mornings else row.when + dt.timedelta(days=1)
            if morning not in mornings:
                allowed = say("the last day of a period, or the morning after, no later than {day}", day=day)
                problems.append(Problem("outside-horizon", row.where, str(row.when), allowed))
            elif morning in storages.get(row.name, {}):
                found_twice = say("a storage that is told of that evening and of the morning after")
                problems.append(Problem("twice", row.where, found_twice, say("one of the two")))
            storages.setdefault(row.name, {})[morning] = row.value
        elif periods[row.when].start >= day:
            if row.quantity != "runoff":
                allowed = say("a period that begins before {day}", day=day)
                problems.append(Problem("outside-horizon", row.where, row.when, allowed, say("A forecast is of runoff.")))
            forecast[row.name, row.when] = row.value
        else:
            found[row.quantity].setdefault(row.name, {})[row.when] = row.value
    if problems:
        raise InputError(problems)
    given = tuple(Given(quantity=q, source=s, grade=g, count=n) for (q, s, g), n in sorted(counts.items()))
    return Reported(Seen(day=day, storages=storages, **found), forecast, given)
