"""Tables with rows added to them, as CSV text: every row that was there stays as it stood."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from waterflow.files import is_file
from waterflow.loading.columns import Table
from waterflow.loading.schema import TABLES
from waterflow.loading.texts import cells_of, read_text

__all__ = ["model_files", "with_rows"]

Line = Mapping[str, str | float]


def model_files(folder: Path, below: str) -> dict[str, str]:
    """Every table and YAML file of a folder, by its path below ``below``."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if is_file(path) and path.suffix in (".yaml", ".csv"):
            found[f"{below}/{path.relative_to(folder).as_posix()}"] = read_text(path, path.name)[0]
    return found


def with_rows(text: str, name: str, rows: Sequence[Line], time: str = "") -> str:
    """A table with rows below the others.

    Parameters
    ----------
    text : str
        The table as it stands; empty if the model has none of that name.
    name : str
    rows : sequence of mapping
        Each by its columns; a ``note`` is left out where the table has no such column.
    time : {"", "month", "period"}
        How a new table tells the time of its rows.
    """
    lines = cells_of(text, name)[0] if text else []
    header = [cell.strip() for cell in lines[0]] if lines else _header(TABLES[name], rows, time)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not text:
        writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(row, column) for column in header])
    return (text if not text or text.endswith("\n") else f"{text}\n") + out.getvalue()


def _header(table: Table, rows: Sequence[Line], time: str) -> list[str]:
    columns = [next((s for s in c.spellings if rows and s in rows[0]), c.spellings[-1]) for c in table.columns]
    return [*columns, *([time] if table.timed else []), "source", "grade", "note"]


def _cell(row: Line, column: str) -> str:
    """A cell; a note that nobody wrote is a dash, for a blank is an error."""
    value = row.get(column, "-")
    return f"{value:.10g}" if isinstance(value, float) else str(value) or "-"
