"""Facts of a season that has begun, and forecasts of runoff, as somebody typed them: a table with a row for each figure.

Columns ``quantity, place, period, value, unit, source, grade``; ``date`` may stand for ``period``. Quantities are ``storage``
(at the START of a day), ``release``, ``flow``, ``withdrawal``, ``runoff``, ``exchanged`` (of a clause) and ``unserved`` (of a party).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.calendar import Period
from waterflow.errors import InputError, Problem, unknown
from waterflow.loading.columns import GRADES
from waterflow.loading.decimal_signs import with_one_decimal_sign
from waterflow.loading.fact_table import sound
from waterflow.loading.places import Places
from waterflow.loading.spellings import ENERGIES, day_of, plain, unit_of
from waterflow.loading.spreadsheet import read_sheets
from waterflow.loading.typed_periods import typed_periods
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["SeenRow", "read_seen", "twice_problems"]

COLUMNS = ("quantity", "place", "period", "value", "unit", "source", "grade")
#: quantities besides those of a plan, and the field of the basin whose names they have
OWN = {"storage": "reservoirs", "runoff": "runoff", "exchanged": "exchanges", "unserved": "power"}
#: quantities of a plan: Places finds who is meant
PLANNED = ("release", "flow", "withdrawal")
KINDS = {"reservoirs": "reservoir", "runoff": "node", "exchanges": "clause", "power": "party"}


@dataclass(frozen=True)
class SeenRow:
    """One figure, Mm3 or GWh in one period, or Mm3 stored at the start of a day.

    ``quantity`` is ``storage``, ``flows``, ``deliveries``, ``runoff``, ``exchanged`` or ``unserved``; ``when`` a label or a date.
    """

    quantity: str
    name: str
    when: str | dt.date
    value: float
    source: str
    grade: str
    where: str


def read_seen(path: Path, basin: Basin) -> list[SeenRow]:
    """Read a table of facts.

    Parameters
    ----------
    path : Path
        CSV or workbook.
    basin : Basin
        The whole season.

    Raises
    ------
    InputError
        With everything wrong at once.
    """
    sheets = {name: cells for name, cells in read_sheets(path).items() if any(cells)}
    if len(sheets) != 1:
        found = say("an empty table") if not sheets else say("several sheets that may be meant: {names}", names=", ".join(sheets))
        raise Problem("not-a-table", path.name, found, ", ".join(COLUMNS)).refusal()
    cells = with_one_decimal_sign(next(iter(sheets.values())), path.name)
    reading = _Reading(basin, path.name)
    header = reading.header(cells[0])
    rows = [r for k, row in enumerate(cells[1:], start=2) if any(str(c).strip() for c in row) for r in reading.rows(header, row, k)]
    problems = [*reading.problems, *twice_problems(rows)]
    if not problems and not rows:
        problems.append(Problem("missing-rows", path.name, say("a header and nothing below it"), ", ".join(COLUMNS)))
    if problems:
        raise InputError(problems)
    return rows


def twice_problems(rows: list[SeenRow]) -> Iterator[Problem]:
    """Figures that stand twice, in one table or in several."""
    seen: dict[tuple[str, str, object], SeenRow] = {}
    for row in rows:
        key = (row.quantity, row.name, row.when)
        if key in seen:
            found = say("{name}, {when}: also in {other}", name=row.name, when=row.when, other=seen[key].where)
            yield Problem("twice", row.where, found, say("one figure for each place and period"))
        seen.setdefault(key, row)


class _Reading:
    """Rows as they are read, with every problem met."""

    def __init__(self, basin: Basin, shown: str) -> None:
        self.basin, self.shown, self.places = basin, shown, Places(basin)
        self.problems: list[Problem] = []

    def header(self, row: list[Any]) -> dict[str, int]:
        """Position of each column."""
        found = {plain(cell): k for k, cell in enumerate(row)}
        if "date" in found and "period" not in found:
            found["period"] = found.pop("date")
        for name in COLUMNS:
            if name not in found:
                self.problems.append(
                    Problem("missing-column", self.shown, say("no column {name}", name=name), ", ".join(COLUMNS), slip(name, found))
                )
        for name in found:
            if name not in (*COLUMNS, "note", "date"):
                self.problems.append(Problem("unknown-column", self.shown, name, ", ".join((*COLUMNS, "note"))))
        if self.problems:
            raise InputError(self.problems)
        return found

    def rows(self, header: dict[str, int], row: list[Any], number: int) -> Iterator[SeenRow]:
        """The figures of one line: a month of a calendar by dekads is several."""
        where = say("{shown}, row {number}", shown=self.shown, number=number)
        cells = {name: row[k] if k < len(row) else "" for name, k in header.items()}
        before = len(self.problems)
        quantity = plain(cells["quantity"])
        owner = self._owner(quantity, str(cells["place"]).strip(), where)
        value = self._value(cells["value"], where, signed=quantity == "runoff")
        source, grade = str(cells["source"]).strip(), str(cells["grade"]).strip()
        if not source:
            self.problems.append(Problem("blank", f"{where}, source", say("a blank"), say("where the figure comes from")))
        if grade not in GRADES:
            self.problems.append(
                Problem("unknown-grade", f"{where}, grade", grade or say("a blank"), " | ".join(GRADES), slip(grade, GRADES))
            )
        spans = self._spans(quantity, cells["period"], where)
        factor, rate = self._unit(quantity, cells["unit"], where)
        if len(self.problems) > before or owner is None:
            return
        days = sum(p.days for p in spans) if spans and not isinstance(spans[0], dt.date) else 1
        for when in spans:
            if isinstance(when, dt.date):
                yield SeenRow(owner[0], owner[1], when, value * factor, source, grade, where)
            else:
                amount = value / when.rate if rate else value * factor * when.days / days
                yield SeenRow(owner[0], owner[1], when.label, amount, source, grade, where)

    def _owner(self, quantity: str, place: str, where: str) -> tuple[str, str] | None:
        """The series a figure belongs to, and whose it is."""
        if quantity in OWN:
            known = getattr(self.basin, OWN[quantity])
            if place in known:
                return quantity, place
            self.problems.append(unknown(KINDS[OWN[quantity]], where, place, known))
            return None
        if quantity not in PLANNED:
            allowed = (*OWN, *PLANNED)
            self.problems.append(
                Problem("unknown-quantity", where, quantity or say("a blank"), " | ".join(allowed), slip(quantity, allowed))
            )
            return None
        # a gauge on a reach is a fact, though no plan decides what passes it
        if quantity == "flow" and place in self.basin.reaches:
            return "flows", place
        found = self.places.find(place, quantity, where)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return ("deliveries" if found[0] == "demand" else "flows"), found[1]

    def _value(self, cell: Any, where: str, *, signed: bool) -> float:
        value = sound(cell, signed=signed)
        if isinstance(value, Problem):
            self.problems.append(Problem(value.code, where, value.found, value.allowed, value.cause))
            return 0.0
        return value

    def _unit(self, quantity: str, cell: Any, where: str) -> tuple[float, bool]:
        """How many of ours one is, and whether it is a rate."""
        energy = quantity in ("exchanged", "unserved")
        if energy and plain(cell) in ENERGIES:
            return ENERGIES[plain(cell)], False
        unit, factor = unit_of(cell)
        if not energy and unit and not (quantity == "storage" and unit == "m3/s"):
            return factor, unit == "m3/s"
        allowed = "GWh | TWh | MWh" if energy else "Mm3 | km3" if quantity == "storage" else "Mm3 | km3 | m3/s"
        self.problems.append(Problem("unknown-unit", where, str(cell) or say("a blank"), allowed))
        return 1.0, False

    def _spans(self, quantity: str, cell: Any, where: str) -> list[dt.date] | list[Period]:
        """The day of a storage, or the periods of any other figure."""
        if quantity == "storage":
            day = day_of(cell)
            if day is None:
                self.problems.append(
                    Problem("bad-date", where, str(cell) or say("a blank"), say("a day, as 2025-01-01: storage at its start"))
                )
            return [day] if day else []
        typed = typed_periods(cell, self.basin.calendar, dekads=self.basin.calendar.step == "dekad")
        if isinstance(typed, Problem):
            self.problems.append(Problem(typed.code, where, typed.found, typed.allowed, typed.cause))
            return []
        return [self.basin.calendar.periods[k] for k in typed.periods]
