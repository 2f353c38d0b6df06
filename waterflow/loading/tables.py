"""Tables: one reader of CSV files; every cell checked, every problem named with file and row, none left out."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from waterflow.errors import Problem
from waterflow.loading.columns import GRADES, Column, Table
from waterflow.loading.texts import cells_of, read_text
from waterflow.units import split_unit
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.near import did_you_mean, either

__all__ = ["Row", "not_csv", "read_table"]

#: of so few sources all are named to who names none of them
FEW = 6
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")
#: lines in which a header is looked for below a title
TITLES = 10
#: what parts columns elsewhere
PARTED = {";": mark("semicolons"), "\t": mark("tabs"), "|": mark("bars")}
#: a day of every year; whether it is one of any, the calendar says
DAY = re.compile(r"\d{2}-\d{2}$")
PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-d[123])?$")
#: a week from a day on, or the day
FROM_A_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})w?$")


@dataclass(frozen=True)
class Row:
    """One row: where it stands and its values by column."""

    where: str
    values: Mapping[str, str | float | dt.date]
    unit: str = ""

    def text(self, column: str) -> str:
        """A name, a choice or a text; a column that was left out is empty."""
        return str(self.values[column])

    def number(self, column: str) -> float:
        """A number."""
        return float(self.values[column])  # type: ignore[arg-type]

    def date(self, column: str) -> dt.date:
        """A date."""
        value = self.values[column]
        assert isinstance(value, dt.date)  # noqa: S101 - the reader made it one
        return value


def read_table(path: Path, shown: str, table: Table, sources: Collection[str]) -> tuple[list[Row], list[Problem]]:
    """Read one table.

    Parameters
    ----------
    path : Path
    shown : str
        How messages call the file.
    table : Table
    sources : collection of str
        Keys of ``sources.yaml``.

    Returns
    -------
    (rows, problems)
        Rows with a problem are left out; numbers in the unit of their column, flows with their unit noted.
    """
    text, problems = read_text(path, shown)
    if problems:
        return [], problems
    lines, problems = cells_of(text, shown)
    if problems:
        return [], problems
    if not lines or not any(lines[0]):
        return [], [Problem("not-a-table", shown, say("an empty file"), say("a header with {columns}", columns=_header(table)))]
    if len(lines[0]) == 1 and (sign := next((sign for sign in PARTED if sign in lines[0][0]), "")):
        cause = say("Save it as CSV with commas between the columns and points in the numbers.")
        return [], [Problem("not-a-table", shown, say("columns parted by {sign}", sign=say(PARTED[sign])), say("commas"), cause)]
    columns, problems = _match_header([name.strip() for name in lines[0]], table, shown)
    if problems:
        return [], _no_header(lines, table, shown) or problems
    left_out = {c.name: 0.0 if c.kind == "number" else "" for c in table.columns if c.optional}
    rows: list[Row] = []
    seen: dict[tuple[str, ...], str] = {}
    strange: set[str] = set()
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        where = say("{shown}, row {number}", shown=shown, number=number)
        found = list(_row_problems(cells, columns, where, sources))
        if found:
            # one entry in sources.yaml mends every row that names it
            problems += [p for p in found if p.code != "unknown-source" or p.found not in strange]
            strange |= {p.found for p in found if p.code == "unknown-source"}
            continue
        row = _row(cells, columns, where, left_out)
        key = tuple(str(row.values[name]) for name in (*table.key, *_time_column(row)) if name in row.values)
        if key in seen:
            problems.append(Problem("twice", where, ", ".join(key), say("one row for each"), say("See also {where}.", where=seen[key])))
        seen.setdefault(key, where)
        rows.append(row)
    return rows, problems


def not_csv(folder: Path, shown: str, known: Collection[str]) -> Iterator[Problem]:
    """Files that are called as a table is and would be passed over: a workbook, a text, or CSV under another ending."""
    for path in sorted(folder.iterdir()):
        if path.suffix != ".csv" and path.stem in known and path.is_file():
            cause = say("Save the sheet as CSV, or take the file out of the folder.")
            yield Problem("unknown-table", f"{shown}/{path.name}", path.name, f"{path.stem}.csv", cause)


def _time_column(row: Row) -> tuple[str, ...]:
    return tuple(name for name in ("month", "period") if name in row.values)


def _header(table: Table) -> str:
    names = [either(c.spellings) for c in table.columns]
    if table.timed:
        names.append(either(table.times))
    return ", ".join([*names, "source", "grade"])


def _match_header(header: list[str], table: Table, shown: str) -> tuple[list[tuple[str, Column]], list[Problem]]:
    """Each header cell with its column; unknown, doubled and missing columns are problems."""
    wanted = {spelling: c for c in table.columns for spelling in c.spellings}
    wanted |= {"source": Column("source"), "grade": Column("grade", "choice", GRADES), "note": Column("note", "text")}
    if table.timed:
        of_a_model = set(table.times) == {"month", "period"}
        wanted |= {"month": Column("month", "count"), "period": Column("period", "span" if of_a_model else "period")}
        wanted = {name: c for name, c in wanted.items() if c.name not in ("month", "period") or c.name in table.times}
    problems = []
    for position, name in enumerate(header, start=1):
        if name not in wanted:
            where = say("{shown}, column {position}", shown=shown, position=position)
            problems.append(Problem("unknown-column", where, name or say("a blank header"), _header(table), _guess(name, wanted)))
        elif header.count(name) > 1:
            problems.append(
                Problem("twice", say("{shown}, column {position}", shown=shown, position=position), name, say("each column once"))
            )
    present = {wanted[name].name for name in header if name in wanted}
    missing = [c for c in (*table.columns, wanted["source"], wanted["grade"]) if c.name not in present and not c.optional]
    problems += [Problem("missing-column", shown, say("no column {names}", names=either(c.spellings)), _header(table)) for c in missing]
    if table.timed and len(present & {"month", "period"}) != 1:
        found = say("not exactly one of month and period") if len(table.times) > 1 else say("no column {names}", names=either(table.times))
        problems.append(Problem("missing-column", shown, found, _header(table)))
    return [(name, wanted.get(name, Column(name))) for name in header], problems


def _no_header(lines: Sequence[Sequence[str]], table: Table, shown: str) -> list[Problem]:
    """One problem in place of one for each column where the first line is no header at all: a title, or notes about a station."""
    known = {spelling for c in table.columns for spelling in c.spellings} | {"source", "grade", *table.times}
    if any(cell.strip() in known for cell in lines[0]):
        return []
    if lines[0][0].startswith("#"):
        cause = say("A station file? Give its figures in a table of those columns.")
        return [Problem("not-a-table", shown, say("lines that begin with #, as in the files of gauges"), _header(table), cause)]
    better = next((k for k, line in enumerate(lines[1:TITLES], start=2) if 2 * sum(cell.strip() in known for cell in line) > len(known)), 0)
    if not better:
        return []
    found, cause = say("a header in line {line}", line=better), say("Delete the lines above it.")
    return [Problem("not-a-table", shown, found, say("the header in the first line"), cause)]


def _guess(name: str, wanted: Collection[str]) -> str:
    stem, unit = split_unit(name)
    if not unit and "_" in name:
        stem, _, unit = name.rpartition("_")
    for known in wanted:
        if split_unit(known)[0] == stem and split_unit(known)[1] != unit:
            return say("Written in {unit}? The column is {column}.", unit=unit, column=known)
    return did_you_mean(name, wanted)


def _row_problems(cells: list[str], columns: list[tuple[str, Column]], where: str, sources: Collection[str]) -> Iterator[Problem]:
    if len(cells) != len(columns):
        found = say_many("{count} cell", "{count} cells", len(cells))
        yield Problem("ragged-row", where, found, say("{count}, one for each column", count=len(columns)), say("A stray comma?"))
        return
    for cell, (name, column) in zip(cells, columns, strict=True):
        at = f"{where}, {name}"
        value = cell.strip()
        if not value:
            # an optional text or name may be empty in a row as in a table
            if name != "note" and not (column.optional and column.kind in ("text", "name")):
                yield Problem(
                    "blank", at, say("a blank"), say("a value"), say("Blank is not zero; leave the row out if it does not apply.")
                )
        elif name == "source":
            if value not in sources:
                few = len(sources) <= FEW
                allowed = say("a key of sources.yaml ({names})", names=", ".join(sources)) if few else say("a key of sources.yaml")
                cause = did_you_mean(value, sources) or say("A new source needs an entry there first.")
                yield Problem("unknown-source", at, value, allowed, cause)
        else:
            yield from _cell_problems(value, column, at)


def _cell_problems(value: str, column: Column, at: str) -> Iterator[Problem]:
    if column.kind == "choice" and value not in column.choices:
        code = "unknown-grade" if column.name == "grade" else "unknown-choice"
        yield Problem(code, at, value, " | ".join(column.choices))
    elif column.kind == "name" and not NAME.match(value):
        yield Problem("bad-name", at, value, say("letters, digits and _, beginning with a letter"))
    elif column.kind == "period" and not PERIOD.match(value):
        yield Problem("bad-period", at, value, say("2024-10 for a month or 2024-10-d1 for a dekad"))
    elif column.kind == "span" and not PERIOD.match(value) and not ((day := FROM_A_DAY.match(value)) and _date(day[1])):
        allowed = say("2024-10 for a month, 2024-10-d1 for a dekad, 2024-10-05w for a week from that day, 2024-10-05 for a day")
        yield Problem("bad-period", at, value, allowed)
    elif column.kind == "date" and _date(value) is None:
        yield Problem("bad-date", at, value, say("a date written 2024-10-01"))
    elif column.kind == "day" and _date(value) is None and not DAY.match(value):
        yield Problem("bad-date", at, value, say("a date written 2024-10-01, or a day of every year written 10-01"))
    elif column.kind in ("number", "count"):
        yield from _number_problems(value, column, at)


def _number_problems(value: str, column: Column, at: str) -> Iterator[Problem]:
    try:
        number = float(value)
    except ValueError:
        comma = say("A decimal comma?") if re.fullmatch(r"-?\d+,\d+", value) else ""
        yield Problem("not-a-number", at, repr(value), say("a number"), comma)
        return
    if not math.isfinite(number):
        yield Problem("not-finite", at, value, say("a finite number"))
    elif number < 0 and not column.signed:
        yield Problem("negative", at, value, say("zero or more"))
    elif column.name.endswith("_fraction") and number > 1 and not column.ratio:
        yield Problem("not-a-share", at, value, say("a share between 0 and 1"), say("Written in per cent?"))
    elif column.kind == "count" and (number != int(number) or (column.name == "month" and not 1 <= number <= 12)):
        yield Problem("not-a-count", at, value, say("1 to 12") if column.name == "month" else say("a whole number"))


def _date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _row(cells: list[str], columns: list[tuple[str, Column]], where: str, left_out: Mapping[str, float | str]) -> Row:
    values: dict[str, str | float | dt.date] = dict(left_out)
    unit = ""
    for cell, (name, column) in zip(cells, columns, strict=True):
        value = cell.strip()
        if column.kind in ("number", "count"):
            values[column.name] = float(value)
            if column.flow:
                unit = split_unit(name)[1]
        elif column.kind == "date" or (column.kind == "day" and not DAY.match(value)):
            values[column.name] = dt.date.fromisoformat(value)
        else:
            values[column.name] = value
    return Row(where, values, unit)
