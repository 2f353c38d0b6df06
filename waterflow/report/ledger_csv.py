"""A ledger for spreadsheets: facts that stand, as a table that is read again; how the season stands, one number to a row."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.ledger.ledger import Ledger
from waterflow.ledger.status_facts import LedgerStatus
from waterflow.report.csvs import HEAD, facts_rows, written_csv
from waterflow.report.sheets import Rows

__all__ = ["fact_rows", "status_csv"]


def fact_rows(book: Ledger) -> Rows:
    """Facts that stand, as `ledger add` reads them."""
    names = ("place", "quantity", "period", "value", "unit", "source", "grade")
    return [list(names), *([row[name] for name in names] for row in book.facts)]


def status_csv(found: LedgerStatus) -> str:
    """Every number of every fact, one to a row."""

    def rows() -> Iterator[tuple[object, ...]]:
        for name in type(found).model_fields:
            value = getattr(found, name)
            if isinstance(value, tuple):
                yield from facts_rows(name, value, found.horizon)

    return written_csv(HEAD, rows())
