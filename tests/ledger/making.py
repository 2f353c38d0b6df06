"""Ledgers for tests: a plan worked out by hand, facts typed by the line; every number is invented."""

from __future__ import annotations

from waterflow.ledger.files import ledger_bytes
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.rows import BEGINNING, chained, rows_of

TYPED = "2025-05-01T00:00:00+00:00"
#: 10 Mm3 a day pass the dam, which two days later and less a tenth come to the lake; a canal on the way takes 1 Mm3 a day
MONTHS = {"2025-04": 30, "2025-05": 31}


def plan(name="by hand", step="month", days=2, kept=0.9, figure=500.0):
    """Rows of a plan: a dam that lets 10 Mm3 a day go, a canal that takes 1 a day, a lake to which 8 a day come."""

    def series(place, quantity, a_day):
        values = {label: a_day * count for label, count in MONTHS.items()}
        return {"kind": "plan", "plan": name, "place": place, "quantity": quantity, "unit": "Mm3", "values": values}

    def place(name_, sort, party, title):
        return {"kind": "place", "plan": name, "place": name_, "sort": sort, "title": title, "title_ru": "", "party": party}

    storage = {"2025-03-31": 1000.0, "2025-04": 1000.0 - 300.0, "2025-05": 1000.0 - 610.0}
    season = {"model": "by_hand", "scenario": "", "title": "By hand", "title_ru": "", "inputs": "", "start": "2025-04-01"}
    clause = {"clause": "to_lake", "title": "Water for the lake", "title_ru": "", "window": "2025-04-01/2025-05-31", "rule": "at_least"}
    clause |= {"unit": "Mm3", "figure": figure, "planned": 488.0, "giver": "UP", "receivers": ["DOWN"], "counts": [["inflow", "lake"]]}
    energy = {
        "clause": "power",
        "title": "Power back",
        "title_ru": "",
        "window": "2025-05-01/2025-05-31",
        "rule": "at_least",
        "unit": "GWh",
    }
    energy |= {"figure": 62.0, "planned": 62.0, "giver": "DOWN", "receivers": ["UP"], "counts": []}
    return [
        {"kind": "season", "plan": name, **season, "end": "2025-05-31", "step": step, "parties": ["UP", "DOWN"]},
        place("dam", "reservoir", "UP", "The dam"),
        place("canal", "demand", "DOWN", "The canal"),
        place("lake", "node", "", "The lake"),
        series("dam", "release", 10.0),
        {**series("dam", "storage", 0.0), "values": storage},
        series("canal", "withdrawal", 1.0),
        series("lake", "inflow", 8.0),
        {"kind": "way", "plan": name, "place": "dam", "to": "lake", "reaches": ["river"], "days": days, "kept": kept,
         "users": {"canal": {"days": 1, "kept": 1.0}}},
        {"kind": "clause", "plan": name, "place": "to_lake", **clause},
        {"kind": "clause", "plan": name, "place": "power", **energy},
        {"kind": "limit", "plan": name, "party": "DOWN", "window": "2025-04-01/2025-05-31", "Mm3": 122.0, "users": ["canal"]},
    ]  # fmt: skip


def fact(place, quantity, period, value, unit="Mm3", source="office", kind="fact", **more):
    """What a row of a fact says."""
    said = {"kind": kind, "place": place, "quantity": quantity, "period": period, "value": float(value), "unit": unit}
    return said | {"source": source, "grade": "assumed"} | more


def ledger(*facts, with_plan=True, by="UP"):
    """A ledger as it would be read."""
    rows = chained([*(plan() if with_plan else []), *facts], BEGINNING, by, TYPED)
    return Ledger(*rows_of(ledger_bytes(rows)))


def chain(count, by="A", typed=TYPED, prev=BEGINNING, first=0):
    """Rows of facts, each another day."""
    said = [fact("dam", "release", f"{1900 + k // 28}-01-{k % 28 + 1:02d}", 1.0 + k) for k in range(first, first + count)]
    return chained(said, prev, by, typed)
