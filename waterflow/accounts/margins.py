"""What one unit more would deliver: effects at the margin, read from the duals of a target's own stage.

An effect counts the Mm3 that one unit would bring to every target short in the same round. A stage's duals
hold the stages before it as they are; where an earlier stage is itself short and would take the unit, the
target gets nothing of it, and the effect is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.plan import Plan
from waterflow.accounts.water_facts import MarginEffect, ServedFirst
from waterflow.basin.objective import is_round_of
from waterflow.basin.targets import Target
from waterflow.basin.titles import called

__all__ = ["EASED", "Round", "effects", "round_of", "served_first"]

Floats = NDArray[np.float64]

#: effects below this (Mm3 delivered by one unit) say nothing to a negotiator
WORTH_SAYING = 0.005
#: an earlier stage takes a unit if its value gets better by more than this
TAKES = 1e-8
#: what may be eased, equation and its unit ("demand": a user asks for less)
EASED = {
    "water_balance": "Mm3",
    "storage_held": "Mm3",
    "storage_not_passed": "Mm3",
    "demand": "Mm3",
    "floor_kept": "m3/s",
    "power_floor_kept": "GWh",
    "power_claim_met": "GWh",
}


@dataclass(frozen=True)
class Round:
    """The stage that settled a target's shortage and what a unit of its value is worth in Mm3."""

    stage: int
    worth: float


def round_of(plan: Plan, target: Target, priority: str) -> Round | None:
    """The round of a priority that settled a target's shortage; None if its duals say nothing of it."""
    names = [str(s) for s in plan.dataset["stage"].values]
    rounds = [k for k, name in enumerate(names) if is_round_of(name, priority)]
    prices = np.abs(np.nan_to_num(np.asarray(plan.dataset["target_delivered_dual"].values, dtype=float)))
    members = [str(t) for t in plan.dataset["target"].values]
    place = members.index(target.name)
    best = max(rounds, key=lambda k: float(prices[k, place]), default=None)
    if best is None or prices[best, place] * target.amount <= WORTH_SAYING:
        return None
    amounts = np.array([plan.basin.targets[name].amount for name in members])
    return Round(best, float(amounts[prices[best] > 0].sum()))


def _eased(plan: Plan, stage: int, kind: str) -> Floats:
    """How much better a stage's value gets by easing each row of an equation by one unit, (member, when)."""
    if kind == "demand":
        return _asked(plan, stage)
    values = -np.nan_to_num(np.asarray(plan.dataset[f"{kind}_dual"].values[stage], dtype=float))
    return values.reshape(values.shape[0], -1) if values.size else np.zeros((0, 1))


def _asked(plan: Plan, stage: int) -> Floats:
    """The same for a user that asks for one unit less in the best period of a season: its need falls, and what it may count on."""
    basin, need = plan.basin, _eased(plan, stage, "demand_accounted")
    if not len(need):
        return np.zeros((0, 1))
    order = {name: k for k, name in enumerate(basin.demands)}
    asked = need.copy()
    for claim, due in zip(basin.demand_claims.values(), _eased(plan, stage, "claim_met").ravel(), strict=True):
        asked[order[claim.demand], list(claim.periods)] += due
    spans = (list(basin.calendar.inside(window)) for window, _ in plan.seasons)
    return np.stack([asked[:, inside].max(axis=1) for inside in spans], axis=1)


def _labels(plan: Plan, kind: str) -> tuple[list[str], list[str]]:
    """Names of the members of an equation, and of the times of its rows."""
    if kind == "demand":
        return list(plan.basin.demands), [str(window) for window, _ in plan.seasons]
    dims = [str(d) for d in plan.dataset[f"{kind}_dual"].dims[1:]]
    names = [str(n) for n in plan.dataset[dims[0]].values]
    return names, list(plan.basin.calendar.labels) if len(dims) > 1 else [""]


def _about(plan: Plan, kind: str, name: str) -> tuple[str, str | None, str | None]:
    """What a row is about, for people: its title, its party, and its date if that is not the time of the row."""
    basin = plan.basin
    if kind == "water_balance":
        return plan.title(name), None, None
    if name in basin.storage_rules:
        rule = basin.storage_rules[name]
        return plan.title(rule.reservoir), None, str(basin.calendar.periods[rule.period].end + dt.timedelta(days=1))
    if name in basin.demands:
        return called(basin, name), basin.demands[name].party, None
    if name in basin.floors:
        return plan.title(basin.floors[name].place), None, None
    party = basin.power_claims[name].party
    return party, party, None


def effects(plan: Plan, settled: Round, kind: str) -> list[MarginEffect]:
    """The largest effect of each member of an equation, the largest members first."""
    values = _eased(plan, settled.stage, kind) * settled.worth
    for stage in range(settled.stage):
        values = np.where(_eased(plan, stage, kind) > TAKES, 0.0, values)
    names, whens = _labels(plan, kind)
    found = []
    for name, row in zip(names, values, strict=True):
        if row.max() > WORTH_SAYING:
            title, party, date = _about(plan, kind, name)
            about = {"kind": kind, "name": name, "title": title, "party": party, "unit": EASED[kind]}
            found.append(MarginEffect(**about, when=date or whens[int(row.argmax())], delivers_Mm3=float(row.max())))
    return sorted(found, key=lambda e: (-round(e.delivers_Mm3, 6), e.name))


def served_first(plan: Plan, settled: Round, places: Collection[str]) -> list[ServedFirst]:
    """Earlier priorities that more water at some of the places would serve before the target, each by its first stage."""
    rows = [k for k, name in enumerate(_labels(plan, "water_balance")[0]) if name in places]
    found: dict[str, ServedFirst] = {}
    for k in range(settled.stage):
        if (_eased(plan, k, "water_balance")[rows] > TAKES).any():
            stage = str(plan.dataset["stage"].values[k])
            short = float(plan.dataset["stage_value"].values[k])
            priority = stage.split("/")[0]
            found.setdefault(priority, ServedFirst(priority=priority, stage=stage, short_share=short))
    return list(found.values())
