"""A frictionless ``datapackage.json`` for a folder of tables, made from the schema so that any tool can check them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from waterflow.loading.schema import GRADES, TABLES, Column
from waterflow.loading.tables import read_text

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
    if column and column.choices:
        field["constraints"]["enum"] = list(column.choices)
    return field


def datapackage(folder: Path) -> str:
    """The JSON text for the tables that are in a folder."""
    resources = []
    for name, table in sorted(TABLES.items()):
        text, problems = read_text(folder / f"{name}.csv", name)
        if problems:
            continue
        header = next(csv.reader(io.StringIO(text)))
        columns = {spelling: c for c in table.columns for spelling in c.spellings}
        fields = [_field(column, columns) for column in header]
        resources.append({"name": name, "path": f"{name}.csv", "title": table.meaning, "schema": {"fields": fields}})
    package = {"name": folder.name, "profile": "tabular-data-package", "resources": resources}
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
