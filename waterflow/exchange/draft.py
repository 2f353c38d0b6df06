"""A model in the making: rows of our tables made from a model of another program, and all of it that has no place in them.

Every row has the source ``imported``; what its file says has the grade ``unverified``, what we had to choose ``assumed``.
Nothing is dropped in silence: what cannot be said in our tables, or means something else there, is listed with the reason.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from waterflow.calendar import Period, periods_of_month
from waterflow.loading.schema import TABLES
from waterflow.words.catalogue import say

__all__ = ["PARTY", "SERIES", "Draft", "Left", "whole_months"]

#: the one party and the one series of a model that knows neither
PARTY, SERIES = "ALL", "imported"
SOURCE = "imported"
#: an outlet that nothing reaches
CLOSED = "closed end"
#: digits that are kept of a figure worked out from others
DIGITS = 12


@dataclass(frozen=True)
class Left:
    """Something of the other model that is not in ours, or is there as something else: its name, its kind, and why."""

    name: str
    kind: str
    why: str


@dataclass
class Draft:
    """Tables in the making.

    Attributes
    ----------
    title, came_from : str
        Of the model, and the name of its file.
    periods : tuple of Period
        The months it is for.
    tables : dict of list of rows
    ranks : dict
        Claims by rank, the lowest first: what is met before what.
    left : list of Left
    """

    title: str
    came_from: str
    periods: tuple[Period, ...]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ranks: dict[float, list[dict[str, Any]]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def leave(self, name: object, kind: str, why: str) -> None:
        """List what has no place in our tables."""
        if (left := Left(str(name), kind, why)) not in self.left:
            self.left.append(left)

    def id_of(self, name: object) -> str:
        """A name of ours for a name of theirs: letters of ASCII, digits and underscores, each one once."""
        said = str(name)
        if said not in self.ids:
            plain = re.sub(r"[^a-z0-9]+", "_", said.casefold()).strip("_") or "n"
            plain = plain if plain[0].isalpha() else f"n_{plain}"
            taken = set(self.ids.values())
            self.ids[said] = next(x for x in (plain, *(f"{plain}_{k}" for k in range(2, len(taken) + 3))) if x not in taken)
        return self.ids[said]

    def add(self, table: str, *, grade: str = "unverified", **row: Any) -> None:
        """One row."""
        series = {"series": SERIES} if TABLES[table].has_series else {}
        self.tables.setdefault(table, []).append(series | row | {"source": SOURCE, "grade": grade})

    def add_series(self, table: str, volumes: Sequence[float], column: str, **row: Any) -> None:
        """A row for each month."""
        for period, volume in zip(self.periods, volumes, strict=True):
            figure: dict[str, Any] = {column: _figure(volume)}
            self.add(table, **row, period=period.label, **figure)

    def add_node(self, name: object, kind: str, at: tuple[float, float] = (0.0, 0.0)) -> str:
        """A node; its id."""
        made = self.id_of(name)
        self.add("nodes", node=made, kind=kind, name=str(name), name_ru=str(name), x=_figure(at[0]), y=_figure(at[1]))
        return made

    def add_reach(self, name: object, start: str, end: str) -> str:
        """A reach without travel time; its id."""
        made = self.id_of(name)
        days: dict[str, Any] = {"travel_growing_days": 0, "travel_non_growing_days": 0}
        self.add("reaches", reach=made, from_node=start, to_node=end, name=str(name), **days)
        return made

    def close(self, name: object) -> None:
        """Give a node where water is only used the way out that every node needs, with nothing let through."""
        if CLOSED not in self.ids:
            self.add_node(CLOSED, "outlet")
        made = self.add_reach(f"{name} - {CLOSED}", self.id_of(name), self.id_of(CLOSED))
        self.add_series("reach_capacities", [0.0] * len(self.periods), "capacity_Mm3", reach=made)

    def add_reservoir(self, node: str, *, full: float, lowest: float, opening: float, area: tuple[float, float] = (0.0, 0.0)) -> None:
        """A reservoir at a node, Mm3; its area line in km2 and km2 per Mm3."""
        line: dict[str, Any] = {"area_at_zero_km2": _figure(area[0]), "area_slope_km2_per_Mm3": _figure(area[1])}
        stored: dict[str, Any] = {
            "full_storage_Mm3": _figure(full),
            "lowest_storage_Mm3": _figure(lowest),
            "dead_storage_Mm3": _figure(lowest),
        }
        self.add("reservoirs", reservoir=node, **stored, **line, runoff_net_of_evaporation="no" if any(area) else "yes")
        self.add("opening_storage", reservoir=node, date=self.periods[0].start, storage_Mm3=_figure(opening))

    def add_demand(self, name: object, node: str, needs: Sequence[float], rank: float) -> str:
        """A user of water with what it asks for, Mm3 a month, met in the order of ranks; its id."""
        made = self.id_of(name)
        known = {"demand": made, "node": node, "name": str(name), "name_ru": str(name)}
        self.add("demands", **known, party=PARTY, use="unexplained", limited="no", grade="assumed")
        self.add_series("needs", needs, "need_Mm3", demand=made)
        self.ranks.setdefault(rank, []).append({"kind": "demands", "users": [made], "per": "period"})
        return made

    def add_floor(self, name: object, place: str, reach: str, flows: Sequence[float], rank: float) -> None:
        """A wish for a least flow into a reach, m3/s in each month."""
        made = self.id_of(name)
        for period, flow in zip(self.periods, flows, strict=True):
            days: dict[str, Any] = {"start": period.start, "end": period.end}
            self.add("floors", floor=made, place=place, reach=reach, **days, floor_m3s=_figure(flow))
        self.ranks.setdefault(rank, []).append({"kind": "floors", "places": [place]})

    def files(self, name: str) -> dict[str, str]:
        """The files of a model folder by their paths in it."""
        self._to_schematic()
        files = {f"tables/{table}.csv": _csv(table, rows) for table, rows in self.tables.items()}
        files["tables/sources.yaml"] = yaml.safe_dump({SOURCE: self._source()}, allow_unicode=True, sort_keys=False)
        files["model.yaml"] = yaml.safe_dump(self._model(name), allow_unicode=True, sort_keys=False, default_flow_style=None)
        return files

    def _to_schematic(self) -> None:
        """Places of nodes between 0 and 100, as a schematic has them."""
        for axis in ("x", "y"):
            at = [row[axis] for row in self.tables.get("nodes", [])]
            low, high = min(at, default=0), max(at, default=0)
            for row in self.tables.get("nodes", []):
                row[axis] = _figure(100 * (row[axis] - low) / (high - low)) if high > low else 0

    def _source(self) -> dict[str, str]:
        title = say("A model of another program: {file}", file=self.came_from)
        return {"title": title, "publisher": "-", "year": "-", "url": "-", "licence": "-", "accessed": "-"}

    def _model(self, name: str) -> dict[str, Any]:
        claims = [self.ranks[rank] for rank in sorted(self.ranks)]
        priorities = [{"name": f"rank_{k}", "claims": claimed} for k, claimed in enumerate(claims, start=1)]
        return {
            "format": 1,
            "name": name,
            "title": self.title,
            "parties": [PARTY],
            "horizon": {"start": self.periods[0].start, "end": self.periods[-1].end},
            "step": "month",
            "series": {table: SERIES for table in self.tables if TABLES[table].has_series},
            "objective": {"priorities": [*priorities, {"name": "cost", "cost": True}]},
        }


def _figure(value: float) -> float | int:
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def _csv(table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    known = [spelling for column in TABLES[table].columns for spelling in column.spellings]
    used = [name for name in (*known, "month", "period", "source", "grade") if any(name in row for row in rows)]
    out = io.StringIO()
    writer = csv.DictWriter(out, used, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def whole_months(start: dt.date, end: dt.date) -> tuple[Period, ...]:
    """The months that lie between two days, both included, in whole."""
    numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    months = (periods_of_month(k // 12, k % 12 + 1, "month")[0] for k in numbers)
    return tuple(p for p in months if p.start >= start and p.end <= end)
