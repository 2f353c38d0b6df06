"""Payoffs: the terms of the sum of benefits, each counted for the party it belongs to. Million USD.

Every term is a price times a decision, so the same arithmetic serves a plan and the change of a plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.accounts.plan import Plan
from waterflow.accounts.power_facts import Payoff
from waterflow.basin.basin import Basin
from waterflow.basin.demands import Demand
from waterflow.basin.values import LEVELS, DeliveryBlock, Level, straight
from waterflow.calendar import Calendar
from waterflow.units import MEAN_MONTH

__all__ = ["NOBODY", "TERMS", "block_widths", "guessed", "has_values", "in_blocks", "payoff_terms", "payoffs", "worth"]

Floats = NDArray[np.float64]
#: (party, term) -> million USD
Terms = dict[tuple[str, str], float]
#: what belongs to no party: it is named, so that the terms sum to the whole
NOBODY = "no_party"
#: every term, and the tables its prices come from
TERMS: dict[str, tuple[str, ...]] = {
    "irrigation": ("values", "delivery_values"),
    "drinking": ("values", "delivery_values"),
    "industry": ("values", "delivery_values"),
    "environment": ("values", "delivery_values"),
    "unexplained": ("values", "delivery_values"),
    "targets": ("values",),
    "river_power": ("power_values",),
    "exports": ("power_exports",),
    "imports": ("power_supplies",),
    "thermal": ("power_supplies",),
    "other_hydropower": ("power_supplies",),
    "unserved": ("unserved_blocks",),
    "end_storage": ("end_values", "end_value_cuts"),
    "held_storage": ("held_values",),
    "spills": ("spill_costs",),
    "conveyance": ("reach_costs",),
    "lifting": ("reach_costs", "power_values"),
    "alarms": ("storage_alarms", "flow_alarms"),
}
SUPPLIES = {"import": "imports", "thermal": "thermal", "hydropower": "other_hydropower"}
GUESSES = ("assumed", "unverified")


def has_values(basin: Basin) -> bool:
    """True if deliveries or flows to targets have values: without them the payoffs would say little."""
    return bool(basin.delivery_values or basin.target_values) or any(any(d.value) for d in basin.demands.values())


def in_blocks(amount: Floats, widths: Iterable[Floats]) -> Iterator[Floats]:
    """An amount poured into blocks, the first block first."""
    left = amount
    for width in widths:
        part = np.clip(left, 0.0, width)
        left = left - part
        yield part


def block_widths(calendar: Calendar, block: DeliveryBlock, demand: Demand) -> Floats:
    """How much of a user's need a block covers in each period, Mm3."""
    return np.array([block.share(p.month) * need for p, need in zip(calendar.periods, demand.need, strict=True)])


def _filled_blocks(basin: Basin, plan: Plan) -> dict[str, Floats]:
    """What of the plan lies in each block of delivery, target and end storage, Mm3: falling values fill in order."""
    filled: dict[str, Floats] = {}
    for d in basin.demands.values():
        blocks = sorted((b for b in basin.delivery_values.values() if b.demand == d.name), key=lambda b: b.block)
        widths = (block_widths(basin.calendar, b, d) for b in blocks)
        filled |= {b.name: part for b, part in zip(blocks, in_blocks(plan.series("delivery", d.name), widths), strict=True)}
    for x in basin.targets.values():
        slices = sorted((b for b in basin.target_values.values() if b.target == x.name), key=lambda b: b.block)
        flow = np.asarray(plan.over(plan.series("flow", x.reach), x.window))
        parts = in_blocks(flow, (np.asarray(b.width * x.amount) for b in slices))
        filled |= {b.name: part for b, part in zip(slices, parts, strict=True)}
    for r in basin.reservoirs.values():
        kept = sorted((e for e in basin.end_values.values() if e.reservoir == r.name), key=lambda e: -e.value)
        stored = np.asarray(plan.series("storage", r.name)[-1] - r.floor)
        parts = in_blocks(stored, (np.asarray(e.width) for e in kept))
        filled |= {f"kept {e.name}": part for e, part in zip(kept, parts, strict=True)}
        held_blocks = sorted((e for e in basin.held_values.values() if e.reservoir == r.name), key=lambda e: -e.value)
        above = plan.series("storage", r.name) - r.floor if held_blocks else plan.nothing
        widths = (np.array([e.width if e.counts(p.month) else 0.0 for p in basin.calendar.periods]) for e in held_blocks)
        filled |= {f"held {e.name}": part for e, part in zip(held_blocks, in_blocks(above, widths), strict=True)}
    if basin.end_value_cuts:
        held = {r: float(plan.series("storage", r)[-1]) for r in _under_cuts(basin)}
        worth_kept = min(cut.at(held) for cut in basin.end_value_cuts.values())
        filled |= _shared_out(basin, {r: s - basin.reservoirs[r].floor for r, s in held.items()}, worth_kept)
    return filled


