"""Titles: how people call a row of the program and a given, in the language spoken. Labels, no sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import period_alone, period_in_words, window_in_words

__all__ = ["row_title", "when_in_words"]

#: how people call what a row says
ROWS = {
    "water_balance": mark("water at {place}"),
    "storage_held": mark("storage that must be there: {place}"),
    "storage_not_passed": mark("storage not to be passed: {place}"),
    "flows_not_passed": mark("flow together: {place}"),
    "flows_held": mark("flow together: {place}"),
    "outflow_within_outlet": mark("outlet at the storage there is: {place}"),
    "electricity_of_lift": mark("electricity of the lift: {place}"),
    "withdrawals_within_limit": mark("limit: {place}"),
    "claim_met": mark("what {place} may count on"),
    "floor_kept": mark("minimum flow: {place}"),
    "target_delivered": mark("target: {place}"),
    "share_passed_on": mark("share of the surplus: {place}"),
    "turbined_from_flow": mark("water at the turbines of {place}"),
    "turbined_within_head": mark("turbines at the head there is: {place}"),
    "unserved_within_block": mark("block of unserved power: {place}"),
    "power_floor_kept": mark("assured power: {place}"),
    "power_claim_met": mark("claimed power: {place}"),
    "end_value_backed": mark("water kept for later in {place}"),
    "held_value_backed": mark("water held in {place}"),
    "storage_wish_held": mark("storage wished for: {place}"),
    "storage_wish_not_passed": mark("storage wished for, at most: {place}"),
    "above_balance_counted": mark("above the balance: {place}"),
    "below_balance_counted": mark("below the balance: {place}"),
    "delivery_within_block": mark("block of value of a delivery: {place}"),
    "delivery_blocks_backed": mark("value of water delivered: {place}"),
    "target_within_block": mark("block of value of the flow: {place}"),
    "target_blocks_backed": mark("value of the flow: {place}"),
    "range_low_kept": mark("lower end of the operating range: {place}"),
    "range_high_kept": mark("upper end of the operating range: {place}"),
    "range_by_season": mark("operating range: {place}"),
    "storage_alarm_kept": mark("alarm, storage: {place}"),
    "flow_alarm_kept": mark("alarm, flow: {place}"),
    "energy_balance": mark("power of {place}"),
    "clause_kept": mark("clause: {place}"),
    "exchange_sold": mark("power owed under clauses by {place}"),
    "exchange_bought": mark("power due under clauses to {place}"),
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
RULES = {"at_least": mark("at least"), "at_most": mark("at most")}


def when_in_words(label: str) -> str:
    """A period or a window."""
    return window_in_words(label) if "/" in label else period_in_words(label)


def _owner(basin: Basin, member: str) -> str:
    """Whose a row is: the place, party or clause of a part that has a name of its own."""
    named = (
        (basin.floors, "place"),
        (basin.threshold_shares, "node"),
        (basin.unserved_blocks, "party"),
        (basin.power_claims, "party"),
        (basin.clause_rows, "clause"),
    )
    return str(next((getattr(parts[member], field) for parts, field in named if member in parts), member.split("/")[0]))


def _days_in_words(days: list[str]) -> Iterable[str]:
    return [window_in_words("/".join(days))] if len(days) > 1 else [say("on {date}", date=day) for day in days]


def _part_in_words(part: str) -> str:
    """A rule, a block by its number, or a period."""
    if part in RULES:
        return say(RULES[part])
    return say("block {number}", number=part) if part.isdigit() else period_alone(part)


def row_title(basin: Basin, equation: str, index: tuple[str, ...]) -> str:
    """What a row says and of whom, in words."""
    member, *time = index
    owner, parts = _owner(basin, member), re.split("[/+]", member)[1:]
    days = [x for x in parts if DAY.match(x)]
    own = [x for x in parts if x not in days and x != owner]
    sentence = ROWS.get(equation)
    place = called(basin, owner)
    words = say(sentence, place=place) if sentence else f"{equation}: {place}"
    said = [words, *map(_part_in_words, own), *(map(when_in_words, time) if time else _days_in_words(days))]
    return ", ".join(said)
