"""Plain text laid out for people: headings, folded paragraphs, columns that never touch."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

__all__ = ["WIDTH", "columns", "heading", "paragraph"]

WIDTH = 100
#: what stands between two columns
GAP = "  "


def heading(title: str) -> str:
    """A section's title, underlined."""
    return f"\n{title}\n{'-' * len(title)}"


def paragraph(text: str, indent: str = "", hanging: str = "", width: int = WIDTH) -> str:
    """Text folded at the width."""
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent + hanging, break_on_hyphens=False)


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Rows under their headings, the first columns to the left, the others to the right; a heading may have several lines."""
    stacked = [cell.split("\n") for cell in head]
    depth = max(map(len, stacked), default=0)
    heads = [[cell[k - depth] if depth - k <= len(cell) else "" for cell in stacked] for k in range(depth)]
    widths = [max(len(row[k]) for row in (*heads, *rows)) for k in range(len(head))]
    lines = []
    for row in (*heads, *rows):
        cells = [c.ljust(w) if k < left else c.rjust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append(GAP.join(cells).rstrip())
    return "\n".join(lines)
