"""What a ledger tells of the past of a season on a day, and of the runoff to come: as a plan of the rest asks for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import numpy as np

from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.calendar import Period
from waterflow.errors import InputError, Problem
from waterflow.ledger.days import Floats
from waterflow.ledger.in_force import with_plan
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.periods import label_of, span_of
from waterflow.ledger.reported import SERIES, Given, LeftAside, Reported
from waterflow.ledger.rows import Row
from waterflow.ledger.season import STORAGE, SeasonDays
from waterflow.ledger.seen import NotSeen, Seen
from waterflow.words.catalogue import say

__all__ = ["day_after_facts", "reported_by"]

ONE = dt.timedelta(days=1)
#: series of what is seen, and the variable of a plan that says the same
VARIABLES = {"deliveries": "delivery", "flows": "flow", "exchanged": "exchanged"}


def day_after_facts(ledger: Ledger, basin: Basin) -> dt.date:
    """The day after the last fact in a season: the first of which nothing is known.

    Raises
    ------
    InputError
        If no fact is of a day of the season.
    """
    start, end = basin.calendar.start, basin.calendar.end
    ends = [min(last, end) for first, last in (span_of(row["period"]) for row in ledger.facts) if start <= last and first <= end]
    if not ends:
        raise Problem("blank", say("ledger"), say("no fact"), say("facts in the season, {window}", window=f"{start}/{end}")).refusal()
    return max(ends) + ONE


def reported_by(ledger: Ledger, approved: Plan, day: dt.date, source: str = "") -> Reported:
    """What a ledger says at the start of a day.

    Volumes are laid over days as in `waterflow.ledger.days`, then summed over the periods of the season; days of a period that
    no fact tells of are taken from the approved plan, and told. The newest storage moves on to the day by the planned change.

    Parameters
    ----------
    ledger : Ledger
    approved : Plan
        The plan in force (`waterflow.ledger.in_force`).
    day : date
        The first day of which nothing is known; later facts, and forecasts issued later, are left aside.
    source : str, optional
        The source that is counted first where a series has several; the one typed first without it.

    Raises
    ------
    InputError
        If there is no fact before the day, or a place is none of the river.
    """
    known = with_plan(ledger.issued_by(str(day)), approved)
    season = SeasonDays(known, "", day - ONE, source)
    telling = _Telling(season, approved, day)
    seen = telling.seen()
    forecast = telling.forecast()
    late = Counter((r["quantity"], r["place"]) for r in ledger.newest_issues if r["issued"] > str(day))
    ahead = Counter((r["quantity"], r["place"]) for r in known.facts if span_of(r["period"])[1] >= day and season.meets(r))
    telling.left += [LeftAside(quantity=q, place=p, why="later", count=n) for (q, p), n in sorted((late + ahead).items())]
    if telling.problems:
        raise InputError(telling.problems)
    given = tuple(Given(quantity=q, source=s, grade=g, count=n) for (q, s, g), n in sorted(telling.counts.items()))
    return Reported(seen, forecast, given, tuple(telling.assumed), tuple(telling.left))


class _Telling:
    def __init__(self, season: SeasonDays, approved: Plan, day: dt.date) -> None:
        self.season, self.approved, self.basin, self.day = season, approved, approved.basin, day
        self.days, self.now = season.days, season.days.at(day)
        self.assumed: list[NotSeen] = []
        self.left: list[LeftAside] = []
        self.problems: list[Problem] = []
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def seen(self) -> Seen:
        """Everything that was, as far as facts tell."""
        found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in SERIES}
        storages: dict[str, dict[dt.date, float]] = {}
        for (place, quantity), by_source in self.season.grouped.items():
            rows = [row for own in by_source.values() for row in own]
            if place not in self.season.places and place not in self.season.clauses:
                self.problems.append(Problem("unknown-place", say("ledger"), place, say("a place or a clause of the plan in force")))
                continue
            if quantity == STORAGE:
                storages[place] = self._stored(place, list(by_source))
                series = STORAGE
            elif owner := _owner(self.basin, place, quantity):
                series = owner[0]
                if owner[1] in found[series]:
                    self.left.append(LeftAside(quantity=quantity, place=place, why="twice", count=len(rows)))
                    continue
                found[series].setdefault(owner[1], {}).update(self._summed(place, quantity, *owner))
            else:
                self.left.append(LeftAside(quantity=quantity, place=place, why="no_decision", count=len(rows)))
                continue
            self.counts.update((series, row["source"], row["grade"]) for row in rows)
        return Seen(day=self.day, storages=storages, **found)

    def _stored(self, place: str, sources: list[str]) -> dict[dt.date, float]:
        """Storage on the mornings after periods and on the day itself."""
        fact = self.days.blank()
        for source in sources:
            fact = np.where(np.isnan(fact), self.season.facts[place, STORAGE, source], fact)
        there = np.flatnonzero(~np.isnan(fact[: self.now]))
        ends = [self.days.at(p.end) for p in self.basin.calendar.periods if p.end < self.day]
        found = {self.days.day(k + 1): float(fact[k]) for k in ends if not np.isnan(fact[k])}
        last = int(there[-1])
        if last < self.now - 1:
            r, plan = self.basin.reservoirs[place], self.season.plan((place, STORAGE))
            change = 0.0 if plan is None else float(plan[self.now - 1] - plan[last])
            known = float(fact[last])
            found[self.day] = min(max(known + change, min(known, r.least)), max(known, r.ceiling))
            self.assumed.append(NotSeen(quantity=STORAGE, place=place, periods=(self._label(last + 1, self.now - 1),)))
        else:
            found[self.day] = float(fact[last])
        return found

    def _summed(self, place: str, quantity: str, series: str, name: str) -> dict[str, float]:
        """By period, the days that facts tell of and the plan's of the others; a period without a fact is left out."""
        layered = self.season.layered((place, quantity))
        fact = np.where(layered.is_fact, layered.values, np.nan)
        planned = self._planned(series, name)
        found, lacking = {}, list[str]()
        for p, a, b in self._periods(0, self.now):
            blank = a + np.flatnonzero(np.isnan(fact[a:b]))
            if len(blank) < b - a:
                found[p.label] = float(np.nansum(fact[a:b]) + planned[blank].sum())
                lacking += self._runs(blank)
        if lacking:
            self.assumed.append(NotSeen(quantity=series, place=name, periods=tuple(lacking)))
        return found

    def forecast(self) -> dict[tuple[str, str], float]:
        """Runoff of the periods to come of which a forecast tells; its other days as the season has them."""
        series: dict[tuple[str, str], list[Row]] = {}
        for row in self.season.ledger.forecasts:
            if self.season.meets(row):
                series.setdefault((row["place"], row["quantity"]), []).append(row)
        found: dict[tuple[str, str], float] = {}
        used: set[str] = set()
        for (place, quantity), rows in series.items():
            owner = _owner(self.basin, place, quantity)
            if owner is None or owner[0] != "runoff" or place in used:
                why = "twice" if place in used else "no_runoff"
                self.left.append(LeftAside(quantity=quantity, place=place, why=why, count=len(rows)))
                continue
            used.add(place)
            self.counts.update(("runoff", row["source"], row["grade"]) for row in rows)
            coming, planned, lacking = self.season.forecast((place, quantity)), self._planned(*owner), list[str]()
            for p, a, b in self._periods(self.now, self.days.count):
                blank = a + np.flatnonzero(np.isnan(coming[a:b]))
                # a period that has begun goes on as planned
                if len(blank) < b - a and p.start >= self.day:
                    found[place, p.label] = float(np.nansum(coming[a:b]) + planned[blank].sum())
                    lacking += self._runs(blank)
            if lacking:
                self.assumed.append(NotSeen(quantity="runoff", place=place, periods=tuple(lacking)))
        return found

    def _planned(self, series: str, name: str) -> Floats:
        """The approved figure of each day."""
        labels = self.basin.calendar.labels
        values = self.basin.runoff[name] if series == "runoff" else self.approved.series(VARIABLES[series], name)
        return self.days.planned(dict(zip(labels, map(float, values), strict=True)))

    def _periods(self, first: int, last: int) -> Iterator[tuple[Period, int, int]]:
        """Periods with the positions of those of their days that lie in a span."""
        for p in self.basin.calendar.periods:
            a, b = max(self.days.at(p.start), first), min(self.days.at(p.end) + 1, last)
            if a < b:
                yield p, a, b

    def _runs(self, blank: np.ndarray) -> list[str]:
        """Days in a row as labels."""
        runs = np.split(blank, np.flatnonzero(np.diff(blank) > 1) + 1) if len(blank) else []
        return [self._label(int(run[0]), int(run[-1])) for run in runs]

    def _label(self, a: int, b: int) -> str:
        return label_of(self.days.day(a), self.days.day(b))


def _owner(basin: Basin, place: str, quantity: str) -> tuple[str, str] | None:
    """The series of what is seen that a figure belongs to, and whose it is; None where no decision or runoff is the same thing."""
    if quantity == "withdrawal" and place in basin.demands:
        return "deliveries", place
    if quantity == "flow" and place in basin.reaches:
        return "flows", place
    if quantity in ("release", "spill") and place in basin.reservoirs:
        out, released = basin.paths.departing[place], basin.paths.released[place]
        ways = released if quantity == "release" else tuple(a for a in out if a not in released)
        return ("flows", ways[0]) if len(ways) == 1 else None
    # where nothing else comes in, all that comes in is runoff
    alone = not basin.paths.arriving.get(place) and not basin.returns_to.get(place)
    if place in basin.runoff and (quantity == "runoff" or (quantity == "inflow" and alone)):
        return "runoff", place
    if quantity == "fulfilled":
        moved = [x.name for x in basin.exchanges.values() if x.figures == ((place, 1.0),)]
        return ("exchanged", moved[0]) if len(moved) == 1 and basin.clause_rows[place].unit == "GWh" else None
    return None
