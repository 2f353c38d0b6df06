"""What reports call the fixed things of every river: seasons, uses, terms, grades, quantities, tables, senses."""

from __future__ import annotations

from waterflow.words.catalogue import mark, say, say_of

__all__ = ["estimate", "grade", "party_called", "quantity_called", "rule", "season", "sense", "table_called", "term", "use"]

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
    "spills": mark("spills"),
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
    "spill": mark("spill"),
    "withdrawal": mark("withdrawal"),
}
TABLES = {
    "canal_capacities": mark("canal capacities"),
    "end_values": mark("values of kept water"),
    "evaporation": mark("evaporation"),
    "floors": mark("floors"),
    "limits": mark("limits"),
    "needs": mark("needs"),
    "opening_storage": mark("opening storage"),
    "plants": mark("plants"),
    "power_demand": mark("power demand"),
    "power_exports": mark("power exports"),
    "power_supplies": mark("power supplies"),
    "runoff": mark("runoff"),
    "storage_rules": mark("agreed storages"),
    "targets": mark("targets"),
    "unserved_blocks": mark("costs of unserved power"),
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
