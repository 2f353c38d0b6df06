"""Values: what water is worth by block, and how far every price may be from its central value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import PositiveFloat

from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.errors import Problem
from waterflow.words.catalogue import say

if TYPE_CHECKING:
    from waterflow.basin.basin import Basin

__all__ = [
    "LEVELS",
    "DeliveryBlock",
    "Level",
    "PriceRange",
    "TargetBlock",
    "at_level",
    "require_benefit",
    "straight",
    "value_problems",
]

Level = Literal["low", "central", "high"]
LEVELS: tuple[Level, ...] = get_args(Level)
#: blocks may miss a sum of one by rounding
SHARES_SLACK = 1e-9


class _Block(Part):
    """A slice of an amount and what each m3 in it is worth, million USD per Mm3 (= USD per m3).

    ``value`` is that of the basin's level; ``low``, ``central`` and ``high`` are what it may be.
    """

    name: str
    block: int
    width: Share
    value: Nonnegative
    low: Nonnegative
    central: Nonnegative
    high: Nonnegative

    @property
    def owner(self) -> str:
        """The demand or target whose amount is sliced."""
        raise NotImplementedError


class DeliveryBlock(_Block):
    """A slice of a demand's need, as a share of the need of every period."""

    demand: str

    @property
    def owner(self) -> str:
        """The demand."""
        return self.demand


class TargetBlock(_Block):
    """A slice of the flow past a target's gauge, as a share of the target; ``party`` is whom the flow serves."""

    target: str
    party: str

    @property
    def owner(self) -> str:
        """The target."""
        return self.target


class PriceRange(Part):
    """How low and how high a price may be, as factors of its central value; ``name`` is ``<table>/<whose>``."""

    name: str
    low: PositiveFloat
    high: PositiveFloat

    def factor(self, level: Level) -> float:
        """The price at a level over its central value."""
        return {"low": self.low, "central": 1.0, "high": self.high}[level]


def _scaled(part: Any, field: str, ratio: float) -> Any:
    value = getattr(part, field)
    moved = tuple(v * ratio for v in value) if isinstance(value, tuple) else value * ratio
    return part.model_copy(update={field: moved})


def at_level(basin: Basin, level: Level) -> Basin:
    """The same basin with every value and price at its low, central or high end, all together.

    Prices without a range keep their central value. They are levels of values and not of payoffs: a party
    that mostly pays has its best payoff where values are low.

    Parameters
    ----------
    basin : Basin
    level : {"low", "central", "high"}
    """
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
        reaches=priced(basin.reaches, "spill_cost", "spill_costs"),
    )


def straight(blocks: Iterable[_Block]) -> bool:
    """True where one block covers the whole need: a straight value needs no unknown of its own."""
    widths = [b.width for b in blocks]
    return len(widths) == 1 and widths[0] >= 1


def value_problems(basin: Basin) -> Iterator[Problem]:
    """Values must fall from block to block at every level, and rise from low to central to high."""
    blocks: list[_Block] = [*basin.delivery_values.values(), *basin.target_values.values()]
    before: dict[str, _Block] = {}
    for block in sorted(blocks, key=lambda b: (b.owner, b.block)):
        where = say("value {name}", name=block.name)
        if not block.low <= block.central <= block.high:
            found = say("low {low:g}, central {central:g}, high {high:g}", low=block.low, central=block.central, high=block.high)
            yield Problem("value-levels", where, found, "low <= central <= high", say("Swapped?"))
        for level in LEVELS:
            most = getattr(before.get(block.owner, block), level)
            if getattr(block, level) > most:
                yield Problem(
                    "rising-value", f"{where}, {level}", f"{getattr(block, level):g}", say("at most {most:g}, the block before", most=most)
                )
        before[block.owner] = block
    width = dict.fromkeys(basin.demands, 0.0)
    for b in basin.delivery_values.values():
        width[b.demand] = width.get(b.demand, 0.0) + b.width
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


def require_benefit(basin: Basin) -> None:
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
