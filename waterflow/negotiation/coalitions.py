r"""Coalitions: what some parties can reach together, the others keeping to what they do without a deal.

A coalition plans its own reservoirs, fields and plants for the sum of its members' payoffs. Outsiders hold their reservoirs as they would
without a deal, each of their users gets at least the water it has then in every period, and each of them at least its payoff: no harm.
What serves life comes first in every coalition and is never traded; so do the targets, unless they are left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from waterflow.accounts.payoffs import NOBODY
from waterflow.negotiation.games import coalitions
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.no_deal import Outcome
from waterflow.progress import each

__all__ = ["Coalitions", "coalition_game"]

Coalition = frozenset[str]


@dataclass(frozen=True)
class Coalitions:
    """What every coalition reaches.

    Attributes
    ----------
    alone : Outcome
        Without a deal.
    outcomes : dict of Outcome
        Of every coalition of two or more.
    """

    alone: Outcome
    outcomes: Mapping[Coalition, Outcome]

    @property
    def values(self) -> dict[Coalition, float]:
        """The value of every coalition: the sum of its members' payoffs, million USD."""
        single = {frozenset([party]): value for party, value in self.alone.payoffs.items() if party != NOBODY}
        return single | {s: sum(found.payoffs[p] for p in s) for s, found in self.outcomes.items()}


def coalition_game(joint: Joint, alone: Outcome, parties: Iterable[str] | None = None) -> Coalitions:
    """Solve every coalition with no harm to outsiders, each from where the one before ended.

    Parameters
    ----------
    joint : Joint
    alone : Outcome
        Without a deal (`Joint.alone`).
    parties : iterable of str, optional
        Those who negotiate; all parties without.

    Raises
    ------
    ConflictError
        If no plan obeys every hard rule.
    SolverError
        If a stage cannot be certified or a plan fails its audit.
    """
    named = joint.parties if parties is None else tuple(parties)
    outcomes: dict[Coalition, Outcome] = {}
    start = alone.start
    for members in each([s for s in coalitions(named) if len(s) > 1]):
        outcomes[members] = joint.best(members, alone, start)
        start = outcomes[members].start
    return Coalitions(alone, outcomes)
