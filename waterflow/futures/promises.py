"""Promises: what a basin asks for, beside what every member of an ensemble counts of it and falls short by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.clauses import KEPT
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.calendar import Window
from waterflow.futures.answer_facts import Kind
from waterflow.futures.seen import Seen

__all__ = ["MET", "Promise", "promises"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: a promise is met if it is short by no more than this, relative to max(1, what is asked)
MET = 1e-6
#: as figures are typed, and as they are printed: what a person who reads them may call kept
TYPED, PRINTED = 1e-3, 1e-2


@dataclass(frozen=True)
class Promise:
    """One promise over its windows.

    Attributes
    ----------
    kind, name, title, party, unit
    windows : tuple of str
        In the order of time.
    asked : array (window,)
        NaN where it is another in each member.
    counted, short : arrays (member, window)
    of : str
        What is counted.
    held : bool array (member,)
        Members it is judged in.
    steps : array (member, step)
        Shortage step by step, where that is finer than by window: by period.
    as_printed : bool
        Whether what nobody would call missed counts as kept: short by 0.1 %, or of a volume or energy by one million m3 or GWh
        where that is no more than 1 %.
    """

    kind: Kind
    name: str
    title: str
    party: str | None
    unit: str
    windows: tuple[str, ...]
    asked: Floats
    counted: Floats
    short: Floats
    of: Literal["delivered", "unserved", "lowest_flow", "missed"]
    held: Flags
    steps: Floats | None = None
    as_printed: bool = False

    @property
    def failed(self) -> Flags:
        """Where a window is missed, (member, window)."""
        return np.asarray(self.short > self.slight)

    @property
    def slight(self) -> Floats:
        """What a window may be short by and still be met."""
        asked = np.nan_to_num(self.asked)
        least: Floats = MET * np.maximum(1.0, asked)
        if not self.as_printed:
            return least
        one = np.minimum(1.0, PRINTED * asked) if self.unit in ("Mm3", "GWh") else 0.0
        return np.maximum(least, np.maximum(TYPED * asked, one))


def promises(seen: Seen) -> list[Promise]:
    """Every promise of a basin: targets, limits, users, power, minimum flows, shares of a surplus, clauses."""
    kinds = (_targets, _limits, _users, _power, _floors, _shares, _clauses)
    return [promise for kind in kinds for promise in kind(seen)]


def _inside(basin: Basin, window: Window) -> list[int]:
    return list(basin.calendar.inside(window))


def _missing(asked: Floats, counted: Floats) -> Floats:
    found: Floats = np.maximum(0.0, asked - counted)
    return found


def _targets(seen: Seen) -> Iterator[Promise]:
    basin = seen.basin
    for place in dict.fromkeys(x.place for x in basin.targets.values()):
        own = sorted((x for x in basin.targets.values() if x.place == place), key=lambda x: x.window.start)
        asked = np.array([x.amount for x in own])
        counted = np.stack([seen.series("flow", x.reach)[:, _inside(basin, x.window)].sum(axis=1) for x in own], axis=1)
        windows = tuple(str(x.window) for x in own)
        title = title_of(basin.nodes.get(place), place)
        yield Promise("target", place, title, None, "Mm3", windows, asked, counted, _missing(asked, counted), "delivered", seen.judged)


def _of_users(seen: Seen, kind: Kind, party: str, seasons: list[int], users: list[str]) -> Promise:
    """What users of a party may count on in some seasons, the smaller of need and limit, beside what they get together."""
    basin = seen.basin
    windows = [basin.calendar.seasons[s][0] for s in seasons]
    asked = np.array([sum(basin.entitlement(d, s) for d in users) for s in seasons])
    delivered = seen.total("delivery", users)
    counted = np.stack([delivered[:, _inside(basin, w)].sum(axis=1) for w in windows], axis=1)
    named = tuple(map(str, windows))
    return Promise(kind, party, party, party, "Mm3", named, asked, counted, _missing(asked, counted), "delivered", seen.judged)


def _limits(seen: Seen) -> Iterator[Promise]:
    basin = seen.basin
    for party in basin.parties:
        users = [d.name for d in basin.demands.values() if d.party == party and d.limited]
        limited = {str(x.window) for x in basin.limits.values() if x.party == party}
        seasons = [s for s, (window, _) in enumerate(basin.calendar.seasons) if str(window) in limited]
        if users and seasons:
            yield _of_users(seen, "limit", party, seasons, users)


def _users(seen: Seen) -> Iterator[Promise]:
    basin = seen.basin
    for party in basin.parties:
        if users := [d.name for d in basin.demands.values() if d.party == party]:
            yield _of_users(seen, "users", party, list(range(len(basin.calendar.seasons))), users)


def _power(seen: Seen) -> Iterator[Promise]:
    basin = seen.basin
    for party, system in sorted(basin.power.items()):
        if not system.demand:
            continue
        demand = np.asarray(system.demand, dtype=float)
        unserved = seen.total("unserved", [b.name for b in basin.unserved_blocks.values() if b.party == party])
        spans = [_inside(basin, window) for window, _ in basin.calendar.seasons]
        asked = np.array([demand[span].sum() for span in spans])
        short = np.stack([unserved[:, span].sum(axis=1) for span in spans], axis=1)
        windows = tuple(str(window) for window, _ in basin.calendar.seasons)
        yield Promise("power", party, party, party, "GWh", windows, asked, short, short, "unserved", seen.judged, unserved)


def _floors(seen: Seen) -> Iterator[Promise]:
    basin = seen.basin
    rate = np.array([p.rate for p in basin.calendar.periods])
    for place in dict.fromkeys(x.place for x in basin.floors.values()):
        own = sorted((x for x in basin.floors.values() if x.place == place), key=lambda x: x.window.start)
        flows = [(seen.series("flow", x.reach) * rate)[:, _inside(basin, x.window)] for x in own]
        asked = np.array([x.flow for x in own])
        missing = [_missing(np.asarray(x.flow), flow) for x, flow in zip(own, flows, strict=True)]
        lowest, worst = (np.stack([found.min(axis=1) for found in flows], axis=1), np.stack([m.max(axis=1) for m in missing], axis=1))
        windows, title = tuple(str(x.window) for x in own), title_of(basin.nodes.get(place), place)
        steps = np.concatenate(missing, axis=1)
        yield Promise("floor", place, title, None, "m3/s", windows, asked, lowest, worst, "lowest_flow", seen.judged, steps)


def _shares(seen: Seen) -> Iterator[Promise]:
    basin = seen.basin
    due = {name: k for k, name in enumerate(basin.threshold_shares)}
    for name, x in basin.threshold_shares.items():
        sent = seen.series("flow", x.reach)[:, _inside(basin, x.window)].sum(axis=1)[:, None]
        short = _missing(np.asarray(seen.dataset["share_due"].values[:, [due[name]]]), sent)
        title = title_of(basin.nodes.get(x.node), x.node)
        asked = np.array([np.nan])
        yield Promise("share", name, title, x.party, "Mm3", (str(x.window),), asked, sent, short, "delivered", seen.judged)


def _clauses(seen: Seen) -> Iterator[Promise]:
    """Clauses with rows, by unit: what their rows are missed by together; judged where they are in force."""
    rows = {r.name: r for basin in seen.basins.values() for r in basin.clause_rows.values()}
    for clause, unit in dict.fromkeys((r.clause, r.unit) for r in rows.values()):
        own = sorted((r for r in rows.values() if (r.clause, r.unit) == (clause, unit)), key=lambda r: (r.window, r.name))
        steps = np.stack([seen.series("clause_slack", r.name) for r in own], axis=1)
        steps = np.where(steps > KEPT, steps, np.where(np.isnan(steps), np.nan, 0.0))
        short = steps.sum(axis=1, keepdims=True)
        held = seen.judged & np.array([_in_force(seen, k, clause) for k in range(len(seen.names))])
        days = [day for r in own for day in r.window.split("/")]
        window, asked = f"{min(days)}/{max(days)}", np.array([np.nan if len(own) > 1 else own[0].figure])
        title = next(called(basin, clause) for basin in seen.basins.values() if clause in basin.clauses)
        yield Promise("clause", clause, title, None, unit, (window,), asked, short, short, "missed", held, steps)


def _in_force(seen: Seen, k: int, clause: str) -> bool:
    """True if a member's class of runoff is one in which a clause holds."""
    return k in seen.basins and any(r.clause == clause for r in seen.basins[k].clause_rows.values())
