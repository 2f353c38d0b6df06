"""The checks of arcs: what water may do on its way round, costs of reaches, rules of several together, outlets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from waterflow.basin.network import Reach, loop_of
from waterflow.basin.river import River
from waterflow.errors import Problem, unknown
from waterflow.words.catalogue import mark, say, say_many

__all__ = ["arc_problems", "arc_warnings"]

#: what a slope may rise by for the rounding of a table, as a share of it
BENT = 1e-9
#: energy that a round trip must take at least, GWh per Mm3
SOME = 1e-9


def arc_problems(basin: River) -> Iterator[Problem]:
    """Every problem of reaches beside the network itself. Series of the wrong length are told elsewhere and not looked into."""
    yield from _names(basin)
    yield from _outlets(basin)
    sound = all(len(x.cost) == len(x.electricity) == len(basin.calendar.periods) for x in basin.reach_costs.values())
    if sound and all(len(r.evaporation) == len(r.seepage) == len(basin.calendar.timeline) for r in basin.reaches.values()):
        yield from _free_loops(basin)
        yield from _power_from_nothing(basin)


def arc_warnings(basin: River) -> Iterator[str]:
    """Electricity that costs nothing, and wishes that are counted where water can go round."""
    for x in basin.reach_costs.values():
        system = basin.power.get(x.party)
        if any(x.electricity) and not basin.balances(x.party) and not (system and any(system.value)):
            told = mark("{name}: {party} has neither a power demand nor a value of power; the electricity of the lift costs nothing.")
            yield say(told, name=x.name, party=x.party)
    for item in basin.counted:
        if item.reach in basin.paths.turning:
            told = mark("{name} is counted on {reach}, where water can come round again; it counts each time.")
            yield say(told, name=item.name, reach=item.reach)


def _names(basin: River) -> Iterator[Problem]:
    for x in basin.reach_costs.values():
        where = say("cost of {name}", name=x.name)
        yield from _known(where, "reach", x.reach, basin.reaches)
        yield from _known(where, "party", x.party, basin.parties)
        for field in ("cost", "electricity"):
            if len(getattr(x, field)) != len(basin.calendar.periods):
                found = say_many("{count} value", "{count} values", len(getattr(x, field)))
                allowed = say("{length}, one for each period", length=len(basin.calendar.periods))
                yield Problem("series-length", f"{where}: {field}", found, allowed)
    # the rows of a rule are one period each: what is wrong with its name is told once
    for rule in {r.name.partition("/")[0]: r for r in basin.flow_rules.values()}.values():
        where = say("flow rule {name}", name=rule.name.partition("/")[0])
        for reach in rule.reaches:
            yield from _known(where, "reach", reach, basin.reaches)
        if rule.party:
            yield from _known(where, "party", rule.party, basin.parties)
        if not rule.reaches or len(set(rule.reaches)) < len(rule.reaches):
            yield Problem("bad-flow-rule", where, " ".join(rule.reaches) or say("no reach"), say("one reach or more, each named once"))


def _known(where: str, kind: str, name: str, known: Any) -> Iterator[Problem]:
    if name not in known:
        yield unknown(kind, where, name, list(known))


def _outlets(basin: River) -> Iterator[Problem]:
    """An outlet leaves a reservoir, and its capacity rises ever less with storage, from the lowest that a plan may use."""
    for r in basin.reaches.values():
        if not r.outlet:
            continue
        where = say("outlet {name}", name=r.name)
        if r.start not in basin.reservoirs:
            found = say("node {node}, where nothing is stored", node=r.start)
            yield Problem("outlet-curve", where, found, say("a reach out of a reservoir or lake"))
            continue
        wrong, cause = _bent(r)
        if wrong:
            yield Problem("outlet-curve", where, wrong, say("two points or more, the capacity rising with storage, ever less"), cause)
        elif r.outlet[0][0] > basin.reservoirs[r.start].floor:
            found = say("points from {lowest:g} Mm3 on", lowest=r.outlet[0][0])
            allowed = say("points from {floor:g} Mm3 on, the lowest that a plan may use", floor=basin.reservoirs[r.start].floor)
            yield Problem("outlet-curve", where, found, allowed)


def _bent(reach: Reach) -> tuple[str, str]:
    """What is wrong with the points of an outlet, and why that matters; empty if nothing is."""
    points = list(pairwise(reach.outlet))
    if not points:
        return say_many("{count} point", "{count} points", len(reach.outlet)), ""
    if any(b[0] <= a[0] or b[1] < a[1] for a, b in points):
        return say("storages or capacities that fall"), say("Swapped?")
    slopes = [(above - below) / (high - low) for (low, below), (high, above) in points]
    steeper = next((k for k, (a, b) in enumerate(pairwise(slopes), start=1) if b > a + BENT * max(a, b)), 0)
    if not steeper:
        return "", ""
    found = say("a capacity that rises faster above {storage:g} Mm3 than below", storage=reach.outlet[steeper][0])
    cause = mark(
        "A linear program would open the outlet wider than it is there: a spillway above a crest is such a curve. "
        "Give it a reach of its own, or leave out the points below the line between its neighbours."
    )
    return found, say(cause)


def _free_loops(basin: River) -> Iterator[Problem]:
    """Ways round on which, in some period, nothing is lost and nothing is paid: water would turn there for nothing."""
    turning = [basin.reaches[name] for name in basin.paths.turning]
    told: set[tuple[str, ...]] = set()
    for k, label in enumerate(basin.calendar.labels if turning else ()):
        loop = loop_of(r.ends for r in turning if _is_free(basin, r, k))
        if loop and tuple(loop) not in told:
            told.add(tuple(loop))
            found = say("{way}, where nothing is lost and nothing is paid in {label}", way=" -> ".join(loop), label=label)
            allowed = say("water that only runs down; or a loss, a cost or electricity on each way round in every period")
            cause = say("A reach turned round? A lift or a link both ways has its cost in reach_costs or its loss in reach_losses.")
            yield Problem("loop", say("reaches"), found, allowed, cause)


def _is_free(basin: River, reach: Reach, period: int) -> bool:
    s = len(basin.calendar.history) + period
    own = [x for x in basin.reach_costs.values() if x.reach == reach.name]
    lost = reach.evaporation[s] + reach.seepage[s] > 0
    paid = reach.spill_cost or any(x.cost[period] or (x.electricity[period] and _matters(basin, x.party, period)) for x in own)
    # a reach from a node to itself is no way to anywhere
    return reach.start == reach.end or not (lost or paid)


def _matters(basin: River, party: str, period: int) -> bool:
    """True if power is worth something to a party: it has a demand, or a value then."""
    system = basin.power.get(party)
    return bool(system and (system.demand or (system.value and system.value[period] > 0)))


def _power_from_nothing(basin: River) -> Iterator[Problem]:
    """Ways round on which the plants of a party make as much power as its lifts take."""
    turning = [basin.reaches[name] for name in basin.paths.turning]
    on_the_way = {r.name for r in turning}
    for party in sorted({p.party for p in basin.plants.values() if p.reach in on_the_way}):
        for k, label in enumerate(basin.calendar.labels):
            loop = _gaining(basin, turning, party, k) if _matters(basin, party, k) else []
            if loop:
                about = {"way": " -> ".join(loop), "party": party, "label": label}
                found = say("{way}, on which {party} makes as much power as it takes in {label}", **about)
                allowed = say("a way round that takes more electricity of the party than its plants make")
                yield Problem("loop-power", say("reaches"), found, allowed, say("Power would come from nothing."))
                break


def _gaining(basin: River, turning: list[Reach], party: str, period: int) -> list[str]:
    """A way round with plants of a party that takes none of its power in sum; empty without one (Bellman and Ford)."""
    taken = {r.name: 0.0 for r in turning}
    for x in basin.reach_costs.values():
        if x.party == party and x.reach in taken:
            taken[x.reach] += x.electricity[period]
    for p in basin.plants.values():
        if p.party == party and p.reach in taken:
            # a way round without plants takes nothing and is no gain; one with them must take more than nothing
            taken[p.reach] -= (p.head.rate(p.head.curve[-1][0]) if p.head and p.head.curve else p.energy_rate) + SOME
    nodes = {n for r in turning for n in (r.start, r.end)}
    least, by = dict.fromkeys(nodes, 0.0), dict[str, Reach]()
    last = ""
    for _ in nodes:
        last = ""
        for r in turning:
            if least[r.start] + taken[r.name] < least[r.end] - SOME / 2:
                least[r.end], by[r.end], last = least[r.start] + taken[r.name], r, r.end
    if not last:
        return []
    for _ in nodes:
        last = by[last].start
    way = [last]
    while len(way) == 1 or way[-1] != last:
        way.append(by[way[-1]].start)
    return way[::-1]
