r"""Temptation: what each party could get by breaking a deal from some period on, and how much it must care for later years not to.

The deal is the plan of all together with payments that divide its value as the nucleolus does, made at the end of the year. Who breaks it
from a period on does what is best for itself from there: outsiders hold their reservoirs as agreed, those below may get less, those beside
and above what was agreed; no payments are made then, and no deal ever after. With a temptation T over the deal and a gain g of the deal
over no deal, each year, it is kept if what a year later counts is at least

.. math:: \delta = T / (T + g)

(the folk theorem's grim trigger: Friedman, 1971).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from waterflow.errors import ConflictError
from waterflow.formulation.objective import StagePlan, closing_plans
from waterflow.negotiation.at_level import AtLevel
from waterflow.negotiation.games import prenucleolus
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.no_deal import HELD, Outcome, solved
from waterflow.solver.compile import Program
from waterflow.solver.priorities import Start
from waterflow.words.catalogue import say

__all__ = ["Temptation", "temptations"]

Floats = NDArray[np.float64]
#: a temptation or a gain below this is none, million USD
NOTHING = 1e-3
#: what serves life stays as it is even in a broken deal
LIFE = ("floor_shortfall", "below_alarm", "above_alarm")


@dataclass(frozen=True)
class Temptation:
    """What a party could get by breaking the deal.

    Attributes
    ----------
    party : str
    paid : float
        What it is paid under the deal (below 0: pays), million USD.
    gain : float
        Of the deal over no deal, payments counted, million USD.
    by_period : dict of float
        By the first period in which it breaks the deal: what it then has above the deal, million USD; below 0 it would lose. A period
        from which it cannot break it alone is left out.
    """

    party: str
    paid: float
    gain: float
    by_period: Mapping[str, float]

    @property
    def worst(self) -> tuple[str, float] | None:
        """The period of the largest temptation and its size; None where nothing tempts."""
        tempting = {label: value for label, value in self.by_period.items() if value > NOTHING}
        return max(tempting.items(), key=lambda x: x[1]) if tempting else None

    @property
    def discount(self) -> float | None:
        """What a year later must count at least; 0 where nothing tempts, None where no weight of later years holds the party."""
        if self.worst is None:
            return 0.0
        return self.worst[1] / (self.worst[1] + self.gain) if self.gain > NOTHING else None


def temptations(at: AtLevel) -> tuple[Temptation, ...]:
    """Every party's temptation, from each period on.

    Raises
    ------
    SolverError
        If a stage cannot be certified or a plan fails its audit.
    """
    shares = prenucleolus(at.values)
    found = []
    for party in at.joint.parties:
        paid = shares[party] - at.together.payoffs[party]
        under_deal = shares[party]
        by_period = {}
        start = at.together.start
        for first, label in enumerate(at.joint.table.basin.calendar.labels):
            try:
                broken = _broken(at.joint, at.together, party, first, start)
            except ConflictError:
                continue
            start = broken.start
            by_period[label] = broken.payoffs[party] - under_deal
        found.append(Temptation(party, paid, under_deal - at.alone.payoffs[party], by_period))
    return tuple(found)


def _broken(joint: Joint, deal: Outcome, party: str, first: int, start: Start) -> Outcome:
    """The plan in which a party does what is best for itself from a period on."""
    table = joint.table
    base = np.array([-deal.payoffs[p] for p in joint.parties])
    program = replace(joint.program, constant=np.append(table.program.constant, base))
    program = _kept(program, joint, deal, party, first)
    cost = np.zeros(program.matrix.shape[1])
    cost[joint.width :] = [-float(p == party) for p in joint.parties]
    program = replace(program, costs={**program.costs, "members": (cost, 0.0)})
    plans = [
        StagePlan("members", "minimise", "million USD", expression="members"),
        StagePlan("all", "minimise", "million USD", expression="net_cost"),
        *closing_plans(table.basin),
    ]
    return solved(table, program, table.givens, plans, start, asked=say("a deal that one party breaks while others keep to it"))


def _kept(program: Program, joint: Joint, deal: Outcome, party: str, first: int) -> Program:
    """What stays as agreed: what serves life, everything before the period, outsiders' reservoirs, and outsiders who are not below."""
    basin = joint.table.basin
    for name in LIFE:
        most = np.maximum(deal.unknown(name), 0.0)
        program = program.within(name, np.full(len(most), -np.inf), most)
    before = set(basin.calendar.labels[:first])
    below = _below(joint, party)
    stored, given = deal.unknown("storage"), deal.unknown("delivery")
    held = np.array([t in before or basin.reservoirs[r].owner not in ("", party) for r, t in program.unknowns["storage"].index])
    program = program.within("storage", np.where(held, stored - HELD, -np.inf), np.where(held, stored + HELD, np.inf))
    index = program.unknowns["delivery"].index
    theirs = np.array([basin.demands[d].party != party for d, _ in index])
    agreed = np.array([t in before or (basin.demands[d].party != party and basin.demands[d].node not in below) for d, t in index])
    least = np.where(agreed, given - HELD, -np.inf)
    most = np.where(agreed | theirs, given + HELD, np.inf)
    return program.within("delivery", least, most)


def _below(joint: Joint, party: str) -> set[str]:
    """Nodes that water comes to from where a party has a reservoir or takes water, and those themselves."""
    basin = joint.table.basin
    own = {r.name for r in basin.reservoirs.values() if r.owner == party} | {d.node for d in basin.demands.values() if d.party == party}
    return {node for node in basin.nodes if own & basin.paths.above(node)}
