"""Titles: how people call what a river is made of, in the language spoken; the name where there is no title."""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.words.catalogue import say_of, spoken

__all__ = ["called", "title_of"]


def title_of(part: Any, name: str = "") -> str:
    """The title of a node, user, reach, plant or clause in the language spoken, else in English, else a name."""
    return str(getattr(part, f"title_{spoken()}", "") or getattr(part, "title", "") or name)


def called(basin: Basin, name: str) -> str:
    """How people call a user, a place, a reach, a plant, a clause, an alarm or a party; its name where it has no title."""
    for parts in (basin.demands, basin.nodes, basin.reaches, basin.plants, basin.clauses, basin.storage_alarms, basin.flow_alarms):
        if name in parts:
            return _reach_called(basin, name) if parts is basin.reaches else title_of(parts[name], name)
    return next((title_of(p, name) for p in basin.objective.priorities if p.name == name), name)


def priority_titles(basin: Basin) -> dict[str, str]:
    """Title of every priority by name, in the order of priority."""
    return {p.name: title_of(p, p.name) for p in basin.objective.priorities}


def _reach_called(basin: Basin, name: str) -> str:
    """A reach by its title; in a language it has none in, by its two ends."""
    reach = basin.reaches[name]
    if spoken() == "en" or bool(getattr(reach, f"title_{spoken()}", "")):
        return title_of(reach, name)
    return say_of("reach", "{start} to {end}", start=called(basin, reach.start), end=called(basin, reach.end))
