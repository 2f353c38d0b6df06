"""What a season needs before it can be planned: every cell to fill in, what is known of it, and what stands in for a blank."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from waterflow.calendar import Calendar, Window, require_months
from waterflow.errors import Problem
from waterflow.files import is_folder
from waterflow.loading.agreements import agreements_of
from waterflow.loading.model import Model, read_model, read_tables
from waterflow.loading.model_file import read_model_file, scenarios_of
from waterflow.loading.observed import read_observed
from waterflow.loading.shipped import find_model
from waterflow.loading.tables import Row
from waterflow.season.norms import Norms, norms_of
from waterflow.words.catalogue import say

__all__ = ["Kit", "Slot", "later", "season_kit", "season_name"]

Rows = Mapping[str, Sequence[Row]]
SEASON = re.compile(r"(\d{4})(?:\s*[-–/]\s*(\d{2}|\d{4}))?$")


@dataclass(frozen=True)
class Slot:
    """A cell of a season's file, and what is known of it or stands in for it.

    Attributes
    ----------
    sheet, name, estimate : str
        What it is about.
    span : Window
        The days it is about; a storage stands at the start of its one day.
    known : float or None
        The figure where the record has it, in the unit of its sheet (Mm3, GWh; 1 and 0 for yes and no).
    assumed : float or None
        What is taken where nothing is filled in; None where nothing is taken at all.
    source, grade : str
        Of the known or the assumed figure.
    like : str
        The scenario an assumed figure is of; empty where it is no scenario's.
    """

    sheet: str
    name: str
    span: Window
    known: float | None = None
    assumed: float | None = None
    source: str = ""
    grade: str = "assumed"
    like: str = ""
    estimate: str = ""


@dataclass(frozen=True)
class Kit:
    """A season to be set up.

    Attributes
    ----------
    name : str
        Of its series: ``season_2026_27``.
    like : Model
        The scenario whose choices it begins with.
    calendar : Calendar
        Of the season, by months where the model has them.
    years : int
        By how many the season is later than that scenario.
    norms : Norms
        Runoff of headwaters in the mean, Mm3 by period.
    slots : tuple of Slot
        Every cell, sheet by sheet in the order of the rows.
    tables : mapping of table to sequence of Row
        Every row of the model's tables, of whichever series.
    """

    path: Path
    model: str
    season: str
    name: str
    like: Model
    calendar: Calendar
    years: int
    norms: Norms
    slots: tuple[Slot, ...]
    tables: Rows

    def of(self, sheet: str) -> list[Slot]:
        """The cells of a sheet."""
        return [slot for slot in self.slots if slot.sheet == sheet]


def season_name(text: str) -> tuple[int, int | None]:
    """``(2026, 2027)`` of ``2026-27``; no second year where none is said.

    Raises
    ------
    InputError
        If it is not written so.
    """
    found = SEASON.match(text.strip())
    first = int(found[1]) if found else 0
    last = (int(found[2]) if len(found[2]) == 4 else first // 100 * 100 + int(found[2])) if found and found[2] else None
    if last is not None and last < first and found and len(found[2] or "") == 2:
        last += 100
    if not found or (last is not None and last not in (first, first + 1)):
        raise Problem("bad-period", say("season {text}", text=text), text, say("2026-27, or 2027 for one within a year")).refusal()
    return first, last


def later(day: dt.date, years: int) -> dt.date:
    """The same day some years later; the last day of a month stays the last."""
    last = monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=last if day.day == monthrange(day.year, day.month)[1] else min(day.day, last))


def _like(path: Path, first: int, asked: str | None) -> str:
    """The scenario a season begins as: the one asked for, or the latest not after it of those on the model's days of the year."""
    if asked:
        return asked
    own, _ = read_model_file(path, None, None)
    begin, best = own.horizon.start, (own.horizon.start, own.scenario)
    for name in scenarios_of(path)[1:]:
        file, _ = read_model_file(path, name, None)
        start = file.horizon.start
        same = (start.month, start.day) == (begin.month, begin.day) and later(
            file.horizon.end, own.horizon.start.year - start.year
        ) == own.horizon.end
        if same and best[0] < start and start.year <= first:
            best = (start, name)
    return best[1]


def season_kit(model: str, season: str, like: str | None = None) -> Kit:
    """Everything that a season of a model needs.

    Parameters
    ----------
    model : str
        A shipped model's name, or a path.
    season : str
        ``2026-27``, or ``2027`` for a season within a year.
    like : str, optional
        The scenario whose choices it begins with; the latest that begins on the same day of a year without it.

    Raises
    ------
    InputError
        If there is no such model or scenario, its files have problems, or the season has other years than its horizon.
    """
    path = find_model(model)
    first, last = season_name(season)
    read = read_model(path, _like(path, first, like))
    step = "month" if "month" in read.file.steps else read.file.step
    years = first - read.calendar.start.year
    calendar = Calendar(later(read.calendar.start, years), later(read.calendar.end, years), step, read.calendar.growing)
    if (last if last is not None else first) != calendar.end.year:
        found, allowed = season, say("{start} to {end}, the days of the model", start=calendar.start, end=calendar.end)
        raise Problem("bad-period", say("season {text}", text=season), found, allowed, say("Written as 2026-27?")).refusal()
    name = f"season_{first}_{calendar.end.year % 100:02d}" if calendar.end.year > first else f"season_{first}"
    observed = read_observed(read.folder) if is_folder(read.folder / "observed") else {}
    require_months(calendar, f"{path.name}: step")
    norms = norms_of(read, calendar, observed)
    tables = read_tables(read.folder)[0]
    maker = _Slots(read, calendar, years, norms, tables, observed)
    slots = (*maker.storages(), *maker.forecast(), *maker.limits(), *maker.volumes("agreed_flows"), *maker.volumes("targets"))
    return Kit(path, model, season.strip(), name, read, calendar, years, norms, (*slots, *maker.power(), *maker.clauses(path)), tables)


