r"""Bargaining: on which of the plans they can bring about together all should settle, each gaining over no deal. No money changes hands.

Every solution is one plan of the same river. :math:`g_i \ge 0` is what party i gains over no deal and :math:`g_i^*` the most it could
gain while nobody else loses.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import InputError, Problem
from waterflow.negotiation.joint import Joint, Rows
from waterflow.negotiation.no_deal import Outcome
from waterflow.words.catalogue import say

__all__ = ["SOLUTIONS", "egalitarian", "gains", "ideal", "kalai_smorodinsky", "leximin", "nash"]

Floats = NDArray[np.float64]
#: the sum of logarithms is found to within this
NEAR = 1e-5
#: tangents of the logarithm to begin with, between this share of the most a party could gain and all of it
TANGENTS, FIRST_TANGENT = 12, 1e-3
#: a party that could gain less than this gains nothing, million USD
NOTHING = 1e-4
#: a party's level is settled if it cannot rise by more than this, million USD
SETTLED = 1e-6
MOST_CUTS = 60


def gains(joint: Joint, alone: Outcome, outcome: Outcome) -> Floats:
    """What each party gains over no deal, (parties,), million USD."""
    return np.array([outcome.payoffs[p] - alone.payoffs[p] for p in joint.parties])


def ideal(joint: Joint, alone: Outcome) -> Floats:
    """The most each party could gain while nobody else loses, (parties,), million USD."""
    nothing = dict.fromkeys(joint.parties, 0.0)
    found = [joint.plan(weight, joint.everyone, alone, alone.start, nothing, closing=False) for weight in np.eye(len(joint.parties))]
    return np.array([max(0.0, gains(joint, alone, x)[k]) for k, x in enumerate(found)])


def egalitarian(joint: Joint, alone: Outcome) -> Outcome:
    """The smallest gain is as large as can be (Kalai, 1977); then the sum of all payoffs."""
    return _level(joint, alone, np.ones(len(joint.parties)))[0]


def kalai_smorodinsky(joint: Joint, alone: Outcome) -> Outcome:
    """Everyone gains the same share of the most it could gain, as large as can be (Kalai and Smorodinsky, 1975); then the sum."""
    most = ideal(joint, alone)
    return _level(joint, alone, np.where(most > NOTHING, most, 0.0))[0]


def leximin(joint: Joint, alone: Outcome) -> Outcome:
    """The smallest gain is as large as can be, then the next, and so on; a party that cannot gain more holds nobody back."""
    least = dict.fromkeys(joint.parties, 0.0)
    left = list(range(len(joint.parties)))
    while True:
        weights = np.array([float(k in left) for k in range(len(joint.parties))])
        found, level = _level(joint, alone, weights, least)
        raised = least | {joint.parties[k]: level - SETTLED for k in left}
        # settled is who cannot have more while all others keep that level
        stuck = [k for k in left if _most_of(joint, alone, k, raised) <= level + 2 * SETTLED]
        least = {p: raised[p] for p in joint.parties}
        left = [k for k in left if k not in (stuck or left)]
        if not left:
            return found


def _most_of(joint: Joint, alone: Outcome, party: int, least: Mapping[str, float]) -> float:
    """The most a party can gain while the others gain at least so much."""
    weights = np.eye(len(joint.parties))[party]
    return float(gains(joint, alone, joint.plan(weights, joint.everyone, alone, alone.start, least, closing=False))[party])


def _level(joint: Joint, alone: Outcome, weights: Floats, least: Mapping[str, float] | None = None) -> tuple[Outcome, float]:
    """The largest level t with a gain of at least ``weight * t`` for everyone, and the plan with the largest sum at that level."""
    count = len(joint.parties)
    rows = Rows(np.eye(count), -weights[:, None], np.zeros(count), np.ones(1))
    floor = dict.fromkeys(joint.parties, 0.0) | dict(least or {})
    if not weights.any():
        return joint.best(joint.everyone, alone, None, floor), 0.0
    first = joint.plan(np.zeros(count), joint.everyone, alone, None, floor, rows, closing=False)
    level = first.stages[0].value * -1.0
    reached = {p: max(floor[p], w * level - SETTLED) for p, w in zip(joint.parties, weights, strict=True)}
    return joint.best(joint.everyone, alone, None, reached), level


def nash(joint: Joint, alone: Outcome, weights: Mapping[str, float] | None = None) -> Outcome:
    r"""The product of the gains is as large as can be (Nash, 1950): :math:`\max \sum_i w_i \log g_i`, by tangents, to within 1e-5.

    A party that cannot gain at all keeps what it has without a deal and is left out of the product.

    Parameters
    ----------
    joint : Joint
    alone : Outcome
    weights : dict of float, optional
        Bargaining powers; all the same without.

    Raises
    ------
    InputError
        If a weight is below 0, of no party, or all are 0.
    """
    power = _powers(joint, weights)
    most = ideal(joint, alone)
    counted = np.flatnonzero((most > NOTHING) & (power > 0))
    floor = dict.fromkeys(joint.parties, 0.0)
    if not len(counted):
        return joint.best(joint.everyone, alone, None, floor)
    points = [(int(k), float(most[k] * x)) for k in counted for x in np.geomspace(FIRST_TANGENT, 1.0, TANGENTS)]
    for _ in range(MOST_CUTS):
        rows = _tangents(joint, counted, points, power)
        found = joint.plan(np.zeros(len(most)), joint.everyone, alone, None, floor, rows, closing=False)
        own = np.maximum(gains(joint, alone, found), 1e-12)
        if -found.stages[0].value - float(power[counted] @ np.log(own[counted])) <= NEAR:
            break
        points += [(int(k), float(own[k])) for k in counted]
    reached = floor | {joint.parties[k]: float(own[k]) * (1 - 1e-9) for k in counted}
    return joint.best(joint.everyone, alone, None, reached)


def _powers(joint: Joint, weights: Mapping[str, float] | None) -> Floats:
    asked = dict(weights or dict.fromkeys(joint.parties, 1.0))
    problems = [
        Problem("unknown-party", say("bargaining power"), name, ", ".join(joint.parties)) for name in asked if name not in joint.parties
    ]
    problems += [
        Problem("not-a-number", say("bargaining power of {name}", name=name), f"{value:g}", say("0 or more"))
        for name, value in asked.items()
        if not (np.isfinite(value) and value >= 0)
    ]
    if not problems and not any(asked.values()):
        problems.append(Problem("not-a-number", say("bargaining power"), "0", say("one above 0")))
    if problems:
        raise InputError(problems)
    return np.array([asked.get(p, 0.0) for p in joint.parties])


def _tangents(joint: Joint, counted: NDArray[np.intp], points: list[tuple[int, float]], power: Floats) -> Rows:
    """Each party's logarithm lies below its tangents: ``log g0 + (g - g0) / g0 - v >= 0``."""
    place = {k: j for j, k in enumerate(counted)}
    of_gains, of_more, sides = np.zeros((len(points), len(joint.parties))), np.zeros((len(points), len(counted))), np.zeros(len(points))
    for row, (k, at) in enumerate(points):
        of_gains[row, k], of_more[row, place[k]], sides[row] = 1.0 / at, -1.0, 1.0 - np.log(at)
    return Rows(of_gains, of_more, sides, power[counted])


#: solutions by their names
SOLUTIONS = {"nash": nash, "kalai_smorodinsky": kalai_smorodinsky, "egalitarian": egalitarian, "leximin": leximin}
