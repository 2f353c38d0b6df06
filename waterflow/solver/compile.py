"""Compile: a Pyomo model once to arrays, with the slice of every named component and the givens split off.

The program is ``A x + G p + k {==, >=} 0`` with unknowns x and givens p, so the right-hand side for a set
of givens is ``-(G p + k)``: one compiled program serves every set of givens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csc_array

from waterflow.errors import SolverError

__all__ = ["Component", "Program", "compile_model"]

Floats = NDArray[np.float64]
Index = tuple[str, ...]


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
            message = f"a given is not a finite number: {self.name_of_given(position)}"
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
                message = f"a coefficient is zero or not a finite number: {name}"
                raise SolverError(message)
            data[self.coefficients[name]] = value
        if np.array_equal(data, self.matrix.data):
            return self
        matrix = csc_array((data, self.matrix.indices, self.matrix.indptr), shape=self.matrix.shape)
        return replace(self, matrix=matrix)

    def name_of_given(self, position: int) -> str:
        """``runoff[toktogul, 2024-10]`` for a position among the givens."""
        return _name(self.givens, position)

    def name_of_unknown(self, position: int) -> str:
        """``flow[naryn, 2024-10]`` for a position among the unknowns."""
        return _name(self.unknowns, position)

    def name_of_row(self, position: int) -> str:
        """``water_balance[uchkurgan, 2024-10]`` for a row."""
        return _name(self.equations, position)


def _name(components: dict[str, Component], position: int) -> str:
    for component in components.values():
        if component.first <= position < component.first + len(component.index):
            return f"{component.name}[{', '.join(component.index[position - component.first])}]"
    return str(position)


def _component(name: str, first: int, keys: Any) -> Component:
    return Component(name, first, tuple(k if isinstance(k, tuple) else (k,) for k in keys))


def _laid_out(model: Any, kind: Any, keep: Callable[[Any], bool]) -> tuple[dict[str, Component], list[Any]]:
    components: dict[str, Component] = {}
    data: list[Any] = []
    for item in model.component_objects(kind, active=True, descend_into=False):
        if keep(item):
            components[item.local_name] = _component(item.local_name, len(data), item.keys())
            data += item.values()
    return components, data


def compile_model(
    model: pyo.ConcreteModel, given_names: frozenset[str], coefficients: Mapping[str, tuple[str, str]] | None = None
) -> Program:
    """Turn a model into a `Program`.

    Parameters
    ----------
    model : ConcreteModel
        Linear, every row ``== 0`` or ``>= 0`` once the given columns are moved to the right.
    given_names : frozenset of str
        Names of the variables that are givens.
    coefficients : dict of (equation, unknown), optional
        Coefficients that may change: the entries of a row and a column of the same index.

    Raises
    ------
    SolverError
        If a given stands in a nonlinear term, an objective or a two-sided row.
    """
    unknowns, columns = _laid_out(model, pyo.Var, lambda v: v.local_name not in given_names)
    givens, known = _laid_out(model, pyo.Var, lambda v: v.local_name in given_names)
    equations, rows = _laid_out(model, pyo.Constraint, lambda _c: True)
    if any(v.lb is not None or v.ub is not None for v in known):
        message = "a given has bounds; it is known, not decided"
        raise SolverError(message)
    try:
        with PauseGC():
            form = LinearStandardFormCompiler().write(
                model, mixed_form=True, set_sense=None, column_order=columns + known, row_order=rows
            )
    except Exception as error:
        message = f"the program is not linear in unknowns and givens: {error}"
        raise SolverError(message) from error
    place = {id(v): k for k, v in enumerate(columns + known)}
    row_place = {id(c): k for k, c in enumerate(rows)}
    order = np.array([place[id(v)] for v in form.columns], dtype=np.intp)
    kinds = np.array([bound for _, bound in form.rows])
    if len(form.rows) != len({id(c) for c, _ in form.rows}):
        message = "a row has two sides; write it as two rows"
        raise SolverError(message)
    to_row = np.array([row_place[id(c)] for c, _ in form.rows], dtype=np.intp)
    count, width = len(rows), len(columns)
    if len(form.rows) != count:
        found = {id(c) for c, _ in form.rows}
        empty = next(c.name for c in rows if id(c) not in found)
        message = f"a row says nothing about any unknown: {empty}"
        raise SolverError(message)
    sign = np.where(kinds < 0, 1.0, np.where(kinds > 0, -1.0, 1.0))
    coo = form.A.tocoo()
    full = csc_array(
        (coo.data * sign[coo.row], (to_row[coo.row], order[coo.col])), shape=(count, width + len(known))
    )
    if (np.diff(csc_array(full[:, :width]).tocsr().indptr) == 0).any():
        message = "a row holds givens only, no unknown"
        raise SolverError(message)
    constant = np.empty(count)
    constant[to_row] = -np.asarray(form.rhs, dtype=float) * sign
    equal = np.empty(count, dtype=bool)
    equal[to_row] = kinds == 0
    matrix = csc_array(full[:, :width])
    matrix.sort_indices()
    return Program(
        matrix=matrix,
        given_matrix=csc_array(full[:, width:]),
        constant=constant,
        equal=equal,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in columns], dtype=float),
        upper=np.array([np.inf if v.ub is None else v.ub for v in columns], dtype=float),
        costs=_costs(form, order, width),
        unknowns=unknowns,
        givens=givens,
        equations=equations,
        coefficients={
            name: _entries(matrix, equations[equation], unknowns[unknown])
            for name, (equation, unknown) in (coefficients or {}).items()
        },
    )


def _entries(matrix: Any, equation: Component, unknown: Component) -> NDArray[np.intp]:
    """Positions in ``matrix.data`` of the entries (equation[i], unknown[i]), those that are not there left out."""
    rows, columns = np.arange(len(equation.index)) + equation.first, [unknown.position[i] for i in equation.index]
    found = []
    for row, column in zip(rows, columns, strict=True):
        begin, end = matrix.indptr[column : column + 2]
        found += [begin + k for k in np.flatnonzero(matrix.indices[begin:end] == row)]
    return np.array(found, dtype=np.intp)


def _costs(form: Any, order: NDArray[np.intp], width: int) -> dict[str, tuple[Floats, float]]:
    dense = np.zeros((len(form.objectives), len(order)))
    coo = form.c.tocoo()
    dense[coo.row, order[coo.col]] = coo.data
    if dense[:, width:].any():
        message = "a given stands in an objective"
        raise SolverError(message)
    offsets = np.asarray(form.c_offset, dtype=float)
    return {o.local_name: (dense[k, :width], float(offsets[k])) for k, o in enumerate(form.objectives)}
