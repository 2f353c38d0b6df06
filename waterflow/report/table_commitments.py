"""Sections of the table about what was promised: targets, floors, limits, flows, agreed storages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from waterflow.report.grades import resting_on
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, numbers, per_cent, places

__all__ = ["floors", "inflows", "limits", "other_known", "storages", "targets"]

Facts = dict[str, Any]
SEASONS = {"growing": "growing", "non_growing": "non-growing"}


def _column(rows: Iterable[Facts], key: str) -> list[str]:
    return numbers([row[key] for row in rows])


def _title(facts: Facts, place: str) -> str:
    return str(facts["titles"].get(place, place))


def targets(facts: Facts) -> Iterator[str]:
    """Delivered against target in each window, and what holds it back."""
    rows = facts["targets"]
    if not rows:
        return
    named = ", ".join(dict.fromkeys(_title(facts, row["place"]) for row in rows))
    yield heading(f"{named}: delivered against target, with published plans and facts, Mm3")
    keys = ("target_Mm3", "delivered_Mm3", "shortfall_Mm3")
    decimals = places([row[key] for row in rows for key in keys])
    figures = [[number(row[key], decimals) for row in rows] for key in keys]
    plans = [_published(facts, row, "plan") for row in rows]
    seen = [_published(facts, row, "fact") for row in rows]
    body = [
        [_title(facts, row["place"]), window_in_words(row["window"]), *cells, per_cent(row["delivered_Mm3"], row["target_Mm3"])]
        for row, *cells in zip(rows, *figures, plans, seen, strict=True)
    ]
    head = ["place", "window", "target", "delivered", "shortfall", "plans", "facts", "of target"]
    yield columns(head, body, 2)
    yield from resting_on(facts, "targets", "runoff", "needs")
    yield from _held_back(facts)


def _published(facts: Facts, row: Facts, kind: str) -> str:
    """Published plans or facts of a target's window; the figures of several sources side by side."""
    key = (row["place"], row["window"], kind, "target")
    found = [x["value_Mm3"] for x in facts["known_flows"] if (x["place"], x["window"], x["kind"], x["quantity"]) == key]
    return "; ".join(number(v) for v in dict.fromkeys(found)) or "-"


def _held_back(facts: Facts) -> Iterator[str]:
    same: dict[tuple[str, ...], list[Facts]] = {}
    for item in facts["holds_back"]:
        same.setdefault(tuple(w for w in item["words"] if not w.startswith("Same priority")), []).append(item)
    for words, items in same.items():
        where = "; ".join(f"{_title(facts, x['place'])}, {window_in_words(x['window'])}" for x in items)
        if words == ("met",):
            yield paragraph(f"Met: {where}.")
            continue
        yield paragraph(f"What holds back {where}:")
        said = words if len(items) > 1 else items[0]["words"]
        yield from (paragraph(f"- {word}", "  ", "  ") for word in said)
    if any(item["effects"] for item in facts["holds_back"]):
        yield paragraph(
            "These are effects of one unit at the margin, on all windows short together; one unit can bring more "
            "than one Mm3 where it saves losses on the way.",
            "  ",
        )


def floors(facts: Facts) -> Iterator[str]:
    """Minimum flows and the lowest flow of the plan."""
    rows = facts["floors"]
    if not rows:
        return
    yield heading("Minimum flows, m3/s")
    body = []
    for row, floor, lowest in zip(rows, _column(rows, "floor_m3s"), _column(rows, "lowest_m3s"), strict=True):
        where = (row["place"], row["window"])
        missed = [period_in_words(x["period"]) for x in facts["floor_shortfalls"] if (x["place"], x["window"]) == where]
        said = "kept" if not missed else f"missed in {len(missed)}, from {missed[0]}"
        body.append([_title(facts, row["place"]), window_in_words(row["window"]), floor, lowest, said])
    yield columns(["place", "window", "floor", "lowest", "periods"], body, 2)
    yield from resting_on(facts, "floors")


