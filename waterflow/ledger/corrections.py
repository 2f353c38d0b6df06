"""Corrections: the newest plan of a season beside the one that was approved, by party, by place and by clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from waterflow.accounts.clauses import fulfilled
from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.basin.titles import called, title_of
from waterflow.calendar import Step, Window
from waterflow.ledger.partial import Bridged
from waterflow.ledger.reported import Given, LeftAside
from waterflow.ledger.rest import Excess, Settled
from waterflow.ledger.rolling import TOLERANCE, Rest
from waterflow.ledger.seen import NotSeen

__all__ = ["Change", "Correction", "Monthly", "correction"]

Floats = np.ndarray
Kind = Literal["withdrawal", "unserved", "target", "release", "storage", "clause"]
#: a change of less is none, Mm3 or GWh
NOTHING = 0.05


class Change(Fact):
    """One figure of a window or a date: what was approved, what was seen of it so far, and what the newest plan makes of it."""

    named_by = ("kind", "place")

    kind: Kind
    party: str | None = Field(description="Whose it is, or who owes it; None for what belongs to no one")
    place: str = Field(description="A place, a party, or the row of a clause")
    title: str = Field(description="As people call it, in the language spoken")
    window: str
    unit: str
    allowed: float | None = Field(description="The limit, the target or the figure of the clause")
    approved: float
    seen: float = Field(description="The part of it that is past; of a storage on a date to come, nothing")
    newest: float = Field(description="Seen and still planned")
    missed_then: float | None = Field(description="Of a target, a clause or power: what the approved plan missed")
    missed_now: float | None
    within_tolerance: bool | None = Field(
        description="Of withdrawals: no further from the approved than the basin organisation may correct"
    )

    @property
    def change(self) -> float:
        """The newest less the approved."""
        return self.newest - self.approved


class Monthly(Fact):
    """Release of a reservoir and its storage at the end, period by period, as approved and as planned now; past periods as seen."""

    place: str
    title: str
    periods: tuple[str, ...]
    seen: tuple[bool, ...]
    approved_m3s: tuple[float, ...]
    newest_m3s: tuple[float, ...]
    approved_storage_Mm3: tuple[float, ...]
    newest_storage_Mm3: tuple[float, ...]


class Correction(Fact):
    """A season solved again from a day, beside its approved plan."""

    model: str = Field(description="Name of the model")
    scenario: str = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    horizon: str = Field(description="A window")
    step: Step = Field(description="Length of a period")
    day: str = Field(description="The first day of which nothing is known")
    begins: str = Field(description="The first day of the newest plan: the day, or the next beginning of a period")
    tolerance: float = Field(description="Share by which limits could be passed")
    forecasts: int = Field(description="Figures of runoff that were given; the others are those of the season")
    changes: tuple[Change, ...]
    reservoirs: tuple[Monthly, ...]
    excesses: tuple[Excess, ...]
    settled: tuple[Settled, ...]
    assumed: tuple[NotSeen, ...] = Field(description="What was not seen and is taken from the approved plan")
    bridged: Bridged | None = Field(description="The days between the day and the beginning of the newest plan, if any")
    given: tuple[Given, ...] = Field(description="Where the figures come from")
    left_aside: tuple[LeftAside, ...] = Field(description="Figures of a ledger that were not used")
    water_residual_Mm3: float = Field(description="Largest residual of the water balance of the newest plan")


@dataclass(frozen=True)
class _Whole:
    """The approved plan, and the newest with the past in front of it, over the whole season."""

    approved: Plan
    newest: Plan
    rest: Rest

    def series(self, variable: str, name: str, past: dict[str, Floats]) -> Floats:
        """What was seen, then what is planned."""
        return np.concatenate([past[name], self.newest.series(variable, name)])

    def flow(self, reach: str) -> Floats:
        return self.series("flow", reach, self.rest.past.flow)

    def delivery(self, demand: str) -> Floats:
        return self.series("delivery", demand, self.rest.past.delivery)

    def storage(self, reservoir: str) -> Floats:
        return self.series("storage", reservoir, self.rest.past.storage)


def correction(
    approved: Plan,
    newest: Plan,
    rest: Rest,
    day: dt.date,
    *,
    forecasts: int = 0,
    tolerance: float = 0.0,
    bridged: Bridged | None = None,
    given: Sequence[Given] = (),
    left_aside: Sequence[LeftAside] = (),
) -> Correction:
    """The newest plan beside the approved one.

    Parameters
    ----------
    approved : Plan
        Of the whole season.
    newest : Plan
        Of the rest of it.
    rest : Rest
    day : date
    forecasts : int
        How many figures of runoff were given.
    tolerance : float
    bridged, given, left_aside
        What is said of the facts.
    """
    whole, season = _Whole(approved, newest, rest), rest.season
    parts = (_withdrawals(whole), _targets(whole), _unserved(whole), _releases(whole), _storages(whole), _clauses(whole))
    return Correction(
        model=season.name,
        scenario=season.scenario,
        title=title_of(season, season.name),
        horizon=f"{season.calendar.start}/{season.calendar.end}",
        step=season.calendar.step,
        day=str(day),
        begins=str(rest.basin.calendar.start),
        tolerance=tolerance,
        forecasts=forecasts,
        changes=tuple(change for part in parts for change in part),
        reservoirs=tuple(_monthly(whole)),
        excesses=rest.excesses,
        settled=rest.settled,
        assumed=rest.assumed,
        bridged=bridged,
        given=tuple(given),
        left_aside=tuple(left_aside),
        water_residual_Mm3=float(newest.dataset.attrs["water_residual_Mm3"]),
    )


def _parts(whole: _Whole, window: Window) -> tuple[list[int], list[int]]:
    """Positions of the periods of a window, and of those that are past."""
    inside = list(whole.rest.season.calendar.inside(window))
    return inside, [k for k in inside if k < whole.rest.past.cut]


def _withdrawals(whole: _Whole) -> Iterator[Change]:
    season = whole.rest.season
    for party in season.parties:
        users = [d.name for d in season.demands.values() if d.limited and d.party == party]
        for window, kind in season.calendar.seasons if users else ():
            inside, past = _parts(whole, window)
            limit = next((x.amount for x in season.limits.values() if (x.party, x.season) == (party, kind) and x.window == window), None)
            then = sum(float(whole.approved.series("delivery", d)[inside].sum()) for d in users)
            now = sum(float(whole.delivery(d)[inside].sum()) for d in users)
            seen = sum(float(whole.delivery(d)[past].sum()) for d in users)
            yield Change(
                kind="withdrawal", party=party, place=party, title=party, window=str(window), unit="Mm3", allowed=limit,
                approved=then, seen=seen, newest=now, missed_then=None, missed_now=None,
                within_tolerance=abs(now - then) <= TOLERANCE * then + NOTHING,
            )  # fmt: skip


def _targets(whole: _Whole) -> Iterator[Change]:
    season = whole.rest.season
    for x in season.targets.values():
        inside, past = _parts(whole, x.window)
        then, flow = float(whole.approved.series("flow", x.reach)[inside].sum()), whole.flow(x.reach)
        now = float(flow[inside].sum())
        yield Change(
            kind="target", party=None, place=x.place, title=called(season, x.place), window=str(x.window), unit="Mm3", allowed=x.amount,
            approved=then, seen=float(flow[past].sum()), newest=now,
            missed_then=max(0.0, x.amount - then), missed_now=max(0.0, x.amount - now), within_tolerance=None,
        )  # fmt: skip


def _unserved(whole: _Whole) -> Iterator[Change]:
    season = whole.rest.season
    for party in season.power:
        if not season.balances(party):
            continue
        blocks = [b.name for b in season.unserved_blocks.values() if b.party == party]
        series = np.concatenate(
            [whole.rest.past.unserved[party], sum((whole.newest.series("unserved", b) for b in blocks), whole.newest.nothing)]
        )
        for window, _ in season.calendar.seasons:
            inside, past = _parts(whole, window)
            then = sum(float(whole.approved.series("unserved", b)[inside].sum()) for b in blocks)
            now = float(series[inside].sum())
            yield Change(
                kind="unserved", party=party, place=party, title=party, window=str(window), unit="GWh", allowed=None, approved=then,
                seen=float(series[past].sum()), newest=now, missed_then=then, missed_now=now, within_tolerance=None,
            )  # fmt: skip


def _ways(whole: _Whole, reservoir: str) -> tuple[str, ...]:
    season = whole.rest.season
    return season.paths.released[reservoir]


def _release(whole: _Whole, reservoir: str) -> tuple[Floats, Floats]:
    """Release as approved, and as seen and planned now, Mm3."""
    nothing = whole.approved.nothing
    ways = _ways(whole, reservoir)
    return sum((whole.approved.series("flow", a) for a in ways), nothing), sum((whole.flow(a) for a in ways), nothing)


def _ordered(whole: _Whole) -> list[str]:
    return sorted(whole.rest.season.reservoirs, key=whole.approved.order)


def _releases(whole: _Whole) -> Iterator[Change]:
    season = whole.rest.season
    for name in _ordered(whole):
        if not _ways(whole, name):
            continue
        then, now = _release(whole, name)
        for window, _ in season.calendar.seasons:
            inside, past = _parts(whole, window)
            yield Change(
                kind="release", party=season.reservoirs[name].owner or None, place=name, title=called(season, name), window=str(window),
                unit="Mm3", allowed=None, approved=float(then[inside].sum()), seen=float(now[past].sum()), newest=float(now[inside].sum()),
                missed_then=None, missed_now=None, within_tolerance=None,
            )  # fmt: skip


def _storages(whole: _Whole) -> Iterator[Change]:
    season = whole.rest.season
    for name in _ordered(whole):
        for window, _ in season.calendar.seasons:
            last = season.calendar.inside(window)[-1]
            now = float(whole.storage(name)[last])
            yield Change(
                kind="storage", party=season.reservoirs[name].owner or None, place=name, title=called(season, name),
                window=f"{window.end + dt.timedelta(days=1)}", unit="Mm3", allowed=None,
                approved=float(whole.approved.series("storage", name)[last]), seen=now if last < whole.rest.past.cut else 0.0, newest=now,
                missed_then=None, missed_now=None, within_tolerance=None,
            )  # fmt: skip


def _clauses(whole: _Whole) -> Iterator[Change]:
    season, settled = whole.rest.season, {x.row: x for x in whole.rest.settled}
    for name, row in season.clause_rows.items():
        clause = season.clauses[row.clause]
        then = fulfilled(whole.approved, row)
        left = whole.rest.basin.clause_rows.get(name)
        now = fulfilled(whole.newest, left) if left else settled[name].found
        missed = float(whole.newest.dataset["clause_slack"].sel(clause_row=name)) if left else settled[name].missed
        yield Change(
            kind="clause", party=row.giver or clause.giver or None, place=name, title=called(season, row.clause), window=row.window,
            unit=row.unit, allowed=row.figure, approved=then, seen=left.known - row.known if left else now, newest=now,
            missed_then=float(whole.approved.dataset["clause_slack"].sel(clause_row=name)), missed_now=missed, within_tolerance=None,
        )  # fmt: skip


def _monthly(whole: _Whole) -> Iterator[Monthly]:
    season, cut = whole.rest.season, whole.rest.past.cut
    rates = np.array([p.rate for p in season.calendar.periods])
    for name in _ordered(whole):
        if _ways(whole, name):
            then, now = _release(whole, name)
            yield Monthly(
                place=name,
                title=called(season, name),
                periods=season.calendar.labels,
                seen=tuple(k < cut for k in range(len(rates))),
                approved_m3s=tuple((then * rates).tolist()),
                newest_m3s=tuple((now * rates).tolist()),
                approved_storage_Mm3=tuple(whole.approved.series("storage", name).tolist()),
                newest_storage_Mm3=tuple(whole.storage(name).tolist()),
            )
