"""Rows of a compiled program as text: ``water_balance[dam, 2024-01]: 1 runoff[dam, 2024-01] - ... == 0``."""

import numpy as np

from waterflow.formulation.formulate import formulation_of
from waterflow.solver.compile import compile_formulation

FIRST = 12


def program_of(basin):
    """The compiled program of a basin, from scratch."""
    return compile_formulation(formulation_of(basin))


def _terms(matrix, row, name):
    start, end = matrix.indptr[row], matrix.indptr[row + 1]
    places = sorted(zip(matrix.indices[start:end], matrix.data[start:end], strict=True))
    return [(float(value), name(place)) for place, value in places if value]


def _said(terms, constant):
    parts = [(value, f" {name}") for value, name in terms] + ([(constant, "")] if constant else [])
    text = " ".join(f"{'-' if value < 0 else '+'} {abs(value):.6g}{name}" for value, name in parts) or "0"
    return text.removeprefix("+ ")


def rows_of(program, equation):
    """Every row of one equation: its givens first, then its unknowns, then its constant."""
    component = program.equations[equation]
    by_row, by_given = program.matrix.tocsr(), program.given_matrix.tocsr()
    for row in range(component.first, component.first + len(component.index)):
        terms = _terms(by_given, row, program.name_of_given) + _terms(by_row, row, program.name_of_unknown)
        sign = "==" if program.equal[row] else ">="
        yield f"{program.name_of_row(row)}: {_said(terms, float(program.constant[row]))} {sign} 0"


def used_unknowns(program):
    """Names of the unknowns that stand in some row."""
    used = np.diff(program.matrix.tocsc().indptr) > 0
    return {name for name, c in program.unknowns.items() if used[c.slice].any()}
