"""Tree nodes: what may come, and when it is told apart; a table of nodes, checked against a basin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import at_runoff
from waterflow.errors import InputError, Problem
from waterflow.futures.runoff import runoff_of
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Tree", "TreeNode", "leaf_basins", "tree_of", "two_stages"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: probabilities of the children of a node add up to one within this
ROUNDING = 1e-6


@dataclass(frozen=True)
class TreeNode:
    """What is known from a period on, until a child is told apart.

    Attributes
    ----------
    name : str
    parent : str
        Empty for the root.
    first : str
        Label of its first period; of the root the first of the horizon.
    probability : float
        Given its parent.
    member : str
        Of the ensemble of runoff that holds in its periods; empty for the river's own.
    runoff_factor : float
        Share of that runoff.
    power_price : float
        Share of the river's own prices of bought and sold power; prices that a clause agrees stay.
    """

    name: str
    parent: str = ""
    first: str = ""
    probability: float = 1.0
    member: str = ""
    runoff_factor: float = 1.0
    power_price: float = 1.0


@dataclass(frozen=True)
class Tree:
    """Nodes by what they are told apart from.

    Attributes
    ----------
    nodes : tuple of TreeNode
    leaves : tuple of int
        Positions of the nodes without children.
    paths : array (leaves, periods)
        The node each leaf passes through in each period.
    probability : array (leaves,)
    """

    nodes: tuple[TreeNode, ...]
    leaves: tuple[int, ...]
    paths: Positions
    probability: Floats

    @cached_property
    def root_periods(self) -> int:
        """How many periods pass before anything is told apart."""
        return int((self.paths == self.paths[0, 0]).all(axis=0).sum())

    @cached_property
    def branches(self) -> tuple[Positions, ...]:
        """Leaves behind each child of the root, (leaves of the branch,)."""
        if self.root_periods == self.paths.shape[1]:
            return (np.arange(len(self.leaves)),)
        after = self.paths[:, self.root_periods]
        return tuple(np.flatnonzero(after == node) for node in dict.fromkeys(after.tolist()))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the leaves."""
        return tuple(self.nodes[k].name for k in self.leaves)

    def among(self, leaves: Positions) -> Tree:
        """The tree of some leaves alone, their probabilities made to add up to one."""
        own = self.probability[leaves]
        return Tree(self.nodes, tuple(self.leaves[k] for k in leaves), self.paths[leaves], own / own.sum())


def two_stages(basin: Basin, runoff: xr.DataArray | xr.Dataset, first: str) -> tuple[TreeNode, ...]:
    """A root with the river's own runoff, and from a period on one leaf for each member, weighed by its ``probability`` if it has one."""
    names = [str(m) for m in runoff["member"].to_numpy()]
    weights = runoff["probability"].to_numpy() if "probability" in runoff.coords else np.full(len(names), 1 / len(names))
    leaves = (TreeNode(name, "now", first, float(weight), name) for name, weight in zip(names, weights, strict=True))
    return (TreeNode("now", first=basin.calendar.labels[0]), *leaves)


def tree_of(basin: Basin, nodes: Sequence[TreeNode], members: Sequence[str] = (), where: Mapping[str, str] | None = None) -> Tree:
    """Check nodes against a basin and lay them over its periods.

    Parameters
    ----------
    basin : Basin
    nodes : sequence of TreeNode
    members : sequence of str
        Names of the members of runoff that nodes may name.
    where : mapping of str to str, optional
        Where each node stands in a file, for messages.

    Raises
    ------
    InputError
        With everything wrong at once.
    """
    checking = _Checking(basin, nodes, members, where or {})
    problems = [*checking.problems()]
    if problems:
        raise InputError(problems)
    return checking.tree()


