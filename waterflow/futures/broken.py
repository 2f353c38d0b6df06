"""Clauses that members break: which members, how dry they are, and what binds in the worst of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.clauses import clauses
from waterflow.accounts.plan import Plan
from waterflow.basin.agreements import Clause, ClauseRow
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.futures.answer_facts import Broken, WorstMember
from waterflow.futures.promises import Promise
from waterflow.futures.seen import Seen

__all__ = ["broken"]

Flags = NDArray[np.bool_]
#: a reservoir is at its lowest storage, and a reach at its capacity, within this, relative to max(1, |value|)
AT_BOUND = 1e-6


def broken(seen: Seen, promised: Sequence[Promise]) -> tuple[Broken, ...]:
    """Every clause that some member misses, or that clashes in a member without a plan."""
    found = []
    for agreement, clause in _clauses(seen):
        own = [p for p in promised if p.kind == "clause" and p.name == clause.name]
        missing = np.any([p.failed.any(axis=1) & seen.planned for p in own], axis=0)
        clashing = ~seen.planned & seen.judged & np.array([_clashes(said, clause.name) for said in seen.dataset["clashing"].values])
        which = np.flatnonzero(missing | clashing)
        if not len(which):
            continue
        runoff, kept = seen.runoff[which], own[0].held & seen.planned & ~missing
        found.append(
            Broken(
                agreement=agreement,
                clause=clause.name,
                title=own[0].title,
                hard=clause.hard,
                probability=seen.share(kept, own[0].held),
                members=tuple(seen.names[k] for k in which),
                without_plan=int(clashing.sum()),
                driest_Mm3=float(runoff.min()),
                wettest_Mm3=float(runoff.max()),
                drier=seen.share(seen.runoff < np.median(runoff), seen.judged),
                worst=_worst(seen, own, promised, missing),
            )
        )
    return tuple(found)


def _clauses(seen: Seen) -> Iterator[tuple[str, Clause]]:
    """Clauses with rows in some member, each once, with the agreement each is of."""
    told: set[str] = set()
    for basin in {id(b): b for b in seen.basins.values()}.values():
        rows = {r.clause for r in basin.clause_rows.values()}
        for agreement in basin.agreements.values():
            for clause in agreement.clauses:
                if clause.name in rows - told:
                    told.add(clause.name)
                    yield agreement.name, clause


def _clashes(said: object, clause: str) -> bool:
    """True if a clause is among the rules that clash, alone or with its unit."""
    owners = [name.partition("[")[2].removesuffix("]") for name in str(said).split("; ")]
    return any(owner == clause or owner.startswith(f"{clause}/") for owner in owners)


def _worst(seen: Seen, own: Sequence[Promise], promised: Sequence[Promise], missing: Flags) -> WorstMember | None:
    """The member that misses most, all rows together as shares of what each is asked."""
    if not missing.any():
        return None
    rows = {r.name: r for b in seen.basins.values() for r in b.clause_rows.values() if r.clause == own[0].name}
    shares = [np.nan_to_num(seen.series("clause_slack", r.name)) / max(1.0, abs(r.figure)) for r in rows.values()]
    k = int(np.argmax(np.where(missing, np.sum(shares, axis=0), -1.0)))
    basin = seen.basins[k].replaced(runoff=seen.runoff_of(k))
    told = next(c for c in clauses(Plan(basin, seen.dataset.isel(member=k))) if c.clause == own[0].name)
    missed = sorted((r for r in told.rows if r.missed_by > 0.0), key=lambda r: (-r.missed_by, r.row))
    chosen = [basin.clause_rows[r.row] for r in missed]
    above, inside = _above(basin, chosen), _when(basin, chosen)
    others = (p for p in promised if not (p.kind == "clause" and p.name == own[0].name) and p.kind != "users")
    return WorstMember(
        member=seen.names[k],
        number=k + 1,
        runoff_Mm3=float(seen.runoff[k]),
        rank=int(seen.ranks[k]),
        rows=tuple(missed),
        empty=tuple(called(basin, r) for r in basin.reservoirs if r in above and _empty(seen, basin, k, r, inside)),
        full=tuple(called(basin, a) for a, reach in basin.reaches.items() if reach.start in above and _full(seen, basin, k, a, inside)),
        short_too=tuple(f"{p.kind}/{p.name}" for p in others if p.failed[k].any()),
    )


def _above(basin: Basin, rows: Iterable[ClauseRow]) -> set[str]:
    """Places from which water comes to what some rows count: their flows, storages and users, the plants of who gives power."""
    places = set()
    for row in rows:
        for unknown, index, _ in row.terms:
            if unknown == "flow":
                places.add(basin.reaches[index[0]].start)
            elif unknown in ("storage", "runoff"):
                places.add(index[0])
            elif unknown == "delivery":
                places.add(basin.demands[index[0]].node)
            elif unknown == "exchanged":
                giver = basin.exchanges[index[0]].giver
                places |= {basin.reaches[p.reach].start for p in basin.plants.values() if p.party == giver}
    return {above for place in places for above in basin.paths.above(place)}


def _when(basin: Basin, rows: Iterable[ClauseRow]) -> list[int]:
    """The periods that some rows count, and the one that ends before the date of a storage."""
    periods: set[int] = set()
    for row in rows:
        start, end = (dt.date.fromisoformat(day) for day in row.window.split("/"))
        overlapping = (k for k, p in enumerate(basin.calendar.periods) if p.start <= end and p.end >= start)
        periods |= {basin.calendar.ends_before(start)} if start == end else set(overlapping)
    return sorted(periods)


def _empty(seen: Seen, basin: Basin, k: int, reservoir: str, inside: Sequence[int]) -> bool:
    """True if a reservoir with something to hold is at its lowest storage at the end of one of some periods."""
    floor = basin.reservoirs[reservoir].floor
    stored = seen.series("storage", reservoir)[k, list(inside)]
    return basin.reservoirs[reservoir].ceiling > floor and bool((stored <= floor + AT_BOUND * max(1.0, floor)).any())


def _full(seen: Seen, basin: Basin, k: int, reach: str, inside: Sequence[int]) -> bool:
    """True if a reach carries all it can in one of some periods."""
    capacity = basin.reaches[reach].capacity
    if capacity is None:
        return False
    most, flow = np.array(capacity)[list(inside)], seen.series("flow", reach)[k, list(inside)]
    return bool(((most > 0.0) & (flow >= most - AT_BOUND * np.maximum(1.0, most))).any())
