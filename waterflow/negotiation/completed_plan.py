"""A plan somebody brings, made whole: what it does not give is taken from needs or from the optimum, and said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.accounts.fact import Fact
from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.loading.plan_table import GivenPlan
from waterflow.simulation.simulate import Simulated, simulate
from waterflow.words.catalogue import say

__all__ = ["CompletedPlan", "Filled", "completed", "with_figures"]

Floats = NDArray[np.float64]
#: a flow below this is rounding; so is a withdrawal above a need by less than this, but a table's; Mm3
NOTHING, WORTH_SAYING = 1e-9, 1e-3


class Filled(Fact):
    """Something the plan does not say and what is taken for it.

    Attributes
    ----------
    kind : str
        Withdrawals taken from the needs or the optimum, releases from the optimum, spillways taken as closed, or needs
        raised to what the plan takes.
    names : tuple of str
        The demands or reaches it is about.
    among : int
        How many of their kind the river has.
    """

    kind: Literal["withdrawals_needed", "withdrawals_best", "releases_best", "spills_closed", "needs_raised"]
    names: tuple[str, ...]
    among: int


@dataclass(frozen=True)
class CompletedPlan:
    """A whole plan on its river.

    Attributes
    ----------
    basin : Basin
        The river; the need of a user is raised to what the plan takes, if that is more.
    releases : dict of array
        By reach: what is to be let into it, Mm3 for each period. Reaches that take the rest are not in it.
    withdrawals : dict of array
        By demand: what is to be taken, Mm3.
    simulated : Simulated
        What the river does; what is not there is not taken.
    cut : dict of array
        By reach out of a junction: what was to be let into it and is not there, Mm3.
    unit : str
        The unit of the table.
    filled : tuple of Filled
        What was filled in.
    """

    basin: Basin
    releases: dict[str, Floats]
    withdrawals: dict[str, Floats]
    simulated: Simulated
    cut: dict[str, Floats]
    unit: str
    filled: tuple[Filled, ...]


def completed(basin: Basin, given: GivenPlan, optimum: xr.Dataset | None = None) -> CompletedPlan:
    """Make a plan whole and run the river with it.

    Parameters
    ----------
    basin : Basin
    given : GivenPlan
    optimum : Dataset, optional
        Taken for everything that is not given. Without it withdrawals that are not given are the needs, and
        every release must be given; a spillway that is not named passes nothing, but where it is a junction's only way left.

    Raises
    ------
    InputError
        If a release is missing; names them all.
    """
    releases = {name: np.asarray(v) for name, v in given.releases.items()}
    withdrawals = {n: np.asarray(given.withdrawals.get(n, _rest(optimum, n, d.need)), dtype=float) for n, d in basin.demands.items()}
    best = {name: np.asarray(_flow(optimum, name), dtype=float) for name in _open(basin, given, optimum)} if optimum is not None else {}
    shut = _shut(basin, {*best, *releases})
    whole = {name: np.zeros(len(basin.calendar.periods)) for name in shut} | best | releases
    _refuse_missing(basin, whole)
    more = {n: np.maximum(withdrawals[n], d.need) for n, d in basin.demands.items()}
    greedy = [n for n, d in basin.demands.items() if (more[n] > np.asarray(d.need) + WORTH_SAYING).any()]
    ran, cut = _run(basin, whole, withdrawals)
    return CompletedPlan(
        basin=_needing(basin, more),
        releases=whole,
        withdrawals=withdrawals,
        simulated=ran,
        cut=cut,
        unit=given.unit,
        filled=tuple(_filled(basin, given, best, shut, greedy, from_optimum=optimum is not None)),
    )


def with_figures(plan: CompletedPlan, releases: dict[str, Floats], withdrawals: dict[str, Floats]) -> CompletedPlan:
    """The same plan with other figures, run again."""
    ran, cut = _run(plan.basin, releases, withdrawals)
    return replace(plan, releases=releases, withdrawals=withdrawals, simulated=ran, cut=cut)


def _rest(optimum: xr.Dataset | None, demand: str, need: tuple[float, ...]) -> Any:
    return need if optimum is None else optimum["delivery"].sel(demand=demand).values


def _flow(optimum: xr.Dataset | None, reach: str) -> Any:
    return None if optimum is None else optimum["flow"].sel(reach=reach).values


def _open(basin: Basin, given: GivenPlan, optimum: xr.Dataset | None) -> Iterator[str]:
    """Reaches that need a release and have none; of a junction's the one that carries most takes the rest."""
    for node, ways in basin.paths.departing.items():
        free = [a for a in ways if a not in given.releases and node not in basin.aquifers]
        if node not in basin.reservoirs and free:
            left = max((a for a in free if not basin.reaches[a].spillway), key=lambda a: float(_flow(optimum, a).sum()), default="")
            free = [a for a in free if a != left]
        yield from free


