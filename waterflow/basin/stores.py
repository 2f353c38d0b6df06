"""Stores of a river: which of its reservoirs and reaches have a law of their own, found by looking."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from waterflow.basin.held import HeldValue
from waterflow.basin.network import Node, Reach, Recharge
from waterflow.basin.reservoirs import Reservoir

__all__ = ["Stores"]


class Stores:
    """What a river knows of its stores and losses; `waterflow.basin.river.River` has the fields it looks at."""

    if TYPE_CHECKING:
        nodes: dict[str, Node]
        reaches: dict[str, Reach]
        reservoirs: dict[str, Reservoir]
        recharges: dict[str, Recharge]
        held_values: dict[str, HeldValue]

        @cached_property
        def head_plants(self) -> tuple[str, ...]:
            """Plants whose energy depends on the storage above them."""

    @cached_property
    def curved_reservoirs(self) -> tuple[str, ...]:
        """Reservoirs whose water area is a curve."""
        return tuple(name for name, r in self.reservoirs.items() if r.curve)

    @cached_property
    def seeping_reservoirs(self) -> tuple[str, ...]:
        """Reservoirs from which water seeps away."""
        return tuple(name for name, r in self.reservoirs.items() if r.seeps)

    @cached_property
    def valued_reservoirs(self) -> tuple[str, ...]:
        """Reservoirs whose water has a value for being held."""
        backed = {x.reservoir for x in self.held_values.values()}
        return tuple(name for name in self.reservoirs if name in backed)

    @cached_property
    def aquifers(self) -> tuple[str, ...]:
        """Stores whose outflow follows from what they hold."""
        return tuple(name for name in self.reservoirs if name in self.nodes and self.nodes[name].kind == "aquifer")

    @cached_property
    def losing_reaches(self) -> tuple[str, ...]:
        """Reaches with a constant loss."""
        return tuple(name for name, r in self.reaches.items() if any(r.constant_loss))

    @property
    def bent(self) -> bool:
        """True if some law bends with what is decided, so that straight lines stand for it, drawn again pass by pass."""
        return bool(self.curved_reservoirs or self.losing_reaches)

    @property
    def in_passes(self) -> bool:
        """True if a plan is found pass by pass, always from scratch: with heads, or with a law that bends."""
        return bool(self.head_plants) or self.bent

    @cached_property
    def recharged(self) -> dict[str, tuple[Recharge, ...]]:
        """What seeps away elsewhere and comes to each node."""
        return {n: tuple(x for x in self.recharges.values() if x.node == n) for n in self.nodes}
