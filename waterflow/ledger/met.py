"""Decisions met by the river as it was: the first period of a plan run through the simulation with the runoff that came.

What cannot be is curtailed by fixed rules, in the order of the river: a storage that would fall below its least cuts its
releases and then its own users in equal parts; one that would rise above its most spills, by its spillway or by its way out; a
junction that has too little cuts its users in equal parts, then what it sends aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.simulation.simulate import Simulated, simulate

__all__ = ["Curtailed", "Met", "meet"]

Floats = NDArray[np.float64]
#: below this nothing is curtailed, Mm3
NOTHING = 1e-6
#: passes after which a storage within a m3 of its limit is let be
PASSES = 60


class Curtailed(Fact):
    """A decision that the river did not allow."""

    period: str
    place: str
    kind: str
    planned_Mm3: float
    done_Mm3: float


@dataclass(frozen=True)
class Met:
    """What one period came to, by name, Mm3; energy and money by `waterflow.ledger.powered`."""

    flow: dict[str, float]
    storage: dict[str, float]
    delivery: dict[str, float]
    curtailed: tuple[Curtailed, ...]


def meet(plan: Plan, k: int, state: Basin, runoff: Mapping[str, float]) -> Met:
    """The decisions of one period met by what came.

    Parameters
    ----------
    plan : Plan
        Whose decisions are carried out.
    k : int
        The period of the plan.
    state : Basin
        Begins with that period: its opening storages, and its water on the way.
    runoff : mapping of node to Mm3
        What came in the period.
    """
    return _Meeting(plan, k, state, runoff).met()


class _Meeting:
    """One period, its decisions curtailed until the river allows them."""

    def __init__(self, plan: Plan, k: int, state: Basin, runoff: Mapping[str, float]) -> None:
        self.state, self.label = state, state.calendar.labels[0]
        self.release = {a: max(0.0, float(plan.series("flow", a)[k])) for a in state.reaches}
        self.take = {d: max(0.0, float(plan.series("delivery", d)[k])) for d in state.demands}
        self.planned = {**self.release, **self.take}
        self.order = Plan(state, plan.dataset).order
        first = {n: (float(runoff[n]), *v[1:]) for n, v in state.runoff.items()}
        self.basin = state.replaced(runoff=first)
        self.count = len(state.calendar.periods)
        #: of several ways out of a junction, the one that carries most takes the rest
        self.rest = {
            node: max(ways, key=lambda a: self.release[a])
            for node, ways in state.paths.departing.items()
            if node not in state.reservoirs and ways
        }

    def met(self) -> Met:
        """Run, mend the uppermost thing that cannot be, run again."""
        run = self._run()
        for _ in range(PASSES):
            if not self._mended(run):
                break
            run = self._run()
        flow = dict(zip(self.state.reaches, run.flow[:, 0].tolist(), strict=True))
        delivery = dict(zip(self.state.demands, run.delivery[:, 0].tolist(), strict=True))
        storage = {n: self._rounded(n, v) for n, v in zip(self.state.reservoirs, run.storage[:, 0].tolist(), strict=True)}
        return Met(flow, storage, delivery, tuple(self._told(flow, delivery)))

    def _rounded(self, name: str, stored: float) -> float:
        """A storage that is at its limit but for rounding is at its limit."""
        r = self.state.reservoirs[name]
        near = next((limit for limit in (r.least, r.ceiling) if abs(stored - limit) <= 2 * NOTHING), stored)
        return float(near)

    def _run(self) -> Simulated:
        needs = {n: d.model_copy(update={"need": (self.take[n], *(0.0,) * (self.count - 1))}) for n, d in self.basin.demands.items()}
        open_ways = set(self.rest.values())
        releases = {a: [self.release[a], *[0.0] * (self.count - 1)] for a in self.state.reaches if a not in open_ways}
        return simulate(self.basin.replaced(demands=needs), releases)

    def _mended(self, run: Simulated) -> bool:
        """Mend the first place, from the source down, that the river does not allow; False if there is none."""
        state = self.state
        stored = dict(zip(state.reservoirs, run.storage[:, 0].tolist(), strict=True))
        flow = dict(zip(state.reaches, run.flow[:, 0].tolist(), strict=True))
        for node in sorted(state.nodes, key=self.order):
            ways = state.paths.departing[node]
            if node in stored:
                r = state.reservoirs[node]
                if stored[node] < r.least - NOTHING:
                    return self._less(node, ways, r.least - stored[node])
                if stored[node] > r.ceiling + NOTHING:
                    return self._more(ways, stored[node] - r.ceiling)
            elif ways and flow[self.rest[node]] < -NOTHING:
                aside = [a for a in ways if a != self.rest[node]]
                lacking = -flow[self.rest[node]]
                return bool(self._cut(self.release, aside, lacking) < lacking)
        return False

    def _less(self, node: str, ways: tuple[str, ...], lacking: float) -> bool:
        left = self._cut(self.release, list(ways), lacking)
        if left > NOTHING:
            left = self._cut(self.take, list(self.state.demands_at[node]), left)
        return left < lacking

    def _more(self, ways: tuple[str, ...], over: float) -> bool:
        way = next((a for a in ways if self.state.reaches[a].spillway), ways[0] if ways else None)
        if way is None:
            return False
        self.release[way] += over
        return True

    @staticmethod
    def _cut(of: dict[str, float], names: list[str], lacking: float) -> float:
        """Cut in equal parts; returns what could not be cut."""
        there = sum(of[n] for n in names)
        part = min(1.0, lacking / there) if there > 0 else 0.0
        for n in names:
            of[n] *= 1 - part
        return lacking - part * there

    def _told(self, flow: dict[str, float], delivery: dict[str, float]) -> list[Curtailed]:
        found = []
        for kind, done in (("release", flow), ("withdrawal", delivery)):
            for name, value in done.items():
                own = kind == "withdrawal" or name not in self.rest.values()
                if own and abs(value - self.planned[name]) > max(0.05, 1e-3 * self.planned[name]):
                    found.append(Curtailed(period=self.label, place=name, kind=kind, planned_Mm3=self.planned[name], done_Mm3=value))
        return found
