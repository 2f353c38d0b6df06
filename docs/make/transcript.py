"""A delegate's day, typed and answered: ``python -m docs.make transcript`` makes the pages, ``--check`` compares.

Every command runs as it stands there, in a folder of its own; edits are made in the files as a person makes them.
"""

from __future__ import annotations

import io
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from docs.make.pages import ROOT, filled, kept
from waterflow.cli import main as typed
from waterflow.loading.spreadsheet import read_sheets
from waterflow.report.sheets import workbook

PAGES = {"en": "docs/tutorials/a_delegates_day.md", "ru": "docs/ru/a_delegates_day.md"}
MODEL, AGREEMENT, PLAN = "syr_darya", "mine.yaml", "plan/plan.xlsx"


@dataclass(frozen=True)
class Step:
    """What she wants, in both languages; what she types, or does to a file; how many lines of the answer are shown."""

    en: str
    ru: str
    command: str = ""
    edit: Callable[[], None] | None = None
    lines: int = 0


def _more_water() -> None:
    """Her figure in place of the template's."""
    path = Path(AGREEMENT)
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "amount_Mm3" in line)
    head, _, _ = line.partition("amount_Mm3: ")
    path.write_text(text.replace(line, f"{head}amount_Mm3: 6000}}]", 1), encoding="utf-8")


def _two_cells() -> None:
    """Toktogul's release of December and January, a third less, as a spreadsheet saves it."""
    path = Path(PLAN)
    ((name, (header, *rows)),) = read_sheets(path).items()
    row = next(row for row in rows if row[0] == "toktogul_uchkurgan" or str(row[0]).startswith("toktogul"))
    for period in ("2024-12", "2025-01"):
        column = header.index(period)
        row[column] = round(row[column] * 2 / 3, 0)
    path.write_bytes(workbook({name: [header, *rows]}))


STEPS = (
    Step(
        "What if the North Aral were promised 1,792 million m3 in the cold half?",
        "А если Северному Аралу обещать на холодное полугодие 1 792 млн м³?",
        f"waterflow allocate {MODEL} --set target.north_aral.non_growing=1792",
        lines=14,
    ),
    Step(
        "And if a tenth of all runoff were missing?",
        "А если стока будет на десятую часть меньше?",
        f"waterflow allocate {MODEL} --set runoff.all=x0.9",
        lines=14,
    ),
    Step(
        "And if Toktogul had to hold 8,300 million m3 on 1 April?",
        "А если 1 апреля в Токтогуле должно быть 8 300 млн м³?",
        f"waterflow allocate {MODEL} --set storage_at_least.toktogul.2025-04-01=8300",
        lines=14,
    ),
    Step(
        "She takes a template for an agreement.",
        "Она берёт заготовку соглашения.",
        f"waterflow new agreement {MODEL} {AGREEMENT}",
    ),
    Step(
        "In the file she writes 6000 in place of the first figure, and saves it. What does her clause cost, and whom?",
        "В файле она пишет 6000 вместо первой величины и сохраняет его. Чего стоит её статья, и кому?",
        edit=_more_water,
    ),
    Step("", "", f"waterflow clauses {MODEL} --agreement {AGREEMENT}", lines=30),
    Step(
        "She has the plan under her agreement written into a folder.",
        "Она записывает план по своему соглашению в папку.",
        f"waterflow allocate {MODEL} --agreement {AGREEMENT} --out plan",
        lines=8,
    ),
    Step(
        "In `plan/plan.xlsx` she lowers Toktogul's release of December and January by a third. What does that break, and what mends it?",
        "В `plan/plan.xlsx` она уменьшает попуск Токтогула в декабре и январе на треть. Что это нарушает и чем это поправить?",
        edit=_two_cells,
    ),
    Step("", "", f"waterflow evaluate {MODEL} {PLAN} --agreement {AGREEMENT}", lines=40),
)


def answered(command: str, language: str, expected: int = 0) -> str:
    """What a command prints on standard output; of one that is to be refused, what it is told.

    Raises
    ------
    RuntimeError
        If it does not end as expected.
    """
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = typed([*shlex.split(command)[1:], "--lang", language])
    if code != expected:
        message = f"{command}: exit {code}\n{err.getvalue()}"
        raise RuntimeError(message)
    return err.getvalue() if expected else out.getvalue()


def day(language: str, steps: tuple[Step, ...] = STEPS) -> Iterator[str]:
    """Every step as it stands on the page, done in the folder one stands in."""
    for step in steps:
        if said := getattr(step, language):
            yield f"{said}\n"
        if step.edit:
            step.edit()
        if step.command:
            lines = answered(step.command, language).rstrip().splitlines()
            shown = lines[: step.lines or len(lines)]
            rest = ["..."] if len(shown) < len(lines) else []
            asked = step.command + (f" --lang {language}" if language != "en" else "")
            yield "\n".join(["```console", f"$ {asked}", *shown, *rest, "```\n"])


def transcript(language: str, steps: tuple[Step, ...] = STEPS) -> str:
    """The day in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        return "\n".join(day(language, steps))


def main() -> int:
    """Write the pages, or with ``--check`` tell whether they would change."""
    os.environ.pop("COLUMNS", None)
    made = {}
    for language, page in PAGES.items():
        text = (ROOT / page).read_text(encoding="utf-8")
        made[page] = filled(text, lambda name, language=language: transcript(language) if name == "transcript" else None)
    return kept(made, "transcript")


if __name__ == "__main__":
    sys.exit(main())
