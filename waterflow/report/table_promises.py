"""Sections of the table about what was promised: targets, floors, limits, flows, agreed storages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from waterflow.report.text import columns, heading, number, numbers, paragraph, per_cent, period_in_words, window_in_words

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
    yield heading(f"{named}: delivered against target, Mm3")
    figures = [_column(rows, key) for key in ("target_Mm3", "delivered_Mm3", "shortfall_Mm3")]
    plans = [_published(facts, row, "plan") for row in rows]
    seen = [_published(facts, row, "fact") for row in rows]
    body = [
        [_title(facts, row["place"]), window_in_words(row["window"]), *cells, per_cent(row["delivered_Mm3"], row["target_Mm3"])]
        for row, *cells in zip(rows, *figures, plans, seen, strict=True)
    ]
    head = ["place", "window", "target", "delivered", "shortfall", "published plan", "published fact", "delivered"]
    yield columns(head, body, 2)
    yield from _held_back(facts)


def _published(facts: Facts, row: Facts, kind: str) -> str:
    """Published plans or facts of a target's window; the figures of several sources side by side."""
    key = (row["place"], row["window"], kind, "target")
    found = [x["value_Mm3"] for x in facts["known_flows"] if (x["place"], x["window"], x["kind"], x["quantity"]) == key]
    return "; ".join(number(v) for v in dict.fromkeys(found)) or "-"


def _held_back(facts: Facts) -> Iterator[str]:
    same: dict[tuple[str, ...], list[str]] = {}
    for item in facts["holds_back"]:
        shared = [word for word in item["words"] if not word.startswith("Shares its priority")]
        where = f"{_title(facts, item['place'])}, {window_in_words(item['window'])}"
        same.setdefault(tuple(shared), []).append(where)
    for words, where in same.items():
        if words == ("met",):
            yield paragraph(f"Met: {'; '.join(where)}.")
            continue
        yield paragraph(f"What holds back {'; '.join(where)}:")
        yield from (paragraph(f"- {word}", "  ", "  ") for word in words)
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


def limits(facts: Facts) -> Iterator[str]:
    """Limits and deliveries by season and party, with the season's sum."""
    rows = facts["limits"]
    if not rows:
        return
    yield heading("Limits and deliveries of limited users by party and season, Mm3")
    ordered = [x for s in dict.fromkeys(s["season"] for s in facts["seasons"]) for x in rows if x["season"] == s]
    body = []
    for season, members in groupby(ordered, key=lambda row: row["season"]):
        group = list(members)
        together = {k: sum(row[k] for row in group) for k in ("limit_Mm3", "delivered_Mm3")}
        for party, row in [*((row["party"], row) for row in group), ("all", together)]:
            limit, taken = row["limit_Mm3"], row["delivered_Mm3"]
            body.append([SEASONS[season], party, number(limit), number(taken), number(limit - taken), per_cent(taken, limit)])
    yield columns(["season", "party", "limit", "delivered", "left", "of limit"], body, 2)
    yield paragraph("A limit is a ceiling; where less is delivered, see what the users asked for under Users of water.")


def _beside(facts: Facts, rows: list[Facts], agreed: Callable[[Facts], str] | None) -> str:
    """One line for each place, quantity and window: modelled, agreed, plans and facts."""
    same: dict[tuple[str, str, str], list[Facts]] = {}
    for row in rows:
        same.setdefault((row["place"], row["quantity"], row["window"]), []).append(row)
    body = []
    for (place, quantity, window), group in same.items():
        found = {k: "; ".join(number(v) for v in dict.fromkeys(x["value_Mm3"] for x in group if x["kind"] == k)) or "-" for k in ("plan", "fact")}
        cells = [agreed(group[0])] if agreed else [quantity]
        line = [_title(facts, place), window_in_words(window), number(group[0]["modelled_Mm3"]), *cells, found["plan"], found["fact"]]
        body.append(line)
    head = ["place", "window or date", "modelled", "agreed" if agreed else "quantity", "published plan", "published fact"]
    return columns(head, body, 2)


def inflows(facts: Facts) -> Iterator[str]:
    """Inflow at the agreed places: modelled beside agreed, published plan and fact."""
    agreed = {(x["place"], x["window"]): x for x in facts["agreed_flows"]}
    if not agreed:
        return
    places = {place for place, _ in agreed}
    known = [x for x in facts["known_flows"] if x["quantity"] == "arriving" and x["place"] in places]
    rows = [{**x, "quantity": "arriving", "kind": "", "value_Mm3": None} for x in agreed.values()] + known
    yield heading("Inflow at agreed places: modelled beside agreed and published, Mm3")
    yield _beside(facts, rows, lambda x: number(agreed.get((x["place"], x["window"]), {}).get("agreed_Mm3")))
    yield paragraph("Agreed and published flows are shown beside the plan; they never steer it. Sources: --format json.")


def other_known(facts: Facts) -> Iterator[str]:
    """Published storages, releases and other inflows beside the plan."""
    places = {x["place"] for x in facts["agreed_flows"]}
    shown = {(x["place"], x["window"]) for x in facts["targets"]}
    rows = [
        x
        for x in facts["known_flows"]
        if not (x["quantity"] == "arriving" and x["place"] in places)
        and not (x["quantity"] == "target" and (x["place"], x["window"]) in shown)
    ]
    if rows:
        yield heading("Other published figures beside the plan, Mm3")
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
