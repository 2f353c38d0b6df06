"""A frictionless ``datapackage.json`` for a folder of tables, made from the schema so that any tool can check them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from waterflow.loading.columns import GRADES, Column, Table
from waterflow.loading.observed import OBSERVED
from waterflow.loading.schema import TABLES
from waterflow.loading.texts import read_text

__all__ = ["datapackage"]

TYPES = {"number": "number", "count": "integer", "date": "date"}


def _field(name: str, columns: dict[str, Column]) -> dict[str, Any]:
    if name == "grade":
        return {"name": name, "type": "string", "constraints": {"required": True, "enum": list(GRADES)}}
    column = columns.get(name)
    field: dict[str, Any] = {"name": name, "type": TYPES.get(column.kind if column else "text", "string")}
    if name == "month":
        field["type"] = "integer"
    field["constraints"] = {"required": name != "note"}
    if column and column.kind == "day":
        field["constraints"]["pattern"] = r"(\d{4}-)?\d{2}-\d{2}"
    if column and column.choices:
        field["constraints"]["enum"] = list(column.choices)
    return field


def _resource(path: Path, name: str, shown: str, table: Table) -> dict[str, Any] | None:
    """A table as a resource of the package; None if its file is not there."""
    text, problems = read_text(path, name)
    if problems:
        return None
    header = next(csv.reader(io.StringIO(text)))
    columns = {spelling: c for c in table.columns for spelling in c.spellings}
    fields = [_field(column, columns) for column in header]
    about = {"name": name, "path": shown, "profile": "tabular-data-resource", "title": table.meaning}
    return about | {"schema": {"fields": fields}}


def datapackage(folder: Path) -> str:
    """The JSON text for the tables that are in a folder, and for its observations."""
    found = [_resource(folder / f"{name}.csv", name, f"{name}.csv", table) for name, table in sorted(TABLES.items())]
    for name, table in sorted(OBSERVED.items()):
        found.append(_resource(folder / "observed" / f"{name}.csv", f"observed_{name}", f"observed/{name}.csv", table))
    resources = [resource for resource in found if resource]
    package = {"name": folder.name, "profile": "tabular-data-package", "resources": resources}
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
