"""From rows to alarms: storages below which, and flows above which, there is damage."""

from __future__ import annotations

from typing import Any

from waterflow.basin.alarms import FlowAlarm, StorageAlarm
from waterflow.loading.build_values import months_of
from waterflow.loading.series_choice import Chosen
from waterflow.loading.tables import Row

__all__ = ["alarms"]


def _common(chosen: Chosen, r: Row) -> dict[str, Any]:
    return {
        "name": r.text("alarm"),
        "party": r.text("party"),
        "title": r.text("name"),
        "title_ru": r.text("name_ru"),
        "months": months_of(chosen, r),
        "damage": r.number("damage_USD_per_m3"),
    }


def alarms(chosen: Chosen) -> dict[str, Any]:
    """Alarms of storages and of flows, by the field of the basin that holds them."""
    low, high = chosen.rows("storage_alarms"), chosen.rows("flow_alarms")
    return {
        "storage_alarms": [StorageAlarm(**_common(chosen, r), reservoir=r.text("reservoir"), storage=r.number("storage_Mm3")) for r in low],
        "flow_alarms": [FlowAlarm(**_common(chosen, r), reach=r.text("reach"), flow=r.number("flow_m3s")) for r in high],
    }
