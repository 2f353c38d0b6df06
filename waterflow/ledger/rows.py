"""Rows of a ledger: one line of JSON each, with the digest of itself chained to the row that was last when it was typed.

A digest is the SHA-256 of the line up to the digest. It shows that nothing was changed, lost or put in between; it does not show
who wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

__all__ = ["BEGINNING", "KINDS", "Row", "chained", "digest_of_rows", "row_of"]

#: what a row may be: a figure, or what the plan says of a place, a way, a clause, a limit; or who holds a gate
KINDS = ("plan", "fact", "forecast", "season", "place", "way", "clause", "limit", "holder")
#: what the first row of a chain follows
BEGINNING = "0" * 64
MARK = ', "digest": "'
#: what stands in a row beside what it says
AROUND = ("by", "typed", "prev", "digest")


@dataclass(frozen=True)
class Row:
    """A row: its fields as they stand in the line, and the line in which it stands (0 before it is written)."""

    fields: Mapping[str, Any]
    text: str
    line: int = 0

    def __getitem__(self, name: str) -> Any:
        """A field, empty where the row has none of that name."""
        return self.fields.get(name, "")

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return str(self.fields["kind"])

    @property
    def digest(self) -> str:
        """Of the line, 64 signs."""
        return str(self.fields["digest"])

    @cached_property
    def series(self) -> tuple[str, str, str]:
        """Whose figure it is: place, quantity, source."""
        f = self.fields
        return (f.get("place", ""), f.get("quantity", ""), f.get("source", ""))

    @cached_property
    def key(self) -> tuple[str, ...]:
        """What it is a figure of; two rows of one key say the same thing twice, or contradict one another."""
        f = self.fields
        return (f["kind"], f.get("place", ""), f.get("quantity", ""), f.get("period", ""), f.get("source", ""), f.get("issued", ""))

    @cached_property
    def said(self) -> str:
        """What it says, without who typed it and when: alike in two ledgers that agree."""
        return json.dumps({k: v for k, v in self.fields.items() if k not in AROUND}, ensure_ascii=False, sort_keys=True)


def row_of(text: str, line: int) -> Row | None:
    """The row in a line; None if it is no row, or not as it was written."""
    body, mark, rest = text.rpartition(MARK)
    if not mark or not rest.endswith('"}') or rest[:-2] != sha256(body.encode()).hexdigest():
        return None
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    sound = isinstance(fields, dict) and fields.get("kind") in KINDS and isinstance(fields.get("prev"), str)
    return Row(fields, text, line) if sound else None


def chained(what: Sequence[Mapping[str, Any]], prev: str, by: str, typed: str) -> list[Row]:
    """Rows to be written after the one whose digest is ``prev``.

    Parameters
    ----------
    what : sequence of mapping
        What each row says, its kind first.
    prev : str
    by : str
        Who typed it.
    typed : str
        When, as ISO 8601 in UTC.
    """
    made = []
    for fields in what:
        whole = {**fields, "by": by, "typed": typed, "prev": prev}
        body = json.dumps(whole, ensure_ascii=False, allow_nan=False)[:-1]
        prev = sha256(body.encode()).hexdigest()
        made.append(Row({**whole, "digest": prev}, f'{body}{MARK}{prev}"}}'))
    return made


def digest_of_rows(rows: Sequence[Row]) -> str:
    """The digest of a whole ledger: alike for the same rows, in whatever order they were merged."""
    return sha256("\n".join(sorted(row.digest for row in rows)).encode()).hexdigest()
