"""A game: a value for every coalition of some players, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["SAME", "Coalition", "Game", "Values", "coalitions"]

Floats = NDArray[np.float64]
Coalition = frozenset[str]
Values = Mapping[Coalition, float]
#: two values are the same within this, relative to the largest value of the game
SAME = 1e-9


def coalitions(players: Iterable[str]) -> Iterator[Coalition]:
    """Every coalition but the empty one, the smaller first, those of one size in the order of the players."""
    named = list(dict.fromkeys(players))
    return (frozenset(s) for s in chain.from_iterable(combinations(named, k) for k in range(1, len(named) + 1)))


@dataclass(frozen=True)
class Game:
    """A game that was checked: players in order, values by coalition."""

    players: tuple[str, ...]
    values: dict[Coalition, float]

    @classmethod
    def of(cls, values: Values) -> Game:
        """Check a game: every coalition of its players once, finite, and nothing for the empty one.

        Raises
        ------
        InputError
            With everything wrong at once.
        """
        players = tuple(sorted({player for coalition in values for player in coalition}))
        problems = [] if players else [Problem("bad-game", say("game"), say("no players"), say("a value for each coalition"))]
        every = list(coalitions(players))
        missing = [_said(s) for s in every if s not in values]
        if missing:
            problems.append(
                Problem(
                    "bad-game", say("game"), say("no value of {names}", names=", ".join(missing[:5])), say("a value for each coalition")
                )
            )
        for coalition, value in values.items():
            if not np.isfinite(value):
                problems.append(Problem("not-a-number", say("value of {name}", name=_said(coalition)), f"{value:g}", say("a number")))
            elif not coalition and value:
                problems.append(Problem("bad-game", say("value of nobody"), f"{value:g}", say("0, or no entry")))
        if problems:
            raise InputError(problems)
        return cls(players, {s: float(values[s]) for s in every} | {frozenset(): 0.0})

    @property
    def whole(self) -> float:
        """What all players have together."""
        return self.values[frozenset(self.players)]

    @cached_property
    def scale(self) -> float:
        """The largest value there is, at least one in a game of nothing."""
        return max(abs(v) for v in self.values.values()) or 1.0

    def value(self, *players: str) -> float:
        """The value of some players."""
        return self.values[frozenset(players)]

    def without(self, player: str) -> float:
        """The value of all others."""
        return self.values[frozenset(self.players) - {player}]

    @cached_property
    def proper(self) -> list[Coalition]:
        """Every coalition but that of all players."""
        return [s for s in coalitions(self.players) if len(s) < len(self.players)]

    def matrix(self, chosen: Iterable[Coalition]) -> Floats:
        """One row for each coalition, one where a player is in it."""
        rows = [[float(player in s) for player in self.players] for s in chosen]
        return np.array(rows, dtype=float).reshape(-1, len(self.players))

    def division(self, shares: Mapping[str, float]) -> dict[str, float]:
        """A division of this game that was checked."""
        wrong = [
            Problem("bad-game", say("division"), name, ", ".join(self.players), slip(name, self.players))
            for name in shares
            if name not in self.players
        ]
        wrong += [
            Problem("bad-game", say("division"), say("nothing for {name}", name=name), say("a share for each player"))
            for name in self.players
            if name not in shares
        ]
        if wrong:
            raise InputError(wrong)
        return {name: float(shares[name]) for name in self.players}


def _said(coalition: Coalition) -> str:
    return "+".join(sorted(coalition)) or say("nobody")
