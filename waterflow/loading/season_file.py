"""The file of a season as it comes back: a workbook, a folder of CSV files or one of them; its sheets, and what its first says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from waterflow.errors import InputError, Problem
from waterflow.files import is_folder
from waterflow.loading.season_words import HEAD, SHEETS, known_word
from waterflow.loading.spreadsheet import Cells, read_sheets
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean

__all__ = ["SeasonFile", "read_season_file"]


@dataclass(frozen=True)
class SeasonFile:
    """Cells by our name of a sheet.

    Attributes
    ----------
    shown : str
        How messages call the file.
    sheets : mapping of sheet to Cells
    titles : mapping of sheet to str
        How messages call a sheet.
    head : mapping of str to str
        ``model``, ``season`` and ``like`` as the first sheet says them.
    told : tuple of str
        What had to be understood.
    """

    shown: str
    sheets: Mapping[str, Cells]
    titles: Mapping[str, str]
    head: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def read_season_file(path: Path) -> SeasonFile:
    """Read every sheet of a season's file.

    Raises
    ------
    InputError
        If there is no such file, no sheet of it is one of a season, or one has a name that no sheet has; all at once.
    """
    told: list[str] = []
    found, problems = _named(path, told)
    sheets: dict[str, Cells] = {}
    titles: dict[str, str] = {}
    for title, cells in found.items():
        name = known_word(title, SHEETS)
        if not any(any(str(c).strip() for c in row) for row in cells):
            continue
        if not name:
            known = ", ".join(SHEETS)
            problems.append(Problem("unknown-sheet", f"{path.name}: {title}", title, known, did_you_mean(title, SHEETS)))
        elif name in sheets:
            problems.append(Problem("twice", f"{path.name}: {title}", title, say("one sheet {name}", name=name)))
        else:
            sheets[name], titles[name] = cells, f"{path.name}: {title}"
    if not sheets and not problems:
        problems.append(
            Problem("not-a-table", path.name, say("an empty table"), say("sheets of a season: {names}", names=", ".join(SHEETS)))
        )
    if problems:
        raise InputError(problems)
    return SeasonFile(path.name, sheets, titles, _head(sheets.pop("season", [])), tuple(told))


def _named(path: Path, told: list[str]) -> tuple[dict[str, Cells], list[Problem]]:
    """Cells by the name of the sheet, or of the file in a folder."""
    if not is_folder(path):
        sheets = read_sheets(path, told)
        return {name or path.stem: cells for name, cells in sheets.items()}, []
    found, problems = dict[str, Cells](), list[Problem]()
    for file in sorted(path.glob("*.csv")):
        try:
            found[file.stem] = read_sheets(file, told)[""]
        except InputError as error:
            problems += error.problems
    return found, problems


def _head(cells: Cells) -> dict[str, str]:
    """What the first sheet says: a word, and beside it its value."""
    found = {}
    for row in cells:
        if len(row) > 1 and (word := known_word(row[0], HEAD)):
            found[word] = str(row[1]).strip()
    return found
