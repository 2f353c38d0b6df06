r"""Kept water: what water left in storage on the last day of a year is worth, from the years that may come after it.

Stochastic dual dynamic programming (Pereira and Pinto, 1991) on the year's own linear program. The state is what the
reservoirs hold when a year begins, and how wet the year before was. From a visited state every member of the record is solved;
the mean of their planes is a plane below the value of the state:

.. math:: V_k(S) = \min \sum_y p(y \mid k) \left[ c_y(S, S') + \gamma V_{k(y)}(S') \right]

Within a year its runoff is known, from one year to the next it is not. With a horizon without end all years share one
function (a policy graph with one node: Dowson, 2020).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of
from waterflow.basin.basin import Basin
from waterflow.basin.store_checks import require_straight
from waterflow.basin.wanted import require_basin
from waterflow.errors import InputError, Problem
from waterflow.futures.cuts import Cuts
from waterflow.futures.policy import Policy
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.year_basin import carried, conflict_of, givens_of, require_one_program, year_of
from waterflow.futures.year_programs import NoPlan, YearPrograms
from waterflow.futures.years import Years, checked, mean_years, years_of
from waterflow.progress import done, each, part
from waterflow.words.catalogue import say

__all__ = ["KeptWater", "Outlook", "kept_water"]

Floats = NDArray[np.float64]
Start = tuple[Floats, int]

#: the measure without aversion to risk
MEAN = RiskMeasure()
#: half-width of a 95 % interval, in standard errors
NORMAL_95 = 1.96
#: of the latest visited states, how many are asked whether the cuts have settled
SETTLED_OVER = 60


@dataclass(frozen=True)
class Outlook:
    """How years to come are looked at, and how hard.

    Attributes
    ----------
    discount : float
        A cost a year later counts less by this share.
    years : int, optional
        How many years there are, the basin's end values holding after the last; without it they have no end.
    classes : int
        Classes of wetness of the year before.
    risk : RiskMeasure
        The mean, unless more is asked of the worst years.
    gap : float
        Cuts have settled when the states visited lately lie no further above them than this share of the lower bound.
    most_states : int
        From no more states all members are solved, settled or not.
    draws : int
        How many years are drawn to judge the policy.
    seed : int
        The same seed, the same cuts, whatever the workers.
    """

    discount: float = 0.05
    years: int | None = None
    classes: int = 2
    risk: RiskMeasure = MEAN
    gap: float = 0.001
    most_states: int = 400
    draws: int = 40
    seed: int = 1

    def require_valid(self) -> None:
        """Raise an `InputError` with every figure that is none that can be."""
        endless = self.years is None
        checks = (
            ("discount", self.discount, self.discount > 0 or (self.discount == 0 and not endless), say("above 0 where years have no end")),
            ("years", self.years or 0, endless or (self.years or 0) >= 1, say("1 or more")),
            ("classes", self.classes, self.classes >= 1, say("1 or more")),
            ("most_states", self.most_states, self.most_states >= 1, say("1 or more")),
            ("draws", self.draws, self.draws >= 2, say("2 or more")),
            ("seed", self.seed, self.seed >= 0, say("0 or more")),
        )
        problems = [Problem("not-a-number", name, f"{value:g}", allowed) for name, value, fine, allowed in checks if not fine]
        if problems:
            raise InputError(problems)
        self.risk.require_valid()


@dataclass(frozen=True)
class KeptWater:
    """What kept water is worth.

    Attributes
    ----------
    reservoirs : tuple of str
    lowest, opening : arrays (reservoirs,), Mm3
    cuts : Cuts
        Of the beginning of the first year (of any year, without an end): cost to come, million USD.
    lower : float
        No policy costs less from the opening storages, million USD.
    gap, interval : float
        What the policy of these cuts is expected to cost above ``lower``, and half the width of its 95 % interval; NaN with a
        risk measure, where the mean of drawn costs bounds nothing.
    states : int
        From how many states all members were solved.
    outlook : Outlook
    years : Years
    basin : Basin
        What was asked of each year.
    """

    reservoirs: tuple[str, ...]
    lowest: Floats
    opening: Floats
    cuts: Cuts
    lower: float
    gap: float
    interval: float
    states: int
    outlook: Outlook
    years: Years
    basin: Basin

    def worth(self, storages: Floats) -> Floats:
        """What storages (reservoirs,), Mm3, are worth above the lowest, after a year of each class, million USD, (classes,)."""
        return self.cuts.at(self.lowest) - self.cuts.at(storages)

    @property
    def relative_gap(self) -> float:
        """The upper end of the gap's interval over the lower bound."""
        return (self.gap + self.interval) / max(1.0, abs(self.lower))


