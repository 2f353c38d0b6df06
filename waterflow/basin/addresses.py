"""Addresses: any figure that may be changed, named as people would: what a what-if question is about.

An address is ``WORD.WHO`` or ``WORD.WHO.WHEN``: ``target.north.growing``, ``runoff.all``, ``runoff.mountain.2025-06``,
``storage_at_least.mountain.2025-04-01``. Nothing in it means anything to a shell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from waterflow.basin.changes import CHANGEABLE
from waterflow.basin.givens import GivenField
from waterflow.basin.reservoirs import StorageRule
from waterflow.basin.river import River
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean

__all__ = ["ALL", "WORDS", "Addressed", "addressed", "listed", "windows_of"]

#: every name at once
ALL = "all"
#: words of an address -> the given; rules of storage have a word for each side
WORDS: dict[str, GivenField] = {given.asked or name: given for name, given in CHANGEABLE.items() if name != "ruled_storage"}
SIDES = {f"storage_{side}": side for side in ("at_least", "at_most")}


@dataclass(frozen=True)
class Addressed:
    """What an address means in a river.

    Attributes
    ----------
    address : str
    given : GivenField
    indices : tuple of (owner,) or (owner, period)
    values : tuple of float
        What stands there now.
    adds : StorageRule or None
        A rule there is none of yet.
    """

    address: str
    given: GivenField
    indices: tuple[tuple[str, ...], ...]
    values: tuple[float, ...]
    adds: StorageRule | None = None

    @property
    def owners(self) -> list[str]:
        """Whose figures they are."""
        return list(dict.fromkeys(owner for owner, *_ in self.indices))


def _refuse(address: str, found: str, known: Mapping[str, Any] | list[str], allowed: str = "") -> InputError:
    names = list(known)
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return Problem("unknown-address", address, found, allowed or shown or "-", did_you_mean(found, names)).refusal()


def addressed(basin: River, address: str) -> Addressed:
    """What an address means.

    Raises
    ------
    InputError
        If there is nothing of that address; near matches are named.
    """
    word, _, rest = address.strip().partition(".")
    who, _, when = rest.partition(".")
    if word in SIDES:
        return _rule(basin, address, SIDES[word], who, when)
    if word not in WORDS:
        raise _refuse(address, word, [*WORDS, *SIDES])
    given = WORDS[word]
    owners = _owners(basin, given, address, who)
    return _by_period(basin, given, address, owners, when) if given.by_period else _inwindows_of(basin, given, address, owners, when)


def listed(basin: River) -> Iterator[Addressed]:
    """Every address of a river in its shortest form: series as a whole and by season, windows, dates, single figures."""
    seasons = list(dict.fromkeys(season for _, season in basin.calendar.seasons))
    for word, given in WORDS.items():
        for owner in given.owners(basin):
            ends = ["", *seasons] if given.by_period else list(windows_of(basin, owner, getattr(basin, given.field)[owner]))[:1] or [""]
            for stem in dict.fromkeys((owner.partition("/")[0], owner)):
                found = [addressed(basin, ".".join(filter(None, (word, stem, end)))) for end in ends]
                if all(x.owners == [owner] for x in found):
                    yield from found
                    break
    for rule in basin.storage_rules.values():
        date = basin.calendar.periods[rule.period].end + dt.timedelta(days=1)
        yield addressed(basin, f"storage_{rule.rule}.{rule.reservoir}.{date}")


def _owners(basin: River, given: GivenField, address: str, who: str) -> list[str]:
    """Names that are meant: one, those of a place, a party or a clause, or all."""
    known = given.owners(basin)
    parts = getattr(basin, given.field)
    groups: dict[str, list[str]] = {ALL: list(known)}
    for name in known:
        groups[name] = [name]
    for name in known:
        for called in _called(name, parts[name]):
            if groups.get(called) != [called]:
                groups.setdefault(called, []).append(name)
    if who not in groups:
        short = [name for name in groups if "/" not in name]
        raise _refuse(address, who or say("nothing after {word}", word=address.partition(".")[0]), short)
    return list(dict.fromkeys(groups[who]))


def _called(name: str, part: Any) -> Iterator[str]:
    """By what else a part may be called: the first part of its name, its place, its party, its use, its clause."""
    stem = name.partition("/")[0]
    told = [stem] if stem != name else []
    told += [x for attribute in ("place", "party", "use", "clause") if (x := getattr(part, attribute, "")) and x != name]
    yield from dict.fromkeys(told)


def _by_period(basin: River, given: GivenField, address: str, owners: list[str], when: str) -> Addressed:
    """Figures of the periods meant."""
    calendar = basin.calendar
    chosen = [label for k, label in enumerate(calendar.labels) if _meant(when, label, calendar.periods[k].season)]
    if not chosen:
        raise _refuse(address, when, [*dict.fromkeys(p.season for p in calendar.periods), *calendar.labels])
    indices = tuple((owner, label) for owner in owners for label in chosen)
    values = tuple(float(given.held(basin, owner)[calendar.position[label]]) for owner, label in indices)
    return Addressed(address, given, indices, values)


def _meant(when: str, label: str, season: str) -> bool:
    """True if a period is meant: it is named, is a dekad of a month named, lies in a season named, or nothing is named."""
    return when in ("", ALL, label, season) or label.startswith(f"{when}-d")


def _inwindows_of(basin: River, given: GivenField, address: str, owners: list[str], when: str) -> Addressed:
    """Figures of the windows meant, where a part has one."""
    parts = getattr(basin, given.field)
    windows = {owner: list(windows_of(basin, owner, parts[owner])) for owner in owners}
    chosen = [owner for owner in owners if when in ("", ALL) or when in windows[owner]]
    if not chosen:
        raise _refuse(address, when, dict.fromkeys(w for found in windows.values() for w in found))
    return Addressed(address, given, tuple((o,) for o in chosen), tuple(float(given.held(basin, o)) for o in chosen))


def windows_of(basin: River, name: str, part: Any) -> Iterator[str]:
    """By what a window may be called: its season, if it is one of the horizon, its first day, both days."""
    window = getattr(part, "window", None)
    if window is None or isinstance(window, str):
        rest = name.partition("/")[2]
        yield from ([rest] if rest else [])
        return
    yield from (season for whole, season in basin.calendar.seasons if whole == window)
    yield from (str(window.start), str(window))


def _rule(basin: River, address: str, side: str, who: str, when: str) -> Addressed:
    """A rule of storage on a date, made if there is none."""
    given = CHANGEABLE["ruled_storage"]
    if who not in basin.reservoirs:
        raise _refuse(address, who, basin.reservoirs)
    try:
        date = dt.date.fromisoformat(when)
        period = basin.calendar.ends_before(date)
    except ValueError:
        days = [str(p.end + dt.timedelta(days=1)) for p in basin.calendar.periods]
        raise _refuse(address, when or say("no date"), days) from None
    there = [x.name for x in basin.storage_rules.values() if (x.reservoir, x.period, x.rule) == (who, period, side)]
    if there:
        return Addressed(address, given, tuple((x,) for x in there), tuple(basin.storage_rules[x].storage for x in there))
    rule = StorageRule(name=f"{who}/{side}/{date}", reservoir=who, period=period, rule=side, storage=0.0)
    return Addressed(address, given, ((rule.name,),), (), rule)
