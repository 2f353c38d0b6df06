"""The plan party by party: water, energy, storage and the North Aral, set side by side for plans of one river."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from waterflow.accounts.plan import Plan
from waterflow.words.dates import window_in_words

__all__ = ["beside", "beside_facts", "figures", "gains"]

INDEX = ("party", "quantity", "window", "unit")
Key = tuple[str, str, str, str]
#: what belongs to no one party
RIVER = "river"
#: less of these is better for the party
WORSE = ("unserved", "cost of power")
#: good or bad only for what comes of them
NEUTRAL = ("import", "export", "river plants", "water shortage")
#: a gain or loss smaller than this share of the figure, and of one unit, is none
SMALL = 5e-4


def figures(plan: Plan) -> dict[Key, float]:
    """What each party gets and does in each season of a plan, and what the river has.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    dict
        (party, quantity, window, unit) -> value. Water in Mm3, energy in GWh, money in million USD.
    """
    found: dict[Key, float] = {}
    for window, _ in plan.seasons:
        words = window_in_words(str(window))
        inside = list(plan.basin.calendar.inside(window))
        for party in plan.basin.parties:
            found |= {(party, q, words, u): v for q, u, v in _party(plan, party, inside)}
    found |= {(RIVER, *key): v for key, v in _river(plan)}
    return found


def _party(plan: Plan, party: str, inside: list[int]) -> Iterator[tuple[str, str, float]]:
    """(quantity, unit, value) of a party over some periods; what it has nothing of is left out."""
    basin = plan.basin

    def total(variable: str, parts: Mapping[str, Any], kind: str = "") -> float | None:
        own = [n for n, x in parts.items() if x.party == party and (not kind or x.kind == kind)]
        return sum(float(plan.series(variable, n)[inside].sum()) for n in own) if own else None

    shown = (
        ("water delivered", "Mm3", total("delivery", basin.demands)),
        ("water shortage", "Mm3", total("shortage", basin.demands)),
        ("river plants", "GWh", total("generation", basin.plants)),
        ("import", "GWh", total("supplied_power", basin.supplies, "import")),
        ("export", "GWh", total("exported_power", basin.exports)),
        ("unserved", "GWh", total("unserved", basin.unserved_blocks)),
        ("cost of power", "MUSD", _cost(plan, party, inside)),
    )
    yield from ((q, u, v) for q, u, v in shown if v is not None)


def _cost(plan: Plan, party: str, inside: list[int]) -> float | None:
    """Other supplies and unserved power of a party with a power balance, less what its exports earn where they arrive, million USD."""
    basin = plan.basin
    if party not in basin.power or not basin.power[party].demand:
        return None
    bought = sum(
        s.cost[k] * float(plan.series("supplied_power", s.name)[k]) for s in basin.supplies.values() if s.party == party for k in inside
    )
    missing = sum(b.cost * float(plan.series("unserved", b.name)[inside].sum()) for b in basin.unserved_blocks.values() if b.party == party)
    sold = sum(
        x.price[k] * x.arriving(k) * float(plan.series("exported_power", x.name)[k])
        for x in basin.exports.values()
        if x.party == party
        for k in inside
    )
    return bought + missing - sold


def _river(plan: Plan) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Targets, agreed places and storages."""
    basin = plan.basin
    for x in basin.targets.values():
        yield (f"{plan.title(x.place)}, delivered", window_in_words(str(x.window)), "Mm3"), plan.total("flow", [x.reach], x.window)
    for f in basin.agreed_flows.values():
        yield (f"{plan.title(f.place)}, inflow", window_in_words(str(f.window)), "Mm3"), plan.over(plan.inflow(f.place), f.window)
    for name in sorted(basin.reservoirs, key=plan.order):
        for window, _ in plan.seasons:
            k = basin.calendar.inside(window)[-1]
            yield (f"{plan.title(name)}, stored", f"end of {window_in_words(str(window))}", "Mm3"), float(plan.series("storage", name)[k])


def beside(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Plans of one river side by side, party by party.

    Parameters
    ----------
    plans : mapping of name to Plan

    Returns
    -------
    DataFrame
        A column for each plan; rows indexed by party, quantity, window and unit. NaN where a plan has no such figure.
    """
    found = {name: figures(plan) for name, plan in plans.items()}
    rows = list(dict.fromkeys(key for column in found.values() for key in column))
    order = {key[0]: k for k, key in enumerate(rows)}
    rows.sort(key=lambda key: (key[0] == RIVER, order[key[0]]))
    data = [[column.get(key) for column in found.values()] for key in rows]
    return pd.DataFrame(data, index=pd.MultiIndex.from_tuples(rows, names=INDEX), columns=list(found), dtype=float)


def beside_facts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The same as plain objects, ready for JSON."""
    names = [str(c) for c in table.columns]
    found = []
    for key, row in zip(table.index, table.to_numpy(dtype=float), strict=True):
        values = {n: None if pd.isna(v) else float(v) + 0.0 for n, v in zip(names, row, strict=True)}
        found.append({**dict(zip(INDEX, key, strict=True)), "values": values})
    return found


def gains(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of two plans that differ: ``before``, ``after``, ``change`` and ``better`` (True, False; None for the river's)."""
    before, after = (table.iloc[:, k] for k in (0, 1))
    change = after - before
    moved = change.abs() > SMALL * before.abs().clip(lower=1.0)
    found = pd.DataFrame({"before": before, "after": after, "change": change})[moved]
    found["better"] = [_better(key, move) for key, move in zip(found.index, found["change"], strict=True)]
    return found


def _better(key: Key, change: float) -> bool | None:
    """Whether a change is good for the party; None for storage, imports and exports, which are good or bad for what comes of them."""
    if key[1] in NEUTRAL or "stored" in key[1]:
        return None
    return (change > 0) != (key[1] in WORSE)
