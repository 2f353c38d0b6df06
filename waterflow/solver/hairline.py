"""Infeasible by a hair, or by the air: rules that must give way by less than anyone notices, and evaporation beyond what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, hstack

from waterflow.basin.basin import Basin
from waterflow.basin.part import Part
from waterflow.solver.compile import Program
from waterflow.solver.elastic import Elastic
from waterflow.solver.face import Face
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.rules import NOTICED, Rule

__all__ = ["Dry", "dry", "within_tolerance"]

Floats = NDArray[np.float64]
#: room beside what a rule must give way, for the solver's own rounding
ROUNDING = 1e-8
#: how much a Mm3 not evaporated weighs more in the first period than in the last: the month is named in which water runs out
EARLIER = 1e-3


@dataclass(frozen=True)
class Dry:
    """Evaporation that takes more than there is: where, in which period, how much by the area line, and how much of it is too much."""

    reservoir: str
    period: str
    evaporation: float
    too_much: float
    part: Part | None = None


def within_tolerance(program: Program, givens: Floats, rules: Sequence[Rule]) -> tuple[Program, tuple[Rule, ...]] | None:
    """The program with each rule eased by what it must, and those rules; None if some rule must give way by more than is noticed.

    Typed figures are rounded: three months of 33.333333 fall short of 100 by a thousandth of a thousandth.
    """
    elastic = Elastic(Polyhedron.of(program, givens), rules)
    try:
        found = elastic.trial(rules)
    except Infeasible:
        return None
    if max(found.given.values(), default=0.0) > NOTICED:
        return None
    rows = len(program.constant)
    eased = np.where(found.eased > 0, found.eased + ROUNDING, 0.0)
    lower, upper = program.lower.copy(), program.upper.copy()
    for rule in rules:
        if len(rule.columns):
            room = eased[elastic.rows[rule][len(rule.rows) :]]
            if rule.upper:
                upper[rule.columns] += room
            else:
                lower[rule.columns] -= room
    giving = tuple(rule for rule, amount in found.given.items() if amount > 0)
    return replace(program, constant=program.constant + eased[:rows], lower=lower, upper=upper), giving


def dry(basin: Basin, program: Program, givens: Floats) -> tuple[Dry, ...]:
    """Where evaporation alone leaves no plan: the least that must not evaporate, as late as may be; empty if that mends nothing."""
    rows, air = program.equations.get("evaporation_from_area"), program.unknowns.get("evaporation")
    if rows is None or air is None or not rows.index:
        return ()
    owned = [(rows.position[index], air.position[index], index) for index in rows.index]
    own, width, count = Polyhedron.of(program, givens), program.matrix.shape[1], len(owned)
    sign = [float(program.matrix[row, column]) for row, column, _ in owned]
    kept = coo_array((sign, ([row for row, *_ in owned], range(count))), shape=(program.matrix.shape[0], count))
    lower, upper = np.append(own.lower, np.zeros(count)), np.append(own.upper, np.full(count, np.inf))
    position, periods = basin.calendar.position, len(basin.calendar.periods)
    weights = np.array([1 + EARLIER * (periods - position[label]) / periods for *_, (_, label) in owned])
    cost = np.concatenate([np.zeros(width), weights])
    try:
        matrix = csc_array(hstack([program.matrix, kept], format="csc"))
        found = Face(Polyhedron(matrix, lower, upper, own.row_lower, own.row_upper)).least(cost / weights.max())
    except Infeasible:
        return ()
    return tuple(_named(basin, owned, found.unknowns, width))


def _named(basin: Basin, owned: Sequence[tuple[int, int, tuple[str, ...]]], x: Floats, width: int) -> Iterator[Dry]:
    """The first period of each reservoir in which water runs out."""
    told = set()
    for k, (_, column, (reservoir, label)) in enumerate(owned):
        left = float(x[width + k])
        if left > NOTICED and reservoir not in told:
            told.add(reservoir)
            yield Dry(reservoir, label, float(x[column]) + left, left, basin.nodes[reservoir])
