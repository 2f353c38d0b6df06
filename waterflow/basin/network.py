"""The network: nodes, the reaches between them, and what makes them one river."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Literal

from waterflow.basin.part import Nonnegative, Part, Series, Share
from waterflow.errors import Problem, unknown
from waterflow.words.catalogue import say

__all__ = ["Node", "NodeKind", "Reach", "Recharge", "loop_of", "river_problems"]

NodeKind = Literal["junction", "reservoir", "lake", "aquifer", "outlet"]


class Node(Part):
    """A place where water is balanced (or, for an outlet, where it leaves the model).

    ``x`` and ``y`` place it on the schematic, 0 to 100. ``title`` and ``title_ru`` are for people.
    """

    name: str
    kind: NodeKind = "junction"
    title: str = ""
    title_ru: str = ""
    x: float = 0.0
    y: float = 0.0


class Reach(Part):
    """A stretch of river or canal between two nodes.

    Attributes
    ----------
    evaporation, seepage : Series
        Share of the water entering in a period that is lost on the way, by cause.
    constant_loss : Series
        What seeps away whatever flows, Mm3 in each period of the timeline; all there is where that is less. Empty for nothing.
    dry : tuple of bool
        Whether no more than that loss is to enter in a period of the horizon; empty while it is not settled.
    travel_days : tuple of float
        Travel time of water entering, for each period of the timeline (history, then horizon).
    capacity : Series or None
        Most that can enter, Mm3 per period; None where nothing limits it.
    flow_before : Series
        Water that entered in each period of the history, Mm3.
    spill_cost : float
        Million USD per Mm3 that enters.
    spillway : bool
        True if it is closed unless a plan opens it: what it passes is no release.
    owner : str
        Party that bears the cost of a spill; empty for nobody.
    outlet : tuple of (storage, flow)
        The most that can leave the reservoir above by it at a storage, Mm3 and m3/s, straight in between; empty where
        its storage does not limit it.
    """

    name: str
    start: str
    end: str
    title: str = ""
    title_ru: str = ""
    evaporation: tuple[Share, ...]
    seepage: tuple[Share, ...]
    constant_loss: tuple[Nonnegative, ...] = ()
    dry: tuple[bool, ...] = ()
    travel_days: tuple[Nonnegative, ...]
    capacity: tuple[Nonnegative, ...] | None = None
    flow_before: Series
    spill_cost: Nonnegative = 0.0
    spillway: bool = False
    owner: str = ""
    outlet: tuple[tuple[Nonnegative, Nonnegative], ...] = ()

    @property
    def ends(self) -> tuple[str, str]:
        """The nodes at its upper and lower end."""
        return self.start, self.end

    def outlet_lines(self) -> tuple[tuple[float, float], ...]:
        """Lines (m3/s, m3/s per Mm3) whose least is the most that can leave at a storage; level above the last point."""
        steps = ((low, below, (above - below) / (high - low)) for (low, below), (high, above) in pairwise(self.outlet))
        rising = [(below - slope * low, slope) for low, below, slope in steps if slope > 0]
        return (*rising, (self.outlet[-1][1], 0.0)) if self.outlet else ()

    def kept(self, moment: int) -> float:
        """Share of the water entering in a period of the timeline that its shares of loss leave."""
        return 1.0 - self.evaporation[moment] - self.seepage[moment]

    def lost_then(self, moment: int) -> float:
        """What the constant loss took in a period of the history, Mm3."""
        return min(self.constant_loss[moment], self.kept(moment) * self.flow_before[moment]) if self.constant_loss else 0.0


class Recharge(Part):
    """Where water that seeps away comes to.

    Attributes
    ----------
    kind : str
        Seepage of a reach or of a reservoir, or what a user takes.
    origin : str
        Its name.
    node : str
        Where it comes to: an aquifer, or any node below.
    share : float
        How much of it: of the seepage, or of the water taken.
    """

    name: str
    kind: Literal["reach", "reservoir", "demand"]
    origin: str
    node: str
    share: Share


def loop_of(ways: Iterable[tuple[str, str]]) -> list[str]:
    """Nodes of one loop of ways from one to another, empty where water can only run down (depth-first search)."""
    below: dict[str, list[str]] = {}
    for start, end in ways:
        below.setdefault(start, []).append(end)
    done: set[str] = set()
    for origin in sorted(below):
        path: list[str] = []
        trail = [(origin, iter(below.get(origin, [])))]
        path.append(origin)
        while trail:
            node, onward = trail[-1]
            step = next((n for n in onward if n not in done), None)
            if step is None:
                done.add(node)
                path.pop()
                trail.pop()
            elif step in path:
                return [*path[path.index(step) :], step]
            else:
                path.append(step)
                trail.append((step, iter(below.get(step, []))))
    return []


def river_problems(nodes: Mapping[str, Node], reaches: Mapping[str, Reach]) -> list[Problem]:
    """What keeps nodes and reaches from being a river: unknown nodes, dead ends, stray nodes."""
    problems: list[Problem] = []
    for reach in reaches.values():
        problems += [
            unknown("node", say("reach {name}", name=reach.name), node, nodes) for node in (reach.start, reach.end) if node not in nodes
        ]
    if problems:
        return problems
    leaving = {reach.start for reach in reaches.values()}
    touched = leaving | {reach.end for reach in reaches.values()}
    for node in nodes.values():
        if node.name not in touched and node.kind != "outlet":
            problems.append(
                Problem("stray-node", say("node {name}", name=node.name), say("no reach to or from it"), say("a node on the river"))
            )
        elif node.kind == "outlet" and node.name in leaving:
            where = say("node {name}", name=node.name)
            problems.append(Problem("outlet-continues", where, say("a reach that leaves an outlet"), say("no reach below an outlet")))
        elif node.kind == "junction" and node.name not in leaving:
            allowed = say("a reach onward, or kind outlet, reservoir or lake")
            problems.append(Problem("dead-end", say("node {name}", name=node.name), say("a junction with no way out"), allowed))
    return problems
