"""Negotiate: no deal, every coalition, fair divisions and bargaining solutions of one river, at low, central and high values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from waterflow.accounts.payoffs import NOBODY
from waterflow.basin.basin import Basin
from waterflow.basin.values import LEVELS, Level
from waterflow.basin.wanted import require_basin
from waterflow.errors import Problem
from waterflow.negotiation.at_level import AtLevel
from waterflow.negotiation.bargaining import SOLUTIONS
from waterflow.negotiation.coalitions import coalition_game
from waterflow.negotiation.frontier import Frontier, chosen_aims, frontier
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.may_harm import Harming, harming_game
from waterflow.negotiation.no_deal import Outcome, table_of
from waterflow.negotiation.temptation import Temptation, temptations
from waterflow.progress import part
from waterflow.words.catalogue import say

__all__ = ["Negotiation", "negotiate"]


@dataclass(frozen=True)
class Negotiation:
    """What a river's parties can reach.

    Attributes
    ----------
    basin : Basin
    levels : dict of AtLevel
        At low, central and high values.
    bargained : dict of Outcome
        Bargaining solutions without payments, at central values.
    targets_open : Outcome or None
        The plan of all together where the targets are left open, at central values; None where they are left open anyway.
    frontier : Frontier or None
        Of the aims that were asked for, at central values.
    temptations : tuple of Temptation
        What each party could get by breaking the deal of all, at central values.
    harming : dict of Harming or None
        What every coalition reaches where outsiders may be harmed, at central values; None where that was not asked.
    """

    basin: Basin
    levels: Mapping[Level, AtLevel]
    bargained: Mapping[str, Outcome]
    targets_open: Outcome | None
    frontier: Frontier | None
    temptations: tuple[Temptation, ...]
    harming: Mapping[frozenset[str], Harming] | None = None

    @property
    def central(self) -> AtLevel:
        """At central values."""
        return self.levels["central"]

    @property
    def price_of_targets(self) -> float | None:
        """What keeping the targets takes from what all have together, million USD; None where they are not kept."""
        if self.targets_open is None:
            return None
        own, free = (sum(v for p, v in x.payoffs.items() if p != NOBODY) for x in (self.central.together, self.targets_open))
        return free - own


def negotiate(
    basin: Basin,
    *,
    keep_targets: bool = True,
    aims: Sequence[str] = (),
    points: int = 50,
    wished: Sequence[float] = (),
    may_harm: bool = False,
) -> Negotiation:
    """Put a river on the negotiating table.

    Parameters
    ----------
    basin : Basin
        With values of water or power; no agreement is in force on the table, whatever the basin's own.
    keep_targets : bool
        Whether targets come before what anybody wants for itself.
    aims : sequence of str
        Two to four aims of a frontier (`waterflow.negotiation.frontier.aims_of`); none without.
    points : int
        How many points of it, about.
    wished : sequence of float
        What is wished for of each aim; the point nearest to it is found too.
    may_harm : bool
        Whether to ask every coalition as well what it reaches where outsiders may be harmed.

    Returns
    -------
    Negotiation
        Every plan in it certified and audited.

    Raises
    ------
    InputError
        If the basin cannot be allocated, has fewer than two parties, nothing in it has a value, or an aim is none.
    ConflictError
        If no plan obeys every hard rule.
    SolverError
        If a stage cannot be certified or a plan fails its audit.
    """
    require_basin(basin, "negotiate")
    basin.require_valid()
    if len(basin.parties) < 2:
        raise Problem("bad-game", say("parties"), ", ".join(basin.parties), say("two or more")).refusal()
    if aims or wished:
        chosen_aims(Joint(table_of(basin.at_level("central"))), aims, points, wished)
    levels: dict[Level, AtLevel] = {}
    for k, level in enumerate(LEVELS):
        with part(0.25 * k, 0.25 * (k + 1)):
            levels[level] = _at_level(basin.at_level(level), keep_targets=keep_targets)
    central = levels["central"]
    with part(0.75, 1.0):
        bargained = {name: solution(central.joint, central.alone) for name, solution in SOLUTIONS.items()}
        opened = None
        if keep_targets and basin.targets:
            free = Joint(central.joint.table, keep_targets=False)
            opened = free.best(free.everyone, central.alone)
        found = frontier(central.joint, central.alone, aims, points, wished=wished) if aims else None
        tempted = temptations(central)
    harming = harming_game(central.joint, central.game) if may_harm else None
    return Negotiation(basin, levels, bargained, opened, found, tempted, harming)


def _at_level(basin: Basin, *, keep_targets: bool) -> AtLevel:
    table = table_of(basin)
    if not any(cost.any() for party, cost in table.costs.items() if party != NOBODY):
        raise Problem("missing-values", say("values"), say("none"), say("what water or power is worth to the parties")).refusal()
    joint = Joint(table, keep_targets=keep_targets)
    return AtLevel(joint, coalition_game(joint, joint.alone()))
