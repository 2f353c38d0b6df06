"""A file of observations as tables of ours: what was read, how it was understood, and the rows that are new."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from waterflow.errors import Problem
from waterflow.exchange.files import station_text
from waterflow.exchange.observed_rows import SeriesFound, read_values
from waterflow.exchange.sheet_columns import Found, columns_of, header_at
from waterflow.exchange.station_file import Station, is_station_file, read_station
from waterflow.files import is_file
from waterflow.loading.decimal_signs import with_one_decimal_sign
from waterflow.loading.spellings import plain
from waterflow.loading.spreadsheet import read_sheets
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Asked", "Imported", "imported"]

#: columns that say where a value belongs, and that of the value, by table
COLUMNS = {
    "monthly_flows": (("period", "site", "quantity"), "value_Mm3"),
    "monthly_storages": (("period", "reservoir"), "storage_Mm3"),
    "monthly_withdrawals": (("period", "demand"), "withdrawal_Mm3"),
}
#: digits of a sum
DIGITS = 10


@dataclass(frozen=True)
class Asked:
    """What is told of a file: the meaning of its columns, what holds for all of them, whose it is and how good."""

    source: str
    grade: str
    columns: Mapping[str, str]
    site: str = ""
    quantity: str = ""
    unit: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Imported:
    """What came of it.

    Attributes
    ----------
    found : Found
        How the columns were understood.
    series : tuple of SeriesFound
    texts : dict of file name to text
        Tables with their new rows, and the entry for ``sources.yaml``.
    titles : tuple of str
        Lines above the headings, which are read as nothing.
    sheets : tuple of str
        Other sheets of a workbook, which are not read.
    known, other : int
        Months that the tables already have, with the same value and with another: not written again.
    station : dict
        What a station file says of itself.
    """

    found: Found
    series: tuple[SeriesFound, ...]
    texts: dict[str, str]
    titles: tuple[str, ...]
    sheets: tuple[str, ...]
    known: int
    other: int
    station: dict[str, str]


def imported(path: Path, asked: Asked, observed: Path | None = None) -> Imported:
    """Read a file of observations.

    Parameters
    ----------
    path : Path
        CSV or a workbook, or a station file.
    asked : Asked
    observed : Path, optional
        The folder of the tables that are there already.

    Raises
    ------
    InputError
        If it is no such file, or its columns or cells are not understood; names them all.
    """
    text = station_text(path) if is_file(path) else ""
    station = read_station(text, path.name) if is_station_file(text) else None
    cells, others = (station.cells, ()) if station else _sheet(path, asked.sheet)
    if station is None:
        # the decimal sign of a station file is the point, always
        cells = with_one_decimal_sign(cells, path.name)
    head = header_at(cells, path.name)
    found = columns_of(cells, head, asked.columns, _usual(asked, station), path.name)
    series = read_values(cells, head, found, path.name)
    tables, known, other = _tables(series, asked, observed)
    titles = tuple(" ".join(str(c) for c in row if c != "") for row in cells[:head] if any(c != "" for c in row))
    told = station.told if station else {}
    texts = {f"{name}.csv": text for name, text in tables.items()} | {"sources.yaml": _source(path, asked, told)}
    return Imported(found, tuple(series), texts, titles, others, known, other, told)


def _sheet(path: Path, name: str) -> tuple[list[list[Any]], tuple[str, ...]]:
    sheets = {key: cells for key, cells in read_sheets(path).items() if any(cells)}
    if not sheets or (name and name not in sheets):
        found = name or say("no cells")
        raise Problem("not-a-table", path.name, found, ", ".join(sheets) or say("a sheet with cells"), slip(name, sheets)).refusal()
    chosen = name or next(iter(sheets))
    return sheets[chosen], tuple(key for key in sheets if key != chosen)


def _usual(asked: Asked, station: Station | None) -> tuple[str, str, str]:
    """Site, quantity and unit of a column that does not say its own."""
    if station is None:
        return asked.site, asked.quantity, asked.unit
    return asked.site or plain(station.told.get("Station", "")), asked.quantity or "flow", asked.unit or station.unit


def _tables(series: Sequence[SeriesFound], asked: Asked, observed: Path | None) -> tuple[dict[str, str], int, int]:
    rows: dict[str, list[list[Any]]] = {}
    known = other = 0
    there = {name: _there(observed / f"{name}.csv", name) for name in COLUMNS} if observed else {}
    for s in series:
        name, m = s.meaning.table, s.meaning
        for month in s.months:
            if month.value is None:
                continue
            place = (month.period.label, m.site, m.quantity) if name == "monthly_flows" else (month.period.label, m.site)
            value = float(f"{month.value:.{DIGITS}g}")
            if (old := there.get(name, {}).get(place)) is not None:
                same = abs(old - value) <= 1e-6 * max(1.0, abs(old))
                known, other = known + same, other + (not same)
                continue
            days = f"{month.found} of {month.period.days} days" if s.step == "day" else f"by {s.step}"
            rows.setdefault(name, []).append([*place, value, asked.source, asked.grade, f"{days}, {m.heading}"])
    return (
        {name: _csv([[*COLUMNS[name][0], COLUMNS[name][1], "source", "grade", "note"], *found]) for name, found in rows.items()},
        known,
        other,
    )


def _there(path: Path, name: str) -> dict[tuple[str, ...], float]:
    """What a table has already, by place."""
    if not is_file(path):
        return {}
    cells = read_sheets(path)[""]
    keys, value = COLUMNS[name]
    head = cells[0] if cells else []
    if any(column not in head for column in (*keys, value)):
        raise Problem("not-a-table", path.name, ", ".join(head), ", ".join((*keys, value))).refusal()
    at = [head.index(column) for column in keys]
    return {tuple(str(row[k]) for k in at): float(row[head.index(value)]) for row in cells[1:] if len(row) > max(at)}


def _csv(rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _source(path: Path, asked: Asked, told: Mapping[str, str]) -> str:
    """The entry to add to ``sources.yaml``: what a station file says of itself, else what is to be filled in."""
    station = ", ".join(told[key] for key in ("River", "Station", "Country") if told.get(key))
    about = {
        "title": f"{station} ({path.name})" if station else path.name,
        "publisher": told.get("Owner of original data") or "-",
        "year": (told.get("file generation date") or "-")[:4],
        "url": "-",
        "licence": "-",
        "accessed": "-",
    }
    note = "; ".join(f"{key}: {value}" for key, value in told.items() if value)
    return yaml.safe_dump({asked.source: about | ({"note": note} if note else {})}, allow_unicode=True, sort_keys=False, width=140)
