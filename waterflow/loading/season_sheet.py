"""One sheet of a season, figure by figure: names, spans, units and estimates understood, every fault named with its cell."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from waterflow.calendar import Calendar
from waterflow.errors import Problem
from waterflow.loading.columns import GRADES
from waterflow.loading.season_numbers import PER_CENT, with_numbers
from waterflow.loading.season_words import COLUMNS, ESTIMATES, Kind, Span, estimate_of, known_word, measure_of, span_of, truth_of
from waterflow.loading.spellings import plain
from waterflow.loading.spreadsheet import Cells
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean

__all__ = ["Figure", "Form", "figures_of"]

#: lines in which a header is looked for, below titles
TITLES = 10
#: a row of per cent whose figures are all below this is one of shares
LIKE_SHARES = 3.0
#: what people write for "nothing here"
DASHES = ("-", "–", "—", "...", "…")
NO_SIGNS = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "'": "", "\u2019": "", "\u2212": "-"})


@dataclass(frozen=True)
class Form:
    """What a sheet may hold.

    Attributes
    ----------
    name : str
    names : mapping of plain spelling to name
        Names and titles of what its rows are about.
    kinds : tuple of Kind
        What its figures may measure, the first where no unit stands.
    estimates : bool
        True if a row is of a low, mean or high estimate, or the norm.
    truths : bool
        True if its figures are yes and no.
    day : date, optional
        The day its figures are of: a figure of no days, or of days that begin then, is of that day.
    """

    name: str
    names: Mapping[str, str]
    kinds: tuple[Kind, ...] = ("volume",)
    estimates: bool = False
    truths: bool = False
    day: dt.date | None = None


@dataclass(frozen=True)
class Figure:
    """One figure somebody filled in, in our units: per cent of the norm, m3/s, Mm3 or GWh; 1 and 0 for yes and no."""

    sheet: str
    where: str
    name: str
    estimate: str
    span: Span
    kind: Kind
    value: float
    source: str
    grade: str
    note: str


@dataclass
class _Reading:
    """One sheet being read; problems are collected."""

    form: Form
    shown: str
    calendar: Calendar
    grades: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def figures(self, cells: Cells) -> Iterator[Figure]:
        """Every figure that can be understood."""
        first, header = self._header(cells)
        if header is None:
            found = ", ".join(str(c) for row in cells[:1] for c in row if str(c).strip()) or say("nothing")
            allowed = say("a header with name and a column for each period, or with name, period and value")
            self.problems.append(Problem("missing-column", self.shown, found, allowed))
            return
        known = {word: k for k, cell in enumerate(header) if (word := known_word(cell, COLUMNS))}
        if "name" not in known and "title" in known:
            known["name"] = known["title"]
        spans = self._spans(header, known)
        for number, row in enumerate(cells[first:], start=first + 1):
            if any(str(cell).strip() for cell in row):
                yield from self._row(number, row, known, spans)

    def _header(self, cells: Cells) -> tuple[int, list[Any] | None]:
        """The line below the header, and the header; of two lines read as one where that says more."""
        best: tuple[int, int, list[Any]] | None = None
        for k in range(min(TITLES, len(cells))):
            for height, header in ((1, cells[k]), *((2, both) for both in _joined(cells, k))):
                words = {known_word(cell, COLUMNS) for cell in header}
                spans = sum(bool(span_of(cell, self.calendar)) for cell in header if not known_word(cell, COLUMNS) and str(cell).strip())
                fits = ("name" in words or "title" in words) and (spans or {"period", "value"} <= words or "value" in words)
                score = spans + len(words - {""})
                if fits and (best is None or score > best[0]):
                    best = (score, k + height, list(header))
        return (best[1], best[2]) if best else (0, None)

    def _spans(self, header: list[Any], known: Mapping[str, int]) -> dict[int, Span]:
        """The days of every column that has some; a head that is none, or may be two, is a problem."""
        by_dekad = any(isinstance(c, dt.date) and c.day in (11, 21) for c in header)
        spans: dict[int, Span] = {}
        for k, cell in enumerate(header):
            if not str(cell).strip() or known_word(cell, COLUMNS):
                continue
            found = span_of(cell, self.calendar)
            if by_dekad and isinstance(cell, dt.date) and cell.day == 1 and found:
                found = [Span(found[0].start, found[0].start.replace(day=10))]
            where = say("{shown}, column {position}", shown=self.shown, position=k + 1)
            if len(found) == 1 and found[0] in spans.values():
                self.problems.append(Problem("twice", where, str(cell), say("each column once")))
            elif len(found) == 1:
                spans[k] = found[0]
            else:
                horizon = say("{first} to {last}", first=self.calendar.start, last=self.calendar.end)
                allowed = say(
                    "a period of the season ({horizon}), a half of it, or one of: {names}", horizon=horizon, names=", ".join(COLUMNS)
                )
                told = say("{text}, which may be {count} periods", text=cell, count=len(found)) if found else str(cell)
                self.problems.append(Problem("bad-period", where, told, allowed, did_you_mean(plain(cell), COLUMNS)))
        return spans

    def _row(self, number: int, row: list[Any], known: Mapping[str, int], spans: Mapping[int, Span]) -> Iterator[Figure]:
        where = say("{shown}, row {number}", shown=self.shown, number=number)
        cells = {k: v for k, v in enumerate(row) if str(v).strip() and str(v).strip() not in DASHES}
        text = {word: str(cells.get(k, "")).strip() for word, k in known.items()}
        filled = {k: (span, cells[k]) for k, span in spans.items() if k in cells}
        if "value" in known and known["value"] in cells:
            found = self._own_span(where, text)
            filled |= {known["value"]: (found, cells[known["value"]])} if found else {}
        if not filled:
            return
        name = self.form.names.get(plain(text.get("name", "")), "")
        if not name:
            allowed = ", ".join(dict.fromkeys(self.form.names.values()))
            found_name = text.get("name", "") or say("a blank")
            self.problems.append(
                Problem("unknown-name", f"{where}, name", found_name, allowed, did_you_mean(plain(found_name), self.form.names))
            )
        estimate = estimate_of(text.get("estimate", "")) if self.form.estimates else ""
        if self.form.estimates and not estimate:
            self.problems.append(Problem("unknown-choice", f"{where}, estimate", text["estimate"], " | ".join(ESTIMATES)))
        grade = self._grade(where, text.get("grade", ""))
        kind, factor = self._unit(where, text.get("unit", ""), [v for _, v in filled.values()])
        values = {k: self._value(f"{where}, {self._column(k)}", v, kind) for k, (_, v) in filled.items()}
        self._not_shares(where, kind, factor, [v for v in values.values() if v is not None])
        for k, value in values.items():
            if value is not None and name and (estimate or not self.form.estimates):
                at = f"{where}, {self._column(k)}"
                source, note = text.get("source", ""), text.get("note", "")
                span = filled[k][0]
                if span.start == self.form.day:
                    span = Span(span.start, span.start)
                yield Figure(self.form.name, at, name, estimate, span, kind, value * factor, source, grade, note)

    @staticmethod
    def _column(k: int) -> str:
        """The letter a spreadsheet calls a column by."""
        return (chr(64 + k // 26) if k >= 26 else "") + chr(65 + k % 26)

    def _own_span(self, where: str, text: Mapping[str, str]) -> Span | None:
        """The days of a row that says them in a cell; of one that has no such cell, the whole season."""
        if not text.get("period"):
            return Span(self.calendar.start, self.calendar.end)
        found = span_of(text["period"], self.calendar)
        if len(found) != 1:
            horizon = say("{first} to {last}", first=self.calendar.start, last=self.calendar.end)
            self.problems.append(
                Problem("bad-period", f"{where}, period", text["period"], say("a period of the season ({horizon})", horizon=horizon))
            )
            return None
        return found[0]

    def _grade(self, where: str, typed: str) -> str:
        grade = self.grades.get(plain(typed), "") if typed else ""
        if typed and not grade:
            self.problems.append(Problem("unknown-grade", f"{where}, grade", typed, " | ".join(GRADES), did_you_mean(typed, GRADES)))
        return grade

    def _unit(self, where: str, typed: str, values: list[Any]) -> tuple[Kind, float]:
        """What the figures of a row measure; a sign of per cent in a cell says so where no unit stands."""
        signs = [bool(isinstance(v, str) and PER_CENT.search(v)) for v in values]
        if self.form.truths:
            return "", 1.0
        kind, factor = measure_of(typed) if typed else ("norm" if all(signs) and "norm" in self.form.kinds else self.form.kinds[0], 1.0)
        if kind not in self.form.kinds or (any(signs) and kind != "norm"):
            units = {"norm": say("per cent of the norm"), "rate": "m3/s", "volume": "Mm3, km3", "energy": "GWh, MWh, TWh"}
            found = typed if kind not in self.form.kinds else say("a sign of per cent in a row in {unit}", unit=typed or "Mm3")
            self.problems.append(Problem("unknown-unit", f"{where}, unit", found, ", ".join(units[k] for k in self.form.kinds if k)))
        return kind, factor

    def _value(self, at: str, cell: Any, kind: Kind) -> float | None:
        """A cell as a number; None, and a problem, where it is none."""
        if self.form.truths:
            truth = truth_of(cell)
            if truth is None:
                self.problems.append(Problem("unknown-choice", at, str(cell), say("yes or no")))
            return None if truth is None else float(truth)
        value = float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else math.nan
        if isinstance(cell, str):
            bare = PER_CENT.sub("", cell).translate(NO_SIGNS)
            value = float(bare) if re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", bare) else math.nan
        if math.isnan(value):
            comma = say("A decimal comma?") if re.fullmatch(r"\s*-?\d+,\d+\s*", str(cell)) else ""
            self.problems.append(Problem("not-a-number", at, repr(str(cell)), say("a number"), comma))
            return None
        if value < 0 or math.isinf(value):
            self.problems.append(Problem("negative", at, f"{value:g}", say("zero or more")))
            return None
        return value

    def _not_shares(self, where: str, kind: Kind, factor: float, values: list[float]) -> None:
        """Shares in a row of per cent: cells formatted as per cent hold 0.85 for what is seen as 85 %."""
        if kind == "norm" and factor == 1.0 and values and 0 < max(values) < LIKE_SHARES:
            found = say("{value:g} per cent of the norm", value=max(values))
            cause = say("Cells formatted as per cent hold shares: write 85 as a plain number, or share of norm as the unit.")
            self.problems.append(Problem("not-a-share", where, found, say("per cent, such as 85"), cause))


def _joined(cells: Cells, k: int) -> list[list[Any]]:
    """Two lines as one header; a cell above holds for the blank ones to its right. None if the second is no line of words."""
    if k + 1 >= len(cells) or not cells[k] or not all(isinstance(c, str) for c in cells[k + 1]) or not any(cells[k + 1]):
        return []
    above, below, both, last = cells[k], cells[k + 1], list[Any](), ""
    for column in range(max(len(above), len(below))):
        said = str(above[column]).strip() if column < len(above) else ""
        last = said or last
        under = str(below[column]).strip() if column < len(below) else ""
        # a title over the whole table tells nothing of a column: what stands below alone may be all there is
        both.append(f"{last} {under}".strip() if under and last and not known_word(under, COLUMNS) else under or said)
    return [both]


def figures_of(
    sheets: Mapping[str, tuple[str, Cells]], forms: Mapping[str, Form], calendar: Calendar, grades: Mapping[str, str]
) -> tuple[list[Figure], list[Problem]]:
    """Every figure of a season's sheets.

    Parameters
    ----------
    sheets : mapping of sheet to (how messages call it, cells)
    forms : mapping of sheet to Form
    calendar : Calendar
        Of the season.
    grades : mapping of plain spelling to grade

    Returns
    -------
    (figures, problems)
        The decimal sign is judged once for the whole file; a number that may be read in two ways is a problem.
    """
    ours, problems = with_numbers(sheets)
    figures: list[Figure] = []
    for name, (shown, cells) in ours.items():
        reading = _Reading(forms[name], shown, calendar, grades)
        figures += reading.figures(cells)
        problems += reading.problems
    return figures, [*problems, *_twice(figures)]


def _twice(figures: list[Figure]) -> Iterator[Problem]:
    """Figures of one thing whose days overlap: a half of the season and a month of it."""
    seen: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in figures:
        alike = seen.setdefault((figure.sheet, figure.name, figure.estimate), [])
        for other in alike:
            if other.span.start <= figure.span.end and figure.span.start <= other.span.end:
                found = say("{name}, {span}", name=figure.name, span=figure.span)
                cause = say("See also {where}.", where=other.where)
                yield Problem("twice", figure.where, found, say("one figure for each period"), cause)
                break
        alike.append(figure)
