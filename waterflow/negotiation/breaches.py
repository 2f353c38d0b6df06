"""Breaches: every limit, agreement and wish that a plan breaks, named, with place, period, figure, what is allowed, by how much.

Limits and agreements are hard: the optimiser may never break them. Wishes have a shortfall.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from waterflow.formulation.formulate import equations
from waterflow.negotiation.fixed_plan import NOTICED, Followed
from waterflow.solver.rules import Rule, clause_of
from waterflow.words.sentences import LANGUAGES, Said, say, told

__all__ = ["Breach", "breaches"]

#: equations whose shortfall is a wish not met, and the unknown that measures it
WISHES = {
    "floor_kept": "floor_shortfall",
    "target_delivered": "target_shortfall",
    "share_passed_on": "share_shortfall",
    "power_floor_kept": "power_shortfall",
    "power_claim_met": "power_shortfall",
}
#: share of what is allowed that rounded figures may miss
ROUNDED = 1e-3
#: rules that say "at least"; the figure of the others is a most
AT_LEAST = frozenset({"storage_held", "storage_lowest", *WISHES})
#: unknowns that are water on its way and may be told as a rate
RATES = frozenset({"flow", "delivery", "turbined"})


@dataclass(frozen=True)
class Breach:
    """One limit, agreement or wish that is broken.

    Attributes
    ----------
    kind : str
        Key of the rule: ``storage_full``, ``withdrawals_within_limit``, ``floor_kept``, ``no_water``...
    name : str
        ``storage_full[shardara]``.
    place : str
        Whose rule it is: a reservoir, reach, demand, party, floor...
    when : str
        The label of the period, or the window; empty where it is not one.
    figure, allowed : float or None
        What the plan does and what the rule allows; None where it is not one figure.
    by : float
        How far apart they are.
    unit : str
    hard : bool
        False for a wish.
    parties : tuple of str
        Who is bound by the rule.
    titles : dict of str
        What the rule says, by language.
    """

    kind: str
    name: str
    place: str
    when: str
    figure: float | None
    allowed: float | None
    by: float
    unit: str
    hard: bool
    parties: tuple[str, ...]
    titles: Said

    @property
    def slight(self) -> bool:
        """True if it is no more than `ROUNDED` of what is allowed: rounding of typed figures."""
        return self.allowed is not None and self.by < ROUNDED * abs(self.allowed)


def breaches(followed: Followed) -> list[Breach]:
    """Everything a plan breaks, what is hard first, as the rules stand in the program."""
    found = [*_absent(followed), *_works(followed), *_agreed(followed), *_wishes(followed)]
    return sorted(found, key=lambda b: not b.hard)


def _period_of(followed: Followed, index: tuple[str, ...]) -> str:
    return index[-1] if index[-1] in followed.plan.basin.calendar.position else ""


def _rate(followed: Followed, unknown: str, label: str) -> tuple[float, str]:
    """Factor and unit in which a volume of a period is told: as the plan was typed."""
    calendar = followed.plan.basin.calendar
    if unknown in RATES and followed.plan.unit == "m3/s" and label in calendar.position:
        return calendar.periods[calendar.position[label]].rate, "m3/s"
    return 1.0, "Mm3" if unknown in {*RATES, "storage"} else "GWh"


def _absent(followed: Followed) -> Iterator[Breach]:
    """Water that is not there: withdrawals and releases out of a junction that were cut, and flows below nothing."""
    basin, ran = followed.plan.basin, followed.plan.simulated
    cut = {("delivery", name): row for name, row in zip(basin.demands, ran.missing, strict=True)}
    cut |= {("flow", name): row for name, row in followed.plan.cut.items()}
    cut |= {("flow", name): -row for name, row in zip(basin.reaches, ran.flow, strict=True) if (row < 0).any()}
    asked = {("delivery", n): v for n, v in followed.plan.withdrawals.items()} | {("flow", n): v for n, v in followed.plan.releases.items()}
    for (unknown, name), missing in cut.items():
        for k in np.flatnonzero(missing > NOTICED):
            label = basin.calendar.labels[k]
            rate, unit = _rate(followed, unknown, label)
            wanted = float(asked[unknown, name][k]) if (unknown, name) in asked else 0.0
            there = wanted - float(missing[k])
            parts = (rate * wanted, rate * there, rate * float(missing[k]), unit)
            yield Breach("no_water", f"no_water[{name}]", name, label, *parts, True, (), told("no_water", place=name))


def _works(followed: Followed) -> Iterator[Breach]:
    """Bounds of storages, reaches and canals."""
    p = followed.program
    known = dict(zip(followed.columns.tolist(), followed.values.tolist(), strict=True))
    names = {c.first + k: (c.name, index) for c in p.unknowns.values() for k, index in enumerate(c.index)}
    for rule in (r for r in followed.rules if not r.agreed):
        for column in (c for c in rule.columns.tolist() if c in known):
            allowed, value = float((p.upper if rule.upper else p.lower)[column]), known[column]
            by = value - allowed if rule.upper else allowed - value
            if by > NOTICED:
                unknown, index = names[column]
                label = _period_of(followed, index)
                rate, unit = _rate(followed, unknown, label)
                yield _of(rule, index[0], label, rate * value, rate * allowed, rate * by, unit)


def _agreed(followed: Followed) -> Iterator[Breach]:
    """Rows of agreements that nothing open could keep, or that cannot be kept with what is open; one breach for each."""
    missed = followed.missing + followed.gave_way
    index = {c.first + k: i for c in followed.program.equations.values() for k, i in enumerate(c.index)}
    for rule in (r for r in followed.rules if r.agreed):
        for row in rule.rows.tolist():
            if missed[row] > NOTICED:
                yield _agreed_breach(followed, rule, index[row], float(missed[row]))


def _agreed_breach(followed: Followed, rule: Rule, index: tuple[str, ...], by: float, *, hard: bool = True) -> Breach:
    """An agreed row that is missed by some amount: whose it is, when it holds, what it allows and what the plan does."""
    basin, owner = followed.plan.basin, index[0]
    row: Any = getattr(basin, "clause_rows", {}).get(owner)
    kind = rule.name.partition("[")[0]
    figure, least = rule.figure if len(rule.rows) == 1 else None, kind in AT_LEAST
    place, when = owner, _period_of(followed, index)
    if owner in basin.storage_rules:
        place, when = basin.storage_rules[owner].reservoir, basin.calendar.labels[basin.storage_rules[owner].period]
    elif owner in basin.limits:
        place, when = basin.limits[owner].party, str(basin.limits[owner].window)
    elif row is not None:
        place, when, figure, least = row.clause, row.window, row.figure, row.rule == "at_least"
    value = None if figure is None else figure - by if least else figure + by
    return replace(_of(rule, place, when, value, figure, by, rule.unit), hard=hard)


def _of(rule: Rule, place: str, when: str, figure: float | None, allowed: float | None, by: float, unit: str) -> Breach:
    kind = rule.name.partition("[")[0]
    return Breach(kind, rule.name, place, when, figure, allowed, by, unit, True, rule.parties, rule.titles)


def _wishes(followed: Followed) -> Iterator[Breach]:
    """Floors, targets, shares and claims on power that are short."""
    p, x = followed.program, followed.unknowns
    units = {e.name: e.unit for e in equations()}
    yield from _soft_clauses(followed)
    for equation, unknown in WISHES.items():
        rows, slack = p.equations[equation], p.unknowns[unknown]
        if not rows.index:
            continue
        without = x.copy()
        without[slack.slice] = 0.0
        short = p.right_hand_side(followed.givens) - p.matrix @ without
        for index, by in zip(rows.index, short[rows.slice].tolist(), strict=True):
            if by > NOTICED:
                yield _wish(followed, equation, index, by, units[equation])


def _soft_clauses(followed: Followed) -> Iterator[Breach]:
    """Clauses of agreements with a price for what they are missed by."""
    slack = followed.program.unknowns.get("clause_slack")
    if slack is None:
        return
    rules = {rule.name: rule for rule in followed.rules}
    for index, by in zip(slack.index, followed.unknowns[slack.slice].tolist(), strict=True):
        if by > NOTICED:
            rule = rules[f"clause_kept[{clause_of(followed.plan.basin, index[0])}]"]
            yield _agreed_breach(followed, rule, index, by, hard=False)


def _wish(followed: Followed, equation: str, index: tuple[str, ...], by: float, unit: str) -> Breach:
    basin, owner = followed.plan.basin, index[0]
    when = _period_of(followed, index)
    allowed, place, parties = 0.0, owner, tuple[str, ...]()
    if equation == "floor_kept":
        allowed, place = basin.floors[owner].flow, basin.floors[owner].place
    elif equation == "target_delivered":
        allowed, place, when = basin.targets[owner].amount, basin.targets[owner].place, str(basin.targets[owner].window)
    elif equation == "share_passed_on":
        share = basin.threshold_shares[owner]
        allowed, place, when, parties = share.due, share.node, str(share.window), (share.party,)
    else:
        claim = basin.power_claims[owner]
        inside = [basin.calendar.position[when]] if when else claim.periods
        allowed = claim.share * sum(basin.power[claim.party].demand[k] for k in inside)
        place, parties = claim.party, (claim.party,)
    titles = {lang: say(equation, lang, place=place) for lang in LANGUAGES}
    return Breach(equation, f"{equation}[{owner}]", place, when, allowed - by, allowed, by, unit, False, parties, titles)
