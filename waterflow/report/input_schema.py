"""The JSON Schema of every input: each table as a list of rows, each YAML file, the figures of what-if questions.

Made from the same columns and models as the readers, so that it cannot say another thing. What needs more than one file to be
judged (a name of another table, a series there is) a schema cannot see: ``waterflow check`` does.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from waterflow.futures.tree_file import TREE
from waterflow.loading.agreements import CLAUSES, AgreementFile
from waterflow.loading.columns import GRADES, Column, Table
from waterflow.loading.model_file import ModelFile, ScenarioFile
from waterflow.loading.observed import OBSERVED
from waterflow.loading.offers import OffersFile
from waterflow.loading.schema import TABLES
from waterflow.units import FACTORS

__all__ = ["INPUTS", "inputs_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: how `waterflow schema` and the published file call it
INPUTS = "inputs"
TITLE = "Inputs of waterflow"
PLACE = "#/$defs/{model}"
YAML_FILES: dict[str, type[BaseModel]] = {"model": ModelFile, "scenario": ScenarioFile, "agreement": AgreementFile, "offers": OffersFile}
TEXTS = {
    "name": "^[A-Za-z][A-Za-z0-9_]*$",
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "day": r"^(\d{4}-)?\d{2}-\d{2}$",
    "period": r"^\d{4}-(0[1-9]|1[0-2])(-d[123])?$",
    "span": r"^\d{4}-(0[1-9]|1[0-2])(-d[123]|-(0[1-9]|[12]\d|3[01])w?)?$",
}
#: a figure of a question: another one, in a unit or not, or so many times the model's own
QUESTION = r"^x?[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?( ?[A-Za-z][A-Za-z0-9/]*)?$"


def _cell(column: Column) -> dict[str, Any]:
    """What may stand in a column, numbers as numbers."""
    if column.kind == "choice":
        return {"enum": list(column.choices)}
    if column.kind not in ("number", "count"):
        pattern = TEXTS.get(column.kind)
        return {"type": "string"} | ({"pattern": pattern} if pattern else {"minLength": 0 if column.optional else 1})
    cell: dict[str, Any] = {"type": "integer" if column.kind == "count" else "number"}
    if column.name == "month":
        return cell | {"minimum": 1, "maximum": 12}
    if not column.signed:
        cell["minimum"] = 0
    if column.name.endswith("_fraction") and not column.ratio:
        cell["maximum"] = 1
    return cell


def _table(table: Table) -> dict[str, Any]:
    """A table as a list of its rows."""
    cells = {spelling: _cell(column) for column in table.columns for spelling in column.spellings}
    needed = [column.name for column in table.columns if not column.optional and not column.flow]
    either = [[{"required": [spelling]} for spelling in c.spellings] for c in table.columns if c.flow and not c.optional]
    if table.timed:
        times = {"month": _cell(Column("month", "count")), "period": _cell(Column("period", "span" if len(table.times) > 1 else "period"))}
        cells |= {name: times[name] for name in table.times}
        either.append([{"required": [name]} for name in table.times])
    about = {"source": {"type": "string", "minLength": 1}, "grade": {"enum": list(GRADES)}, "note": {"type": "string"}}
    row: dict[str, Any] = {"type": "object", "properties": cells | about, "required": [*needed, "source", "grade"]}
    row["additionalProperties"] = False
    if either:
        row["allOf"] = [{"oneOf": choice} for choice in either]
    return {"title": table.name, "description": table.meaning, "type": "array", "items": row}


def _clause(defs: dict[str, Any]) -> dict[str, Any]:
    """A clause as a file has it: its name is ``id``, and its signatories may be those of the file."""
    found = CLAUSES.json_schema(ref_template=PLACE)
    for name, made in found.pop("$defs", {}).items():
        if "name" in made.get("properties", {}) and "type" in made["properties"]:
            made["properties"]["id"] = made["properties"].pop("name")
            made["required"] = ["id" if key == "name" else key for key in made.get("required", []) if key != "signatories"]
        defs[name] = _in_any_unit(made)
    return found


def _in_any_unit(made: dict[str, Any]) -> dict[str, Any]:
    """A figure that may be written in other units of its kind: one spelling of them."""
    if "written_in" not in made.get("properties", {}):
        return made
    for key in list(made["properties"]):
        quantity, _, unit = key.rpartition("_")
        others = [f"{quantity}_{other}" for other, (ours, _) in FACTORS.items() if ours == unit]
        made["properties"] |= dict.fromkeys(others, made["properties"][key])
        if others and key in made.get("required", []):
            made["required"] = [name for name in made["required"] if name != key]
            made["oneOf"] = [{"required": [name]} for name in (key, *others)]
    return made


def inputs_schema() -> dict[str, Any]:
    """The schema (2020-12), a part of ``$defs`` for each file.

    These are ``model``, ``scenario``, ``agreement``, ``offers``, ``sources``, ``questions``, ``tree``, and each table as ``table.NAME``
    or ``observed.NAME``.
    """
    defs: dict[str, Any] = {}
    clause = _clause(defs)
    for name, cls in YAML_FILES.items():
        made = cls.model_json_schema(ref_template=PLACE)
        for inner, schema in made.pop("$defs", {}).items():
            defs.setdefault(inner, schema)
        defs[name] = made
    defs["clause"] = clause
    defs["agreement"]["properties"]["clauses"] = {"type": "array", "items": {"$ref": "#/$defs/clause"}}
    entry = {"type": "object", "properties": {"title": {"type": "string"}}}
    defs["sources"] = {"description": "`sources.yaml`: what every row names.", "type": "object", "additionalProperties": entry}
    figure = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": QUESTION}]}
    questions = "What-if questions by address (`waterflow addresses`), as in --set and in the workbench."
    defs["questions"] = {"description": questions, "type": "object", "additionalProperties": figure}
    defs["tree"] = _table(TREE)
    defs |= {f"table.{name}": _table(table) for name, table in TABLES.items()}
    defs |= {f"observed.{name}": _table(table) for name, table in OBSERVED.items()}
    about = "Pick the part that a file is: #/$defs/model, #/$defs/table.runoff"
    return {"$schema": DIALECT, "title": TITLE, "description": about, "$defs": dict(sorted(defs.items()))}
