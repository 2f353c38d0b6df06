"""Ready: a basin with all that a solve of it needs, made once and made over where only runoff or a share that is owed changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.basin.basin import Basin
from waterflow.formulation.objective import StagePlan, stage_plans
from waterflow.solver.compile import Program

__all__ = ["Ready"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ready:
    """A basin, its program, the value of every given of it, (givens,), and its stages."""

    basin: Basin
    program: Program
    givens: Floats
    plans: tuple[StagePlan, ...]

    @classmethod
    def of(cls, basin: Basin, program: Program | None = None) -> Ready:
        """All that a solve of a basin needs, with its own program unless another is given."""
        program = program or program_of(basin)
        return cls(basin, program, values_of_givens(basin, program), stage_plans(basin))

    def with_runoff(self, runoff: Floats) -> Ready:
        """The same with other runoff at the nodes that have any, (node, period), Mm3; no clause is judged again."""
        series: Any = dict(zip(self.basin.runoff, map(tuple, runoff.tolist()), strict=True))
        places = self.program.givens["runoff"].position
        labels = self.basin.calendar.labels
        at = [places[node, label] for node in self.basin.runoff for label in labels]
        return replace(self, basin=self.basin.replaced(runoff=series), givens=self._given(at, runoff.ravel()))

    def owing(self, owed: Mapping[str, float]) -> Ready:
        """The same with what its threshold shares owe, Mm3, by name."""
        shares: Any = {name: x.model_copy(update={"due": owed[name]}) for name, x in self.basin.threshold_shares.items()}
        basin = self.basin.replaced(threshold_shares=shares)
        places = self.program.givens["share_due"].position
        givens = self._given([places[(name,)] for name in shares], [owed[name] for name in shares])
        # what is due is claimed, if it is: nothing else a priority claims depends on it
        claimed = any(c.kind == "threshold_shares" for p in basin.objective.priorities for c in p.claims)
        return replace(self, basin=basin, givens=givens, plans=stage_plans(basin) if claimed else self.plans)

    def _given(self, at: list[int], values: Any) -> Floats:
        givens = self.givens.copy()
        givens[at] = values
        return givens
