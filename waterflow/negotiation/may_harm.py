r"""May harm: what a coalition reaches where outsiders are only sure of what they can take, not of what they had.

Outsiders keep their policy: their reservoirs hold what they hold without a deal, and each of their users takes what it has then, as long
as that arrives. So at a place n in a period t either those users have it, or the place is dry: nothing passes it but the minimum flow
there and water to drink, F, and no member has a larger share there of what it had than they have. With a choice z that is one where it is
dry, x what a user is given, a what it has without a deal, q what passes, and M no less than can ever pass,

.. math:: x_o + a_o z_{nt} \ge a_o, \quad q_{nt} \le M - (M - F_{nt}) z_{nt}, \quad x_m \le x_o a_m / a_o + M (1 - z_{nt})

(outsiders as followers whose optimum is written as choices: Fortuny-Amat and McCarl, 1981). The choices are those of the most the members
can have; what follows them is a linear program again, certified as any other. What floors and targets farther below need must come from
places that are not dry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, hstack, vstack

from waterflow.negotiation.coalitions import Coalitions
from waterflow.negotiation.games import coalitions
from waterflow.negotiation.joint import Joint, Rows
from waterflow.negotiation.no_deal import HELD, LIFE, Outcome
from waterflow.progress import each
from waterflow.solver.highs import least_with_choices
from waterflow.solver.polyhedron import Polyhedron

__all__ = ["Harming", "harming_game", "may_harm"]

Floats = NDArray[np.float64]
Coalition = frozenset[str]
#: what a coalition gains beyond a plan that harms nobody must be more than this, million USD
MORE = 1e-3
#: what is given to a user without a deal counts from here on, Mm3
SOME = 1e-3


@dataclass(frozen=True)
class Harming:
    """What a coalition reaches so.

    Attributes
    ----------
    outcome : Outcome
        The plan that harms nobody where none brings the members more.
    dry : tuple of (str, str)
        Places and periods where outsiders do not get what they have without a deal.
    """

    outcome: Outcome
    dry: tuple[tuple[str, str], ...]


def may_harm(joint: Joint, members: Coalition, alone: Outcome, harmless: Outcome) -> Harming:
    """The plan of the most the members can have together where outsiders may be harmed.

    Parameters
    ----------
    joint : Joint
    members : frozenset of str
    alone : Outcome
        Without a deal.
    harmless : Outcome
        The members' plan that harms nobody.

    Raises
    ------
    SolverError
        If a stage cannot be certified or the plan fails its audit.
    """
    search = _Search(joint, members, alone)
    if not search.places:
        return Harming(harmless, ())
    dry, gained = search.driest()
    if gained <= sum(harmless.payoffs[p] - alone.payoffs[p] for p in members) + MORE:
        return Harming(harmless, ())
    weights = np.array([float(p in members) for p in joint.parties])
    return Harming(joint.plan(weights, members, alone, rows=search.rows(dry), served=search.served(dry)), dry)


def harming_game(joint: Joint, game: Coalitions) -> dict[Coalition, Harming]:
    """What every coalition reaches where outsiders may be harmed, one party alone too.

    Parameters
    ----------
    joint : Joint
    game : Coalitions
        What each reaches harming nobody.

    Raises
    ------
    SolverError
        If a stage cannot be certified or a plan fails its audit.
    """
    return {
        members: may_harm(joint, members, game.alone, game.outcomes.get(members, game.alone))
        for members in each(list(coalitions(joint.parties)))
    }


class _Search:
    """The places where outsiders take water, and the choice whether they are dry."""

    def __init__(self, joint: Joint, members: Coalition, alone: Outcome) -> None:
        self.joint, self.members, self.alone = joint, members, alone
        self.basin = joint.table.basin
        self.given = alone.unknown("delivery")
        self.index = joint.table.program.unknowns["delivery"].index
        theirs = joint.outsiders_users(members)
        self.places: dict[tuple[str, str], list[int]] = {}
        for k, (name, t) in enumerate(self.index):
            demand = self.basin.demands[name]
            if theirs[k] and self.given[k] > SOME and demand.use not in (*LIFE, "unexplained"):
                self.places.setdefault((demand.node, t), []).append(k)

    def served(self, dry: tuple[tuple[str, str], ...]) -> NDArray[np.bool_]:
        """Which deliveries must be what they are without a deal: those of all outsiders but at dry places."""
        found = self.joint.outsiders_users(self.members)
        for place in dry:
            found[self.places[place]] = False
        return found

    def driest(self) -> tuple[tuple[tuple[str, str], ...], float]:
        """The places that are dry where the members have the most, and what they gain there over no deal, million USD."""
        program = self.joint.within(self.members, self.alone, served=self.served(tuple(self.places)))
        p, width, count = Polyhedron.of(program, self.joint.table.givens), program.matrix.shape[1], len(self.places)
        rows = _Rows(width + count)
        most, delivery = self._most(), program.unknowns["delivery"].first
        for z, (place, users) in enumerate(self.places.items(), start=width):
            for k in users:
                given = self.given[k] - HELD
                rows.add({delivery + k: 1.0, z: given}, given)
            (exits, least), *shares = self._if_dry(*place)
            rows.add({**exits, z: -most - least}, -most)
            for share, _ in shares:
                rows.add({**share, z: -most}, -most)
        beside, sides = rows.made()
        matrix = vstack([hstack([p.matrix, csc_array((p.matrix.shape[0], count))]), beside], format="csc")
        whole = Polyhedron(
            csc_array(matrix),
            np.append(p.lower, np.zeros(count)),
            np.append(p.upper, np.ones(count)),
            np.append(p.row_lower, sides),
            np.append(p.row_upper, np.full(len(sides), np.inf)),
        )
        cost = np.zeros(width + count)
        cost[self.joint.width : width] = [-float(p in self.members) for p in self.joint.parties]
        found = least_with_choices(whole, cost, width + np.arange(count))
        return tuple(place for place, z in zip(self.places, found[width:], strict=True) if z > 0.5), -float(cost @ found)

    def rows(self, dry: tuple[tuple[str, str], ...]) -> Rows:
        """What holds at dry places, as rows of the joint program."""
        rows = _Rows(self.joint.program.matrix.shape[1])
        for place in dry:
            for entries, side in self._if_dry(*place):
                rows.add(entries, side - HELD)
        of_plan, sides = rows.made()
        count = len(sides)
        return Rows(np.zeros((count, len(self.joint.parties))), np.zeros((count, 0)), sides, np.zeros(0), of_plan.toarray())

    def _if_dry(self, node: str, t: str) -> Iterator[tuple[dict[int, float], float]]:
        """What holds at a place where it is dry, as entries by column and the least they must come to: first what passes, then shares."""
        program, basin = self.joint.program, self.basin
        flow, delivery = program.unknowns["flow"].position, program.unknowns["delivery"].first
        yield {flow[reach, t]: -1.0 for reach in basin.paths.departing[node]}, -self._first(node, t)
        for k, (name, label) in enumerate(self.index):
            demand = basin.demands[name]
            if label != t or demand.node != node or demand.party not in self.members or demand.use in LIFE:
                continue
            for other in self.places[node, t]:
                yield {delivery + other: self.given[k] / self.given[other], delivery + k: -1.0}, 0.0

    def _first(self, node: str, t: str) -> float:
        """What passes a dry place, Mm3: the minimum flow there, and water to drink below it."""
        basin = self.basin
        below = {place for place in basin.nodes if node in basin.paths.above(place)} - {node}
        at = basin.calendar.position[t]
        period, exits = basin.calendar.periods[at], basin.paths.departing[node]
        floors = (f for f in basin.floors.values() if f.reach in exits and f.window.start <= period.start and period.end <= f.window.end)
        drinks = (float(d.need[at]) for d in basin.demands.values() if d.use in LIFE and d.node in below)
        return sum(f.flow / period.rate for f in floors) + sum(drinks)

    def _most(self) -> float:
        """No less than can ever pass a place in a period: all the water there is, Mm3."""
        basin = self.basin
        runoff = sum(float(np.maximum(values, 0.0).sum()) for values in basin.runoff.values())
        return runoff + sum(r.opening_storage for r in basin.reservoirs.values()) + float(self.alone.unknown("flow").max())


class _Rows:
    """Rows that must come to at least their sides."""

    def __init__(self, width: int) -> None:
        self.width, self.sides = width, list[float]()
        self.entries: list[tuple[int, int, float]] = []

    def add(self, entries: Mapping[int, float], side: float) -> None:
        """One more row, its entries by column."""
        self.entries += [(len(self.sides), column, value) for column, value in entries.items()]
        self.sides.append(side)

    def made(self) -> tuple[Any, Floats]:
        """The matrix, (rows, columns), and the sides, (rows,)."""
        at, columns, values = (np.array(x) for x in zip(*self.entries, strict=True))
        return coo_array((values, (at, columns)), shape=(len(self.sides), self.width)), np.array(self.sides)
