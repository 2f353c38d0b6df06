"""Rows of a ledger: one line of JSON each, with the digest of itself chained to the row that was last when it was typed.

A digest is the SHA-256 of the line up to the digest. It shows that nothing was changed, lost or put in between; it does not show
who wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from waterflow.errors import Problem
from waterflow.ledger.sound import unsound
from waterflow.words.catalogue import say

__all__ = ["BEGINNING", "KINDS", "Row", "chained", "digest_of_rows", "key_of", "rows_of"]

#: what a row may be: a figure, or what the plan says of a place, a way, a clause, a limit; or who holds a gate
KINDS = ("plan", "fact", "forecast", "season", "place", "way", "clause", "limit", "holder")
#: what the first row of a chain follows
BEGINNING = "0" * 64
HEAD, PERIOD, CORRECTS, PREV, MARK = b'{"kind": "', b'"period": "', b'"corrects": "', b'"prev": "', b', "digest": "'
KINDS_BYTES = frozenset(kind.encode() for kind in KINDS)
#: what tells figures apart; a forecast is the central estimate where it does not say ``low`` or ``high``
KEY = ("kind", "place", "quantity", "period", "source", "issued", "estimate")
#: what stands in a row beside what it says
AROUND = ("by", "typed", "prev", "digest")


class Row:
    """A row: its line, and its number in the file (0 before it is written). What it says is read when it is first asked for.

    Attributes
    ----------
    raw : bytes
        The line.
    line : int
    """

    # a ledger of a century has a hundred thousand rows, of which a season needs a thousand
    __slots__ = ("_fields", "line", "raw")

    def __init__(self, raw: bytes, line: int = 0) -> None:
        self.raw, self.line = raw, line
        self._fields: dict[str, Any] | None = None

    @property
    def links(self) -> tuple[bytes, bytes]:
        """The digest of the line, and that of the one it was written after: 64 signs each."""
        return self.raw[-66:-2], self.raw[-144:-80]

    @property
    def digest(self) -> str:
        """Of the line."""
        return self.raw[-66:-2].decode()

    @property
    def prev(self) -> str:
        """The digest of the line it was written after."""
        return self.raw[-144:-80].decode()

    @property
    def fields(self) -> dict[str, Any]:
        """What stands in the line.

        Raises
        ------
        InputError
            If it is no JSON, or does not say what a row of its kind says, although it has its digest.
        """
        if self._fields is None:
            where, allowed = say("line {number}", number=self.line), say("every row as waterflow writes it")
            try:
                found = json.loads(self.raw)
            except (ValueError, RecursionError) as error:
                raise Problem("broken-ledger", where, say("a row that is no JSON"), allowed).refusal() from error
            if wrong := unsound(found):
                told = say("a row of the kind {kind} without a sound {field}", kind=self.kind, field=wrong)
                raise Problem("broken-ledger", where, told, allowed).refusal()
            self._fields = found
        return self._fields

    def __getitem__(self, name: str) -> Any:
        """A field, empty where the row has none of that name."""
        return self.fields.get(name, "")

    def __eq__(self, other: object) -> bool:
        """Alike if they are the same row."""
        return isinstance(other, Row) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Row {self.line}: {self.raw[:80].decode(errors='replace')}>"

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self.raw[len(HEAD) : self.raw.index(b'"', len(HEAD))].decode()

    @property
    def corrects(self) -> str:
        """The digest of the row that it corrects; empty where it corrects none."""
        # a quotation mark in a text is written with a backslash before it, so this is no part of a text
        at = self.raw.find(CORRECTS)
        return "" if at < 0 else self.raw[at + len(CORRECTS) : at + len(CORRECTS) + 64].decode()

    @property
    def period(self) -> str:
        """The label of its period; empty where it has none."""
        at = self.raw.find(PERIOD)
        return "" if at < 0 else self.raw[at + len(PERIOD) : self.raw.index(b'"', at + len(PERIOD))].decode()

    @property
    def key(self) -> tuple[str, ...]:
        """What it is a figure of; two rows of one key say the same thing twice, or contradict one another."""
        return key_of({"kind": self.kind, **self.fields})

    @property
    def series(self) -> tuple[str, str, str]:
        """Whose figure it is: place, quantity, source."""
        return self["place"], self["quantity"], self["source"]

    @property
    def said(self) -> str:
        """What it says, without who typed it and when: alike in two ledgers that agree."""
        return json.dumps({k: v for k, v in self.fields.items() if k not in AROUND}, ensure_ascii=False, sort_keys=True)


def key_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row is a figure of: fact or forecast, place, quantity, period, source, day of issue, and which estimate it is."""
    return tuple(str(said.get(name, "")) for name in KEY)


def rows_of(content: bytes) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """The rows of a file, and the numbers of lines that are none, or not as they were written."""
    lines = content.split(b"\n")
    rows = tuple(Row(line, k) for k, line in enumerate(lines, start=1) if _is_whole(line))
    whole = {row.line for row in rows}
    return rows, tuple(k for k, line in enumerate(lines, start=1) if line and k not in whole)


def _is_whole(line: bytes) -> bool:
    """True for a line as `chained` writes it: a kind first, and last the digest of all before it."""
    body, mark, rest = line.rpartition(MARK)
    ends = bool(mark) and rest[-2:] == b'"}' and rest[:-2] == sha256(body).hexdigest().encode()
    return ends and line.startswith(HEAD) and body[-74:-65] == PREV and line[len(HEAD) : line.index(b'"', len(HEAD))] in KINDS_BYTES


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
        body = json.dumps(whole, ensure_ascii=False, allow_nan=False)[:-1].encode()
        prev = sha256(body).hexdigest()
        made.append(Row(body + MARK + prev.encode() + b'"}'))
    return made


def digest_of_rows(rows: Sequence[Row]) -> str:
    """The digest of a whole ledger: alike for the same rows, in whatever order they were merged."""
    return sha256(b"\n".join(sorted(row.links[0] for row in rows))).hexdigest()
