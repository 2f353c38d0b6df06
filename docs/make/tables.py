"""The reference of tables: ``python -m docs.make.tables`` writes it from the schema that reads them."""

from __future__ import annotations

import sys

from docs.make.pages import ROOT, filled, kept, table
from waterflow.loading.columns import Column, Table
from waterflow.loading.schema import TABLES
from waterflow.units import SUFFIXES, split_unit

PAGE = "docs/reference/tables.md"
#: what may stand in a column by its kind; numbers and choices say more
MAY_STAND = {
    "name": "letters, digits and `_`, beginning with a letter",
    "text": "any text",
    "count": "a whole number",
    "date": "`2024-10-01`",
    "day": "`2024-10-01`, or `10-01` of every year",
}
#: what days of every year mean, by what a table's figures are
YEARLY = {
    "": "",
    "rate": " Days of every year hold wherever they lie in the horizon.",
    "volume": " Days of every year stand in each year that the horizon holds whole; a year it cuts is told and not counted.",
}
TIMED = "`month` or `period` | count, period | | 1 to 12, or `2024-10`, or `2024-10-d1`"


def _allowed(column: Column) -> str:
    if column.kind == "choice":
        return " \\| ".join(f"`{choice}`" for choice in column.choices)
    if column.kind != "number":
        return MAY_STAND[column.kind] + ("; may be left out" if column.optional else "")
    share = column.name.endswith("_fraction") and not column.ratio
    return "any number" if column.signed else "0 to 1" if share else "0 or more"


def _column(column: Column) -> str:
    units = [SUFFIXES.get(split_unit(name)[1], "") for name in column.spellings]
    return f"{' or '.join(f'`{name}`' for name in column.spellings)} | {column.kind} | {' or '.join(units)} | {_allowed(column)}"


def section(described: Table) -> str:
    """A table: what a row means, what no two rows share, its columns."""
    key = ", ".join(f"`{name}`" for name in described.key) + (" and the month or period" if described.timed else "")
    rows = [_column(c) for c in described.columns] + ([TIMED] if described.timed else [])
    shown = table("Column | Kind | Unit | What may stand there", rows)
    return f"## {described.name}\n\n{described.meaning}. Key: {key}.{YEARLY[described.yearly]}\n\n{shown}"


def main() -> int:
    """Write the page, or with ``--check`` tell if it would change."""
    made = {"tables": "\n\n".join(section(t) for t in TABLES.values())}
    return kept({PAGE: filled((ROOT / PAGE).read_text(encoding="utf-8"), made.get)}, "tables")


if __name__ == "__main__":
    sys.exit(main())
