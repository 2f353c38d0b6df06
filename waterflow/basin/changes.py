"""Changes: the same basin with other givens or energy rates, by the names they have in the Dataset."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from waterflow.basin.givens import given_fields
from waterflow.basin.river import River
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say, say_many
from waterflow.words.near import did_you_mean

__all__ = ["CHANGEABLE", "Changes", "Index", "Values", "changed", "named_value"]

AnyRiver = TypeVar("AnyRiver", bound=River)
Index = str | tuple[str, ...]
#: values by index; a dict's keys are of one kind only to a type checker, so each kind stands here
Values = Mapping[str, float] | Mapping[tuple[str, str], float] | Mapping[Index, float]
#: values by name of the given: ``{"need": {("valley_fields", "2025-06"): 300.0}}``
Changes = Mapping[str, Values]

#: what may be changed, by name
CHANGEABLE = {name: given for name, given in given_fields(River).items() if given.changeable}


def named_value(basin: River, name: str, index: Index) -> float:
    """The present value of something that may be changed.

    Raises
    ------
    InputError
        If there is nothing of that name and index.
    """
    problems = list(_problems(basin, name, index, 0.0))
    if problems:
        raise InputError(problems)
    owner, *period = _parts(index)
    value = CHANGEABLE[name].held(basin, owner)
    return float(value[basin.calendar.position[period[0]]] if period else value)


def changed(basin: AnyRiver, changes: Changes) -> AnyRiver:
    """The same basin with other values; every wrong name, index or value is reported at once.

    Raises
    ------
    InputError
        If a name, an index or a value is not one that can be.
    """
    problems: list[Problem] = []
    for name, values in changes.items():
        if isinstance(values, Mapping):
            problems += (p for i, v in values.items() for p in _problems(basin, name, i, v))
        else:
            told = say("{value}, without whose it is", value=repr(values))
            cause = "" if name in CHANGEABLE else did_you_mean(name, CHANGEABLE)
            problems.append(Problem("unknown-given", name, told, _example(basin, name), cause))
    if problems:
        raise InputError(problems)
    fields: dict[str, dict[str, Any]] = {}
    for name, values in changes.items():
        given = CHANGEABLE[name]
        attribute, parts = given.attribute, fields.setdefault(given.field, dict(getattr(basin, given.field)))
        for index, value in values.items():
            owner, *period = _parts(index)
            found: Any = float(value)
            if period:
                series = list(getattr(parts[owner], attribute) if attribute else parts[owner])
                series[basin.calendar.position[period[0]]] = found
                found = tuple(series)
            parts[owner] = parts[owner].model_copy(update={attribute: found}) if attribute else found
    return basin.replaced(**fields)


def _example(basin: River, name: str) -> str:
    """How a change of a given is written, with a name and a period of this basin."""
    if name not in CHANGEABLE:
        return ", ".join(CHANGEABLE)
    given = CHANGEABLE[name]
    owner = next(iter(given.owners(basin)), "...")
    index = (owner, basin.calendar.labels[0]) if given.by_period else owner
    return f"{name}={{{index!r}: 5.0}}"


def _parts(index: Index) -> tuple[str, ...]:
    return tuple(index) if isinstance(index, tuple | list) else (index,)


def _problems(basin: River, name: str, index: Index, value: float) -> Iterator[Problem]:
    parts = _parts(index)
    where = f"{name}[{', '.join(map(str, parts))}]"
    if name not in CHANGEABLE:
        yield Problem("unknown-given", where, name, ", ".join(CHANGEABLE), did_you_mean(name, CHANGEABLE))
        return
    given = CHANGEABLE[name]
    width, owners = len(given.over), given.owners(basin)
    if len(parts) != width:
        found = say_many("{count} name", "{count} names", len(parts))
        yield Problem("unknown-given", where, found, say("a name and a period") if width == 2 else say("one name"))
    elif parts[0] not in owners:
        allowed = ", ".join(owners) or say("none: the basin has none")
        yield Problem("unknown-given", where, parts[0], allowed, did_you_mean(str(parts[0]), owners))
    elif width > 1 and parts[1] not in basin.calendar.position:
        allowed = say("{first} to {last}", first=basin.calendar.labels[0], last=basin.calendar.labels[-1])
        yield Problem("unknown-given", where, parts[1], allowed, did_you_mean(str(parts[1]), basin.calendar.labels))
    elif name == "energy_rate" and parts[0] in basin.head_plants:
        allowed = say("a plant without a head; change the storage that gives the head instead")
        yield Problem("rate-from-head", where, say("a plant whose rate follows its head"), allowed)
    try:
        # a word or a yes is no figure, though Python makes one of it
        figure = math.nan if isinstance(value, bool | str | bytes) else float(value)
    except (TypeError, ValueError, OverflowError):
        figure = math.nan
    if not math.isfinite(figure):
        yield Problem("not-finite", where, str(value), say("a finite number"))
    elif figure < 0 and not given.signed:
        yield Problem("negative", where, f"{value:g}", say("0 or more"))
