"""From nothing to a plan by dekad, typed and answered: ``python -m docs.make season`` makes the pages, ``--check`` compares.

Three cells of a workbook are filled in as a spreadsheet saves them, and every command runs as it stands there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from docs.make.pages import ROOT, filled, kept
from docs.make.transcript import Step, transcript
from waterflow.loading.season_words import COLUMNS, ESTIMATES, SHEETS, known_word
from waterflow.loading.spreadsheet import read_sheets
from waterflow.report.sheets import Rows, workbook

PAGES = {"en": "docs/guides/season.md", "ru": "docs/ru/season.md"}
MODEL, SEASON, BOOK = "syr_darya", "2026-27", "season_2026_27.xlsx"
#: invented for the page: per cent of the norm, in the column of the whole season
FORECAST = {"toktogul": 82.0, "andijan": 90.0, "charvak": 77.5}


def _three_cells() -> None:
    """The forecast of three headwaters in the yellow cells of the mean, as a spreadsheet saves them."""
    found = read_sheets(Path(BOOK))
    cells = next(rows for name, rows in found.items() if known_word(name, SHEETS) == "forecast")
    known = {word: k for k, cell in enumerate(cells[0]) if (word := known_word(cell, COLUMNS))}
    whole = known["unit"] + 1
    for row in cells[1:]:
        if known_word(row[known["estimate"]], ESTIMATES) == "mean" and row[0] in FORECAST:
            row += [""] * (len(cells[0]) - len(row))
            row[whole] = FORECAST[row[0]]
    wide = {name: max(map(len, rows)) for name, rows in found.items()}
    padded: dict[str, Rows] = {name: [[*row, *[""] * (wide[name] - len(row))] for row in rows] for name, rows in found.items()}
    Path(BOOK).write_bytes(workbook(padded))


STEPS = (
    Step(
        "A workbook is written, what is known filled in.",
        "Записывается рабочая книга, в которой заполнено всё известное.",
        f"waterflow season new {MODEL} {SEASON}",
    ),
    Step(
        "In the sheet `forecast` three yellow cells are filled in, one for each headwater with a forecast (the figures are invented): "
        "Toktogul 82, Andijan 90, Charvak 77.5 per cent of the norm, in the column of the whole season. "
        "What was understood, and what is assumed for all the rest?",
        "На листе «прогноз» заполнены три жёлтые ячейки, по одной на створ с прогнозом (числа придуманы): "
        "Токтогул 82, Андижан 90, Чарвак 77,5 процента нормы, в столбце всего сезона. "
        "Что понято и что принято вместо остального?",
        edit=_three_cells,
    ),
    Step("", "", f"waterflow season check {BOOK}"),
    Step(
        "It becomes a model of its own, in a folder that was not there.",
        "Из книги получается отдельная модель, в папке, которой ещё не было.",
        f"waterflow season read {BOOK} --out season --provisional",
        lines=2,
    ),
    Step(
        "And that is planned, by dekad, each stage with its certificate.",
        "По ней считается план по декадам, с удостоверением каждого этапа.",
        "waterflow allocate ./season --step dekad",
        lines=18,
    ),
)


def main() -> int:
    """Write the pages, or with ``--check`` tell whether they would change."""
    os.environ.pop("COLUMNS", None)
    made = {}
    for language, page in PAGES.items():
        text = (ROOT / page).read_text(encoding="utf-8")
        made[page] = filled(text, lambda name, language=language: transcript(language, STEPS) if name == "transcript" else None)
    return kept(made, "season")


if __name__ == "__main__":
    sys.exit(main())
