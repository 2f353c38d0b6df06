"""Simulate: what a river does with releases and withdrawals that are given; the audit's arithmetic run forward.

Nothing is decided and nothing is enforced: a storage may leave its limits and is reported so. Only a junction
cannot give what it does not have; withdrawals there are cut in equal parts, and what is missing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.network import Recharge, loop_of
from waterflow.basin.store_checks import place_of
from waterflow.errors import InputError, Problem, unknown
from waterflow.simulation.flows import ways_of
from waterflow.simulation.stores import closing_storage
from waterflow.words.catalogue import say, say_many

__all__ = ["Simulated", "simulate"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Simulated:
    """What a simulated river does, Mm3; figures that rest on what is not known are NaN.

    Attributes
    ----------
    basin : Basin
    flow : array (reach, period)
        Water entering each reach.
    arrived : array (reach, period)
        Water leaving it at its lower end.
    storage : array (reservoir, period)
        At the end of the period, before it is reset.
    delivery : array (demand, period)
    missing : array (demand, period)
        Asked and not there.
    inflow : array (node, period)
        All water that comes to a node: by its reaches, its own runoff and drainage.
    evaporation : array (reservoir, period)
    seepage : array (reservoir, period)
    """

    basin: Basin
    flow: Floats
    arrived: Floats
    storage: Floats
    delivery: Floats
    missing: Floats
    inflow: Floats
    evaporation: Floats
    seepage: Floats


def simulate(
    basin: Basin,
    releases: Mapping[str, Sequence[float] | Floats],
    resets: Mapping[str, Sequence[float] | Floats] | None = None,
) -> Simulated:
    """Run water down a river: needs are withdrawals, releases are what they are said to be.

    Parameters
    ----------
    basin : Basin
        Its needs are what is withdrawn, Mm3.
    releases : mapping of series (periods,)
        Water entering every reach that leaves a reservoir, and all but one of those that leave a junction; the
        one left takes the rest. A spillway that is not named passes nothing, but where it is a junction's only way left.
    resets : mapping of series (periods,), optional
        By reservoir: storage put in place of the simulated one at the START of a period; NaN where none is.

    Raises
    ------
    InputError
        If a reach that must have a release has none, or a name or a length is wrong; names them all.
    """
    problems = _problems(basin, releases, resets or {})
    if problems:
        raise InputError(problems)
    run = _Run(basin, releases, resets or {})
    for t in range(run.count):
        for node in run.order:
            run.step(node, t)
    return run.found()


def _problems(basin: Basin, releases: Mapping[str, object], resets: Mapping[str, object]) -> list[Problem]:
    count = len(basin.calendar.periods)
    found = [unknown("reach", say("release of {name}", name=n), n, basin.reaches) for n in releases if n not in basin.reaches]
    found += [unknown("reservoir", say("storage of {name}", name=n), n, basin.reservoirs) for n in resets if n not in basin.reservoirs]
    places = [(say("release of {name}", name=n), v) for n, v in releases.items()]
    places += [(say("storage of {name}", name=n), v) for n, v in resets.items()]
    for where, series in places:
        length = np.size(series)  # type: ignore[arg-type]
        if length != count:
            values = say_many("{count} value", "{count} values", length)
            found.append(Problem("series-length", where, values, say("{count}, one for each period", count=count)))
    for node, ways in basin.paths.departing.items():
        if node in basin.aquifers:
            found += _decided_by_law(node, [a for a in ways if a in releases])
            continue
        free = [a for a in ways if _rests(basin, releases, a)]
        allowed = 0 if node in basin.reservoirs else 1
        if len(free) > allowed:
            cause = say("Water of a reservoir waits until it is let go.") if allowed == 0 else say("One reach takes the rest, no more.")
            found.append(
                Problem(
                    "no-release",
                    say("node {node}", node=node),
                    say("no release for {names}", names=", ".join(free)),
                    say("at most {allowed} left open", allowed=allowed),
                    cause,
                )
            )
    return [*found, *_round(basin, releases)]


def _round(basin: Basin, releases: Mapping[str, object]) -> Iterator[Problem]:
    """A way round on which every reach takes the rest: what passes it follows from nothing."""
    needed = _needed_first(basin, releases)
    if loop := loop_of((above, node) for node, before in needed.items() for above in before):
        found = say("{way}, where every reach takes the rest", way=" -> ".join(loop))
        yield Problem("no-release", say("reaches"), found, say("a release for one reach of each way round"))


def _needed_first(basin: Basin, releases: Mapping[str, object]) -> dict[str, set[str]]:
    """For each node the nodes that come before it: not those whose release to it is given anyway, or water could not go round."""
    found = {n: {basin.reaches[a].start for a in ways if _rests(basin, releases, a)} for n, ways in basin.paths.arriving.items()}
    for demand in basin.demands.values():
        if demand.return_node and demand.return_node != demand.node and demand.return_kernel[:1] != (0.0,):
            found[demand.return_node].add(demand.node)
    for x in basin.recharges.values():
        found[x.node].add(place_of(basin, x.kind, x.origin))
    return found


def _rests(basin: Basin, releases: Mapping[str, object], reach: str) -> bool:
    """True if a reach takes what is left at its node: of a junction's ways a spillway too, where no other is open."""
    node = basin.reaches[reach].start
    if reach in releases or not basin.reaches[reach].spillway:
        return reach not in releases
    return node not in basin.reservoirs and all(a in releases or basin.reaches[a].spillway for a in basin.paths.departing[node])


