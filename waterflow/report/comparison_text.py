"""Scenarios side by side as text."""

from __future__ import annotations

import pandas as pd

from waterflow.words.layout import columns
from waterflow.words.numbers import NOTHING, number, places

__all__ = ["render_comparison"]

WORDS = {
    "target": "Targets",
    "floor": "Minimum flows",
    "limit": "Limits",
    "water": "Water delivered, under limits and outside them",
    "inflow": "Inflow at agreed places",
    "release": "Release of reservoirs",
    "energy": "Energy",
    "line": "Power over lines",
    "payoff": "Payoffs of the plan at low, central and high values",
    "closing storage": "Closing storage",
    "objective": "Objective",
}


def _value(value: float, decimals: int) -> str:
    return number(None if pd.isna(value) else float(value), decimals)


def render_comparison(table: pd.DataFrame) -> str:
    """The comparison as plain text; the last column is the widest gap between scenarios."""
    several = table.shape[1] > 1
    head = ["", "", "", *map(str, table.columns), *(["widest gap"] if several else [])]
    body: list[list[str]] = []
    section = ""
    for key, row in zip(table.index, table.to_numpy(dtype=float), strict=True):
        if key[0] != section:
            section = key[0]
            body += [[""] * len(head), [WORDS[section].upper(), *[""] * (len(head) - 1)]]
        known = [float(v) for v in row if not pd.isna(v)]
        decimals = places(known)
        gap = max(known) - min(known) if len(known) > 1 else None
        said = [] if not several else ["same" if gap is not None and gap < NOTHING else number(gap, decimals)]
        body.append([f"  {key[1]}", key[2], f"{key[3]}, {key[4]}", *(_value(v, decimals) for v in row), *said])
    return columns(head, body, 3) + "\n"
