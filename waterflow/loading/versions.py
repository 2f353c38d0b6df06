"""Versions: rows of a table as somebody else has them, in place of a model's own, and the difference row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from waterflow.errors import InputError, Problem
from waterflow.loading.columns import Table
from waterflow.loading.model import Model
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row, read_table
from waterflow.words.catalogue import say, say_many
from waterflow.words.near import slip

__all__ = ["Disputed", "Version", "told", "with_version"]

#: columns that say where a row comes from, not what it says
ABOUT = ("source", "grade", "note")


@dataclass(frozen=True)
class Disputed:
    """A figure that two versions have differently: the row's key, the column, and what each has."""

    row: tuple[str, ...]
    column: str
    own: float | str
    other: float | str


@dataclass(frozen=True)
class Version:
    """A model with some rows of a table as a file has them.

    Attributes
    ----------
    model : Model
    table : str
    rows : int
        How many rows the file has.
    differences : tuple of Disputed
    """

    model: Model
    table: str
    rows: int
    differences: tuple[Disputed, ...]


def with_version(model: Model, asked: str, option: str) -> Version:
    """A model with some rows replaced.

    Parameters
    ----------
    model : Model
    asked : str
        ``TABLE=FILE.csv``: a table, and a file with its columns. Each row replaces the row of the model with the same key.
    option : str
        The option that asked, for messages.

    Raises
    ------
    InputError
        If there is no such table or file, a row cannot be read, or has no counterpart among the rows of the model.
    """
    name, sign, path = asked.partition("=")
    if not sign or name not in TABLES or not path:
        raise Problem("unknown-table", option, asked, "TABLE=FILE.csv: " + ", ".join(TABLES), slip(name, TABLES)).refusal()
    file = Path(path)
    table = TABLES[name]
    rows, problems = read_table(file, file.name, table, _AnySource())
    if problems:
        raise InputError(problems)
    own = {_key(table, row): row for row in model.rows.get(name, ())}
    strange = [row for row in rows if _key(table, row) not in own]
    if strange or not rows:
        cause = say("Only rows that the model has in this scenario can be replaced.")
        found = [Problem("no-series", row.where, ", ".join(_key(table, row)), say("a row of the model"), cause) for row in strange]
        raise InputError(found or [Problem("not-a-table", file.name, say("no row"), say("a row or more"))])
    others = {_key(table, row): row for row in rows}
    differences = tuple(d for key, row in others.items() for d in _differences(key, own[key], row))
    chosen = [others.get(key, row) for key, row in own.items()]
    return Version(replace(model, rows={**model.rows, name: chosen}), name, len(rows), differences)


def _key(table: Table, row: Row) -> tuple[str, ...]:
    names = (*table.key, *(name for name in ("month", "period") if name in row.values))
    return tuple(str(row.values[name]) for name in names if name in row.values)


def _differences(key: tuple[str, ...], own: Row, other: Row) -> Sequence[Disputed]:
    figures = [n for n in own.values if n in other.values and n not in ABOUT and own.values[n] != other.values[n]]
    found = [Disputed(_shown(key), name, _plain(own.values[name]), _plain(other.values[name])) for name in figures]
    if own.unit != other.unit:
        found.append(Disputed(_shown(key), "unit", own.unit, other.unit))
    return found


def _shown(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(x.removesuffix(".0") for x in key if x)


def _plain(value: object) -> float | str:
    return value if isinstance(value, float) else str(value)


class _AnySource(frozenset[str]):
    """Sources of a file that need stand in no list."""

    def __contains__(self, name: object) -> bool:
        return bool(name)


def told(version: Version) -> str:
    """That some rows are private, without what they say."""
    return say_many(
        "{count} row of {table} is private: no answer shows it.",
        "{count} rows of {table} are private: no answer shows them.",
        version.rows,
        table=version.table,
    )
