r"""Frontier: what of one thing costs of another, over all plans that the parties can bring about together.

Points are found by the augmented epsilon-constraint method (Mavrotas, 2009): one aim is made as large as can be while each of the others is
at least :math:`\epsilon`, which goes from the least to the most it is worth asking for; a small reward for the slack leaves no point that
another betters. The least and the most come from lexicographic optima: each aim first, the others after it in order.

With figures that are wished for, :math:`w_k`, the point that comes nearest to them or passes them by most is the one of the largest

.. math:: \min_k \frac{f_k - w_k}{r_k} + \rho \sum_k \frac{f_k}{r_k}

with ranges r and a small :math:`\rho` (reference point method: Wierzbicki, 1980).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.titles import called
from waterflow.errors import ConflictError, InputError, Problem
from waterflow.negotiation.joint import GAIN, Joint, Rows
from waterflow.negotiation.no_deal import LIFE, Outcome
from waterflow.progress import each
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Aim", "Frontier", "Point", "aims_of", "chosen_aims", "frontier"]

Floats = NDArray[np.float64]
#: weight of the other aims' slack beside the first aim, both over their ranges
REWARD = 1e-3
#: a point is asked for this much less than the one that was reached, relative to the range: room for rounding
ROOM = 1e-7
#: two points are one if no aim differs by more than this share of its range
SAME = 1e-6
FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Aim:
    """Something to have more of: what one more unit of each unknown of the joint program adds to it, (unknowns,)."""

    name: str
    unit: str
    title: str
    vector: Floats


@dataclass(frozen=True)
class Point:
    """A point of the frontier: the value of each aim, and the plan behind it."""

    values: tuple[float, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Frontier:
    """A frontier.

    Attributes
    ----------
    aims : tuple of Aim
    table : array (aims, aims)
        The payoff table: row k has all aims where aim k comes first.
    points : tuple of Point
        None of which another betters, in falling order of the first aim.
    wished : tuple of float
        What was wished for of each aim; empty where nothing was.
    nearest : Point or None
        The point that comes nearest to that, or passes it by most.
    """

    aims: tuple[Aim, ...]
    table: Floats
    points: tuple[Point, ...]
    wished: tuple[float, ...] = ()
    nearest: Point | None = None


def aims_of(joint: Joint) -> dict[str, Aim]:
    """What can be aimed at: ``payoff/PARTY`` (its gain over no deal), ``winter_power/PARTY``, ``summer_water/PARTY``, ``target/PLACE``."""
    return {aim.name: aim for aim in _aims(joint)}


def _aims(joint: Joint) -> Iterator[Aim]:
    basin, program = joint.table.basin, joint.program
    season = {p.label: p.season for p in basin.calendar.periods}

    def over(unknown: str, chosen: Mapping[Any, float]) -> Floats:
        vector = np.zeros(program.matrix.shape[1])
        for index, value in chosen.items():
            vector[program.unknowns[unknown].position[index]] = value
        return vector

    for party in joint.parties:
        yield Aim(f"payoff/{party}", "million USD", party, over(GAIN, {(party,): 1.0}))
    for party in joint.parties:
        blocks = {b.name for b in basin.unserved_blocks.values() if b.party == party}
        dark = {i: -1.0 for i in program.unknowns["unserved"].index if i[0] in blocks and season[i[1]] == "non_growing"}
        if dark:
            yield Aim(f"winter_power/{party}", "GWh", party, over("unserved", dark))
    for party in joint.parties:
        users = {d.name for d in basin.demands.values() if d.party == party and d.use not in (*LIFE, "unexplained")}
        given = {i: 1.0 for i in program.unknowns["delivery"].index if i[0] in users and season[i[1]] == "growing"}
        if given:
            yield Aim(f"summer_water/{party}", "Mm3", party, over("delivery", given))
    for place in dict.fromkeys(x.place for x in basin.targets.values()):
        windows = [x for x in basin.targets.values() if x.place == place]
        passed = {(x.reach, t): 1.0 for x in windows for t in basin.calendar.labels_inside(x.window)}
        yield Aim(f"target/{place}", "Mm3", called(basin, place), over("flow", passed))


def frontier(
    joint: Joint, alone: Outcome, names: Sequence[str], points: int = 50, *, nobody_loses: bool = True, wished: Sequence[float] = ()
) -> Frontier:
    """Some points of a frontier, each with its plan.

    Parameters
    ----------
    joint : Joint
    alone : Outcome
        Without a deal.
    names : sequence of str
        Two to four aims (`aims_of`); the first is the one that is made as large as can be.
    points : int
        How many are asked for, about; fewer where several are one.
    nobody_loses : bool
        Whether each party keeps at least what it has without a deal.
    wished : sequence of float, optional
        What is wished for of each aim.

    Raises
    ------
    InputError
        If an aim is none, is named twice, or the number of aims or points is not one.
    ConflictError, SolverError
        As `Joint.plan`.
    """
    aims = chosen_aims(joint, names, points, wished)
    search = _Search(joint, alone, aims, nobody_loses)
    table = search.payoff_table()
    best, worst = table.max(axis=0), table.min(axis=0)
    ranges = best - worst
    steps = max(2, round(points ** (1 / (len(aims) - 1))))
    levels = [np.linspace(worst[k], best[k], steps) if ranges[k] > 0 else np.array([worst[k]]) for k in range(1, len(aims))]
    found: list[Point] = []
    for asked in each(list(product(*levels))):
        point = search.at_least(np.array(asked), ranges)
        if point is not None:
            found.append(point)
    nearest = search.nearest(np.array(wished), ranges) if len(wished) else None
    return Frontier(aims, table, tuple(_without_repeats(found, ranges)), tuple(wished), nearest)


def chosen_aims(joint: Joint, names: Sequence[str], points: int, wished: Sequence[float] = ()) -> tuple[Aim, ...]:
    """The aims of some names, refused if one is none or they are too few or many; so are too few points, and wishes for other aims."""
    known = aims_of(joint)
    problems = [Problem("unknown-aim", "frontier", name, " | ".join(known), slip(name, known)) for name in names if name not in known]
    problems += [Problem("twice", "frontier", name, say("each aim once")) for name in dict.fromkeys(n for n in names if names.count(n) > 1)]
    if not FEWEST <= len(names) <= MOST:
        problems.append(Problem("unknown-aim", "frontier", say("{count} aims", count=len(names)), say("two to four aims")))
    if len(wished) not in (0, len(names)):
        found = say("{count} figures for {aims} aims", count=len(wished), aims=len(names))
        problems.append(Problem("unknown-aim", "wished", found, say("one figure for each aim")))
    if points < FEWEST:
        problems.append(Problem("not-a-number", "frontier: points", str(points), say("2 or more")))
    if problems:
        raise InputError(problems)
    return tuple(known[name] for name in names)


class _Search:
    """Points of a frontier being found."""

    def __init__(self, joint: Joint, alone: Outcome, aims: tuple[Aim, ...], nobody_loses: bool) -> None:
        self.joint, self.alone, self.aims = joint, alone, aims
        self.least = dict.fromkeys(joint.parties, 0.0) if nobody_loses else {}

    def payoff_table(self) -> Floats:
        """All aims where each in turn comes first, the others after it in order."""
        rows = []
        for first in range(len(self.aims)):
            order = [first, *(k for k in range(len(self.aims)) if k != first)]
            asked: dict[int, float] = {}
            for k in order:
                reached = self._values(self._plan(self.aims[k].vector, asked))
                asked[k] = reached[k] - ROOM * max(1.0, abs(reached[k]))
            rows.append(reached)
        return np.array(rows)

    def at_least(self, asked: Floats, ranges: Floats) -> Point | None:
        """The point with the most of the first aim where the others are at least so much; None where they cannot be."""
        cost = self.aims[0].vector / (ranges[0] or 1.0)
        for k in range(1, len(self.aims)):
            if ranges[k] > 0:
                cost = cost + REWARD / (len(self.aims) - 1) * self.aims[k].vector / ranges[k]
        least = {k + 1: value - ROOM * max(1.0, abs(value)) for k, value in enumerate(asked)}
        try:
            outcome = self._plan(cost, least, closing=True)
        except ConflictError:
            return None
        return Point(tuple(self._values(outcome).tolist()), outcome)

    def nearest(self, wished: Floats, ranges: Floats) -> Point:
        """The point that comes nearest to what is wished for, or passes it by most."""
        scale = np.where(ranges > 0, ranges, 1.0)
        vectors = np.array([aim.vector for aim in self.aims]) / scale[:, None]
        count = len(self.aims)
        rows = Rows(np.zeros((count, len(self.joint.parties))), -np.ones((count, 1)), wished / scale, np.ones(1), of_plan=vectors)
        outcome = self.joint.plan(REWARD * vectors.sum(axis=0), self.joint.everyone, self.alone, None, self.least, rows)
        return Point(tuple(self._values(outcome).tolist()), outcome)

    def _plan(self, vector: Floats, asked: Mapping[int, float], *, closing: bool = False) -> Outcome:
        chosen = list(asked)
        rows = Rows(
            np.zeros((len(chosen), len(self.joint.parties))),
            np.zeros((len(chosen), 0)),
            np.array([asked[k] for k in chosen]),
            np.zeros(0),
            of_plan=np.array([self.aims[k].vector for k in chosen]),
        )
        return self.joint.plan(vector, self.joint.everyone, self.alone, None, self.least, rows if chosen else None, closing=closing)

    def _values(self, outcome: Outcome) -> Floats:
        gains = [outcome.payoffs[p] - self.alone.payoffs[p] for p in self.joint.parties]
        whole = np.append(outcome.point, gains)
        return np.array([float((aim.vector * whole).sum()) for aim in self.aims])


def _without_repeats(points: Sequence[Point], ranges: Floats) -> Iterator[Point]:
    """Points that differ and that no other betters, in falling order of the first aim."""
    scale = np.where(ranges > 0, ranges, 1.0)
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: tuple(-v for v in p.values)):
        own = np.array(point.values) / scale
        if not any((np.array(other.values) / scale >= own - SAME).all() for other in kept):
            kept.append(point)
    yield from kept
