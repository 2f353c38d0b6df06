"""One period on its own: the first period of a river's horizon, as who decides it knows it that knows nothing after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.begun import Begun
from waterflow.basin.demands import Limit
from waterflow.basin.held import StorageWish
from waterflow.basin.objective import Claims, Objective, Priority
from waterflow.basin.reservoirs import EndValue
from waterflow.calendar import Window
from waterflow.ledger.rest import with_what_is_left

__all__ = ["alone"]


def alone(basin: Basin, water_value: float = 0.0) -> Basin:
    """The first period of a basin without clauses, and nothing after it.

    Who decides a period knows what is asked in it, and shares for the season that are handed out in advance: of a limit what
    the needs of the period are of those to come, of a target what its days are of those to come. Storages agreed or wished
    for at the end of the period are known, later ones are not. What water is worth afterwards is not known; ``water_value``,
    USD per m3, stands for it in every reservoir that can let go. The last period is the end itself: there the end values of
    the model stand. Water that nothing in the period asks for stays stored, after all else.

    Parameters
    ----------
    basin : Basin
        What is left of a horizon, or the whole of it.
    water_value : float

    Returns
    -------
    Basin
        Of one period.
    """
    first, last = basin.calendar.periods[0], len(basin.calendar.periods) == 1
    window, upto = Window(first.start, first.end), len(basin.calendar.history) + 1
    counted = {
        "floors": {n: x.model_copy(update={"window": window}) for n, x in basin.floors.items() if x.window.start <= first.start},
        "targets": _targets(basin, window),
        "threshold_shares": {
            n: x.model_copy(update={"window": window}) for n, x in basin.threshold_shares.items() if x.window.start <= first.start
        },
        "storages": {n: x for n, x in basin.storage_wishes.items() if x.period == 0},
    }
    found = basin.replaced(
        calendar=replace(basin.calendar, end=first.end),
        reaches=_cut(_cut(basin.reaches, upto, "evaporation", "seepage", "travel_days"), 1, "capacity"),
        runoff={n: v[:1] for n, v in basin.runoff.items()},
        reservoirs=_cut(basin.reservoirs, 1, "net_evaporation"),
        storage_rules={n: x for n, x in basin.storage_rules.items() if x.period == 0},
        storage_wishes=counted.pop("storages"),
        operating_ranges=_cut(basin.operating_ranges, 1, "low", "high", "low_share"),
        end_values=basin.end_values if last else _kept(basin, water_value),
        end_value_cuts=basin.end_value_cuts if last else {},
        demands=_cut(basin.demands, 1, "need", "capacity", "value"),
        limits=_limits(basin, window),
        agreed_flows={},
        known_flows={},
        plants={n: p.model_copy(update={"head": _head(p.head)}) for n, p in _cut(basin.plants, 1, "capacity", "most_energy").items()},
        supplies=_cut(basin.supplies, 1, "capacity", "must_run", "loss", "cost"),
        exports=_cut(basin.exports, 1, "capacity", "loss", "price"),
        power=_cut(basin.power, 1, "demand", "value"),
        target_values={n: b for n, b in basin.target_values.items() if b.target in counted["targets"]},
        begun=Begun(short=basin.begun.short),
        **counted,
    )
    objective = _objective(basin.objective, {**counted, "storages": found.storage_wishes})
    return _stored_if_idle(found.replaced(objective=objective))


def _cut(parts: Mapping[str, Any], length: int, *fields: str) -> dict[str, Any]:
    """Parts with some of their series cut; none of an empty one or of None."""
    return {n: x.model_copy(update={f: s[:length] for f in fields if (s := getattr(x, f))}) for n, x in parts.items()}


def _head(head: Any) -> Any:
    return head.model_copy(update={"at": head.at[:1]}) if head else head


def _kept(basin: Basin, value: float) -> dict[str, EndValue]:
    """A block over the whole of every reservoir that can let go."""
    if not value:
        return {}
    names = [n for n in basin.reservoirs if basin.paths.released[n]]
    blocks = [EndValue(name=f"{n}/1", reservoir=n, width=basin.reservoirs[n].ceiling, value=value) for n in names]
    return {b.name: b for b in sorted(blocks, key=lambda b: b.name)}


def _targets(basin: Basin, window: Window) -> dict[str, Any]:
    """Of every target that has begun, what the days of the period are of those to come."""
    days = (window.end - window.start).days + 1
    return {
        n: x.model_copy(update={"window": window, "amount": x.amount * days / ((x.window.end - window.start).days + 1)})
        for n, x in basin.targets.items()
        if x.window.start <= window.start
    }


def _limits(basin: Basin, window: Window) -> dict[str, Limit]:
    """Of every limit that has begun, what the needs of the period are of those to come."""
    found = {}
    for name, limit in basin.limits.items():
        if limit.window.start > window.start:
            continue
        own = [d for d in basin.demands.values() if d.limited and d.party == limit.party]
        now, whole = (sum(d.need[k] for d in own for k in ks) for ks in ((0,), basin.calendar.inside(limit.window)))
        found[name] = limit.model_copy(update={"window": window, "amount": limit.amount * now / whole if whole else 0.0})
    return found


def _stored_if_idle(basin: Basin) -> Basin:
    """The same, and what is left of every reservoir is wished for as full as can be: who knows nothing later keeps what is idle."""
    names = [n for n in basin.reservoirs if basin.paths.released[n]]
    if not names:
        return basin
    full = [StorageWish(name=f"{n}/idle", reservoir=n, period=0, rule="at_least", storage=basin.reservoirs[n].ceiling) for n in names]
    wishes = basin.storage_wishes | {x.name: x for x in full}
    order = basin.objective.priorities or (Priority(name="benefit", cost=True),)
    kept = Priority(name="idle water stays", claims=(Claims(kind="storages", places=tuple(names)),))
    objective = basin.objective.model_copy(update={"priorities": (*order, kept)})
    return basin.replaced(storage_wishes=dict(sorted(wishes.items())), objective=objective)


def _objective(objective: Objective, left: Mapping[str, Any]) -> Objective:
    """The order of priorities about what there is in the period; an order of which nothing is left is still one."""
    found = with_what_is_left(objective, left)
    if objective.priorities and not found.priorities:
        nothing = Priority(name=objective.priorities[0].name, claims=(Claims(kind="storages"),))
        return found.model_copy(update={"priorities": (nothing,)})
    return found
