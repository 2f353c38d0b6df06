"""The first lines of the answer in both READMEs: ``python -m docs.make readme`` makes them, ``--check`` compares."""

from __future__ import annotations

import sys

import waterflow as wf
from docs.make.pages import ROOT, filled, kept
from waterflow.accounts.plan_facts import plan_facts
from waterflow.report.page import page
from waterflow.words.catalogue import speaking

PAGES = {"README.md": "en", "README.ru.md": "ru"}
#: what the first lines answer: what comes to the lake, who is short of what, what it costs whom
FIRST = 15


def first_lines(language: str) -> str:
    """The first lines of the page of the Syr Darya in a language, as a block of code."""
    with speaking(language):
        plan = wf.allocate(wf.read_basin("syr_darya"))
        lines = page(plan_facts(plan.basin, plan.dataset)).splitlines()[:FIRST]
    return "```text\n" + "\n".join(lines).rstrip() + "\n```"


def main() -> int:
    """Write both, or with ``--check`` tell which would change."""
    made = {}
    for name, language in PAGES.items():
        parts = {"answer": first_lines(language)}
        made[name] = filled((ROOT / name).read_text(encoding="utf-8"), parts.get)
    return kept(made, "readme")


if __name__ == "__main__":
    sys.exit(main())
