"""The workbook of a season: a sheet a subject in the basin organisation's order, what is known filled in, the rest marked."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.calendar import Window
from waterflow.loading.agreements import read_agreement
from waterflow.report.names import estimate as estimate_called
from waterflow.report.names import grade as grade_called
from waterflow.report.sheets import CREATED, Rows, csv_text
from waterflow.season.kit import Kit, Slot
from waterflow.words.catalogue import say, say_of
from waterflow.words.dates import period_alone, window_in_words
from waterflow.words.numbers import number
from waterflow.words.numbers import unit as unit_called

__all__ = ["Prefilled", "season_csvs", "season_xlsx"]

#: figures somebody had before: by sheet, name, estimate and days, with source and grade
Prefilled = Mapping[tuple[str, str, str, Window], tuple[float, str, str]]
UNITS = {"storages": "Mm3", "limits": "Mm3", "agreed_flows": "Mm3", "targets": "Mm3", "power": "GWh", "clauses": ""}
WIDE, NARROW, TO_FILL, KNOWN = 34, 13, "#FFF2A8", "#E7F0E4"
#: decimals of a figure that is written to be seen and read again
DECIMALS = 3


@dataclass(frozen=True)
class _Page:
    """A sheet: its title, its cells, and which of them are to be filled in."""

    name: str
    title: str
    rows: Rows
    blank: frozenset[tuple[int, int]]


def season_xlsx(kit: Kit, basin: Basin, before: Prefilled) -> bytes:
    """The workbook: cells to be filled in are yellow, headers stay in sight.

    Parameters
    ----------
    kit : Kit
    basin : Basin
        Of the scenario the season follows; titles are from it.
    before : Prefilled
        Facts to fill in beside what is known.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        shown = {
            fill: book.add_format({"num_format": "#,##0.0##", **({"bg_color": fill, "border": 1} if fill else {})})
            for fill in (TO_FILL, KNOWN, "")
        }
        for page in _pages(kit, basin, before):
            sheet = book.add_worksheet(page.title)
            for k, row in enumerate(page.rows):
                for column, cell in enumerate(row):
                    fill = TO_FILL if (k, column) in page.blank else KNOWN if isinstance(cell, float) else ""
                    sheet.write(k, column, cell if cell != "" else None, bold if k == 0 else shown[fill])
            head = page.rows[0]
            sheet.set_column(0, max(len(row) for row in page.rows) - 1, NARROW)
            sheet.set_column(0, 1, WIDE if page.name != "season" else 2 * WIDE)
            sheet.set_column(len(head) - 3, len(head) - 1, WIDE)
            if page.name != "season":
                sheet.freeze_panes(1, 2)
    return out.getvalue()


def season_csvs(kit: Kit, basin: Basin, before: Prefilled) -> dict[str, str]:
    """The same sheets as CSV, by file name."""
    return {f"{page.name}.csv": csv_text(page.rows) for page in _pages(kit, basin, before)}


def _pages(kit: Kit, basin: Basin, before: Prefilled) -> list[_Page]:
    titles = {
        "storages": say_of("sheet", "storages"),
        "forecast": say_of("sheet", "forecast"),
        "limits": say_of("sheet", "limits"),
        "agreed_flows": say_of("sheet", "agreed flows"),
        "targets": say_of("sheet", "targets"),
        "power": say_of("sheet", "power"),
        "clauses": say_of("sheet", "clauses"),
    }
    made = [_Page("season", say_of("sheet", "season"), _head(kit, basin), frozenset())]
    return made + [_page(kit, basin, name, title, before) for name, title in titles.items() if kit.of(name)]


def _head(kit: Kit, basin: Basin) -> Rows:
    """The first sheet: which season of which model, and how the others are filled in."""
    told = (
        say("Fill in the yellow cells; green ones are known. What stays blank is assumed, and `waterflow season check` says what."),
        say("Every row may carry a source and a grade: official, observed, published, press, derived, assumed or unverified."),
        say("Forecast: per cent of the norm, m3/s or Mm3, as the column unit says. A half-year, or the year, may stand for its months."),
        say("Low and high estimates become scenarios of their own. The norm may be replaced by your own."),
        say("Clauses: yes for an agreement that is in force, no for one that is not."),
    )
    rows: Rows = [[say_of("season", "model"), kit.model], [say_of("season", "season"), kit.season]]
    rows += [[say_of("season", "as in"), kit.like.file.scenario], ["", ""], [title_of(basin, basin.name), ""]]
    for line in told:
        rows.append([line, ""])
    return rows


