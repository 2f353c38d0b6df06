"""Beside the program: fields of a river that shape no program, and what follows from some fields alone."""

from __future__ import annotations

from typing import Any

__all__ = ["INFORMING", "KEPT"]

#: what needs no new program besides the givens: it only informs, is a coefficient that may change, or `structure` looks itself
INFORMING: dict[str, Any] = {
    "name": True,
    "title": True,
    "title_ru": True,
    "scenario": True,
    "reservoirs": {"lowest_storage": True, "full_storage": True, "dead_storage": True, "levels": True, "owner": True},
    "reaches": {"owner": True},
    "demands": {"title": True, "title_ru": True},
    "storage_alarms": {"party": True, "title": True, "title_ru": True},
    "flow_alarms": {"party": True, "title": True, "title_ru": True},
    "agreements": True,
    "plants": {"head": {"at"}},
    "delivery_values": True,
    "target_values": True,
    "price_ranges": True,
    "level": True,
    "agreed_flows": True,
    "known_flows": True,
    "grades": True,
    "changes": True,
    "questions": True,
    "asked_of": True,
    "notices": True,
}
#: what follows from some fields alone and is handed on when none of them changes
KEPT = {
    "paths": frozenset({"calendar", "nodes", "reaches"}),
    "entitlements": frozenset({"calendar", "parties", "demands", "limits"}),
    "demand_claims": frozenset({"calendar", "objective", "demands"}),
    "claimed_water": frozenset({"calendar", "objective", "parties", "demands", "limits", "begun"}),
}