def kept_water(basin: Basin, runoff: xr.DataArray, outlook: Outlook | None = None, *, workers: int | None = None) -> KeptWater:
    """What water kept at the end of a year is worth, from the years that may come.

    Every year is the basin's own, at one sum of costs and benefits; its opening storages are what the year before left, and
    no closing storage is asked for. Storages of terminal lakes open every year as the basin's do. Agreements in force hold in
    every year; threshold shares are not due, since no priority stands above money.

    Parameters
    ----------
    basin : Basin
        Of a year: its horizon is what is repeated.
    runoff : DataArray (member, node, period)
        Mm3; with the coordinate ``next`` (member,) that says which member came a year after which, years have a memory.
    outlook : Outlook, optional
    workers : int, optional
        Threads; as many as there are cores without it.

    Raises
    ------
    InputError
        If the basin cannot be allocated, the members are not of its nodes and periods, or a figure is none that can be.
    ConflictError
        If a member has no plan from storages that a year may begin with.
    SolverError
        If a program cannot be certified.
    """
    require_basin(basin, "kept_water")
    basin.require_valid()
    require_straight(basin, "kept_water")
    asked = outlook or Outlook()
    asked.require_valid()
    if workers is not None and workers < 1:
        raise Problem("not-a-number", "kept_water: workers", str(workers), say("1 or more")).refusal()
    members = checked(basin, runoff)
    require_one_program(basin, members)
    ahead = years_of(members, asked.classes)
    with ThreadPoolExecutor(workers or cpu_count()) as pool:
        try:
            return _learned(basin, members, ahead, asked, pool)
        except NoPlan as error:
            raise conflict_of(year_of(basin, ending=False), members, carried(basin), error) from None


def _learned(basin: Basin, members: xr.DataArray, ahead: Years, asked: Outlook, pool: ThreadPoolExecutor) -> KeptWater:
    """Cuts from mean years first, then from all; and what their policy costs."""
    start = np.array([basin.reservoirs[n].opening_storage for n in carried(basin)])
    rng = np.random.default_rng(asked.seed)
    # a mean year costs no more than the mean of its years (Jensen): cheap planes that lie below all there is to find
    with part(0.0, 0.2):
        coarse = _policy(basin, *mean_years(members, ahead), asked, pool, rng, None)
        _settle(coarse, start, asked)
    with part(0.2, 0.9):
        policy = _policy(basin, members, ahead, asked, pool, rng, coarse.cuts)
        states = _settle(policy, start, asked)
    above = [np.nan]
    if not asked.risk.weight:
        with part(0.9, 1.0):
            above = [policy.above((start, _drawn(policy))) for _ in each(range(asked.draws))]
    return KeptWater(
        reservoirs=tuple(carried(basin)),
        lowest=policy.lowest,
        opening=start,
        cuts=policy.cuts[0],
        lower=float(ahead.usual @ policy.cuts[0].at(start)),
        gap=float(np.mean(above)),
        interval=float(NORMAL_95 * np.std(above, ddof=1) / np.sqrt(len(above))) if len(above) > 1 else np.nan,
        states=states,
        outlook=asked,
        years=ahead,
        basin=year_of(basin, ending=False),
    )


def _policy(
    basin: Basin,
    members: xr.DataArray,
    ahead: Years,
    asked: Outlook,
    pool: ThreadPoolExecutor,
    rng: np.random.Generator,
    cuts: list[Cuts] | None,
) -> Policy:
    """The programs of every year, with cuts that are known or say nothing yet."""
    names, kept = carried(basin), 1.0 / (1.0 + asked.discount)
    lowest, full = np.array([basin.reservoirs[n].floor for n in names]), np.array([basin.reservoirs[n].ceiling for n in names])

    def programs(*, ending: bool) -> YearPrograms:
        year = year_of(basin, ending=ending)
        return YearPrograms(year, program_of(year), givens_of(year, members), names, 0.0 if ending else kept)

    stages = [programs(ending=False) for _ in range((asked.years or 2) - 1)]
    if asked.years is not None:
        stages.append(programs(ending=True))
    known = cuts or _nothing_said(stages, (lowest, full), kept, len(ahead.usual), endless=asked.years is None)
    return Policy(stages, known, ahead, (lowest, full), asked.discount, asked.risk, pool, rng)


def _nothing_said(stages: list[YearPrograms], bounds: tuple[Floats, Floats], kept: float, classes: int, *, endless: bool) -> list[Cuts]:
    """Cuts of every year's beginning that know only the least a year can cost."""
    width, least = len(bounds[0]), stages[0].least_cost(*bounds)
    if endless:
        return [Cuts(classes, width, least / (1.0 - kept))]
    found = [Cuts(classes, width, stages[-1].least_cost(*bounds))]
    for _ in stages[:-1]:
        found.append(Cuts(classes, width, least + kept * found[-1].least))
    return found[::-1]


def _drawn(policy: Policy) -> int:
    """A class of the year before, as often as it comes."""
    return int(policy.rng.choice(len(policy.years.usual), p=policy.years.usual))


def _settle(policy: Policy, start: Floats, asked: Outlook) -> int:
    """Walk until what is visited hardly lies above the cuts; how many states were visited."""
    visited: list[float] = []
    while len(visited) < asked.most_states:
        visited += [float(v.above.max()) for v in policy.sweep(_start(policy, start, len(visited)))]
        done(len(visited) / asked.most_states)
        scale = (1 - policy.kept if policy.endless else 1.0) * max(1.0, float(np.abs(policy.cuts[0].at(start)).max()))
        if len(visited) >= SETTLED_OVER and np.mean(visited[-SETTLED_OVER:]) <= asked.gap * scale:
            break
    return len(visited)


def _start(policy: Policy, opening: Floats, count: int) -> Start:
    """Where a walk begins: at the opening, where the last one ended, or anywhere, in turn."""
    turn = policy.rng.integers(3) if count else 0
    if turn == 1 and policy.endless:
        return policy.last
    storages = opening if turn == 0 else policy.rng.uniform(policy.lowest, policy.full)
    return storages, _drawn(policy)
