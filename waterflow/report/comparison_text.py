"""Scenarios side by side as text."""

from __future__ import annotations

from waterflow.accounts.comparison_facts import Comparison
from waterflow.words.layout import columns
from waterflow.words.numbers import NOTHING, number, places

__all__ = ["render_comparison"]

WORDS = {
    "target": "Targets",
    "floor": "Minimum flows",
    "limit": "Limits",
    "water": "Water delivered, under limits and outside them",
    "shortage": "Water short, by user",
    "inflow": "Inflow at agreed places",
    "release": "Release of reservoirs",
    "energy": "Energy",
    "line": "Power over lines",
    "payoff": "Payoffs of the plan at low, central and high values",
    "closing storage": "Closing storage",
    "objective": "Objective",
}


def render_comparison(found: Comparison) -> str:
    """The comparison as plain text; the last column is the widest gap between scenarios."""
    several = len(found.scenarios) > 1
    head = ["", "", "", *found.scenarios, *(["widest gap"] if several else [])]
    body: list[list[str]] = []
    section = ""
    for row in found.rows:
        if row.section != section:
            section = row.section
            body += [[""] * len(head), [WORDS[section].upper(), *[""] * (len(head) - 1)]]
        known = [v for v in row.values.values() if v is not None]
        decimals = places(known)
        gap = max(known) - min(known) if len(known) > 1 else None
        said = [] if not several else ["same" if gap is not None and gap < NOTHING else number(gap, decimals)]
        figures = [number(value, decimals) for value in row.values.values()]
        body.append([f"  {row.title}", row.window, f"{row.quantity}, {row.unit}", *figures, *said])
    return columns(head, body, 3) + "\n"
