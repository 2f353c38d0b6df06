"""Conflicts: no plan exists, so name the rules that clash and the least concession. Data are never edited.

Rules are what people decided (rows marked as clauses, limits of storage, capacities of reaches and canals);
the laws of water and energy stay hard. A minimal clashing set is found by a deletion filter: drop a rule; if
there is still no plan it was innocent, if there is one it is put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csc_array

from waterflow.errors import ConflictError
from waterflow.formulation.language import Equation
from waterflow.solver.compile import Program
from waterflow.solver.face import Face
from waterflow.solver.highs import Infeasible
from waterflow.solver.polyhedron import Polyhedron

__all__ = ["diagnose"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class _Rule:
    """Something that can be dropped: some rows, or the bounds of some unknowns."""

    name: str
    unit: str
    rows: Positions
    columns: Positions


def _rules(program: Program, givens: Floats, equations: Sequence[Equation]) -> list[_Rule]:
    """Bounds first, so that what remains is what people agreed wherever that suffices."""
    none = np.array([], dtype=np.intp)
    figures = program.right_hand_side(givens)
    rules: list[_Rule] = []
    said = {"storage": "storage between its lowest and full", "flow": "capacity", "delivery": "canal capacity"}
    for unknown, words in said.items():
        component = program.unknowns[unknown]
        for owner in dict.fromkeys(index[0] for index in component.index):
            columns = np.array([component.position[i] for i in component.index if i[0] == owner], dtype=np.intp)
            if np.isfinite(program.upper[columns]).any() or (program.lower[columns] > 0).any():
                rules.append(_Rule(f"{words} of {owner}", "Mm3", none, columns))
    for equation in equations:
        component = program.equations[equation.name]
        if equation.clause:
            for index in component.index:
                rows = np.array([component.position[index]], dtype=np.intp)
                name = f"{equation.name}[{', '.join(index)}]: {abs(figures[rows[0]]):,.1f} {equation.unit}. {equation.statement}"
                rules.append(_Rule(name, equation.unit, rows, none))
    return rules


class _Trial:
    """The program with some rules dropped."""

    def __init__(self, program: Program, givens: Floats) -> None:
        self.program = program
        side = program.right_hand_side(givens)
        self.row_lower, self.row_upper = side, np.where(program.equal, side, np.inf)

    def feasible(self, dropped: Sequence[_Rule]) -> bool:
        """True if some plan obeys everything else."""
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        row_lower = self.row_lower.copy()
        for rule in dropped:
            lower[rule.columns], upper[rule.columns] = np.minimum(lower[rule.columns], 0.0), np.inf
            row_lower[rule.rows] = -np.inf
        face = Face(Polyhedron(self.program.matrix, lower, upper, row_lower, self.row_upper))
        try:
            face.least(np.zeros(self.program.matrix.shape[1]))
        except Infeasible:
            return False
        return True

    def concession(self, rule: _Rule) -> float:
        """The least by which one rule alone must give way, in its unit."""
        program = self.program
        rows, columns = program.matrix.shape
        slack = np.zeros((rows, 1))
        slack[rule.rows] = 1.0
        matrix = csc_array(block_array([[program.matrix, csc_array(slack)]], format="csc"))
        lower, upper = np.append(program.lower, 0.0), np.append(program.upper, np.inf)
        cost = np.zeros(columns + 1)
        cost[-1] = 1.0
        return Face(Polyhedron(matrix, lower, upper, self.row_lower, self.row_upper)).least(cost).value


def diagnose(program: Program, givens: Floats, equations: Sequence[Equation]) -> ConflictError:
    """Why there is no plan: a minimal set of clashing rules, and the least concession of each agreed one.

    Returns
    -------
    ConflictError
        To be raised by the caller. A rule that cannot mend the clash alone has no concession.
    """
    trial = _Trial(program, givens)
    dropped: list[_Rule] = []
    kept: list[_Rule] = []
    for rule in _rules(program, givens, equations):
        if trial.feasible([*dropped, rule]):
            kept.append(rule)
        else:
            dropped.append(rule)
    concessions = []
    for rule in kept:
        if len(rule.rows):
            try:
                concessions.append((rule.name, trial.concession(rule), rule.unit))
            except Infeasible:
                continue
    names = tuple(rule.name for rule in kept) or ("the laws of water themselves: more is withdrawn than can exist",)
    return ConflictError(names, tuple(concessions))
