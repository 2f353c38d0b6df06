"""Paths: where water can go, and when it gets there; what follows from the network and the calendar alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from waterflow.basin.network import Reach
from waterflow.calendar import Calendar

__all__ = ["Paths"]

#: (index, share) pairs
Shares = tuple[tuple[int, float], ...]


class Paths:
    """The ways of a network over a calendar; each is worked out when first asked for, and kept.

    Basins that differ in nothing of their network share one, so a thousand members work it out once.
    """

    def __init__(self, calendar: Calendar, nodes: Iterable[str], reaches: Mapping[str, Reach]) -> None:
        self._calendar, self._nodes, self._reaches = calendar, tuple(nodes), reaches

    @cached_property
    def arriving(self) -> dict[str, tuple[str, ...]]:
        """Reaches that end at each node."""
        return {n: tuple(r.name for r in self._reaches.values() if r.end == n) for n in self._nodes}

    @cached_property
    def departing(self) -> dict[str, tuple[str, ...]]:
        """Reaches that start at each node."""
        return {n: tuple(r.name for r in self._reaches.values() if r.start == n) for n in self._nodes}

    @cached_property
    def released(self) -> dict[str, tuple[str, ...]]:
        """Reaches that start at each node and are no spillways: what is let go takes them."""
        return {n: tuple(a for a in out if not self._reaches[a].spillway) for n, out in self.departing.items()}

    def above(self, node: str) -> set[str]:
        """A node and all that water comes to it from."""
        found, new = {node}, [node]
        while new:
            starts = {self._reaches[a].start for a in self.arriving[new.pop()]}
            new += starts - found
            found |= starts
        return found

    @cached_property
    def turning(self) -> tuple[str, ...]:
        """Reaches whose water can come back to where it entered: lifts above a river that runs down, links both ways."""
        return tuple(name for name, r in self._reaches.items() if r.end in self.above(r.start))

    @cached_property
    def spreads(self) -> dict[str, tuple[tuple[Shares, float], ...]]:
        """For each reach and period of the timeline, where its water goes (`Calendar.spread`)."""
        found = {travel: self._calendar.spread(travel) for travel in {r.travel_days for r in self._reaches.values()}}
        return {name: found[reach.travel_days] for name, reach in self._reaches.items()}

    @cached_property
    def arrival_shares(self) -> dict[str, tuple[Shares, ...]]:
        """For each reach and period of the horizon, the (timeline index, share) pairs of the water that arrives."""
        result = {}
        for name, spread in self.spreads.items():
            arriving: list[list[tuple[int, float]]] = [[] for _ in self._calendar.periods]
            for s, (shares, _) in enumerate(spread):
                for k, share in shares:
                    arriving[k].append((s, share))
            result[name] = tuple(tuple(pairs) for pairs in arriving)
        return result