def _shut(basin: Basin, given: Set[str]) -> tuple[str, ...]:
    """Spillways that are not named and pass nothing: all but one of a junction that has no other way left."""
    found = []
    for node, ways in basin.paths.departing.items():
        spills = [a for a in ways if a not in given and basin.reaches[a].spillway]
        onward = node in basin.reservoirs or any(a not in given and not basin.reaches[a].spillway for a in ways)
        found += spills if onward else spills[1:]
    return tuple(found)


def _refuse_missing(basin: Basin, releases: dict[str, Floats]) -> None:
    """Every release that must be given and is not, at once."""
    problems = []
    for node, ways in basin.paths.departing.items():
        free = [a for a in ways if a not in releases and node not in basin.aquifers]
        if len(free) > (node not in basin.reservoirs):
            what = say("a release") if node in basin.reservoirs else say("a flow for all but one")
            cause = say("With --rest optimum it is taken from the optimum.")
            problems.append(
                Problem("no-release", say("plan: {node}", node=node), say("no figures for {names}", names=", ".join(free)), what, cause)
            )
    if problems:
        raise InputError(problems)


def _needing(basin: Basin, needs: dict[str, Floats]) -> Basin:
    """The same river, its users asking for what is said."""
    demands: Any = {n: d.model_copy(update={"need": tuple(map(float, needs[n]))}) for n, d in basin.demands.items()}
    return basin.replaced(demands=demands)


def _run(basin: Basin, releases: dict[str, Floats], withdrawals: dict[str, Floats]) -> tuple[Simulated, dict[str, Floats]]:
    """The river with a plan; where a junction has less than it is to let go, it lets go what it has."""
    taking = _needing(basin, withdrawals)
    possible = dict(releases)
    order = {name: k for k, name in enumerate(basin.reaches)}
    for _ in basin.nodes:
        ran = simulate(taking, possible)
        less = {a: v for rest in basin.reaches if rest not in releases for a, v in _less(basin, ran, possible, rest, order[rest]).items()}
        if not less:
            break
        possible |= less
    return ran, {a: releases[a] - v for a, v in possible.items() if (releases[a] - v > NOTHING).any()}


def _less(basin: Basin, ran: Simulated, possible: dict[str, Floats], rest: str, k: int) -> dict[str, Floats]:
    """Releases beside a reach that takes the rest, cut in equal parts where the rest is less than nothing."""
    ways = [a for a in basin.paths.departing[basin.reaches[rest].start] if a in possible]
    asked = sum((possible[a] for a in ways), start=np.zeros(len(basin.calendar.periods)))
    missing = np.minimum(asked, np.maximum(0.0, -ran.flow[k]))
    if not (missing > NOTHING).any():
        return {}
    part = 1.0 - missing / np.where(asked > 0, asked, 1.0)
    return {a: possible[a] * part for a in ways}


def _filled(
    basin: Basin, given: GivenPlan, best: Iterable[str], shut: tuple[str, ...], greedy: Sequence[str], *, from_optimum: bool
) -> Iterator[Filled]:
    """What was filled in, whatever was."""
    spills = [r.name for r in basin.reaches.values() if r.spillway]
    missing = tuple(n for n in basin.demands if n not in given.withdrawals)
    told = (
        Filled(kind="withdrawals_best" if from_optimum else "withdrawals_needed", names=missing, among=len(basin.demands)),
        Filled(kind="releases_best", names=tuple(sorted(best)), among=len(basin.reaches)),
        Filled(kind="spills_closed", names=tuple(n for n in spills if n in shut), among=len(spills)),
        Filled(kind="needs_raised", names=tuple(greedy), among=len(basin.demands)),
    )
    yield from (filled for filled in told if filled.names)
