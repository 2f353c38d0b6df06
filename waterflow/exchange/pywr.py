"""A Pywr model (JSON) as a model of ours, as far as it maps. Only the documented format is read.

Nodes become nodes and edges reaches; an output with a cost below zero is a demand, any other an outlet. Rates are volumes by day:
they are added up over months. Costs of demands and of minimum flows become the order of priorities.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.exchange.draft import Draft, whole_months
from waterflow.exchange.files import text_of
from waterflow.exchange.pywr_values import NoValueError, Values
from waterflow.words.catalogue import say

__all__ = ["VOLUMES", "read_pywr"]

#: units of volume a model may be in, and how many Mm3 one is
VOLUMES = {"Mm3": 1.0, "hm3": 1.0, "Ml": 1e-3, "1000m3": 1e-3, "m3": 1e-6, "km3": 1e3}
SOURCES, LINKS, STORES = ("input", "catchment"), ("link", "river", "rivergauge", "breaklink"), ("storage", "reservoir")
#: keys of a node that we read, or that say nothing about water
READ = {
    "input": {"flow", "max_flow", "min_flow", "cost"},
    "link": {"max_flow", "min_flow", "mrf", "mrf_cost", "cost"},
    "store": {"max_volume", "min_volume", "initial_volume", "initial_volume_pc", "cost", "num_inputs", "num_outputs"},
    "output": {"max_flow", "min_flow", "cost"},
}
SILENT = {"name", "type", "position", "comment", "color"}
#: parts of the file that say nothing about water
ASIDE = {"metadata", "timestepper", "nodes", "edges", "parameters", "solver"}


def read_pywr(path: Path, volume: str) -> Draft:
    """Read a Pywr model.

    Parameters
    ----------
    path : Path
        The JSON file; data it names lie beside it.
    volume : str
        The unit its volumes are in (`VOLUMES`), which the format does not say.

    Raises
    ------
    InputError
        If it is no such file, or nothing of ours can be made of it.
    """
    whole = _content(path)
    shown = path.name
    stepper = whole.get("timestepper")
    days = [_day(stepper.get(key)) for key in ("start", "end")] if isinstance(stepper, dict) else [None, None]
    if days[0] is None or days[1] is None:
        raise Problem("bad-foreign-model", f"{shown}: timestepper", say("no days"), say("start and end as YYYY-MM-DD")).refusal()
    periods = whole_months(days[0], days[1])
    if not periods:
        raise Problem("bad-foreign-model", f"{shown}: timestepper", f"{days[0]}/{days[1]}", say("a whole month or more")).refusal()
    about = whole.get("metadata")
    title = str(about.get("title", "")) if isinstance(about, dict) else ""
    draft = Draft(title or path.stem, shown, periods)
    if (periods[0].start, periods[-1].end) != (days[0], days[1]):
        draft.leave(
            f"{days[0]}/{days[1]}", "timestepper", say("cut to whole months: {start}/{end}", start=periods[0].start, end=periods[-1].end)
        )
    parameters = _named(whole.get("parameters", {}))
    reader = _Reader(draft, Values(parameters, path.parent), VOLUMES[volume], shown)
    reader.read(_nodes(whole, shown), whole.get("edges", []))
    for name in parameters.keys() - reader.values.used:
        draft.leave(name, say("parameter"), say("nothing that maps uses it"))
    for name in sorted(set(whole) - ASIDE):
        draft.leave(name, say("part of the file"), say("nothing in our tables stands for it"))
    draft.leave(
        "-", say("the whole model"), say("planned with foresight over the horizon, not day by day; costs are an order, not weights")
    )
    return draft


def _content(path: Path) -> dict[str, Any]:
    text = text_of(path)
    wanted = say("a JSON file with nodes, edges and timestepper")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        told = say("text that is no JSON: {error}", error=str(error))
        raise Problem("bad-foreign-model", path.name, told, wanted).refusal() from error
    if not isinstance(found, dict) or "nodes" not in found:
        raise Problem("bad-foreign-model", path.name, say("JSON without nodes"), wanted).refusal()
    return found


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _named(parameters: Any) -> dict[str, Any]:
    """Parameters by name, however they are written."""
    if isinstance(parameters, dict):
        return {str(name): value for name, value in parameters.items()}
    return {str(p["name"]): p for p in parameters if isinstance(p, dict) and "name" in p} if isinstance(parameters, list) else {}


def _nodes(whole: Mapping[str, Any], shown: str) -> dict[str, dict[str, Any]]:
    """Nodes by name, all that is wrong with them told at once."""
    found: dict[str, dict[str, Any]] = {}
    problems = []
    nodes = whole["nodes"] if isinstance(whole["nodes"], list) else []
    for k, node in enumerate(nodes, start=1):
        where = say("{shown}, node {number}", shown=shown, number=k)
        if not isinstance(node, dict) or not isinstance(node.get("name"), str) or not isinstance(node.get("type"), str):
            problems.append(Problem("bad-foreign-model", where, say("no name or no type"), say("a node with name and type")))
        elif node["name"] in found:
            problems.append(Problem("twice", where, node["name"], say("one node of a name")))
        else:
            found[node["name"]] = node
    if not nodes:
        problems.append(Problem("bad-foreign-model", f"{shown}: nodes", say("none"), say("a list of nodes")))
    if problems:
        raise InputError(problems)
    return found


class _Reader:
    """What is read node by node."""

    def __init__(self, draft: Draft, values: Values, scale: float, shown: str) -> None:
        self.draft, self.values, self.scale, self.shown = draft, values, scale, shown
        self.into: dict[str, list[str]] = {}
        self.out_of: dict[str, list[str]] = {}

    def read(self, nodes: Mapping[str, dict[str, Any]], edges: Any) -> None:
        """All nodes, then the edges between those that map, then what nodes say of the flow past them."""
        roles = {name: self._role(node) for name, node in nodes.items()}
        for name, node in nodes.items():
            if not roles[name]:
                kind = str(node["type"])
                self.draft.leave(name, kind, say("no node of ours is of that kind; its edges are left out with it"))
            else:
                self._node(name, node, roles[name])
        self._edges(edges, nodes, roles)
        for name, node in nodes.items():
            if roles[name]:
                self._rules(name, node, roles[name])

    def _role(self, node: Mapping[str, Any]) -> str:
        kind = str(node["type"]).lower()
        roles = {"input": SOURCES, "link": LINKS, "store": STORES, "output": ("output",)}
        return next((role for role, kinds in roles.items() if kind in kinds), "")

    def _node(self, name: str, node: Mapping[str, Any], role: str) -> None:
        made = self.draft.add_node(name, self._kind(node, role), _place(node))
        if role == "input":
            self._source(name, node, made)
        elif role == "store":
            self._store(name, node, made)
        for key in sorted(node.keys() - READ[role] - SILENT):
            self.draft.leave(name, f"{node['type']}.{key}", say("nothing in our tables stands for it"))

    def _kind(self, node: Mapping[str, Any], role: str) -> str:
        if role == "store":
            return "reservoir"
        return "outlet" if role == "output" and not self._wanted(node) else "junction"

    def _wanted(self, node: Mapping[str, Any]) -> bool:
        """True if an output has a most and earns something: a demand."""
        return node.get("max_flow") is not None and self._cost(node, "cost") < 0

    def _cost(self, node: Mapping[str, Any], key: str) -> float:
        try:
            return self.values.constant(node.get(key, 0.0) or 0.0)
        except NoValueError:
            return 0.0

    def _volumes(self, name: str, node: Mapping[str, Any], key: str) -> list[float] | None:
        """A rate of a node in each month, Mm3; None, and listed, where it has none that maps."""
        try:
            return [v * self.scale for v in self.values.volumes(node[key], self.draft.periods)]
        except NoValueError as error:
            self.draft.leave(name, f"{node['type']}.{key}", str(error))
            return None

    def _source(self, name: str, node: Mapping[str, Any], made: str) -> None:
        key = "flow" if node.get("flow") is not None else "max_flow"
        if node.get(key) is None:
            self.draft.leave(name, str(node["type"]), say("an input without a most: water without end is not planned"))
            return
        if key == "max_flow" and node.get("min_flow") != node.get("max_flow"):
            self.draft.leave(name, f"{node['type']}.max_flow", say("taken as what flows in: what nobody needs must find a way out"))
        volumes = self._volumes(name, node, key)
        if volumes is not None:
            self.draft.add_series("runoff", volumes, "runoff_Mm3", node=made)

    def _store(self, name: str, node: Mapping[str, Any], made: str) -> None:
        try:
            full, lowest = (self.values.constant(node.get(key, 0.0)) * self.scale for key in ("max_volume", "min_volume"))
            if node.get("initial_volume") is not None:
                opening = self.values.constant(node["initial_volume"]) * self.scale
            else:
                opening = self.values.constant(node.get("initial_volume_pc")) * full
        except NoValueError as error:
            where = say("{shown}, node {name}", shown=self.shown, name=name)
            wanted = say("max_volume and initial_volume as constant numbers")
            raise Problem("bad-foreign-model", where, str(error), wanted).refusal() from error
        self.draft.add_reservoir(made, full=full, lowest=lowest, opening=opening)
        if self._cost(node, "cost"):
            self.draft.leave(name, f"{node['type']}.cost", say("what keeping water is worth: write end_values or a storage rule"))

    def _edges(self, edges: Any, nodes: Mapping[str, Any], roles: Mapping[str, str]) -> None:
        for k, edge in enumerate(edges if isinstance(edges, list) else [], start=1):
            ends = [str(x) for x in edge[:2]] if isinstance(edge, list) and len(edge) > 1 else []
            if not ends or any(x not in nodes for x in ends):
                where, wanted = say("{shown}, edge {number}", shown=self.shown, number=k), say("two names of nodes")
                raise Problem("bad-foreign-model", where, str(edge), wanted).refusal()
            if any(not roles[x] for x in ends):
                self.draft.leave(" -> ".join(ends), say("edge"), say("an end of it does not map"))
                continue
            if len(edge) > 2 and any(slot is not None for slot in edge[2:]):
                self.draft.leave(" -> ".join(ends), say("edge"), say("its slots are one"))
            made = self.draft.add_reach(f"{ends[0]} - {ends[1]}", *map(self.draft.id_of, ends))
            self.out_of.setdefault(ends[0], []).append(made)
            self.into.setdefault(ends[1], []).append(made)

    def _rules(self, name: str, node: Mapping[str, Any], role: str) -> None:
        """Capacities, least flows and demands, now that the reaches are known."""
        if role == "output" and self._wanted(node):
            self.draft.close(name)
            needs = self._volumes(name, node, "max_flow")
            if needs is not None:
                self.draft.add_demand(f"{name} demand", self.draft.id_of(name), needs, self._cost(node, "cost"))
        elif role in ("output", "link") and node.get("max_flow") is not None:
            self._capacity(name, node)
        for key in self._floors(node, role):
            self._floor(name, node, key)
        if role in ("link", "input") and self._cost(node, "cost"):
            self.draft.leave(name, f"{node['type']}.cost", say("a cost of passing: write reach_costs if it is money"))

    def _floors(self, node: Mapping[str, Any], role: str) -> Iterator[str]:
        if node.get("mrf") is not None:
            yield "mrf"
        if node.get("min_flow") and role != "input":
            yield "min_flow"

    def _capacity(self, name: str, node: Mapping[str, Any]) -> None:
        at = next((found for found in (self.into.get(name, []), self.out_of.get(name, [])) if len(found) == 1), None)
        if at is None:
            self.draft.leave(name, f"{node['type']}.max_flow", say("no single reach that could have it as its capacity"))
        elif (most := self._volumes(name, node, "max_flow")) is not None:
            self.draft.add_series("reach_capacities", most, "capacity_Mm3", reach=at[0])

    def _floor(self, name: str, node: Mapping[str, Any], key: str) -> None:
        out, into = self.out_of.get(name, []), self.into.get(name, [])
        at = out if len(out) == 1 else into
        if len(at) != 1:
            self.draft.leave(name, f"{node['type']}.{key}", say("no single reach that could have it as its least flow"))
        elif (volumes := self._volumes(name, node, key)) is not None:
            flows = [v * p.rate for v, p in zip(volumes, self.draft.periods, strict=True)]
            rank = self._cost(node, "mrf_cost") if key == "mrf" else float("-inf")
            self.draft.add_floor(f"{name} {key}", self.draft.id_of(name), at[0], flows, rank)


def _place(node: Mapping[str, Any]) -> tuple[float, float]:
    """Where a node is drawn, if the file says so."""
    found = node.get("position")
    at = found.get("schematic") if isinstance(found, dict) else None
    ok = isinstance(at, list) and len(at) == 2 and all(isinstance(x, int | float) for x in at)
    return (float(at[0]), float(at[1])) if ok and at else (0.0, 0.0)
