"""What makes stores right: area curves, seepage, aquifers, constant losses, and where water comes to that seeped away."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from waterflow.basin.network import loop_of
from waterflow.basin.reservoirs import Reservoir
from waterflow.basin.river import River
from waterflow.errors import Problem, unknown
from waterflow.words.catalogue import say, say_many

__all__ = ["place_of", "require_straight", "store_lengths", "store_problems"]

#: shares that sum to one may miss it by rounding in a table
SLACK = 1e-9


def store_lengths(basin: River) -> list[tuple[str, tuple[float, ...] | None, int]]:
    """Series of stores and losses, with the length each must have; (where, series, length)."""
    horizon, timeline = len(basin.calendar.periods), len(basin.calendar.timeline)
    wanted: list[tuple[str, tuple[float, ...] | None, int]] = []
    for r in basin.reservoirs.values():
        wanted += [(f"reservoir {r.name}: {f}", getattr(r, f), horizon) for f in ("seepage_depth", "seepage_share", "seepage_volume")]
    for a in basin.reaches.values():
        wanted += [(f"reach {a.name}: constant_loss", a.constant_loss or None, timeline)]
    return wanted


def store_problems(basin: River) -> Iterator[Problem]:
    """Everything wrong with the stores of a river, one by one."""
    for r in basin.reservoirs.values():
        yield from _curve(r)
        yield from _aquifer(basin, r) if r.name in basin.aquifers else _other(r)
    yield from _recharges(basin)


def require_straight(basin: River, word: str) -> None:
    """Refuse a basin with a law that bends, for work that solves one linear program over and over.

    Raises
    ------
    InputError
        If a reservoir has a curve of area or a reach a constant loss; names them all.
    """
    if basin.bent:
        found = ", ".join((*basin.curved_reservoirs, *basin.losing_reaches))
        allowed = say("area lines in reservoirs, and losses as shares")
        cause = say("Pick no series of areas, or leave the constant losses out, for this question.")
        raise Problem("bent-law", word, say("a curve of area or a constant loss: {names}", names=found), allowed, cause).refusal()


def _curve(r: Reservoir) -> Iterator[Problem]:
    if r.curve is None:
        return
    where, points, wrong = say("reservoir {name}: area", name=r.name), r.curve.points, r.curve.problem()
    if wrong:
        yield Problem("area-curve", where, wrong, say("two points or more, storages rising, areas not falling"))
    elif points[0][0] > r.floor or points[-1][0] < r.ceiling:
        found = say("areas from {lowest:g} to {highest:g} Mm3", lowest=points[0][0], highest=points[-1][0])
        allowed = say("from {floor:g} to {ceiling:g} Mm3, all that a plan may use", floor=r.floor, ceiling=r.ceiling)
        yield Problem("area-curve", where, found, allowed)


def _aquifer(basin: River, r: Reservoir) -> Iterator[Problem]:
    where, ways = say("aquifer {name}", name=r.name), basin.paths.departing[r.name]
    if len(ways) != 1 or basin.reaches[ways[0]].spillway:
        found = say_many("{count} way out", "{count} ways out", len(ways))
        yield Problem("aquifer-outflow", where, found, say("one reach out of it, no spillway: what flows there follows from its storage"))
    if r.seeps or r.curve or r.area_at_zero or r.area_slope:
        yield Problem("aquifer-outflow", where, say("a water area, or seepage of its own"), say("a store under the ground: neither"))


def _other(r: Reservoir) -> Iterator[Problem]:
    if r.recession:
        where, found = say("reservoir {name}", name=r.name), say("an outflow by itself")
        yield Problem("aquifer-outflow", where, found, say("a node of kind aquifer"), say("Meant as seepage?"))


def _recharges(basin: River) -> Iterator[Problem]:
    homes: dict[str, Mapping[str, object]] = {"reach": basin.reaches, "reservoir": basin.reservoirs, "demand": basin.demands}
    known = []
    for x in basin.recharges.values():
        where = say("recharge {name}", name=x.name)
        if x.origin not in homes[x.kind]:
            yield unknown(x.kind, where, x.origin, list(homes[x.kind]))
        elif x.node not in basin.nodes:
            yield unknown("node", where, x.node, list(basin.nodes))
        elif not _seeps(basin, x.kind, x.origin):
            yield Problem("recharge", where, say("{name}, from which nothing seeps away", name=x.origin), say("something with a seepage"))
        else:
            known.append(x)
    for kind, origin in sorted({(x.kind, x.origin) for x in known}):
        shares = [x.share for x in known if (x.kind, x.origin) == (kind, origin)]
        back = sum(basin.demands[origin].return_kernel) if kind == "demand" else 0.0
        if math.fsum([*shares, back]) > 1 + SLACK:
            where = say("recharges from {name}", name=origin)
            found = say("{share:g} of it, with what comes back", share=math.fsum([*shares, back]))
            yield Problem("recharge", where, found, say("at most 1"), say("Written in per cent?"))
    # a lift may bring back what seeped away below it
    ways = [a.ends for a in basin.reaches.values() if a.name not in basin.paths.turning]
    ways += [(place_of(basin, x.kind, x.origin), x.node) for x in known]
    ground = set(basin.aquifers)
    ways += [(d.node, d.return_node) for d in basin.demands.values() if d.return_node in ground and d.return_kernel[:1] != (0.0,)]
    if known and (loop := loop_of(ways)):
        allowed = say("water that comes back below the place where it seeped away")
        yield Problem("loop", say("recharges"), " -> ".join(loop), allowed)


def _seeps(basin: River, kind: str, origin: str) -> bool:
    if kind == "reach":
        return any(basin.reaches[origin].seepage) or origin in basin.losing_reaches
    return kind == "demand" or basin.reservoirs[origin].seeps


def place_of(basin: River, kind: str, origin: str) -> str:
    """The node at which water that seeps away is taken off."""
    return origin if kind == "reservoir" else basin.reaches[origin].start if kind == "reach" else basin.demands[origin].node