class _Checking:
    """Nodes while they are checked."""

    def __init__(self, basin: Basin, nodes: Sequence[TreeNode], members: Sequence[str], where: Mapping[str, str]) -> None:
        self.labels, self.nodes, self.members, self.where = basin.calendar.labels, tuple(nodes), set(members), where
        self.by_name = {node.name: node for node in nodes}
        bought = any(x.kind == "import" and not x.clause for x in basin.supplies.values())
        self.traded = bought or any(not x.clause for x in basin.exports.values())
        self.roots = [node for node in nodes if not node.parent]

    def at(self, node: TreeNode, column: str) -> str:
        """Where a figure of a node stands."""
        return f"{self.where.get(node.name) or say('tree node {name}', name=node.name)}, {column}"

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong."""
        if len(self.roots) != 1:
            found = ", ".join(node.name for node in self.roots) or say("none")
            yield Problem("bad-tree", say("tree"), say("nodes without a parent: {names}", names=found), say("one, the root"))
        for name, count in Counter(node.name for node in self.nodes).items():
            if count > 1:
                yield Problem("twice", say("tree node {name}", name=name), name, say("each once"))
        for node in self.nodes:
            yield from self._figures(node)
            yield from self._place(node)
        yield from self._families()

    def _figures(self, node: TreeNode) -> Iterator[Problem]:
        if not (np.isfinite(node.probability) and 0 < node.probability <= 1):
            yield Problem("not-a-share", self.at(node, "probability"), f"{node.probability:g}", say("above 0, at most 1"))
        for column, value in (("runoff", node.runoff_factor), ("power_price", node.power_price)):
            if not (np.isfinite(value) and value >= 0):
                yield Problem("not-a-number", self.at(node, column), f"{value:g}", say("0 or more"))
        if node.power_price != 1.0 and not self.traded:
            yield Problem("bad-tree", self.at(node, "power_price"), f"{node.power_price:g}", say("a blank: no power is bought or sold"))
        if node.member and node.member not in self.members:
            allowed = say("a share of the model's own runoff, or a member of the runoff that is given")
            yield Problem("bad-runoff", self.at(node, "runoff"), node.member, allowed, slip(node.member, self.members))

    def _place(self, node: TreeNode) -> Iterator[Problem]:
        span = say("{first} to {last}", first=self.labels[0], last=self.labels[-1])
        if node.first not in self.labels:
            allowed = say("a period of the horizon: {span}", span=span)
            yield Problem("bad-tree", self.at(node, "from"), node.first or say("a blank"), allowed, slip(node.first, self.labels))
        elif not node.parent and node.first != self.labels[0]:
            yield Problem(
                "bad-tree", self.at(node, "from"), node.first, say("the first period of the horizon, {first}", first=self.labels[0])
            )
        if node.parent and node.parent not in self.by_name:
            yield Problem("bad-tree", self.at(node, "parent"), node.parent, say("the name of a node"), slip(node.parent, self.by_name))
        elif node.parent and not self._reaches_root(node):
            yield Problem("bad-tree", self.at(node, "parent"), node.parent, say("a node that leads to the root"))

    def _reaches_root(self, node: TreeNode) -> bool:
        seen = set()
        while node.parent in self.by_name and node.name not in seen:
            seen.add(node.name)
            node = self.by_name[node.parent]
        return node.name not in seen

    def _families(self) -> Iterator[Problem]:
        """Children of one node begin together, after it, and one of them comes."""
        for parent in self.nodes:
            children = [node for node in self.nodes if node.parent == parent.name]
            if not children:
                continue
            begin = {child.first for child in children if child.first in self.labels}
            if len(begin) > 1:
                found = ", ".join(sorted(begin))
                yield Problem(
                    "bad-tree", self.at(parent, "from"), say("children from {found}", found=found), say("one period for all of them")
                )
            if parent.first in self.labels and any(self.labels.index(b) <= self.labels.index(parent.first) for b in begin):
                yield Problem("bad-tree", self.at(parent, "from"), parent.first, say("a period before those of its children"))
            whole = sum(child.probability for child in children)
            if not abs(whole - 1) <= ROUNDING:
                yield Problem("not-a-share", self.at(parent, "probability"), f"{whole:g}", say("children that together have 1"))

    def tree(self) -> Tree:
        """The tree of nodes without a fault."""
        place = {node.name: k for k, node in enumerate(self.nodes)}
        parents = {node.parent for node in self.nodes}
        leaves = [k for k, node in enumerate(self.nodes) if node.name not in parents]
        paths = np.empty((len(leaves), len(self.labels)), dtype=np.intp)
        probability = np.ones(len(leaves))
        for row, leaf in enumerate(leaves):
            last, node = len(self.labels), self.nodes[leaf]
            while True:
                first = self.labels.index(node.first)
                paths[row, first:last] = place[node.name]
                last = min(last, first)
                probability[row] *= node.probability
                if not node.parent:
                    break
                node = self.by_name[node.parent]
        return Tree(self.nodes, tuple(leaves), paths, probability)


def leaf_basins(basin: Basin, tree: Tree, members: xr.DataArray | xr.Dataset | None) -> tuple[Basin, list[Basin]]:
    """The basin with runoff wherever a member has some, and that of each leaf: its runoff and prices, clauses judged on its runoff.

    Raises
    ------
    InputError
        As `waterflow.futures.runoff.runoff_of`.
    """
    given = runoff_of(basin, members, "runoff") if members is not None else None
    wet = given.basin if given else basin
    own = np.array(list(wet.runoff.values()), dtype=float).reshape(len(wet.runoff), -1)
    known = dict(zip(given.members, given.values, strict=True)) if given else {}
    found = []
    for path in tree.paths:
        series = np.stack([_period(tree.nodes[node], known, own)[:, k] for k, node in enumerate(path)], axis=1)
        leaf = at_runoff(wet, dict(zip(wet.runoff, map(tuple, series.tolist()), strict=True)))
        found.append(_priced(leaf, [tree.nodes[node].power_price for node in path]))
    return wet, found


def _period(node: TreeNode, members: Mapping[str, Floats], own: Floats) -> Floats:
    """Runoff of a node over the whole horizon, (node, period)."""
    return node.runoff_factor * (members[node.member] if node.member else own)


def _priced(basin: Basin, shares: Sequence[float]) -> Basin:
    """The basin with other prices of bought and sold power."""
    if all(share == 1.0 for share in shares):
        return basin

    def changed(prices: Sequence[float]) -> tuple[float, ...]:
        return tuple(price * share for price, share in zip(prices, shares, strict=True))

    supplies = {
        name: x.model_copy(update={"cost": changed(x.cost)}) if x.kind == "import" and not x.clause else x
        for name, x in basin.supplies.items()
    }
    exports = {name: x if x.clause else x.model_copy(update={"price": changed(x.price)}) for name, x in basin.exports.items()}
    return basin.replaced(supplies=supplies, exports=exports)
