"""Figures in prose: ``python -m docs.make.figures`` writes every marked figure anew and seals all others.

A figure of a shipped model is marked where it stands, ``<!--f syr_darya:dry_year north_aral/growing-->714<!--/f-->``:
model, scenario and step (``syr_darya:dry_year@dekad``; without one the model's own), then a figure by its name as in
``waterflow why``, or a path into the JSON answer (``power.KGZ.non_growing.import_GWh``, ``stages.cost.value``), of which a
second may be taken away (`` - ``). Last, if wanted, ``in km3``, ``in TWh``, ``in %`` and the decimals: ``.1``.

All other figures of a page (facts, dates, results of studies) are sealed in ``figures.lock``: who changes one by hand
seals it again and so says that it was meant. With ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from waterflow.accounts.figures import figure_named, figure_names
from waterflow.accounts.plan import Plan
from waterflow.accounts.plan_facts import plan_facts
from waterflow.allocation.allocate import allocate
from waterflow.allocation.allocation import Allocation
from waterflow.loading.model import read_basin
from waterflow.words.catalogue import speaking
from waterflow.words.numbers import number

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "docs" / "figures.lock"
MARKED = re.compile(r"(<!--f ([^>]+?)-->)(.*?)(<!--/f-->)")
#: what other commands make, and code: not prose
MADE = re.compile(r"<!-- begin .*?<!-- end -->|^```.*?^```|<!--.*?-->", re.DOTALL | re.MULTILINE)
FIGURE = re.compile(r"(?<![\w/.])[-+]?\d[\d,.]*\d|(?<![\w/.])[-+]?\d(?![\w/])")
UNITS = {"km3": 1000.0, "TWh": 1000.0, "%": 0.01}
#: pages that tell what was true when they were written
FREE = ("CHANGELOG.md",)


def pages() -> list[Path]:
    """The pages of the repository, in order."""
    found = [p for p in ROOT.rglob("*.md") if not {".git", ".venv", "venv", "out", "node_modules"} & set(p.relative_to(ROOT).parts)]
    return sorted(found)


@cache
def _solved(river: str) -> tuple[Allocation, dict[str, Any]]:
    name, _, step = river.partition("@")
    model, _, scenario = name.partition(":")
    plan = allocate(read_basin(model, scenario or None, step or None))
    return plan, plan_facts(plan.basin, plan.dataset).model_dump(mode="json")


def _picked(found: Any, path: list[str]) -> float:
    """The number at a path: a key of an object, or a word that some item of a list has."""
    for word in path:
        if isinstance(found, dict):
            found = found[word]
        else:
            items = [x for x in found if word in x.values()]
            if not items:
                # the last word is the field of the one item that is left
                (item,) = found
                return float(item[word])
            found = items
    return float(found)


def _value(river: str, name: str) -> float:
    plan, facts = _solved(river)
    stem = name.split("/")[0]
    if any(stem == known.split("/")[0] for known in figure_names(plan.basin)):
        return figure_named(plan.basin, name).value(Plan(plan.basin, plan.dataset))
    return _picked(facts, name.split("."))


def figure(key: str) -> str:
    """What a mark says, written as on a page."""
    parts = key.split()
    decimals = int(parts.pop().removeprefix(".")) if re.fullmatch(r"\.\d", parts[-1]) else 0
    unit = 1.0
    if "in" in parts:
        unit, parts = UNITS[parts[parts.index("in") + 1]], parts[: parts.index("in")]
    river, names = parts[0], [p for p in parts[1:] if p != "-"]
    first, *rest = (_value(river, name) for name in names)
    return number((first - sum(rest)) / unit, decimals)


def written(text: str) -> str:
    """A page with every marked figure as it is now."""
    return MARKED.sub(lambda m: f"{m[1]}{figure(m[2])}{m[4]}", text)


def seal(text: str) -> str:
    """A digest of the figures of a page that are not marked and not made by another command."""
    rest = MADE.sub(" ", MARKED.sub(" ", text))
    return hashlib.sha256(" ".join(FIGURE.findall(rest)).encode()).hexdigest()[:16]


def main() -> int:
    """Write every page and the seals, or with ``--check`` tell which would change."""
    checking, wrong, seals = "--check" in sys.argv, [], {}
    for page in pages():
        name, text = page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8")
        with speaking("ru" if name.endswith(".ru.md") or name.startswith("docs/ru/") else "en"):
            new = written(text)
        if new != text:
            wrong.append(name)
            if not checking:
                page.write_text(new, encoding="utf-8")
        if not name.startswith(FREE):
            seals[name] = seal(new)
    lock = json.dumps(seals, indent=1) + "\n"
    if not LOCK.is_file() or LOCK.read_text(encoding="utf-8") != lock:
        was = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.is_file() else {}
        wrong += [f"{name} (seal)" for name in sorted(seals.keys() | was.keys()) if seals.get(name) != was.get(name)]
        if not checking:
            LOCK.write_text(lock, encoding="utf-8")
    if checking and wrong:
        sys.stderr.write(f"a figure was changed by hand, or a plan moved: {', '.join(wrong)}. Run python -m docs.make.figures\n")
    return 1 if checking and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
