"""What an annex is made of: cells, and sections with a heading and rows."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cell", "Section"]

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
