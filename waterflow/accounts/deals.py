"""Electricity deals beside the plan: what was agreed, what came, what of it is new, and what only took the place of other trade."""

from __future__ import annotations

import numpy as np

from waterflow.accounts.clause_facts import Deal
from waterflow.accounts.plan import Plan
from waterflow.basin.agreements import Exchange
from waterflow.basin.clause_power import PowerClause

__all__ = ["deals"]

#: GWh of a period below which nothing came
NOTHING = 1e-9


def deals(plan: Plan) -> tuple[Deal, ...]:
    """Every exchange of electricity under clauses in force.

    What is new is what no line of the tables had room for: in each period what came, less what the receiver's imports
    over those lines could still have brought. The rest took their place.
    """
    return tuple(_deal(plan, x) for x in plan.basin.exchanges.values())


def _deal(plan: Plan, x: Exchange) -> Deal:
    basin = plan.basin
    came = plan.series("exchanged", x.name)
    clause = basin.clauses[x.clause]
    known = basin.balances(x.receiver)
    new = float((came * _share_new(plan, x.receiver)).sum()) if x.additional and known else 0.0
    return Deal(
        deal=x.name,
        clause=x.clause,
        title=clause.title,
        title_ru=clause.title_ru,
        giver=x.giver,
        receiver=x.receiver,
        line=x.line or None,
        additional=x.additional,
        agreed_GWh=sum(share * basin.clause_rows[row].figure for row, share in x.figures),
        delivered_GWh=float(came.sum()),
        new_GWh=new if known else None,
        displaced_GWh=float(came.sum()) - new if known else None,
        most_GWh=_most(plan, x),
        backed=basin.balances(x.giver),
        grade=_grade(plan, x),
    )


def _share_new(plan: Plan, receiver: str) -> np.ndarray:
    """Share of what comes to a party over lines of their own, all deals together, that its other lines have no room for, by period."""
    room, came = plan.nothing, plan.nothing
    for x in plan.basin.exchanges.values():
        if x.additional and x.receiver == receiver:
            came = came + plan.series("exchanged", x.name)
    for s in plan.basin.supplies.values():
        if s.party == receiver and s.kind == "import" and not s.clause:
            room = room + np.asarray(s.capacity) - plan.series("supplied_power", s.name)
    return np.where(came > NOTHING, np.maximum(0.0, came - np.maximum(0.0, room)) / np.where(came > NOTHING, came, 1.0), 0.0)


def _grade(plan: Plan, x: Exchange) -> str | None:
    """How sure the line is that a clause brings with it."""
    clause = plan.basin.clauses[x.clause]
    ways = [g.way for g in clause.gives] if isinstance(clause, PowerClause) else [getattr(clause, "way", None)]
    return next((way.grade for way in ways if way and way.additional and way.line == x.line), None)


def _most(plan: Plan, x: Exchange) -> float | None:
    """The most that the line carries in the periods of the deal; None where no line is named or nobody's trade over it is known."""
    inside = list(x.periods)
    if x.capacity:
        return float(np.asarray(x.capacity)[inside].sum())
    bought = [s.capacity for s in plan.basin.supplies.values() if (s.party, s.line) == (x.receiver, x.line)]
    sold = [e.capacity for e in plan.basin.exports.values() if (e.party, e.line) == (x.giver, x.line)]
    ends = [float(sum(np.asarray(c)[inside].sum() for c in end)) for end in (bought, sold) if end and x.line]
    return min(ends, default=None)
