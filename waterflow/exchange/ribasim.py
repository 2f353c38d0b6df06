"""A Ribasim model (TOML and GeoPackage) as a model of ours, as far as it maps.

Basins become reservoirs, what stands between them (resistances, rating curves, pumps, outlets) reaches, flow boundaries runoff,
terminals outlets. How fast water runs by itself is not planned here: a plan decides what each reach passes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from waterflow.calendar import SECONDS_OF_DAY
from waterflow.errors import InputError, Problem
from waterflow.exchange.draft import Draft, whole_months
from waterflow.exchange.ribasim_tables import Record, Tables, number, over_months, read_tables
from waterflow.words.catalogue import say

__all__ = ["read_ribasim"]

#: kinds of node that become nodes of ours, and those that become reaches
NODES = {"Basin": "reservoir", "Junction": "junction", "FlowBoundary": "junction", "Terminal": "outlet"}
WAYS = ("LinearResistance", "ManningResistance", "TabulatedRatingCurve", "Pump", "Outlet")
#: what a way passes at the most, by kind: its columns
MOST = {"LinearResistance": ("max_flow_rate",), "Pump": ("max_flow_rate", "flow_rate"), "Outlet": ("max_flow_rate", "flow_rate")}
#: in a table of Mm3 and in one of mm
MM3, MM = 1e-6, 1e3
FIRST = 1


def read_ribasim(path: Path) -> Draft:
    """Read a Ribasim model.

    Raises
    ------
    InputError
        If it is no such file, or nothing of ours can be made of it.
    """
    tables = read_tables(path)
    # the end is a moment: the day before it is the last
    last = (tables.end - dt.timedelta(seconds=1)).date()
    periods = whole_months(tables.start.date(), last)
    if not periods or tables.start != dt.datetime.combine(tables.start.date(), dt.time()):
        raise Problem(
            "bad-foreign-model", f"{path.name}: starttime", f"{tables.start}/{tables.end}", say("a whole month or more")
        ).refusal()
    draft = Draft(path.stem, path.name, periods)
    if (periods[0].start, periods[-1].end) != (tables.start.date(), last):
        cut = say("cut to whole months: {start}/{end}", start=periods[0].start, end=periods[-1].end)
        draft.leave(f"{tables.start}/{tables.end}", "starttime, endtime", cut)
    _Reader(draft, tables, path.name).read()
    for name in sorted(set(tables.rows) - tables.used):
        if tables.rows[name]:
            draft.leave(name, say("table"), say("nothing in our tables stands for it"))
    for name in tables.settings:
        draft.leave(name, say("part of the file"), say("how it is to be run, not what the river is"))
    draft.leave("-", say("the whole model"), say("planned with foresight by month; levels and resistances do not drive the flow"))
    return draft


class _Reader:
    def __init__(self, draft: Draft, tables: Tables, shown: str) -> None:
        self.draft, self.tables, self.shown = draft, tables, shown
        self.kinds: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.ids: dict[int, str] = {}
        self.reaches: dict[int, tuple[str, str]] = {}
        self.links: list[tuple[int, int]] = []
        self.control: list[tuple[int, int]] = []

    def read(self) -> None:
        """Nodes, links, then what stands at them."""
        self._nodes()
        self._links()
        self._basins()
        self._boundaries()
        self._ways()
        self._users()
        self._flow_demands()

    def _nodes(self) -> None:
        problems = []
        for row in self.tables.of("Node"):
            key, kind = row.get("node_id", row.get("fid")), row.get("node_type", row.get("type"))
            if not isinstance(key, int) or not isinstance(kind, str) or key in self.kinds:
                found = say("node {number} of the kind {kind}", number=key, kind=kind)
                problems.append(Problem("bad-foreign-model", f"{self.shown}: Node", found, say("each number once, with its node_type")))
                continue
            self.kinds[key] = kind
            self.names[key] = str(row.get("name") or f"{kind} {key}")
        if problems or not self.kinds:
            raise InputError(problems or [Problem("bad-foreign-model", f"{self.shown}: Node", say("no rows"), say("a node or more"))])
        taken = list(self.names.values())
        self.names = {key: f"{name} {key}" if taken.count(name) > 1 else name for key, name in self.names.items()}
        for key, kind in self.kinds.items():
            if kind in NODES:
                self.ids[key] = self.draft.add_node(self.names[key], NODES[kind])
            elif kind not in (*WAYS, "UserDemand", "FlowDemand"):
                self._leave(key, say("no node of ours is of that kind; its links are left out with it"))

    def _leave(self, key: int, why: str, column: str = "") -> None:
        kind = self.kinds.get(key, "?")
        self.draft.leave(self.names.get(key, key), f"{kind}.{column}" if column else kind, why)

    def _links(self) -> None:
        for row in self.tables.of("Link", "Edge"):
            ends = row.get("from_node_id"), row.get("to_node_id")
            if any(end not in self.kinds for end in ends):
                found = f"{ends[0]} -> {ends[1]}"
                raise Problem("bad-foreign-model", f"{self.shown}: Link", found, say("two numbers of nodes")).refusal()
            flow = row.get("link_type", row.get("edge_type", "flow")) in ("flow", None)
            (self.links if flow else self.control).append((int(ends[0]), int(ends[1])))  # type: ignore[arg-type]
        for start, end in self.links:
            if start in self.ids and end in self.ids:
                name = f"{self.names[start]} - {self.names[end]}"
                self.draft.add_reach(name, self.ids[start], self.ids[end])

    def _basins(self) -> None:
        profiles, states = self.tables.by_node("Basin / profile"), self.tables.by_node("Basin / state")
        static, timed = self.tables.by_node("Basin / static"), self.tables.by_node("Basin / time")
        for key in (k for k, kind in self.kinds.items() if kind == "Basin"):
            profile = _Profile(sorted(profiles.get(key, []), key=lambda row: number(row, "level")))
            if not profile.sound or not states.get(key):
                where = say("{shown}, Basin {name}", shown=self.shown, name=self.names[key])
                allowed = say("a profile of two levels or more, rising, and a level in Basin / state")
                raise Problem("bad-foreign-model", where, say("no such profile or level"), allowed).refusal()
            rows = static.get(key, []), timed.get(key, [])
            wet = {column: self._sums(*rows, column) for column in ("potential_evaporation", "precipitation")}
            line = profile.line if any(any(v) for v in wet.values()) else (0.0, 0.0)
            opening = profile.storage_at(number(states[key][0], "level"))
            self.draft.add_reservoir(self.ids[key], full=profile.storages[-1] * MM3, lowest=0.0, opening=opening * MM3, area=line)
            self._leave(key, say("the top of the profile is taken for full storage; above it water must leave"), "profile")
            if any(line):
                self._depths(key, wet, profile)
            inflow = [a + b for a, b in zip(self._sums(*rows, "drainage"), self._sums(*rows, "surface_runoff"), strict=True)]
            if any(inflow):
                self.draft.add_series("runoff", [v * MM3 for v in inflow], "runoff_Mm3", node=self.ids[key])
            infiltration = self._sums(*rows, "infiltration")
            if any(infiltration):
                self.draft.add_series("reservoir_seepage", [v * MM3 for v in infiltration], "seepage_Mm3", reservoir=self.ids[key])

    def _sums(self, static: Sequence[Record], timed: Sequence[Record], column: str) -> list[float]:
        return over_months(timed, static, column, self.draft.periods)

    def _depths(self, key: int, wet: dict[str, list[float]], profile: _Profile) -> None:
        for column, table in (("potential_evaporation", "evaporation"), ("precipitation", "precipitation")):
            self.draft.add_series(table, [v * MM for v in wet[column]], f"{table}_mm", reservoir=self.ids[key])
        if len(set(profile.areas)) > 1:
            for storage, area in profile.curve():
                self.draft.add("areas", reservoir=self.ids[key], storage_Mm3=storage * MM3, area_km2=area * MM3)
            self._leave(key, say("its area is straight between points here; rain falls on that area, not on the largest"), "area")

    def _boundaries(self) -> None:
        static, timed = self.tables.by_node("FlowBoundary / static"), self.tables.by_node("FlowBoundary / time")
        for key in (k for k, kind in self.kinds.items() if kind == "FlowBoundary"):
            flows = self._sums(static.get(key, []), timed.get(key, []), "flow_rate")
            self.draft.add_series("runoff", [v * MM3 for v in flows], "runoff_Mm3", node=self.ids[key])

    def _ends(self, key: int) -> tuple[list[int], list[int]]:
        return [a for a, b in self.links if b == key], [b for a, b in self.links if a == key]

    def _ways(self) -> None:
        for key, kind in self.kinds.items():
            if kind not in WAYS:
                continue
            above, below = self._ends(key)
            if len(above) != 1 or len(below) != 1 or above[0] not in self.ids or below[0] not in self.ids:
                self._leave(key, say("not between two nodes that map"))
                continue
            start, end = self.ids[above[0]], self.ids[below[0]]
            self.reaches[key] = self.draft.add_reach(self.names[key], start, end), start
            self._leave(key, say("a reach whose flow is decided, down from {start} alone; what drives it is left out", start=start))
            self._capacity(key, kind)

    def _capacity(self, key: int, kind: str) -> None:
        static = self.tables.by_node(f"{kind} / static").get(key, [])
        timed = self.tables.by_node(f"{kind} / time").get(key, [])
        for column in MOST.get(kind, ()):
            if any(row.get(column) is not None for row in (*static, *timed)):
                most = [v * MM3 for v in self._sums(static, timed, column)]
                self.draft.add_series("reach_capacities", most, "capacity_Mm3", reach=self.reaches[key][0])
                if column == "flow_rate":
                    self._leave(key, say("its rate is taken as the most it passes"), column)
                return

    def _users(self) -> None:
        static, timed = self.tables.by_node("UserDemand / static"), self.tables.by_node("UserDemand / time")
        for key in (k for k, kind in self.kinds.items() if kind == "UserDemand"):
            above, below = self._ends(key)
            if len(above) != 1 or above[0] not in self.ids:
                self._leave(key, say("not fed by one node that maps"))
                continue
            rows = static.get(key, []) + timed.get(key, [])
            ranks = sorted({_rank(row) for row in rows})
            for rank in ranks:
                own = [[row for row in part.get(key, []) if _rank(row) == rank] for part in (static, timed)]
                needs = over_months(own[1], own[0], "demand", self.draft.periods, linear=True)
                name = self.names[key] if len(ranks) == 1 else f"{self.names[key]} {rank}"
                made = self.draft.add_demand(name, self.ids[above[0]], [v * MM3 for v in needs], rank)
                self._return(key, made, below, [row for part in own for row in part])
            if any(row.get("min_level") is not None for row in rows):
                self._leave(key, say("a level below which nothing is taken"), "min_level")

    def _return(self, key: int, demand: str, below: Sequence[int], rows: Sequence[Record]) -> None:
        shares = {number(row, "return_factor") for row in rows}
        if shares == {0.0}:
            return
        if len(shares) != 1 or len(below) != 1 or below[0] not in self.ids:
            self._leave(key, say("no single share that comes back to one node that maps"), "return_factor")
            return
        share: dict[str, Any] = {"demand": demand, "to_node": self.ids[below[0]], "kernel": "at_once", "return_fraction": shares.pop()}
        self.draft.add("return_flows", **share)
        self._leave(key, say("what comes back within the month is not taken again by who gave it back"), "return_factor")
        if not self.draft.tables.get("return_kernels"):
            self.draft.add("return_kernels", kernel="at_once", lag_months=0, share_fraction=1)

    def _flow_demands(self) -> None:
        static, timed = self.tables.by_node("FlowDemand / static"), self.tables.by_node("FlowDemand / time")
        for key in (k for k, kind in self.kinds.items() if kind == "FlowDemand"):
            at = [b for a, b in self.control if a == key and b in self.reaches]
            if len(at) != 1:
                self._leave(key, say("no single reach that could have it as its least flow"))
                continue
            reach, start = self.reaches[at[0]]
            rows: list[Any] = [*static.get(key, []), *timed.get(key, [])]
            wanted = over_months(timed.get(key, []), static.get(key, []), "demand", self.draft.periods, linear=True)
            flows = [v / (p.days * SECONDS_OF_DAY) for v, p in zip(wanted, self.draft.periods, strict=True)]
            self.draft.add_floor(self.names[key], start, reach, flows, min(map(_rank, rows), default=FIRST))


def _rank(row: Record) -> int:
    """The order in which demands are met, the lowest first."""
    return int(number(row, "demand_priority", number(row, "priority", FIRST)))


#: pieces of a curve of area between two points of a profile
BETWEEN = 4


class _Profile:
    """Levels, areas and storages of a basin, m, m2 and m3: what the file leaves out follows from the other."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self.levels = [number(row, "level") for row in rows]
        self.areas = [number(row, "area", -1.0) for row in rows]
        self.storages = [number(row, "storage", -1.0) for row in rows]
        rising = len(rows) > 1 and all(a < b for a, b in pairwise(self.levels))
        with_areas, with_storages = (bool(rows) and min(held) >= 0 for held in (self.areas, self.storages))
        self.sound = rising and (with_areas or with_storages)
        if self.sound and not with_storages:
            steps = zip(pairwise(self.levels), pairwise(self.areas), strict=True)
            self.storages = [0.0]
            for (low, high), (a, b) in steps:
                self.storages.append(self.storages[-1] + (high - low) * (a + b) / 2)
        elif self.sound and not with_areas:
            steps = zip(pairwise(self.levels), pairwise(self.storages), strict=True)
            slopes = [(after - before) / (high - low) for (low, high), (before, after) in steps]
            self.areas = [slopes[0], *slopes]

    @property
    def line(self) -> tuple[float, float]:
        """Area at zero storage, km2, and its slope, km2 per Mm3, through both ends."""
        held = self.storages[-1] - self.storages[0]
        # m2 per m3 is km2 per Mm3
        slope = (self.areas[-1] - self.areas[0]) / held if held else 0.0
        return (self.areas[0] - slope * self.storages[0]) * MM3, slope

    def curve(self) -> Iterator[tuple[float, float]]:
        """Storages and areas along the profile, m3 and m2: its own points, and some in between where the area grows with the level."""
        yield self.storages[0], self.areas[0]
        for k, (low, high) in enumerate(pairwise(self.levels)):
            for part in range(1, BETWEEN + 1):
                level = low + (high - low) * part / BETWEEN
                yield self.storage_at(level), self.areas[k] + (self.areas[k + 1] - self.areas[k]) * part / BETWEEN

    def storage_at(self, level: float) -> float:
        """Storage at a level; of one outside the profile, that of its end."""
        if level <= self.levels[0]:
            return self.storages[0]
        for k, (low, high) in enumerate(pairwise(self.levels)):
            if level <= high:
                if self.areas[k] == self.areas[k + 1] or min(self.areas) < 0:
                    part = (level - low) / (high - low)
                    return self.storages[k] + part * (self.storages[k + 1] - self.storages[k])
                grown = self.areas[k] + (self.areas[k + 1] - self.areas[k]) * (level - low) / (high - low)
                return self.storages[k] + (level - low) * (self.areas[k] + grown) / 2
        return self.storages[-1]
