"""Infeasible by a hair, or by the air: rules that must give way by less than anyone notices, and evaporation beyond what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

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


SinkKind = Literal["evaporation", "reservoir_seepage", "constant_loss", "runoff"]


@dataclass(frozen=True)
class Dry:
    """Water taken whatever there is that takes more than there is: where, in which period, how much by its law, how much is too much."""

    kind: SinkKind
    place: str
    period: str
    amount: float
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


def dry(basin: Basin, program: Program, givens: Floats, *, clashing: bool = False) -> tuple[Dry, ...]:
    """Where water that is taken whatever there is leaves no plan: the least that must not be, as late as may be.

    Empty if that mends nothing. Evaporation, seepage, constant losses, and runoff below zero; all but evaporation where agreements
    are ``clashing``.
    """
    sinks = [x for x in _sinks(program, givens) if not (clashing and x.kind == "evaporation")]
    if not sinks:
        return ()
    own, width, count = Polyhedron.of(program, givens), program.matrix.shape[1], len(sinks)
    kept = coo_array(([x.sign for x in sinks], ([x.row for x in sinks], range(count))), shape=(program.matrix.shape[0], count))
    lower, upper = np.append(own.lower, np.zeros(count)), np.append(own.upper, [x.most for x in sinks])
    lower[[x.column for x in sinks if x.kind == "constant_loss"]] = 0.0
    position, periods = basin.calendar.position, len(basin.calendar.periods)
    weights = np.array([1 + EARLIER * (periods - position[x.period]) / periods for x in sinks])
    cost = np.concatenate([np.zeros(width), weights])
    for x, weight in zip(sinks, weights, strict=True):
        if x.least:
            # all of a loss is taken at the bound of its unknown: what is below counts
            cost[x.column] -= weight
    try:
        matrix = csc_array(hstack([program.matrix, kept], format="csc"))
        found = Face(Polyhedron(matrix, lower, upper, own.row_lower, own.row_upper)).least(cost / weights.max())
    except Infeasible:
        return ()
    return tuple(_named(basin, sinks, found.unknowns, width))


@dataclass(frozen=True)
class _Sink:
    """A row in which water is taken, the column that counts it, how much of it may be left, and how much is by a bound alone."""

    kind: SinkKind
    place: str
    period: str
    row: int
    column: int
    sign: float
    most: float = np.inf
    least: float = 0.0


#: what takes water, the equation that says so and the unknown it fills
TAKEN: tuple[tuple[SinkKind, str, str], ...] = (
    ("evaporation", "evaporation_from_area", "evaporation"),
    ("reservoir_seepage", "seepage_from_reservoir", "reservoir_seepage"),
    ("constant_loss", "loss_within_flow", "constant_loss"),
)


def _sinks(program: Program, givens: Floats) -> Iterator[_Sink]:
    for kind, equation, unknown in TAKEN:
        rows, taken = program.equations.get(equation), program.unknowns.get(unknown)
        if rows is None or taken is None:
            continue
        for index in rows.index:
            row, column = rows.position[index], taken.position[index]
            least = float(program.lower[column]) if kind == "constant_loss" else 0.0
            yield _Sink(kind, index[0], index[1], row, column, float(program.matrix[row, column]), 0.0 if least else np.inf, least)
    known, balance = program.givens.get("runoff"), program.equations.get("water_balance")
    if known is not None and balance is not None:
        for index in balance.index:
            amount = -float(givens[known.position[index]])
            if amount > 0:
                yield _Sink("runoff", index[0], index[1], balance.position[index], -1, 1.0, amount)


def _named(basin: Basin, sinks: Sequence[_Sink], x: Floats, width: int) -> Iterator[Dry]:
    """The first period of each place in which water runs out."""
    told = set()
    for k, sink in enumerate(sinks):
        left = max(0.0, sink.least - float(x[sink.column])) if sink.least else float(x[width + k])
        amount = sink.most if sink.kind == "runoff" else sink.least or float(x[sink.column]) + left
        if left > NOTICED and (sink.kind, sink.place) not in told:
            told.add((sink.kind, sink.place))
            home = basin.reaches if sink.kind == "constant_loss" else basin.nodes
            yield Dry(sink.kind, sink.place, sink.period, amount, left, home[sink.place])