def _decided_by_law(node: str, given: Sequence[str]) -> list[Problem]:
    """Releases of an aquifer, which lets go what it will."""
    allowed = say("no release: the outflow of an aquifer follows from what it holds")
    found = say("a way out of the aquifer {node}", node=node)
    return [Problem("aquifer-outflow", say("release of {name}", name=a), found, allowed) for a in given]


class _Run:
    """The state of a run, arrays filled period by period from the source down."""

    def __init__(
        self, basin: Basin, releases: Mapping[str, Sequence[float] | Floats], resets: Mapping[str, Sequence[float] | Floats]
    ) -> None:
        self.basin, self.count, self.first = basin, len(basin.calendar.periods), len(basin.calendar.history)
        self.releases = {name: np.asarray(v, dtype=float) for name, v in releases.items()}
        self.resets = {name: np.asarray(v, dtype=float) for name, v in resets.items()}
        self.order = tuple(TopologicalSorter(_needed_first(basin, releases)).static_order())
        #: share of a demand that drains back to its own node in the same period
        self.at_once = {n: d.return_kernel[0] if d.return_kernel and d.return_node == d.node else 0.0 for n, d in basin.demands.items()}
        self.reach, self.demand, self.reservoir, self.node = (
            {name: k for k, name in enumerate(names)} for names in (basin.reaches, basin.demands, basin.reservoirs, basin.nodes)
        )
        self.flow, self.arrived, self.delivery, self.missing, self.inflow, self.storage, self.evaporation, self.seepage = (
            np.zeros((len(names), self.count))
            for names in (self.reach, self.reach, self.demand, self.demand, self.node, *(self.reservoir,) * 3)
        )
        for name, flow in self.releases.items():
            # known before the node that lets it go has its turn
            self.flow[self.reach[name]] = flow
        #: for each reach and period, the sources of what arrives and their shares
        self.shares: dict[str, list[list[tuple[int, float]]]] = {name: [[] for _ in range(self.count)] for name in basin.reaches}
        ways, names = ways_of(basin), list(basin.reaches)
        for a, t, s, share in zip(*(x.tolist() for x in (ways.reach, ways.period, ways.source, ways.share)), strict=True):
            self.shares[names[a]][t].append((s, share))
        self.kept = {
            name: 1.0 - np.asarray(r.evaporation, dtype=float) - np.asarray(r.seepage, dtype=float) for name, r in basin.reaches.items()
        }

    def step(self, node: str, t: int) -> None:
        """One node in one period; everything that comes to it is known by now."""
        came = self._came(node, t)
        self.inflow[self.node[node], t] = came
        (self._store if node in self.reservoir else self._pass_on)(node, t, came)

    def _came(self, node: str, t: int) -> float:
        """Runoff, arrivals and drainage."""
        runoff = self.basin.runoff.get(node)
        came = runoff[t] if runoff else 0.0
        for name in self.basin.paths.arriving[node]:
            before, flow = self.basin.reaches[name].flow_before, self.flow[self.reach[name]]
            here = 0.0
            for s, share in self.shares[name][t]:
                here += share * (self.kept[name][s] * (before[s] if s < self.first else flow[s - self.first]) - self._lost(name, s))
            self.arrived[self.reach[name], t] = here
            came += here
        for name in self.basin.returns_to[node]:
            demand = self.basin.demands[name]
            for lag, share in enumerate(demand.return_kernel):
                k = self.basin.calendar.months_earlier(t, lag)
                if k is not None and share and (lag or not self.at_once[name]):
                    came += share * (demand.delivery_before[k] if k < self.first else self.delivery[self.demand[name], k - self.first])
        return came + sum(x.share * self._seeping(x, t) for x in self.basin.recharged[node])

    def _lost(self, reach: str, s: int) -> float:
        """What a reach loses whatever flows, of the water that entered in a period of the timeline."""
        r = self.basin.reaches[reach]
        if not r.constant_loss:
            return 0.0
        entered = r.flow_before[s] if s < self.first else self.flow[self.reach[reach], s - self.first]
        return float(np.clip(self.kept[reach][s] * entered, 0.0, r.constant_loss[s]))

    def _seeping(self, x: Recharge, t: int) -> float:
        """What seeps away where a recharge comes from, in a period."""
        if x.kind == "reservoir":
            return float(self.seepage[self.reservoir[x.origin], t])
        if x.kind == "demand":
            return float(self.delivery[self.demand[x.origin], t])
        share, flow = self.basin.reaches[x.origin].seepage[self.first + t], self.flow[self.reach[x.origin], t]
        return float(share * flow) + self._lost(x.origin, self.first + t)

    def _withdraw(self, node: str, t: int, part: float) -> float:
        """Withdrawals at a node, each cut to a part of what is asked; their sum less what drains back at once."""
        taken = 0.0
        for name in self.basin.demands_at[node]:
            asked, k = self.basin.demands[name].need[t], self.demand[name]
            self.delivery[k, t] = part * asked
            self.missing[k, t] = asked - part * asked
            taken += part * asked * (1.0 - self.at_once[name])
            self.inflow[self.node[node], t] += part * asked * self.at_once[name]
        return taken

    def _let_go(self, node: str, t: int) -> float:
        """Put the given releases into their reaches; their sum."""
        gone = 0.0
        for name in self.basin.paths.departing[node]:
            if name in self.releases:
                self.flow[self.reach[name], t] = self.releases[name][t]
                gone += self.flow[self.reach[name], t]
        return gone

    def _pass_on(self, node: str, t: int, came: float) -> None:
        """A junction: withdrawals first, cut where it runs dry; given releases; the rest goes on."""
        asked = sum(self.basin.demands[name].need[t] * (1.0 - self.at_once[name]) for name in self.basin.demands_at[node])
        # what is not known (NaN) is not short: the withdrawals stand, and what is left is not known either
        part = max(0.0, came) / asked if asked > 0 and came < asked else 1.0
        left = came - self._withdraw(node, t, part) - self._let_go(node, t)
        for name in self.basin.paths.departing[node]:
            if _rests(self.basin, self.releases, name):
                self.flow[self.reach[name], t] = left

    def _store(self, node: str, t: int, came: float) -> None:
        """A reservoir: what is left is stored after the air, the ground and, of an aquifer, its outflow have taken theirs."""
        r, k = self.basin.reservoirs[node], self.reservoir[node]
        before = self.storage[k, t - 1] if t else r.opening_storage
        if node in self.resets and not np.isnan(self.resets[node][t]):
            before = self.resets[node][t]
        left = before + came - self._withdraw(node, t, 1.0)
        if node in self.basin.aquifers:
            there, after = r.outflow(self.basin.calendar.periods[t].days)
            (way,) = self.basin.paths.departing[node]
            # what flows out is a share of the storage after it, too
            self.flow[self.reach[way], t] = (there * before + after * left) / (1.0 + after)
            self.storage[k, t] = left - self.flow[self.reach[way], t]
            return
        left -= self._let_go(node, t)
        self.storage[k, t], self.evaporation[k, t], self.seepage[k, t] = closing_storage(r, t, left, before)

    def found(self) -> Simulated:
        """Everything as one result."""
        water = (self.flow, self.arrived, self.storage, self.delivery, self.missing, self.inflow, self.evaporation, self.seepage)
        return Simulated(self.basin, *water)
