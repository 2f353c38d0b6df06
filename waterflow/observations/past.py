"""What was done in a past season: monthly observations laid over the periods of a basin. Nothing is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from waterflow.basin.basin import Basin
from waterflow.basin.energy import Plant
from waterflow.basin.reservoirs import StorageRule
from waterflow.calendar import Window
from waterflow.errors import InputError, Problem
from waterflow.loading.model import read_tables
from waterflow.loading.observed import read_observed
from waterflow.loading.tables import Row
from waterflow.observations.references import unknown_names
from waterflow.words.catalogue import say, spoken

__all__ = ["Past", "as_done", "as_operated", "read_past"]

Seen = tuple[float | None, ...]
NEEDED = ("monthly_flows", "monthly_storages", "monthly_withdrawals")


@dataclass(frozen=True)
class Past:
    """Observations of a season, one value for each period of the basin; None where nothing was seen.

    Attributes
    ----------
    flows : dict
        By ``site.quantity``, Mm3 per month.
    storages : dict
        By reservoir, Mm3 at the end of the month.
    withdrawals : dict
        By demand, Mm3 per month.
    agencies : dict
        Names of the agency by ``site.quantity``, where several report the same water.
    """

    basin: Basin
    flows: dict[str, Seen]
    storages: dict[str, Seen]
    withdrawals: dict[str, Seen]
    agencies: dict[str, tuple[str, str]]

    def agency_title(self, gauge: str) -> str:
        """The agency that reports a gauge, in the language spoken; what follows ``inflow_`` where it has no name."""
        name, in_russian = self.agencies.get(gauge, (gauge.rpartition("_")[2].capitalize(), ""))
        return in_russian if spoken() == "ru" and in_russian else name

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Months in which anything was seen."""
        every = [*self.flows.values(), *self.withdrawals.values()]
        return tuple(label for k, label in enumerate(self.basin.calendar.labels) if any(seen[k] is not None for seen in every))

    def over(self, seen: Sequence[float | None] | None, window: Window) -> float | None:
        """Sum over a window; None if any month of it was not seen."""
        values = [seen[k] for k in self.basin.calendar.inside(window)] if seen is not None else [None]
        whole = [v for v in values if v is not None]
        return sum(whole) if len(whole) == len(values) else None

    def delivered(self, party: str, window: Window) -> float | None:
        """What the limited canals of a party took in a window, Mm3; None if any of them was not seen."""
        limited = [d.name for d in self.basin.demands.values() if d.limited and d.party == party]
        parts = [self.over(self.withdrawals.get(name), window) for name in limited]
        whole = [v for v in parts if v is not None]
        return sum(whole) if limited and len(whole) == len(parts) else None

    def storage_on(self, reservoir: str, date: dt.date) -> float | None:
        """Storage at the start of a day, Mm3: the reading of the day, else that of the end of the month before."""
        for fact in self.basin.known_flows.values():
            there = (fact.kind, fact.quantity, fact.grade, fact.place, fact.window.start)
            if there == ("fact", "storage", "observed", reservoir, date):
                return fact.amount
        try:
            period = self.basin.calendar.ends_before(date)
        except ValueError:
            return None
        return self.storages[reservoir][period] if reservoir in self.storages else None

    @cached_property
    def reach_flows(self) -> dict[str, Seen]:
        """Water that entered each reach whose flow follows from observed releases, Mm3 per month.

        A reach below a gauged reservoir takes its release. Below it, as long as nothing is taken, returned or
        stored, the runoff of the model comes on top; travel times there are hours and are left out.
        """
        basin, found = self.basin, {}
        waiting = [(node, self.flows[f"{node}.release"]) for node in basin.reservoirs if f"{node}.release" in self.flows]
        while waiting:
            node, flow = waiting.pop(0)
            ways = basin.paths.released[node]
            if len(ways) != 1:
                continue
            found[ways[0]] = flow
            end = basin.reaches[ways[0]].end
            untouched = not basin.demands_at[end] and not basin.returns_to[end] and len(basin.paths.arriving[end]) == 1
            if end not in basin.reservoirs and untouched:
                side = basin.runoff.get(end, (0.0,) * len(flow))
                waiting.append((end, tuple(None if q is None else q + r for q, r in zip(flow, side, strict=True))))
        return found

    @cached_property
    def plants(self) -> dict[str, Plant]:
        """Plants on reaches whose flow was seen."""
        return {name: plant for name, plant in self.basin.plants.items() if plant.reach in self.reach_flows}

    def generated(self, plant: str, window: Window) -> float | None:
        """Energy of a plant at the flows and storages seen and the model's rate, GWh; None if any month was not seen."""
        one = self.plants[plant]
        most = one.capacity or (float("inf"),) * len(self.basin.calendar.periods)
        seen = zip(self._rates(one), self.reach_flows[one.reach], most, strict=True)
        return self.over([None if rate is None or q is None else rate * min(q, c) for rate, q, c in seen], window)

    def _rates(self, plant: Plant) -> Seen:
        """Energy of one Mm3 in each month, GWh; with a head, at the storages seen at both ends of the month."""
        count = len(self.basin.calendar.periods)
        if plant.head is None:
            return (plant.energy_rate,) * count
        ends = self.storages.get(plant.head.reservoir, (None,) * count)
        starts = (self.basin.reservoirs[plant.head.reservoir].opening_storage, *ends[:-1])
        return tuple(None if a is None or b is None else plant.head.rate((a + b) / 2) for a, b in zip(starts, ends, strict=True))


