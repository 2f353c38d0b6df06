"""What stands in a row of each kind: a chain can be whole around a row that some other program wrote, or a hand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

from waterflow.ledger.periods import span_of

__all__ = ["unsound"]

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _number(value: Any) -> bool:
    # whole numbers of JSON have no end: a figure of a river has
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < BIGGEST


def _count(value: Any) -> bool:
    return _number(value) and value >= 0 and float(value).is_integer()


def _share(value: Any) -> bool:
    return _number(value) and value >= 0


def _day(value: Any) -> bool:
    return _tried(dt.date.fromisoformat, value)


def _span(value: Any) -> bool:
    return _tried(span_of, value)


def _tried(read: Callable[[str], object], value: Any) -> bool:
    try:
        return isinstance(value, str) and read(value) is not None
    except ValueError:
        return False


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _pairs(value: Any) -> bool:
    return isinstance(value, list) and all(_texts(pair) and len(pair) == 2 for pair in value)


def _figures(value: Any) -> bool:
    return isinstance(value, dict) and all(_span(label) and _number(figure) for label, figure in value.items())


def _by_period(check: Check) -> Check:
    """A figure of a way: one for all periods, or one for each."""
    return lambda value: all(_span(label) and check(x) for label, x in value.items()) if isinstance(value, dict) else check(value)


_days, _kept = _by_period(_count), _by_period(_share)


def _users(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(x, dict) and _days(x.get("days")) and _kept(x.get("kept")) for x in value.values())


BIGGEST = math.ldexp(1.0, 100)
FIGURE: Mapping[str, Check] = {"place": _name, "quantity": _text, "period": _span, "value": _number, "unit": _text, "source": _text}
OF_A_PLAN: Mapping[str, Check] = {"plan": _name, "place": _name}
#: what a row of a kind has
HAS: Mapping[str, Mapping[str, Check]] = {
    "fact": FIGURE,
    "forecast": {**FIGURE, "issued": _day},
    "plan": {**OF_A_PLAN, "quantity": _text, "unit": _text, "values": _figures},
    "season": {"plan": _name, "model": _text, "scenario": _text, "start": _day, "end": _day, "step": _text, "parties": _texts},
    "place": {**OF_A_PLAN, "sort": _text, "party": _text},
    "way": {**OF_A_PLAN, "to": _name, "reaches": _texts, "days": _days, "kept": _kept, "users": _users},
    "clause": {**OF_A_PLAN, "clause": _text, "window": _span, "rule": _text, "unit": _text, "figure": _number, "planned": _number,
               "giver": _text, "receivers": _texts, "counts": _pairs},
    "limit": {"plan": _name, "party": _text, "window": _span, "Mm3": _number, "users": _texts},
    "holder": {"place": _name, "party": _text},
}  # fmt: skip
#: what a row may have beside that
TEXTS = ("grade", "note", "estimate", "corrects", "title", "title_ru", "inputs", "reach", "by", "typed", "prev", "digest", "kind")
MAY_HAVE: Mapping[str, Check] = dict.fromkeys(TEXTS, _text)


def unsound(row: Any) -> str:
    """The first field of a row that is not there or not what stands in it; empty if all is well.

    Parameters
    ----------
    row : dict
        As it was read from its line.
    """
    if not isinstance(row, dict):
        return "kind"
    wanted = HAS.get(str(row.get("kind")), {"kind": lambda _: False})
    for name, check in wanted.items():
        if not check(row.get(name)):
            return name
    if row.get("kind") == "season" and row["end"] < row["start"]:
        return "end"
    return next((name for name, check in MAY_HAVE.items() if name in row and not check(row[name])), "")
