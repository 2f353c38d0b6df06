"""Which column of a sheet is what: as told, or guessed from its heading, and then said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.loading.spellings import day_of, month_and_dekad, split_quantity, split_unit
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["TABLE_OF", "Found", "Meaning", "columns_of", "header_at"]

Cells = Sequence[Sequence[Any]]
#: what a quantity is a column of; every other is a flow at a site
TABLE_OF = {"storage": "monthly_storages", "withdrawal": "monthly_withdrawals"}
#: words for what no plan decides; `waterflow.loading.spellings` has those of the others
MORE = {"storage": ("storage", "volume", "объем", "объем_водохранилища"), "inflow": ("inflow", "приток")}
#: lines in which data are looked for below titles
TITLES = 40
NOTHING = "-"


@dataclass(frozen=True)
class Meaning:
    """A column of values: which, whose, what, and in which unit."""

    column: int
    heading: str
    site: str
    quantity: str
    unit: str
    factor: float
    guessed: bool

    @property
    def table(self) -> str:
        """The table of observations it belongs to."""
        return TABLE_OF.get(self.quantity, "monthly_flows")


@dataclass(frozen=True)
class Found:
    """The columns of a sheet: that of time, those of values, and headings that nothing is read of."""

    time: int
    time_heading: str
    time_guessed: bool
    values: tuple[Meaning, ...]
    aside: tuple[str, ...]


def is_time(cell: Any) -> bool:
    """True if a cell is a day, a dekad or a month."""
    return cell != "" and (day_of(cell) is not None or month_and_dekad(cell) is not None)


def header_at(cells: Cells, shown: str) -> int:
    """The line of the headings: the last with text above the first that has a time.

    Raises
    ------
    InputError
        If there is none.
    """
    first = next((k for k, row in enumerate(cells[:TITLES]) if any(is_time(cell) for cell in row) and k), 0)
    above = [k for k in range(first) if sum(cell != "" for cell in cells[k]) > 1]
    if not above:
        raise Problem(
            "not-a-table", shown, say("no day or month below a heading"), say("a column of days or months, under headings")
        ).refusal()
    return above[-1]


def columns_of(cells: Cells, head: int, told: Mapping[str, str], usual: tuple[str, str, str], shown: str) -> Found:
    """What each column is.

    Parameters
    ----------
    cells : rows of cells
    head : int
        The line of the headings.
    told : mapping of heading to meaning
        ``time``, ``SITE.QUANTITY``, or ``-`` for nothing.
    usual : (site, quantity, unit)
        For a heading that does not say its own; each may be empty.
    shown : str

    Raises
    ------
    InputError
        If a heading that was told of is none, a meaning is none, or a column of numbers has no site, quantity or unit.
    """
    headings = [str(cell).strip() for cell in cells[head]]
    problems = [
        Problem("unknown-column", f"--column {name}", name, ", ".join(filter(None, headings)), slip(name, headings))
        for name in told
        if name not in headings
    ]
    problems += [
        Problem("bad-meaning", f"--column {name}", meaning, say("time, SITE.QUANTITY or -"))
        for name, meaning in told.items()
        if meaning not in ("time", NOTHING) and not all(meaning.partition(".")[::2])
    ]
    data = [row for row in cells[head + 1 :] if any(cell != "" for cell in row)]
    time = next((k for k, h in enumerate(headings) if told.get(h) == "time"), -1)
    guessed = time < 0
    if guessed:
        counts = [sum(len(row) > k and is_time(row[k]) for row in data) for k in range(len(headings))]
        time = max(range(len(headings)), key=lambda k: counts[k])
    values, aside = [], []
    for k, heading in enumerate(headings):
        meaning = told.get(heading, "")
        if k == time or meaning == NOTHING or not (meaning or any(_is_number(row[k]) for row in data if len(row) > k)):
            if k != time and heading:
                aside.append(heading)
            continue
        found = _meaning(k, heading, meaning, usual)
        values.append(found)
        problems += _lacking(found, shown)
    if problems:
        raise InputError(problems)
    return Found(time, headings[time], guessed, tuple(values), tuple(aside))


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool) or cell == "":
        return False
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _meaning(column: int, heading: str, told: str, usual: tuple[str, str, str]) -> Meaning:
    name, unit, factor = split_unit(heading)
    if not unit and usual[2]:
        _, unit, factor = split_unit(usual[2])
    if told:
        site, _, quantity = told.rpartition(".")
    else:
        site, quantity = _split(name)
        site, quantity = usual[0] or site, usual[1] or quantity
    return Meaning(column, heading, site, quantity, unit, factor, not told)


def _split(name: str) -> tuple[str, str]:
    for quantity, words in MORE.items():
        for word in words:
            if name == word or name.endswith(f"_{word}"):
                return name[: -len(word)].strip("_"), quantity
    return split_quantity(name)


def _lacking(found: Meaning, shown: str) -> list[Problem]:
    """What a column of values does not say and nobody told."""
    where = say("{shown}, column {heading}", shown=shown, heading=found.heading)
    cause = say("Tell it: --column '{heading}=SITE.QUANTITY', or --column '{heading}=-' to leave it.", heading=found.heading)
    problems = []
    if not found.site or not found.quantity:
        said = say("no site") if not found.site else say("no quantity")
        problems.append(Problem("unknown-column", where, said, say("a site and a quantity, as in mountain_release_m3s"), cause))
    if not found.unit or (found.quantity == "storage" and found.unit != "Mm3"):
        problems.append(
            Problem(
                "unknown-unit",
                where,
                found.unit or say("no unit"),
                "Mm3, km3" + ("" if found.quantity == "storage" else ", m3/s"),
                "--unit",
            )
        )
    return problems
