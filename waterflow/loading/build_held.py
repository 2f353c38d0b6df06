"""From rows to what is wished and worth of storages inside the horizon."""

from __future__ import annotations

from collections import Counter
from typing import Any

from waterflow.basin.held import BalancedReservoir, HeldValue, StorageWish
from waterflow.errors import Problem
from waterflow.loading.build_reservoirs import on_dates
from waterflow.loading.build_values import months_of
from waterflow.loading.series_choice import Chosen
from waterflow.words.catalogue import say

__all__ = ["held"]

MONTHS = range(1, 13)


def held(chosen: Chosen) -> dict[str, Any]:
    """Storage wishes, values of water held and reservoirs in balance, by the field of the basin that holds them."""
    return {
        "storage_wishes": [StorageWish(**fields) for fields in on_dates(chosen, wishes=True)],
        "held_values": _values(chosen),
        "balanced_reservoirs": _balances(chosen),
    }


def _called(name: str, months: tuple[int, ...]) -> str:
    return f"{name}/{'-'.join(map(str, months))}" if months else name


def _values(chosen: Chosen) -> list[HeldValue]:
    """Blocks of value; in every month they must fall from block to block."""
    made = []
    for r in sorted(chosen.rows("held_values"), key=lambda row: (row.text("reservoir"), row.number("block"))):
        reservoir, block, months = r.text("reservoir"), int(r.number("block")), months_of(chosen, r)
        value = r.number("value_USD_per_m3")
        name = _called(f"{reservoir}/{block}", months)
        made.append(HeldValue(name=name, reservoir=reservoir, block=block, width=r.number("width_Mm3"), value=value, months=months))
        for month in MONTHS:
            own = [x for x in made if x.reservoir == reservoir and x.counts(month)]
            if len(own) > 1 and made[-1].counts(month) and own[-1].value > own[-2].value:
                allowed = say("at most {most:g}, the block before", most=own[-2].value)
                chosen.problems.append(Problem("rising-value", f"{r.where}, value_USD_per_m3", f"{value:g}", allowed))
                break
    return made


def _balances(chosen: Chosen) -> list[BalancedReservoir]:
    """Reservoirs of a group; one alone is in balance with nothing, and one without active storage has no share to hold."""
    made = []
    rows = chosen.rows("balanced_reservoirs")
    limits = {r.text("reservoir"): r for r in chosen.rows("reservoirs")}
    raised = {r.text("reservoir"): r.number("full_storage_Mm3") for r in chosen.rows("full_storages")}
    members = Counter(group for group, _ in {(r.text("group"), r.text("reservoir")) for r in rows})
    for r in rows:
        group, reservoir, months = r.text("group"), r.text("reservoir"), months_of(chosen, r)
        made.append(BalancedReservoir(name=_called(f"{group}/{reservoir}", months), group=group, reservoir=reservoir, months=months))
        if members[group] == 1:
            chosen.problems.append(
                Problem(
                    "missing-rows", f"{r.where}, group", say("{group} alone", group=reservoir), say("two reservoirs or more in a group")
                )
            )
        limit = limits.get(reservoir)
        if limit and raised.get(reservoir, limit.number("full_storage_Mm3")) <= limit.number("lowest_storage_Mm3"):
            found, allowed = say("{name}, whose full storage is its lowest", name=reservoir), say("a reservoir with active storage")
            chosen.problems.append(Problem("storage-limits", f"{r.where}, reservoir", found, allowed))
    return made
