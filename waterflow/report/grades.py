"""Grades in the table: which figures rest on guesses, said where the figures stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.words.layout import paragraph

__all__ = ["resting_on"]


def resting_on(facts: dict[str, Any], *tables: str) -> Iterator[str]:
    """How many input rows behind a section are guesses, in one line; nothing where none is."""
    said = []
    for table in tables:
        counts = facts["inputs"]["by_table"].get(table, {})
        doubtful = counts.get("assumed", 0) + counts.get("unverified", 0)
        said += [f"{table} {doubtful} of {sum(counts.values())}"] if doubtful else []
    if said:
        yield paragraph(f"Rows behind this that are assumed or unverified: {', '.join(said)}.", "", "  ")
