r"""Games: how what parties can reach together may be divided. Plain numbers in, plain numbers out.

A game gives every coalition a value :math:`v(S)`; what costs is a negative value. A division x is efficient if it adds up to
:math:`v(N)`, an imputation if each player also gets at least what it has alone, and in the core if every coalition does.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from waterflow.errors import Problem, SolverError
from waterflow.negotiation.game import SAME, Coalition, Game, Values, coalitions
from waterflow.words.catalogue import say

__all__ = [
    "binding",
    "coalitions",
    "core_contains",
    "core_intervals",
    "least_core",
    "not_superadditive",
    "nucleolus",
    "prenucleolus",
    "propensity_to_disrupt",
    "shapley",
    "tau",
]

Floats = NDArray[np.float64]
#: what the linear program says where nothing obeys it
EMPTY = 2
#: a coalition has a price in a linear program above this
PRICED = 1e-7


def shapley(values: Values) -> dict[str, float]:
    r"""The mean of what each player adds, over all orders in which the coalition of all may form (Shapley, 1953).

    .. math:: x_i = \sum_{S \not\ni i} \frac{|S|! (n - |S| - 1)!}{n!} (v(S \cup i) - v(S))

    Raises
    ------
    InputError
        If a coalition lacks its value.
    """
    game = Game.of(values)
    n = len(game.players)
    weight = [factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)]
    return {i: sum(weight[len(s)] * (game.values[s | {i}] - v) for s, v in game.values.items() if i not in s) for i in game.players}


def nucleolus(values: Values) -> dict[str, float]:
    """The imputation whose excesses x(S) - v(S), in rising order, are largest one after the other (Schmeidler, 1969).

    Solved as a sequence of linear programs, each keeping what the ones before settled, until one division is left.

    Raises
    ------
    InputError
        If a coalition lacks its value, or there is no imputation: the players have less together than apart.
    """
    game = Game.of(values)
    alone = sum(game.value(i) for i in game.players)
    if game.whole < alone - SAME * game.scale:
        found = say("{whole:g} together, {alone:g} apart", whole=game.whole, alone=alone)
        raise Problem("bad-game", say("game"), found, say("at least as much together: there is no imputation")).refusal()
    return _lexicographic(game, np.array([game.value(i) for i in game.players]))[1]


def prenucleolus(values: Values) -> dict[str, float]:
    """The nucleolus over all efficient divisions, imputations or not; it always exists.

    Raises
    ------
    InputError
        If a coalition lacks its value.
    """
    game = Game.of(values)
    return _lexicographic(game, np.full(len(game.players), -np.inf))[1]


def least_core(values: Values) -> tuple[float, dict[str, float]]:
    """The largest epsilon such that every proper coalition can get at least v(S) + epsilon; and a division that does so.

    Below zero the core is empty, and epsilon is what each coalition must be denied (Maschler, Peleg and Shapley, 1979). The division
    is the prenucleolus, which is the one of the least core that is best for those next in line.

    Raises
    ------
    InputError
        If a coalition lacks its value, or there is one player only: it has no proper coalition.
    """
    game = Game.of(values)
    if len(game.players) == 1:
        raise Problem("bad-game", say("game"), say("one player"), say("two or more")).refusal()
    return _lexicographic(game, np.full(len(game.players), -np.inf))


def _lexicographic(game: Game, lower: Floats) -> tuple[float, dict[str, float]]:
    """The first epsilon and the division where smallest excesses are made largest one after the other."""
    n, proper = len(game.players), game.proper
    members, wanted = game.matrix(proper), np.array([game.values[s] for s in proper]) / game.scale
    fixed, sides = [np.ones(n)], [game.whole / game.scale]
    left = np.arange(len(proper))
    first: float | None = None
    bounds = [(None if np.isinf(x) else x / game.scale, None) for x in lower]
    while np.linalg.matrix_rank(np.array(fixed)) < n:
        # maximise e with x(S) - e >= v(S) for those left
        rows = np.hstack([-members[left], np.ones((len(left), 1))])
        equal = np.hstack([np.array(fixed), np.zeros((len(fixed), 1))])
        found = linprog(np.append(np.zeros(n), -1.0), rows, -wanted[left], equal, np.array(sides), [*bounds, (None, None)])
        if not found.success:
            raise SolverError(say("HiGHS stopped: {status}", status=found.message))
        epsilon = float(found.x[-1])
        first = epsilon if first is None else first
        settled = left[-found.ineqlin.marginals > PRICED]
        fixed += [*members[settled]]
        sides += [*(wanted[settled] + epsilon)]
        # what follows from what is settled is settled too
        left = np.array([k for k in left if k not in set(settled) and not _follows(members[k], np.array(fixed))], dtype=np.intp)
    x, *_ = np.linalg.lstsq(np.array(fixed), np.array(sides), rcond=None)
    return (first or 0.0) * game.scale, {i: float(v) * game.scale + 0.0 for i, v in zip(game.players, x, strict=True)}


def _follows(row: Floats, fixed: Floats) -> bool:
    """True if a coalition's share is a sum of those that are settled."""
    return bool(np.linalg.matrix_rank(np.vstack([fixed, row])) == np.linalg.matrix_rank(fixed))


