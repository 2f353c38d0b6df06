"""The tables of a Ribasim model: its TOML file, and the GeoPackage beside it, which SQLite reads. Only the documented format is read."""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from waterflow.calendar import SECONDS_OF_DAY, Period
from waterflow.errors import Problem
from waterflow.exchange.files import text_of
from waterflow.files import is_file
from waterflow.words.catalogue import say

__all__ = ["FILE", "Record", "Tables", "number", "over_months", "read_tables"]

FILE = "database.gpkg"
#: rows of one table that are read
MOST = 2_000_000
#: tables of a GeoPackage itself
HOUSEKEEPING = ("gpkg_", "rtree_", "sqlite_", "layer_styles", "ribasim_metadata")
#: keys of the TOML file that say nothing about water
ASIDE = {"starttime", "endtime", "crs", "input_dir", "results_dir", "ribasim_version", "database"}
Record = Mapping[str, Any]


@dataclass
class Tables:
    """What the files hold.

    Attributes
    ----------
    start, end : datetime
    rows : dict of table name to its rows, columns in lower case
    used : set
        Tables that were looked at.
    settings : tuple of str
        Parts of the TOML file that say how it is to be run.
    """

    start: dt.datetime
    end: dt.datetime
    rows: dict[str, list[Record]]
    settings: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)

    def of(self, *names: str) -> list[Record]:
        """Rows of the first of these tables that is there."""
        self.used |= {name for name in names if name in self.rows}
        return next((self.rows[name] for name in names if name in self.rows), [])

    def by_node(self, *names: str) -> dict[int, list[Record]]:
        """The same, by node; rows that are not active are left out."""
        found: dict[int, list[Record]] = defaultdict(list)
        for row in self.of(*names):
            if row.get("active") in (None, 1, True):
                found[int(row["node_id"])].append(row)
        return found


def read_tables(path: Path) -> Tables:
    """Read the TOML file and the database it names.

    Raises
    ------
    InputError
        If either is missing, damaged or without what a model must have.
    """
    settings = _settings(path)
    start, end = (_time(settings.get(key)) for key in ("starttime", "endtime"))
    if start is None or end is None:
        raise _bad(f"{path.name}: starttime, endtime", say("no days"), say("two days or times")).refusal()
    database = path.parent / str(settings.get("input_dir", ".")) / str(settings.get("database", FILE))
    return Tables(start, end, _database(database), tuple(sorted(set(settings) - ASIDE)))


def _bad(where: str, found: str, allowed: str) -> Problem:
    return Problem("bad-foreign-model", where, found, allowed)


def _settings(path: Path) -> dict[str, Any]:
    text = text_of(path)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        told = say("text that is no TOML: {error}", error=str(error))
        raise _bad(path.name, told, say("a TOML file with starttime and endtime")).refusal() from error


def _time(value: Any) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    try:
        return dt.datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None


def _database(path: Path) -> dict[str, list[Record]]:
    wanted = say("a GeoPackage with the tables Node and Link")
    if not is_file(path):
        raise Problem("no-such-file", path.name, say("no file"), wanted).refusal()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            listed = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
            names = [str(name) for (name,) in listed if not str(name).lower().startswith(HOUSEKEEPING)]
            rows = {name: _rows(connection, name) for name in names}
    except (sqlite3.Error, UnicodeDecodeError, ValueError) as error:
        raise _bad(path.name, say("something else, or a damaged file"), wanted).refusal() from error
    if "Node" not in rows or not {"Link", "Edge"} & set(rows):
        raise _bad(path.name, ", ".join(sorted(rows)) or say("no tables"), wanted).refusal()
    return rows


def _rows(connection: sqlite3.Connection, name: str) -> list[Record]:
    quoted = name.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}" LIMIT {MOST}')  # noqa: S608 - a name the file itself lists, quoted
    columns = [str(column[0]).lower() for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]


def number(row: Record, key: str, default: float = 0.0) -> float:
    """A number of a row; the default where it is blank.

    Raises
    ------
    InputError
        If it is no finite number.
    """
    value = row.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        where = say("node {number}, {column}", number=row.get("node_id"), column=key)
        raise Problem("bad-foreign-model", where, str(value), say("a finite number")).refusal()
    return float(value)


def over_months(
    timed: Sequence[Record], static: Sequence[Record], key: str, periods: Sequence[Period], *, linear: bool = False
) -> list[float]:
    """A rate by second summed over each period, from its rows in time, or from those that hold always.

    In time it holds until the next row, or with ``linear`` runs straight to it; days are its smallest part.
    """
    known = sorted((when, number(row, key)) for row in timed if row.get(key) is not None and (when := _time(row.get("time"))) is not None)
    if not known:
        always = math.fsum(number(row, key) for row in static)
        return [always * p.days * SECONDS_OF_DAY for p in periods]
    rate = _straight(known) if linear else _held(known)
    return [
        SECONDS_OF_DAY * math.fsum(rate(dt.datetime.combine(p.start, dt.time()) + dt.timedelta(days=k)) for k in range(p.days))
        for p in periods
    ]


def _held(known: Sequence[tuple[dt.datetime, float]]) -> Callable[[dt.datetime], float]:
    def rate(day: dt.datetime) -> float:
        return next((value for when, value in reversed(known) if when <= day), known[0][1])

    return rate


def _straight(known: Sequence[tuple[dt.datetime, float]]) -> Callable[[dt.datetime], float]:
    """The value at noon stands for a day."""

    def rate(day: dt.datetime) -> float:
        noon = day + dt.timedelta(hours=12)
        after = next((k for k, (when, _) in enumerate(known) if when > noon), len(known))
        if after in (0, len(known)):
            return known[min(after, len(known) - 1)][1]
        (t0, v0), (t1, v1) = known[after - 1], known[after]
        return v0 + (v1 - v0) * ((noon - t0) / (t1 - t0))

    return rate
