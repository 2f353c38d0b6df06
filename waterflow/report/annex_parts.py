"""What an annex is made of: cells, and sections with a heading and rows."""

from __future__ import annotations

from dataclasses import dataclass

from waterflow.basin.basin import Basin

__all__ = ["Cell", "MadeUnder", "Section", "made_under"]

#: a text, or a figure and its decimals; None is an empty cell
Cell = str | tuple[float, int] | None


@dataclass(frozen=True)
class Section:
    """A table with its heading; the first ``texts`` columns are texts; ``bold`` are rows in bold; ``told`` stands below."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: int = 1
    bold: tuple[int, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class MadeUnder:
    """Under what a plan was made: title of its scenario, all the runoff that comes, Mm3, and what was asked."""

    scenario: str
    runoff_Mm3: float
    questions: tuple[str, ...]


def made_under(basin: Basin, scenario: str = "") -> MadeUnder:
    """Under what the plan of a basin is made; its scenario by title where that is known."""
    runoff = float(sum(sum(series) for series in basin.runoff.values()))
    return MadeUnder(scenario=scenario or basin.scenario or "", runoff_Mm3=runoff, questions=basin.questions)
