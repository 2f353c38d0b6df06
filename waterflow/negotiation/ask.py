"""Ask: a plan as it is and the plan of a what-if question, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from waterflow.accounts.comparison import compare
from waterflow.allocation.allocate import named
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.solve import solve
from waterflow.basin.basin import Basin
from waterflow.basin.wanted import require_basin

__all__ = ["Asked", "ask"]


@dataclass(frozen=True)
class Asked:
    """The answer to a what-if question.

    Attributes
    ----------
    base : Allocation
        The plan of the river as it is.
    allocation : Allocation
        The plan with the figures of the question, which stands in ``allocation.basin.questions`` as it was understood.
    """

    base: Allocation
    allocation: Allocation

    def beside(self) -> pd.DataFrame:
        """Both plans side by side, as `waterflow.compare` sets them."""
        return compare(self.base, self.allocation)


def ask(basin: Basin, questions: Mapping[str, float | str]) -> Asked:
    """Answer a what-if question: the plan as it is beside the one with other figures.

    Parameters
    ----------
    basin : Basin
    questions : mapping of address to value
        ``{"target.north.growing": 1792, "runoff.all": "x0.9"}`` (`waterflow.basin.questions`).

    Returns
    -------
    Asked
        Both plans audited, every stage certified.

    Raises
    ------
    InputError
        If the basin is not a river that can be allocated, or a question cannot be understood.
    ConflictError
        If no plan obeys every hard rule, as it is or with the figures of the question.
    SolverError
        If a program cannot be certified, or a plan fails its audit.
    """
    require_basin(basin, "ask")
    basin.require_valid()
    other = basin.asked(questions)
    other.require_valid()
    solved = solve(basin)
    # the same program with other givens goes on from where the base ended; a rule that was added makes another program
    near = other.structure == basin.structure and not basin.in_passes
    return Asked(named(solved), named(solve(other, solved.starts if near else None)))