def core_contains(values: Values, shares: Mapping[str, float], tolerance: float = SAME) -> bool:
    """True if a division is efficient and leaves no coalition with less than its value, to within a share of the largest value.

    Raises
    ------
    InputError
        If a coalition lacks its value or a player its share.
    """
    game = Game.of(values)
    x = game.division(shares)
    room = tolerance * game.scale
    return abs(sum(x.values()) - game.whole) <= room and all(_excess(game, x, s) >= -room for s in game.proper)


def binding(values: Values, shares: Mapping[str, float], tolerance: float = 1e-6) -> tuple[Coalition, ...]:
    """The proper coalitions with the least excess x(S) - v(S) of a division: those that would object first.

    Raises
    ------
    InputError
        If a coalition lacks its value or a player its share.
    """
    game = Game.of(values)
    x = game.division(shares)
    least = min((_excess(game, x, s) for s in game.proper), default=0.0)
    return tuple(s for s in game.proper if _excess(game, x, s) <= least + tolerance * game.scale)


def core_intervals(values: Values) -> dict[str, tuple[float, float]] | None:
    """The least and the most each player can have in the core; None where it is empty.

    Raises
    ------
    InputError
        If a coalition lacks its value.
    SolverError
        If the linear program stops without an answer.
    """
    game = Game.of(values)
    n = len(game.players)
    if n == 1:
        return {game.players[0]: (game.whole, game.whole)}
    rows, sides = -game.matrix(game.proper), -np.array([game.values[s] for s in game.proper]) / game.scale
    sides = sides + SAME
    found = {}
    for k, player in enumerate(game.players):
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * np.eye(n)[k], rows, sides, np.ones((1, n)), [game.whole / game.scale], (None, None))
            if solved.status == EMPTY:
                return None
            if not solved.success:
                raise SolverError(say("HiGHS stopped: {status}", status=solved.message))
            ends.append(float(solved.x[k]) * game.scale)
        found[player] = (ends[0], ends[1])
    return found


def _excess(game: Game, x: Mapping[str, float], s: Coalition) -> float:
    return sum(x[i] for i in s) - game.values[s]


def not_superadditive(values: Values) -> tuple[tuple[Coalition, Coalition, float], ...]:
    """Pairs of coalitions without a common member that have less together than apart, and by how much; the worst first.

    Raises
    ------
    InputError
        If a coalition lacks its value.
    """
    game = Game.of(values)
    pairs = ((s, t) for s, t in combinations(coalitions(game.players), 2) if not s & t)
    lost = ((s, t, game.values[s] + game.values[t] - game.values[s | t]) for s, t in pairs)
    return tuple(sorted((x for x in lost if x[2] > SAME * game.scale), key=lambda x: -x[2]))


def tau(values: Values) -> dict[str, float] | None:
    r"""The compromise between what each player could hope for and what it could insist on (Tijs, 1981).

    Hope is :math:`M_i = v(N) - v(N \setminus i)`; what a player can insist on is the most that is left to it in any coalition
    whose other members get what they hope for. None where the game is not quasi-balanced: no such compromise exists.

    Raises
    ------
    InputError
        If a coalition lacks its value.
    """
    game = Game.of(values)
    hope = {i: game.whole - game.without(i) for i in game.players}
    insist = {i: max(v - sum(hope[j] for j in s if j != i) for s, v in game.values.items() if i in s) for i in game.players}
    room = SAME * game.scale
    low, high = sum(insist.values()), sum(hope.values())
    if any(insist[i] > hope[i] + room for i in game.players) or not low - room <= game.whole <= high + room:
        return None
    part = (game.whole - low) / (high - low) if high - low > room else 0.0
    return {i: insist[i] + part * (hope[i] - insist[i]) for i in game.players}


def propensity_to_disrupt(values: Values, shares: Mapping[str, float]) -> dict[str, float]:
    r"""What the others would lose by a player's leaving, for each unit it would lose itself, at a division (Gately, 1974).

    .. math:: d_i = \frac{x(N \setminus i) - v(N \setminus i)}{x_i - v(i)}

    Infinite where a player loses nothing by leaving and the others do; not a number where nobody loses.

    Raises
    ------
    InputError
        If a coalition lacks its value or a player its share.
    """
    game = Game.of(values)
    x = game.division(shares)
    found = {}
    for i in game.players:
        others = sum(x.values()) - x[i] - game.without(i)
        own = x[i] - game.value(i)
        if abs(own) <= SAME * game.scale:
            found[i] = float("nan") if abs(others) <= SAME * game.scale else float(np.copysign(np.inf, others))
        else:
            found[i] = others / own
    return found
