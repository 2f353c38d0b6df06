"""Forecasts as CSV: a row for each place, member and time, with unit, zone and issue date beside the figure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.loading.decimal_signs import with_one_decimal_sign
from waterflow.loading.forecast_series import KINDS, ForecastSeries, twice
from waterflow.loading.spellings import month_and_dekad, plain
from waterflow.loading.spreadsheet import read_sheets
from waterflow.words.catalogue import say
from waterflow.words.near import either

__all__ = ["forecast_csv", "is_forecast_csv", "read_forecast_csv"]

#: our column -> other headers, plain
HEADERS: dict[str, tuple[str, ...]] = {
    "location": ("name", "place", "node", "headwater", "station", "пункт", "место", "створ", "название"),
    "parameter": ("параметр",),
    "unit": ("units", "единица", "единицы"),
    "kind": ("type", "вид"),
    "member": ("realization", "ensemble_member", "estimate", "член_ансамбля", "оценка"),
    "time": ("period", "date", "month", "stamp", "время", "период", "дата", "месяц"),
    "value": ("flow", "runoff", "значение", "расход", "приток"),
    "zone": ("time_zone", "utc", "часовой_пояс"),
    "issued": ("issue_date", "forecast_date", "дата_выпуска"),
    "step": ("time_step", "шаг"),
    "missing": (),
    "ensemble": (),
    "station_name": ("station_title",),
    "organisation": ("source", "источник"),
    "flag": (),
}
NEEDED = ("location", "time", "value", "unit")
BLANK = ("", "-", "nan", "none", "null")


def is_forecast_csv(path: Path) -> bool:
    """True for a file whose columns are all of those of a forecast, and among them the needed ones."""
    first = next((row for row in next(iter(read_sheets(path).values())) if row), [])
    found = [next((ours for ours, others in HEADERS.items() if plain(cell) in (ours, *others)), "") for cell in first]
    return "" not in found and set(NEEDED) <= set(found)


def read_forecast_csv(path: Path, told: list[str]) -> list[ForecastSeries]:
    """Every series of a CSV file, or of the first sheet of a workbook.

    Raises
    ------
    InputError
        If there is no such file, a column that is needed is missing or one is unknown, or a cell cannot be read; all at once.
    """
    sheets = read_sheets(path, told)
    cells = [row for row in next(iter(sheets.values())) if row]
    if not cells:
        raise Problem("not-a-table", path.name, say("an empty table"), ", ".join(NEEDED)).refusal()
    known: dict[str, int] = {}
    problems: list[Problem] = []
    for k, cell in enumerate(cells[0]):
        name = next((ours for ours, others in HEADERS.items() if plain(cell) in (ours, *others)), "")
        where = say("{shown}, column {position}", shown=path.name, position=k + 1)
        if not name:
            problems.append(Problem("unknown-column", where, str(cell) or say("a blank header"), ", ".join(HEADERS)))
        elif name in known:
            problems.append(Problem("twice", where, str(cell), say("one column {column}: these mean the same", column=name)))
        known.setdefault(name, k)
    problems += [
        Problem("missing-column", path.name, say("no column {column}", column=n), ", ".join(NEEDED)) for n in NEEDED if n not in known
    ]
    if problems:
        raise InputError(problems)
    series = _gathered(_with_points(cells, known["value"], path.name), known, path.name, problems)
    problems += twice(series, path.name)
    if problems:
        raise InputError(problems)
    if "zone" not in known:
        told.append(say("{file}: no time zone: its days are taken as the basin's own.", file=path.name))
    return series


def _with_points(cells: Sequence[Sequence[Any]], value: int, shown: str) -> list[list[Any]]:
    """The rows with points in their figures: what programs write has them, what people write may have commas, judged once for the file."""
    figures = [row[value] if value < len(row) else "" for row in cells]
    if any(isinstance(cell, str) and "," in cell for cell in figures[1:]):
        figures = [cell for (cell,) in with_one_decimal_sign([[cell] for cell in figures], shown)]
    return [[*row[:value], cell, *row[value + 1 :]] for row, cell in zip(cells, figures, strict=True)]


def _gathered(cells: Sequence[Sequence[Any]], known: dict[str, int], shown: str, problems: list[Problem]) -> list[ForecastSeries]:
    """Rows of one place, parameter, member and issue as one series, in the order of the file."""
    groups: dict[tuple[str, ...], list[tuple[dt.datetime, float | None, int | None]]] = {}
    for number, row in enumerate(cells[1:], start=2):
        where = say("{shown}, row {number}", shown=shown, number=number)
        text = {name: str(row[k]).strip() if k < len(row) else "" for name, k in known.items()}
        stamp = _moment(row[known["time"]] if known["time"] < len(row) else "")
        issued = _moment(text["issued"]) if text.get("issued") else None
        try:
            value = None if text["value"].casefold() in BLANK or text["value"] == text.get("missing") else float(text["value"])
            zone, flag = float(text.get("zone") or 0), int(text["flag"]) if text.get("flag") else None
        except ValueError:
            problems.append(Problem("not-a-number", where, text["value"], say("a number")))
            continue
        if stamp is None or (text.get("issued") and issued is None):
            problems.append(Problem("bad-date", where, text["time"] if stamp is None else text["issued"], say("a date, a time or a month")))
        elif text.get("kind", "instantaneous") not in (*KINDS, ""):
            problems.append(Problem("unknown-choice", f"{where}, kind", text["kind"], either(KINDS)))
        else:
            names = ("location", "parameter", "unit", "kind", "member", "step", "missing", "ensemble", "station_name", "organisation")
            key = (*(text.get(n, "") for n in names), str(zone), "" if issued is None else issued.isoformat())
            groups.setdefault(key, []).append((stamp, value, flag))
    return [_series(key, rows) for key, rows in groups.items()]


def _series(key: tuple[str, ...], rows: Sequence[tuple[dt.datetime, float | None, int | None]]) -> ForecastSeries:
    location, parameter, unit, kind, member, step, missing, ensemble, station, organisation, zone, issued = key
    stamps, values, flags = (tuple(column) for column in zip(*rows, strict=True))
    every, _, length = step.rpartition(" ")
    return ForecastSeries(
        location,
        parameter,
        unit,
        kind or "instantaneous",  # type: ignore[arg-type]
        stamps,
        values,
        float(zone),
        dt.datetime.fromisoformat(issued) if issued else None,
        member,
        (length, int(every)) if every.isdecimal() else (step or "nonequidistant", 1),
        missing or "-999.0",
        ensemble,
        station,
        organisation,
        flags if any(f is not None for f in flags) else (),
    )


def _moment(cell: Any) -> dt.datetime | None:
    """A day, a moment, or the first day of a month or dekad; None where it is none."""
    if isinstance(cell, dt.datetime):
        return cell
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day)
    said = str(cell).strip()
    if re.match(r"\d{4}-\d{2}-\d{2}", said):
        try:
            found = dt.datetime.fromisoformat(said)
        except ValueError:
            return None
        return found if found.tzinfo is None else None
    period = month_and_dekad(said)
    return dt.datetime(period[0], period[1], 1 + 10 * ((period[2] or 1) - 1)) if period else None


def forecast_csv(series: Sequence[ForecastSeries]) -> str:
    """Series as CSV: a row for each figure, everything that is known of it beside it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(HEADERS))
    for one in series:
        flags = one.flags or ("",) * len(one.stamps)
        for stamp, value, flag in zip(one.stamps, one.values, flags, strict=True):
            issued = one.issued.isoformat() if one.issued else ""
            told = (one.location, one.parameter, one.unit, one.kind, one.member, stamp.isoformat(), "" if value is None else repr(value))
            rest = (f"{one.zone:g}", issued, f"{one.step[1]} {one.step[0]}", one.missing, one.ensemble, one.station, one.organisation)
            writer.writerow([*told, *rest, "" if flag is None else flag])
    return out.getvalue()