def limits(facts: Facts) -> Iterator[str]:
    """What limited users ask for and get beside the limit, by season and party, with the season's sum."""
    rows = [x for x in facts["accounts"] if x["limit_Mm3"] is not None]
    if not rows:
        return
    yield heading("Limits and deliveries of limited users by party and season, Mm3")
    body = []
    keys = ("limit_Mm3", "need_under_limit_Mm3", "delivered_under_limit_Mm3")
    for window, members in groupby(rows, key=lambda row: row["window"]):
        group = list(members)
        sums = [sum(row[k] for row in group) for k in keys]
        for party, (limit, need, taken) in [*((row["party"], [row[k] for k in keys]) for row in group), ("all", sums)]:
            shares = [per_cent(taken, limit), per_cent(taken, need)]
            said = [number(limit), number(need), number(taken), *shares]
            body.append([SEASONS[group[0]["season"]], window_in_words(window), party, *said])
    yield columns(["season", "window", "party", "limit", "asked for", "delivered", "of limit", "of asked"], body, 3)
    yield from resting_on(facts, "limits", "needs")


def _beside(facts: Facts, rows: list[Facts], agreed: Callable[[Facts], float | None] | None) -> str:
    """One line for each place, quantity and window: modelled, agreed, plans and facts."""
    same: dict[tuple[str, str, str], list[Facts]] = {}
    for row in rows:
        same.setdefault((row["place"], row["quantity"], row["window"]), []).append(row)
    body = []
    for (place, quantity, window), group in same.items():
        found = {
            k: "; ".join(number(v) for v in dict.fromkeys(x["value_Mm3"] for x in group if x["kind"] == k)) or "-" for k in ("plan", "fact")
        }
        promised = agreed(group[0]) if agreed else None
        cells = [number(promised), _more(group[0]["modelled_Mm3"], promised)] if agreed else [quantity]
        line = [_title(facts, place), window_in_words(window), number(group[0]["modelled_Mm3"]), *cells, found["plan"], found["fact"]]
        body.append(line)
    named = ["agreed", "difference"] if agreed else ["quantity"]
    return columns(["place", "window or date", "modelled", *named, "plans", "facts"], body, 2)


def _more(value: float, than: float | None) -> str:
    """How much more than something, with its sign."""
    if than is None:
        return "-"
    said = number(abs(value - than))
    return said if said == "0" else f"{'+' if value > than else '-'}{said}"


def inflows(facts: Facts) -> Iterator[str]:
    """Inflow at the agreed places: modelled beside agreed, published plan and fact."""
    agreed = {(x["place"], x["window"]): x for x in facts["agreed_flows"]}
    if not agreed:
        return
    named = {place for place, _ in agreed}
    known = [x for x in facts["known_flows"] if x["quantity"] == "arriving" and x["place"] in named]
    rows = [{**x, "quantity": "arriving", "kind": "", "value_Mm3": None} for x in agreed.values()] + known
    yield heading("Inflow at agreed places: modelled beside agreed, published plans and facts, Mm3")
    yield _beside(facts, rows, lambda x: agreed.get((x["place"], x["window"]), {}).get("agreed_Mm3"))
    yield paragraph("Agreed and published flows are shown beside the plan; they never steer it. Sources: --format json.")


def other_known(facts: Facts) -> Iterator[str]:
    """Published storages, releases and other inflows beside the plan; openings are inputs and not repeated."""
    named = {x["place"] for x in facts["agreed_flows"]}
    opening = facts["horizon"].split("/")[0]
    shown = {(x["place"], x["window"]) for x in facts["targets"]}
    rows = [
        x
        for x in facts["known_flows"]
        if not (x["quantity"] == "arriving" and x["place"] in named)
        and not (x["quantity"] == "storage" and x["window"].startswith(opening))
        and not (x["quantity"] == "target" and (x["place"], x["window"]) in shown)
    ]
    if rows:
        yield heading("Other published plans and facts beside the model, Mm3")
        yield _beside(facts, rows, None)


def storages(facts: Facts) -> Iterator[str]:
    """Agreed storages, shared surpluses and water still on its way."""
    if facts["storage_rules"]:
        yield heading("Agreed storages, Mm3")
        body = [
            [_title(facts, x["place"]), x["date"], x["rule"].replace("_", " "), number(x["agreed_Mm3"]), number(x["modelled_Mm3"])]
            for x in facts["storage_rules"]
        ]
        yield columns(["reservoir", "on", "rule", "agreed", "plan"], body, 3)
    for x in facts["threshold_shares"]:
        yield paragraph(
            f"Shared surplus at {_title(facts, x['place'])}, {window_in_words(x['window'])}: inflow {number(x['inflow_Mm3'])} Mm3 "
            f"against a threshold of {number(x['threshold_Mm3'])}; due to {x['party']} {number(x['due_Mm3'])}, "
            f"sent {number(x['delivered_Mm3'])} Mm3."
        )
