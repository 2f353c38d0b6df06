"""The facts as one long table for spreadsheets: section, place, window, quantity, unit, value.

Every number of every fact has a row. What it is called, its unit, place and window come from the models alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from waterflow.accounts.comparison_facts import Comparison, PartyComparison
from waterflow.accounts.fact import Fact
from waterflow.accounts.facts import PlanFacts
from waterflow.units import split_unit

__all__ = ["HEAD", "facts_rows", "side_by_side_csv", "write_csv", "written_csv"]

HEAD = ("section", "place", "window", "quantity", "unit", "value")
Row = tuple[str, str, str, str, str, Any]


def _numbers(section: str, fact: Fact, place: str, window: str, lead: str = "") -> Iterator[Row]:
    """One row for each number of a fact and of the facts in it; what a river lacks has no row."""
    place = "/".join(filter(None, [place, *(str(getattr(fact, name, None) or "") for name in fact.named_by)]))
    window = str(getattr(fact, fact.timed_by, None) or window)
    for name in type(fact).model_fields:
        value = getattr(fact, name)
        if isinstance(value, Fact):
            yield from _numbers(section, value, place, window, f"{lead}{name}_")
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, Fact):
                    yield from _numbers(section, part, place, window, lead)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            quantity, unit = split_unit(name)
            yield (section, place, window, f"{lead}{quantity}", unit or str(getattr(fact, "unit", "")), value)


def facts_rows(section: str, found: Iterable[object], horizon: str) -> Iterator[Row]:
    """One row for each number of some facts; what is no fact has none."""
    for fact in found:
        if isinstance(fact, Fact):
            yield from _numbers(section, fact, "", horizon)


def _rows(facts: PlanFacts) -> Iterator[Row]:
    horizon = facts.horizon
    if facts.objective is not None:
        yield ("summary", facts.model, horizon, "objective", facts.objective_unit, facts.objective)
    for name in type(facts).model_fields:
        value = getattr(facts, name)
        if name == "stages":
            yield from (("stages", s.name, horizon, s.sense, s.unit, s.value) for s in facts.stages)
        elif isinstance(value, tuple):
            yield from facts_rows(name, value, horizon)
        elif name in ("account", "shortages"):
            for part in type(value).model_fields:
                yield from facts_rows(f"{name}.{part}", getattr(value, part), horizon)
        elif isinstance(value, Fact):
            yield from _numbers(name, value, facts.model, horizon)
    for table, counts in facts.inputs.by_table.items():
        yield from (("inputs", table, horizon, f"rows_{grade}", "", count) for grade, count in counts.items())
    yield ("summary", facts.model, horizon, "in_transit", "Mm3", facts.in_transit_Mm3)


def write_csv(facts: PlanFacts) -> str:
    """The facts as CSV text with a heading; numbers in full, one to a row."""
    return written_csv(HEAD, _rows(facts))


def side_by_side_csv(found: Comparison | PartyComparison) -> str:
    """Plans side by side as CSV text: what a row is, then a column for each plan; empty where a plan has no such figure."""
    names = found.scenarios if isinstance(found, Comparison) else found.agreements
    about = [name for name in type(found.rows[0]).model_fields if name not in ("title", "days", "values")]
    rows = ([*(getattr(row, name) for name in about), *row.values.values()] for row in found.rows)
    return written_csv([*about, *names], rows)


def written_csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A heading and rows as CSV text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
