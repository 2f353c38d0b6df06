"""Periods and windows as people write them in the language spoken."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Literal

from waterflow.words.catalogue import say, spoken

__all__ = ["FROM_A_DAY", "month_name", "period_alone", "period_in_words", "window_in_words"]

Width = Literal["abbreviated", "wide"]
#: the label of a day, or of a week from that day on
FROM_A_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?P<week>w?)$")
#: as babel has them, which takes longer to load than a small river to solve
ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@cache
def _months(width: Width, language: str) -> tuple[str, ...]:
    if language == "en":
        return ENGLISH if width == "wide" else tuple(name[:3] for name in ENGLISH)
    from babel.dates import get_month_names

    names = get_month_names(width, "stand-alone", language)
    return tuple(str(names[k]).removesuffix(".") for k in range(1, 13))


def month_name(month: int, width: Width = "abbreviated") -> str:
    """``Oct``, or ``October`` if ``wide``, of 10."""
    return _months(width, spoken())[month - 1]


def period_in_words(label: str) -> str:
    """The head of a column: ``Oct 24`` of ``2024-10``, ``Oct d1`` of ``2024-10-d1``, ``5 Oct`` of a day, ``wk 5 Oct`` of a week."""
    if from_day := FROM_A_DAY.match(label):
        day = f"{int(from_day['day'])} {month_name(int(from_day['month']))}"
        return say("wk {day}", day=day) if from_day["week"] else day
    year, month, *dekad = label.split("-")
    name = month_name(int(month))
    part = say("d{number}", number=dekad[0].removeprefix("d")) if dekad else year[2:]
    return f"{name} {part}"


def period_alone(label: str) -> str:
    """A period in a sentence: ``Oct 2024``, ``Oct 2024, dekad 1``, ``5 Oct 2024``, ``week from 5 Oct 2024``; else as it stands."""
    if from_day := FROM_A_DAY.match(label):
        day = f"{int(from_day['day'])} {month_name(int(from_day['month']))} {from_day['year']}"
        return say("week from {day}", day=day) if from_day["week"] else day
    year, *rest = label.split("-")
    if "/" in label or not rest or not rest[0].isdigit():
        return label
    name = f"{month_name(int(rest[0]), 'abbreviated' if spoken() == 'en' else 'wide')} {year}"
    if len(rest) == 1:
        return name
    part = say("dekad {number}", number=rest[1].removeprefix("d"))
    return f"{name}, {part}"


def window_in_words(window: str) -> str:
    """``Oct 2024-Mar 2025`` of whole months, the two days of anything else, one day once."""
    start, end = (dt.date.fromisoformat(day) for day in window.split("/"))
    if start == end:
        return str(start)
    if start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        first, last = (f"{month_name(day.month)} {day.year}" for day in (start, end))
        return first if first == last else f"{first}-{last}"
    return say("{start} to {end}", start=start, end=end)
