"""Season files as people and programs make them: filled in by cell, as CSV in any encoding, as a workbook of texts or of numbers."""

import csv
import io

import xlsxwriter

from waterflow import cli
from waterflow.loading.spreadsheet import read_sheets


def typed(*words):
    """A command, which must end well."""
    assert cli.main(["season", *map(str, words)]) == 0


def new(folder, model="two_reservoirs", season="2027", *more):
    """A season's workbook and sheets in a folder; the path of the workbook."""
    typed("new", model, season, "--out", folder, *more)
    return next(folder.glob("*.xlsx"))


def sheets(book):
    """The cells of every sheet of a workbook."""
    return {name: [list(row) for row in rows] for name, rows in read_sheets(book).items()}


def fill(rows, key, column, value):
    """Fill in a cell: the row by its name, and its estimate where it has one, the column by its head."""
    head = rows[0]
    row = next(r for r in rows[1:] if r[0] == key[0] and (len(key) == 1 or r[2] == key[1]))
    row += [""] * (len(head) - len(row))
    row[head.index(column)] = value


def as_csv(path, rows, delimiter=",", encoding="utf-8", line="\n"):
    """A sheet as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def as_book(path, found, text=False):
    """Sheets as a workbook; every number as text with a decimal comma if asked for."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        for name, rows in found.items():
            sheet = book.add_worksheet(name)
            for k, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if text and isinstance(cell, int | float):
                        sheet.write_string(k, column, f"{cell:,.1f}".replace(",", "\u00a0").replace(".", ","))
                    elif cell != "":
                        sheet.write(k, column, cell)
    return path
