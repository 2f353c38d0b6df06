"""Plain text for people: numbers, windows, columns and headings, readable at 100 columns."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Sequence

__all__ = [
    "NOTHING",
    "WIDTH",
    "columns",
    "heading",
    "number",
    "numbers",
    "paragraph",
    "per_cent",
    "period_in_words",
    "places",
    "window_in_words",
]

WIDTH = 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: decimals of a column whose largest figure is at least this
DECIMALS = ((100.0, 0), (10.0, 1), (0.0, 2))
#: a figure smaller than this is nothing
NOTHING = 5e-7


def places(values: Sequence[float | None]) -> int:
    """Decimals that suit a column: none for hundreds, one for tens, two below."""
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    return 0 if largest < NOTHING else next(d for least, d in DECIMALS if largest >= least)


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands separators; ``-`` where there is none."""
    if value is None:
        return "-"
    text = f"{value + math.copysign(NOTHING, value):,.{decimals}f}"
    return text.removeprefix("-") if not any(c in "123456789" for c in text) else text


def per_cent(part: float | None, whole: float | None) -> str:
    """A part in per cent of a whole; ``-`` where there is no whole."""
    if part is None or whole is None or abs(whole) < NOTHING:
        return "-"
    return f"{100 * part / whole:.0f} %"


def numbers(values: Sequence[float | None]) -> list[str]:
    """A column of numbers with the same decimals."""
    decimals = places(values)
    return [number(v, decimals) for v in values]


def period_in_words(label: str) -> str:
    """``Oct 24`` of ``2024-10``, ``Oct d1`` of ``2024-10-d1``."""
    year, month, *dekad = label.split("-")
    return f"{MONTHS[int(month) - 1]} {dekad[0] if dekad else year[2:]}"


def window_in_words(window: str) -> str:
    """``Oct 2024-Mar 2025`` of whole months, the two days of anything else, one day once."""
    start, end = (dt.date.fromisoformat(day) for day in window.split("/"))
    if start == end:
        return str(start)
    if start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        first, last = (f"{MONTHS[day.month - 1]} {day.year}" for day in (start, end))
        return first if first == last else f"{first}-{last}"
    return f"{start} to {end}"


def heading(title: str) -> str:
    """A section's title, underlined."""
    return f"\n{title}\n{'-' * len(title)}"


def paragraph(text: str, indent: str = "", hanging: str = "") -> str:
    """Text folded at the width."""
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + hanging, break_on_hyphens=False)


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Rows under their headings, the first columns to the left, the others to the right."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [c.ljust(w) if k < left else c.rjust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
