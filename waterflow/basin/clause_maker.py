"""Clause rows: what one clause asks for in each window, made into rows of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from waterflow.basin.agreements import Agreement, ClauseRow, Exchange
from waterflow.basin.basin import Basin
from waterflow.basin.clause_parts import Measure, Rate
from waterflow.basin.clause_sums import Sum, Sums
from waterflow.basin.energy import Export, Supply
from waterflow.calendar import Calendar
from waterflow.errors import Problem
from waterflow.units import FACTORS
from waterflow.words.catalogue import say, say_many

__all__ = ["SIDES", "Asked", "Maker", "Side"]

Side = Literal["at_least", "at_most"]
#: the unit a figure is written in, empty for ours, and how many of it one of ours is
Written = tuple[str, float]
SIDES: dict[str, tuple[Side, ...]] = {"at_least": ("at_least",), "at_most": ("at_most",), "exactly": ("at_least", "at_most")}


@dataclass(frozen=True)
class Asked:
    """What one window of a clause asks for: its sides, each with what is counted and the figure.

    ``span`` is the figure's own span, longer than the window where that is one period of it.
    """

    window: str
    sides: list[tuple[Side, Sum, float]]
    span: str
    written: Written = ("", 1.0)


class Maker(Sums):
    """One clause in a basin: what it counts, made into rows; what is wrong with it is collected."""

    def __init__(self, basin: Basin, agreement: Agreement, clause: Any) -> None:
        super().__init__(basin, f"agreements/{agreement.name}.yaml: {clause.name}")
        self.agreement, self.clause = agreement, clause
        self.exchanges: dict[str, Exchange] = {}
        self.supplies: dict[str, Supply] = {}
        self.exports: dict[str, Export] = {}

    def holds(self) -> bool:
        """True if the clause has rows: it is in force, and the class of runoff is one of its own."""
        givers = [giver.party for giver in getattr(self.clause, "givers", ())]
        for party in dict.fromkeys((self.clause.giver, *givers, *self.clause.receivers, *self.clause.signatories)):
            if party:
                self.known("party", party, self.basin.parties)
        return bool(self.clause.in_force) and self._in_its_class()

    def _in_its_class(self) -> bool:
        """True if the clause holds in the class of runoff the basin has."""
        classes, wanted = self.agreement.runoff_classes, self.clause.runoff
        if not wanted:
            return True
        if classes is None:
            self.bad("runoff", ", ".join(wanted), say("runoff_classes in the agreement"))
            return False
        known = [self.known("node", n, self.basin.runoff) for n in classes.at]
        return all(known) and classes.of(self.basin.runoff) in wanted

    def bad(self, field: str, found: str, allowed: str) -> None:
        """Collects what is wrong with a field of the clause."""
        self.problems.append(Problem("bad-clause", f"{self.where}, {field}", found, allowed))

    def made(self, asked: list[Asked], unit: Literal["Mm3", "GWh"] = "Mm3", part: str = "", giver: str = "") -> Iterator[ClauseRow]:
        """Rows in the order of time; what is unmet in one goes on to the next of its side."""
        clause = self.clause
        in_order = sorted(asked, key=lambda x: x.window)
        before: dict[Side, str] = {}
        for k, (one, place) in enumerate(zip(in_order, self._places(in_order), strict=True)):
            for side, (terms, known), figure in one.sides:
                end = "" if len(one.sides) == 1 else f"/{side.removeprefix('at_')}"
                if clause.carry_over and side in before:
                    weight = -clause.carry_over if side == "at_least" else clause.carry_over
                    terms = [*terms, ("clause_slack", (before[side],), weight)]
                row = ClauseRow(
                    name=f"{clause.name}{part}{place}{end}",
                    clause=clause.name,
                    window=one.window,
                    unit=unit,
                    rule=side,
                    figure=figure,
                    terms=tuple(terms),
                    known=known,
                    price=clause.concession_price,
                    carried=bool(clause.carry_over) and k < len(asked) - 1,
                    giver=giver,
                    written_in=one.written[0],
                    written_factor=one.written[1],
                )
                before[side] = row.name
                yield row

    def _places(self, asked: list[Asked]) -> list[str]:
        """How each of several rows is called: by its period or first day, by all its days where others begin on that day too."""
        if len(asked) == 1:
            return [""]
        names = [_short(x.window, self.basin.calendar) for x in asked]
        for longer in (lambda x: x.window, lambda x: f"{x.window} of {x.span}"):
            twice = {name for name in names if names.count(name) > 1}
            names = [longer(x) if name in twice else name for x, name in zip(asked, names, strict=True)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            found = asked[names.index(name)].span
            self.problems.append(Problem("twice", f"{self.where}, figures", found, say("one figure for the same days")))
        return [f"/{name}" for name in names]

    @staticmethod
    def written(unit: str) -> Written:
        """The unit a figure is written in, and how many of it one of ours is."""
        return (unit, 1.0 / FACTORS[unit][1]) if unit in FACTORS else ("", 1.0)

    def paired(self, *measures: Measure) -> Iterator[tuple[tuple[str, Sum], ...]]:
        """Measures window by window: the first of each, the second of each."""
        found = [self.measured(m) for m in measures]
        if self.as_many([len(x) for x in found]):
            yield from zip(*found, strict=True)

    def as_many(self, counts: list[int]) -> bool:
        """True if spans that belong together make equally many windows in the horizon, so that each has its fellow."""
        if len(set(counts)) > 1 and all(counts):
            found = say("spans that lie {counts} times in the horizon", counts=", ".join(map(str, counts)))
            self.bad("years", found, say("spans with the same years"))
        return len(set(counts)) == 1

    def figures(self, counted: Callable[[list[str]], Sum], rule: str) -> Iterator[ClauseRow]:
        """Rows of volumes over their spans, and of flows in every period of theirs (as volumes of the period)."""
        asked: list[Asked] = []
        for figure in self.clause.figures:
            for window in self.windows(figure.start, figure.end):
                if isinstance(figure, Rate):
                    periods = [self.basin.calendar.periods[k] for k in self.basin.calendar.inside(window)]
                    parts = [(f"{p.start}/{p.end}", [p.label], figure.flow_m3s / p.rate, ("m3/s", p.rate)) for p in periods]
                else:
                    parts = [(str(window), self.labels(window), figure.amount_Mm3, self.written(figure.written_in))]
                for where, labels, x, written in parts:
                    asked.append(Asked(where, [(s, counted(labels), x) for s in SIDES[rule]], str(window), written))
        return self.made(asked)

    def one_receiver(self) -> str:
        """The party that receives; empty, and told, where it is not one."""
        if len(self.clause.receivers) != 1:
            self.bad("receivers", say_many("{count} receiver", "{count} receivers", len(self.clause.receivers)), say("one receiver"))
            return ""
        return str(self.clause.receivers[0])

    def is_party(self, field: str, party: str) -> bool:
        """True if a clause says who, and it is a party; what is wrong is told."""
        if not party:
            self.bad(field, say("nobody"), ", ".join(self.basin.parties))
        return bool(party) and party in self.basin.parties

    def parties(self) -> tuple[str, str]:
        """Who gives and who receives; empty where a clause does not say."""
        receiver = self.one_receiver()
        return (self.clause.giver, receiver) if self.is_party("giver", self.clause.giver) and receiver else ("", "")

    def traded(self) -> list[Supply | Export]:
        """Power that the tables trade over lines."""
        every: list[Supply | Export] = [*self.basin.supplies.values(), *self.basin.exports.values()]
        return [x for x in every if x.line and not x.clause]

    def bought(self, party: str) -> set[str]:
        """Lines of the tables over which a party buys."""
        return {x.line for x in self.traded() if isinstance(x, Supply) and x.party == party and x.kind == "import"}

    def sold(self, party: str) -> set[str]:
        """Lines of the tables over which a party sells."""
        return {x.line for x in self.traded() if isinstance(x, Export) and x.party == party}


def _short(window: str, calendar: Calendar) -> str:
    """How a row among several is called: the period it is, or the day it starts."""
    start = window.split("/")[0]
    return next((p.label for p in calendar.periods if f"{p.start}/{p.end}" == window), start)
