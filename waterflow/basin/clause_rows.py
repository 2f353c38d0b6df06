"""Clause rows: how each type of clause becomes linear rows over decisions that are there anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from waterflow.basin.agreements import Agreement, ClauseRow, Exchange
from waterflow.basin.basin import Basin
from waterflow.basin.clause_parts import Rate
from waterflow.basin.clause_sums import Sum, Sums
from waterflow.calendar import Calendar, Window
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["under", "without"]

Side = Literal["at_least", "at_most"]
#: what one window of a clause asks for: its sides, each with what is counted and the figure
Asked = tuple[str, list[tuple[Side, Sum, float]]]
SIDES: dict[str, tuple[Side, ...]] = {"at_least": ("at_least",), "at_most": ("at_most",), "exactly": ("at_least", "at_most")}


def under(basin: Basin, agreements: Iterable[Agreement]) -> Basin:
    """The same basin under agreements, in place of those it had.

    A condition on the class of runoff is judged now, on the basin's own runoff; a clause that is not in force has no row.

    Parameters
    ----------
    basin : Basin
    agreements : iterable of Agreement

    Raises
    ------
    InputError
        If a clause names something the basin does not have, leaves its horizon, or has the id of another; names them all.
    """
    found = {a.name: a for a in agreements}
    problems: list[Problem] = []
    rows: dict[str, ClauseRow] = {}
    exchanges: dict[str, Exchange] = {}
    seen: set[str] = set()
    for agreement in found.values():
        for clause in agreement.clauses:
            maker = _Maker(basin, agreement, clause)
            rows |= {row.name: row for row in maker.rows()}
            problems += maker.problems
            exchanges |= maker.exchanges
            if clause.name in seen:
                problems.append(Problem("twice", maker.where, clause.name, say("an id that no other clause has")))
            seen.add(clause.name)
    if problems:
        raise InputError(problems)
    in_order = (dict(sorted(x.items())) for x in (found, rows, exchanges))
    return basin.replaced(**dict(zip(("agreements", "clause_rows", "exchanges"), in_order, strict=True)))


def without(basin: Basin, clause: str) -> Basin:
    """The same basin with one clause of its agreements out of force.

    Raises
    ------
    InputError
        If no clause in force has that id.
    """
    if clause not in basin.clauses:
        known = ", ".join(basin.clauses) or say("none: no agreement is in force")
        raise Problem("unknown-clause", say("clause {clause}", clause=clause), clause, known, slip(clause, basin.clauses)).refusal()
    rest: list[Agreement] = []
    for agreement in basin.agreements.values():
        kept = tuple(c.model_copy(update={"in_force": False}) if c.name == clause else c for c in agreement.clauses)
        rest.append(agreement.model_copy(update={"clauses": kept}))
    return under(basin, rest)


class _Maker(Sums):
    """The rows of one clause."""

    def __init__(self, basin: Basin, agreement: Agreement, clause: Any) -> None:
        super().__init__(basin, f"agreements/{agreement.name}.yaml: {clause.name}")
        self.agreement, self.clause = agreement, clause
        self.exchanges: dict[str, Exchange] = {}

    def rows(self) -> Iterator[ClauseRow]:
        """Every row the clause makes; none if it is not in force, or not in this class of runoff."""
        for party in (self.clause.giver, *self.clause.receivers, *self.clause.signatories):
            if party:
                self.known("party", party, self.basin.parties)
        if self.clause.in_force and self._in_its_class():
            yield from getattr(self, f"_{self.clause.type}")()

    def _in_its_class(self) -> bool:
        """True if the clause holds in the class of runoff the basin has."""
        classes, wanted = self.agreement.runoff_classes, self.clause.runoff
        if not wanted:
            return True
        if classes is None:
            self._bad("runoff", ", ".join(wanted), say("runoff_classes in the agreement"))
            return False
        there = [n for n in classes.at if self.known("node", n, self.basin.runoff)]
        came = sum(sum(self.basin.runoff[n]) for n in there)
        return ("dry" if came < classes.dry_below_Mm3 else "wet" if came > classes.wet_above_Mm3 else "normal") in wanted

    def _bad(self, field: str, found: str, allowed: str) -> None:
        self.problems.append(Problem("bad-clause", f"{self.where}, {field}", found, allowed))

    def _made(self, asked: list[Asked], unit: Literal["Mm3", "GWh"] = "Mm3", part: str = "") -> Iterator[ClauseRow]:
        """Rows in the order of time; what is unmet in one goes on to the next of its side."""
        clause = self.clause
        before: dict[Side, str] = {}
        for k, (window, sides) in enumerate(asked):
            place = "" if len(asked) == 1 else f"/{_short(window, self.basin.calendar)}"
            for side, (terms, known), figure in sides:
                end = "" if len(sides) == 1 else f"/{side.removeprefix('at_')}"
                if clause.carry_over and side in before:
                    weight = -clause.carry_over if side == "at_least" else clause.carry_over
                    terms = [*terms, ("clause_slack", (before[side],), weight)]
                row = ClauseRow(
                    name=f"{clause.name}{part}{place}{end}",
                    clause=clause.name,
                    window=window,
                    unit=unit,
                    rule=side,
                    figure=figure,
                    terms=tuple(terms),
                    known=known,
                    price=clause.concession_price,
                    carried=bool(clause.carry_over) and k < len(asked) - 1,
                )
                before[side] = row.name
                yield row

    def _figures(self, counted: Callable[[list[str]], Sum], rule: str) -> Iterator[ClauseRow]:
        """Rows of volumes over their spans, and of flows in every period of theirs (as volumes of the period)."""
        asked: list[Asked] = []
        for figure in self.clause.figures:
            for window in self.windows(figure.start, figure.end):
                if isinstance(figure, Rate):
                    periods = [self.basin.calendar.periods[k] for k in self.basin.calendar.inside(window)]
                    volumes = [(f"{p.start}/{p.end}", [p.label], figure.flow_m3s / p.rate) for p in periods]
                else:
                    volumes = [(str(window), self.labels(window), figure.amount_Mm3)]
                asked += [(where, [(s, counted(labels), volume) for s in SIDES[rule]]) for where, labels, volume in volumes]
        return self._made(asked)

    def _release(self) -> Iterator[ClauseRow]:
        ways = self.ways(self.clause.reservoir)
        return self._figures(lambda labels: self.flow(ways, labels), self.clause.rule)

    def _release_cap(self) -> Iterator[ClauseRow]:
        ways = self.ways(self.clause.reservoir)
        return self._figures(lambda labels: self.flow(ways, labels), "at_most")

    def _flow_floor(self) -> Iterator[ClauseRow]:
        return self._figures(lambda labels: self.flow([self.clause.reach], labels), "at_least")

    def _delivery(self) -> Iterator[ClauseRow]:
        clause = self.clause
        counted = (lambda t: self.arriving(clause.node, t)) if clause.node else (lambda t: self.withdrawn(clause.demand, t))
        return self._figures(counted, "at_least")

    def _storage(self) -> Iterator[ClauseRow]:
        clause = self.clause
        found = [(f.amount_Mm3, *dated) for f in clause.figures for dated in self.stored(clause.reservoir, f.date)]
        return self._made([(date, [(s, total, amount) for s in SIDES[clause.rule]]) for amount, date, total in found])

    def _withdrawal_limit(self) -> Iterator[ClauseRow]:
        """A limit may be corrected by the tolerance: up for what is taken and, if guaranteed, down for what is due."""
        clause, asked = self.clause, list[Asked]()
        factors: dict[Side, float] = {"at_least": 1 - clause.tolerance, "at_most": 1 + clause.tolerance}
        for figure in clause.figures:
            for window in self.windows(figure.start, figure.end):
                taken = self.withdrawn(clause.of, self.labels(window))
                sides = SIDES["exactly" if clause.guaranteed else "at_most"]
                asked.append((str(window), [(s, taken, factors[s] * figure.amount_Mm3) for s in sides]))
        return self._made(asked)

    def _proportional_share(self) -> Iterator[ClauseRow]:
        """The part less its share of the whole, Mm3; the tolerance moves the share."""
        clause, asked = self.clause, list[Asked]()
        for (window, part), *whole in zip(self.measured(clause.part), *(self.measured(w) for w in clause.whole), strict=False):
            sides: list[tuple[Side, Sum, float]] = []
            for side in SIDES[clause.rule]:
                share = clause.share + (-clause.tolerance if side == "at_least" else clause.tolerance)
                sides.append((side, _less(part, share, [total for _, total in whole]), 0.0))
            asked.append((window, sides))
        return self._made(asked)

    def _threshold_share(self) -> Iterator[ClauseRow]:
        """What leaves, less the share of what comes: a sum that owes nothing below the threshold."""
        clause, asked = self.clause, list[Asked]()
        for figure in clause.figures:
            for window in self.windows(figure.start, figure.end):
                labels = self.labels(window)
                owed = _less(self.flow([clause.reach], labels), clause.share, [self.arriving(clause.node, labels)])
                asked.append((str(window), [("at_least", owed, -clause.share * figure.amount_Mm3)]))
        return self._made(asked)

    def _parties(self) -> tuple[str, str]:
        """Who gives and who receives."""
        if self.clause.giver and len(self.clause.receivers) == 1:
            return self.clause.giver, self.clause.receivers[0]
        found = f"{self.clause.giver or 'nobody'} to {len(self.clause.receivers)} receivers"
        self._bad("giver, receivers", found, say("a giver and one receiver"))
        return "", ""

    def _booked(self, parties: tuple[str, str], owed: list[tuple[Window, float]], part: str = "") -> list[ClauseRow]:
        """Electricity booked under the clause in each window."""
        name = self.clause.name
        periods = tuple(sorted({k for w, _ in owed for k in self.basin.calendar.inside(w)}))
        self.exchanges[name] = Exchange(name=name, giver=parties[0], receiver=parties[1], periods=periods)
        asked: list[Asked] = [
            (str(w), [("at_least", ([("exchanged", (name, t), 1.0) for t in self.labels(w)], 0.0), amount)]) for w, amount in owed
        ]
        return list(self._made(asked, "GWh", part))

    def _energy(self) -> list[tuple[Window, float]]:
        return [(w, f.energy_GWh) for f in self.clause.figures for w in self.windows(f.start, f.end)]

    def _energy_delivery(self) -> Iterator[ClauseRow]:
        return iter(self._booked(self._parties(), self._energy()))

    def _energy_for_water(self) -> Iterator[ClauseRow]:
        """The energy agreed, and for each kWh of it 1/ratio m3 of water above the base."""
        clause = self.clause
        yield from self._booked(self._parties(), self._energy(), "/energy")
        booked = self.exchanges[clause.name].periods
        moved: Sum = ([("exchanged", (clause.name, self.basin.calendar.labels[k]), 1.0) for k in booked], 0.0)
        for window, water in self.measured(clause.water)[:1]:
            owed = _less(water, 1.0 / clause.kWh_per_m3, [moved])
            yield from self._made([(window, [("at_least", owed, clause.base_Mm3)])], part="/water")

    def _fuel_for_energy(self) -> Iterator[ClauseRow]:
        """The electricity that the receiver of the fuel owes its giver."""
        owed = self.clause.fuel_amount * self.clause.GWh_per_unit
        windows, parties = self.windows(self.clause.start, self.clause.end), self._parties()[::-1]
        return iter(self._booked(parties, [(w, owed) for w in windows]) if owed else [])

    def _payment(self) -> Iterator[ClauseRow]:
        self._parties()
        return iter(())

    _service = _payment


def _less(there: Sum, share: float, wholes: list[Sum]) -> Sum:
    """A sum less a share of others."""
    terms = [*there[0], *((u, i, -share * w) for terms, _ in wholes for u, i, w in terms)]
    return terms, there[1] - share * sum(known for _, known in wholes)


def _short(window: str, calendar: Calendar) -> str:
    """How a row among several is called: the period it is, or the day it starts."""
    start = window.split("/")[0]
    return next((p.label for p in calendar.periods if f"{p.start}/{p.end}" == window), start)
