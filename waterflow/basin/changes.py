"""Changes: the same basin with other givens or energy rates, by the names they have in the Dataset."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say, say_many

if TYPE_CHECKING:
    from waterflow.basin.basin import Basin

__all__ = ["CHANGEABLE", "Changes", "Index", "changed", "named_value"]

Index = str | tuple[str, ...]
#: values by name of the given and index: ``{"need": {("valley_fields", "2025-06"): 300.0}}``
Changes = Mapping[str, Mapping[Index, float]]

#: what may be changed -> (field of the basin, attribute of its parts; None where the part is the series itself)
CHANGEABLE: dict[str, tuple[str, str | None]] = {
    "runoff": ("runoff", None),
    "opening_storage": ("reservoirs", "opening_storage"),
    "ruled_storage": ("storage_rules", "storage"),
    "need": ("demands", "need"),
    "limit_volume": ("limits", "amount"),
    "floor_flow": ("floors", "flow"),
    "target_volume": ("targets", "amount"),
    "power_demand": ("power", "demand"),
    "energy_rate": ("plants", "energy_rate"),
    "clause_figure": ("clause_rows", "figure"),
}
#: those with a value for each period
BY_PERIOD = frozenset({"runoff", "need", "power_demand"})
#: those that may be below zero (a row of shares has the figure zero)
SIGNED = frozenset({"runoff", "clause_figure"})


def named_value(basin: Basin, name: str, index: Index) -> float:
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
    field, attribute = CHANGEABLE[name]
    value: Any = getattr(basin, field)[owner]
    if attribute:
        value = getattr(value, attribute)
    return float(value[basin.calendar.position[period[0]]] if period else value)


def changed(basin: Basin, changes: Changes) -> Basin:
    """The same basin with other values; every wrong name, index or value is reported at once.

    Raises
    ------
    InputError
        If a name, an index or a value is not one that can be.
    """
    problems = [p for name, values in changes.items() for i, v in values.items() for p in _problems(basin, name, i, v)]
    if problems:
        raise InputError(problems)
    fields: dict[str, dict[str, Any]] = {}
    for name, values in changes.items():
        field, attribute = CHANGEABLE[name]
        parts = fields.setdefault(field, dict(getattr(basin, field)))
        for index, value in values.items():
            owner, *period = _parts(index)
            found: Any = float(value)
            if period:
                series = list(getattr(parts[owner], attribute) if attribute else parts[owner])
                series[basin.calendar.position[period[0]]] = found
                found = tuple(series)
            parts[owner] = parts[owner].model_copy(update={attribute: found}) if attribute else found
    return basin.replaced(**fields)


def _parts(index: Index) -> tuple[str, ...]:
    return (index,) if isinstance(index, str) else tuple(index)


def _problems(basin: Basin, name: str, index: Index, value: float) -> Iterator[Problem]:
    parts = _parts(index)
    where = f"{name}[{', '.join(map(str, parts))}]"
    if name not in CHANGEABLE:
        yield Problem("unknown-given", where, name, ", ".join(CHANGEABLE))
        return
    width = 2 if name in BY_PERIOD else 1
    owners = getattr(basin, CHANGEABLE[name][0])
    if name == "power_demand":
        owners = [party for party, system in basin.power.items() if system.demand]
    if len(parts) != width:
        found = say_many("{count} name", "{count} names", len(parts))
        yield Problem("unknown-given", where, found, say("a name and a period") if width == 2 else say("one name"))
    elif parts[0] not in owners:
        yield Problem("unknown-given", where, parts[0], ", ".join(owners) or say("none: the basin has none"))
    elif width > 1 and parts[1] not in basin.calendar.position:
        allowed = say("{first} to {last}", first=basin.calendar.labels[0], last=basin.calendar.labels[-1])
        yield Problem("unknown-given", where, parts[1], allowed)
    elif name == "energy_rate" and parts[0] in basin.head_plants:
        allowed = say("a plant without a head; change the storage that gives the head instead")
        yield Problem("rate-from-head", where, say("a plant whose rate follows its head"), allowed)
    if not math.isfinite(value):
        yield Problem("not-finite", where, str(value), say("a finite number"))
    elif value < 0 and name not in SIGNED:
        yield Problem("negative", where, f"{value:g}", say("0 or more"))
