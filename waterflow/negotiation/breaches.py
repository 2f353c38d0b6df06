"""Breaches: every limit, agreement and wish that a plan breaks, named, with place, period, figure, what is allowed, by how much.

Limits and agreements are hard: the optimiser may never break them. Wishes have a shortfall.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from waterflow.accounts.fact import Fact
from waterflow.formulation.formulate import equations
from waterflow.negotiation.fixed_plan import FixedPlan
from waterflow.solver.rules import NOTICED, Rule, clause_of

__all__ = ["Breach", "breaches"]

#: equations whose shortfall is a wish not met, and the unknown that measures it
WISHES = {
    "floor_kept": "floor_shortfall",
    "target_delivered": "target_shortfall",
    "share_passed_on": "share_shortfall",
    "power_floor_kept": "power_shortfall",
    "power_claim_met": "power_shortfall",
}
#: the equation of what outlets pass
OUTLET = "outflow_within_outlet"
#: share of what is allowed that rounded figures may miss
ROUNDED = 1e-3
#: rules that say "at least"; the figure of the others is a most
AT_LEAST = frozenset({"storage_held", "storage_lowest", "flows_held", *WISHES})
#: unknowns that are water on its way and may be told as a rate
RATES = frozenset({"flow", "delivery", "turbined"})
#: what the plan does, what the rule allows, how far apart they are, the unit
Told = tuple[float | None, float | None, float, str]


class Breach(Fact):
    """One limit, agreement or wish that is broken.

    Attributes
    ----------
    kind : str
        That of the rule: ``storage_full``, ``withdrawals_within_limit``, ``floor_kept``, ``no_water``...
    name : str
        ``storage_full[plain]``.
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
    slight : bool
        True if it is no more than `ROUNDED` of what is allowed: rounding of typed figures.
    parties : tuple of str
        Who is bound by the rule.
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
    slight: bool
    parties: tuple[str, ...]


def _breach(rule: str, place: str, when: str, told: Told, *, hard: bool = True, parties: tuple[str, ...] = ()) -> Breach:
    """A breach of the rule of a name; ``told`` has what the plan does, what is allowed, how far apart they are, and the unit."""
    figure, allowed, by, unit = told
    return Breach(
        kind=rule.partition("[")[0],
        name=rule,
        place=place,
        when=when,
        figure=figure,
        allowed=allowed,
        by=by,
        unit=unit,
        hard=hard,
        slight=allowed is not None and by < ROUNDED * abs(allowed),
        parties=parties,
    )


def breaches(fixed: FixedPlan) -> list[Breach]:
    """Everything a plan breaks, what is hard first, as the rules stand in the program."""
    found = [*_absent(fixed), *_below_nothing(fixed), *_works(fixed), *_outlets(fixed), *_agreed(fixed), *_wishes(fixed)]
    return sorted(found, key=lambda b: not b.hard)


def _period_of(fixed: FixedPlan, index: tuple[str, ...]) -> str:
    return index[-1] if index[-1] in fixed.plan.basin.calendar.position else ""


def _rate(fixed: FixedPlan, unknown: str, label: str) -> tuple[float, str]:
    """Factor and unit in which a volume of a period is told: as the plan was typed."""
    calendar = fixed.plan.basin.calendar
    if unknown in RATES and fixed.plan.unit == "m3/s" and label in calendar.position:
        return calendar.periods[calendar.position[label]].rate, "m3/s"
    return 1.0, "Mm3" if unknown in {*RATES, "storage"} else "GWh"


def _absent(fixed: FixedPlan) -> Iterator[Breach]:
    """Water that is not there: withdrawals and releases out of a junction that were cut, and flows below nothing."""
    basin, ran = fixed.plan.basin, fixed.plan.simulated
    cut = {("delivery", name): row for name, row in zip(basin.demands, ran.missing, strict=True)}
    cut |= {("flow", name): row for name, row in fixed.plan.cut.items()}
    cut |= {("flow", name): -row for name, row in zip(basin.reaches, ran.flow, strict=True) if (row < 0).any()}
    asked = {("delivery", n): v for n, v in fixed.plan.withdrawals.items()} | {("flow", n): v for n, v in fixed.plan.releases.items()}
    for (unknown, name), missing in cut.items():
        for k in np.flatnonzero(missing > NOTICED):
            label = basin.calendar.labels[k]
            rate, unit = _rate(fixed, unknown, label)
            wanted = float(asked[unknown, name][k]) if (unknown, name) in asked else 0.0
            there = wanted - float(missing[k])
            yield _breach(f"no_water[{name}]", name, label, (rate * wanted, rate * there, rate * float(missing[k]), unit))


def _below_nothing(fixed: FixedPlan) -> Iterator[Breach]:
    """Storages below zero where zero is the lowest: no rule says so, for nobody could give it up."""
    basin = fixed.plan.basin
    for name, storages in zip(basin.reservoirs, fixed.plan.simulated.storage, strict=True):
        if basin.reservoirs[name].least <= 0:
            for k in np.flatnonzero(storages < -NOTICED):
                storage = float(storages[k])
                yield _breach(f"storage_lowest[{name}]", name, basin.calendar.labels[k], (storage, 0.0, -storage, "Mm3"))


