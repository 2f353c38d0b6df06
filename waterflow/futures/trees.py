"""Trees: what to decide before knowing which of several futures comes, what knowing would be worth, and what a plan for the mean misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.programs import program_of
from waterflow.allocation.ready import Ready
from waterflow.allocation.solve import Solved, Starts, shares_owed, solve_ready
from waterflow.basin.basin import Basin
from waterflow.basin.store_checks import require_straight
from waterflow.basin.wanted import require_basin
from waterflow.errors import ConflictError
from waterflow.futures.chances import require_chances, with_chances
from waterflow.futures.extensive import Extensive
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.tree_nodes import Tree, TreeNode, leaf_basins, tree_of
from waterflow.futures.tree_plans import DECISIONS, HELD, Plan, first_values, kept_within, mean_of, plan_at, plan_solved, without_heads
from waterflow.futures.tree_stages import Regret, TreeStage, solve_tree
from waterflow.progress import part
from waterflow.solver.highs import Infeasible
from waterflow.words.catalogue import say

__all__ = ["Decided", "NoPlanInLeaf", "tree"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class NoPlanInLeaf(ConflictError):
    """A leaf has no plan even by itself."""

    def __init__(self, leaf: str, error: ConflictError) -> None:
        super().__init__(error.clashing, error.concessions, error.conflict)
        self.leaf = leaf

    def __str__(self) -> str:
        """The leaf, and what clashes in it."""
        return "\n".join([say("Leaf {name} has no plan, whatever is decided before it.", name=self.leaf), super().__str__()])


@dataclass(frozen=True)
class Decided:
    """What to decide before knowing.

    Attributes
    ----------
    basin : Basin
        With runoff wherever a leaf has some.
    tree : Tree
    risk : RiskMeasure
    stages : tuple of TreeStage
        Over the tree, each certified.
    plans : tuple of Plan
        In each leaf; the same in all leaves as long as they are not told apart.
    foreseen : tuple of Plan
        Of each leaf for itself, as if it were known from the start.
    foreseen_values : dict of array (leaves,)
        What foresight reaches, by stage.
    mean : Plan or None
        The plan for the mean of runoff and prices; None where none exists.
    mean_values : dict of float
        By stage, the mean over the leaves of what comes of that plan if what it decides before anything is known is kept and the
        rest adapts; empty where no plan follows in some leaf.
    stuck : tuple of str
        Those leaves.
    """

    basin: Basin
    tree: Tree
    risk: RiskMeasure
    stages: tuple[TreeStage, ...]
    plans: tuple[Plan, ...]
    foreseen: tuple[Plan, ...]
    foreseen_values: Mapping[str, Floats]
    mean: Plan | None
    mean_values: Mapping[str, float]
    stuck: tuple[str, ...]


def tree(
    basin: Basin,
    nodes: Sequence[TreeNode],
    runoff: xr.DataArray | xr.Dataset | None = None,
    *,
    risk: RiskMeasure | None = None,
    regret: bool = False,
    chances: Mapping[str, float] | None = None,
    where: Mapping[str, str] | None = None,
) -> Decided:
    """Decide over a tree of futures: once for all leaves that are not told apart yet, for each by itself afterwards.

    Every stage of the basin's order, or its one sum of benefits, is minimised over all leaves (`waterflow.futures.tree_stages`).

    Parameters
    ----------
    basin : Basin
        Plants with head keep fixed rates.
    nodes : sequence of TreeNode
    runoff : DataArray or Dataset (member, node, period), optional
        Of the members that nodes name, as `waterflow.ensemble` takes it.
    risk : RiskMeasure, optional
        How much of every stage is the mean of the worst leaves; the mean alone without it.
    regret : bool
        Minimise the largest regret of every stage, and the mean among what is left.
    chances : dict of float, optional
        Probability with which a target must be met, by its name.
    where : dict of str, optional
        Where each node stands in a file, for messages.

    Returns
    -------
    Decided

    Raises
    ------
    InputError
        If the basin cannot be allocated, or anything asked is not valid; names everything.
    ConflictError
        If a leaf has no plan (`NoPlanInLeaf`), no plan suits all leaves at once, or a chance cannot be had.
    SolverError
        If a stage is unbounded, cannot be certified, or a plan fails its audit.
    """
    require_basin(basin, "tree")
    basin.require_valid()
    require_straight(basin, "tree")
    measure = risk or RiskMeasure()
    measure.require_valid()
    require_chances(basin, chances or {})
    names = [str(m) for m in runoff["member"].to_numpy()] if runoff is not None and "member" in runoff.coords else []
    laid = tree_of(basin, nodes, names, where)
    wet, leaves = leaf_basins(without_heads(basin), laid, runoff)
    return _Deciding(wet, laid, _ready(leaves), measure, regret, chances or {}).decided()


def _ready(basins: Sequence[Basin]) -> list[Ready]:
    """Basins with their programs, those of one structure with one."""
    found: list[Ready] = []
    kept: dict[str, Ready] = {}
    for basin in basins:
        program = kept[basin.structure].program if basin.structure in kept else program_of(basin)
        found.append(Ready.of(basin, program))
        kept.setdefault(basin.structure, found[-1])
    return found


class _Deciding:
    """A tree being decided."""

    def __init__(
        self, basin: Basin, laid: Tree, ready: list[Ready], measure: RiskMeasure, regret: bool, chances: Mapping[str, float]
    ) -> None:
        self.basin, self.tree, self.ready = basin, laid, ready
        self.measure, self.regret, self.chances = measure, regret, chances
        self.start: Starts | None = None

    def decided(self) -> Decided:
        """Everything."""
        with part(0.0, 0.2):
            foreseen = [self._foreseen(k) for k in range(len(self.ready))]
        values = {name: np.array([first_values(x).get(name, 0.0) for x in foreseen]) for x in foreseen for name in first_values(x)}
        measure: RiskMeasure | Regret = Regret(self._raw(values)) if self.regret else self.measure
        with part(0.2, 0.8):
            stages, plans = self._over(self.ready, self.tree, measure)
        with part(0.8, 1.0):
            mean, mean_values, stuck = self._from_the_mean()
        return Decided(
            self.basin,
            self.tree,
            self.measure,
            stages,
            plans,
            tuple(plan_solved(x) for x in foreseen),
            values,
            mean,
            mean_values,
            stuck,
        )

    def _foreseen(self, leaf: int) -> Solved:
        """The plan of a leaf for itself."""
        try:
            found = solve_ready(self.ready[leaf], self.start)
        except ConflictError as error:
            raise NoPlanInLeaf(self.tree.names[leaf], error) from None
        self.start = self.start or found.starts
        return found

    def _raw(self, values: Mapping[str, Floats]) -> dict[str, Floats]:
        """What foresight reaches, as it is minimised."""
        senses = {plan.name: plan.sense for ready in self.ready for plan in ready.plans}
        return {name: -x if senses.get(name) == "maximise" else x for name, x in values.items()}

    def _over(
        self,
        ready: Sequence[Ready],
        laid: Tree,
        measure: RiskMeasure | Regret,
        held: Mapping[tuple[str, tuple[str, ...]], float] | None = None,
    ) -> tuple[tuple[TreeStage, ...], tuple[Plan, ...]]:
        """The stages over a tree and the plan in each leaf; where shares of a surplus may be owed, twice."""
        shares = dict.fromkeys(ready[0].basin.threshold_shares, 0.0)
        asked = [x.owing(shares) for x in ready] if shares else list(ready)
        stages, points = self._solved(asked, laid, measure, held)
        owed = [shares_owed(x.basin, x.program, point) for x, point in zip(asked, points, strict=True)]
        if any(any(x.values()) for x in owed):
            asked = [x.owing(due) for x, due in zip(ready, owed, strict=True)]
            stages, points = self._solved(asked, laid, measure, held)
        return stages, tuple(plan_at(x, point) for x, point in zip(asked, points, strict=True))

    def _solved(
        self, ready: Sequence[Ready], laid: Tree, measure: RiskMeasure | Regret, held: Mapping[tuple[str, tuple[str, ...]], float] | None
    ) -> tuple[tuple[TreeStage, ...], list[Floats]]:
        extensive = Extensive(ready, laid)
        for (name, index), value in (held or {}).items():
            extensive.hold(name, index, value - HELD, value + HELD)
        if held is None:
            with_chances(extensive, self.basin, self.chances)
        try:
            stages, point = solve_tree(extensive, measure)
        except Infeasible:
            if held is not None:
                raise
            raise ConflictError((say("all rules in every leaf, with one plan until leaves are told apart"),)) from None
        return stages, [point[leaf.columns] for leaf in extensive.leaves]

    def _kept_alone(self, ready: Ready, held: Mapping[tuple[str, tuple[str, ...]], float]) -> dict[str, float] | None:
        """What a single leaf reaches where some decisions are kept, by stage; None where no plan follows."""
        try:
            return first_values(solve_ready(kept_within(ready, held), self.start))
        except ConflictError:
            return None

    def _from_the_mean(self) -> tuple[Plan | None, dict[str, float], tuple[str, ...]]:
        """The plan for the mean, what comes of it by stage, and the leaves in which none follows."""
        usual = mean_of(self.basin, [x.basin for x in self.ready], self.tree.probability)
        (own,) = _ready([usual])
        try:
            found = solve_ready(own)
        except ConflictError:
            return None, {}, ()
        mean = plan_solved(found)
        labels = set(self.basin.calendar.labels[: self.tree.root_periods])
        place = {name: found.program.unknowns[name] for name in DECISIONS}
        held = {(n, i): float(mean.point[c.position[i]]) for n, c in place.items() for i in c.index if i[-1] in labels}
        values: dict[str, float] = {}
        stuck: list[str] = []
        for branch in self.tree.branches:
            among = self.tree.among(branch)
            if len(branch) == 1:
                single = self._kept_alone(self.ready[branch[0]], held)
                if single is None:
                    stuck += among.names
                for name, value in (single or {}).items():
                    values[name] = values.get(name, 0.0) + float(self.tree.probability[branch[0]]) * value
                continue
            try:
                stages, _ = self._over([self.ready[k] for k in branch], among, RiskMeasure(), held)
            except Infeasible:
                stuck += among.names
                continue
            for stage in stages:
                values[stage.name] = values.get(stage.name, 0.0) + float(self.tree.probability[branch].sum()) * stage.value
        return mean, {} if stuck else values, tuple(stuck)