def _changed_blocks(basin: Basin, change: Plan) -> dict[str, Floats]:
    """How a change of a plan moves what lies in each block that money counts, from the program's own blocks."""
    data = change.dataset
    moved = {b: change.series("delivery_in_block", b) for b in basin.delivery_blocks}
    whole = [found[0] for found in basin.counted_deliveries.values() if straight(found)]
    moved |= {b.name: change.series("delivery", b.demand) for b in whole}
    moved |= {b: np.asarray(float(data["target_in_block"].sel(target_block=b))) for b in basin.target_blocks}
    moved |= {f"kept {e}": np.asarray(float(data["kept_for_later"].sel(end_value=e))) for e in basin.end_values}
    moved |= {f"held {e}": change.series("held_in_block", e) for e in basin.held_values}
    if basin.end_value_cuts:
        storage = {r: float(change.series("storage", r)[-1]) for r in _under_cuts(basin)}
        moved |= _shared_out(basin, storage, float(data["worth_kept"].sel(kept_water="all")))
    return moved


def _under_cuts(basin: Basin) -> list[str]:
    """Reservoirs that end value cuts are about."""
    return list(next(iter(basin.end_value_cuts.values())).values) if basin.end_value_cuts else []


def _shared_out(basin: Basin, water: Mapping[str, float], whole: float) -> dict[str, Floats]:
    """A joint worth, million USD, shared among reservoirs as their water times the mean of its values over all cuts."""
    cuts = basin.end_value_cuts.values()
    own = {r: abs(x) * float(np.mean([max(c.values[r], 0.0) for c in cuts])) for r, x in water.items()}
    total = sum(own.values()) or 1.0
    return {f"cut {r}": np.asarray(whole * x / total) for r, x in own.items()}


def _water(basin: Basin, plan: Plan, filled: Mapping[str, Floats]) -> Iterator[tuple[str, str, float]]:
    for d in basin.demands.values():
        # an unexplained loss is nobody's benefit
        owner = NOBODY if d.use == "unexplained" else d.party
        yield owner, d.use, float(plan.series("delivery", d.name) @ np.asarray(d.value))
    for b in basin.delivery_values.values():
        d = basin.demands[b.demand]
        yield NOBODY if d.use == "unexplained" else d.party, d.use, b.value * float(np.sum(filled.get(b.name, 0.0)))
    for x in basin.target_values.values():
        yield x.party, "targets", x.value * float(filled.get(x.name, 0.0))
    for e in basin.end_values.values():
        yield basin.reservoirs[e.reservoir].owner or NOBODY, "end_storage", e.value * float(filled[f"kept {e.name}"])
    months = np.array([p.days for p in basin.calendar.periods]) / MEAN_MONTH
    for h in basin.held_values.values():
        yield basin.reservoirs[h.reservoir].owner or NOBODY, "held_storage", h.value * float(filled[f"held {h.name}"] @ months)
    for name in _under_cuts(basin):
        yield basin.reservoirs[name].owner or NOBODY, "end_storage", float(filled.get(f"cut {name}", 0.0))
    for r in basin.reaches.values():
        if r.spill_cost:
            yield r.owner or NOBODY, "spills", -r.spill_cost * float(plan.series("flow", r.name).sum())


def _reaches(basin: Basin, plan: Plan) -> Iterator[tuple[str, str, float]]:
    """What passing reaches costs, and electricity of lifts where the party has a value of power and no balance."""
    for y in basin.reach_costs.values():
        yield y.party, "conveyance", -float(plan.series("flow", y.reach) @ np.asarray(y.cost))
        system = basin.power.get(y.party)
        if system and not system.demand:
            yield y.party, "lifting", -float(plan.series("lifting_power", y.name) @ np.asarray(system.value))