def _works(fixed: FixedPlan) -> Iterator[Breach]:
    """Bounds of storages, reaches and canals."""
    p = fixed.program
    known = dict(zip(fixed.columns.tolist(), fixed.values.tolist(), strict=True))
    names = {c.first + k: (c.name, index) for c in p.unknowns.values() for k, index in enumerate(c.index)}
    for rule in (r for r in fixed.rules if not r.agreed):
        for column in (c for c in rule.columns.tolist() if c in known):
            allowed, value = float((p.upper if rule.upper else p.lower)[column]), known[column]
            by = value - allowed if rule.upper else allowed - value
            if by > NOTICED:
                unknown, index = names[column]
                label = _period_of(fixed, index)
                rate, unit = _rate(fixed, unknown, label)
                told = (rate * value, rate * allowed, rate * by, unit)
                yield _breach(rule.name, index[0], label, told, parties=rule.parties)


def _outlets(fixed: FixedPlan) -> Iterator[Breach]:
    """More let out than an outlet passes at the storage there is: the narrowest of its lines in each period."""
    basin = fixed.plan.basin
    position = fixed.program.equations[OUTLET].position
    flows = dict(zip(basin.reaches, fixed.plan.simulated.flow, strict=True))
    for rule in (r for r in fixed.rules if r.kind == OUTLET):
        lines = [line for line, (reach, *_) in basin.outlet_lines.items() if reach == rule.owner]
        for k, label in enumerate(basin.calendar.labels):
            by = max(float(fixed.missing[position[line, label]]) for line in lines)
            if by > NOTICED:
                rate, unit = _rate(fixed, "flow", label)
                value = float(flows[rule.owner][k])
                yield _breach(rule.name, rule.owner, label, (rate * value, rate * (value - by), rate * by, unit), parties=rule.parties)


def _agreed(fixed: FixedPlan) -> Iterator[Breach]:
    """Rows of agreements that nothing open could keep, or that cannot be kept with what is open; one breach for each."""
    missed = fixed.missing + fixed.gave_way
    index = {c.first + k: i for c in fixed.program.equations.values() for k, i in enumerate(c.index)}
    for rule in (r for r in fixed.rules if r.agreed):
        for row in rule.rows.tolist():
            if missed[row] > NOTICED:
                yield _agreed_breach(fixed, rule, index[row], float(missed[row]))


def _agreed_breach(fixed: FixedPlan, rule: Rule, index: tuple[str, ...], by: float, *, hard: bool = True) -> Breach:
    """An agreed row that is missed by some amount: whose it is, when it holds, what it allows and what the plan does."""
    row = fixed.plan.basin.clause_rows.get(index[0])
    figure, least = rule.figure if len(rule.rows) == 1 else None, rule.kind in AT_LEAST
    place, when = rule.place, rule.when or _period_of(fixed, index)
    if row is not None:
        place, when, figure, least = row.clause, row.window, row.figure, row.rule == "at_least"
    value = None if figure is None else figure - by if least else figure + by
    return _breach(rule.name, place, when, (value, figure, by, rule.unit), hard=hard, parties=rule.parties)


def _wishes(fixed: FixedPlan) -> Iterator[Breach]:
    """Floors, targets, shares and claims on power that are short."""
    p, x = fixed.program, fixed.unknowns
    units = {e.name: e.unit for e in equations()}
    yield from _soft_clauses(fixed)
    for equation, unknown in WISHES.items():
        rows, slack = p.equations[equation], p.unknowns[unknown]
        if not rows.index:
            continue
        without = x.copy()
        without[slack.slice] = 0.0
        short = p.right_hand_side(fixed.givens) - p.matrix @ without
        for index, by in zip(rows.index, short[rows.slice].tolist(), strict=True):
            if by > NOTICED:
                yield _wish(fixed, equation, index, by, units[equation])


def _soft_clauses(fixed: FixedPlan) -> Iterator[Breach]:
    """Clauses of agreements with a price for what they are missed by."""
    slack = fixed.program.unknowns.get("clause_slack")
    if slack is None:
        return
    rules = {rule.name: rule for rule in fixed.rules}
    for index, by in zip(slack.index, fixed.unknowns[slack.slice].tolist(), strict=True):
        if by > NOTICED:
            rule = rules[f"clause_kept[{clause_of(fixed.plan.basin, index[0])}]"]
            yield _agreed_breach(fixed, rule, index, by, hard=False)


def _wish(fixed: FixedPlan, equation: str, index: tuple[str, ...], by: float, unit: str) -> Breach:
    basin, owner = fixed.plan.basin, index[0]
    when = _period_of(fixed, index)
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
    return _breach(f"{equation}[{owner}]", place, when, (allowed - by, allowed, by, unit), hard=False, parties=parties)
