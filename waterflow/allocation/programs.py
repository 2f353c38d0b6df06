"""Programs: the compiled program of a basin, kept by structure, and the values of its givens."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import coefficients, formulation_of, givens
from waterflow.solver.compile import Program, compile_formulation

__all__ = ["program_of", "values_of_givens"]

PROGRAMS_KEPT = 8
_programs: OrderedDict[str, Program] = OrderedDict()


def program_of(basin: Basin) -> Program:
    """The compiled program of a basin; basins that differ only in givens and coefficients are compiled once."""
    if basin.structure in _programs:
        _programs.move_to_end(basin.structure)
    else:
        _programs[basin.structure] = compile_formulation(formulation_of(basin))
        while len(_programs) > PROGRAMS_KEPT:
            _programs.popitem(last=False)
    program = _programs[basin.structure]
    return program.with_coefficients(
        {
            c.name: np.array([v for index in program.equations[c.equation].index if (v := c.value(basin, *index))], dtype=float)
            for c in coefficients()
            if len(program.coefficients[c.name])
        }
    )


def values_of_givens(basin: Basin, program: Program) -> NDArray[np.float64]:
    """The value of every given of a program, in its order."""
    return np.array(
        [given.value(basin, *index) for given in givens() for index in program.givens[given.name].index],
        dtype=float,
    )
