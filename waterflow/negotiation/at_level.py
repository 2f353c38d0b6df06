"""At one level of values: no deal, the coalitions, and what divisions make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from waterflow.negotiation import games
from waterflow.negotiation.coalitions import Coalitions
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.no_deal import Outcome

__all__ = ["DIVISIONS", "AtLevel"]

Values = Mapping[frozenset[str], float]
#: divisions by their names; None where a game has none
DIVISIONS: dict[str, Callable[[Values], dict[str, float] | None]] = {
    "shapley": games.shapley,
    "nucleolus": games.prenucleolus,
    "tau": games.tau,
}


@dataclass(frozen=True)
class AtLevel:
    """The river on the table at one level of values.

    Attributes
    ----------
    joint : Joint
    game : Coalitions
    """

    joint: Joint
    game: Coalitions

    @property
    def alone(self) -> Outcome:
        """Without a deal."""
        return self.game.alone

    @cached_property
    def values(self) -> dict[frozenset[str], float]:
        """What every coalition has, million USD."""
        return self.game.values

    @cached_property
    def divisions(self) -> dict[str, dict[str, float] | None]:
        """What each party has under each division of what all have together, million USD."""
        return {name: rule(self.values) for name, rule in DIVISIONS.items()}

    def gains(self, payoffs: Mapping[str, float]) -> dict[str, float]:
        """What payoffs are above no deal, by party."""
        return {p: payoffs[p] - self.alone.payoffs[p] for p in self.joint.parties}

    @property
    def together(self) -> Outcome:
        """The plan of all parties together."""
        return self.game.outcomes[self.joint.everyone]
