"""From a basin to a Pyomo model: every process declares its unknowns and givens, then enforces its equations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from types import SimpleNamespace
from typing import Any

import pyomo.environ as pyo

from waterflow.basin.basin import Basin
from waterflow.formulation import hydropower
from waterflow.formulation.language import Coefficient, Equation, Formulation, Given, Unknown, dimension, members
from waterflow.formulation.objective import EXPRESSIONS
from waterflow.formulation.processes import PROCESSES

__all__ = [
    "coefficients",
    "dimensions",
    "equations",
    "formulate",
    "formulation_of",
    "givens",
    "unknowns",
]


def unknowns() -> tuple[Unknown, ...]:
    """Every unknown of every process."""
    return tuple(x for process in PROCESSES for x in getattr(process, "UNKNOWNS", ()))


def givens() -> tuple[Given, ...]:
    """Every given of every process."""
    return tuple(x for process in PROCESSES for x in getattr(process, "GIVENS", ()))


def equations() -> tuple[Equation, ...]:
    """Every equation of every process."""
    return tuple(x for process in PROCESSES for x in getattr(process, "EQUATIONS", ()))


def coefficients() -> tuple[Coefficient, ...]:
    """Every coefficient that may change between solves."""
    return hydropower.COEFFICIENTS


def dimensions() -> dict[str, str]:
    """Every index set and the dimension of the Dataset it is, in the order in which they are met."""
    words: tuple[Unknown | Given | Equation, ...] = (*unknowns(), *givens(), *equations())
    return {name: dimension(name) for word in words for name in word.over}


def formulation_of(basin: Basin) -> Formulation:
    """Declare every unknown and given of a basin; its rows are made when they are asked for."""
    variables: dict[str, Any] = {}
    for unknown in unknowns():
        variables[unknown.name] = _variable(basin, unknown)
    for given in givens():
        variables[given.name] = _variable(basin, given)
    # rules read m.flow[a, t] from plain dicts: ten times faster than from a Pyomo component
    m = SimpleNamespace(basin=basin, **{name: dict(v.items()) for name, v in variables.items()})
    return Formulation(
        unknowns={x.name: variables[x.name] for x in unknowns()},
        givens={x.name: variables[x.name] for x in givens()},
        equations={x.name: partial(_rows, m, x) for x in equations()},
        expressions={name: partial(expression, m) for name, expression in EXPRESSIONS.items()},
        coefficients={x.name: (x.equation, x.unknown, partial(x.of, basin) if x.of else None) for x in coefficients()},
    )


def _variable(basin: Basin, word: Unknown | Given) -> Any:
    sets = [members(basin, s) for s in word.over]
    bounds = {} if isinstance(word, Given) else {"bounds": lambda _m, *index: word.bounds(basin, *index)}
    variable = pyo.Var(*sets, **bounds)
    variable.construct()
    return variable


def _rows(m: Any, equation: Equation) -> Iterator[tuple[tuple[str, ...], Any]]:
    for index in product(*(members(m.basin, s) for s in equation.over)):
        row = equation.rule(m, *index)
        if row is not None:
            yield index, row


def formulate(basin: Basin) -> pyo.ConcreteModel:
    """The linear program of a basin as one Pyomo model, to be read or given to another solver.

    Unknowns and givens are variables, equations are constraints of the same name, and every expression a
    stage may minimise is an objective. `waterflow.allocate` walks the same rows without keeping them. A plant with
    a head has its fixed rate, unless its head says where to draw the line: then the program is one of the passes.
    """
    formulation = formulation_of(basin)
    model = pyo.ConcreteModel(name=basin.name)
    for name, variable in (formulation.unknowns | formulation.givens).items():
        model.add_component(name, variable)
    for name, rows in formulation.equations.items():
        found = dict(rows())
        model.add_component(name, pyo.Constraint(list(found), rule=lambda _m, *index, found=found: found[index]))
    for name, expression in formulation.expressions.items():
        model.add_component(name, pyo.Objective(expr=expression()))
    return model
