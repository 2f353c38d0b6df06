"""The figures of a plan's table, one by one, whichever of three forms it has.

Long: one row for each place and period. Wide: a column for each period, or a column for each place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from waterflow.errors import Problem
from waterflow.loading.spellings import plain, quantity_of, split_quantity, split_unit, unit_of
from waterflow.loading.spreadsheet import Cells
from waterflow.loading.typed_periods import is_period
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.near import did_you_mean

__all__ = ["Figure", "figures_of", "understood"]

#: our column -> other headers, plain
HEADERS: dict[str, tuple[str, ...]] = {
    "place": ("place", "node", "reach", "reservoir", "demand", "user", "canal", "name", "место", "пункт", "водохранилище", "канал"),
    "quantity": ("quantity", "what", "kind", "показатель", "величина"),
    "period": ("period", "month", "dekad", "date", "период", "месяц", "декада", "дата"),
    "unit": ("unit", "units", "единица", "ед", "единицы"),
    "value": ("value", "amount", "значение", "объем"),
    "note": ("note", "notes", "comment", "source", "grade", "was", "title", "примечание", "источник", "название"),
}
#: notes that go with a figure
NOTED: dict[str, tuple[str, ...]] = {"source": ("source", "источник"), "grade": ("grade", "качество")}
FORMS = mark("place, quantity, period, value_m3s (or value and unit); or a column for each period; or period and a column for each place")


@dataclass(frozen=True)
class Figure:
    """One typed figure, where it stands, how many of its unit one is, and its source and grade where the table has such columns."""

    where: str
    place: str
    quantity: str
    period: Any
    unit: str
    factor: float
    value: Any
    source: str = ""
    grade: str = ""


@dataclass(frozen=True)
class _Column:
    """A header: our name for it (empty for a place or a period), and the unit that stands in it."""

    header: Any
    ours: str
    unit: str
    factor: float


def _column(header: Any) -> _Column:
    stem, unit, factor = split_unit(header)
    if not str(header).strip():
        return _Column(header, "note", "", 1.0)
    if unit and (not stem or quantity_of(stem)):
        return _Column(header, "value", unit, factor)
    ours = next((name for name, others in HEADERS.items() if stem in others), "note" if stem.startswith("was_") else "")
    return _Column(header, ours, unit, factor)


class _Table:
    """A table whose header is understood."""

    def __init__(self, header: list[Any], shown: str) -> None:
        self.shown, self.columns = shown, [_column(name) for name in header]
        self.known = {c.ours: k for k, c in enumerate(self.columns) if c.ours}
        self.said = {name: k for k, c in enumerate(self.columns) for name, others in NOTED.items() if plain(c.header) in others}
        loose = [k for k, c in enumerate(self.columns) if not c.ours]
        self.values = [k for k, c in enumerate(self.columns) if c.ours == "value"]
        self.periods = [k for k in loose if is_period(header[k])]
        self.places = [k for k in loose if k not in self.periods]

    def problems(self) -> Iterator[Problem]:
        """What keeps the header from being one of the three forms."""
        long = "value" in self.known
        for k in (*self.places, *self.periods) if long else self.places if self.periods else ():
            guess = did_you_mean(plain(self.columns[k].header), [name for names in HEADERS.values() for name in names])
            where = say("{shown}, column {position}", shown=self.shown, position=k + 1)
            yield Problem("unknown-column", where, str(self.columns[k].header), say(FORMS), guess)
        for name in ("place", "quantity", "period", "unit"):
            alike = [str(c.header) for c in self.columns if c.ours == name]
            if len(alike) > 1:
                yield Problem("twice", self.shown, ", ".join(alike), say("one column {column}: these mean the same", column=name))
        wanted = ("place", "period") if long else ("place",) if self.periods else ("period",)
        for column in wanted:
            if column not in self.known:
                yield Problem("missing-column", self.shown, say("no column {column}", column=column), say(FORMS))
        if not (long or self.periods or self.places):
            yield Problem("missing-column", self.shown, say("no column with figures"), say(FORMS))

    def figures(self, line: list[Any], where: str) -> Iterator[Figure]:
        """The figures of one line."""
        if self.values:
            for k in self.values:
                quantity = self._cell(line, "quantity") or quantity_of(split_unit(self.columns[k].header)[0])
                at = where if len(self.values) == 1 else f"{where}, {self.columns[k].header}"
                yield self._figure(at, line, k, self._cell(line, "place"), quantity, self._cell(line, "period"))
            return
        for k in self.periods or self.places:
            header = self.columns[k].header
            at = f"{where}, {header}"
            if self.periods:
                yield self._figure(at, line, k, self._cell(line, "place"), self._cell(line, "quantity"), header)
            else:
                place, quantity = split_quantity(split_unit(header)[0])
                yield self._figure(at, line, k, place, self._cell(line, "quantity") or quantity, self._cell(line, "period"))

    def _cell(self, line: list[Any], column: str) -> Any:
        return line[self.known[column]] if column in self.known else ""

    def _figure(self, where: str, line: list[Any], k: int, place: Any, quantity: Any, period: Any) -> Figure:
        """A figure with the unit of its row, or of its column."""
        said = str(self._cell(line, "unit")).strip()
        unit, factor = unit_of(said) if said else (self.columns[k].unit, self.columns[k].factor)
        noted = {name: str(line[at]).strip() for name, at in self.said.items()}
        return Figure(where, str(place).strip(), str(quantity).strip(), period, unit or said, factor, line[k], **noted)


def understood(header: list[Any]) -> int:
    """How many columns of a header are understood, a unit that is named counting once more; 0 if it can be none of a plan."""
    table = _Table(header, "")
    return 0 if any(table.problems()) else len(header) + sum(bool(c.unit) for c in table.columns)


def figures_of(cells: Cells, shown: str) -> tuple[list[Figure], list[Problem]]:
    """Every typed figure of a table, and what is wrong with its form."""
    header, *rows = cells
    table = _Table(header, shown)
    problems, found = list(table.problems()), list[Figure]()
    if problems:
        return [], problems
    for number, row in enumerate(rows, start=2):
        where = say("{shown}, row {number}", shown=shown, number=number)
        if len(row) > len(header):
            allowed, cause = say("{count}, one for each column", count=len(header)), say("A stray comma?")
            problems.append(Problem("ragged-row", where, say_many("{count} cell", "{count} cells", len(row)), allowed, cause))
        elif any(str(cell).strip() for cell in row):
            found += table.figures([*row, *[""] * (len(header) - len(row))], where)
    if not found and not problems:
        problems.append(Problem("not-a-table", shown, say("a header without rows"), say("a header and rows")))
    return found, problems
