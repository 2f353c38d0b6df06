"""A season as a model of its own: the tables of the model with the season's rows, its choices, its agreements, its sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from waterflow.loading.schema import TABLES
from waterflow.loading.table_text import Line, model_files, with_rows
from waterflow.season.filled import THE_FILE, Filled
from waterflow.season.provisional import canal_limits, provisional
from waterflow.season.rows import LEFT_OUT, carried, months_of, season_rows

__all__ = ["Folder", "season_folder"]

PROVISIONAL, CANALS = "provisional", "canal_limits"
KEY = re.compile(r"[^0-9a-z]+")
MONTH = len("2026-10")


@dataclass(frozen=True)
class Folder:
    """The files of a season's model.

    Attributes
    ----------
    files : mapping of path to text
    carried : mapping of table to int
        Rows that stand on days of the scenario it follows, carried on by some years.
    left_out : tuple of str
        Tables of that scenario that are about another season.
    variants : tuple of str
        Scenarios beside the mean: low, high.
    provisional : mapping of party to (limit of the season, limit of the first month)
        Mm3; empty if it was not asked for.
    without_norms : bool
        True if runoff is by dekad, so that the rows of other series could not stay beside it.
    """

    files: Mapping[str, str]
    carried: Mapping[str, int]
    left_out: tuple[str, ...]
    variants: tuple[str, ...]
    provisional: Mapping[str, tuple[float, float]]
    without_norms: bool


def season_folder(filled: Filled, shown: str, *, cut: bool = False) -> Folder:
    """Everything that a season's model is made of.

    Parameters
    ----------
    filled : Filled
    shown : str
        How the file is called that was filled in; a source of that title stands for figures without one.
    cut : bool
        Cut the limits of the first month until the forecast comes.

    Raises
    ------
    InputError
        If a figure has no place in a table.
    """
    kit = filled.kit
    sources = _Sources(kit.like.sources, shown)
    filled = _sourced(filled, sources)
    on, own = carried(kit), season_rows(filled)
    lines = {name: [sources.line(line) for line in found] for name, found in (on | own).items()}
    files = model_files(kit.like.folder, "tables") | model_files(kit.path.parent / "agreements", "agreements")
    without_norms = False
    for name, found in lines.items():
        without_norms |= _add(files, name, found)
    agreements = {CANALS: canal_limits(filled)}
    told: dict[str, tuple[float, float]] = {}
    if cut:
        agreements[PROVISIONAL], told = provisional(filled)
    made = {name: text for name, text in agreements.items() if text}
    files |= {f"agreements/{name}.yaml": _yaml(text) for name, text in made.items()}
    if "tables/sources.yaml" in files:
        files["tables/sources.yaml"] = sources.text(files["tables/sources.yaml"])
    series = dict.fromkeys(lines, kit.name)
    variants = tuple(e for e in filled.runoff.values if e != "mean")
    left_out = tuple(n for n in LEFT_OUT if kit.like.file.series.get(n, "none") != "none")
    files["model.yaml"] = _model(filled, series, (*filled.in_force, *made))
    for estimate in variants:
        files[f"scenarios/{estimate}.yaml"] = _variant(kit.name, estimate)
    return Folder(files, {n: len(found) for n, found in on.items()}, left_out, variants, told, without_norms)


def _sourced(filled: Filled, sources: _Sources) -> Filled:
    """The figures with the keys of their sources, so that clauses name them too."""
    given = {s: tuple(replace(g, source=sources.key(g.source)) for g in found) for s, found in filled.given.items()}
    return replace(filled, given=given)


class _Sources:
    """Keys of the sources: those of the model, and one for every text somebody wrote in a cell."""

    def __init__(self, known: Mapping[str, Any], shown: str) -> None:
        self.known, self.shown = known, shown
        self.new: dict[str, str] = {}

    def key(self, text: str) -> str:
        """The key of a source by its key or its text."""
        if text in self.known:
            return text
        made = KEY.sub("_", text.casefold()).strip("_")[:40] or f"season_source_{len(self.new) + 1}"
        made = made if made[0].isalpha() else f"source_{made}"
        self.new.setdefault(made, self.shown if text == THE_FILE else text)
        return made

    def line(self, line: Line) -> Line:
        """A row with the key of its source."""
        return {**line, "source": self.key(str(line["source"]))}

    def text(self, before: str) -> str:
        """The file of sources with the new ones below."""
        about = {"publisher": "-", "year": "-", "url": "-", "licence": "as its owner says", "accessed": "-"}
        new = {
            key: {"title": title, **about, "note": f"Named in {self.shown}."} for key, title in self.new.items() if key not in self.known
        }
        return f"{before.rstrip()}\n\n{_yaml(new)}" if new else before


def _add(files: dict[str, str], name: str, lines: Sequence[Line]) -> bool:
    """Put rows into a table; True if those that were there had to go, for they hold by month and the new ones do not."""
    path = f"tables/{name}.csv"
    text = files.get(path, "")
    header = text.partition("\n")[0].lstrip("\ufeff").split(",")
    gone = False
    if TABLES[name].timed and "month" in header and lines and "period" in lines[0]:
        if months_of(lines):
            lines = [{**line, "month": int(str(line["period"])[5:MONTH])} for line in lines]
        else:
            text, gone = "", True
    files[path] = with_rows(text, name, lines, "period")
    return gone


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _model(filled: Filled, series: Mapping[str, str], agreements: Sequence[str]) -> str:
    """``model.yaml``: the choices of the scenario the season follows, its own rows among them."""
    kit, file = filled.kit, filled.kit.like.file
    chosen = {name: choice for name, choice in file.series.items() if name not in LEFT_OUT}
    empty = [n for n in ("limits", "agreed_flows", "targets", "power_demand") if n in file.series and n not in series]
    content: dict[str, Any] = {
        "format": 1,
        "name": file.name,
        "title": f"{file.title}, {kit.season}",
        "title_ru": f"{file.title_ru}, {kit.season}" if file.title_ru else "",
        "scenario": kit.name,
        "parties": list(file.parties),
        "horizon": {"start": kit.calendar.start, "end": kit.calendar.end},
        "step": "dekad" if filled.runoff.calendar.step == "dekad" and kit.calendar.step == "month" else file.step,
        "steps": list(file.steps),
        "series": chosen | {n: "none" for n in LEFT_OUT if n in file.series} | dict.fromkeys(empty, "none") | dict(series),
        "agreements": list(dict.fromkeys(agreements)),
        "objective": file.objective.model_dump(mode="json", exclude_defaults=True),
    }
    return _yaml(content)


def _variant(name: str, estimate: str) -> str:
    return _yaml(
        {
            "format": 1,
            "title": f"{estimate} forecast",
            "reason": f"The {estimate} forecast of the season.",
            "series": {"runoff": f"{name}_{estimate}"},
        }
    )
