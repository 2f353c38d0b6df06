"""Compile: Pyomo relations once to arrays, row by row, with the slice of every named component and the givens split off.

The program is ``A x + G p + k {==, >=} 0`` with unknowns x and givens p, so the right-hand side for a set
of givens is ``-(G p + k)``: one compiled program serves every set of givens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression
from pyomo.repn.linear import LinearRepnVisitor
from pyomo.repn.util import VarRecorder
from scipy.sparse import csc_array, csr_array

from waterflow.errors import SolverError
from waterflow.formulation.language import Formulation
from waterflow.words.catalogue import say

__all__ = ["Component", "Program", "compile_formulation"]

Floats = NDArray[np.float64]
Index = tuple[str, ...]
NUMBERS = (int, float)


@dataclass(frozen=True)
class Component:
    """Where the entries of one unknown, given or equation stand: positions first to first + len(index)."""

    name: str
    first: int
    index: tuple[Index, ...]

    @property
    def slice(self) -> slice:
        """The positions, as a slice."""
        return slice(self.first, self.first + len(self.index))

    @cached_property
    def position(self) -> dict[Index, int]:
        """Position of each index."""
        return {index: self.first + k for k, index in enumerate(self.index)}


@dataclass(frozen=True)
class Program:
    """A linear program as arrays.

    Attributes
    ----------
    matrix : csc_array (rows, unknowns)
    given_matrix : csc_array (rows, givens)
    constant : array (rows,)
        So that row i reads ``matrix x + given_matrix p + constant {==, >=} 0``.
    equal : bool array (rows,)
        True where the row is an equation, False where it is ``>= 0``.
    lower, upper : arrays (unknowns,)
    costs : dict of (array (unknowns,), float)
        Each expression a stage may minimise: its coefficients and its constant.
    unknowns, givens, equations : dict of Component
    coefficients : dict of array
        For each coefficient that may change: where its entries stand in ``matrix.data``, in the order of its
        equation's index.
    """

    matrix: Any
    given_matrix: Any
    constant: Floats
    equal: NDArray[np.bool_]
    lower: Floats
    upper: Floats
    costs: dict[str, tuple[Floats, float]]
    unknowns: dict[str, Component]
    givens: dict[str, Component]
    equations: dict[str, Component]
    coefficients: dict[str, NDArray[np.intp]] = field(default_factory=dict)
    weights: dict[str, Floats] = field(default_factory=dict)

    def right_hand_side(self, givens: Floats) -> Floats:
        """Right-hand side of every row for these givens, ``-(G p + k)``; non-finite givens are refused."""
        if not np.isfinite(givens).all():
            position = int(np.flatnonzero(~np.isfinite(givens))[0])
            message = say("a given is not a finite number: {given}", given=self.name_of_given(position))
            raise SolverError(message)
        side: Floats = -(self.given_matrix @ givens + self.constant)
        return side + 0.0

    def with_coefficients(self, values: Mapping[str, Floats]) -> Program:
        """The same program with other values of the coefficients that may change; itself if none differs.

        Raises
        ------
        SolverError
            If a value is not finite, or becomes zero.
        """
        data = self.matrix.data.copy()
        for name, value in values.items():
            if not np.isfinite(value).all() or (value == 0.0).any():
                message = say("a coefficient is zero or not a finite number: {name}", name=name)
                raise SolverError(message)
            data[self.coefficients[name]] = value
        if np.array_equal(data, self.matrix.data):
            return self
        matrix = csc_array((data, self.matrix.indices, self.matrix.indptr), shape=self.matrix.shape)
        return replace(self, matrix=matrix)

    def within(self, unknown: str, lower: Floats, upper: Floats) -> Program:
        """The same program with an unknown kept between two arrays over its entries, besides its own bounds."""
        place = self.unknowns[unknown].slice
        low, high = self.lower.copy(), self.upper.copy()
        low[place], high[place] = np.maximum(low[place], lower), np.minimum(high[place], upper)
        return replace(self, lower=low, upper=high)

    def name_of_given(self, position: int) -> str:
        """``runoff[mountain, 2024-10]`` for a position among the givens."""
        return _name(self.givens, position)

    def name_of_unknown(self, position: int) -> str:
        """``flow[naryn, 2024-10]`` for a position among the unknowns."""
        return _name(self.unknowns, position)

    def name_of_row(self, position: int) -> str:
        """``water_balance[fields, 2024-10]`` for a row."""
        return _name(self.equations, position)


def _name(components: dict[str, Component], position: int) -> str:
    for component in components.values():
        if component.first <= position < component.first + len(component.index):
            return f"{component.name}[{', '.join(component.index[position - component.first])}]"
    return str(position)


def _component(name: str, first: int, keys: Iterable[Any]) -> Component:
    return Component(name, first, tuple(k if isinstance(k, tuple) else (k,) for k in keys))


class _Rows:
    """Relations walked one by one into rows of numbers; no expression is kept."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self.place = {id(v): k for k, v in enumerate(columns)}
        self.walk = LinearRepnVisitor({}, var_recorder=VarRecorder({}, None)).walk_expression
        self.columns: list[int] = []
        self.values: list[float] = []
        self.lengths: list[int] = []
        self.constants: list[float] = []
        self.equal: list[bool] = []

    def add(self, relation: Any, component: str, index: Index) -> None:
        """A relation ``there == used`` or ``there >= used``, as ``there - used`` and its sign."""
        kind = type(relation)
        if kind is EqualityExpression:
            there, used = relation.args
        elif kind is InequalityExpression:
            # Pyomo writes a >= b as b <= a
            used, there = relation.args
        else:
            message = say("a row is not one equation or inequality, or holds no variable at all: {row}", row=f"{component}{list(index)}")
            raise SolverError(message)
        self.constants.append(self._walked(there if type(used) in NUMBERS and not used else there - used))
        self.equal.append(kind is EqualityExpression)

    def _walked(self, expression: Any) -> float:
        """Take down the terms of one row; its constant."""
        found = self.walk(expression)
        if found.nonlinear is not None:
            message = say("the program is not linear in unknowns and givens: {expression}", expression=expression)
            raise SolverError(message)
        place = self.place
        self.columns += [place[key] for key in found.linear]
        self.values += found.linear.values()
        self.lengths.append(len(found.linear))
        return float(found.constant)

    def matrix(self) -> Any:
        """All rows, csr_array (rows, columns); entries that add up to zero are left out."""
        starts = np.cumsum([0, *self.lengths])
        found = csr_array((self.values, self.columns, starts), shape=(len(self.lengths), len(self.place)))
        found.eliminate_zeros()
        return found


