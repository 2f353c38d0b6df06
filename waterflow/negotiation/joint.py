"""Joint: what some parties can bring about together; the table's program with a column for each party's gain over no deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack, vstack

from waterflow.formulation.objective import StagePlan, closing_plans
from waterflow.negotiation.no_deal import HELD, LIFE, Outcome, Table, no_deal, solved
from waterflow.negotiation.party_costs import river_order
from waterflow.solver.compile import Component, Program
from waterflow.solver.priorities import Start
from waterflow.words.catalogue import say

__all__ = ["GAIN", "Joint", "Rows"]

Floats = NDArray[np.float64]
Chosen = NDArray[np.bool_]
Coalition = frozenset[str]
#: the unknown of a party's gain, million USD
GAIN = "gain"
#: how often parties plan anew without a deal, at most, and what is no gain any more, million USD
ROUNDS, SETTLED = 5, 1e-3
#: what no coalition may make worse than it is without a deal, Mm3
KEPT = ("floor_shortfall", "below_alarm", "above_alarm")


@dataclass(frozen=True)
class Rows:
    """Further rows ``of_gains @ gain + of_more @ more >= side`` about the gains and some columns of their own.

    Attributes
    ----------
    of_gains : array (rows, parties)
    of_more : array (rows, more)
    sides : array (rows,)
    worth : array (more,)
        What is maximised of the further columns; they have no bounds.
    of_plan : array (rows, unknowns), optional
        Of every unknown of the joint program, in place of ``of_gains``.
    """

    of_gains: Floats
    of_more: Floats
    sides: Floats
    worth: Floats
    of_plan: Floats | None = None


class Joint:
    """What some parties can bring about together, with no harm to the others.

    Parameters
    ----------
    table : Table
    keep_targets : bool
        Whether no coalition may serve the targets less than they are served without a deal.
    """

    def __init__(self, table: Table, *, keep_targets: bool = True) -> None:
        self.table, self.keep_targets, self.parties = table, keep_targets, table.basin.parties
        program, count = table.program, len(table.basin.parties)
        height, self.width = program.matrix.shape
        own = csr_array(np.array([-table.costs[party] for party in self.parties]))
        # what a party's plan is worth, less its gain, is what it has without a deal
        below = hstack([own, csr_array(-np.eye(count))])
        matrix = vstack([hstack([program.matrix, csr_array((height, count))]), below])
        named = tuple((p,) for p in self.parties)
        self.program = _wider(program, matrix, count, GAIN, named, "payoff_counted", np.ones(count, dtype=bool))

    @property
    def everyone(self) -> Coalition:
        """All parties."""
        return frozenset(self.parties)

    def at(self, table: Table) -> Joint:
        """The same for a table with other givens, with the same matrix."""
        other = copy(self)
        other.table = table
        return other

    def alone(self, like: Outcome | None = None) -> Outcome:
        """What each party does and has without a deal, once each has also made the best of its own reservoirs and fields together.

        Going down the river, each party plans anew as a coalition of one, until none gains by it any more. Where it begins, ``like`` a
        plan found with other givens, decides how long it takes.
        """
        found = no_deal(self.table, keep_targets=self.keep_targets)
        order = self._down_the_river()
        start = like.start if like else None
        for _ in range(ROUNDS):
            before = dict(found.payoffs)
            for party in order:
                found = self.best(frozenset([party]), found, start)
                start = found.start
            if all(found.payoffs[p] <= before[p] + SETTLED for p in order):
                break
        return found

    def _down_the_river(self) -> list[str]:
        """Parties by their uppermost reservoir or user."""
        basin = self.table.basin
        place = {node: k for k, node in enumerate(river_order(basin))}
        own = [(r.owner, place[r.name]) for r in basin.reservoirs.values()] + [(d.party, place[d.node]) for d in basin.demands.values()]
        return sorted(self.parties, key=lambda party: min((k for p, k in own if p == party), default=len(place)))

    def best(self, members: Coalition, alone: Outcome, start: Start | None = None, least: Mapping[str, float] | None = None) -> Outcome:
        """The plan that is best for the sum of the members' gains.

        Parameters
        ----------
        members : frozenset of str
        alone : Outcome
            What outsiders keep to.
        start : Start, optional
        least : dict of float, optional
            Gains that parties must have at least, million USD.
        """
        weights = np.array([float(p in members) for p in self.parties])
        return self.plan(weights, members, alone, start, least)

    def plan(
        self,
        weights: Floats,
        members: Coalition,
        alone: Outcome,
        start: Start | None = None,
        least: Mapping[str, float] | None = None,
        rows: Rows | None = None,
        *,
        served: Chosen | None = None,
        closing: bool = True,
    ) -> Outcome:
        """The plan of the largest weighted sum of gains, (parties,), and of what further rows are worth; then of the largest sum of all.

        ``weights`` may be of all unknowns of the joint program, (unknowns,), instead. ``served``, (deliveries,), are outsiders' users and
        periods that get what they have without a deal where others may not, nor outsiders their payoffs; without it nobody is harmed.
        """
        program = self.within(members, alone, least, served)
        cost = np.zeros(program.matrix.shape[1])
        cost[-len(weights) :] = -weights
        if rows is not None:
            program = _with_rows(program, rows)
            cost = np.append(cost, -rows.worth)
        program = replace(program, costs={**program.costs, "members": (cost, 0.0)})
        plans = [StagePlan("members", "minimise", "million USD", expression="members")]
        if closing:
            plans += [StagePlan("all", "minimise", "million USD", expression="net_cost"), *closing_plans(self.table.basin)]
        asked = say("what outsiders must keep, and what is asked for the parties beside it")
        return solved(self.table, program, self.table.givens, plans, start, asked=asked)

    def within(self, members: Coalition, alone: Outcome, least: Mapping[str, float] | None = None, served: Chosen | None = None) -> Program:
        """The program with what members must leave as it is, and the gains that parties must have."""
        base = np.array([-alone.payoffs[p] for p in self.parties])
        program = replace(self.program, constant=np.append(self.table.program.constant, base))
        outside = 0.0 if served is None else -np.inf
        lower = np.array([(least or {}).get(p, -np.inf if p in members else outside) for p in self.parties])
        program = program.within(GAIN, lower, np.full(len(lower), np.inf))
        kept = self.outsiders_users(members) if served is None else served
        return _Kept(self.table, alone, self.keep_targets).program(program, members, kept)

    def outsiders_users(self, members: Coalition) -> Chosen:
        """Which entries of the deliveries, (deliveries,), are of users of parties that are no members."""
        demands = self.table.basin.demands
        return np.array([demands[d].party not in members for d, _ in self.program.unknowns["delivery"].index], dtype=bool)


def _wider(
    program: Program, matrix: Any, count: int, unknown: str, index: Sequence[tuple[str, ...]], equation: str, equal: Chosen
) -> Program:
    """A program with new unknowns without bounds and new rows, both below and beside its own."""
    height, width = program.matrix.shape
    rows = len(equal)
    given_matrix = vstack([program.given_matrix, csr_array((rows, program.given_matrix.shape[1]))], format="csc")
    found = csc_array(matrix)
    found.sort_indices()
    return replace(
        program,
        matrix=found,
        given_matrix=csc_array(given_matrix),
        constant=np.append(program.constant, np.zeros(rows)),
        equal=np.append(program.equal, equal),
        lower=np.append(program.lower, np.full(count, -np.inf)),
        upper=np.append(program.upper, np.full(count, np.inf)),
        costs={name: (np.append(cost, np.zeros(count)), constant) for name, (cost, constant) in program.costs.items()},
        unknowns={**program.unknowns, unknown: Component(unknown, width, tuple(index))},
        equations={**program.equations, equation: Component(equation, height, tuple((str(k),) for k in range(rows)))},
        weights={},
    )


def _with_rows(program: Program, rows: Rows) -> Program:
    """A program with further rows about its gains, and their columns."""
    height = program.matrix.shape[0]
    count, more = len(rows.sides), len(rows.worth)
    first = program.unknowns[GAIN].first
    own = hstack([csr_array((count, first)), csr_array(rows.of_gains)]) if rows.of_plan is None else csr_array(rows.of_plan)
    below = hstack([own, csr_array(rows.of_more)])
    matrix = vstack([hstack([program.matrix, csr_array((height, more))]), below])
    named = [(str(k),) for k in range(more)]
    found = _wider(program, matrix, more, "beside_gains", named, "about_gains", np.zeros(count, dtype=bool))
    return replace(found, constant=np.append(program.constant, -rows.sides))


@dataclass(frozen=True)
class _Kept:
    """What a coalition must leave as it is without a deal."""

    table: Table
    alone: Outcome
    keep_targets: bool

    def program(self, program: Program, members: Coalition, served: Chosen) -> Program:
        """A program within these bounds: what comes first, outsiders' reservoirs, and what users that are served are given."""
        for name in (*KEPT, *(("target_shortfall",) if self.keep_targets else ())):
            program = self._at_most(program, name, np.maximum(self.alone.unknown(name), 0.0))
        demands, reservoirs = self.table.basin.demands, self.table.basin.reservoirs
        life = np.array([demands[d].use in LIFE for d, _ in program.unknowns["shortage"].index], dtype=bool)
        short = np.maximum(self.alone.unknown("shortage"), 0.0)
        program = self._at_most(program, "shortage", np.where(life, short, np.inf))
        program = self._at_most(program, "unserved", self._most_unserved())
        given, stored = self.alone.unknown("delivery"), self.alone.unknown("storage")
        program = program.within("delivery", np.where(served, given - HELD, -np.inf), np.full(len(given), np.inf))
        held = np.array([bool(reservoirs[r].owner) and reservoirs[r].owner not in members for r, _ in program.unknowns["storage"].index])
        return program.within("storage", np.where(held, stored - HELD, -np.inf), np.where(held, stored + HELD, np.inf))

    def _at_most(self, program: Program, name: str, most: Floats) -> Program:
        return program.within(name, np.full(len(most), -np.inf), most)

    def _most_unserved(self) -> Floats:
        """Of each block of power: no more than without a deal where the power that is always served begins."""
        basin, served = self.table.basin, self.table.always_served
        without = np.maximum(self.alone.unknown("unserved"), 0.0)
        places = {index: k for k, index in enumerate(self.table.program.unknowns["unserved"].index)}
        most = np.full(len(without), np.inf)
        before = dict.fromkeys(basin.power, 0.0)
        for block in sorted(basin.unserved_blocks.values(), key=lambda b: b.cost):
            for k, label in enumerate(basin.calendar.labels):
                left = 1.0 - served.get((block.party, label), 0.0) - before[block.party]
                room = max(0.0, min(block.demand_share, left)) * basin.power[block.party].demand[k]
                most[places[block.name, label]] = max(room, without[places[block.name, label]])
            before[block.party] += block.demand_share
        return most
