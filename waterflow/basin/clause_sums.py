"""Clause sums: what clauses count, as weights on decisions: releases, flows, arrivals, withdrawals, storages; and when."""

from __future__ import annotations

from collections.abc import Iterable

from waterflow.basin.clause_parts import Measure
from waterflow.basin.days import dates_of, likely_cause, windows_of
from waterflow.basin.river import River
from waterflow.calendar import Window
from waterflow.errors import Problem, unknown
from waterflow.words.catalogue import say

__all__ = ["Sum", "Sums"]

Terms = list[tuple[str, tuple[str, ...], float]]
#: weights on decisions and on runoff, and a known part
Sum = tuple[Terms, float]


class Sums:
    """What can be counted in a basin; names it does not have and days outside its horizon are collected as problems."""

    def __init__(self, basin: River, where: str) -> None:
        self.basin, self.where = basin, where
        self.problems: list[Problem] = []

    def known(self, kind: str, name: str, names: Iterable[str]) -> bool:
        """True if the basin has something of that name."""
        if name in names:
            return True
        self.problems.append(unknown(kind, self.where, name, list(names)))
        return False

    def windows(self, start: str, end: str) -> list[Window]:
        """The windows two days make in the horizon."""
        try:
            return windows_of(self.basin.calendar, start, end)
        except ValueError as error:
            self._outside(str(error), say("whole periods inside the horizon"), likely_cause(start, end))
            return []

    def _outside(self, found: str, allowed: str, cause: str) -> None:
        self.problems.append(Problem("outside-horizon", self.where, found, allowed, cause))

    def labels(self, window: Window) -> list[str]:
        """Labels of the periods of a window."""
        return list(self.basin.calendar.labels_inside(window))

    def flow(self, reaches: Iterable[str], labels: list[str]) -> Sum:
        """Water entering some reaches."""
        known = [a for a in reaches if self.known("reach", a, self.basin.reaches)]
        return [("flow", (a, t), 1.0) for a in known for t in labels], 0.0

    def ways(self, reservoir: str) -> tuple[str, ...]:
        """Reaches a reservoir lets water go by, spillways left out."""
        if not self.known("reservoir", reservoir, self.basin.reservoirs):
            return ()
        return self.basin.paths.released[reservoir]

    def arriving(self, node: str, labels: list[str]) -> Sum:
        """All water that comes to a node: its own runoff, its reaches, drainage; what comes from before the horizon is known.

        Runoff is a term too, though no decision: it is another in another year.
        """
        if not self.known("node", node, self.basin.nodes):
            return [], 0.0
        basin, first = self.basin, len(self.basin.calendar.history)
        terms: Terms = []
        known = 0.0
        for k in (basin.calendar.position[t] for t in labels):
            terms += [("runoff", (node, basin.calendar.labels[k]), 1.0)] if node in basin.runoff else []
            for name, owner, before, s, share in self._coming(node, k):
                if s < first:
                    known += share * before[s]
                else:
                    terms.append((name, (owner, basin.calendar.labels[s - first]), share))
        return terms, known

    def _coming(self, node: str, k: int) -> Iterable[tuple[str, str, tuple[float, ...], int, float]]:
        """(unknown, owner, its history, index in the timeline, share that comes) of water by reaches and drainage."""
        basin = self.basin
        for a in basin.paths.arriving[node]:
            reach = basin.reaches[a]
            for s, share in basin.paths.arrival_shares[a][k]:
                yield "flow", a, reach.flow_before, s, share * (1.0 - reach.evaporation[s] - reach.seepage[s])
        for name in basin.returns_to[node]:
            demand = basin.demands[name]
            for lag, share in enumerate(demand.return_kernel):
                then = basin.calendar.months_earlier(k, lag)
                if then is not None and share:
                    yield "delivery", name, demand.delivery_before, then, share

    def withdrawn(self, of: str, labels: list[str]) -> Sum:
        """What the limited demands of a party, or one demand, take."""
        if of not in self.basin.parties and not self.known("demand", of, self.basin.demands):
            return [], 0.0
        users = [d.name for d in self.basin.demands.values() if d.name == of or (d.party == of and d.limited)]
        return [("delivery", (d, t), 1.0) for d in users for t in labels], 0.0

    def stored(self, reservoir: str, day: str) -> list[tuple[str, Sum]]:
        """Storage on each date that a day is, with the date written twice."""
        if not self.known("reservoir", reservoir, self.basin.reservoirs):
            return []
        try:
            found = dates_of(self.basin.calendar, day)
        except ValueError as error:
            self._outside(str(error), say("a date on which a period has ended"), likely_cause(day, day))
            return []
        return [(f"{date}/{date}", ([("storage", (reservoir, self.basin.calendar.labels[k]), 1.0)], 0.0)) for date, k in found]

    def measured(self, measure: Measure) -> list[tuple[str, Sum]]:
        """A measure in each window, or on each date, that it has in the horizon."""
        what, name = measure.chosen
        if what == "storage":
            return self.stored(name, measure.date or "")
        found = []
        for window in self.windows(measure.start or "", measure.end or ""):
            labels = self.labels(window)
            if what == "release":
                total = self.flow(self.ways(name), labels)
            elif what == "flow":
                total = self.flow([name], labels)
            else:
                total = (self.arriving if what == "arriving" else self.withdrawn)(name, labels)
            found.append((str(window), total))
        return found