def as_operated(basin: Basin, folder: Path) -> Basin:
    """The basin as it was operated as far as that is known, the rest left to the plan.

    Storages seen at the end of a month, and those of a fact on the morning after a period, are held; users ask for what they were
    seen to take. Rules that the scenario has for the same dates give way to what was.

    Parameters
    ----------
    basin : Basin
        By month.
    folder : Path
        The folder of the model's tables.

    Raises
    ------
    InputError
        If nothing of the horizon is known.
    """
    past = read_past(basin, folder, whole=False)
    ends = {p.end + dt.timedelta(days=1): k for k, p in enumerate(basin.calendar.periods)}
    facts = [f for f in basin.known_flows.values() if (f.kind, f.quantity) == ("fact", "storage") and f.place in basin.reservoirs]
    stored = {name: list(series) for name, series in past.storages.items()}
    for fact in facts:
        if fact.window.start in ends:
            series = stored.setdefault(fact.place, [None] * len(ends))
            if series[ends[fact.window.start]] is None:
                series[ends[fact.window.start]] = fact.amount
    known = as_done(replace(past, storages={name: tuple(series) for name, series in sorted(stored.items())}))
    if known.storage_rules.keys() <= basin.storage_rules.keys():
        raise _not_observed(basin, "")
    return known


def read_past(basin: Basin, folder: Path, *, whole: bool = True) -> Past:
    """Observations of a basin's horizon.

    Parameters
    ----------
    basin : Basin
        In months.
    folder : Path
        The folder of the model's tables, with ``observed``.
    whole : bool
        False if it may be that none lies in the horizon.

    Raises
    ------
    InputError
        If there are no observations, they have problems, or none lies in the horizon.
    """
    rows = read_observed(folder, NEEDED)
    problems = list(unknown_names({name: rows[name] for name in NEEDED}, read_tables(folder)[0]))
    if problems:
        raise InputError(problems)
    past = Past(
        basin,
        _wide(basin, [(f"{r.text('site')}.{r.text('quantity')}", r, "value_Mm3") for r in rows["monthly_flows"]]),
        _wide(basin, [(r.text("reservoir"), r, "storage_Mm3") for r in rows["monthly_storages"]]),
        _wide(basin, [(r.text("demand"), r, "withdrawal_Mm3") for r in rows["monthly_withdrawals"]]),
        {f"{r.text('site')}.{r.text('quantity')}": (r.text("agency"), r.text("agency_ru")) for r in rows.get("replay_sites", ())},
    )
    # what a few canals took, without a flow or a release, is no season
    if whole and not any(value is not None for found in past.flows.values() for value in found):
        seen = sorted({r.text("period") for r in rows["monthly_flows"]})
        raise _not_observed(basin, say("a season with months seen ({first} to {last}, with holes)", first=seen[0], last=seen[-1]))
    return past


def _not_observed(basin: Basin, allowed: str) -> InputError:
    where = f"{basin.name} {basin.scenario}".strip()
    horizon = say("no observed month from {first} to {last}", first=basin.calendar.labels[0], last=basin.calendar.labels[-1])
    return Problem("not-observed", where, horizon, allowed or say("a season of which storages are known")).refusal()


def _wide(basin: Basin, cells: list[tuple[str, Row, str]]) -> dict[str, Seen]:
    """Values by name over the periods of the basin."""
    position = {label: k for k, label in enumerate(basin.calendar.labels)}
    wide: dict[str, list[float | None]] = {}
    for name, row, column in cells:
        if row.text("period") in position:
            series = wide.setdefault(name, [None] * len(position))
            series[position[row.text("period")]] = row.number(column)
    return {name: tuple(series) for name, series in sorted(wide.items())}


def as_done(past: Past) -> Basin:
    """The basin bound to what was done: storages of every month seen are held, canals ask for what they took.

    What the model then says of the river differs from what gauges saw by the model's own error.
    """
    basin = past.basin
    pins = [
        StorageRule(name=f"{name}/{rule}/seen/{basin.calendar.labels[k]}", reservoir=name, period=k, rule=rule, storage=value)
        for name, series in past.storages.items()
        if name in basin.reservoirs
        for k, value in enumerate(series)
        if value is not None
        for rule in ("at_least", "at_most")
    ]
    pinned = {(pin.reservoir, pin.period) for pin in pins}
    kept = [rule for rule in basin.storage_rules.values() if (rule.reservoir, rule.period) not in pinned]
    needs = {}
    for name, demand in basin.demands.items():
        seen = past.withdrawals.get(name)
        asked = tuple(n if w is None else w for n, w in zip(demand.need, seen, strict=True)) if seen else demand.need
        needs[name] = demand.model_copy(update={"need": asked})
    rules = {rule.name: rule for rule in sorted([*kept, *pins], key=lambda rule: rule.name)}
    return basin.replaced(storage_rules=rules, demands=needs)
