"""Changes to workbooks, netCDF files and parquet tables: cells and variables first, then what holds them, then bytes."""

from __future__ import annotations

import io
import json
import zipfile

import h5py
import numpy as np
import xlsxwriter

from tests.fuzz.changes import ANY, EXTREMES, Change, change_bytes, change_cells, change_structure

#: bytes that a member of a zip is blown up to: small enough for the test, large enough to be seen
BLOWN = 60_000_000


def book_bytes(draw, sheets):
    """Sheets as a workbook; a number as a number or as text, a formula, a date or an error here and there."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "nan_inf_to_errors": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name[:31] or "plan")
            for k, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write(draw, sheet, k, column, cell)
    return out.getvalue()


def _write(draw, sheet, row, column, cell):
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell) if draw.random() < 0.99 else sheet.write_string(row, column, str(cell))
    elif cell != "":
        text = str(cell)
        sheet.write_formula(row, column, "=NA()", value="#N/A") if text == "#N/A" else sheet.write_string(row, column, text[:32000])


def change_book(draw, content, sheets, free=()):
    """A workbook with a cell, a sheet, a part of its zip or its bytes changed; ``sheets`` are its cells."""
    kind = draw.choice(("cells", "cells", "cells", "sheets", "zip", "bytes"))
    if kind == "bytes":
        return change_bytes(draw, content)
    if kind == "zip":
        return _change_zip(draw, content)
    found = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    name = draw.choice(sorted(found))
    if kind == "cells" and found[name] and found[name][0]:
        found[name], what, law = change_cells(draw, found[name], free)
        return Change(f"{name}: {what}", book_bytes(draw, found), ANY if law != "same" else law)
    how = draw.choice(("lost", "named", "empty", "far cell", "twice", "moved"))
    rows = found.pop(name)
    if how == "named":
        found["surely no sheet"] = rows
    elif how == "empty" or (how == "lost" and not found):
        found[name] = []
    elif how == "far cell":
        found[name] = [*rows, *[[]] * 3000, [""] * 200 + [draw.choice(EXTREMES)]]
    elif how == "twice":
        found |= {name: rows, f"{name} 2"[:31]: rows}
    elif how == "moved":
        found[name] = rows
    return Change(f"sheet {name} {how}", book_bytes(draw, found))


def _change_zip(draw, content):
    """A zip whose parts are changed and whole again, lost, renamed, or blown up."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(sorted(parts))
    how = draw.choice(("bytes", "bytes", "bytes", "lost", "named", "blown up", "path"))
    if how == "bytes":
        parts[name] = change_bytes(draw, parts[name]).content
    elif how == "lost":
        del parts[name]
    elif how == "blown up":
        parts[name] += b" " * BLOWN
    else:
        parts[f"../{name}" if how == "path" else f"x{name}"] = parts.pop(name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return Change(f"zip: {name} {how}", out.getvalue())


def change_netcdf(draw, content):
    """A netCDF file with a variable, an attribute, a dimension or its bytes changed."""
    if draw.random() < 0.3:
        return change_bytes(draw, content)
    held = io.BytesIO(content)
    with h5py.File(held, "r+") as file:
        what = _change_hdf(draw, file)
    return Change(what, held.getvalue())


def _change_hdf(draw, file):
    name = draw.choice(sorted(file))
    how = draw.choice(("values", "values", "lost", "named", "attribute", "attribute", "basin", "basin", "type", "shape"))
    variable = file[name]
    if how == "basin" and "basin_json" in file.attrs:
        found, what, _ = change_structure(draw, json.loads(file.attrs["basin_json"]))
        # text longer than 64 kB has no place among attributes of this form
        text = json.dumps(found)
        if len(text) < 60_000:
            file.attrs["basin_json"] = text
        return f"basin: {what}"
    if how == "values" and variable.dtype.kind in "fi" and variable.size:
        flat = np.array(variable[()]).reshape(-1)
        flat[draw.randrange(flat.size)] = draw.choice((0, -1, 1e9, 7.5) + ((np.nan, np.inf, 1e308) if flat.dtype.kind == "f" else ()))
        variable[...] = flat.reshape(variable.shape)
        return f"a value of {name}"
    if how == "attribute":
        holder = draw.choice((file, variable))
        keys = [k for k in holder.attrs if not k.startswith(("_", "DIM", "REF", "CLASS", "NAME")) and k != "basin_json"]
        if keys:
            key = draw.choice(keys)
            holder.attrs[key] = draw.choice((draw.choice(EXTREMES).replace("\0", "") or " ", 1e308, np.array([1.0, 2.0]), -1))
            return f"attribute {key} of {name}"
    if how == "type" and variable.shape:
        shape = variable.shape
        del file[name]
        file[name] = np.full(shape, draw.choice((1, 2.5, True)))
        return f"{name} without its dimensions"
    if how == "shape":
        del file[name]
        file[name] = np.zeros(draw.randint(0, 3))
        return f"{name} of another shape"
    if how == "named":
        file.move(name, f"{name}x")
        return f"{name} renamed"
    del file[name]
    return f"{name} lost"
