"""Every input table: its columns, what may stand in them, what a row means. The docs' table reference is made from this."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from waterflow.loading.columns import CHOICES, Column, Table, column

__all__ = ["TABLES"]


def _table(
    name: str, meaning: str, columns: str, key: str, *, timed: bool = False, kind: str = "", yearly: Literal["", "rate", "volume"] = ""
) -> Table:
    made = [Column("kind", "choice", CHOICES[f"{kind}_kind"]) if text == "kind" else column(text) for text in columns.split()]
    days = [replace(c, kind="day") if yearly and c.kind == "date" else c for c in made]
    return Table(name, meaning, tuple(days), tuple(key.split()), timed, yearly)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table("nodes", "Places where water is balanced", "node kind name name_ru x y", "node", kind="node"),
        _table("map_places", "Where a place is on a map; no plan rests on it", "node ~longitude_degrees ~latitude_degrees", "node"),
        _table(
            "reaches",
            "Stretches of river and canal",
            "reach from_node to_node name ?name_ru travel_growing_days travel_non_growing_days",
            "reach",
        ),
        _table(
            "reach_losses",
            "Share of the water entering a reach that is lost, by cause, and what seeps away whatever flows",
            "reach evaporation_fraction seepage_fraction ?constant_loss_m3s",
            "reach",
            timed=True,
        ),
        _table("reach_capacities", "The most that can enter a reach", "reach capacity_flow", "reach", timed=True),
        _table(
            "reach_flows_before",
            "Water that entered a reach before the horizon",
            "series reach flow_Mm3",
            "series reach",
            timed=True,
        ),
        _table(
            "reach_costs",
            "What passing a reach costs a party, and the electricity that lifting its water takes of the party's power",
            "reach party cost_USD_per_m3 ?electricity_GWh_per_Mm3",
            "reach party",
            timed=True,
        ),
        _table(
            "flow_rules",
            "The most, or the least, that enters several reaches together; in a period without a row the rule does not hold",
            "series flow_rule rule reaches ?party ruled_flow",
            "series flow_rule rule",
            timed=True,
        ),
        _table(
            "outlet_capacities",
            "The most that can leave a reservoir by a reach at a storage; straight in between, and level above the last row",
            "reach storage_Mm3 capacity_m3s",
            "reach storage_Mm3",
        ),
        _table("spill_costs", "Price of water entering a reach, and whether it is a spillway", "reach ?spillway cost_USD_per_m3", "reach"),
        _table(
            "reservoirs",
            "Limits of storage and the area line of reservoirs and lakes; of an aquifer the share of its storage that flows out in a month",
            "reservoir full_storage_Mm3 lowest_storage_Mm3 dead_storage_Mm3 area_at_zero_km2 "
            "area_slope_km2_per_Mm3 runoff_net_of_evaporation ?outflow_fraction",
            "reservoir",
        ),
        _table(
            "areas",
            "Water area at a storage: a curve in place of the area line in `reservoirs`",
            "series reservoir storage_Mm3 area_km2",
            "series reservoir storage_Mm3",
        ),
        _table(
            "reservoir_seepage",
            "What seeps from a reservoir: a depth over its area, a share of what it holds in a month, and a volume, added up",
            "reservoir ?seepage_mm ?seepage_fraction ?seepage_Mm3",
            "reservoir",
            timed=True,
        ),
        _table(
            "recharges",
            "Where water comes to that seeps from a reach or a reservoir, or a share of what a user takes; what is in no row is lost",
            "kind origin to_node share_fraction",
            "kind origin to_node",
            kind="recharge",
        ),
        _table(
            "full_storages",
            "Full storage in place of that in `reservoirs`, of a dam made higher or lower",
            "series reservoir full_storage_Mm3",
            "series reservoir",
        ),
        _table("levels", "Water level at a storage", "reservoir storage_Mm3 ~level_m", "reservoir storage_Mm3"),
        _table("evaporation", "Depth evaporated from open water", "reservoir evaporation_mm", "reservoir", timed=True),
        _table("precipitation", "Depth of rain on the water", "reservoir precipitation_mm", "reservoir", timed=True),
        _table(
            "opening_storage",
            "Storage when the horizon starts",
            "series reservoir date storage_Mm3",
            "series reservoir",
        ),
        _table(
            "storage_rules",
            "Storage to be held or not passed at the start of a date; a wish may be missed",
            "series reservoir date rule storage_Mm3 ?wish",
            "series reservoir date rule",
            yearly="volume",
        ),
        _table(
            "held_values",
            "What water held at the end of a period is worth by the month, in falling blocks: million USD per Mm3 and month",
            "series reservoir ?months block width_Mm3 value_USD_per_m3",
            "series reservoir months block",
        ),
        _table(
            "balanced_reservoirs",
            "Reservoirs of a group that are to hold the same share of their active storage",
            "series group reservoir ?months",
            "series group reservoir months",
        ),
        _table(
            "operating_ranges",
            "Storage at the end of a month, and release in it, that operators have used; the least release is the sum of a volume "
            "and a share of the storage at the end",
            "series reservoir kind low_Mm3 high_Mm3 ?low_fraction",
            "series reservoir kind",
            timed=True,
            kind="range",
        ),
        _table(
            "storage_alarms",
            "Storages below which there is damage: million USD per Mm3 and month",
            "alarm reservoir party ?months storage_Mm3 damage_USD_per_m3 name ?name_ru",
            "alarm",
        ),
        _table(
            "flow_alarms",
            "Flows above which there is damage: million USD per Mm3",
            "alarm reach party ?months flow_m3s damage_USD_per_m3 name ?name_ru",
            "alarm",
        ),
        _table(
            "end_values",
            "What water left at the end is worth, in falling blocks",
            "series reservoir block width_Mm3 value_USD_per_m3",
            "series reservoir block",
        ),
        _table(
            "end_value_cuts",
            "Planes that no worth of the water left at the end exceeds: worth of all reservoirs at the storages of a plane's rows, and "
            "what one more Mm3 of each is worth there",
            "series cut reservoir storage_Mm3 ~value_USD_per_m3 ~worth_MUSD",
            "series cut reservoir",
        ),
        _table("runoff", "Natural inflow into a node; a loss if negative", "series node ~runoff_Mm3", "series node", timed=True),
        _table(
            "runoff_changes",
            "Runoff as a share of that of the chosen series; may exceed 1",
            "series node runoff_fraction",
            "series node",
            timed=True,
        ),
        _table("demands", "Users of water", "demand node party use limited name name_ru", "demand"),
        _table("needs", "Water asked for", "series demand need_Mm3", "series demand", timed=True),
        _table("canal_capacities", "The most a demand's canal can take", "demand capacity_flow", "demand"),
        _table(
            "return_flows",
            "Share of a delivery that comes back, and where",
            "demand to_node kernel return_fraction",
            "demand",
        ),
        _table("return_kernels", "When it comes back", "kernel lag_months share_fraction", "kernel lag_months"),
        _table(
            "withdrawals_before",
            "Withdrawals in the twelve months before the horizon",
            "series demand withdrawal_Mm3",
            "series demand",
            timed=True,
        ),
        _table("delivery_values", "What a delivery is worth in each period", "demand value_USD_per_m3", "demand", timed=True),
        _table(
            "values",
            "What deliveries, and flows to a target, are worth by party and place, in falling blocks",
            "series purpose party place ?months block width_fraction low_USD_per_m3 central_USD_per_m3 high_USD_per_m3",
            "series purpose party place months block",
        ),
        _table("owners", "Whose the water kept in a reservoir and the cost of a spill are", "kind place party", "kind place", kind="owner"),
        _table("limits", "ICWC limits by party and season", "series party season limit_Mm3", "series party season"),
        _table(
            "floors",
            "Minimum flows at the upper end of a reach",
            "series floor place reach start end floor_m3s",
            "series floor start",
            yearly="rate",
        ),
        _table(
            "targets",
            "Volumes to deliver past the upper end of a reach",
            "series target place reach start end target_Mm3",
            "series target start",
            yearly="volume",
        ),
        _table(
            "agreed_flows",
            "Volumes agreed to arrive at a node (reported, not enforced)",
            "series place start end agreed_Mm3",
            "series place start end",
            yearly="volume",
        ),
        _table(
            "known_flows",
            "Published plans and facts shown beside the model",
            "series place quantity start end kind value_Mm3",
            "series place quantity start end kind source value_Mm3",
            kind="known",
        ),
        _table(
            "threshold_shares",
            "Share due of what arrives above a threshold",
            "series share node reach party start end threshold_Mm3 share_fraction",
            "series share",
            yearly="volume",
        ),
        _table(
            "plants",
            "Hydropower plants",
            "plant reach party energy_rate_GWh_per_Mm3 turbine_capacity_flow name ?name_ru",
            "plant",
        ),
        _table(
            "plant_heads",
            "Plants whose energy follows the level of the reservoir above them",
            "series plant reservoir ~tailwater_level_m efficiency_fraction rated_head_m lowest_operating_Mm3",
            "series plant",
        ),
        _table(
            "plant_limits",
            "The most a plant can do between two dates: units under repair or renewed",
            "series plant start end most_power_MW turbine_capacity_flow",
            "series plant start",
            yearly="rate",
        ),
        _table("power_demand", "Power asked for", "series party demand_GWh", "series party", timed=True),
        _table(
            "power_supplies",
            "Power from other plants and imports",
            "series supply party kind line capacity_GWh must_run_GWh loss_fraction cost_USD_per_kWh",
            "series supply",
            timed=True,
            kind="supply",
        ),
        _table(
            "power_exports",
            "Power that can be sold",
            "series export party line capacity_GWh loss_fraction price_USD_per_kWh",
            "series export",
            timed=True,
        ),
        _table(
            "fuels",
            "Fuel a supply burns, added to its cost",
            "series supply fuel use_t_per_GWh price_USD_per_t",
            "series supply",
        ),
        _table(
            "unserved_blocks",
            "Slices of a demand and the cost of leaving them unserved",
            "party block demand_fraction cost_USD_per_kWh",
            "party block",
        ),
        _table(
            "power_values",
            "What hydropower is worth to a party without a power balance",
            "series party value_USD_per_kWh",
            "series party",
            timed=True,
        ),
        _table(
            "ranges",
            "How far rows of other tables may be off",
            "input table column owner part change low high from_grade name name_ru",
            "input table column owner part",
        ),
    )
}
