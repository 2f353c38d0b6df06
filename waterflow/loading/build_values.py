"""From rows to values: blocks of deliveries and targets, ranges of prices, and whose the money is."""

from __future__ import annotations

from typing import Any

from waterflow.basin.values import DeliveryBlock, PriceRange, TargetBlock
from waterflow.errors import Problem
from waterflow.loading.chosen import Chosen
from waterflow.loading.tables import Row

__all__ = ["ValueBuilder"]


class ValueBuilder(Chosen):
    """Turns the rows of values, price_ranges and owners into parts."""

    def values(self) -> dict[str, Any]:
        """Blocks of value for every demand and target they name, and the ranges of prices."""
        deliveries: list[DeliveryBlock] = []
        targets: list[TargetBlock] = []
        for r in self.rows("values"):
            if r.text("purpose") == "target":
                targets += self._targets(r)
            else:
                deliveries += self._deliveries(r)
        return {"delivery_values": deliveries, "target_values": targets, "price_ranges": self._ranges()}

    def _ranges(self) -> list[PriceRange]:
        rows = self.rows("price_ranges")
        return [PriceRange(name=r.text("price"), low=self._ratio(r, "low"), high=self._ratio(r, "high")) for r in rows]

    def _ratio(self, r: Row, level: str) -> float:
        ratio = r.number(f"{level}_ratio")
        if ratio <= 0:
            allowed = "above 0: a ratio to the central price"
            self.problems.append(Problem("value-levels", f"{r.where}, {level}_ratio", f"{ratio:g}", allowed))
        return ratio or 1.0

    def _block(self, r: Row, owner: str) -> dict[str, Any]:
        block = int(r.number("block"))
        levels = {level: r.number(f"{level}_USD_per_m3") for level in ("low", "central", "high")}
        return {"name": f"{owner}/{block}", "block": block, "width": r.number("width_fraction"), "value": levels["central"], **levels}

    def _deliveries(self, r: Row) -> list[DeliveryBlock]:
        """The row's block for every demand of its purpose, party and place."""
        wanted = (r.text("purpose"), r.text("party"), r.text("place"))
        named = [d.text("demand") for d in self.rows("demands") if (d.text("use"), d.text("party"), d.text("node")) == wanted]
        if not named:
            found = f"no demand for {wanted[0]} of {wanted[1]} at {wanted[2]}"
            self.problems.append(Problem("values-nothing", r.where, found, "use, party and node of a demand", "A typing slip?"))
        return [DeliveryBlock(**self._block(r, name), demand=name) for name in named]

    def _targets(self, r: Row) -> list[TargetBlock]:
        """The row's block for every target of its place; a model that picks no targets values none."""
        rows = self.rows("targets")
        named = [f"{x.text('target')}/{self.window(x)}" for x in rows if x.text("place") == r.text("place")]
        if rows and not named:
            self.problems.append(
                Problem("values-nothing", r.where, f"no target at {r.text('place')}", "the place of a target", "A typing slip?")
            )
        return [TargetBlock(**self._block(r, name), target=name, party=r.text("party")) for name in named]

    def owned(self, kind: str, known: set[str]) -> dict[str, str]:
        """Owners of the reservoirs or of the spills; a place that is none is a problem."""
        owners = {}
        for r in self.rows("owners"):
            if r.text("kind") == kind:
                owners[r.text("place")] = r.text("party")
                if r.text("place") not in known:
                    where, allowed = f"{r.where}, place", f"a {kind} with a row of its own"
                    self.problems.append(Problem("owns-nothing", where, r.text("place"), allowed, "A typing slip?"))
        return owners
