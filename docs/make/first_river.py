"""A first river, from nothing to a plan: ``python -m docs.make first_river`` makes the pages, ``--check`` compares.

Rows are written into the tables as the page shows them, and every command runs as it stands there, those too that are
refused: each refusal is a mistake that was made by somebody new to it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from docs.make.pages import ROOT, filled, kept
from docs.make.transcript import answered

PAGES = {"en": "docs/tutorials/first_river.md", "ru": "docs/ru/first_river.md"}
FOLDER = "my_river"
CHECK = f"waterflow check ./{FOLDER}"
#: of every row that is not the teaching river's own
GUESS = "judgement,assumed"


@dataclass(frozen=True)
class Step:
    """What is wanted, in both languages; rows added to tables, lines of ``model.yaml`` in place of others; what is typed."""

    en: str
    ru: str
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    command: str = ""
    code: int = 0
    lines: int = 0


STEPS = (
    Step(
        "A small river is written to start from: two reservoirs, fields, a lake.",
        "Записывается небольшая река для начала: два водохранилища, поля, озеро.",
        command=f"waterflow new model {FOLDER}",
    ),
    Step(
        "It is named by its path from now on. Is it whole?",
        "Дальше её называют по пути к папке. Всё ли в ней есть?",
        command=CHECK,
    ),
    Step(
        "**Draw the river.** A side river shall join it at the canal head. One row for the place where it begins, one for the reach down:",
        "**Схема реки.** Пусть у головного сооружения впадает боковой приток. Одна строка для его начала, одна для участка ниже:",
        rows={
            "nodes": (f"spring,junction,Spring,Родник,10,50,{GUESS}",),
            "reaches": (f"side_river,spring,fields,Side river,Боковой приток,0,0,{GUESS}",),
        },
    ),
    Step(
        "**Give it water.** A row for each month of the horizon. February was forgotten:",
        "**Вода.** По строке на каждый месяц расчётного срока. Февраль забыт:",
        rows={"runoff": tuple(f"example,spring,{month},{flow},{GUESS}" for month, flow in ((1, 10), (3, 40), (4, 60)))},
        command=CHECK,
        code=3,
    ),
    Step("It is added.", "Строка добавлена.", rows={"runoff": (f"example,spring,2,15,{GUESS}",)}),
    Step(
        "**Say who asks.** A town takes 20 million m3 a month at the canal head. The town hall told the figure, and so says the row:",
        "**Кто просит воды.** Город берёт у головного сооружения 20 млн м³ в месяц. Величину назвала мэрия, так и сказано в строке:",
        rows={
            "demands": ("town,fields,DOWN,drinking,no,Town,Город,town_hall,assumed",),
            "needs": tuple(f"example,town,{month},20,town_hall,assumed" for month in (1, 2, 3, 4)),
        },
        command=CHECK,
        code=3,
    ),
    Step(
        "Each source has an entry in `sources.yaml`, so that a reader finds it again:",
        "У каждого источника есть запись в `sources.yaml`, чтобы читатель его нашёл:",
        rows={
            "sources": (
                "town_hall:",
                '  title: "Water of the town, by word of mouth"',
                '  publisher: "Town hall (invented)"',
                '  year: "2025"',
                '  url: "-"',
                '  licence: "-"',
                '  accessed: "2025-01-10"',
                '  note: "Invented for this page."',
            )
        },
        command=CHECK,
    ),
    Step(
        "**Choose.** The town comes before the fields, the fields before the lake. In `model.yaml`:",
        "**Выбор.** Город раньше полей, поля раньше озера. В `model.yaml`:",
        choices={
            "title: Two reservoirs": "title: My river",
            "title_ru: Два водохранилища": "title_ru: Моя река",
            "    - {name: fields, title: Fields, title_ru: Поля, claims: [{kind: demands}]}": "\n".join(
                (
                    "    - {name: town, claims: [{kind: demands, uses: [drinking], per: period}]}",
                    "    - {name: fields, title: Fields, title_ru: Поля, claims: [{kind: demands, uses: [irrigation]}]}",
                )
            ),
        },
    ),
    Step("**Solve.**", "**Расчёт.**", command=f"waterflow allocate ./{FOLDER}", lines=29),
    Step(
        "**Ask.** What if the side river brings half?",
        "**Вопрос.** А если приток принесёт половину?",
        command=f"waterflow allocate ./{FOLDER} --set runoff.spring=x0.5",
        lines=8,
    ),
)


def _shown(name: str, lines: tuple[str, ...]) -> str:
    return "\n".join([f"```text\n# {name}", *lines, "```\n"])


def _done(step: Step) -> Iterator[str]:
    """Write what a step writes, and show it."""
    for table, lines in step.rows.items():
        path = Path(FOLDER) / "tables" / (f"{table}.yaml" if table == "sources" else f"{table}.csv")
        path.write_text("\n".join([path.read_text(encoding="utf-8").rstrip(), *lines, ""]), encoding="utf-8")
        yield _shown(f"tables/{path.name}", lines)
    if step.choices:
        path = Path(FOLDER) / "model.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in step.choices.items():
            if old not in text:
                message = f"model.yaml has no line {old!r}"
                raise RuntimeError(message)
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        yield _shown("model.yaml", tuple(step.choices.values()))


def told(language: str) -> Iterator[str]:
    """Every step as it stands on the page, done in the folder one stands in."""
    for step in STEPS:
        if said := getattr(step, language):
            yield f"{said}\n"
        yield from _done(step)
        if step.command:
            lines = answered(step.command, language, step.code).rstrip().splitlines()
            shown = lines[: step.lines or len(lines)]
            rest = ["..."] if len(shown) < len(lines) else []
            asked = step.command + (f" --lang {language}" if language != "en" else "")
            yield "\n".join(["```console", f"$ {asked}", *shown, *rest, "```\n"])


def made(language: str) -> str:
    """The page's part, made in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        return "\n".join(told(language))


def main() -> int:
    """Write the pages, or with ``--check`` tell whether they would change."""
    os.environ.pop("COLUMNS", None)
    pages = {}
    for language, page in PAGES.items():
        text = (ROOT / page).read_text(encoding="utf-8")
        pages[page] = filled(text, lambda name, language=language: made(language) if name == "first_river" else None)
    return kept(pages, "first_river")


if __name__ == "__main__":
    sys.exit(main())
