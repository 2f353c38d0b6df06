r"""No deal: what each party has where nobody agrees on anything.

The river is followed down. At a reservoir its owner does what is best for itself with all it has between there and the next
reservoirs; at every other node those who take water there take what they ask of what comes, users of several parties the same share
of what they ask. Each decision keeps the ones made above it, and is made in the interest of whoever makes it, so that nobody above
spares water for those below. What serves life comes first, and (unless they are left open) the targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.accounts.payoffs import NOBODY
from waterflow.allocation.allocate import audited
from waterflow.allocation.dataset import decisions
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.allocation.solve import owing
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import under
from waterflow.basin.objective import ClaimKind, Claims, Objective
from waterflow.basin.reservoirs import EndValue
from waterflow.basin.store_checks import require_straight
from waterflow.errors import ConflictError
from waterflow.formulation.formulate import equations, unknowns
from waterflow.formulation.language import Claim
from waterflow.formulation.objective import RESIDUE, StagePlan, closing_plans
from waterflow.formulation.processes import CLAIMS
from waterflow.negotiation.party_costs import Term, party_costs, river_order, terms
from waterflow.solver.compile import Program
from waterflow.solver.conflicts import diagnose
from waterflow.solver.highs import Infeasible
from waterflow.solver.priorities import Stage, Start, solve_stages

__all__ = ["HELD", "LIFE", "Outcome", "Table", "no_deal", "solved", "table_of"]

Floats = NDArray[np.float64]
#: blocks into which what a reservoir keeps is cut where planes value all together
BLOCKS = 20
#: storages are held to within this, Mm3
HELD = 1e-6
#: uses that nobody trades
LIFE = ("drinking",)


@dataclass(frozen=True)
class Table:
    """What the parties negotiate about: the river as one sum of benefits with no agreement in force, and what is each party's of it.

    Attributes
    ----------
    basin : Basin
    program : Program
    givens : array (givens,)
    terms : tuple of Term
    costs : dict of array (unknowns,)
        Of each party, million USD a unit.
    constant : float
        Of the net cost, million USD; nobody's.
    always_served : dict of float
        Share of its demand for power that a party is served before anything is traded, by party and period.
    """

    basin: Basin
    program: Program
    givens: Floats
    terms: tuple[Term, ...]
    costs: Mapping[str, Floats]
    constant: float
    always_served: Mapping[tuple[str, str], float]

    def payoffs(self, point: Floats) -> dict[str, float]:
        """What a plan, (unknowns,), is worth to each party, million USD."""
        found = {party: -float((cost * point).sum()) + 0.0 for party, cost in self.costs.items()}
        found[NOBODY] -= self.constant
        return found


@dataclass(frozen=True)
class Outcome:
    """A plan on the table: its unknowns, (unknowns,), its stages, each certified, and what it is worth to each party, million USD."""

    table: Table
    point: Floats
    stages: tuple[Stage, ...]
    payoffs: Mapping[str, float]
    start: Start

    @property
    def dataset(self) -> xr.Dataset:
        """Its decisions by name."""
        return decisions(self.table.basin, self.table.program, unknowns(), self.point)

    def unknown(self, name: str) -> Floats:
        """The entries of one unknown."""
        values: Floats = self.point[self.table.program.unknowns[name].slice]
        return values


def table_of(basin: Basin, *, bound: bool = False) -> Table:
    """Lay a basin on the table: one sum of benefits, no share of a surplus owed, heads as fixed rates.

    What is kept at the end is valued reservoir by reservoir, so that it has an owner. No agreement is in force, unless the parties
    are ``bound`` by it.
    """
    require_straight(basin, "negotiate")
    plants = {name: plant.model_copy(update={"head": None}) for name, plant in basin.plants.items()}
    free = owing((basin if bound else under(basin, [])).replaced(plants=plants), dict.fromkeys(basin.threshold_shares, 0.0))
    laid = _worth_apart(free.replaced(objective=Objective()))
    program = program_of(laid)
    found = party_costs(laid, program)
    constant = program.costs["net_cost"][1]
    served = dict(_always_served(basin))
    return Table(laid, program, values_of_givens(laid, program), tuple(terms(laid, program)), found, constant, served)


def _worth_apart(basin: Basin) -> Basin:
    """Planes of what is kept as blocks of each reservoir by itself, the others at their opening: a joint worth has no owner."""
    cuts = basin.end_value_cuts.values()
    if not cuts:
        return basin
    opening = {r: basin.reservoirs[r].opening_storage for r in next(iter(cuts)).values}
    blocks: dict[str, EndValue] = {}
    for r in opening:
        edges = np.linspace(basin.reservoirs[r].floor, basin.reservoirs[r].ceiling, BLOCKS + 1)
        worths = [min(cut.at({**opening, r: float(s)}) for cut in cuts) for s in edges]
        for k in range(BLOCKS):
            width = float(edges[k + 1] - edges[k])
            value = max(0.0, (worths[k + 1] - worths[k]) / width) if width else 0.0
            blocks[f"{r}/{k + 1}"] = EndValue(name=f"{r}/{k + 1}", reservoir=r, width=width, value=value)
    return basin.replaced(end_value_cuts={}, end_values=dict(sorted(blocks.items())))


def _always_served(basin: Basin) -> Iterator[tuple[tuple[str, str], float]]:
    """What the order of priority asks for as a floor of power, (party, period) and share."""
    for priority in basin.objective.priorities:
        for claims in priority.claims:
            if claims.kind == "power_floor":
                yield from (((claims.party, p.label), claims.share) for p in basin.calendar.periods if claims.counts(p))


def no_deal(table: Table, *, keep_targets: bool = True) -> Outcome:
    """What each party does and has without a deal.

    Parameters
    ----------
    table : Table
    keep_targets : bool
        Whether the targets come before what anybody wants for itself.

    Raises
    ------
    ConflictError
        If no plan obeys every hard rule.
    SolverError
        If a stage cannot be certified or the plan fails its audit.
    """
    firsts, deciders = dict(_firsts(table, keep_targets)), dict(_deciders(table))
    found = _in_order(table, table.program, [_least(name) for name in (*firsts, *deciders)], firsts | deciders)
    # reservoirs stay as their owners run them; of what comes, those who take water at one place have the same share of what they ask
    stored = found.unknown("storage")
    held = table.program.within("storage", stored - HELD, stored + HELD)
    shared = [StagePlan(f"{node}/shared", "minimise", "share of the claim", claims=claims) for node, claims in _asked_at(table)]
    return _in_order(table, held, [*(_least(name) for name in firsts), *shared, *(_least(name) for name in deciders)], firsts | deciders)


def _least(name: str) -> StagePlan:
    return StagePlan(name, "minimise", "million USD", expression=name)


def _in_order(table: Table, program: Program, plans: list[StagePlan], costs: Mapping[str, Floats]) -> Outcome:
    """Solve stages that minimise costs of the table's unknowns by name, then the sum of all, then the closing stages."""
    program = replace(program, costs={**program.costs, **{name: (cost, 0.0) for name, cost in costs.items()}})
    last = StagePlan("all", "minimise", "million USD", expression="net_cost")
    return solved(table, program, table.givens, [*plans, last, *closing_plans(table.basin)])


