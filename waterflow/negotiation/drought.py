"""Drought: what is there for the fields of a season, shared among the parties by a rule and fed back into the model as limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xarray as xr

from waterflow.accounts.payoffs import payoffs
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.basin.demands import Limit
from waterflow.basin.wanted import require_basin
from waterflow.errors import InputError, Problem
from waterflow.negotiation.claims import RULES
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Shared", "SharedDrought", "share_drought"]


@dataclass(frozen=True)
class Shared:
    """A way of sharing, and the plan under it.

    Attributes
    ----------
    rule : str
        Of `waterflow.negotiation.claims.RULES`; empty for the plan as it is, without any rule.
    shares : dict of float
        What each party may take by the rule, Mm3; nothing without a rule.
    delivered : dict of float
        What its limited users get in the plan, Mm3.
    payoffs : dict of float
        What the plan is worth to each party at central values, million USD.
    dataset : Dataset
    """

    rule: str
    shares: Mapping[str, float]
    delivered: Mapping[str, float]
    payoffs: Mapping[str, float]
    dataset: xr.Dataset


@dataclass(frozen=True)
class SharedDrought:
    """A season's water shared by several rules.

    Attributes
    ----------
    window : str
        The season.
    estate : float
        What the limited users of all parties get in the plan as it is, Mm3.
    claims : dict of float
        What those of each party may ask: the smaller of their needs and their limit, Mm3.
    ways : tuple of Shared
        The plan as it is first.
    """

    window: str
    estate: float
    claims: Mapping[str, float]
    ways: tuple[Shared, ...]


def share_drought(basin: Basin, rules: Sequence[str] = tuple(RULES)) -> SharedDrought:
    """Share what is there for limited users in the growing season among the parties, and plan again with the shares as limits.

    What is shared is what the plan as it is gives them together; so each rule says who of them would have it. A rule knows nothing of
    the river: what a party may take by it may not come to its canals.

    Parameters
    ----------
    basin : Basin
        With limits of two parties or more in the growing season.
    rules : sequence of str

    Raises
    ------
    InputError
        If a rule is none, or there are no such limits.
    ConflictError, SolverError
        As `waterflow.allocate`.
    """
    require_basin(basin, "share_drought")
    problems = [Problem("unknown-choice", "rules", name, " | ".join(RULES), slip(name, RULES)) for name in rules if name not in RULES]
    limits = _limits(basin)
    if len(limits) < 2:
        found = say("limits of {count} parties in the growing season", count=len(limits))
        problems.append(Problem("bad-claims", say("limits"), found, say("of two or more: shares are fed back as limits")))
    if problems:
        raise InputError(problems)
    solver = Solver(basin)
    window = next(iter(limits.values())).window
    claims = {party: min(limit.amount, _needed(basin, limit)) for party, limit in limits.items()}
    own = _way(basin, limits, "", {}, solver.allocate().dataset)
    estate = min(sum(own.delivered.values()), sum(claims.values()))
    ways = [own]
    for name in rules:
        shares = RULES[name](estate, claims)
        asked = basin.changed(limit_volume={limits[party].name: share for party, share in shares.items()})
        ways.append(_way(basin, limits, name, shares, solver.allocate(asked).dataset))
    return SharedDrought(str(window), estate, claims, tuple(ways))


def _limits(basin: Basin) -> dict[str, Limit]:
    """The growing season's limit of each party; of several growing seasons the first."""
    found: dict[str, Limit] = {}
    for limit in sorted(basin.limits.values(), key=lambda x: x.window.start):
        if limit.season == "growing":
            found.setdefault(limit.party, limit)
    return found


def _needed(basin: Basin, limit: Limit) -> float:
    """What a party's limited users need in its season, Mm3."""
    inside = basin.calendar.inside(limit.window)
    return sum(d.need[k] for d in basin.demands.values() if d.limited and d.party == limit.party for k in inside)


def _way(basin: Basin, limits: Mapping[str, Limit], rule: str, shares: Mapping[str, float], dataset: xr.Dataset) -> Shared:
    given = {name: dataset["delivery"].sel(demand=name).to_numpy() for name in basin.demands}
    delivered = {}
    for party, limit in limits.items():
        inside = list(basin.calendar.inside(limit.window))
        users = [d.name for d in basin.demands.values() if d.limited and d.party == party]
        delivered[party] = sum(float(given[name][inside].sum()) for name in users)
    return Shared(rule, dict(shares), delivered, payoffs(basin, dataset)["central"], dataset)
