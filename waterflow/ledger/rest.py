"""The parts of a season cut to the rest of it: series, windows, dates; what was taken comes off what was promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from waterflow.accounts.fact import Fact
from waterflow.basin.agreements import ClauseRow, Exchange
from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims, Objective
from waterflow.calendar import Window
from waterflow.ledger.seen import Past

__all__ = ["Cut", "Excess", "Settled", "with_what_is_left"]

#: a figure below this is none, Mm3 or GWh
NOTHING = 1e-9


class Excess(Fact):
    """More than was allowed or asked, by the day the rest begins: what is left is nothing, never less."""

    kind: str
    name: str
    figure: float
    found: float
    unit: str


class Settled(Fact):
    """A row of a clause whose window is past: what it came to, and what it was missed by."""

    clause: str
    row: str
    window: str
    figure: float
    found: float
    missed: float
    unit: str


class Cut:
    """A season cut after some periods; what is odd about it is collected."""

    def __init__(self, basin: Basin, past: Past, tolerance: float = 0.0) -> None:
        self.basin, self.past, self.k, self.tolerance = basin, past, past.cut, tolerance
        old = basin.calendar
        self.calendar = replace(old, start=old.periods[self.k].start)
        self.excesses: list[Excess] = []
        self.settled: list[Settled] = []

    def after(self, series: Any) -> Any:
        """A series over the horizon or the timeline without its first periods; none of an empty one or of None."""
        return series[self.k :] if series else series

    def before(self, known: tuple[float, ...], seen: Any) -> tuple[float, ...]:
        """What is known of the history of the rest: that of the season, then what was seen."""
        return (*known, *map(float, seen))[self.k :]

    def over(self, parts: Mapping[str, Any], *names: str) -> dict[str, Any]:
        """Parts with some of their series cut."""
        return {n: x.model_copy(update={f: self.after(getattr(x, f)) for f in names}) for n, x in parts.items()}

    def window(self, window: Window) -> Window | None:
        """What is left of a window; None if it is past."""
        return None if window.end < self.calendar.start else Window(max(window.start, self.calendar.start), window.end)

    def gone(self, window: Window) -> list[int]:
        """Positions of the past periods of a window."""
        return [k for k in self.basin.calendar.inside(window) if k < self.k]

    def reaches(self) -> dict[str, Any]:
        """Reaches: their past flows are water on its way."""
        cut = self.over(self.basin.reaches, "evaporation", "seepage", "travel_days", "capacity")
        left = {n: {"constant_loss": self.after(r.constant_loss), "dry": ()} for n, r in cut.items()}
        return {n: r.model_copy(update={"flow_before": self.before(r.flow_before, self.past.flow[n]), **left[n]}) for n, r in cut.items()}

    def demands(self) -> dict[str, Any]:
        """Users: what they took drains back later."""
        cut = self.over(self.basin.demands, "need", "capacity", "value")
        return {n: d.model_copy(update={"delivery_before": self.before(d.delivery_before, self.past.delivery[n])}) for n, d in cut.items()}

    def reservoirs(self) -> dict[str, Any]:
        """Reservoirs: they open with what they hold, within the limits that the season had."""
        found = {}
        for name, r in self.over(self.basin.reservoirs, "net_evaporation", "seepage_depth", "seepage_share", "seepage_volume").items():
            limits: dict[str, Any] = {
                "lowest_storage": r.floor,
                "full_storage": r.ceiling,
                "operating_storage": min(r.operating_storage, r.opening_storage),
            }
            if r.curve:
                limits["curve"] = r.curve.undrawn()
            found[name] = r.model_copy(update={**limits, "opening_storage": float(self.past.storage[name][-1])})
        return found

    def plants(self) -> dict[str, Any]:
        """Plants, their heads as lines around the same points."""
        found = self.over(self.basin.plants, "capacity", "most_energy")
        heads = {n: p.head.model_copy(update={"at": self.after(p.head.at)}) for n, p in found.items() if p.head}
        return {n: p.model_copy(update={"head": heads[n]}) if n in heads else p for n, p in found.items()}

    def later(self, rules: Mapping[str, Any]) -> dict[str, Any]:
        """Storages agreed or wished for on dates to come, flows for periods to come."""
        left = {n: r for n, r in rules.items() if r.period >= self.k}
        return {n: r.model_copy(update={"period": r.period - self.k}) for n, r in left.items()}

    def limits(self) -> dict[str, Any]:
        """Limits, within their tolerance, less what was taken."""
        found = {}
        for name, limit in self.basin.limits.items():
            window = self.window(limit.window)
            users = [d.name for d in self.basin.demands.values() if d.limited and d.party == limit.party]
            taken = sum(float(self.past.delivery[d][k]) for d in users for k in self.gone(limit.window))
            most = limit.amount * (1 + self.tolerance)
            if taken > most + NOTHING:
                self.excesses.append(Excess(kind="limit", name=name, figure=most, found=taken, unit="Mm3"))
            if window:
                found[name] = limit.model_copy(update={"window": window, "amount": max(0.0, most - taken)})
        return found

    def targets(self) -> dict[str, Any]:
        """Targets, less what passed their gauge."""
        found = {}
        for name, target in self.basin.targets.items():
            window, passed = self.window(target.window), self.passed(target.reach, target.window)
            if passed > target.amount + NOTHING:
                self.excesses.append(Excess(kind="target", name=name, figure=target.amount, found=passed, unit="Mm3"))
            if window:
                found[name] = target.model_copy(update={"window": window, "amount": max(0.0, target.amount - passed)})
        return found

    def passed(self, reach: str, window: Window) -> float:
        """What entered a reach in the past part of a window, Mm3."""
        return sum(float(self.past.flow[reach][k]) for k in self.gone(window))

    def shares(self) -> dict[str, Any]:
        """Threshold shares, with what came and was passed on."""
        found = {}
        for name, x in self.basin.threshold_shares.items():
            window = self.window(x.window)
            if window:
                came = sum(self._arrived(a, k) for a in self.basin.paths.arriving[x.node] for k in self.gone(x.window))
                found[name] = x.model_copy(
                    update={"window": window, "came_before": came, "passed_before": self.passed(x.reach, x.window), "due": 0.0}
                )
        return found

    def _arrived(self, reach: str, k: int) -> float:
        """Water that left a reach at its lower end in a past period."""
        r, first = self.basin.reaches[reach], len(self.basin.calendar.history)
        flow = (*r.flow_before, *self.past.flow[reach])
        return sum(
            share * (kept := r.kept(s) * float(flow[s])) - share * (min(r.constant_loss[s], kept) if r.constant_loss else 0.0)
            for s, share in self.basin.paths.arrival_shares[reach][k]
            if s < first + self.k
        )

    def cut_windows(self, parts: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
        """Parts with a window: cut, or with ``whole`` only those of which nothing is past."""
        found = {}
        for name, part in parts.items():
            window = self.window(part.window)
            if window and (window == part.window or not whole):
                found[name] = part.model_copy(update={"window": window})
        return found

    def ranges(self) -> dict[str, Any]:
        """Operating ranges."""
        return self.over(self.basin.operating_ranges, "low", "high", "low_share")

    def clause_rows(self) -> dict[str, ClauseRow]:
        """Rows of clauses: what is past of them is known. The figure stays that of the whole window."""
        found: dict[str, ClauseRow] = {}
        slack: dict[str, float] = {}
        for name, row in sorted(self.basin.clause_rows.items(), key=lambda item: item[1].window):
            known, terms = row.known, []
            for unknown, index, weight in row.terms:
                past = slack.get(index[0]) if unknown == "clause_slack" else self._then(unknown, index)
                if past is None:
                    terms.append((unknown, index, weight))
                else:
                    known += weight * past
            if any(unknown != "clause_slack" for unknown, *_ in terms) or not row.terms:
                figure = self._figure(row, known, [w for _, _, w in terms])
                found[name] = row.model_copy(update={"known": known, "terms": tuple(terms), "figure": figure})
            else:
                slack[name] = max(0.0, row.side * (row.figure - known))
                self.settled.append(
                    Settled(
                        clause=row.clause, row=name, window=row.window, figure=row.figure, found=known, missed=slack[name], unit=row.unit
                    )
                )
        return dict(sorted(found.items()))

    def _figure(self, row: ClauseRow, known: float, weights: list[float]) -> float:
        """The figure of a row; a cap that is passed already allows what was taken, and nothing more."""
        if row.rule == "at_most" and known > row.figure + NOTHING and min(weights, default=0.0) >= 0:
            self.excesses.append(Excess(kind="clause", name=row.name, figure=row.figure, found=known, unit=row.unit))
            return known
        return row.figure

    def _then(self, unknown: str, index: tuple[str, ...]) -> float | None:
        """What a decision was in a past period; None if it is still to come."""
        position = self.basin.calendar.position[index[-1]]
        if position >= self.k:
            return None
        past = {"flow": self.past.flow, "delivery": self.past.delivery, "storage": self.past.storage, "exchanged": self.past.exchanged}
        return float((past | {"runoff": self.past.runoff})[unknown][index[0]][position])

    def exchanges(self, rows: Mapping[str, ClauseRow]) -> dict[str, Exchange]:
        """Electricity of clauses that may still be moved."""
        found = {}
        for name, x in self.basin.exchanges.items():
            moved = sum(float(self.past.exchanged[name][k]) for k in x.periods if k < self.k)
            figures = tuple((row, share) for row, share in x.figures if row in rows)
            gone = sum(share * self.basin.clause_rows[row].figure for row, share in x.figures if row not in rows)
            left = tuple(k - self.k for k in x.periods if k >= self.k)
            if not left:
                continue
            found[name] = x.model_copy(
                update={"periods": left, "figures": figures, "capacity": self.after(x.capacity), "before": moved - gone}
            )
        return found

    def lines(self, field: str, exchanges: Mapping[str, Exchange], *series: str) -> dict[str, Any]:
        """Supplies or exports; the line that a clause brought goes with the last of its exchanges."""
        cut = self.over(getattr(self.basin, field), *series)
        return {n: x for n, x in cut.items() if not x.clause or n.removesuffix("/line") in exchanges}

    def objective(self, left: Mapping[str, Any]) -> Objective:
        """The order of priorities without places of which nothing is left."""
        return with_what_is_left(self.basin.objective, left)

    @property
    def day(self) -> dt.date:
        """The first day of the rest."""
        return self.calendar.start


def with_what_is_left(objective: Objective, left: Mapping[str, Mapping[str, Any]]) -> Objective:
    """An order of priorities without places of which nothing is left, by kind of claims."""

    def kept(claims: Claims) -> Claims | None:
        if not claims.places or claims.kind not in left:
            return claims
        parts = left[claims.kind].values()
        there = {x.node for x in parts} if claims.kind == "threshold_shares" else {x.place for x in parts}
        places = tuple(p for p in claims.places if p in there)
        return claims.model_copy(update={"places": places}) if places else None

    found = []
    for priority in objective.priorities:
        claims = tuple(c for chosen in priority.claims if (c := kept(chosen)))
        if claims or priority.cost:
            found.append(priority.model_copy(update={"claims": claims}))
    return objective.model_copy(update={"priorities": tuple(found)})
