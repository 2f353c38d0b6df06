"""What reports call the fixed things of every river: seasons, uses, terms, grades, quantities, tables, senses."""

from __future__ import annotations

from collections.abc import Mapping

from waterflow.words.catalogue import mark, say, say_of

__all__ = [
    "estimate",
    "grade",
    "party_called",
    "quantity_called",
    "rule",
    "season",
    "sense",
    "stage_called",
    "table_called",
    "term",
    "use",
]

USES = {
    "irrigation": mark("irrigation"),
    "drinking": mark("drinking water"),
    "industry": mark("industry"),
    "environment": mark("lakes and wetlands"),
    "unexplained": mark("unexplained balance"),
}
#: terms of a payoff
TERMS = USES | {
    "targets": mark("flow to targets"),
    "river_power": mark("power of river plants"),
    "exports": mark("power sold"),
    "imports": mark("power bought"),
    "thermal": mark("thermal power"),
    "other_hydropower": mark("other hydropower"),
    "unserved": mark("power unserved"),
    "end_storage": mark("water kept for later"),
    "held_storage": mark("water held in reservoirs"),
    "spills": mark("spills"),
    "conveyance": mark("costs of lifts and canals"),
    "lifting": mark("electricity of lifts"),
    "alarms": mark("damage at alarms"),
    "payoff": mark("payoff"),
}
GRADES = {
    "official": mark("official"),
    "observed": mark("observed"),
    "published": mark("published"),
    "press": mark("press"),
    "derived": mark("derived"),
    "assumed": mark("assumed"),
    "unverified": mark("unverified"),
}
QUANTITIES = {
    "arriving": mark("arriving"),
    "release": mark("release"),
    "storage": mark("storage"),
    "target": mark("target"),
    "flow": mark("flow"),
    "fulfilled": mark("fulfilled"),
    "inflow": mark("inflow"),
    "runoff": mark("runoff"),
    "spill": mark("spill"),
    "withdrawal": mark("withdrawal"),
}
TABLES = {
    "areas": mark("water areas of reservoirs"),
    "canal_capacities": mark("canal capacities"),
    "delivery_values": mark("values of deliveries by period"),
    "demands": mark("users of water"),
    "end_value_cuts": mark("planes of the worth of kept water"),
    "end_values": mark("values of kept water"),
    "evaporation": mark("evaporation"),
    "floors": mark("floors"),
    "flow_alarms": mark("flows that do damage"),
    "flow_rules": mark("rules for several reaches together"),
    "fuels": mark("fuels"),
    "held_values": mark("values of held water"),
    "balanced_reservoirs": mark("reservoirs in balance"),
    "full_storages": mark("full storages"),
    "levels": mark("levels of reservoirs"),
    "limits": mark("limits"),
    "needs": mark("needs"),
    "nodes": mark("places of the drawing"),
    "opening_storage": mark("opening storage"),
    "operating_ranges": mark("operating ranges"),
    "outlet_capacities": mark("outlets by storage"),
    "owners": mark("owners of kept water and spills"),
    "plant_heads": mark("heads of plants"),
    "plant_limits": mark("limits of plants"),
    "plants": mark("plants"),
    "power_demand": mark("power demand"),
    "power_exports": mark("power exports"),
    "power_supplies": mark("power supplies"),
    "power_values": mark("values of power"),
    "precipitation": mark("precipitation"),
    "reach_capacities": mark("capacities of reaches"),
    "reach_costs": mark("costs and electricity of reaches"),
    "reach_flows_before": mark("flows before the season"),
    "reach_losses": mark("losses of reaches"),
    "recharges": mark("where seepage comes to"),
    "reservoir_seepage": mark("seepage of reservoirs"),
    "reaches": mark("reaches and travel times"),
    "reservoirs": mark("reservoirs"),
    "return_flows": mark("return flows"),
    "return_kernels": mark("delays of return flows"),
    "runoff": mark("runoff"),
    "runoff_changes": mark("changes of runoff"),
    "spill_costs": mark("costs of spills"),
    "storage_alarms": mark("storages that do damage"),
    "storage_rules": mark("agreed storages"),
    "targets": mark("targets"),
    "threshold_shares": mark("shares of a surplus"),
    "unserved_blocks": mark("costs of unserved power"),
    "values": mark("values of water"),
    "withdrawals_before": mark("withdrawals before the season"),
}
#: stages that belong to no priority
STAGES = {
    "benefit": mark("sum of benefits"),
    "straightest": mark("no water in circles"),
    "smoothest": mark("steady releases"),
    "unique": mark("one plan among equals"),
}
SENSES = {"minimise": mark("minimise"), "maximise": mark("maximise")}
RULES = {"at_least": mark("at least"), "at_most": mark("at most")}


def season(name: str) -> str:
    """A season: ``growing``, ``non-growing``."""
    return say_of("season", "growing") if name == "growing" else say_of("season", "non-growing")


def use(name: str) -> str:
    """What a user takes water for."""
    return say(USES.get(name, name))


def term(name: str) -> str:
    """A term of a payoff."""
    return say(TERMS.get(name, name))


def estimate(name: str) -> str:
    """What a forecast is: low, mean or high; or the norm it is held against."""
    called = {
        "norm": say_of("estimate", "norm"),
        "low": say_of("estimate", "low"),
        "mean": say_of("estimate", "mean"),
        "high": say_of("estimate", "high"),
    }
    return called[name]


def grade(name: str) -> str:
    """How sure a row of input is."""
    return say(GRADES.get(name, name))


def quantity_called(name: str) -> str:
    """What is counted at a place."""
    return say(QUANTITIES.get(name, name))


def stage_called(name: str, titles: Mapping[str, str]) -> str:
    """A stage by the title of its priority: ``limits``, ``limits/2`` (a further round), ``limits/even`` (spread over a season)."""
    priority, *parts = name.split("/")
    title = titles.get(priority) or say(STAGES.get(priority, priority))
    turn = parts.pop() if parts and parts[-1].isdigit() else ""
    about = {"priority": title, "round": turn}
    if parts:
        return say("{priority} (evenly, round {round})", **about) if turn else say("{priority} (evenly)", priority=title)
    return say("{priority} (round {round})", **about) if turn else title


def table_called(name: str) -> str:
    """A table of inputs."""
    return say(TABLES.get(name, name.replace("_", " ")))


def sense(name: str) -> str:
    """What a stage does with its value."""
    return say(SENSES.get(name, name))


def rule(name: str) -> str:
    """On which side of its figure a rule holds."""
    return say(RULES[name])


def party_called(name: str | None) -> str:
    """A party by its code; what belongs to none says so."""
    return say("no party") if name in (None, "", "no_party") else str(name)
