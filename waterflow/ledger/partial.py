"""A day inside a period: the plan in force runs to the period's end, from where the facts say it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.errors import Problem
from waterflow.ledger.seen import NotSeen, Seen
from waterflow.words.catalogue import say

__all__ = ["Bridged", "to_next_boundary"]


class Bridged(Fact):
    """What is assumed between a day and the end of its period: the plan in force, day by day alike."""

    day: str
    begins: str
    days: int
    assumed: tuple[NotSeen, ...]


def to_next_boundary(seen: Seen, approved: Plan) -> tuple[Seen, Bridged | None]:
    """What will have been seen when the period of a day ends, if the plan in force runs on.

    A calendar has whole periods, so the rest of a season begins with one. Figures of the period the day is in are those so
    far: the plan's of the days that are left, in parts of the whole period, are added to them. A storage on the day moves on by the same
    part of its planned change, within its limits.

    Parameters
    ----------
    seen : Seen
    approved : Plan

    Returns
    -------
    (Seen, Bridged), None in place of the second where the day begins a period.

    Raises
    ------
    InputError
        If the day is not in the season, or in its last period.
    """
    periods = approved.basin.calendar.periods
    if any(p.start == seen.day for p in periods[1:]):
        return seen, None
    inside = next((k for k, p in enumerate(periods[:-1]) if p.start <= seen.day <= p.end), None)
    if inside is None or seen.day == periods[0].start:
        allowed = say("a day after {first} and before {last}", first=periods[0].start, last=periods[-1].start)
        raise Problem("bad-date", say("day"), str(seen.day), allowed).refusal()
    period = periods[inside]
    left = (period.end - seen.day).days + 1
    bridge = _Bridge(approved, inside, left / period.days)
    begins = period.end + dt.timedelta(days=1)
    there = replace(
        seen,
        day=begins,
        storages=bridge.stored(seen, begins),
        deliveries=bridge.on("delivery", seen.deliveries),
        flows=bridge.on("flow", seen.flows),
        exchanged=bridge.on("exchanged", seen.exchanged),
        runoff=bridge.wet(seen.runoff),
    )
    return there, Bridged(day=str(seen.day), begins=str(begins), days=left, assumed=tuple(bridge.assumed))


class _Bridge:
    """The last part of a period, as the plan in force has it."""

    def __init__(self, plan: Plan, k: int, part: float) -> None:
        self.plan, self.k, self.part = plan, k, part
        self.label = plan.basin.calendar.labels[k]
        self.assumed: list[NotSeen] = []

    def on(self, variable: str, seen: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
        """Figures so far with the plan's of the days that are left."""
        found = {name: dict(series) for name, series in seen.items()}
        for name, series in found.items():
            if self.label in series:
                series[self.label] += self.part * float(self.plan.series(variable, name)[self.k])
        return found

    def wet(self, seen: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
        """Runoff so far with that which the plan was made for."""
        found = {name: dict(series) for name, series in seen.items()}
        for name, series in found.items():
            if self.label in series:
                series[self.label] += self.part * self.plan.basin.runoff[name][self.k]
        return found

    def stored(self, seen: Seen, begins: dt.date) -> dict[str, dict[dt.date, float]]:
        """Storages at the end of the period; without one on the day, that of the plan."""
        found = {name: {day: v for day, v in series.items() if day != seen.day} for name, series in seen.storages.items()}
        for name, r in self.plan.basin.reservoirs.items():
            ends = self.plan.series("storage", name)
            start = float(ends[self.k - 1]) if self.k else r.opening_storage
            now = seen.storages.get(name, {}).get(seen.day)
            if now is None:
                self.assumed.append(NotSeen(quantity="storage", place=name, periods=(str(seen.day),)))
                now = float(ends[self.k]) - self.part * (float(ends[self.k]) - start)
            moved = now + self.part * (float(ends[self.k]) - start)
            found.setdefault(name, {})[begins] = min(max(moved, min(now, r.least)), max(now, r.ceiling))
        return found