def _columns(kit: Kit, slots: list[Slot]) -> list[Window]:
    """The days of every column: those of the cells, and for forecasts the whole season and its halves."""
    spans = sorted({s.span for s in slots}, key=lambda w: (w.start, -w.end.toordinal()))
    if slots[0].sheet != "forecast":
        return spans
    whole = Window(kit.calendar.start, kit.calendar.end)
    halves = [w for w, _ in kit.calendar.seasons]
    return [*dict.fromkeys(w for w in (whole, *halves) if w not in spans), *spans]


def _headed(kit: Kit, sheet: str, span: Window) -> str:
    """How a column is called: a month, a half of the season, the season, a day."""
    if sheet == "clauses":
        return say_of("column", "in force")
    if span.start == span.end:
        return str(span.start)
    period = next((p for p in kit.calendar.periods if (p.start, p.end) == (span.start, span.end)), None)
    return period_alone(period.label) if period else window_in_words(str(span))


def _page(kit: Kit, basin: Basin, sheet: str, title: str, before: Prefilled) -> _Page:
    slots = kit.of(sheet)
    spans = _columns(kit, slots)
    extra = [say_of("column", "estimate")] if sheet == "forecast" else []
    head = [say_of("column", "name"), say_of("column", "title"), *extra, say_of("column", "unit")]
    tail = [say_of("column", "source"), say_of("column", "grade"), say_of("column", "note"), say_of("column", "if left blank")]
    rows: Rows = [[*head, *(_headed(kit, sheet, s) for s in spans), *tail]]
    blank: set[tuple[int, int]] = set()
    for key in dict.fromkeys((s.name, s.estimate) for s in slots):
        own = {s.span: s for s in slots if (s.name, s.estimate) == key}
        values, source, told = _cells(kit, own, spans, before)
        estimate = [estimate_called(key[1])] if extra else []
        rows.append([key[0], _title(kit, basin, sheet, key[0]), *estimate, _unit(sheet, key[1]), *values, source, told, "", _if_blank(own)])
        fillable = key[1] != "norm"
        first = len(head)
        blank |= {(len(rows) - 1, first + k) for k, v in enumerate(values) if v == "" and fillable and (spans[k] in own or extra)}
    return _Page(sheet, title, rows, frozenset(blank))


def _cells(kit: Kit, own: Mapping[Window, Slot], spans: list[Window], before: Prefilled) -> tuple[list[str | float], str, str]:
    """The figures of a row, with the source and grade of what is known."""
    values: list[str | float] = []
    source = told = ""
    for span in spans:
        slot = own.get(span)
        had = before.get((slot.sheet, slot.name, slot.estimate, span)) if slot else None
        if had:
            value, source, told = had
            values.append(say("yes") if slot and slot.sheet == "clauses" and value else value)
        elif slot and slot.known is not None:
            values.append(round(slot.known, DECIMALS))
            source, told = slot.source, grade_called(slot.grade)
        else:
            values.append("")
    return values, source, told


def _title(kit: Kit, basin: Basin, sheet: str, name: str) -> str:
    """How people call a row; of an agreement, its own title."""
    if sheet == "clauses":
        return title_of(read_agreement(kit.path, name)[0], name)
    return called(basin, name) if called(basin, name) != name else ""


def _unit(sheet: str, estimate: str) -> str:
    if sheet == "forecast":
        return unit_called("Mm3") if estimate == "norm" else say("% of norm")
    return unit_called(UNITS[sheet]) if UNITS[sheet] else ""


def _if_blank(own: Mapping[Window, Slot]) -> str:
    """What is taken for the blank cells of a row."""
    slots = [s for s in own.values() if s.known is None]
    if not slots or slots[0].estimate in ("low", "high"):
        return say("no scenario of its own") if slots else ""
    if slots[0].sheet == "forecast":
        return say("the norm")
    if slots[0].sheet == "clauses":
        return (
            say("in force, as in {like}", like=slots[0].like) if slots[0].assumed else say("not in force, as in {like}", like=slots[0].like)
        )
    taken = [s for s in slots if s.assumed is not None]
    if not taken:
        return say("nothing counts in its place")
    return say("{values}, as in {like}", values="; ".join(number(s.assumed) for s in taken), like=taken[0].like)
