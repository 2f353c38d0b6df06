"""Types of clauses: one function for each, which makes the rows of a clause over decisions that are there anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from waterflow.basin.agreements import ClauseRow
from waterflow.basin.clause_exchanges import booked, given, moved, owed_by
from waterflow.basin.clause_maker import SIDES, Asked, Maker, Side
from waterflow.basin.clause_power import Way
from waterflow.basin.clause_sums import Sum
from waterflow.words.catalogue import say

__all__ = ["CLAUSE_TYPES"]


def release(of: Maker) -> Iterator[ClauseRow]:
    """All ways out of a reservoir but its spillways reach the figure, or stay below it, as the clause says."""
    ways = of.ways(of.clause.reservoir)
    return of.figures(lambda labels: of.flow(ways, labels), of.clause.rule)


def release_cap(of: Maker) -> Iterator[ClauseRow]:
    """All ways out of a reservoir but its spillways stay below the figure."""
    ways = of.ways(of.clause.reservoir)
    return of.figures(lambda labels: of.flow(ways, labels), "at_most")


def flow_floor(of: Maker) -> Iterator[ClauseRow]:
    """The flow into a reach reaches the figure in every period."""
    return of.figures(lambda labels: of.flow([of.clause.reach], labels), "at_least")


def delivery(of: Maker) -> Iterator[ClauseRow]:
    """All that comes to a node (reaches, runoff, drainage), or what a demand takes, reaches the figure."""
    clause = of.clause
    counted = (lambda t: of.arriving(clause.node, t)) if clause.node else (lambda t: of.withdrawn(clause.demand, t))
    return of.figures(counted, "at_least")


def storage(of: Maker) -> Iterator[ClauseRow]:
    """Storage at the end of the day before the date reaches the figure, or stays below it, as the clause says."""
    clause = of.clause
    asked = []
    for figure in clause.figures:
        written = of.written(figure.written_in)
        for date, total in of.stored(clause.reservoir, figure.date):
            asked.append(Asked(date, [(s, total, figure.amount_Mm3) for s in SIDES[clause.rule]], date, written))
    return of.made(asked)


def withdrawal_limit(of: Maker) -> Iterator[ClauseRow]:
    """A party's limited demands, or one demand, stay below the limit times (1 + tolerance); guaranteed: reach it times (1 - tolerance)."""
    clause, asked = of.clause, list[Asked]()
    factors: dict[Side, float] = {"at_least": 1 - clause.tolerance, "at_most": 1 + clause.tolerance}
    for figure in clause.figures:
        for window in of.windows(figure.start, figure.end):
            taken = of.withdrawn(clause.of, of.labels(window))
            sides = SIDES["exactly" if clause.guaranteed else "at_most"]
            amounts = [(s, taken, factors[s] * figure.amount_Mm3) for s in sides]
            asked.append(Asked(str(window), amounts, str(window), of.written(figure.written_in)))
    return of.made(asked)


def proportional_share(of: Maker) -> Iterator[ClauseRow]:
    """The part, less the share of the whole, is at least or at most 0; the tolerance moves the share."""
    clause, asked = of.clause, list[Asked]()
    for (window, part), *whole in of.paired(clause.part, *clause.whole):
        sides: list[tuple[Side, Sum, float]] = []
        for side in SIDES[clause.rule]:
            share = clause.share + (-clause.tolerance if side == "at_least" else clause.tolerance)
            sides.append((side, _less(part, share, [total for _, total in whole]), 0.0))
        asked.append(Asked(window, sides, window))
    return of.made(asked)


def threshold_share(of: Maker) -> Iterator[ClauseRow]:
    """The flow into a reach, less the share of what comes to the node, is at least minus the share times the threshold."""
    clause, asked = of.clause, list[Asked]()
    for figure in clause.figures:
        for window in of.windows(figure.start, figure.end):
            labels = of.labels(window)
            owed = _less(of.flow([clause.reach], labels), clause.share, [of.arriving(clause.node, labels)])
            asked.append(Asked(str(window), [("at_least", owed, -clause.share * figure.amount_Mm3)], str(window)))
    return of.made(asked)


def energy_delivery(of: Maker) -> Iterator[ClauseRow]:
    """Electricity booked under the clause reaches the figure: of several givers, each its part."""
    return given(of)


def energy_swap(of: Maker) -> Iterator[ClauseRow]:
    """Electricity booked reaches the figure; what is booked back reaches it times the ratio."""
    clause = of.clause
    back = [w for span in clause.back for w in of.windows(span.start, span.end)]
    there = [w for figure in owed_by(of) for w, *_ in figure]
    if shared := [w for w in back if any(w.start <= other.end and other.start <= w.end for other in there)]:
        of.bad("back", ", ".join(map(str, shared)), say("days on which nothing is given"))
        return iter(())
    return given(of, back=back, ratio=clause.ratio)


def energy_for_water(of: Maker) -> Iterator[ClauseRow]:
    """Electricity booked reaches the energy; water, less the booked electricity of its year over the ratio, reaches the base."""
    clause = of.clause
    yield from given(of, "/energy")
    spans = [[w for w, *_ in figure] for figure in owed_by(of)]
    water = of.measured(clause.water)
    # one water figure answers for all the energy; several, year by year, each for that of its own
    years = [[w for span in spans for w in span]] if len(water) == 1 else [list(year) for year in zip(*spans, strict=False)]
    if len(water) > 1 and not of.as_many([len(water), *map(len, spans)]):
        return
    asked = []
    for (window, there), energy in zip(water, years, strict=False):
        periods = sorted({k for w in energy for k in of.basin.calendar.inside(w)})
        owed = _less(there, 1.0 / clause.kWh_per_m3, [moved(of, name, periods) for name in of.exchanges])
        asked.append(Asked(window, [("at_least", owed, clause.base_Mm3)], window, of.written(clause.written_in)))
    yield from of.made(asked, part="/water", giver=of.one_receiver())


def fuel_for_energy(of: Maker) -> Iterator[ClauseRow]:
    """Electricity booked from the receiver of the fuel to its giver reaches the fuel times its equivalent."""
    amount = of.clause.fuel_amount * of.clause.GWh_per_unit
    windows, (giver, receiver) = of.windows(of.clause.start, of.clause.end), of.parties()
    owed = [(w, amount, ("", 1.0)) for w in windows]
    if not amount and of.clause.way != Way():
        of.bad("way", of.clause.way.line or say("a way"), say("no way: the clause owes no electricity"))
    return iter(booked(of, (receiver, giver), of.clause.way, owed) if amount and giver else [])


def payment(of: Maker) -> Iterator[ClauseRow]:
    """Money is booked in the accounts: no row."""
    of.parties()
    return iter(())


def service(of: Maker) -> Iterator[ClauseRow]:
    """Works are booked in the accounts: no row."""
    return payment(of)


def _less(there: Sum, share: float, wholes: list[Sum]) -> Sum:
    """A sum less a share of others."""
    terms = [*there[0], *((u, i, -share * w) for terms, _ in wholes for u, i, w in terms)]
    return terms, there[1] - share * sum(known for _, known in wholes)


#: the ``type`` of a clause -> what makes its rows
CLAUSE_TYPES: dict[str, Callable[[Maker], Iterator[ClauseRow]]] = {
    kind.__name__: kind
    for kind in (
        release,
        release_cap,
        flow_floor,
        delivery,
        storage,
        withdrawal_limit,
        proportional_share,
        threshold_share,
        energy_delivery,
        energy_swap,
        energy_for_water,
        fuel_for_energy,
        payment,
        service,
    )
}
