"""Electricity moved under clauses, made into rows, exchanges and lines of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.basin.agreements import ClauseRow, Exchange
from waterflow.basin.clause_maker import Asked, Maker, Written
from waterflow.basin.clause_power import Giver, Way
from waterflow.basin.clause_sums import Sum
from waterflow.basin.energy import Export, Supply
from waterflow.calendar import Window
from waterflow.errors import unknown
from waterflow.words.catalogue import say

__all__ = ["Owed", "booked", "given", "moved", "owed_by"]

#: GWh that a MW carries in a day
GWH_PER_MW_DAY = 24 / 1000
#: electricity owed in a window, GWh, and how it is written
Owed = tuple[Window, float, Written]


def owed_by(of: Maker, share: float = 1.0) -> list[list[Owed]]:
    """What each figure of a clause asks for, times a share, in each of its windows."""
    return [[(w, share * f.energy_GWh, of.written(f.written_in)) for w in of.windows(f.start, f.end)] for f in of.clause.figures]


def given(of: Maker, part: str = "", back: Sequence[Window] = (), ratio: float = 0.0) -> Iterator[ClauseRow]:
    """Rows of what each giver of a clause owes the one receiver; with ``back``, also of what each then gets back for it."""
    clause, several = of.clause, len(of.clause.gives) > 1
    receiver = of.one_receiver()
    for giver in clause.gives:
        if not of.is_party("giver", giver.party) or not receiver:
            continue
        place = f"/{giver.party}" if several else ""
        owed = [x for figure in owed_by(of, giver.part) for x in figure]
        yield from booked(of, (giver.party, receiver), giver.way, owed, (place, f"{part}{place}"))
        if back:
            yield from _back(of, giver, receiver, back, ratio, place)


def booked(of: Maker, parties: tuple[str, str], way: Way, owed: Sequence[Owed], called: tuple[str, str] = ("", "")) -> list[ClauseRow]:
    """Electricity from one party to another: its exchange, the line it may have of its own, a row for each window.

    ``called`` is what the exchange and its rows are called after the clause.
    """
    periods = sorted({k for w, *_ in owed for k in of.basin.calendar.inside(w)})
    name = _exchange(of, parties, way, periods, called[0])
    inside = of.basin.calendar.inside
    asked = [Asked(str(w), [("at_least", moved(of, name, inside(w)), amount)], str(w), written) for w, amount, written in owed]
    rows = list(of.made(asked, "GWh", called[1], parties[0]))
    of.exchanges[name] = of.exchanges[name].model_copy(update={"figures": tuple((row.name, 1.0) for row in rows)})
    return rows


def _back(of: Maker, giver: Giver, receiver: str, back: Sequence[Window], ratio: float, place: str) -> Iterator[ClauseRow]:
    """What the receiver gives back: over all its windows, the ratio times what it got."""
    periods = sorted({k for w in back for k in of.basin.calendar.inside(w)})
    name = _exchange(of, (receiver, giver.party), giver.way, periods, f"{place}/back")
    there = of.exchanges[f"{of.clause.name}{place}"]
    got, returned = moved(of, there.name, there.periods), moved(of, name, periods)
    window = f"{min(w.start for w in back)}/{max(w.end for w in back)}"
    owed = [Asked(window, [("at_least", ([*returned[0], *((u, i, -ratio * w) for u, i, w in got[0])], 0.0), 0.0)], window)]
    rows = list(of.made(owed, "GWh", f"/back{place}", receiver))
    most = tuple((row, ratio * share) for row, share in there.figures)
    of.exchanges[name] = of.exchanges[name].model_copy(update={"figures": most})
    yield from rows


def moved(of: Maker, exchange: str, periods: Sequence[int]) -> Sum:
    """Electricity of an exchange booked in some periods."""
    return [("exchanged", (exchange, of.basin.calendar.labels[k]), 1.0) for k in periods], 0.0


def _exchange(of: Maker, parties: tuple[str, str], way: Way, periods: Sequence[int], called: str) -> str:
    """Books an exchange under a clause; checks its line, or gives it one of its own."""
    name = f"{of.clause.name}{called}"
    carried = tuple((way.capacity_MW or 0.0) * GWH_PER_MW_DAY * p.days for p in of.basin.calendar.periods)
    if way.additional:
        _own_line(of, name, parties, way, carried)
    elif way.line:
        _known_line(of, parties, way.line)
    of.exchanges[name] = Exchange(
        name=name,
        clause=of.clause.name,
        giver=parties[0],
        receiver=parties[1],
        periods=tuple(periods),
        line=way.line,
        additional=way.additional,
        # where a party balances its power, its own end of the line carries no more
        capacity=carried if way.additional and not any(of.basin.balances(party) for party in parties) else None,
    )
    return name


def _own_line(of: Maker, name: str, parties: tuple[str, str], way: Way, capacity: tuple[float, ...]) -> None:
    """The line as an import of its receiver and an export of its giver, where they balance their power."""
    giver, receiver = parties
    if way.line in {x.line for x in of.traded()}:
        of.bad("way.line", way.line, say("a name that no line of the tables has, since the power is additional to theirs"))
        return
    price = (way.cost_USD_per_kWh or 0.0,) * len(capacity)
    loss = (way.loss_fraction,) * len(capacity)
    about = {"name": f"{name}/line", "line": way.line, "capacity": capacity, "clause": of.clause.name}
    if of.basin.balances(receiver):
        of.supplies[f"{name}/line"] = Supply(party=receiver, kind="import", cost=price, loss=loss, **about)
    if of.basin.balances(giver):
        # the receiver's cost, paid to the giver: the loss is counted once, where the power arrives
        of.exports[f"{name}/line"] = Export(party=giver, price=price, **about)


def _known_line(of: Maker, parties: tuple[str, str], line: str) -> None:
    """A line of the tables is one over which the receiver buys and the giver sells, where they balance their power."""
    giver, receiver = parties
    ends = [trade for party, trade in ((receiver, of.bought(receiver)), (giver, of.sold(giver))) if of.basin.balances(party)]
    for trade in ends or [{x.line for x in of.traded()}]:
        if line not in trade:
            of.problems.append(unknown("line", f"{of.where}, way.line", line, sorted(trade)))
