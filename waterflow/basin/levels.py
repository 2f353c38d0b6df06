"""Levels: a basin with every value and price at its low, central or high end, and what makes a table of values right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from waterflow.basin.river import River
from waterflow.basin.values import LEVELS, DeliveryBlock, Level, TargetBlock
from waterflow.errors import Problem
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean

__all__ = ["at_level", "require_benefit", "value_problems"]

Block = DeliveryBlock | TargetBlock
AnyRiver = TypeVar("AnyRiver", bound=River)
#: blocks may miss a sum of one by rounding
SHARES_SLACK = 1e-9


def _scaled(part: Any, field: str, ratio: float) -> Any:
    value = getattr(part, field)
    moved = tuple(v * ratio for v in value) if isinstance(value, tuple) else value * ratio
    return part.model_copy(update={field: moved})


def at_level(basin: AnyRiver, level: Level) -> AnyRiver:
    """The same basin with every value and price at its low, central or high end, all together.

    Prices without a range keep their central value. They are levels of values and not of payoffs: a party
    that mostly pays has its best payoff where values are low.

    Parameters
    ----------
    basin : River
    level : {"low", "central", "high"}
    """
    if level not in LEVELS:
        raise Problem("unknown-level", "at_level", repr(level), ", ".join(LEVELS), did_you_mean(str(level), LEVELS)).refusal()
    if level == basin.level:
        return basin
    factors = {x.name: x.factor(level) / x.factor(basin.level) for x in basin.price_ranges.values()}

    def priced(parts: dict[str, Any], field: str, table: str, whose: str = "name") -> dict[str, Any]:
        return {name: _scaled(x, field, factors.get(f"{table}/{getattr(x, whose)}", 1.0)) for name, x in parts.items()}

    def valued(parts: dict[str, Any]) -> dict[str, Any]:
        return {name: x.model_copy(update={"value": getattr(x, level)}) for name, x in parts.items()}

    return basin.replaced(
        level=level,
        delivery_values=valued(basin.delivery_values),
        target_values=valued(basin.target_values),
        demands=priced(basin.demands, "value", "delivery_values"),
        power=priced(basin.power, "value", "power_values", "party"),
        supplies=priced(basin.supplies, "cost", "power_supplies"),
        exports=priced(basin.exports, "price", "power_exports"),
        unserved_blocks=priced(basin.unserved_blocks, "cost", "unserved_blocks", "party"),
        end_values=priced(basin.end_values, "value", "end_values", "reservoir"),
        held_values=priced(basin.held_values, "value", "held_values", "reservoir"),
        storage_alarms=priced(basin.storage_alarms, "damage", "storage_alarms"),
        flow_alarms=priced(basin.flow_alarms, "damage", "flow_alarms"),
        reaches=priced(basin.reaches, "spill_cost", "spill_costs"),
        reach_costs=priced(basin.reach_costs, "cost", "reach_costs", "reach"),
    )


def value_problems(basin: River) -> Iterator[Problem]:
    """Values must fall from block to block at every level, and rise from low to central to high."""
    blocks: list[Block] = [*basin.delivery_values.values(), *basin.target_values.values()]
    before: dict[str, Block] = {}
    for block in sorted(blocks, key=lambda b: (b.owner, b.block)):
        where = say("value {name}", name=block.name)
        if not block.low <= block.central <= block.high:
            found = say("low {low:g}, central {central:g}, high {high:g}", low=block.low, central=block.central, high=block.high)
            yield Problem("value-levels", where, found, "low <= central <= high", say("Swapped?"))
        for level in LEVELS:
            most = getattr(before.get(_sliced(block), block), level)
            if getattr(block, level) > most:
                yield Problem(
                    "rising-value", f"{where}, {level}", f"{getattr(block, level):g}", say("at most {most:g}, the block before", most=most)
                )
        before[_sliced(block)] = block
    width = dict.fromkeys(basin.demands, 0.0)
    for demand in {b.demand for b in basin.delivery_values.values()}:
        own = [b for b in basin.delivery_values.values() if b.demand == demand]
        width[demand] = max(sum(b.share(month) for b in own) for month in range(1, 13))
    for owner, total in sorted(width.items()):
        if total > 1 + SHARES_SLACK:
            yield Problem(
                "value-blocks",
                say("values of {owner}", owner=owner),
                say("blocks that cover {total:g} of the need", total=total),
                say("at most 1"),
                say("Not a share?"),
            )
    for price in basin.price_ranges.values():
        if not price.low <= 1 <= price.high:
            found = say("low {low:g}, high {high:g}", low=price.low, high=price.high)
            allowed = say("low <= 1 <= high, factors of the central price")
            yield Problem("value-levels", say("range of the price {name}", name=price.name), found, allowed)


def _sliced(block: Block) -> str:
    """What a block is a slice of: its owner's amount, in its months where it has some."""
    months = getattr(block, "months", ())
    return f"{block.owner}/{months}" if months else block.owner


def require_benefit(basin: River) -> None:
    """Refuse a basin whose plan is made by priorities: there money decides too late to be a price of water.

    Raises
    ------
    InputError
        If the objective has priorities.
    """
    if basin.objective.priorities:
        raise Problem(
            "needs-benefit",
            say("objective of {model}", model=f"{basin.name} {basin.scenario}".strip()),
            say("priorities ({names})", names=" > ".join(p.name for p in basin.objective.priorities)),
            say("one sum of benefits: a scenario whose objective has no priorities"),
            say("A strict order has no price in money between its priorities."),
        ).refusal()
