"""Tables as files that spreadsheets open: CSV text, and workbooks whose figures stay figures."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

from waterflow.errors import Problem
from waterflow.words.catalogue import say
from waterflow.words.near import either

__all__ = ["Rows", "check_sheet", "csv_text", "sheet", "workbook"]

#: header first; texts and numbers
Rows = list[list[str | float]]
FORMS = (".csv", ".xlsx")
#: a workbook made twice is the same file
CREATED = dt.datetime(2000, 1, 1)
WIDEST, PADDING = 40, 2


def check_sheet(path: Path, option: str) -> None:
    """Refuse a name that says neither CSV nor workbook, before any work is done for it.

    Raises
    ------
    InputError
        Naming the endings there are.
    """
    if path.suffix.lower() not in FORMS:
        raise Problem("bad-sheet", f"{option} {path}", path.suffix or say("no ending"), either(FORMS)).refusal()


def sheet(path: Path, name: str, rows: Rows) -> str | bytes:
    """One table in the form that a file's ending says, as `check_sheet` lets it through; ``name`` is that of a workbook's sheet."""
    return csv_text(rows) if path.suffix.lower() == ".csv" else workbook({name: rows})


def csv_text(rows: Rows) -> str:
    """The rows with commas between and points in the numbers, which every reader of tables here takes."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def workbook(sheets: Mapping[str, Rows], frozen: int = 1) -> bytes:
    """An Excel workbook: bold headers that stay in sight with the first ``frozen`` columns, figures to one decimal, whole below."""
    import xlsxwriter

    out = io.BytesIO()
    # a text is a text: "=1+1" in a title is no formula
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        bold, figure = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.0"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for k, row in enumerate(rows):
                page.write_row(k, 0, row, bold if k == 0 else figure)
            for k, column in enumerate(zip(*rows, strict=True)):
                page.set_column(k, k, min(WIDEST, max((len(x) for x in column if isinstance(x, str)), default=0) + PADDING))
            page.freeze_panes(1, frozen)
    return out.getvalue()
