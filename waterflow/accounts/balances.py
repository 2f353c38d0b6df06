"""Balances of water and of power by period: what comes, what goes and what stands over, each counted for itself.

Water is counted for the river above its lakes and outlets: what reaches one of these has left. What is on its way is
counted from what is still to arrive, not from what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.balance_facts import Balance, BalancePart
from waterflow.accounts.plan import Plan
from waterflow.basin.network import Reach
from waterflow.basin.titles import title_of

__all__ = ["power_balances", "water_balance"]

Floats = NDArray[np.float64]
OUTSIDE = ("lake", "outlet")


def water_balance(plan: Plan) -> Balance:
    """Water of the river above its lakes and outlets, Mm3.

    Runoff, drainage that comes back, water out of a lake and what stood in reservoirs and on its way before is: what users
    take, what is lost to air and ground, what reaches lakes and outlets, and what stands in reservoirs and on its way after.
    """
    basin = plan.basin
    inside = {name for name, node in basin.nodes.items() if node.kind not in OUTSIDE}
    parts = (*_coming(plan, inside), *_standing(plan, inside), *_used(plan, inside), *_lost(plan, inside), *_left(plan, inside))
    return Balance(of="water", unit="Mm3", closes=True, parts=parts)


def _part(kind: str, name: str, title: str, amounts: Iterable[float] | Floats, side: str, party: str = "") -> BalancePart:
    values: dict[str, Any] = {"kind": kind, "name": name, "title": title, "side": side, "party": party}
    return BalancePart(**values, amounts=tuple(float(v) for v in amounts))


def _coming(plan: Plan, inside: set[str]) -> Iterator[BalancePart]:
    basin = plan.basin
    for place in sorted(inside & set(basin.runoff), key=plan.order):
        came = np.asarray(basin.runoff[place])
        if (came > 0).any():
            yield _part("runoff", place, plan.title(place), np.maximum(came, 0.0), "comes")
    back: dict[str, Floats] = {}
    for d in basin.demands.values():
        if d.return_node in inside:
            back[d.return_node] = back.get(d.return_node, plan.nothing) + plan.series("return_flow", d.name)
    for place in sorted(back, key=plan.order):
        yield _part("return_flow", place, plan.title(place), back[place], "comes")
    for place in sorted((n for n in inside if basin.recharged[n]), key=plan.order):
        yield _part("recharge", place, plan.title(place), plan.recharge(place), "comes")
    for reach in basin.reaches.values():
        if reach.start not in inside and reach.end in inside:
            yield _part("from_lake", reach.name, plan.title(reach.start), plan.series("flow", reach.name), "comes")


def _standing(plan: Plan, inside: set[str]) -> Iterator[BalancePart]:
    basin = plan.basin
    for name in sorted(inside & set(basin.reservoirs), key=plan.order):
        opening = basin.reservoirs[name].opening_storage
        yield _part("storage", name, plan.title(name), np.append(opening, plan.series("storage", name)), "stands")
    own = _own_ways(plan, inside)
    if own:
        yield _part("on_the_way", "", "", _on_the_way(plan, own), "stands")


def _own_ways(plan: Plan, inside: set[str]) -> list[Reach]:
    """Reaches that begin or end inside."""
    return [r for r in plan.basin.reaches.values() if r.start in inside or r.end in inside]


def _on_the_way(plan: Plan, own: Iterable[Reach]) -> Floats:
    """Water under way at the start and at the end of each period: what has entered, less losses, and is still to arrive."""
    basin = plan.basin
    first, count = len(basin.calendar.history), len(basin.calendar.periods)
    found = np.zeros(count + 1)
    for r in own:
        entering = np.append(np.asarray(r.flow_before, dtype=float), plan.series("flow", r.name))
        kept = entering * (1.0 - np.asarray(r.evaporation) - np.asarray(r.seepage))
        if r.name in basin.losing_reaches:
            lost = [r.lost_then(s) for s in range(first)]
            kept -= np.append(lost, plan.series("constant_loss", r.name))
        for s, (shares, late) in enumerate(basin.paths.spreads[r.name]):
            # it is under way from the end of its period until the period in which it arrives
            since = max(0, s - first + 1)
            found[since:] += late * kept[s]
            for period, share in shares:
                found[since : period + 1] += share * kept[s]
    return found


def _used(plan: Plan, inside: set[str]) -> Iterator[BalancePart]:
    basin = plan.basin
    taken: dict[tuple[str, str], Floats] = {}
    for d in basin.demands.values():
        if d.node in inside:
            key = ("unexplained", "") if d.use == "unexplained" else ("use", d.party)
            taken[key] = taken.get(key, plan.nothing) + plan.series("delivery", d.name)
    for (kind, party), amounts in sorted(taken.items(), key=lambda x: (x[0][0] == "unexplained", x[0])):
        yield _part(kind, party, party, amounts, "goes", party)


def _lost(plan: Plan, inside: set[str]) -> Iterator[BalancePart]:
    basin = plan.basin
    for name in sorted(inside & set(basin.reservoirs), key=plan.order):
        yield _part("evaporation", name, plan.title(name), plan.series("evaporation", name), "goes")
        if name in basin.seeping_reservoirs:
            yield _part("reservoir_seepage", name, plan.title(name), plan.series("reservoir_seepage", name), "goes")
    for place in sorted(inside & set(basin.runoff), key=plan.order):
        lost = np.maximum(-np.asarray(basin.runoff[place]), 0.0)
        if lost.any():
            yield _part("runoff_lost", place, plan.title(place), lost, "goes")
    first, own = len(basin.calendar.history), _own_ways(plan, inside)
    aired = sum((np.asarray(r.evaporation[first:]) * plan.series("flow", r.name) for r in own), start=plan.nothing)
    sunk = sum((plan.seeped_on_the_way(r.name) for r in own), start=plan.nothing)
    for kind, lost in (("way_evaporation", aired), ("seepage", sunk)):
        if np.any(lost):
            yield _part(kind, "", "", lost, "goes")


def _left(plan: Plan, inside: set[str]) -> Iterator[BalancePart]:
    basin = plan.basin
    gone: dict[str, Floats] = {}
    for r in basin.reaches.values():
        if r.start in inside and r.end not in inside:
            gone[r.end] = gone.get(r.end, plan.nothing) + plan.series("arriving_flow", r.name)
    for place in sorted(gone, key=plan.order):
        kind = "into_lake" if basin.nodes[place].kind == "lake" else "out"
        yield _part(kind, place, plan.title(place), gone[place], "goes")


def power_balances(plan: Plan) -> tuple[Balance, ...]:
    """Power of each party that has plants or a demand, GWh: imports where they arrive, exports where they are sent.

    Where a party has no demand in the model, all its plants make goes into its grid, and nothing is said of what became of it.
    """
    basin = plan.basin
    parties = [p for p in basin.parties if (p in basin.power and basin.power[p].demand) or any(x.party == p for x in basin.plants.values())]
    return tuple(_power(plan, party) for party in parties)


def _power(plan: Plan, party: str) -> Balance:
    basin = plan.basin
    demand = basin.power[party].demand if party in basin.power else ()
    parts = list(_made(plan, party))
    if demand:
        unserved = sum((plan.series("unserved", b.name) for b in basin.unserved_blocks.values() if b.party == party), start=plan.nothing)
        sent: dict[str, Floats] = {}
        for x in basin.exports.values():
            if x.party == party:
                sent[x.line or x.name] = sent.get(x.line or x.name, plan.nothing) + plan.series("exported_power", x.name)
        parts += [
            _part("unserved", party, party, unserved, "comes", party),
            _part("demand", party, party, demand, "goes", party),
            *(_part("lifting", party, party, lifted, "goes", party) for lifted in _lifted(plan, party)),
            *(_part("export", line, _line(line), amounts, "goes", party) for line, amounts in sorted(sent.items())),
        ]
    else:
        plants = sum((np.asarray(p.amounts) for p in parts), start=plan.nothing)
        parts.append(_part("grid", party, party, plants, "goes", party))
    return Balance(of=party, unit="GWh", closes=bool(demand), parts=tuple(parts))


def _lifted(plan: Plan, party: str) -> Iterator[Floats]:
    """Electricity of a party's lifts, if it has any."""
    own = [y.name for y in plan.basin.reach_costs.values() if y.party == party and any(y.electricity)]
    if own:
        yield sum((plan.series("lifting_power", y) for y in own), start=plan.nothing)


def _made(plan: Plan, party: str) -> Iterator[BalancePart]:
    basin = plan.basin
    for p in sorted((x for x in basin.plants.values() if x.party == party), key=lambda x: x.name):
        yield _part("plant", p.name, title_of(p, p.name), plan.series("generation", p.name), "comes", party)
    other: dict[tuple[str, str], Floats] = {}
    for s in basin.supplies.values():
        if s.party == party:
            name = s.line if s.kind == "import" else s.fuel if s.kind == "thermal" else s.name
            arrives = (1.0 - np.asarray(s.loss or 0.0)) * plan.series("supplied_power", s.name)
            other[s.kind, name or s.name] = other.get((s.kind, name or s.name), plan.nothing) + arrives
    for (kind, name), amounts in sorted(other.items()):
        yield _part(kind, name, _line(name), amounts, "comes", party)


def _line(name: str) -> str:
    """A line, a fuel or a supply has a name and no title: its words."""
    return name.replace("_", " ")
