"""From a basin to a Pyomo model: every process declares its unknowns and givens, then enforces its equations."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pyomo.environ as pyo

from waterflow.basin.basin import Basin
from waterflow.formulation import (
    demands,
    end_values,
    energy_balance,
    floors,
    hydropower,
    power,
    reaches,
    reservoirs,
    runoff,
    spills,
    steadiness,
    targets,
    threshold_shares,
    water_balance,
)
from waterflow.formulation.language import SETS, Coefficient, Equation, Given, Unknown
from waterflow.formulation.objective import EXPRESSIONS

__all__ = ["PROCESSES", "coefficients", "equations", "formulate", "givens", "unknowns"]

PROCESSES: tuple[ModuleType, ...] = (
    runoff,
    reaches,
    reservoirs,
    demands,
    floors,
    targets,
    threshold_shares,
    spills,
    hydropower,
    power,
    end_values,
    steadiness,
    water_balance,
    energy_balance,
)


def unknowns() -> tuple[Unknown, ...]:
    """Every unknown of every process."""
    return tuple(x for process in PROCESSES for x in process.UNKNOWNS)


def givens() -> tuple[Given, ...]:
    """Every given of every process."""
    return tuple(x for process in PROCESSES for x in process.GIVENS)


def equations() -> tuple[Equation, ...]:
    """Every equation of every process."""
    return tuple(x for process in PROCESSES for x in process.EQUATIONS)


def coefficients() -> tuple[Coefficient, ...]:
    """Every coefficient that may change between solves."""
    return hydropower.COEFFICIENTS


def _rule(equation: Equation) -> Any:
    def rule(m: Any, *index: str) -> Any:
        row = equation.rule(m, *index)
        return pyo.Constraint.Skip if row is None else row

    return rule


def formulate(basin: Basin) -> pyo.ConcreteModel:
    """Build the linear program of a basin.

    Unknowns and givens are Pyomo variables, equations are constraints of the same name, and
    every expression a stage may minimise is an objective. The basin itself is ``m.basin``.
    """
    m = pyo.ConcreteModel(name=basin.name)
    m.basin = basin
    for name, members in SETS.items():
        m.add_component(name, pyo.Set(initialize=members(basin), ordered=True))
    for unknown in unknowns():
        over = [getattr(m, s) for s in unknown.over]
        m.add_component(
            unknown.name, pyo.Var(*over, bounds=lambda m, *index, u=unknown: u.bounds(m.basin, *index))
        )
    for given in givens():
        m.add_component(given.name, pyo.Var(*[getattr(m, s) for s in given.over]))
    for equation in equations():
        over = [getattr(m, s) for s in equation.over]
        m.add_component(equation.name, pyo.Constraint(*over, rule=_rule(equation)))
    for name, expression in EXPRESSIONS.items():
        m.add_component(name, pyo.Objective(expr=expression(m)))
    return m
