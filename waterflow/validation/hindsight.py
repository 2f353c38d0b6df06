"""Hindsight: what the optimiser would have done in a past season, knowing it, beside what was done.

Four columns for every figure: ``done`` (seen), ``model`` (the model bound to the storages and withdrawals seen,
which shows its own error), ``hindsight`` (the plan that must leave at least the storages seen at the end) and
``free`` (the plan without that rule, which may eat stored water). The last two know the runoff of the whole season
(perfect foresight). Their gap to what was done is not the expected value of perfect information (EVPI), which
compares with the best plan that does not know, over many seasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from waterflow.accounts.plan import Plan, plain
from waterflow.accounts.power_lines import arriving
from waterflow.allocation.allocate import allocate
from waterflow.allocation.allocation import Allocation
from waterflow.basin.basin import Basin
from waterflow.basin.reservoirs import StorageRule
from waterflow.basin.targets import KnownFlow
from waterflow.basin.titles import title_of
from waterflow.calendar import Window
from waterflow.errors import ConflictError
from waterflow.observations.past import Past, as_done, read_past
from waterflow.progress import each
from waterflow.validation.hindsight_facts import Came, Delivered, Generated, HindsightFacts, NotHeld, Stored, ToTarget, Unserved

__all__ = ["as_far_as_can_be", "closing", "hindsight", "without_closing"]

Plans = dict[str, Plan]
Figures = dict[str, float | None]


def closing(past: Past) -> Basin:
    """The basin with every reservoir held at no less than the storage seen at its end.

    Rules of the scenario stay; one is added where a closing storage was seen and the scenario holds none.
    """
    basin, last = past.basin, len(past.basin.calendar.periods) - 1
    held = {r.reservoir for r in basin.storage_rules.values() if (r.rule, r.period) == ("at_least", last)}
    rules = dict(basin.storage_rules)
    for name in basin.reservoirs:
        seen = past.storage_on(name, _morning_after(basin))
        if seen is not None and name not in held:
            rule = StorageRule(name=f"{name}/at_least/{_morning_after(basin)}", reservoir=name, period=last, rule="at_least", storage=seen)
            rules[rule.name] = rule
    return basin.replaced(storage_rules=dict(sorted(rules.items())))


def without_closing(basin: Basin) -> Basin:
    """The basin without any rule on its closing storages; water left at the end keeps its end value."""
    last = len(basin.calendar.periods) - 1
    return basin.replaced(storage_rules={name: rule for name, rule in basin.storage_rules.items() if rule.period != last})


def hindsight(basin: Basin, folder: Path) -> HindsightFacts:
    """Set the optimiser's plan for a past season beside what was done.

    Parameters
    ----------
    basin : Basin
        A season that was observed, by month.
    folder : Path
        The folder of the model's tables, with ``observed``.

    Returns
    -------
    HindsightFacts
        ``deliveries`` of limited canals by party and season, ``energy`` by party and season, ``storages`` by date,
        ``inflows`` by season and agency, ``targets`` by window; each figure as ``<column>_Mm3`` or ``_GWh``, None
        where nothing was seen or published. Windows that were not seen whole are in ``not_compared``.

    Raises
    ------
    InputError
        If nothing was observed in the horizon.
    ConflictError
        If no plan obeys the hard rules, even without the storages seen.
    """
    past = read_past(basin, folder)
    asked = {"model": as_done(past), "hindsight": closing(past), "free": without_closing(basin)}
    held = {name: as_far_as_can_be(one) for name, one in each(asked.items())}
    plans = {name: Plan(found.basin, found.dataset) for name, (found, _) in held.items()}
    return HindsightFacts(
        model=basin.name,
        scenario=basin.scenario,
        title=title_of(basin),
        horizon=f"{basin.calendar.start}/{basin.calendar.end}",
        priorities=tuple(p.name for p in basin.objective.priorities),
        observed_months=past.months,
        not_compared=tuple(str(window) for window, _ in basin.calendar.seasons if not _whole(past, window)),
        deliveries=tuple(_deliveries(past, plans)),
        energy=tuple(_energy(past, plans)),
        storages=tuple(_storages(past, plans)),
        inflows=tuple(_inflows(past, plans)),
        targets=tuple(_targets(past, plans)),
        unserved=tuple(_unserved(past, plans)),
        not_held=tuple(dict.fromkeys(x for _, dropped in held.values() for x in dropped)),
    )


def as_far_as_can_be(basin: Basin) -> tuple[Allocation, list[NotHeld]]:
    """The plan that holds every storage seen, and those left out that no plan can hold with the others and the runoff."""
    dropped: list[NotHeld] = []
    while True:
        try:
            return allocate(basin), dropped
        except ConflictError as error:
            named = {name.partition("[")[2].rstrip("]") for name in error.clashing}
            clashing = [rule for name, rule in basin.storage_rules.items() if name in named]
            if not clashing:
                raise
            for rule in clashing:
                date = basin.calendar.periods[rule.period].end + dt.timedelta(days=1)
                dropped.append(NotHeld(place=rule.reservoir, title=title_of(basin.nodes[rule.reservoir]), date=str(date)))
            basin = basin.replaced(storage_rules={name: rule for name, rule in basin.storage_rules.items() if name not in named})


def _morning_after(basin: Basin) -> dt.date:
    return basin.calendar.end + dt.timedelta(days=1)


def _whole(past: Past, window: Window) -> bool:
    return set(past.basin.calendar.labels_inside(window)) <= set(past.months)


def _figures(unit: str, done: float | None, plans: Plans, of: Callable[[Plan], float | None], *, seen: bool = True) -> Figures:
    """One figure in its four columns; the model bound to the past says nothing of months that were not seen."""
    values = {name: of(plan) for name, plan in plans.items()}
    if not seen:
        values["model"] = None
    return {f"{name}_{unit}": None if v is None else plain(v) for name, v in {"done": done, **values}.items()}


def _deliveries(past: Past, plans: Plans) -> Iterator[Delivered]:
    """Withdrawals of the limited canals by party and season."""
    basin = past.basin
    for party in basin.parties:
        limited = [d.name for d in basin.demands.values() if d.limited and d.party == party]
        for window, season in basin.calendar.seasons:
            done = past.delivered(party, window)
            if done is not None:
                need = sum(plans["hindsight"].over(basin.demands[name].need, window) for name in limited) + 0.0
                found = _figures("Mm3", done, plans, lambda plan, w=window, names=limited: plan.total("delivery", names, w))  # type: ignore[misc]
                yield Delivered(party=party, season=season, window=str(window), need_Mm3=need, **found)


def _energy(past: Past, plans: Plans) -> Iterator[Generated]:
    """Energy by party and season, of the plants whose flow was seen."""
    for party in past.basin.parties:
        names = [p.name for p in past.plants.values() if p.party == party]
        for window, season in past.basin.calendar.seasons:
            parts = [past.generated(name, window) for name in names]
            whole = [v for v in parts if v is not None]
            if names and len(whole) == len(parts):
                found = _figures("GWh", sum(whole), plans, lambda plan, w=window, n=names: plan.total("generation", n, w))  # type: ignore[misc]
                bought = _supplied(plans["hindsight"], party, window)
                named = {"party": party, "season": season, "window": str(window), "plants": tuple(names)}
                yield Generated(**named, **found, hindsight_supplied_GWh=bought)


def _unserved(past: Past, plans: Plans) -> Iterator[Unserved]:
    """Power of each party with a balance that a plan leaves unserved, by season; of the model only where the season was seen."""
    basin = past.basin
    for party in sorted(p for p, system in basin.power.items() if system.demand):
        blocks = [b.name for b in basin.unserved_blocks.values() if b.party == party]
        for window, season in basin.calendar.seasons:
            seen = _whole(past, window)
            found = _figures("GWh", None, plans, lambda plan, w=window, n=blocks: plan.total("unserved", n, w), seen=seen)  # type: ignore[misc]
            yield Unserved(party=party, season=season, window=str(window), **found)


def _supplied(plan: Plan, party: str, window: Window) -> float | None:
    """Power from elsewhere (other plants, imports) to a party with a power balance, GWh; None for one without."""
    system = plan.basin.power.get(party)
    if system is None or not system.demand:
        return None
    return plain(arriving(plan, [s for s in plan.basin.supplies.values() if s.party == party], window))


def _storages(past: Past, plans: Plans) -> Iterator[Stored]:
    """Storages on the first of January and April and at the end, where they were seen."""
    basin = past.basin
    year = basin.calendar.end.year
    for name in sorted(basin.reservoirs, key=plans["hindsight"].order):
        for date in (dt.date(year, 1, 1), dt.date(year, 4, 1), _morning_after(basin)):
            done = past.storage_on(name, date) if date > basin.calendar.start else None
            if done is not None:
                seen = name in past.storages and past.storages[name][basin.calendar.ends_before(date)] is not None
                found = _figures("Mm3", done, plans, lambda plan, n=name, d=date: plan.storage_on(n, d), seen=seen)  # type: ignore[misc]
                yield Stored(place=name, title=plans["hindsight"].title(name), date=str(date), **found)


def _inflows(past: Past, plans: Plans) -> Iterator[Came]:
    """Inflow to places that agencies gauge, by season; every agency's figure stands."""
    for key, series in past.flows.items():
        place, _, quantity = key.partition(".")
        if quantity.startswith("inflow_") and place in past.basin.nodes:
            for window, season in past.basin.calendar.seasons:
                done = past.over(series, window)
                if done is not None:
                    found = _figures("Mm3", done, plans, lambda plan, p=place, w=window: plan.over(plan.inflow(p), w))  # type: ignore[misc]
                    named = {"place": place, "title": plans["hindsight"].title(place), "agency": quantity.removeprefix("inflow_")}
                    yield Came(**named, agency_title=past.agency_title(key), season=season, window=str(window), **found)


def _targets(past: Past, plans: Plans) -> Iterator[ToTarget]:
    """Deliveries counted at the targets' gauge: each target's window, and any other with a published fact."""
    basin = past.basin
    for target in basin.targets.values():
        facts = [
            f
            for f in basin.known_flows.values()
            if (f.kind, f.quantity, f.place) == ("fact", "target", target.place) and _inside(f.window, target.window)
        ]
        whole = [f for f in facts if f.window == target.window]
        told: list[KnownFlow | None] = [*whole] if whole else [None]
        for fact in [*told, *(f for f in facts if f not in whole)]:
            window = fact.window if fact else target.window
            found = _figures(
                "Mm3",
                fact.amount if fact else None,
                plans,
                lambda plan, reach=target.reach, w=window: plan.over(plan.series("flow", reach), w),  # type: ignore[misc]
                seen=False,  # uses on the way to a target are not seen as a rule, so nothing binds the model there
            )
            asked = target.amount if window == target.window else None
            source, grade = (fact.source, fact.grade) if fact else (None, None)
            named = {"place": target.place, "title": plans["hindsight"].title(target.place), "source": source, "grade": grade}
            yield ToTarget(**named, window=str(window), target_Mm3=asked, **found)


def _inside(inner: Window, outer: Window) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
