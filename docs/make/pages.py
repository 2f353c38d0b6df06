"""Pages with generated parts: what stands between ``<!-- begin NAME -->`` and ``<!-- end -->`` is made, the rest is written by hand."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"<!-- begin ([\w ]+) -->\n.*?<!-- end -->", re.DOTALL)


def filled(text: str, made: Callable[[str], str | None]) -> str:
    """A page with its generated parts as they should be; a part that nobody makes stays."""

    def part(found: re.Match[str]) -> str:
        new = made(found[1])
        return found[0] if new is None else f"<!-- begin {found[1]} -->\n{new.strip()}\n<!-- end -->"

    return BLOCK.sub(part, text)


def table(head: str, rows: list[str]) -> str:
    """A Markdown table: cells with ``|`` between them."""
    return "\n".join([f"| {head} |", "|" + "---|" * (head.count("|") + 1), *(f"| {row} |" for row in rows)])


def kept(pages: Mapping[str, str], command: str) -> int:
    """Write pages by their path in the repository, or with ``--check`` tell which would change."""
    stale = [page for page, text in pages.items() if (ROOT / page).read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        if stale:
            sys.stderr.write(f"out of date, run python -m docs.make {command}: {', '.join(stale)}\n")
        return 1 if stale else 0
    for page in stale:
        (ROOT / page).write_text(pages[page], encoding="utf-8")
    return 0
