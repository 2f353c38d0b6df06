"""Grades in the table: which figures rest on guesses, said where the figures stand."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.accounts.facts import Inputs
from waterflow.report.names import table_called
from waterflow.words.catalogue import say
from waterflow.words.layout import paragraph
from waterflow.words.numbers import number

__all__ = ["resting_on"]


def resting_on(inputs: Inputs, *tables: str) -> Iterator[str]:
    """How many input rows behind a section are guesses, in one line; nothing where none is."""
    told = []
    for table in tables:
        counts = inputs.by_table.get(table, {})
        guesses = counts.get("assumed", 0) + counts.get("unverified", 0)
        if guesses:
            all_rows = number(sum(counts.values()))
            told.append(say("{table} {count} of {all}", table=table_called(table), count=number(guesses), all=all_rows))
    if told:
        yield paragraph(say("Rows behind this that are assumed or unverified: {tables}.", tables=", ".join(told)), "", "  ")
