"""Figures: any number of a plan by one name, ``<what>[/<whose>][/<when>]``, such as ``lake/non_growing``.

To add a figure: one entry in `MEASURES` (named ``<what>/<whose>``) or in `AT_PLACES` (named ``<place>_<what>``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.basin.targets import Target
from waterflow.basin.titles import called
from waterflow.calendar import Window
from waterflow.errors import Problem
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words
from waterflow.words.near import did_you_mean

__all__ = ["AT_PLACES", "MEASURES", "Figure", "figure_named", "figure_names"]

Floats = NDArray[np.float64]
SEASONS = ("growing", "non_growing")


@dataclass(frozen=True)
class Measure:
    """One kind of figure: its unit, whose it can be, its title, and its series over the periods."""

    unit: str
    owners: Callable[[Basin], Iterable[str]]
    words: str
    series: Callable[[Plan, str], Floats]


def _summed(plan: Plan, variable: str, members: Iterable[str]) -> Floats:
    return sum((plan.series(variable, name) for name in members), start=plan.nothing)


def _users(basin: Basin, owner: str) -> list[str]:
    return [d.name for d in basin.demands.values() if owner in (d.name, d.party)]


def _missing(plan: Plan, owner: str) -> Floats:
    users = _users(plan.basin, owner)
    asked: Floats = plan.nothing + np.sum([plan.basin.demands[d].need for d in users], axis=0)
    return asked - _summed(plan, "delivery", users)


def _parties_with_users(basin: Basin) -> list[str]:
    return sorted({d.party for d in basin.demands.values()}) + list(basin.demands)


def _past_the_gauge(plan: Plan, place: str) -> Floats:
    return _summed(plan, "flow", sorted({x.reach for x in plan.basin.targets.values() if x.place == place}))


def _supplied(plan: Plan, party: str, kind: str) -> Floats:
    """What arrives of a party's supplies of one kind, GWh."""
    chosen = [s for s in plan.basin.supplies.values() if (s.party, s.kind) == (party, kind)]
    return sum(((1.0 - np.asarray(s.loss or 0.0)) * plan.series("supplied_power", s.name) for s in chosen), start=plan.nothing)


#: ``<what>/<whose>``
MEASURES: dict[str, Measure] = {
    "delivered": Measure(
        "Mm3",
        _parties_with_users,
        mark("{owner}: water delivered, {when}"),
        lambda plan, who: _summed(plan, "delivery", _users(plan.basin, who)),
    ),
    "short": Measure("Mm3", _parties_with_users, mark("{owner}: water asked for and not delivered, {when}"), _missing),
    "unserved": Measure(
        "GWh",
        lambda basin: sorted({b.party for b in basin.unserved_blocks.values()}),
        mark("{owner}: power unserved, {when}"),
        lambda plan, who: _summed(plan, "unserved", [b.name for b in plan.basin.unserved_blocks.values() if b.party == who]),
    ),
    "hydropower": Measure(
        "GWh",
        lambda basin: sorted({p.party for p in basin.plants.values()}),
        mark("{owner}: hydropower of its plants, {when}"),
        lambda plan, who: _summed(plan, "generation", [p.name for p in plan.basin.plants.values() if p.party == who]),
    ),
    "import": Measure(
        "GWh",
        lambda basin: sorted({s.party for s in basin.supplies.values() if s.kind == "import"}),
        mark("{owner}: power imported, {when}"),
        lambda plan, who: _supplied(plan, who, "import"),
    ),
}
#: ``<place>`` alone, and ``<place>_<what>``
AT_PLACES: dict[str, Measure] = {
    "": Measure(
        "Mm3",
        lambda basin: dict.fromkeys(x.place for x in basin.targets.values()),
        mark("{owner}: delivered past its gauge, {when}"),
        _past_the_gauge,
    ),
    "_inflow": Measure("Mm3", lambda basin: basin.nodes, mark("{owner}: inflow, {when}"), lambda plan, place: plan.inflow(place)),
    "_release": Measure(
        "Mm3",
        lambda basin: [r for r in basin.reservoirs if any(a.start == r for a in basin.reaches.values())],
        mark("{owner}: release, {when}"),
        lambda plan, place: plan.nothing if (let_go := plan.release(place)) is None else let_go,
    ),
    "_storage": Measure(
        "Mm3",
        lambda basin: basin.reservoirs,
        mark("{owner}: storage, {when}"),
        lambda plan, place: plan.series("storage", place),
    ),
}


