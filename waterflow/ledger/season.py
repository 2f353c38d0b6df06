"""A season's series by day: what the plan says, what each source says, what is forecast, and one out of them for the accounts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from waterflow.errors import Problem
from waterflow.ledger.days import Days, Floats, Overlap
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.periods import dekads_between, label_of, span_of
from waterflow.ledger.rows import Row
from waterflow.words.catalogue import say, spoken
from waterflow.words.near import slip

__all__ = ["STORAGE", "Layered", "SeasonDays"]

STORAGE = "storage"
Series = tuple[str, str]


@dataclass(frozen=True)
class Layered:
    """A volume for every day of the season: fact, else forecast, else plan; and which of them it is."""

    values: Floats
    is_fact: np.ndarray[Any, np.dtype[np.bool_]]
    is_forecast: np.ndarray[Any, np.dtype[np.bool_]]

    def to(self, k: int) -> float:
        """Sum of the days before a position, as far as anything is known of them."""
        return float(np.nansum(self.values[: max(0, k)]))

    def between(self, a: int, b: int) -> float:
        """Sum of the days from a position to before another."""
        return float(np.nansum(self.values[max(0, a) : max(0, b)]))

    def unknown(self, a: int, b: int) -> int:
        """Days from a position to before another without a fact."""
        return int((~self.is_fact[max(0, a) : max(0, b)]).sum())


class SeasonDays:
    """A ledger's season over its days.

    Parameters
    ----------
    ledger : Ledger
    plan : str, optional
        A plan of the ledger by its name, or its beginning; the one added last without it.
    to : date, optional
        The day to which facts are counted; without it the last that has one.
    first : str, optional
        The source that is counted where a series has several; the one typed first without it.

    Raises
    ------
    InputError
        If there is no such plan or source, or no fact in the season.
    """

    def __init__(self, ledger: Ledger, plan: str = "", to: dt.date | None = None, first: str = "") -> None:
        self.first, self.name = first, _plan_asked(ledger, plan)
        self.season = ledger.plans.get(self.name)
        self.ledger = ledger.of_months(*(f"{day:%Y-%m}" for day in self._dates)) if self.season else ledger
        rows = [r for r in self.ledger.facts if not self.season or self.meets(r)]
        if to:
            rows = [r for r in rows if span_of(r["period"])[1] <= to]
        if not rows:
            allowed = say("facts in the season, {window}", window=self._window) if self.season else say("facts")
            raise Problem("blank", say("ledger"), say("no fact to {date}", date=to) if to else say("no fact"), allowed).refusal()
        if first and first not in {r["source"] for r in rows}:
            known = sorted({r["source"] for r in rows})
            raise Problem("unknown-choice", "--source", first, " | ".join(known), slip(first, known)).refusal()
        spans = [span_of(r["period"]) for r in rows]
        last = max(end for _, end in spans)
        start, end = self._dates if self.season else (min(first for first, _ in spans), last)
        self.date = min(to or last, end)
        self.days = Days(start, end)
        #: position of the day after the last one that counts
        self.k = self.days.at(self.date) + 1
        self.rows = rows

    @cached_property
    def _dates(self) -> tuple[dt.date, dt.date]:
        if self.season is None:
            return dt.date.min, dt.date.max
        return dt.date.fromisoformat(self.season["start"]), dt.date.fromisoformat(self.season["end"])

    @property
    def _window(self) -> str:
        return f"{self.season['start']}/{self.season['end']}" if self.season else ""

    def meets(self, row: Row) -> bool:
        """True if a row tells of a day of the season."""
        start, end = span_of(row["period"])
        first, last = self._dates
        return start <= last and end >= first

    @cached_property
    def of_plan(self) -> dict[str, list[Row]]:
        """Rows of the plan by kind; those that two parties added alike, once."""
        found: dict[str, list[Row]] = defaultdict(list)
        seen: set[str] = set()
        for row in self.ledger.of_plan(self.name) if self.name else ():
            if row.said not in seen:
                seen.add(row.said)
                found[row.kind].append(row)
        return found

    @cached_property
    def places(self) -> dict[str, Row]:
        """Places of the plan, in its order."""
        return {row["place"]: row for row in self.of_plan["place"]}

    def title(self, place: str) -> str:
        """How people call a place, in the language spoken."""
        row = self.places.get(place) or self.clauses.get(place)
        return str((row[f"title_{spoken()}"] or row["title"] or place) if row else place)

    def holder(self, place: str) -> str:
        """Who holds the gate: as was typed, else as the plan says."""
        row = self.places.get(place)
        return self.ledger.holders.get(place) or str(row["party"] if row else "")

    @cached_property
    def clauses(self) -> dict[str, Row]:
        """Rows of clauses."""
        return {row["place"]: row for row in self.of_plan["clause"]}

    @cached_property
    def planned(self) -> dict[Series, Row]:
        """Rows of the plan by series."""
        return {(row["place"], row["quantity"]): row for row in self.of_plan["plan"]}

    @cached_property
    def _plan_days(self) -> dict[Series, Floats]:
        return {}

    def plan(self, series: Series) -> Floats | None:
        """The plan's figure of each day; None where it has no such series."""
        if series not in self._plan_days and series in self.planned:
            lay = self.days.planned_storage if series[1] == STORAGE else self.days.planned
            self._plan_days[series] = lay(self.planned[series]["values"])
        return self._plan_days.get(series)

    @cached_property
    def grouped(self) -> dict[Series, dict[str, list[Row]]]:
        """Facts by series and source; of several sources the one that is counted first."""
        found: dict[Series, dict[str, list[Row]]] = {}
        for row in self.rows:
            found.setdefault((row["place"], row["quantity"]), {}).setdefault(row["source"], []).append(row)
        return {s: dict(sorted(own.items(), key=lambda x: x[0] != self.first)) for s, own in found.items()} if self.first else found

    @cached_property
    def _overlaps(self) -> list[Overlap]:
        return []

    @property
    def overlaps(self) -> list[Overlap]:
        """Periods whose figures are not the sums of the shorter ones in them."""
        self.facts  # noqa: B018 - found while the figures are laid over the days
        return self._overlaps

    @cached_property
    def facts(self) -> dict[tuple[str, str, str], Floats]:
        """By series and source, the figure of each day to date that has one."""
        found = {}
        for (place, quantity), own in self.grouped.items():
            for source, rows in own.items():
                if quantity == STORAGE:
                    values = self.days.known_storage(rows)
                else:
                    values, overlaps = self.days.known(rows)
                    self._overlaps += overlaps
                values[self.k :] = np.nan
                found[place, quantity, source] = values
        return found

    @cached_property
    def _forecasts(self) -> dict[Series, list[Row]]:
        found: dict[Series, list[Row]] = {}
        for row in self.ledger.forecasts:
            found.setdefault((row["place"], row["quantity"]), []).append(row)
        return found

    @property
    def forecasts_told(self) -> tuple[str, ...]:
        """Source and day of issue of every forecast of a day still to come."""
        told = {f"{r['source']}, {r['issued']}" for r in self.ledger.forecasts if self.days.at(span_of(r["period"])[1]) >= self.k}
        return tuple(sorted(told))

    def forecast(self, series: Series) -> Floats:
        """What is forecast of each day after the date; of several sources the one typed first."""
        rows = self._forecasts.get(series, [])
        rows = [r for r in rows if r["source"] == rows[0]["source"]]
        values = self.days.known_storage(rows) if series[1] == STORAGE else self.days.known(rows)[0]
        values[: self.k] = np.nan
        return values

    def change_to_come(self, reservoir: str, first: int, last: int) -> float:
        """How storage is to change from the end of one day to that of another: as planned, with inflow as forecast where there is one."""
        plan = self.plan((reservoir, STORAGE))
        coming, inflow = self.forecast((reservoir, "inflow")), self.plan((reservoir, "inflow"))
        more = 0.0 if inflow is None else float(np.nansum((coming - inflow)[first + 1 : last + 1]))
        return more if plan is None else float(plan[last] - plan[first]) + more

    def layered(self, series: Series, source: str | None = None) -> Layered:
        """One figure for each day: of one source or of all in their order, then forecast, then plan."""
        values = self.days.blank()
        for own in self.grouped.get(series, {}) if source is None else (source,):
            values = np.where(np.isnan(values), self.facts[*series, own], values)
        is_fact = ~np.isnan(values)
        values = np.where(is_fact, values, self.forecast(series))
        is_forecast = ~np.isnan(values) & ~is_fact
        plan = self.plan(series)
        return Layered(values if plan is None else np.where(np.isnan(values), plan, values), is_fact, is_forecast)

    def tells_of(self, key: tuple[str, str, str], a: int, b: int) -> bool:
        """True if a figure of a series and source is of days of a span alone, not of a longer period that covers it."""
        place, quantity, source = key
        spans = (span_of(row["period"]) for row in self.grouped[place, quantity][source])
        return any(a <= self.days.at(start) and self.days.at(end) < b for start, end in spans)

    @cached_property
    def dekads(self) -> list[tuple[str, int, int, int]]:
        """Dekads to date: label, position of the first day and of the day after the last to date, days of the whole dekad."""
        found = []
        for start, end in dekads_between(self.days.start, self.days.end):
            a, b = self.days.at(start), min(self.days.at(end) + 1, self.k)
            if a < b:
                found.append((label_of(start, end), a, b, (end - start).days + 1))
        return found

    def period_of(self, day: dt.date) -> str:
        """The label of the plan's period that holds a day."""
        return next((label for label in self._labels if span_of(label)[0] <= day <= span_of(label)[1]), "")

    @cached_property
    def _labels(self) -> Iterable[str]:
        return next((row["values"] for (_, quantity), row in self.planned.items() if quantity != STORAGE), ())


def _plan_asked(ledger: Ledger, plan: str) -> str:
    """The name of a plan by its beginning; that of the last added without one."""
    if not plan:
        return next(reversed(ledger.plans), "")
    found = [name for name in ledger.plans if name == plan] or [name for name in ledger.plans if name.startswith(plan)]
    if len(found) != 1:
        known = " | ".join(ledger.plans) or say("no plan in the ledger")
        raise Problem("unknown-choice", "--plan", plan, known, slip(plan, ledger.plans)).refusal()
    return found[0]
