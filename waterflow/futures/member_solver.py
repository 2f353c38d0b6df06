"""One basin solved with the runoff of one member after another, each from a reference that is near."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.ready import Ready
from waterflow.allocation.solve import Solved, Starts, solve_ready
from waterflow.basin.basin import Basin
from waterflow.basin.clause_parts import RunoffClass
from waterflow.basin.clause_rows import at_runoff, classes_of
from waterflow.errors import SolverError
from waterflow.futures.references import References
from waterflow.solver.highs import Infeasible
from waterflow.solver.priorities import Start, solve_stages

__all__ = ["MemberSolver", "series_of"]

Floats = NDArray[np.float64]
Classes = tuple[RunoffClass, ...]
#: programs are kept by the whole process: one thread at a time makes one
_making = threading.Lock()


def series_of(basin: Basin, runoff: Floats) -> dict[str, tuple[float, ...]]:
    """Runoff of a member, (node, period), by node as a basin has it."""
    return dict(zip(basin.runoff, map(tuple, runoff.tolist()), strict=True))


class MemberSolver:
    """Solves one river with other runoff: what does not change with runoff is made once, references are solved when first needed.

    Where a member starts decides how long it takes, not what it finds. References are solved each from the one it was
    chosen after, the first from scratch, so that they too are the same whatever was solved before.

    Parameters
    ----------
    basin : Basin
        Valid. With head every member is solved from scratch.
    references : References
    """

    def __init__(self, basin: Basin, references: References) -> None:
        self.basin, self.references = basin, references
        self._ready: dict[Classes, Ready] = {}
        self._starts: dict[tuple[Classes, int], Start | None] = {}

    def solve(self, runoff: Floats, reference: int) -> Solved:
        """The plan of a member, (node, period) Mm3, from a reference.

        Raises
        ------
        ConflictError
            If no plan obeys every hard rule.
        SolverError
            If a stage cannot be certified.
        """
        series = series_of(self.basin, runoff)
        classes = classes_of(self.basin, series)
        with _making:
            if classes not in self._ready:
                self._ready[classes] = Ready.of(at_runoff(self.basin, series))
        start = None if self.basin.in_passes else self._start(classes, reference)
        return solve_ready(self._ready[classes].with_runoff(runoff), Starts(start) if start else None)

    def _start(self, classes: Classes, reference: int) -> Start | None:
        """Where a reference that owes nothing ended; where there is no plan for it, where the one before it did."""
        key = classes, reference
        if key not in self._starts:
            parent = int(self.references.parents[reference])
            before = self._start(classes, parent) if parent >= 0 else None
            asked = self._ready[classes].with_runoff(self.references.runoff[reference])
            if self.basin.threshold_shares:
                asked = asked.owing(dict.fromkeys(self.basin.threshold_shares, 0.0))
            try:
                self._starts[key] = solve_stages(asked.program, asked.givens, asked.plans, before).start
            except (Infeasible, SolverError):
                self._starts[key] = before
        return self._starts[key]
