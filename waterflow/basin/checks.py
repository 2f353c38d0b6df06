"""The checks that need the whole basin: everything wrong, at once, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from waterflow.basin.arc_checks import arc_problems, arc_warnings
from waterflow.basin.claim_checks import claim_problems, claim_warnings
from waterflow.basin.clause_slips import clause_warnings
from waterflow.basin.levels import value_problems
from waterflow.basin.network import river_problems
from waterflow.basin.part import UNLIMITED
from waterflow.basin.power_checks import power_problems
from waterflow.basin.river import River
from waterflow.basin.store_checks import store_lengths, store_problems
from waterflow.calendar import whole_days
from waterflow.errors import Problem, unknown
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.numbers import quantity

__all__ = ["basin_problems", "basin_warnings"]

#: shares that sum to one may miss it by rounding in a table
KERNEL_SLACK = 1e-9


def basin_problems(basin: River) -> list[Problem]:
    """Every problem of a basin; the river first, since nothing else makes sense without it."""
    problems = river_problems(basin.nodes, basin.reaches)
    if problems:
        return problems
    own = (_lengths, _references, _losses, _travel, _storages, _reachability, _returns, _heads, _windows)
    for check in (*own, arc_problems, store_problems, power_problems, value_problems, claim_problems):
        problems += check(basin)
    return problems


def basin_warnings(basin: River) -> list[str]:
    """Odd rows, opening storages outside their limits with both figures, priorities that claim the same thing."""
    said = [*basin.notices, *claim_warnings(basin), *clause_warnings(basin)]
    said += [*_unlimited(basin), *arc_warnings(basin)]
    for r in basin.reservoirs.values():
        opening, lowest, full = (quantity(v, "Mm3", 1) for v in (r.opening_storage, r.lowest_storage, r.full_storage))
        if r.opening_storage < r.lowest_storage:
            told = mark("{name}: opening storage {opening} is below the lowest storage {lowest}; the plan may stay as low as it opens.")
            said.append(say(told, name=r.name, opening=opening, lowest=lowest))
        elif r.opening_storage > r.full_storage:
            told = mark("{name}: opening storage {opening} is above full storage {full}; the plan may stay as high as it opens.")
            said.append(say(told, name=r.name, opening=opening, full=full))
    return said


def _unlimited(basin: River) -> Iterator[str]:
    """Capacities that stand for none."""
    for kind in ("reaches", "demands", "plants", "supplies", "exports"):
        for name, part in getattr(basin, kind).items():
            if part.capacity and max(part.capacity) >= UNLIMITED:
                yield say("{name}: its capacity is more than there is anywhere and is taken for no limit.", name=name)
    for name, reservoir in basin.reservoirs.items():
        if reservoir.ceiling >= UNLIMITED:
            yield say("{name}: its full storage is more than there is anywhere and is taken for no limit.", name=name)


def _lengths(basin: River) -> Iterator[Problem]:
    horizon, timeline = len(basin.calendar.periods), len(basin.calendar.timeline)
    wanted: list[tuple[str, tuple[float, ...] | None, int]] = []
    for node, series in basin.runoff.items():
        wanted.append((f"runoff of {node}", series, horizon))
    for r in basin.reaches.values():
        wanted += [(f"reach {r.name}: {f}", getattr(r, f), timeline) for f in ("evaporation", "seepage", "travel_days")]
        wanted += [
            (f"reach {r.name}: capacity", r.capacity, horizon),
            (f"reach {r.name}: flow_before", r.flow_before, timeline - horizon),
        ]
    for res in basin.reservoirs.values():
        wanted.append((f"reservoir {res.name}: net_evaporation", res.net_evaporation, horizon))
    for o in basin.operating_ranges.values():
        wanted += [(f"operating range {o.name}: {f}", getattr(o, f), horizon) for f in ("low", "high")]
        wanted.append((f"operating range {o.name}: low_share", o.low_share or None, horizon))
    for d in basin.demands.values():
        wanted += [(f"demand {d.name}: {f}", getattr(d, f), horizon) for f in ("need", "capacity", "value")]
        wanted.append((f"demand {d.name}: delivery_before", d.delivery_before, timeline - horizon))
    for p in basin.plants.values():
        wanted += [(f"plant {p.name}: {f}", getattr(p, f), horizon) for f in ("capacity", "most_energy")]
    for s in basin.supplies.values():
        wanted += [(f"supply {s.name}: {f}", getattr(s, f), horizon) for f in ("capacity", "must_run", "loss", "cost")]
    for x in basin.exports.values():
        wanted += [(f"export {x.name}: {f}", getattr(x, f), horizon) for f in ("capacity", "loss", "price")]
    for where, values, length in (*wanted, *store_lengths(basin)):
        if values is not None and len(values) != length:
            found = say_many("{count} value", "{count} values", len(values))
            yield Problem("series-length", where, found, say("{length}, one for each period", length=length))


def _unknown(where: str, kind: str, found: str, known: Iterable[str]) -> Iterator[Problem]:
    if found not in known:
        yield unknown(kind, where, found, list(known))


def _references(basin: River) -> Iterator[Problem]:
    nodes, reaches, parties = basin.nodes, basin.reaches, basin.parties
    for node in basin.runoff:
        yield from _unknown(f"runoff of {node}", "node", node, nodes)
    for d in basin.demands.values():
        yield from _unknown(f"demand {d.name}", "node", d.node, nodes)
        yield from _unknown(f"demand {d.name}", "party", d.party, parties)
        if d.return_node:
            yield from _unknown(f"demand {d.name}: return flow", "node", d.return_node, nodes)
    counted: tuple[Any, ...] = (*basin.counted, *basin.threshold_shares.values(), *basin.flow_alarms.values())
    for item in counted:
        yield from _unknown(item.name, "reach", item.reach, reaches)
    for s in basin.threshold_shares.values():
        yield from _unknown(s.name, "node", s.node, nodes)
    for a in basin.agreed_flows.values():
        yield from _unknown(a.name, "node", a.place, nodes)
    may_be_owned: tuple[Any, ...] = (*basin.reservoirs.values(), *reaches.values())
    for place in may_be_owned:
        if place.owner:
            yield from _unknown(f"owner of {place.name}", "party", place.owner, parties)
    for block in basin.delivery_values.values():
        yield from _unknown(f"value {block.name}", "demand", block.demand, basin.demands)
    for flow in basin.target_values.values():
        yield from _unknown(f"value {flow.name}", "target", flow.target, basin.targets)
        yield from _unknown(f"value {flow.name}", "party", flow.party, parties)
    for p in basin.plants.values():
        yield from _unknown(f"plant {p.name}", "reach", p.reach, reaches)
        yield from _unknown(f"plant {p.name}", "party", p.party, parties)
        if p.head:
            yield from _unknown(f"plant {p.name}: head", "reservoir", p.head.reservoir, basin.reservoirs)
    of_parties: tuple[Any, ...] = (
        *basin.limits.values(),
        *basin.supplies.values(),
        *basin.exports.values(),
        *basin.unserved_blocks.values(),
        *basin.storage_alarms.values(),
        *basin.flow_alarms.values(),
    )
    for x in of_parties:
        yield from _unknown(x.name, "party", x.party, parties)
    of_reservoirs: tuple[Any, ...] = (
        *basin.storage_rules.values(),
        *basin.storage_wishes.values(),
        *basin.held_values.values(),
        *basin.balanced_reservoirs.values(),
        *basin.operating_ranges.values(),
        *basin.storage_alarms.values(),
        *basin.end_values.values(),
    )
    for e in of_reservoirs:
        yield from _unknown(e.name, "reservoir", e.reservoir, basin.reservoirs)
    for reservoir in dict.fromkeys(r for cut in basin.end_value_cuts.values() for r in cut.values):
        yield from _unknown("end_value_cuts", "reservoir", reservoir, basin.reservoirs)
        if any(e.reservoir == reservoir for e in basin.end_values.values()):
            where, allowed = say("end values of {reservoir}", reservoir=reservoir), say("blocks or cuts, not both")
            yield Problem("twice", where, say("blocks in end_values and planes in end_value_cuts"), allowed)
    standing = {n.name for n in nodes.values() if n.kind in ("reservoir", "lake", "aquifer")}
    for name in sorted(standing.symmetric_difference(basin.reservoirs)):
        allowed = say("a node of kind reservoir, lake or aquifer for each reservoir, and the other way round")
        yield Problem("unknown-reservoir", say("reservoir {name}", name=name), say("a row in only one of nodes and reservoirs"), allowed)


def _losses(basin: River) -> Iterator[Problem]:
    """Reaches that lose more than what enters them, over all causes together."""
    for r in basin.reaches.values():
        worst = max((e + s for e, s in zip(r.evaporation, r.seepage, strict=False)), default=0.0)
        if worst > 1.0 + KERNEL_SLACK:
            where, found = say("reach {name}", name=r.name), say("losses of {share:g} of what enters", share=worst)
            yield Problem("losses-above-one", where, found, say("evaporation and seepage together at most 1"), say("Written in per cent?"))


def _travel(basin: River) -> Iterator[Problem]:
    """Reaches whose first arrivals entered before anything that is known of them."""
    known = (basin.calendar.start - basin.calendar.history[0].start).days
    for r in basin.reaches.values():
        longest = max(map(whole_days, r.travel_days), default=0)
        if longest > known:
            where, found = say("reach {name}", name=r.name), say_many("{count} day of travel", "{count} days of travel", longest)
            allowed = say("at most {known}, the days before the horizon that are kept", known=known)
            yield Problem("travel-beyond-history", where, found, allowed, say("Hours written as days?"))


def _storages(basin: River) -> Iterator[Problem]:
    for r in basin.reservoirs.values():
        if r.lowest_storage > r.full_storage:
            yield Problem(
                "storage-limits",
                say("reservoir {name}", name=r.name),
                say(
                    "full_storage_Mm3 {full_storage:g} below lowest_storage_Mm3 {lowest_storage:g}",
                    full_storage=r.full_storage,
                    lowest_storage=r.lowest_storage,
                ),
                say("a full storage above the lowest"),
                say("Written in km3?") if 0 < r.full_storage < r.lowest_storage / 100 else say("Swapped?"),
            )
        elif r.curve is None and r.area_at_zero + r.area_slope * r.floor < 0:
            where = say("reservoir {name}", name=r.name)
            yield Problem("area-line", where, say("a negative area at the lowest storage"), say("an area of zero or more"))


def _reachability(basin: River) -> Iterator[Problem]:
    """A demand that no runoff, storage or earlier flow can ever reach."""
    # a headwater of zeros is a dry river, and no fault
    wet = set(basin.runoff) | set(basin.reservoirs)
    wet |= {r.end for r in basin.reaches.values() if any(r.flow_before)}
    grown = True
    while grown:
        onward = {r.end for r in basin.reaches.values() if r.start in wet}
        onward |= {d.return_node for d in basin.demands.values() if d.node in wet and d.return_node}
        # what is lost on the way or taken may be a recharge of another place
        onward |= {x.node for x in basin.recharges.values()}
        grown = not onward <= wet
        wet |= onward
    for d in basin.demands.values():
        if d.node in basin.nodes and d.node not in wet and any(d.need):
            where, found = say("demand {name}", name=d.name), say("node {node}, which no runoff or reservoir can reach", node=d.node)
            yield Problem("unreachable-demand", where, found, say("a node with water above it"), say("A reach missing or turned round?"))
        elif d.node in basin.nodes and basin.nodes[d.node].kind == "outlet":
            allowed = say("a node where water is balanced")
            yield Problem("demand-at-outlet", say("demand {name}", name=d.name), say("outlet {node}", node=d.node), allowed)


def _returns(basin: River) -> Iterator[Problem]:
    for d in basin.demands.values():
        if sum(d.return_kernel) > 1 + KERNEL_SLACK:
            found = say("{share:g} of the delivery returning", share=math.fsum(d.return_kernel))
            yield Problem("return-kernel", say("demand {name}", name=d.name), found, say("at most 1"))
        if d.return_kernel and not d.return_node:
            yield Problem(
                "return-kernel", say("demand {name}", name=d.name), say("a return flow without a node"), say("the node it returns to")
            )


def _heads(basin: River) -> Iterator[Problem]:
    """A head needs a rising curve over every storage a plan may use."""
    for p in basin.plants.values():
        if p.head is None or p.head.reservoir not in basin.reservoirs:
            continue
        reservoir, curve, wrong = basin.reservoirs[p.head.reservoir], p.head.curve, p.head.curve_problem()
        where = say("plant {name}: head over {reservoir}", name=p.name, reservoir=reservoir.name)
        if wrong:
            allowed = say("two points or more, storage and head rising, the head from above 0")
            yield Problem("head-curve", where, wrong, allowed, say("No levels, or a tailwater too high?"))
        elif curve[0][0] > reservoir.floor or curve[-1][0] < reservoir.ceiling:
            found = say("levels from {lowest:g} to {highest:g} Mm3", lowest=curve[0][0], highest=curve[-1][0])
            yield Problem(
                "head-curve",
                where,
                found,
                say("from {floor:g} to {ceiling:g} Mm3, all that a plan may use", floor=reservoir.floor, ceiling=reservoir.ceiling),
            )


def _windows(basin: River) -> Iterator[Problem]:
    items: tuple[Any, ...] = (*basin.counted, *basin.threshold_shares.values(), *basin.agreed_flows.values(), *basin.limits.values())
    for item in items:
        try:
            basin.calendar.inside(item.window)
        except ValueError as error:
            yield Problem("outside-horizon", item.name, str(error), say("whole periods inside the horizon"), say("Another season?"))
