"""Clause rows: what one clause asks for in each window, made into rows of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from waterflow.basin.agreements import Agreement, ClauseRow, Exchange
from waterflow.basin.basin import Basin
from waterflow.basin.clause_parts import Rate
from waterflow.basin.clause_sums import Sum, Sums
from waterflow.calendar import Calendar, Window
from waterflow.errors import Problem
from waterflow.words.catalogue import say

__all__ = ["SIDES", "Asked", "Maker", "Side"]

Side = Literal["at_least", "at_most"]
#: what one window of a clause asks for: its sides, each with what is counted and the figure
Asked = tuple[str, list[tuple[Side, Sum, float]]]
SIDES: dict[str, tuple[Side, ...]] = {"at_least": ("at_least",), "at_most": ("at_most",), "exactly": ("at_least", "at_most")}


class Maker(Sums):
    """One clause in a basin: what it counts, made into rows; what is wrong with it is collected."""

    def __init__(self, basin: Basin, agreement: Agreement, clause: Any) -> None:
        super().__init__(basin, f"agreements/{agreement.name}.yaml: {clause.name}")
        self.agreement, self.clause = agreement, clause
        self.exchanges: dict[str, Exchange] = {}

    def holds(self) -> bool:
        """True if the clause has rows: it is in force, and the class of runoff is one of its own."""
        for party in (self.clause.giver, *self.clause.receivers, *self.clause.signatories):
            if party:
                self.known("party", party, self.basin.parties)
        return bool(self.clause.in_force) and self._in_its_class()

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

    def made(self, asked: list[Asked], unit: Literal["Mm3", "GWh"] = "Mm3", part: str = "") -> Iterator[ClauseRow]:
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

    def figures(self, counted: Callable[[list[str]], Sum], rule: str) -> Iterator[ClauseRow]:
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
        return self.made(asked)

    def parties(self) -> tuple[str, str]:
        """Who gives and who receives."""
        if self.clause.giver and len(self.clause.receivers) == 1:
            return self.clause.giver, self.clause.receivers[0]
        found = f"{self.clause.giver or 'nobody'} to {len(self.clause.receivers)} receivers"
        self._bad("giver, receivers", found, say("a giver and one receiver"))
        return "", ""

    def booked(self, parties: tuple[str, str], owed: list[tuple[Window, float]], part: str = "") -> list[ClauseRow]:
        """Electricity booked under the clause in each window."""
        name = self.clause.name
        periods = tuple(sorted({k for w, _ in owed for k in self.basin.calendar.inside(w)}))
        self.exchanges[name] = Exchange(name=name, giver=parties[0], receiver=parties[1], periods=periods)
        asked: list[Asked] = [
            (str(w), [("at_least", ([("exchanged", (name, t), 1.0) for t in self.labels(w)], 0.0), amount)]) for w, amount in owed
        ]
        return list(self.made(asked, "GWh", part))


def _short(window: str, calendar: Calendar) -> str:
    """How a row among several is called: the period it is, or the day it starts."""
    start = window.split("/")[0]
    return next((p.label for p in calendar.periods if f"{p.start}/{p.end}" == window), start)
