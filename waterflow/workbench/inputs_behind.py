"""The rows of input behind what the page shows: table by table, owner by owner, with grades and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.loading.model import Model
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row
from waterflow.report.names import table_called
from waterflow.workbench.grounds_facts import InputGroup, InputsFacts, InputTable, SourceShown

__all__ = ["assumed_inputs", "input_tables", "sources_of"]

#: grades of rows that are guesses
GUESSES = ("assumed", "unverified")
#: columns that say whose a row is, the closest first
OWNERS = ("demand", "plant", "place", "reservoir", "reach", "node", "party", "supply", "export", "alarm")
#: what stands in a cell that says nothing
NOTHING = ("", "-")


def input_tables(model: Model, basin: Basin, *, behind: Mapping[str, frozenset[str]]) -> tuple[InputTable, ...]:
    """Rows of some tables that are about some names.

    Parameters
    ----------
    model : Model
    basin : Basin
        Who knows what they are called.
    behind : mapping of str to set of str
        The names of each table.
    """
    chosen = {table: [row for row in model.rows.get(table, ()) if not names.isdisjoint(_about(row))] for table, names in behind.items()}
    return tuple(_table(basin, table, rows) for table, rows in chosen.items() if rows)


def assumed_inputs(model: Model, basin: Basin) -> InputsFacts:
    """Every row of input that is a guess, the tables with most of them first."""
    assumed, rows = basin.assumed_rows()
    chosen = {table: [row for row in model.rows[table] if row.text("grade") in GUESSES] for table in model.grades}
    tables = sorted((_table(basin, table, found) for table, found in chosen.items() if found), key=lambda t: -t.assumed)
    shown = tuple(t.model_copy(update={"rows": sum(model.grades[t.table].values())}) for t in tables)
    return InputsFacts(status="inputs", rows=rows, assumed=assumed, tables=shown, sources=sources_of(model, shown))


def sources_of(model: Model, tables: Iterable[InputTable]) -> tuple[SourceShown, ...]:
    """The sources of some rows, once each."""
    keys = dict.fromkeys(g.source for t in tables for g in t.groups)
    return tuple(_source(model, key) for key in keys)


def _source(model: Model, key: str) -> SourceShown:
    about = model.sources.get(key, {})
    url = str(about.get("url", ""))
    # what is not an address of the web is told, and opens nothing
    return SourceShown(key=key, title=str(about.get("title", key)), url=url if url.startswith(("https://", "http://")) else "")


def _about(row: Row) -> list[str]:
    return [row.text(column) for column in OWNERS if column in row.values]


def _table(basin: Basin, table: str, rows: list[Row]) -> InputTable:
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((_owner(table, row), row.text("grade"), row.text("source")), []).append(row)
    ranked = sorted(groups.items(), key=lambda found: (found[0][1] not in GUESSES, -len(found[1])))
    return InputTable(
        table=table,
        title=table_called(table),
        rows=len(rows),
        assumed=sum(row.text("grade") in GUESSES for row in rows),
        groups=tuple(
            InputGroup(
                name=owner, title=called(basin, owner), grade=grade, source=source, rows=len(own), first=own[0].where, note=_note(own[0])
            )
            for (owner, grade, source), own in ranked
        ),
    )


def _owner(table: str, row: Row) -> str:
    return next((row.text(c) for c in OWNERS if c in row.values and row.text(c) not in NOTHING), row.text(TABLES[table].owner))


def _note(row: Row) -> str:
    found = str(row.values.get("note", ""))
    return "" if found in NOTHING else found
