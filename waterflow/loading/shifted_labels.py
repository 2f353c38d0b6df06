"""Shifted labels: told by the balance of a sheet, total = sum of parts, which comes out under the right labels alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from waterflow.errors import Problem
from waterflow.loading.spellings import plain
from waterflow.words.catalogue import say, say_many

__all__ = ["shift_problem"]

#: how far labels may have slipped, the share of days on which sums must come out, and how near: share of the total, and a figure
FARTHEST, MOSTLY, NEAR, ROUNDED = 3, 0.95, 0.005, 0.21

Values = Sequence[Mapping[dt.date, float]]


class _Labelled(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def part_of(self) -> str: ...


@dataclass(frozen=True)
class _Balance:
    """Days on which the sums come out, days on which they can be asked, and the first on which they do not."""

    right: int
    days: int
    wrong: str = ""

    @property
    def holds(self) -> bool:
        """True if sums come out on nearly every day."""
        return self.days > 0 and self.right >= MOSTLY * self.days


def shift_problem(
    shown: str, labels: Sequence[_Labelled], values: Values, *, across: bool, accepted: int | None
) -> tuple[Problem | None, int]:
    """What is wrong with the labels of a sheet, and on how many days and totals it was checked.

    Parameters
    ----------
    shown : str
        How messages call the file.
    labels, values
        Of each line (or column) in the order of the sheet.
    across : bool
        True if labels stand in rows.
    accepted : int, optional
        The shift that the asker accepts; zero is accepted whatever the sums are.
    """
    own = _balance(labels, values, accepted or 0)
    every = range(-FARTHEST, FARTHEST + 1)
    # a shift under which no total is left to be checked is no better than a wrong one
    unproved = own.days == 0 and not (accepted and any(_balance(labels, values, k).days for k in every))
    if own.holds or unproved or accepted == 0:
        return None, own.days
    shifts = [k for k in sorted(every, key=abs) if k != (accepted or 0) and _balance(labels, values, k).holds]
    found = say(
        "totals that are the sums of their parts on {right} of {days} days: {wrong}", right=own.right, days=own.days, wrong=own.wrong
    )
    if not shifts:
        allowed = say("total = sum of parts, or --shifted 0 to take the labels as they stand")
        return Problem("shifted-labels", f"{shown}", found, allowed, say("No shift of the labels makes them balance.")), own.days
    k = shifts[0]
    better = _balance(labels, values, k)
    if across:
        cause = say_many(
            "With the label of each figure read {count} row further {way} they are, on {right} of {days} days.",
            "With the label of each figure read {count} rows further {way} they are, on {right} of {days} days.",
            abs(k),
            way=say("down") if k > 0 else say("up"),
            right=better.right,
            days=better.days,
        )
    else:
        cause = say_many(
            "With the label of each figure read {count} column further {way} they are, on {right} of {days} days.",
            "With the label of each figure read {count} columns further {way} they are, on {right} of {days} days.",
            abs(k),
            way=say("right") if k > 0 else say("left"),
            right=better.right,
            days=better.days,
        )
    allowed = say("labels beside their own figures, or --shifted {count} to accept that", count=k)
    return Problem("shifted-labels", shown, found, allowed, cause), own.days


def _balance(labels: Sequence[_Labelled], values: Values, shift: int) -> _Balance:
    """The balance of every total whose parts are all there, with the label of each figure read so much further on."""
    under = {plain(labels[k + shift].label): own for k, own in enumerate(values) if 0 <= k + shift < len(labels)}
    parts: dict[str, list[str]] = {}
    for label in labels:
        if label.part_of:
            parts.setdefault(plain(label.part_of), []).append(plain(label.label))
    right, days, wrong = 0, 0, ""
    for total, names in parts.items():
        if total not in under or not all(name in under for name in names):
            continue
        for day, value in under[total].items():
            others = [under[name][day] for name in names if day in under[name]]
            near = max(ROUNDED, NEAR * abs(value))
            # a day on which nothing flows balances under any label
            if len(others) < len(names) or abs(value) + sum(map(abs, others)) <= near:
                continue
            days += 1
            if abs(value - sum(others)) <= near:
                right += 1
            elif not wrong:
                title = next(x.label for x in labels if plain(x.label) == total)
                wrong = say("{total} {value:g} beside {sum:g} on {day}", total=title, value=value, sum=sum(others), day=day)
    return _Balance(right, days, wrong)
