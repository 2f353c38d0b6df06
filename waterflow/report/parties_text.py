"""Plans party by party as text: side by side, and who gains and who loses from one to the other."""

from __future__ import annotations

import pandas as pd

from waterflow.words.layout import columns
from waterflow.words.numbers import NOTHING, number, places

__all__ = ["gains_text", "parties_text", "winners"]


def _body(table: pd.DataFrame) -> list[list[str]]:
    body: list[list[str]] = []
    party = ""
    for key, row in zip(table.index, table.to_numpy(dtype=float), strict=True):
        if key[0] != party:
            party = key[0]
            body += [[""] * (2 + len(row)), [party.upper(), *[""] * (1 + len(row))]]
        known = [None if pd.isna(v) else float(v) for v in row]
        body.append([f"  {key[1]}, {key[3]}", key[2], *(number(v, places(known)) for v in known)])
    return body


def parties_text(table: pd.DataFrame) -> str:
    """Plans side by side as text."""
    return columns(["", "", *map(str, table.columns)], _body(table), 2) + "\n"


def winners(found: pd.DataFrame) -> list[str]:
    """One sentence for each party that gains or loses; water and energy are told apart, never added."""
    said = []
    for party in dict.fromkeys(key[0] for key in found.index):
        own = found.loc[[party]]
        words = {True: "gains", False: "loses"}
        rows = zip(own.index, own["change"], own["better"], strict=True)
        parts = [
            f"{words[better]} {number(abs(change), places([change]))} {key[3]} ({key[1]}, {key[2]})"
            for key, change, better in rows
            if better is not None
        ]
        if parts:
            said.append(f"{party}: {'; '.join(parts)}.")
    return said


def gains_text(found: pd.DataFrame, names: tuple[str, str]) -> str:
    """Who gains and who loses, as text."""
    if abs(found["change"]).max() < NOTHING or found.empty:
        return "Nothing changes for anybody.\n"
    table = found[["before", "after", "change"]].set_axis([*names, "change"], axis=1)
    return parties_text(table) + "\n" + "\n".join(winners(found)) + "\n"
