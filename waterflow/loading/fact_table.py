"""Facts and forecasts in a table somebody brings: one figure for each place, quantity and period, by day, dekad or month."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from waterflow.errors import InputError, Problem
from waterflow.loading.plan_cells import Figure, figures_of
from waterflow.loading.plan_sheet import read_cells
from waterflow.loading.spellings import ENERGIES, FIRST_DAY, day_of, month_and_dekad, plain
from waterflow.words.catalogue import say
from waterflow.words.near import either

__all__ = ["Step", "TypedFigure", "period_labels", "read_facts", "sound"]

Step = Literal["day", "dekad", "month"]
#: days on which a dekad begins
BEGINS = {1: 1, 11: 2, 21: 3}
UNITS = ("m3/s", "Mm3", "GWh")


@dataclass(frozen=True)
class TypedFigure:
    """A figure as it was typed, its number and its period read; place and quantity as they stand.

    ``estimate`` is ``low`` or ``high``, or blank for the central one and for facts.
    """

    where: str
    place: str
    quantity: str
    period: str
    value: float
    unit: str
    source: str = ""
    grade: str = ""
    estimate: str = ""


def read_facts(path: Path, step: Step | None = None) -> list[TypedFigure]:
    """The figures of a table in any of the forms of a plan's (`waterflow.loading.plan_cells`); days are allowed.

    Parameters
    ----------
    path : Path
        CSV or workbook.
    step : {"day", "dekad", "month"}, optional
        What a date stands for, which is asked for where every date begins a dekad or a month.

    Raises
    ------
    InputError
        With everything wrong at once.
    """
    figures, problems = figures_of(read_cells(path, by_day=True), path.name)
    found, more = typed(figures, step)
    if problems or more:
        raise InputError([*problems, *more])
    return found


def typed(figures: Sequence[Figure], step: Step | None) -> tuple[list[TypedFigure], list[Problem]]:
    """Figures with their periods and numbers read, and what is wrong with any of them."""
    labels = period_labels([f.period for f in figures], step)
    found, problems = list[TypedFigure](), list[Problem]()
    for figure, label in zip(figures, labels, strict=True):
        value = sound(figure.value)
        unit, factor = (figure.unit, figure.factor)
        if plain(unit) in ENERGIES:
            unit, factor = "GWh", ENERGIES[plain(unit)]
        wrong = [Problem(x.code, figure.where, x.found, x.allowed, x.cause) for x in (label, value) if isinstance(x, Problem)]
        if unit not in UNITS:
            wrong.append(Problem("unknown-unit", figure.where, figure.unit or say("no unit"), either(UNITS)))
        problems += wrong
        if isinstance(label, str) and isinstance(value, float) and not wrong:
            found.append(TypedFigure(figure.where, figure.place, figure.quantity, label, value * factor, unit, figure.source, figure.grade))
    return found, problems


def period_labels(cells: Iterable[Any], step: Step | None) -> list[str | Problem]:
    """The label of each period: of dates what ``step`` says, or days where some date begins neither a dekad nor a month.

    Dates that all begin a dekad may be days, dekads or months; which of them is asked, never guessed.
    """
    cells = list(cells)
    if step is None and any(day.day not in BEGINS for cell in cells if (day := day_of(cell))):
        step = "day"
    return [_label(cell, step) for cell in cells]


def _label(cell: Any, step: Step | None) -> str | Problem:
    text = str(cell).strip()
    first, slash, last = text.partition("/")
    if slash and (start := day_of(first)) and (end := day_of(last)) and start <= end:
        return f"{start}/{end}" if start < end else str(start)
    if day := day_of(cell):
        if step is None:
            allowed = say("--step day, dekad or month: what a date stands for")
            return Problem("bad-period", "", say("{date}, which may be a day, a dekad or a month", date=day), allowed)
        if step == "day":
            return str(day)
        if step == "month" and day.day == 1:
            return f"{day:%Y-%m}"
        if step == "dekad" and day.day in BEGINS:
            return f"{day:%Y-%m}-d{BEGINS[day.day]}"
        return Problem("bad-period", "", str(day), say("the first day of a {step}", step=step))
    said = month_and_dekad(cell)
    if said is None or said[2] == FIRST_DAY:
        allowed = say("2025-04, 2025-04-d1, 2025-04-05, or the first and the last day with a slash between")
        return Problem("bad-period", "", text or say("a blank"), allowed)
    year, month, dekad = said
    return f"{year:04d}-{month:02d}" + (f"-d{dekad}" if dekad else "")


def sound(cell: Any, *, signed: bool = False) -> float | Problem:
    """A figure, zero or more unless it may be ``signed``; where it stands is said by the caller."""
    if not str(cell).strip():
        return Problem("blank", "", say("a blank"), say("a number"), say("Blank is not zero."))
    try:
        value = float(str(cell).replace(" ", "").replace("\u00a0", ""))
    except ValueError:
        return Problem("not-a-number", "", repr(cell), say("a number"), say("A decimal comma?") if "," in str(cell) else "")
    if not math.isfinite(value):
        return Problem("not-finite", "", str(cell), say("a finite number"))
    return value if signed or value >= 0 else Problem("negative", "", str(cell), say("zero or more"))