def _asked_at(table: Table) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """What users of several parties ask at one place, period by period, down the river."""
    basin = table.basin
    for node in river_order(basin):
        users = [d for d in basin.demands.values() if d.node == node and d.use != "unexplained"]
        if len({d.party for d in users}) > 1:
            asked = [(d.name, t, need) for d in users for t, need in zip(basin.calendar.labels, d.need, strict=True)]
            yield node, tuple(Claim("shortage", (name, t), need) for name, t, need in asked if need >= RESIDUE)


def solved(
    table: Table, program: Program, givens: Floats, plans: list[StagePlan], start: Start | None = None, *, asked: str = ""
) -> Outcome:
    """Solve stages on the table, and audit the plan.

    Raises
    ------
    ConflictError
        If no plan obeys the program: with the rules of the river that clash, or, where more than they is ``asked``, with that.
    """
    try:
        found = solve_stages(program, givens, plans, start)
    except Infeasible:
        if asked:
            raise ConflictError((asked,)) from None
        raise diagnose(table.basin, table.program, table.givens, equations()) from None
    point = found.stages[-1].unknowns[: table.program.matrix.shape[1]]
    audited(table.basin, table.program, point)
    return Outcome(table, point, found.stages, table.payoffs(point), found.start)


def _firsts(table: Table, keep_targets: bool) -> Iterator[tuple[str, Floats]]:
    """What comes before anybody's interest: minimum flows, alarms and water to drink; then targets. Shares of what is asked, summed."""
    life = [claim for kind in ("floors", "alarms") for claim in _claims(table.basin, kind)]
    drinks = {d.name: d for d in table.basin.demands.values() if d.use in LIFE}
    labels = table.basin.calendar.labels
    life += [Claim("shortage", (d.name, t), need) for d in drinks.values() for t, need in zip(labels, d.need, strict=True)]
    for name, claims in (("life", life), ("targets", list(_claims(table.basin, "targets")) if keep_targets else [])):
        cost = np.zeros(table.program.matrix.shape[1])
        for claim in claims:
            if claim.amount > 0:
                cost[table.program.unknowns[claim.unknown].position[claim.index]] = 1.0 / claim.amount
        if cost.any():
            yield name, cost


def _claims(basin: Basin, kind: ClaimKind) -> Iterator[Claim]:
    yield from CLAIMS[kind](basin, Claims(kind=kind))


def _deciders(table: Table) -> Iterator[tuple[str, Floats]]:
    """For each node on the way down what is minimised there: costs of a reservoir's owner in its stretch, or of who takes water there."""
    basin = table.basin
    stretch = {node: _reservoir_above(basin, node) for node in basin.nodes}
    for node in river_order(basin):
        cost = np.zeros(table.program.matrix.shape[1])
        owner = basin.reservoirs[node].owner if node in basin.reservoirs else ""
        for term in table.terms:
            mine = owner and term.party == owner and stretch.get(term.place) == node
            taken = term.place == node and term.party != NOBODY
            if mine or (taken and not owner):
                cost[term.column] += term.cost
        if cost.any():
            yield node, cost
        others = np.zeros(table.program.matrix.shape[1])
        for term in table.terms:
            if owner and term.place == node and term.party not in (owner, NOBODY):
                others[term.column] += term.cost
        if others.any():
            yield f"{node}/others", others


def _reservoir_above(basin: Basin, node: str) -> str:
    """The reservoir that rules a node: itself, or the largest of those nearest above it; empty without one."""
    if node in basin.reservoirs:
        return node
    found, new, seen = [], [node], {node}
    while new:
        for reach in basin.paths.arriving[new.pop()]:
            start = basin.reaches[reach].start
            if start in basin.reservoirs:
                found.append(start)
            elif start not in seen:
                seen.add(start)
                new.append(start)
    return max(found, key=lambda name: basin.reservoirs[name].full_storage, default="")
