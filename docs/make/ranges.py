"""Plans beside what operators do: ``python -m docs.make ranges`` makes the page, ``--check`` compares.

Three seasons are planned with a free hand and within the ranges of the seasons before them, and set beside what was seen.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from docs.make.pages import ROOT, filled, kept, table
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.loading.model import read_basin
from waterflow.observations.files import observed_tables
from waterflow.observations.record import Record, read_record

PAGE, MODEL, FREE = "docs/evidence/operating_ranges.md", "syr_darya", "free_hand"
SEASONS = ("season_2022_23", "season_2023_24", "season_2024_25")
#: Mm3 by which a figure is outside other years before it counts
OUTSIDE = 1.0
#: the years that ranges of the first season rest on, whose median a plan must beat
EARLY = range(2001, 2009)
Figures = dict[tuple[str, str], pd.Series]


@cache
def record() -> Record:
    """Everything that was seen."""
    return read_record(observed_tables(MODEL))


def seen(reservoir: str, kind: str) -> pd.Series:
    """Storage at the end, or release, of every month seen."""
    return (record().storages[reservoir] if kind == "storage" else record().flows[f"{reservoir}.release"]).dropna()


def _scenario(season: str, *, free: bool) -> str | None:
    """The season as it is, or a scenario file with the order that has no ranges."""
    scenarios = ROOT / "models" / MODEL / "scenarios"
    own = scenarios / f"{season}.yaml"
    if not free:
        return season if own.exists() else None
    found = yaml.safe_load((scenarios / f"{FREE}.yaml").read_text(encoding="utf-8"))
    base = yaml.safe_load(own.read_text(encoding="utf-8")) if own.exists() else {}
    words = found | base | {"objective": found["objective"], "series": base.get("series", {}) | found["series"]}
    path = Path(tempfile.mkdtemp()) / f"{season}.yaml"
    path.write_text(yaml.safe_dump(words), encoding="utf-8")
    return str(path)


@cache
def planned(season: str, *, free: bool) -> tuple[Figures, dict[str, float]]:
    """Storages and releases of a plan by month; its cost, target shortfall and unserved power."""
    scenario = _scenario(season, free=free)
    basin = read_basin(MODEL, scenario)
    found = allocate(basin)
    plan, months = Plan(found.basin, found.dataset), pd.PeriodIndex(basin.calendar.labels, freq="M")
    figures: Figures = {}
    for reservoir in record().storages:
        ways = [a for a in basin.paths.departing[reservoir] if not basin.reaches[a].spillway]
        figures[reservoir, "storage"] = pd.Series(plan.series("storage", reservoir), months)
        figures[reservoir, "release"] = pd.Series(np.sum([plan.series("flow", a) for a in ways], axis=0), months)
    values = dict(zip(found.dataset["stage"].values, found.dataset["stage_value"].values, strict=True))
    blocks = list(basin.unserved_blocks)
    sums = {
        "cost": float(values["cost"]),
        "targets": float(found.dataset["target_shortfall"].sum()),
        "unserved": plan.total("unserved", blocks),
    }
    return figures, sums


def outside(figures: Figures) -> tuple[int, int]:
    """How many figures are outside the least and the most of the other years, and of how many."""
    out, count = 0, 0
    for (reservoir, kind), values in figures.items():
        own = seen(reservoir, kind)
        other = own[~own.index.isin(values.index)]
        for month, value in values.items():
            same = other[other.index.month == month.month]
            count += 1
            out += bool(value < same.min() - OUTSIDE or value > same.max() + OUTSIDE)
    return out, count


def errors(figures: Figures, kind: str, without: str = "") -> list[float]:
    """Planned less seen, Mm3, in every month that was seen."""
    found = []
    for (reservoir, of), values in figures.items():
        if of == kind and reservoir != without:
            own = seen(reservoir, kind)
            found += [float(value - own[month]) for month, value in values.items() if month in own.index]
    return found


def median_errors(season: str, without: str) -> list[float]:
    """What the median of the early years misses of the storages seen in a season."""
    figures, _ = planned(season, free=True)
    medians: Figures = {}
    for key, values in figures.items():
        own = seen(*key)
        early = own[own.index.year < EARLY.stop]
        usual = early.groupby(early.index.month).median()
        medians[key] = pd.Series([usual[month.month] for month in values.index], values.index)
    return errors(medians, "storage", without)


def rmse(found: list[float]) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(found)))) if found else float("nan")


def _rows() -> Iterator[str]:
    for season in SEASONS:
        for free, told in ((True, "free hand"), (False, "within ranges")):
            figures, sums = planned(season, free=free)
            out, count = outside(figures)
            missed = (errors(figures, "storage"), errors(figures, "storage", "toktogul"), errors(figures, "release"))
            cells = [f"{100 * out / count:.0f} %", *(f"{rmse(own):,.0f}" if own else "-" for own in missed)]
            cells += [f"{sums['cost']:.1f}", f"{sums['targets']:,.0f}", f"{sums['unserved']:,.0f}"]
            yield " | ".join([f"`{season}`" if free else "", told, *cells])


def seasons() -> str:
    """Every season, free and within its ranges."""
    head = "Season | plan | outside other years | storage, Mm3 | without Toktogul | release, Mm3"
    return table(f"{head} | cost, MUSD | targets missed, Mm3 | unserved, GWh", list(_rows()))


def together(*, free: bool, kind: str) -> float:
    """Root mean square error over October 2022 to March 2024, Mm3."""
    return rmse([e for season in SEASONS[:2] for e in errors(planned(season, free=free)[0], kind)])


def real() -> float:
    """Share of what was seen itself that is outside the other years, in per cent."""
    out, count = 0, 0
    for reservoir in record().storages:
        for kind in ("storage", "release"):
            own = seen(reservoir, kind)
            years = own.index.year + (own.index.month >= 10)
            for year in sorted(set(years)):
                found, of = outside({(reservoir, kind): own[years == year]})
                out, count = out + found, count + of
    return 100 * out / count


def judged() -> str:
    """The sums that the page speaks of."""
    lines = []
    for kind in ("storage", "release"):
        free, within = (together(free=x, kind=kind) for x in (True, False))
        less = f"{100 * (1 - within / free):.0f} % less"
        lines.append(f"- {kind}, October 2022 to March 2024: {free:,.0f} Mm3 with a free hand, {within:,.0f} within ranges, {less}.")
    shares = [outside(planned(season, free=free)[0]) for free in (True, False) for season in SEASONS]
    free, within = (100 * sum(o for o, _ in part) / sum(n for _, n in part) for part in (shares[:3], shares[3:]))
    lines.append(f"- outside the other years, three seasons together: {free:.0f} % with a free hand, {within:.0f} % within ranges.")
    lines.append(f"- the years seen, each outside all others: {real():.0f} %.")
    for season in SEASONS[:2]:
        ours = rmse(errors(planned(season, free=False)[0], "storage", "toktogul"))
        usual = rmse(median_errors(season, "toktogul"))
        lines.append(f"- storages without Toktogul, `{season}`: {ours:,.0f} Mm3; the median of 2001-08 {usual:,.0f}.")
    costs = [planned(season, free=False)[1]["cost"] - planned(season, free=True)[1]["cost"] for season in SEASONS]
    lines.append(f"- cost of staying, million USD: {', '.join(f'{c:.1f}' for c in costs)}.")
    return "\n".join(lines)


def main() -> int:
    """Write the page, or with ``--check`` tell whether it would change."""
    parts = {"seasons within ranges": seasons, "ranges judged": judged}
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    return kept({PAGE: filled(text, lambda name: parts[name]() if name in parts else None)}, "ranges")


if __name__ == "__main__":
    sys.exit(main())
