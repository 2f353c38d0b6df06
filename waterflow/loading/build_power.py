"""From rows to the power of parties: what they ask for, buy, burn, sell and leave unserved."""

from __future__ import annotations

from typing import Any

from waterflow.basin.energy import Export, PowerSystem, Supply, UnservedBlock
from waterflow.loading.series_choice import Chosen
from waterflow.loading.tables import Row

__all__ = ["power"]

#: what stands in the column ``line`` of a party's own plants
NO_LINE = "none"
#: fuel prices are per tonne and costs in million USD
USD_PER_MUSD = 1e6


def power(chosen: Chosen) -> dict[str, Any]:
    """Power systems of the parties that have one, and what hydropower is worth to the rest."""
    return {
        "power": _power_systems(chosen),
        "supplies": _supplies(chosen),
        "exports": _exports(chosen),
        "unserved_blocks": [
            UnservedBlock(
                name=f"{r.text('party')}_{int(r.number('block'))}",
                party=r.text("party"),
                demand_share=r.number("demand_fraction"),
                cost=r.number("cost_USD_per_kWh"),
            )
            for r in chosen.rows("unserved_blocks")
            # without a demand nothing can stay unserved: `notices` tells that
            if r.text("party") in chosen.owners("power_demand", "party")
        ],
    }


def _power_systems(chosen: Chosen) -> dict[str, PowerSystem]:
    """A demand, or a value of hydropower, by party."""
    asking, valued = chosen.owners("power_demand", "party"), chosen.owners("power_values", "party")
    return {
        party: PowerSystem(
            party=party,
            demand=chosen.timed("power_demand", "demand_GWh", "party", party) if party in asking else (),
            value=chosen.timed("power_values", "value_USD_per_kWh", "party", party, default=0.0),
        )
        for party in sorted({*asking, *valued})
    }


def _supplies(chosen: Chosen) -> list[Supply]:
    """Other plants and imports; what their fuel costs is added to their other cost."""
    rows = {r.text("supply"): r for r in chosen.rows("power_supplies")}
    for row in chosen.rows("fuels"):
        chosen.known(row, "supply", set(rows))
    fuels = {r.text("supply"): r for r in chosen.rows("fuels")}
    return [_supply(chosen, name, r, fuels.get(name)) for name, r in rows.items()]


def _supply(chosen: Chosen, name: str, r: Row, fuel: Row | None) -> Supply:
    use = fuel.number("use_t_per_GWh") if fuel else 0.0
    burnt = use * fuel.number("price_USD_per_t") / USD_PER_MUSD if fuel else 0.0
    cost = chosen.timed("power_supplies", "cost_USD_per_kWh", "supply", name)
    return Supply(
        name=name,
        party=r.text("party"),
        kind=r.text("kind"),
        line=_line(r),
        capacity=chosen.timed("power_supplies", "capacity_GWh", "supply", name),
        must_run=chosen.timed("power_supplies", "must_run_GWh", "supply", name),
        loss=chosen.timed("power_supplies", "loss_fraction", "supply", name),
        cost=tuple(c + burnt for c in cost),
        fuel=fuel.text("fuel") if fuel else "",
        fuel_use=use,
    )


def _exports(chosen: Chosen) -> list[Export]:
    """What can be sold, by line."""
    return [
        Export(
            name=name,
            party=r.text("party"),
            line=_line(r),
            capacity=chosen.timed("power_exports", "capacity_GWh", "export", name),
            loss=chosen.timed("power_exports", "loss_fraction", "export", name),
            price=chosen.timed("power_exports", "price_USD_per_kWh", "export", name),
        )
        for name, r in {r.text("export"): r for r in chosen.rows("power_exports")}.items()
    ]


def _line(row: Row) -> str:
    line = row.text("line")
    return "" if line == NO_LINE else line
