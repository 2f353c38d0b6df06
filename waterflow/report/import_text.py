"""What came of a file of observations: how its columns were understood, the months that are written, and every gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.exchange.imported import Imported
from waterflow.exchange.observed_rows import Month, SeriesFound
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.layout import columns, paragraph

__all__ = ["import_notes", "import_text"]

STEPS = {"day": mark("day"), "dekad": mark("dekad"), "month": mark("month")}


def import_text(found: Imported) -> str:
    """The answer: a row for each column of values, then the gaps."""
    head = [say("column"), say("site"), say("quantity"), say("unit"), say("by"), say("whole"), say("left out"), say("first"), say("last")]
    rows = [_row(s) for s in found.series]
    lines = [columns(head, rows, 5), *(paragraph(gap) for s in found.series for gap in _gaps(s))]
    return "\n".join(lines) + "\n"


def _row(s: SeriesFound) -> list[str]:
    whole = [m for m in s.months if m.value is not None]
    ends = (whole[0].period.label, whole[-1].period.label) if whole else ("-", "-")
    missing = len(s.months) - len(whole)
    return [s.meaning.heading, s.meaning.site, s.meaning.quantity, s.meaning.unit, say(STEPS[s.step]), str(len(whole)), str(missing), *ends]


def _gaps(s: SeriesFound) -> Iterator[str]:
    """What a series misses, blank cells and values that stand twice."""
    missing = [m for m in s.months if m.value is None]
    if missing:
        yield say("{heading}: left out, for days are missing: {listed}", heading=s.meaning.heading, listed=_listed(missing, s.step))
    if s.blank:
        yield say_many(
            "{heading}: {count} cell without a value", "{heading}: {count} cells without a value", s.blank, heading=s.meaning.heading
        )
    if s.repeated:
        yield say_many(
            "{heading}: {count} value that stands twice, counted once",
            "{heading}: {count} values that stand twice, counted once",
            s.repeated,
            heading=s.meaning.heading,
        )


def _listed(missing: Sequence[Month], step: str) -> str:
    """Months that are not whole; of days, with how many were found."""
    if step != "day":
        return ", ".join(m.period.label for m in missing)
    return ", ".join(say("{period} ({found} of {days} days)", period=m.period.label, found=m.found, days=m.period.days) for m in missing)


def import_notes(found: Imported) -> list[str]:
    """What was guessed and what was passed over, for standard error."""
    notes = []
    if found.found.time_guessed:
        notes.append(say("guessed: the time is the column {heading}", heading=found.found.time_heading))
    for s in found.series:
        if s.meaning.guessed:
            what = {"heading": s.meaning.heading, "site": s.meaning.site, "quantity": s.meaning.quantity, "unit": s.meaning.unit}
            notes.append(say("guessed: the column {heading} is {quantity} of {site} in {unit}", **what))
    if found.found.aside:
        notes.append(say("columns that are not read: {names}", names=", ".join(found.found.aside)))
    if found.titles:
        notes.append(say("lines above the headings that are not read: {lines}", lines="; ".join(found.titles)))
    if found.sheets:
        notes.append(say("sheets that are not read: {names}", names=", ".join(found.sheets)))
    if found.known:
        notes.append(
            say_many(
                "{count} month is there already and is not written again",
                "{count} months are there already and are not written again",
                found.known,
            )
        )
    if found.other:
        other = say_many(
            "{count} month is there already with another value, and is not written",
            "{count} months are there already with other values, and are not written",
            found.other,
        )
        notes.append(other)
    return notes