def _alarms(basin: Basin, plan: Plan) -> Iterator[tuple[str, str, float]]:
    months = np.array([p.days for p in basin.calendar.periods]) / MEAN_MONTH
    for s in basin.storage_alarms.values():
        yield s.party, "alarms", -s.damage * float(plan.series("below_alarm", s.name) @ months)
    for f in basin.flow_alarms.values():
        yield f.party, "alarms", -f.damage * float(plan.series("above_alarm", f.name).sum())


def _power(basin: Basin, plan: Plan) -> Iterator[tuple[str, str, float]]:
    for plant in basin.plants.values():
        system = basin.power.get(plant.party)
        if system and not system.demand:
            yield plant.party, "river_power", float(plan.series("generation", plant.name) @ np.asarray(system.value))
    for s in basin.supplies.values():
        yield s.party, SUPPLIES[s.kind], -float(plan.series("supplied_power", s.name) @ np.asarray(s.cost))
    for x in basin.exports.values():
        paid = [price * x.arriving(k) for k, price in enumerate(x.price)]
        yield x.party, "exports", float(plan.series("exported_power", x.name) @ np.asarray(paid))
    for block in basin.unserved_blocks.values():
        yield block.party, "unserved", -block.cost * float(plan.series("unserved", block.name).sum())


def worth(basin: Basin, decisions: xr.Dataset, *, change: bool = False) -> Terms:
    """What decisions are worth to each party, term by term, at the basin's level of values.

    Parameters
    ----------
    basin : Basin
    decisions : Dataset
        Of a plan, or with ``change`` of how a plan moves (one side of `Solver.marginal`), per unit of what moves it:
        then a block that a priority claims, so that money does not count it, is left out.
    change : bool

    Returns
    -------
    dict
        ``(party, term)`` to million USD; costs are negative. A cost or benefit that no party owns is `NOBODY`'s.
        The terms sum to the stage ``benefit`` of a plan made under one sum of benefits.
    """
    plan = Plan(basin, decisions)
    filled = (_changed_blocks if change else _filled_blocks)(basin, plan)
    terms: defaultdict[tuple[str, str], float] = defaultdict(float)
    for party, term, value in (*_water(basin, plan, filled), *_reaches(basin, plan), *_alarms(basin, plan), *_power(basin, plan)):
        terms[party, term] += value
    order = {name: k for k, name in enumerate(TERMS)}
    return dict(sorted(terms.items(), key=lambda x: (x[0][0] == NOBODY, x[0][0], order[x[0][1]])))


def payoffs(basin: Basin, decisions: xr.Dataset, levels: Iterable[Level] = LEVELS) -> dict[str, dict[str, float]]:
    """Each party's payoff at some levels of values, million USD: the sum of its own terms.

    Returns
    -------
    dict
        Level to party to payoff; `NOBODY` last, where something belongs to it.
    """
    found: dict[str, dict[str, float]] = {}
    for level in levels:
        sums: dict[str, float] = dict.fromkeys(basin.parties, 0.0)
        for (party, _), value in worth(basin.at_level(level), decisions).items():
            sums[party] = sums.get(party, 0.0) + value
        found[level] = sums
    return found


def payoff_terms(plan: Plan) -> tuple[Payoff, ...]:
    """Each party's payoff term by term, then their sum (``payoff``), at the three levels.

    Empty for a river whose water has no values. ``assumed`` is true where some price behind the figure is a guess.
    """
    basin = plan.basin
    if not has_values(basin):
        return ()
    by_level = {level: worth(plan.at_level(level), plan.dataset) for level in LEVELS}
    found = []
    for party in dict.fromkeys([*basin.parties, *(p for p, _ in by_level["central"])]):
        terms = [term for p, term in by_level["central"] if p == party]
        for name, summed in (*((term, [term]) for term in terms), ("payoff", terms)):
            low, central, high = (sum(by_level[level][party, term] for term in summed) for level in LEVELS)
            window = f"{basin.calendar.start}/{basin.calendar.end}"
            assumed = any(guessed(basin, term) for term in summed)
            found.append(Payoff(party=party, window=window, term=name, low_MUSD=low, central_MUSD=central, high_MUSD=high, assumed=assumed))
    return tuple(found)


def guessed(basin: Basin, term: str) -> bool:
    """True if some price of the term is assumed or unverified."""
    return any(basin.grades.get(table, {}).get(grade, 0) for table in TERMS[term] for grade in GUESSES)
