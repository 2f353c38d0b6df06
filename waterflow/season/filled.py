"""A season filled in: every figure somebody gave, every blank with what is assumed in its place, as rows of the model's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from waterflow.calendar import Window
from waterflow.loading.season_sheet import Figure
from waterflow.season.kit import Kit, Slot
from waterflow.season.runoff import Outside, RunoffRead, runoff_read

__all__ = ["Blank", "Filled", "Given", "filled"]

#: what stands in the grade of a figure whose grade nobody gave
UNGRADED = "unverified"
#: the source of a figure whose source nobody named: the file itself
THE_FILE = "season_file"


@dataclass(frozen=True)
class Given:
    """A figure that counts, filled in or assumed.

    ``value`` is in the unit of the table; ``source`` a key of ``sources.yaml``, or the text somebody wrote.
    """

    name: str
    span: Window
    value: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True)
class Blank:
    """Cells of one row that nobody filled in, and what is assumed in their place.

    Attributes
    ----------
    sheet, name, estimate : str
    spans : tuple of Window
        The days of each cell, in order.
    values : tuple of float or None
        What is assumed of each; None where nothing counts in its place.
    grade : str
    source : str
    like : str
        The scenario it is taken from; empty for a norm, or where nothing is taken.
    """

    sheet: str
    name: str
    estimate: str
    spans: tuple[Window, ...]
    values: tuple[float | None, ...]
    grade: str
    source: str
    like: str


@dataclass(frozen=True)
class Filled:
    """A season as it is understood.

    Attributes
    ----------
    kit : Kit
    given : mapping of sheet to tuple of Given
        Figures of the tables: those filled in and those assumed.
    runoff : RunoffRead
    in_force : tuple of str
        Agreements.
    blanks : tuple of Blank
    counts : mapping of sheet to int
        Figures filled in.
    untold : tuple of str
        Where a figure stands of which nobody named the source or the grade.
    """

    kit: Kit
    given: Mapping[str, tuple[Given, ...]]
    runoff: RunoffRead
    in_force: tuple[str, ...]
    blanks: tuple[Blank, ...]
    counts: Mapping[str, int]
    untold: tuple[str, ...]


def filled(kit: Kit, figures: Sequence[Figure], outside: Sequence[Outside] = ()) -> Filled:
    """What a season's figures say, and what is assumed where there are none.

    Parameters
    ----------
    kit : Kit
    figures : sequence of Figure
        As they were read; none twice.
    outside : sequence of Outside
        Forecasts from other files: they take the place of the sheet's, headwater by headwater.
    """
    by_key = {(f.sheet, f.name, f.span): f for f in figures if f.sheet != "forecast"}
    given: dict[str, list[Given]] = {}
    for figure in by_key.values():
        given.setdefault(figure.sheet, []).append(_given(figure))
    runoff = runoff_read(kit, [f for f in figures if f.sheet == "forecast"], outside)
    blanks = list[Blank]()
    for slot in kit.slots:
        if slot.sheet == "forecast" or _covered(slot, by_key):
            continue
        if slot.known is not None:
            given.setdefault(slot.sheet, []).append(Given(slot.name, slot.span, slot.known, slot.source, slot.grade))
            continue
        if slot.assumed is not None:
            given.setdefault(slot.sheet, []).append(
                Given(slot.name, slot.span, slot.assumed, slot.source or THE_FILE, "assumed", slot.like)
            )
        _add(blanks, slot)
    in_force = tuple(g.name for g in given.pop("clauses", ()) if g.value)
    counts: dict[str, int] = {}
    for figure in figures:
        counts[figure.sheet] = counts.get(figure.sheet, 0) + (figure.estimate != "norm")
    untold = tuple(f.where for f in figures if not (f.source and f.grade) and f.sheet != "clauses" and f.estimate != "norm")
    return Filled(kit, {s: tuple(g) for s, g in given.items()}, runoff, in_force, (*blanks, *_unforecast(kit, runoff)), counts, untold)


def _given(figure: Figure) -> Given:
    """A figure somebody filled in, in the unit of its table."""
    value = figure.value
    if figure.kind == "rate":
        # true seconds of the span: m3/s times 86,400 s a day
        value *= ((figure.span.end - figure.span.start).days + 1) * 0.0864
    return Given(figure.name, figure.span, value, figure.source or THE_FILE, figure.grade or UNGRADED, figure.note)


def _covered(slot: Slot, by_key: Mapping[tuple[str, str, Window], Figure]) -> bool:
    """True if a figure stands for a cell: for its days, or for others of the same thing that meet them."""
    if (slot.sheet, slot.name, slot.span) in by_key:
        return True
    return any(
        sheet == slot.sheet and name == slot.name and span.start <= slot.span.end and slot.span.start <= span.end
        for sheet, name, span in by_key
    )


def _add(blanks: list[Blank], slot: Slot) -> None:
    """A blank cell joins the one before it, if they are of one row and stand in for each other's kind."""
    last = blanks[-1] if blanks else None
    same = last and (last.sheet, last.name, last.like, last.source) == (slot.sheet, slot.name, slot.like, slot.source)
    if last and same and (last.values[-1] is None) == (slot.assumed is None):
        spans, values = (*last.spans, slot.span), (*last.values, slot.assumed)
        blanks[-1] = Blank(last.sheet, last.name, last.estimate, spans, values, last.grade, last.source, last.like)
        return
    blanks.append(Blank(slot.sheet, slot.name, slot.estimate, (slot.span,), (slot.assumed,), slot.grade, slot.source, slot.like))


def _unforecast(kit: Kit, runoff: RunoffRead) -> Iterator[Blank]:
    """Headwaters, or periods of them, without a forecast: the norm stands in."""
    for node in kit.norms.values:
        lacking = [
            (p, runoff.values["mean"][node][p.label]) for p in runoff.calendar.periods if p.label not in runoff.forecast["mean"][node]
        ]
        if lacking:
            spans = tuple(Window(p.start, p.end) for p, _ in lacking)
            source = runoff.norm_sources[node]
            yield Blank("forecast", node, "mean", spans, tuple(v for _, v in lacking), "assumed", source, "")
