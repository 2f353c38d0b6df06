"""From rows to values: blocks of deliveries and targets, ranges of prices, and whose the money is."""

from __future__ import annotations

from typing import Any

from waterflow.basin.values import DeliveryBlock, PriceRange, TargetBlock
from waterflow.errors import Problem, said_kind
from waterflow.loading.columns import GRADES
from waterflow.loading.series_choice import Chosen
from waterflow.loading.tables import Row
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["months_of", "owned", "values"]

MONTHS_OF_A_YEAR = 12
#: the tables that hold prices: which column, and whose
PRICES = {
    "delivery_values": ("value_USD_per_m3", "demand"),
    "power_values": ("value_USD_per_kWh", "party"),
    "power_supplies": ("cost_USD_per_kWh", "supply"),
    "power_exports": ("price_USD_per_kWh", "export"),
    "unserved_blocks": ("cost_USD_per_kWh", "party"),
    "end_values": ("value_USD_per_m3", "reservoir"),
    "held_values": ("value_USD_per_m3", "reservoir"),
    "spill_costs": ("cost_USD_per_m3", "reach"),
    "reach_costs": ("cost_USD_per_m3", "reach"),
    "storage_alarms": ("damage_USD_per_m3", "alarm"),
    "flow_alarms": ("damage_USD_per_m3", "alarm"),
}


def values(chosen: Chosen) -> dict[str, Any]:
    """Blocks of value for every demand and target they name, and the ranges of prices."""
    deliveries: list[DeliveryBlock] = []
    targets: list[TargetBlock] = []
    for r in chosen.rows("values"):
        if r.text("purpose") == "target":
            targets += _targets(chosen, r)
        else:
            deliveries += _deliveries(chosen, r)
    return {"delivery_values": deliveries, "target_values": targets, "price_ranges": _ranges(chosen)}


def _ranges(chosen: Chosen) -> list[PriceRange]:
    """How far each owner's price may be off: the most particular row of ``ranges.csv`` that covers it."""
    return [
        PriceRange(name=f"{table}/{owner}", low=found.number("low"), high=found.number("high"))
        for table, (column, whose) in PRICES.items()
        for owner in chosen.owners(table, whose)
        if (found := _range(chosen, *_priced_in(chosen, table, column, whose, owner))) is not None
    ]


def _priced_in(chosen: Chosen, table: str, column: str, whose: str, owner: str) -> tuple[str, str, str, str]:
    """Where an owner's price is stated: that of a plant that burns fuel is mostly the fuel's."""
    burns = table == "power_supplies" and owner in chosen.owners("fuels", "supply")
    return ("fuels", "price_USD_per_t", "supply", owner) if burns else (table, column, whose, owner)


def _range(chosen: Chosen, table: str, column: str, whose: str, owner: str) -> Row | None:
    worst = max(GRADES.index(r.text("grade")) for r in chosen.rows(table) if r.text(whose) == owner)
    rank = {owner: 2, "each": 1, "together": 0}
    fits = [
        r
        for r in chosen.rows("ranges")
        if (r.text("table"), r.text("column"), r.text("part"), r.text("change")) == (table, column, "year", "factor")
        and r.text("owner") in rank
        and worst >= GRADES.index(r.text("from_grade"))
    ]
    found = max(fits, key=lambda r: rank[r.text("owner")], default=None)
    if found is not None and not 0 < found.number("low") <= 1 <= found.number("high"):
        what = say("{low:g} to {high:g}", low=found.number("low"), high=found.number("high"))
        chosen.problems.append(
            Problem("bad-range", found.where, what, say("factors of a price: low above 0 and at most 1, high at least 1"))
        )
        return None
    return found


def _block(chosen: Chosen, r: Row, owner: str) -> dict[str, Any]:
    block = int(r.number("block"))
    levels = {level: r.number(f"{level}_USD_per_m3") for level in ("low", "central", "high")}
    return {"name": f"{owner}/{block}", "block": block, "width": r.number("width_fraction"), "value": levels["central"], **levels}


def _deliveries(chosen: Chosen, r: Row) -> list[DeliveryBlock]:
    """The row's block for every demand of its purpose, party and place."""
    wanted = (r.text("purpose"), r.text("party"), r.text("place"))
    named = [d.text("demand") for d in chosen.rows("demands") if (d.text("use"), d.text("party"), d.text("node")) == wanted]
    if not named:
        found = say("no demand for {use} of {party} at {node}", use=wanted[0], party=wanted[1], node=wanted[2])
        chosen.problems.append(Problem("values-nothing", r.where, found, say("use, party and node of a demand"), say("A typing slip?")))
    months = months_of(chosen, r)
    span = f"/{'-'.join(map(str, months))}" if months else ""
    return [DeliveryBlock(**_block(chosen, r, f"{name}{span}"), demand=name, months=months) for name in named]


def months_of(chosen: Chosen, r: Row) -> tuple[int, ...]:
    """Months that a row names, ``6 7 8``; none where it holds all year."""
    typed = r.text("months").replace(",", " ").split()
    wrong = [x for x in typed if not x.isdigit() or not 1 <= int(x) <= MONTHS_OF_A_YEAR]
    if wrong:
        allowed = say("numbers of months, 1 to 12, with spaces between")
        chosen.problems.append(Problem("bad-month", f"{r.where}, months", ", ".join(wrong), allowed))
        return ()
    return tuple(sorted({int(x) for x in typed}))


def _targets(chosen: Chosen, r: Row) -> list[TargetBlock]:
    """The row's block for every target of its place; a model that picks no targets values none."""
    rows = chosen.rows("targets")
    if r.text("months"):
        allowed = say("no months: a target has a window of its own")
        chosen.problems.append(Problem("bad-month", f"{r.where}, months", r.text("months"), allowed))
    named = [f"{x.text('target')}/{chosen.window(x)}" for x in rows if x.text("place") == r.text("place")]
    if rows and not named:
        found = say("no target at {place}", place=r.text("place"))
        chosen.problems.append(Problem("values-nothing", r.where, found, say("the place of a target"), say("A typing slip?")))
    return [TargetBlock(**_block(chosen, r, name), target=name, party=r.text("party")) for name in named]


def owned(chosen: Chosen, kind: str, known: set[str]) -> dict[str, str]:
    """Owners of the reservoirs or of the spills; a place that is none is a problem."""
    owners = {}
    for r in chosen.rows("owners"):
        if r.text("kind") == kind:
            owners[r.text("place")] = r.text("party")
            if r.text("place") not in known:
                where, allowed = f"{r.where}, place", say("a {kind} with a row of its own", kind=said_kind(kind))
                chosen.problems.append(Problem("owns-nothing", where, r.text("place"), allowed, slip(r.text("place"), known)))
    return owners
