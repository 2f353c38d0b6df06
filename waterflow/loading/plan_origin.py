"""What a workbook of a plan says it was made from: river, scenario, agreements and what was asked; on a sheet of its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from waterflow.basin.basin import Basin
from waterflow.loading.spreadsheet import EXCEL, Cells, read_sheets

__all__ = ["SHEET", "PlanOrigin", "origin_of", "origin_rows", "read_origin"]

#: the sheet that says it, in every language
SHEET = "waterflow"


@dataclass(frozen=True)
class PlanOrigin:
    """From what a plan was made: names of river, scenario, step and agreements, and what was asked, in words."""

    model: str
    scenario: str
    step: str
    agreements: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def origin_of(basin: Basin) -> PlanOrigin:
    """From what the plan of a basin is made."""
    return PlanOrigin(
        model=basin.name,
        scenario=basin.own_scenario,
        step=basin.calendar.step,
        agreements=tuple(basin.agreements),
        questions=basin.questions,
    )


def origin_rows(found: PlanOrigin) -> list[list[str]]:
    """The rows of the sheet: a name, and what it is; several in one row."""
    return [[name, *([value] if isinstance(value, str) else value)] for name, value in asdict(found).items()]


def read_origin(path: Path) -> PlanOrigin | None:
    """What a workbook says it was made from; None where it says nothing.

    Raises
    ------
    InputError
        If there is no such file, or it is no table.
    """
    if path.suffix.lower() not in EXCEL:
        return None
    return _of(read_sheets(path).get(SHEET, []))


def _of(cells: Cells) -> PlanOrigin | None:
    rows = {str(row[0]): [str(c) for c in row[1:] if str(c).strip()] for row in cells if row}
    if not rows.get("model"):
        return None
    model, scenario, step = (next(iter(rows.get(name, [])), "") for name in ("model", "scenario", "step"))
    return PlanOrigin(model, scenario, step, tuple(rows.get("agreements", [])), tuple(rows.get("questions", [])))
