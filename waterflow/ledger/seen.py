"""Seen: what is known on a day of a season that has begun. Mm3 and GWh, by period of the season's own calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem, unknown
from waterflow.words.catalogue import say

__all__ = ["NotSeen", "Past", "Seen", "past_of", "seen_of"]

Floats = NDArray[np.float64]
ByPeriod = Mapping[str, Mapping[str, float]]
#: what is seen by period, and the field of the basin whose names it has
OWNERS = {"deliveries": "demands", "flows": "reaches", "runoff": "runoff", "exchanged": "exchanges", "unserved": "power"}
CALLED = {"demands": "demand", "reaches": "reach", "runoff": "node", "exchanges": "clause", "power": "party"}


@dataclass(frozen=True)
class Seen:
    """What is known at the start of a day.

    Attributes
    ----------
    day : date
        The first day of which nothing is known.
    storages : dict of reservoir to dict of date to Mm3
        Storage at the START of a day.
    deliveries, flows, runoff : dict of name to dict of period label to Mm3
        Taken by each demand, entered into each reach, come into each node.
    exchanged, unserved : dict of name to dict of period label to GWh
        Moved under each exchange of a clause; power that a party was not served.
    """

    day: dt.date
    storages: Mapping[str, Mapping[dt.date, float]] = field(default_factory=dict)
    deliveries: ByPeriod = field(default_factory=dict)
    flows: ByPeriod = field(default_factory=dict)
    runoff: ByPeriod = field(default_factory=dict)
    exchanged: ByPeriod = field(default_factory=dict)
    unserved: ByPeriod = field(default_factory=dict)


class NotSeen(Fact):
    """Figures of a quantity that nobody reported, taken from the plan instead."""

    quantity: str
    place: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """The past periods of a season without holes, (name, period); storages at their ends.

    ``assumed`` are figures that were not seen, taken from the plan that was in force.
    """

    cut: int
    storage: dict[str, Floats]
    flow: dict[str, Floats]
    delivery: dict[str, Floats]
    exchanged: dict[str, Floats]
    unserved: dict[str, Floats]
    runoff: dict[str, Floats]
    assumed: tuple[NotSeen, ...]


def seen_of(plan: Plan, periods: int) -> Seen:
    """What would be seen after some periods if everything went as planned.

    Parameters
    ----------
    plan : Plan
    periods : int
        How many periods have passed.
    """
    basin = plan.basin
    labels = basin.calendar.labels[:periods]

    def rows(variable: str, names: Iterator[str] | Mapping[str, object]) -> dict[str, dict[str, float]]:
        return {name: dict(zip(labels, plan.series(variable, name)[:periods].tolist(), strict=True)) for name in names}

    ends = [p.end + dt.timedelta(days=1) for p in basin.calendar.periods[:periods]]
    unserved = {
        party: {t: sum(plan.series("unserved", b.name)[k] for b in basin.unserved_blocks.values() if b.party == party)
                for k, t in enumerate(labels)}
        for party, system in basin.power.items() if system.demand
    }  # fmt: skip
    return Seen(
        day=basin.calendar.periods[periods].start,
        storages={r: dict(zip(ends, plan.series("storage", r)[:periods].tolist(), strict=True)) for r in basin.reservoirs},
        deliveries=rows("delivery", basin.demands),
        flows=rows("flow", basin.reaches),
        runoff={n: dict(zip(labels, v, strict=False)) for n, v in basin.runoff.items()},
        exchanged=rows("exchanged", basin.exchanges),
        unserved={party: {t: float(x) for t, x in series.items()} for party, series in unserved.items()},
    )


def past_of(basin: Basin, seen: Seen, approved: Plan | None) -> Past:
    """The past periods in full: what was seen, and the approved plan where it was not.

    Parameters
    ----------
    basin : Basin
        The whole season.
    seen : Seen
        Its day is the first of a period.
    approved : Plan, optional
        Without one, everything must have been seen.

    Raises
    ------
    InputError
        If a name or a period is none of the season's past, or a figure is missing and there is no plan; names them all.
    """
    problems = list(_unknown(basin, seen))
    if problems:
        raise InputError(problems)
    cut = next(k for k, p in enumerate(basin.calendar.periods) if p.start == seen.day)
    filler = _Filler(basin, approved, cut)
    ends = [p.end + dt.timedelta(days=1) for p in basin.calendar.periods[:cut]]
    labels = basin.calendar.labels[:cut]
    stored = {r: dict(zip(labels, (seen.storages.get(r, {}).get(day, np.nan) for day in ends), strict=True)) for r in basin.reservoirs}
    found = Past(
        cut,
        filler.filled("storage", stored, basin.reservoirs),
        filler.filled("flow", seen.flows, basin.reaches),
        filler.filled("delivery", seen.deliveries, basin.demands),
        filler.filled("exchanged", seen.exchanged, basin.exchanges),
        filler.unserved(seen.unserved),
        {n: np.array([seen.runoff.get(n, {}).get(t, v[k]) for k, t in enumerate(labels)]) for n, v in basin.runoff.items()},
        tuple(filler.assumed),
    )
    if filler.problems:
        raise InputError(filler.problems)
    return found


class _Filler:
    """Puts the approved plan where nothing was seen, and remembers where."""

    def __init__(self, basin: Basin, approved: Plan | None, cut: int) -> None:
        self.basin, self.approved, self.cut = basin, approved, cut
        self.labels = basin.calendar.labels[:cut]
        self.assumed: list[NotSeen] = []
        self.problems: list[Problem] = []

    def filled(self, variable: str, seen: ByPeriod, names: Mapping[str, object]) -> dict[str, Floats]:
        """Series of every name, without holes."""
        plan = self.approved
        planned = (lambda name: plan.series(variable, name)) if plan else None
        return {name: self._one(variable, name, seen.get(name, {}), planned) for name in names}

    def unserved(self, seen: ByPeriod) -> dict[str, Floats]:
        """Power not served to each party with a balance."""
        blocks = {p: [b.name for b in self.basin.unserved_blocks.values() if b.party == p] for p in self.basin.power}

        plan = self.approved

        def planned(party: str) -> Floats:
            if plan is None:
                return np.zeros(len(self.basin.calendar.periods))
            return sum((plan.series("unserved", b) for b in blocks[party]), start=plan.nothing)

        asking = [party for party in self.basin.power if self.basin.balances(party)]
        return {p: self._one("unserved", p, seen.get(p, {}), planned if self.approved else None) for p in asking}

    def _one(self, quantity: str, name: str, seen: Mapping[str, float], planned: object) -> Floats:
        found = np.array([seen.get(t, np.nan) for t in self.labels], dtype=float)
        holes = np.isnan(found)
        if not holes.any():
            return found
        missing = tuple(t for t, hole in zip(self.labels, holes, strict=True) if hole)
        if planned is None:
            where = f"{quantity} {name}"
            allowed = say("a figure for every past period, or the approved plan")
            self.problems.append(Problem("missing-fact", where, say("nothing for {periods}", periods=", ".join(missing)), allowed))
            return found
        self.assumed.append(NotSeen(quantity=quantity, place=name, periods=missing))
        found[holes] = planned(name)[: self.cut][holes]  # type: ignore[operator]
        return found


def _unknown(basin: Basin, seen: Seen) -> Iterator[Problem]:
    """Names that the season does not have, and periods that are not past."""
    starts = [p.start for p in basin.calendar.periods]
    if seen.day not in starts[1:]:
        allowed = say("the first day of a period of {first} to {last}", first=starts[1], last=starts[-1])
        yield Problem("bad-date", say("day"), str(seen.day), allowed)
        return
    past = {p.label for p in basin.calendar.periods if p.end < seen.day}
    days = {p.end + dt.timedelta(days=1) for p in basin.calendar.periods if p.end < seen.day}
    for what, home in OWNERS.items():
        known = getattr(basin, home)
        for name, series in getattr(seen, what).items():
            if name not in known:
                yield unknown(CALLED[home], what, name, known)
            for label in sorted(set(series) - past):
                yield Problem("outside-horizon", f"{what} {name}", label, say("a period before {day}", day=seen.day))
    for name, series in seen.storages.items():
        if name not in basin.reservoirs:
            yield unknown("reservoir", "storages", name, basin.reservoirs)
        for day in sorted(set(series) - days):
            allowed = say("the morning after a period before {day}", day=seen.day)
            yield Problem("outside-horizon", say("storage of {name}", name=name), str(day), allowed)
