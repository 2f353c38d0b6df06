"""What-if questions: the same river with other figures at some addresses, what was asked written down.

A value is a figure, with a unit if it is another one (``1.8km3``), or a factor (``x0.9``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeVar

from waterflow.basin.addresses import Addressed, addressed, windows_of
from waterflow.basin.changes import CHANGEABLE, changed
from waterflow.basin.river import River
from waterflow.errors import InputError, Problem
from waterflow.units import FACTORS
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean
from waterflow.words.numbers import number, places

__all__ = ["asked"]

AnyRiver = TypeVar("AnyRiver", bound=River)
RULES = CHANGEABLE["ruled_storage"].table
VALUE = re.compile(r"(?P<times>x?)(?P<figure>[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?) ?(?P<unit>[A-Za-z][A-Za-z0-9/]*)?$")


def asked(basin: AnyRiver, questions: Mapping[str, float | str]) -> AnyRiver:
    """The same river with other figures; what was asked stands in ``questions``, and its rows count as assumed.

    Parameters
    ----------
    basin : River
    questions : mapping of address to value
        A number in the unit of the figure, or text: a number with a unit, or a factor. A volume or an energy over several
        periods of one name is their sum, shared as it is shared now.

    Raises
    ------
    InputError
        With everything wrong at once: an address of nothing, a value that is none, a figure asked about twice.
    """
    problems: list[Problem] = []
    rules: dict[str, Any] = {}
    new: dict[str, dict[Any, float]] = {}
    told: list[str] = []
    rows: Counter[str] = Counter()
    for address, value in questions.items():
        try:
            found = addressed(basin, address)
            figures = _figures(basin, found, value)
        except InputError as error:
            problems += error.problems
            continue
        into = new.setdefault(found.given.name, {})
        indices = [index if len(index) > 1 else index[0] for index in found.indices]
        if again := [index for index in indices if index in into]:
            shown = ", ".join(again[0]) if isinstance(again[0], tuple) else str(again[0])
            problems.append(Problem("twice", address, shown, say("each figure asked about once")))
        into.update(zip(indices, figures, strict=True))
        rules |= {found.adds.name: found.adds} if found.adds else {}
        if found.given.table and not found.adds:
            rows[found.given.table] += len(figures)
        told.append(_told(basin, found, figures))
    if problems:
        raise InputError(problems)
    if not questions:
        return basin
    river = basin.replaced(storage_rules=dict(sorted((basin.storage_rules | rules).items()))) if rules else basin
    other = changed(river, new)
    scenario = say("{scenario}, what if", scenario=basin.scenario or basin.name)
    grades = _graded(basin.grades, rows, len(rules))
    return other.replaced(questions=(*basin.questions, *told), asked_of=basin.own_scenario, grades=grades, scenario=scenario)


def _figures(basin: River, found: Addressed, value: float | str) -> list[float]:
    """The new figures an address gets."""
    typed = VALUE.match(f"{value!r}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value).strip())
    if typed is None:
        allowed = say(
            "a figure such as {one}, with a unit such as {two}, or a factor such as {three}", one="1792", two="1.8km3", three="x0.9"
        )
        cause = say("Write a decimal point, and no sign between thousands.") if "," in str(value) else ""
        raise Problem("not-a-number", found.address, str(value), allowed, cause).refusal()
    figure, unit, own = float(typed["figure"]), typed["unit"] or "", found.given.unit
    if typed["times"]:
        if unit or found.adds or figure < 0:
            raise Problem("not-a-number", found.address, str(value), say("a factor of a figure that is there, without a unit")).refusal()
        return [v * figure for v in found.values]
    figure *= _in_own_unit(basin, found, str(value), unit, own)
    if not math.isfinite(figure) or (figure < 0 and not found.given.signed):
        code = "negative" if math.isfinite(figure) else "not-finite"
        raise Problem(code, found.address, f"{figure:g}", say("0 or more")).refusal()
    if len(found.indices) == 1:
        return [figure]
    if not found.given.by_period or len(found.owners) > 1:
        names = sorted({f"{found.address}.{w}" for o in found.owners for w in windows_of(basin, o, getattr(basin, found.given.field)[o])})
        allowed = ", ".join(names[:6]) or ", ".join(found.owners[:6])
        told = say("one figure for {count} of them", count=len(found.indices))
        raise Problem("unknown-address", found.address, told, allowed, say("Or a factor, such as x0.9.")).refusal()
    return _shared(basin, found, figure)


def _in_own_unit(basin: River, found: Addressed, value: str, unit: str, own: str) -> float:
    """How many of a figure's own unit one of the unit that was typed is."""
    if not unit or unit == own:
        return 1.0
    # what a clause counts is Mm3 or GWh, row by row
    known = {u: f for u, (to, f) in FACTORS.items() if to in own.split(" or ")}
    if own == "Mm3" and unit in ("m3s", "m3/s") and found.given.by_period:
        return sum(1.0 / basin.calendar.periods[basin.calendar.position[label]].rate for _, label in found.indices) / len(found.owners)
    if unit not in known:
        raise Problem("unknown-unit", found.address, value, ", ".join(known) or own, did_you_mean(unit, known)).refusal()
    return known[unit]


def _shared(basin: River, found: Addressed, total: float) -> list[float]:
    """A sum over several periods shared as it is shared now; by days where nothing is there."""
    whole = math.fsum(found.values)
    if whole > 0:
        return [v * total / whole for v in found.values]
    days = [basin.calendar.periods[basin.calendar.position[label]].days for _, label in found.indices]
    return [total * d / sum(days) for d in days]


def _told(basin: River, found: Addressed, figures: list[float]) -> str:
    """What was asked, as it was understood."""
    unit = found.given.unit
    old, new = (math.fsum(v) for v in (found.values, figures))
    if found.adds:
        return say("What if {address}: {new} {unit}, a rule there was none of", address=found.address, new=_shown(new), unit=unit)
    if len(figures) == 1:
        about = {"address": found.address, "old": _shown(old), "new": _shown(new), "unit": unit}
        return say("What if {address}: {old} -> {new} {unit}", **about)
    about = {"address": found.address, "old": _shown(old), "new": _shown(new), "unit": unit}
    return say("What if {address}: {count} figures, together {old} -> {new} {unit}", count=len(figures), **about)


def _shown(value: float) -> str:
    return number(value, places([value]))


def _graded(grades: Mapping[str, Mapping[str, int]], rows: Counter[str], added: int) -> dict[str, dict[str, int]]:
    """Counts of rows by grade where some rows of tables are only asked about, and so assumed; rules that were added are rows too."""
    result = {name: Counter(counts) for name, counts in grades.items()}
    for table, count in rows.items():
        counts, left = result.setdefault(table, Counter()), count
        for grade in sorted(set(counts) - {"assumed"}):
            moved = min(left, counts[grade])
            counts[grade] -= moved
            counts["assumed"] += moved
            left -= moved
    if added:
        result.setdefault(RULES, Counter())["assumed"] += added
    return {table: {grade: n for grade, n in sorted(counts.items()) if n} for table, counts in result.items() if counts.total()}
