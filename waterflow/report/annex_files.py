"""The annex as a PDF, a workbook or a page: the same cells laid out three ways."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xarray as xr

from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.extras import require_extra
from waterflow.files import shipped_bytes
from waterflow.loading.plan_origin import SHEET, origin_of, origin_rows
from waterflow.report.annex import Annex
from waterflow.report.annex_parts import Cell, Section
from waterflow.report.plan_table import plan_rows
from waterflow.report.sheets import CREATED, Rows
from waterflow.words.catalogue import say, say_of
from waterflow.words.near import either
from waterflow.words.numbers import exact

__all__ = ["FORMS", "annex_file", "check_form"]

LAYOUTS = Path(__file__).parent / "layouts"
FORMS = ("pdf", "xlsx", "html")
#: letters that a workbook lets stand in the name of a sheet
LONGEST = 31


def check_form(ending: str, asked: str) -> str:
    """The form that a file's ending says.

    Raises
    ------
    InputError
        If it is none, or its library is not installed.
    """
    form = ending.lstrip(".").lower()
    if form not in FORMS:
        raise InputError([Problem("bad-sheet", asked, ending or say("no ending"), either(tuple(f".{f}" for f in FORMS)))])
    if form == "pdf":
        require_extra("typst", "report", asked)
    if form == "html":
        require_extra("jinja2", "report", asked)
    return form


def annex_pdf(found: Annex) -> bytes:
    """The annex on A4 pages; the same bytes for the same annex."""
    import typst

    made: bytes = typst.compile(
        shipped_bytes(LAYOUTS / "annex.typ"),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"annex": json.dumps(_plain(found))},
        timestamp=int(CREATED.timestamp()),
    )
    return made


def annex_html(found: Annex) -> bytes:
    """The annex as one page that needs nothing else."""
    import jinja2

    layout = shipped_bytes(LAYOUTS / "annex.html").decode()
    page = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(layout)
    return page.render(_plain(found)).encode()


def annex_xlsx(found: Annex, basin: Basin, dataset: xr.Dataset) -> bytes:
    """The annex as a workbook: the plan as `waterflow evaluate` reads it, then a sheet for each table, its figures as figures."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED, "title": found.title, "comments": found.foot})
        style = _Styles(book)
        _plan_sheet(book.add_worksheet(say_of("column", "plan")), plan_rows(basin, dataset), style)
        taken = {say_of("column", "plan").lower(), SHEET}
        for section in found.sections:
            _sheet(book.add_worksheet(_sheet_name(section.heading, taken)), found, section, style)
        _origin_sheet(book.add_worksheet(SHEET), basin)
    return out.getvalue()


class _Styles:
    """Formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
        self.figures: dict[tuple[int, bool], Any] = {}
        for decimals in (0, 1, 2):
            for bold in (False, True):
                form = "#,##0" + ("." + "0" * decimals if decimals else "")
                self.figures[decimals, bold] = book.add_format({"num_format": form, "bold": bold})


def _plan_sheet(page: Any, rows: Rows, style: _Styles) -> None:
    for k, row in enumerate(rows):
        page.write_row(k, 0, row, style.bold if k == 0 else style.figures[1, False])
    page.set_column(0, 1, 28)
    page.freeze_panes(1, 4)


def _origin_sheet(page: Any, basin: Basin) -> None:
    """From what the plan was made, as `waterflow evaluate` reads it."""
    for k, row in enumerate(origin_rows(origin_of(basin))):
        for column, cell in enumerate(row):
            page.write_string(k, column, cell)
    page.set_column(0, 1, 28)


def _sheet(page: Any, found: Annex, section: Section, style: _Styles) -> None:
    """A table below its heading, and what is told below it."""
    page.write_string(0, 0, section.heading, style.title)
    page.write_string(1, 0, found.subtitle)
    top = 3
    if section.head:
        page.write_row(top, 0, section.head, style.bold)
        for k, row in enumerate(section.rows, start=top + 1):
            bold = k - top - 1 in section.bold
            for column, cell in enumerate(row):
                if isinstance(cell, tuple):
                    page.write_number(k, column, cell[0], style.figures[min(cell[1], 2), bold])
                elif cell is not None:
                    page.write_string(k, column, cell, style.bold if bold else None)
        top += len(section.rows) + 2
    for k, sentence in enumerate(section.told, start=top):
        page.write_string(k, 0, sentence)
    page.set_column(0, 0, 44)
    page.set_column(1, max(1, len(section.head) - 1), 13)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.write_string(top + len(section.told) + 1, 0, found.foot)


def _sheet_name(heading: str, taken: set[str]) -> str:
    """A heading as the name of a sheet: short, without signs that are none there, once each."""
    name = "".join(c for c in heading.partition(",")[0].partition(":")[0] if c not in "[]:*?/\\").strip("' ")[:LONGEST]
    base, k = name, 2
    while name.lower() in taken:
        name, k = f"{base[: LONGEST - 3]} {k}", k + 1
    taken.add(name.lower())
    return name


def _plain(found: Annex) -> dict[str, Any]:
    """The annex as texts, figures as the language writes them."""
    return {
        "title": found.title,
        "subtitle": found.subtitle,
        "draft": found.draft,
        "lang": found.lang,
        "signed": list(found.signed),
        "sign": say("signature, date"),
        "foot": found.foot,
        "sections": [
            {
                "heading": f"{k}. {x.heading}",
                "head": list(x.head),
                "rows": [[_text(cell) for cell in row] for row in x.rows] if x.head else [],
                "texts": x.texts,
                "bold": list(x.bold),
                "told": list(x.told),
            }
            for k, x in enumerate(found.sections, start=1)
        ],
    }


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    return exact(*cell) if isinstance(cell, tuple) else cell


#: what makes each form of an annex that needs nothing of the plan itself
MAKERS: dict[str, Callable[[Annex], bytes]] = {"pdf": annex_pdf, "html": annex_html}


def annex_file(found: Annex, form: str, basin: Basin, dataset: xr.Dataset) -> bytes:
    """The annex in a form."""
    return annex_xlsx(found, basin, dataset) if form == "xlsx" else MAKERS[form](found)