def compile_formulation(formulation: Formulation) -> Program:
    """Turn a formulation into a `Program`.

    Parameters
    ----------
    formulation : Formulation
        Linear in unknowns and givens, every row an equation or ``>=``.

    Raises
    ------
    SolverError
        If a given has bounds or stands in a nonlinear term or an objective, or a row has two sides or no unknown.
    """
    # nothing made here is garbage before the end; collecting meanwhile costs half as much again
    with PauseGC():
        return _compiled(formulation)


def _compiled(formulation: Formulation) -> Program:
    unknowns, columns = _laid_out(formulation.unknowns)
    givens, known = _laid_out(formulation.givens)
    if any(v.lb is not None or v.ub is not None for v in known):
        message = say("a given has bounds; it is known, not decided")
        raise SolverError(message)
    width, rows, equations = len(columns), _Rows(columns + known), {}
    for name, relations in formulation.equations.items():
        first, indices = len(rows.lengths), []
        for index, relation in relations():
            rows.add(relation, name, index)
            indices.append(index)
        equations[name] = _component(name, first, indices)
    full = rows.matrix()
    matrix = csc_array(full[:, :width])
    silent = np.flatnonzero(np.bincount(matrix.indices, minlength=full.shape[0]) == 0)
    if len(silent):
        message = say("a row says nothing about any unknown: {row}", row=_name(equations, int(silent[0])))
        raise SolverError(message)
    matrix.sort_indices()
    return Program(
        matrix=matrix,
        given_matrix=csc_array(full[:, width:]),
        constant=np.array(rows.constants),
        equal=np.array(rows.equal, dtype=bool),
        lower=np.array([-np.inf if v.lb is None else v.lb for v in columns], dtype=float),
        upper=np.array([np.inf if v.ub is None else v.ub for v in columns], dtype=float),
        costs={name: _cost(expression(), columns, known) for name, expression in formulation.expressions.items()},
        unknowns=unknowns,
        givens=givens,
        equations=equations,
        coefficients={
            name: _entries(matrix, equations[equation], unknowns[unknown], of)
            for name, (equation, unknown, of) in formulation.coefficients.items()
        },
    )


def _laid_out(variables: Mapping[str, Any]) -> tuple[dict[str, Component], list[Any]]:
    components: dict[str, Component] = {}
    data: list[Any] = []
    for name, variable in variables.items():
        components[name] = _component(name, len(data), variable.keys())
        data += variable.values()
    return components, data


def _cost(expression: Any, columns: Sequence[Any], known: Sequence[Any]) -> tuple[Floats, float]:
    if type(expression) in NUMBERS:
        return np.zeros(len(columns)), float(expression)
    rows = _Rows([*columns, *known])
    rows.add(expression == 0.0, "expression", ())
    cost = rows.matrix().toarray()[0]
    if cost[len(columns) :].any():
        message = say("a given stands in an objective")
        raise SolverError(message)
    return cost[: len(columns)], rows.constants[0]


def _entries(matrix: Any, equation: Component, unknown: Component, of: Callable[..., Index] | None) -> NDArray[np.intp]:
    """Positions in ``matrix.data`` of the entries (equation[i], unknown[of(i)]), those that are not there left out."""
    found = []
    for row, index in enumerate(equation.index, start=equation.first):
        column = unknown.position.get(of(*index) if of else index)
        if column is None:
            continue
        begin, end = matrix.indptr[column : column + 2]
        found += [begin + k for k in np.flatnonzero(matrix.indices[begin:end] == row)]
    return np.array(found, dtype=np.intp)