class _Slots:
    """Cells made sheet by sheet."""

    def __init__(self, like: Model, calendar: Calendar, years: int, norms: Norms, tables: Rows, observed: Rows) -> None:
        self.like, self.calendar, self.years, self.norms, self.tables = like, calendar, years, norms, tables
        self.scenario = like.file.scenario
        self.observed = observed
        #: names in the order of the rows of the basin organisation's sheets
        self.order = [row.text("place") for row in observed.get("sheet_rows", ())]

    def _ordered(self, names: Sequence[str]) -> list[str]:
        """Names in the order of the basin organisation's sheet, those it does not have after it in the model's."""
        return sorted(names, key=lambda n: (self.order.index(n) if n in self.order else len(self.order), names.index(n)))

    def storages(self) -> Iterator[Slot]:
        """The opening storage of every reservoir and lake: on record, or as the scenario opened."""
        day = self.calendar.start
        seen = {(r.text("reservoir"), r.text("period")): r for r in self.observed.get("monthly_storages", ())}
        before = f"{day - dt.timedelta(days=1):%Y-%m}"
        opened = {r.text("reservoir"): r for r in self.like.rows.get("opening_storage", ())}
        for name in dict.fromkeys(r.text("reservoir") for r in self.like.rows.get("reservoirs", ())):
            row, span = seen.get((name, before)) if day.day == 1 else None, Window(day, day)
            if row is not None:
                yield Slot("storages", name, span, known=row.number("storage_Mm3"), source=row.text("source"), grade=row.text("grade"))
            elif name in opened and self.years == 0:
                row = opened[name]
                yield Slot("storages", name, span, known=row.number("storage_Mm3"), source=row.text("source"), grade=row.text("grade"))
            else:
                value = opened[name].number("storage_Mm3") if name in opened else None
                source = opened[name].text("source") if name in opened else ""
                yield Slot("storages", name, span, assumed=value, source=source, like=self.scenario)

    def forecast(self) -> Iterator[Slot]:
        """Runoff of every headwater: the norm, which is known, and the three estimates, the mean of which is assumed to be it."""
        for node in self._ordered(list(self.norms.values)):
            for estimate in ("norm", "low", "mean", "high"):
                for period, norm in zip(self.calendar.periods, self.norms.values[node], strict=True):
                    span, source = Window(period.start, period.end), self.norms.sources[node]
                    known = norm if estimate == "norm" else None
                    assumed = norm if estimate == "mean" else None
                    grade = "derived" if estimate == "norm" else "assumed"
                    yield Slot("forecast", node, span, known, assumed, source, grade, estimate=estimate)

    def limits(self) -> Iterator[Slot]:
        """Limits of the parties by season, as in the scenario; below them those of canals, none without one."""
        limits = {(r.text("party"), r.text("season")): r for r in self.like.rows.get("limits", ())}
        for party in self.like.file.parties if limits else ():
            for window, season in self.calendar.seasons:
                row = limits.get((party, season))
                value, source = (row.number("limit_Mm3"), row.text("source")) if row else (None, "")
                yield Slot("limits", party, window, assumed=value, source=source, like=self.scenario)
        for demand in self._ordered([r.text("demand") for r in self.like.rows.get("demands", ()) if r.text("limited") == "yes"]):
            yield from (Slot("limits", demand, window) for window, _ in self.calendar.seasons)

    def volumes(self, table: str) -> Iterator[Slot]:
        """Volumes agreed to arrive, or wished for: as in the scenario, in its windows and in the seasons."""
        key = "target" if table == "targets" else "place"
        value = "target_Mm3" if table == "targets" else "agreed_Mm3"
        rows = self.like.rows.get(table, ())
        there = {(r.text(key), Window(later(r.date("start"), self.years), later(r.date("end"), self.years))): r for r in rows}
        names = self._ordered(list(dict.fromkeys(r.text(key) for r in (*rows, *self.tables.get(table, ())))))
        for name in names:
            windows = dict.fromkeys([*(w for w, _ in self.calendar.seasons), *(w for n, w in there if n == name)])
            for window in sorted(windows, key=lambda w: (w.start, w.end)):
                row = there.get((name, window))
                assumed, source = (row.number(value), row.text("source")) if row else (None, "")
                yield Slot(table, name, window, assumed=assumed, source=source, like=self.scenario if row else "")

    def power(self) -> Iterator[Slot]:
        """Power asked for by party and period, as in the scenario."""
        rows = self.like.rows.get("power_demand", ())
        of_month = {(r.text("party"), r.text("period")[5:] if "period" in r.values else f"{int(r.number('month')):02d}"): r for r in rows}
        for party in dict.fromkeys(r.text("party") for r in rows):
            for period in self.calendar.periods:
                row = of_month.get((party, period.label[5:])) or of_month.get((party, period.label[5:7]))
                value, source = (row.number("demand_GWh"), row.text("source")) if row else (None, "")
                if row and len(period.label) > 7 and not of_month.get((party, period.label[5:])):
                    value = value * period.days / monthrange(period.start.year, period.month)[1] if value is not None else None
                yield Slot("power", party, Window(period.start, period.end), assumed=value, source=source, like=self.scenario)

    def clauses(self, path: Path) -> Iterator[Slot]:
        """The model's agreements, in force or not as in the scenario."""
        for name in agreements_of(path):
            there = float(name in self.like.file.agreements)
            yield Slot("clauses", name, Window(self.calendar.start, self.calendar.end), assumed=there, like=self.scenario)
