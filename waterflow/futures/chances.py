r"""Chances: targets that must be met with a probability, and the leaves in which they may then be missed.

One choice :math:`z_n \in \{0, 1\}` for each target and node in which its window ends: the shortfall is at most the target where z is
one and nothing where it is zero, and :math:`\sum_n p_n z_n \le 1 - p` (Charnes and Cooper, 1959, for finitely many cases). The choice is
the one of the least expected cost; what follows it is a linear program again, certified as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, hstack, vstack

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.errors import ConflictError, InputError, Problem
from waterflow.futures.extensive import Extensive
from waterflow.solver.highs import Infeasible, least_with_choices
from waterflow.solver.polyhedron import Polyhedron
from waterflow.words.catalogue import say
from waterflow.words.near import slip
from waterflow.words.numbers import per_cent

__all__ = ["require_chances", "with_chances"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: a sum of probabilities may pass what is allowed by this
ROUNDING = 1e-9


def require_chances(basin: Basin, chances: Mapping[str, float]) -> None:
    """Refuse targets there are none of and probabilities that are none."""
    problems = []
    for name, share in chances.items():
        if name not in basin.targets:
            problems.append(
                Problem(
                    "unknown-target",
                    "chance",
                    name,
                    ", ".join(basin.targets) or say("none: the model has no target"),
                    slip(name, basin.targets),
                )
            )
        if not 0 < share <= 1:
            problems.append(Problem("not-a-share", f"chance: {name}", f"{share:g}", say("above 0, at most 1")))
    if problems:
        raise InputError(problems)


def with_chances(tree: Extensive, basin: Basin, chances: Mapping[str, float]) -> None:
    """Let the targets be missed only in the leaves chosen; the tree's bounds are narrowed in place.

    Raises
    ------
    ConflictError
        If no plan gives those probabilities; says what can be had.
    """
    if not chances:
        return
    asked = _Asked(tree, basin, chances)
    cost = tree.expected([leaf.ready.program.costs["net_cost"][0] for leaf in tree.leaves])
    try:
        chosen = asked.least(cost, np.zeros(asked.count), chances)
    except Infeasible:
        raise ConflictError(tuple(asked.possible(chances))) from None
    for column, may in zip(asked.columns, chosen, strict=True):
        if not may:
            tree.upper[column] = 0.0


class _Asked:
    """The tree with a choice for each target and node in which its window ends."""

    def __init__(self, tree: Extensive, basin: Basin, chances: Mapping[str, float]) -> None:
        self.tree, self.basin = tree, basin
        found: dict[int, tuple[str, float]] = {}
        for leaf in tree.leaves:
            place = leaf.ready.program.unknowns["target_shortfall"].position
            for name in chances:
                column = int(leaf.columns[place[(name,)]])
                found[column] = name, found.get(column, (name, 0.0))[1] + leaf.probability
        self.columns = np.array(list(found), dtype=np.intp)
        self.targets = [name for name, _ in found.values()]
        self.probability = np.array([p for _, p in found.values()])
        self.count = len(found)

    def least(self, cost: Floats, of_choices: Floats, chances: Mapping[str, float]) -> list[bool]:
        """Which choices are taken at the least cost."""
        p, every = self.tree.polyhedron, np.arange(self.count)
        amounts = np.array([self.basin.targets[name].amount for name in self.targets])
        width = p.matrix.shape[1]
        within = coo_array(
            (np.concatenate([-np.ones(self.count), amounts]), (np.tile(every, 2), np.concatenate([self.columns, width + every]))),
            shape=(self.count, width + self.count),
        )
        sums = np.array([[-x if name == own else 0.0 for own, x in zip(self.targets, self.probability, strict=True)] for name in chances])
        sums = np.hstack([np.zeros((len(chances), width)), sums])
        matrix = vstack([hstack([p.matrix, csc_array((p.matrix.shape[0], self.count))]), within, csc_array(sums)], format="csc")
        allowed = np.array([share - 1.0 - ROUNDING for share in chances.values()])
        whole = Polyhedron(
            csc_array(matrix),
            np.append(p.lower, np.zeros(self.count)),
            np.append(p.upper, np.ones(self.count)),
            np.concatenate([p.row_lower, np.zeros(self.count), allowed]),
            np.append(p.row_upper, np.full(self.count + len(chances), np.inf)),
        )
        size = max(float(np.abs(cost).max(initial=0.0)), float(np.abs(of_choices).max(initial=0.0))) or 1.0
        found = least_with_choices(whole, np.append(cost, of_choices) / size, width + every)
        return [bool(z > 0.5) for z in found[width:]]

    def possible(self, chances: Mapping[str, float]) -> Iterator[str]:
        """Each target with the largest probability it can have alone."""
        for name, share in chances.items():
            own = np.array([p if target == name else 0.0 for target, p in zip(self.targets, self.probability, strict=True)])
            try:
                taken = self.least(np.zeros(self.tree.width), own, dict.fromkeys(chances, 0.0))
            except Infeasible:
                # targets have nothing to do with it
                yield say("all rules in every leaf, with one plan until leaves are told apart")
                return
            most = 1.0 - float(own[np.array(taken)].sum())
            about = {"target": called(self.basin, self.basin.targets[name].place), "share": per_cent(share), "most": per_cent(most)}
            yield say("target at {target} met with a probability of {share} ({most} can be had at most)", **about)
