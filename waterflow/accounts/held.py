"""Storages wished for beside those of the plan, and where reservoirs of a group are out of balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from waterflow.accounts.held_facts import OutOfBalance, WishedStorage
from waterflow.accounts.plan import Plan

__all__ = ["out_of_balance", "wished_storages"]

#: a difference of shares below which reservoirs are in balance
SMALL = 1e-3


def wished_storages(plan: Plan) -> tuple[WishedStorage, ...]:
    """Every storage wished for on a date, Mm3; what is missed is worked out from the storages alone."""
    found = []
    for x in sorted(plan.basin.storage_wishes.values(), key=lambda x: (*plan.order(x.reservoir), x.period, x.name)):
        date = plan.basin.calendar.periods[x.period].end + dt.timedelta(days=1)
        stored = float(plan.series("storage", x.reservoir)[x.period])
        missed = max(0.0, x.storage - stored if x.rule == "at_least" else stored - x.storage)
        found.append(
            WishedStorage(place=x.reservoir, date=str(date), rule=x.rule, wished_Mm3=x.storage, modelled_Mm3=stored, missed_Mm3=missed)
        )
    return tuple(found)


def out_of_balance(plan: Plan) -> tuple[OutOfBalance, ...]:
    """Every period after which the shares of a group differ, each share of a reservoir's storage between lowest and full."""
    return tuple(fact for group in plan.basin.balance_groups for fact in _of_group(plan, group))


def _of_group(plan: Plan, group: str) -> Iterator[OutOfBalance]:
    basin = plan.basin
    members = [x for x in basin.balanced_reservoirs.values() if x.group == group]
    stored = {x.reservoir: plan.series("storage", x.reservoir) for x in members}
    for k, period in enumerate(basin.calendar.periods):
        shares = {}
        for name in (x.reservoir for x in members if x.counts(period.month)):
            r = basin.reservoirs[name]
            shares[name] = (float(stored[name][k]) - r.lowest_storage) / r.active_storage
        if not shares:
            continue
        emptiest, fullest = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
        if shares[fullest] - shares[emptiest] > SMALL:
            yield OutOfBalance(
                group=group,
                period=period.label,
                emptiest=emptiest,
                least_share=shares[emptiest],
                fullest=fullest,
                largest_share=shares[fullest],
            )
