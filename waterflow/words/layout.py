"""Plain text laid out for people: headings, folded paragraphs, columns that never touch."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

__all__ = ["WIDTH", "columns", "heading", "paragraph"]

WIDTH = 100
#: what stands between two columns
GAP = "  "
#: a first column is folded no narrower
NARROWEST = 16


def heading(title: str) -> str:
    """A section's title, underlined."""
    return f"\n{title}\n{'-' * len(title)}"


def paragraph(text: str, indent: str = "", hanging: str = "", width: int = WIDTH) -> str:
    """Text folded at the width."""
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent + hanging, break_on_hyphens=False)


def _folded(row: Sequence[str], room: int) -> list[list[str]]:
    """A row whose first cell is folded to some room, in as many lines as that takes."""
    first, *more = textwrap.wrap(row[0], room, subsequent_indent=GAP, break_on_hyphens=False) or [""]
    return [[first, *row[1:]], *([line, *[""] * (len(row) - 1)] for line in more)]


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1, *, width: int | None = WIDTH) -> str:
    """Rows under their headings, the first columns to the left, the others to the right.

    A heading may have several lines. The first column is folded where the table is wider than allowed.
    """
    stacked = [cell.split("\n") for cell in head]
    depth = max(map(len, stacked), default=0)
    heads = [[cell[k - depth] if depth - k <= len(cell) else "" for cell in stacked] for k in range(depth)]
    widths = [max(len(row[k]) for row in (*heads, *rows)) for k in range(len(head))]
    room = (width or 0) - sum(widths[1:]) - len(GAP) * (len(widths) - 1)
    if NARROWEST <= room < widths[0]:
        rows = [line for row in rows for line in _folded(row, room)]
        widths[0] = max(len(row[0]) for row in (*heads, *rows))
    lines = []
    for row in (*heads, *rows):
        cells = [c.ljust(w) if k < left else c.rjust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append(GAP.join(cells).rstrip())
    return "\n".join(lines)
