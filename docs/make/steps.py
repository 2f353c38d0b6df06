"""Month beside dekad, every shipped scenario: ``python -m docs.make steps`` makes the page in minutes.

``--check`` compares the rows of a few scenarios; a long test compares the whole page.

What parts the two steps is found by trial: a scenario further apart than it should be is planned again with the rows of
a suspect relaxed, and the page names the suspect that brings the steps together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache

from docs.make.pages import ROOT, filled, kept, table
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.basin.basin import Basin
from waterflow.loading.model import read_basin
from waterflow.loading.model_file import scenarios_of

PAGE, MODEL = "docs/evidence/steps.md", "syr_darya"
PLACES, SEASONS = {"shardara": "Shardara", "north_aral": "North Aral"}, {"non_growing": "Oct-Mar", "growing": "Apr-Sep"}
#: largest difference of a season's volume at which two steps tell the same, in per cent
ALIKE = 2.0
#: scenarios whose rows ``--check`` makes again
SAMPLED = ("season_2024_25", "dry_year", "summer_2026_stress")

Relaxed = Callable[[Basin], Basin]
Found = Mapping[str, float]


def _at_once(basin: Basin, *, below: str = "") -> Basin:
    """The basin with no travel time in its reaches, or only in those below a node."""
    wet, chosen = {below}, set(basin.reaches)
    if below:
        chosen = set()
        while more := {r.name for r in basin.reaches.values() if r.start in wet} - chosen:
            chosen |= more
            wet |= {basin.reaches[name].end for name in more}
    none = {name: r.model_copy(update={"travel_days": (0.0,) * len(r.travel_days)}) for name, r in basin.reaches.items() if name in chosen}
    return basin.replaced(reaches={**basin.reaches, **none})


#: rows that may part the steps, by their name on the page, the fewest first: the basin without them
SUSPECTS: dict[str, Relaxed] = {
    "travel times below Shardara": lambda basin: _at_once(basin, below="shardara"),
    "all travel times": _at_once,
}


def inflows(scenario: str, step: str, relaxed: Relaxed | None = None) -> Found:
    """Inflow of each place and season in a plan, Mm3, and the worst certificate of its stages."""
    basin = read_basin(MODEL, None if scenario == scenarios()[0] else scenario, step=step)
    allocation = allocate(relaxed(basin) if relaxed else basin)
    plan = Plan(allocation.basin, allocation.dataset)
    found = {f"{place}/{season}": plan.over(plan.inflow(place), window) for place in PLACES for window, season in plan.seasons}
    parts = ("primal", "dual", "gap")
    return found | {"certificate": max(float(allocation.dataset[f"certificate_{part}"].max()) for part in parts)}


@cache
def scenarios() -> tuple[str, ...]:
    """The base and every scenario of the model."""
    return scenarios_of(ROOT / "models" / MODEL / "model.yaml")


@cache
def both(scenario: str, suspect: str = "") -> tuple[Found, Found]:
    """What `inflows` finds by month and by dekad."""
    relaxed = SUSPECTS[suspect] if suspect else None
    return inflows(scenario, "month", relaxed), inflows(scenario, "dekad", relaxed)


def gaps(scenario: str, suspect: str = "") -> dict[str, float]:
    """Dekads less months for each place and season, in per cent of the months."""
    month, dekad = both(scenario, suspect)
    return {name: 100.0 * (dekad[name] / month[name] - 1.0) for name in month if name != "certificate"}


def largest(scenario: str, suspect: str = "") -> float:
    """The largest gap of any place and season, in per cent."""
    return max(map(abs, gaps(scenario, suspect).values()))


def apart() -> tuple[str, ...]:
    """Scenarios whose steps are further apart than `ALIKE`."""
    return tuple(name for name in scenarios() if largest(name) > ALIKE)


def culprit(scenario: str) -> str:
    """The first suspect without which the steps are alike; empty if none is."""
    return next((suspect for suspect in SUSPECTS if largest(scenario, suspect) <= ALIKE), "")


def seasons_table() -> str:
    """Volumes by month and by dekad, with the gap."""
    columns = [f"{place}/{season}" for place in PLACES for season in SEASONS]
    head = " | ".join(["Scenario", *(f"{PLACES[c.split('/')[0]]}, {SEASONS[c.split('/')[1]]}" for c in columns), "largest gap, %"])
    return table(head, [seasons_row(name) for name in scenarios()])


def seasons_row(name: str) -> str:
    """Volumes of one scenario; one of half a year has one season."""
    month, dekad = both(name)
    columns = [f"{place}/{season}" for place in PLACES for season in SEASONS]
    cells = [f"{month[c]:,.0f} / {dekad[c]:,.0f}" if c in month else "-" for c in columns]
    far = largest(name)
    return " | ".join([f"`{name}`", *cells, f"**{far:.1f}**" if far > ALIKE else f"{far:.1f}"])


def parted_table() -> str:
    """What is left of the largest gap once the rows of a suspect are relaxed."""
    rows = []
    for name in apart():
        left = (f"{largest(name, suspect):.1f}" for suspect in SUSPECTS)
        rows.append(" | ".join([f"`{name}`", f"{largest(name):.1f}", *left, culprit(name) or "none of these"]))
    return table(" | ".join(["Scenario", "as it is, %", *(f"without {s}, %" for s in SUSPECTS), "what parts the steps"]), rows)


def counted() -> str:
    """How many scenarios are within the limit."""
    far = apart()
    return f"Within {ALIKE:g} % at both places in both seasons: {len(scenarios()) - len(far)} of {len(scenarios())}."


def main() -> int:
    """Write the page, or with ``--check`` tell whether rows of it would change."""
    if "--check" in sys.argv:
        text = (ROOT / PAGE).read_text(encoding="utf-8")
        stale = [name for name in SAMPLED if f"| {seasons_row(name)} |" not in text]
        if stale:
            sys.stderr.write(f"out of date, run python -m docs.make steps: {', '.join(stale)}\n")
        return 1 if stale else 0
    return kept(made(), "steps")


def made() -> dict[str, str]:
    """The page as it would be, by its path."""
    parts = {"seasons by step": seasons_table, "steps counted": counted, "what parts the steps": parted_table}
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    return {PAGE: filled(text, lambda name: parts[name]() if name in parts else None)}


if __name__ == "__main__":
    sys.exit(main())