@dataclass(frozen=True)
class Figure:
    """A figure of a plan.

    Attributes
    ----------
    name : str
        What was asked for.
    title : str
        How people call it, in the language spoken when it was asked for.
    unit : str
        Mm3 or GWh.
    what, owner : str
        The key of its measure in `MEASURES` or `AT_PLACES`, and whose it is.
    periods : tuple of int
        Those it sums over; for a storage none.
    date : date or None
        That of a storage.
    """

    name: str
    title: str
    unit: str
    what: str
    owner: str
    periods: tuple[int, ...]
    date: dt.date | None = None

    def value(self, plan: Plan) -> float:
        """The figure in a plan, in its unit."""
        if self.date is not None:
            return float(plan.storage_on(self.owner, self.date) or 0.0)
        measure = (MEASURES | AT_PLACES)[self.what]
        return float(measure.series(plan, self.owner)[list(self.periods)].sum())

    def targets(self, basin: Basin) -> list[Target]:
        """The targets this figure is measured against: those of its place inside its periods."""
        if self.what:
            return []
        own = [x for x in basin.targets.values() if x.place == self.owner]
        return [x for x in own if set(basin.calendar.inside(x.window)) <= set(self.periods)]


def figure_names(basin: Basin) -> list[str]:
    """What a figure of a basin may be called, without the time it is for."""
    at_places = [f"{place}{what}" for what, m in AT_PLACES.items() for place in m.owners(basin)]
    return at_places + [f"{what}/{who}" for what, m in MEASURES.items() for who in m.owners(basin)]


def figure_named(basin: Basin, name: str) -> Figure:
    """The figure of a name.

    Parameters
    ----------
    basin : Basin
    name : str
        ``<what>[/<whose>][/<when>]``; when is ``growing``, ``non_growing``, a period as in the Dataset, and for a
        storage a date. Without it the whole horizon is meant, or its end.

    Raises
    ------
    InputError
        If there is no such figure or time; says which there are.
    """
    known = figure_names(basin)
    stem = max((k for k in known if name == k or name.startswith(f"{k}/")), key=len, default=None)
    if stem is None:
        near = did_you_mean(name, known) or did_you_mean(name.split("/")[0], known)
        allowed = say("{names}; each also with /growing, /non_growing or a period, a storage with a date", names=", ".join(known))
        raise Problem("unknown-figure", say("figure"), name, allowed, near).refusal()
    what, owner = _split(basin, stem)
    when, measure = name[len(stem) + 1 :], (MEASURES | AT_PLACES)[what]
    if what == "_storage":
        date = _date(basin, name, when)
        title = say(measure.words, owner=called(basin, owner), when=date)
        return Figure(name, title, measure.unit, what, owner, (), date)
    periods = _periods(basin, name, when)
    when = ", ".join(window_in_words(str(w)) for w in _windows(basin, periods))
    return Figure(name, say(measure.words, owner=called(basin, owner), when=when), measure.unit, what, owner, periods)


def _split(basin: Basin, stem: str) -> tuple[str, str]:
    """The measure and the owner of a known stem."""
    what, _, owner = stem.partition("/")
    if owner:
        return what, owner
    return next((what, stem.removesuffix(what)) for what, m in AT_PLACES.items() if stem in {f"{o}{what}" for o in m.owners(basin)})


def _date(basin: Basin, name: str, when: str) -> dt.date:
    """The date of a storage: of the opening, or the day after a period."""
    calendar = basin.calendar
    dates = [calendar.start, *(p.end + dt.timedelta(days=1) for p in calendar.periods)]
    if when in {str(d) for d in dates}:
        return dt.date.fromisoformat(when)
    if not when:
        return dates[-1]
    raise Problem(
        "unknown-figure", say("figure {name}", name=name), when, ", ".join(map(str, dates)), say("A storage is on a date.")
    ).refusal()


def _periods(basin: Basin, name: str, when: str) -> tuple[int, ...]:
    periods = basin.calendar.periods
    found = tuple(k for k, p in enumerate(periods) if when in ("", p.season, p.label, p.label[:7]))
    if not found:
        seasons = [s for s in SEASONS if any(p.season == s for p in periods)]
        raise Problem("unknown-figure", say("figure {name}", name=name), when, ", ".join([*seasons, *basin.calendar.labels])).refusal()
    return found


def _windows(basin: Basin, periods: tuple[int, ...]) -> Iterator[Window]:
    """The unbroken stretches of some periods."""
    first = periods[0]
    for k, after in zip(periods, (*periods[1:], None), strict=True):
        if after != k + 1:
            yield Window(basin.calendar.periods[first].start, basin.calendar.periods[k].end)
            first = after or 0
