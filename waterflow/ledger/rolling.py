"""Rolling: the rest of a season from what is seen on a day, with the newest forecast, as a basin that can be solved again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.basin.begun import Begun, called
from waterflow.basin.objective import DemandClaim, claim_of
from waterflow.formulation.objective import StagePlan, stage_plans
from waterflow.ledger.rest import Cut, Excess, Settled
from waterflow.ledger.seen import NotSeen, Past, Seen, past_of

__all__ = ["TOLERANCE", "Rest", "outside_range", "rest_of_season"]

#: by how much the basin organisation may correct a limit (ICWC 47, 2007)
TOLERANCE = 0.15
Forecast = Mapping[tuple[str, str], float]
Series = Mapping[str, Sequence[float] | NDArray[np.float64]]


@dataclass(frozen=True)
class Rest:
    """The rest of a season.

    Attributes
    ----------
    basin : Basin
        Begins on the day; opens with the storages seen, what was taken is off its limits and targets.
    season : Basin
        The whole season it is the rest of.
    past : Past
    excesses : tuple of Excess
        Limits, targets and caps that are passed already.
    settled : tuple of Settled
        Rows of clauses whose window is past.
    assumed : tuple of NotSeen
        What was not seen and is taken from the approved plan.
    """

    basin: Basin
    season: Basin
    past: Past
    excesses: tuple[Excess, ...]
    settled: tuple[Settled, ...]
    assumed: tuple[NotSeen, ...]


def rest_of_season(
    basin: Basin, seen: Seen, forecast: Forecast | None = None, approved: Plan | None = None, tolerance: float = 0.0
) -> Rest:
    """What is left of a season on a day.

    Solved again from the state of its own plan, with the same runoff, the rest of a plan is the rest of that plan: what was
    claimed of a window is claimed whole, what was taken and missed of it counts (`waterflow.basin.begun`). Threshold shares
    are the exception: what they owe is worked out from a river without them, and that river has another past.

    Parameters
    ----------
    basin : Basin
        The whole season as it was agreed.
    seen : Seen
        Its day is the first of a period (`waterflow.ledger.partial` brings it to one).
    forecast : mapping of (node, period) to Mm3, optional
        The newest forecast of runoff; the season's own runoff without.
    approved : Plan, optional
        The plan in force: taken where nothing was seen.
    tolerance : float
        A share by which limits may be passed.

    Raises
    ------
    InputError
        If a name or a period is none of the season's, or a figure is missing and there is no plan.
    """
    past = past_of(basin, seen, approved)
    cut = Cut(basin, past, tolerance)
    rows = cut.clause_rows()
    moving = cut.exchanges(rows)
    wishes = cut.later(basin.storage_wishes)
    windows = {"floors": cut.cut_windows(basin.floors, whole=False), "targets": cut.targets(), "threshold_shares": cut.shares()}
    rest = basin.replaced(
        calendar=cut.calendar,
        reaches=cut.reaches(),
        reach_costs=cut.over(basin.reach_costs, "cost", "electricity"),
        flow_rules=cut.later(basin.flow_rules),
        runoff={n: cut.after(v) for n, v in basin.runoff.items()},
        reservoirs=cut.reservoirs(),
        storage_rules=cut.later(basin.storage_rules),
        storage_wishes=wishes,
        operating_ranges=cut.ranges(),
        demands=cut.demands(),
        limits=cut.limits(),
        agreed_flows=cut.cut_windows(basin.agreed_flows, whole=True),
        known_flows=cut.cut_windows(basin.known_flows, whole=True),
        plants=cut.plants(),
        supplies=cut.lines("supplies", moving, "capacity", "must_run", "loss", "cost"),
        exports=cut.lines("exports", moving, "capacity", "loss", "price"),
        power={p: s.model_copy(update={"demand": cut.after(s.demand), "value": cut.after(s.value)}) for p, s in basin.power.items()},
        clause_rows=rows,
        exchanges=moving,
        target_values={n: b for n, b in basin.target_values.items() if b.target in windows["targets"]},
        objective=cut.objective({**windows, "storages": wishes}),
        **windows,
    )
    rest = rest.replaced(begun=_begun(basin, rest, past))
    if forecast:
        rest = rest.changed(runoff=dict(forecast))
    return Rest(rest, basin, past, tuple(cut.excesses), tuple(cut.settled), past.assumed)


def _begun(season: Basin, rest: Basin, past: Past) -> Begun:
    """What was claimed of windows that have begun, and what was taken and missed of it."""
    counted = dict(_counted_on(season, rest, past))
    bare = rest.replaced(begun=Begun(counted_on=counted))
    whole = {**_other_claims(season, rest), **{f"demand_shortfall[{n}]": season.claimed_water[c.name] for n, c in _claims(season, rest)}}
    # a floor and an alarm count period by period, and have no past
    amounts = {called(c.unknown, c.index): c.amount for plan in stage_plans(bare, residues=True) for c in plan.claims}
    delivered = {n: min(season.targets[n].amount, season.targets[n].amount - x.amount) for n, x in rest.targets.items()}
    short = {n: max(0.0, d.need[past.cut - 1] - float(past.delivery[n][-1])) for n, d in season.demands.items()}
    return Begun(
        whole={name: whole[name] for name, amount in sorted(amounts.items()) if name in whole and whole[name] != amount},
        missed=dict(_missed(season, rest, past)),
        counted_on=counted,
        delivered={n: x for n, x in delivered.items() if x > 0},
        short=short,
    )


def _claims(season: Basin, rest: Basin) -> Iterator[tuple[str, DemandClaim]]:
    """Claims of users in the rest, by name, each with that of the season it is left of: the longer where two end as one."""
    cut = len(season.calendar.periods) - len(rest.calendar.periods)
    found: dict[str, DemandClaim] = {}
    for claim in sorted(season.demand_claims.values(), key=lambda c: len(c.periods)):
        left = tuple(k - cut for k in claim.periods if k >= cut)
        if left:
            found[claim_of(rest.calendar, claim.demand, left)] = claim
    yield from ((name, claim) for name, claim in sorted(found.items()) if name in rest.demand_claims)


def _counted_on(season: Basin, rest: Basin, past: Past) -> Iterator[tuple[str, float]]:
    own = rest.claimed_water
    for name, claim in _claims(season, rest):
        taken = sum(float(past.delivery[claim.demand][k]) for k in claim.periods if k < past.cut)
        yield name, max(0.0, season.claimed_water[claim.name] - taken) - own[name]


def _other_claims(season: Basin, rest: Basin) -> dict[str, float]:
    """What all but users claim, by the name that the rest has for it: its first season begins later."""
    now, then = (str(window) for window in _seasons(season, rest))
    every: tuple[StagePlan, ...] = stage_plans(season, residues=True)
    found = {called(c.unknown, c.index): c.amount for plan in every for c in plan.claims if c.unknown != "demand_shortfall"}
    return {name.replace(then, now) if name.startswith(("power", "season")) else name: amount for name, amount in found.items()}


def _seasons(season: Basin, rest: Basin) -> tuple[object, object]:
    """The first season of the rest, as the rest and as the season have it."""
    first = rest.calendar.seasons[0][0]
    return first, next(w for w, _ in season.calendar.seasons if w.start <= first.start <= w.end)


def _missed(season: Basin, rest: Basin, past: Past) -> Iterator[tuple[str, float]]:
    now, then = (str(window) for window in _seasons(season, rest))
    for name, claim in season.power_claims.items():
        gone = [k for k in claim.periods if k < past.cut]
        if not gone or len(gone) == len(claim.periods):
            continue
        unserved, demand = past.unserved[claim.party], season.power[claim.party].demand
        key = called("power_shortfall", (name.replace(then, now),))
        if claim.kind == "power":
            yield key, sum(float(unserved[k]) - (1 - claim.share) * demand[k] for k in gone)
        else:
            days = season.calendar.periods
            yield key, max(0.0, *((float(unserved[k]) - (1 - claim.share) * demand[k]) / days[k].days for k in gone))
    for name in season.operating_ranges:
        gone = [k for k, p in enumerate(season.calendar.periods[: past.cut]) if str(p.start) >= then[:10]]
        outside = sum(outside_range(season, past.storage, past.flow, name, k) for k in gone)
        if outside > 0:
            yield called("season_outside_range", (name, now)), outside


def outside_range(season: Basin, storage: Series, flow: Series, name: str, k: int) -> float:
    """What a storage or a release was outside its range in a past period, Mm3."""
    of = season.operating_ranges[name]
    stored = float(storage[of.reservoir][k])
    ways = season.paths.released[of.reservoir]
    found = stored if of.kind == "storage" else sum(float(flow[a][k]) for a in ways)
    return max(0.0, of.low[k] + of.share(k) * stored - found, found - of.high[k])
