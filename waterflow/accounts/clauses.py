"""Clauses beside the plan: what each asks for and what the plan does, and the account of every party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from waterflow.accounts.clause_facts import Account, ClauseCount, ClauseFact, ClauseRowFact, EnergyGiven, Obligation, Side
from waterflow.accounts.plan import Plan
from waterflow.basin.agreements import Clause, ClauseRow, FuelForEnergy, Payment, Service
from waterflow.basin.clause_power import PowerClause

__all__ = ["accounts", "clauses", "counted", "fulfilled"]

#: a clause missed by less than this (Mm3, GWh) is kept
KEPT = 1e-6
#: the side of an account that a unit stands on
SIDES: dict[str, Side] = {"Mm3": "water", "GWh": "energy"}


def fulfilled(plan: Plan, row: ClauseRow) -> float:
    """What a row counts in the plan, in its unit; what is owed from before, or for what was received, is not part of it."""
    return row.known + _counted(plan, (x for x in row.terms if not _is_owed(x)))


def _asked(plan: Plan, row: ClauseRow) -> float:
    """What a row asks for in the plan: its figure, and what is owed for the electricity received."""
    return row.figure - _counted(plan, (x for x in row.terms if _is_owed(x) and x[0] != "clause_slack"))


def _is_owed(term: tuple[str, tuple[str, ...], float]) -> bool:
    """True for what a row asks for and does not count: electricity that water, or other electricity, is owed for."""
    unknown, _, weight = term
    return unknown == "clause_slack" or (unknown == "exchanged" and weight < 0)


def _counted(plan: Plan, terms: Iterable[tuple[str, tuple[str, ...], float]]) -> float:
    position, runoff = plan.basin.calendar.position, plan.basin.runoff
    return sum(
        weight * float((runoff[index[0]] if unknown == "runoff" else plan.series(unknown, index[0]))[position[index[1]]])
        for unknown, index, weight in terms
    )


def _slack(plan: Plan, name: str) -> float:
    return float(plan.dataset["clause_slack"].sel(clause_row=name))


def _owed_before(plan: Plan, row: ClauseRow) -> float:
    """What was unmet before and is owed now."""
    return sum(abs(weight) * _slack(plan, index[0]) for unknown, index, weight in row.terms if unknown == "clause_slack")


def _rows(plan: Plan, clause: Clause) -> Iterator[ClauseRowFact]:
    for row in sorted((r for r in plan.basin.clause_rows.values() if r.clause == clause.name), key=lambda r: (r.window, r.name)):
        slack = _slack(plan, row.name)
        yield ClauseRowFact(
            row=row.name,
            window=row.window,
            unit=row.unit,
            rule=row.rule,
            figure=_asked(plan, row),
            owed_before=_owed_before(plan, row),
            fulfilled=fulfilled(plan, row),
            missed_by=slack if slack > KEPT else 0.0,
            concession_MUSD=(row.price or 0.0) * slack,
            written_in=row.written_in or None,
            written_factor=row.written_factor,
            giver=row.giver or None,
        )


def counted(agreed: Plan, other: Plan, clause: str) -> tuple[ClauseCount, ...]:
    """What the rows of a clause count in a plan made under it and in one made without: figures of both, in their unit.

    Electricity booked under the clause is left out: without the clause nothing is booked.
    """
    return tuple(
        ClauseCount(row=r.name, unit=r.unit, figure=_asked(agreed, r), agreed=fulfilled(agreed, r), other=fulfilled(other, r))
        for r in agreed.basin.clause_rows.values()
        if clause in (r.clause, r.name) and r.unit != "GWh"
    )


def clauses(plan: Plan) -> tuple[ClauseFact, ...]:
    """Every clause in force with its rows; one without rows is booked only, or not in its class of runoff."""
    return tuple(
        ClauseFact(
            agreement=agreement.name,
            clause=clause.name,
            type=clause.type,
            hard=clause.hard,
            title=clause.title,
            title_ru=clause.title_ru,
            text=clause.text,
            text_ru=clause.text_ru,
            giver=clause.giver or None,
            receivers=clause.receivers,
            signatories=dict(clause.signatories),
            source=clause.source or None,
            assumed=clause.assumed or None,
            rows=tuple(_rows(plan, clause)),
        )
        for agreement in plan.basin.agreements.values()
        for clause in agreement.clauses
        if clause.in_force
    )


def _booked(clause: Clause) -> tuple[Side, float | None, str] | None:
    """What a clause moves outside the program: side, amount and unit."""
    if isinstance(clause, FuelForEnergy):
        return "fuel", clause.fuel_amount, f"{clause.fuel_unit} ({clause.fuel})"
    if isinstance(clause, Payment):
        return "money", clause.amount_MUSD, "million USD"
    if isinstance(clause, Service):
        return "service", None, clause.service
    return None


def _entries(plan: Plan, clause: Clause) -> Iterator[Obligation]:
    """One entry for each obligation of a clause: what a party owes to whom, and what the plan does of it."""
    to = tuple(clause.receivers)
    booked = _booked(clause)
    if booked:
        side, amount, unit = booked
        yield Obligation(
            party=clause.giver,
            to=to,
            side=side,
            clause=clause.name,
            window=None,
            unit=unit,
            rule="at_least",
            obliged=amount,
            # what moves outside the program is taken as done: nothing here can tell
            fulfilled=None,
            missed_by=None,
        )
    for row in _rows(plan, clause):
        # of fuel the receiver owes the power, of power for water the water, of a swap what it gives back
        by = row.giver or clause.giver
        givers = tuple(dict.fromkeys(g.party for g in clause.gives)) if isinstance(clause, PowerClause) else (clause.giver,)
        for party, others in [(r, givers) for r in to if r == by] or [(by, to)]:
            yield Obligation(
                party=party or None,
                to=others,
                side=SIDES[row.unit],
                clause=clause.name,
                window=row.window,
                unit=row.unit,
                rule=row.rule,
                obliged=row.figure + row.owed_before,
                fulfilled=row.fulfilled,
                missed_by=row.missed_by,
            )


def accounts(plan: Plan) -> Account:
    """The account of every party: obligations beside what the plan does, and the electricity it gave and received.

    Water, energy, fuel, money and services stay apart. ``energy`` holds, for each pair of parties, the electricity moved
    under clauses both ways; ``made_on_the_river_GWh`` is what the giver's own plants make in the same periods.
    """
    basin = plan.basin
    entries = [e for a in basin.agreements.values() for c in a.clauses if c.in_force for e in _entries(plan, c)]
    order = {party: k for k, party in enumerate(basin.parties)}
    entries.sort(key=lambda e: (order.get(e.party or "", len(order)), e.side, e.clause, e.window or ""))
    return Account(entries=tuple(entries), energy=_moved(plan))


def _moved(plan: Plan) -> tuple[EnergyGiven, ...]:
    pairs: dict[tuple[str, str], float] = {}
    months: dict[tuple[str, str], set[int]] = {}
    for x in plan.basin.exchanges.values():
        pair = (x.giver, x.receiver)
        pairs[pair] = pairs.get(pair, 0.0) + float(plan.series("exchanged", x.name).sum())
        months.setdefault(pair, set()).update(x.periods)
    return tuple(
        EnergyGiven(giver=giver, receiver=receiver, moved_GWh=moved, made_on_the_river_GWh=_made(plan, giver, months[giver, receiver]))
        for (giver, receiver), moved in sorted(pairs.items())
    )


def _made(plan: Plan, party: str, periods: set[int]) -> float | None:
    own = [p.name for p in plan.basin.plants.values() if p.party == party]
    return sum(float(plan.series("generation", name)[sorted(periods)].sum()) for name in own) if own else None
