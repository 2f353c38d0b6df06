"""Why a figure is what it is, as text, as plain facts and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from waterflow.accounts.plan import plain
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.explain.prices import TABLES, Given, Price
from waterflow.explain.why import Binding, Decided, Why
from waterflow.loading.model import Model
from waterflow.loading.tables import Row
from waterflow.report.shortfall_text import sentences
from waterflow.words.dates import period_in_words, window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, places

__all__ = ["why_csv", "why_facts", "why_text"]

#: effects below this (figure's unit per unit) are not worth a line
WORTH_SAYING = 0.005
NEAR = 1e-6
LONGEST_TITLE = 52
CLOSING = ("smoothest", "unique")
#: every sentence, to be translated together
SAYS = {
    "target": "Target {window}: {target} asked, {delivered} delivered.",
    "met": "The target is met, and nothing in the order of priority asks for more. What passes beyond it is decided by the "
    "stages after {stage}.",
    "holds": "What holds it back:",
    "no_target": "No target asks for this figure; it follows from what the stages decide about the rest.",
    "decided": "Where it is decided: what the figure could still be, {unit}",
    "rules": "(hard rules alone)",
    "raises": "{stage} raises the least it can be from {before} to {after}.",
    "lowers": "{stage} lowers the most it can be from {before} to {after}.",
    "tie": "Only the tie-break among equal plans fixes it; another plan of the same worth would have another figure.",
    "prices": "What one unit more or less of an input would do to it, {unit}",
    "no_price": "No input, changed a little, would move it.",
    "only_target": "Of all inputs only the target itself would move it, changed a little: more water would go elsewhere.",
    "no_plan": "no plan",
    "bindings": "What binds in the deciding stages: what the rule one unit easier or harder would do to it, {unit}",
    "margins": "One unit at the margin, everything else as it is; at a corner more and less differ.",
    "rows": "Input rows behind these",
    "shown": "{shown} of {count}; the rest: --top, or --format json.",
}
#: how people call what a row says
EQUATIONS = {
    "water_balance": "water at {}",
    "storage_held": "storage that must be there: {}",
    "storage_not_passed": "storage not to be passed: {}",
    "withdrawals_within_limit": "limit: {}",
    "entitlement_met": "what {} may count on",
    "floor_kept": "minimum flow: {}",
    "target_delivered": "target: {}",
    "share_passed_on": "share of the surplus: {}",
    "turbined_from_flow": "water at the turbines of {}",
    "unserved_within_block": "block of unserved power: {}",
    "power_floor_kept": "assured power: {}",
    "power_claim_met": "claimed power: {}",
    "end_value_backed": "water kept for later in {}",
    "delivery_within_block": "block of value of a delivery: {}",
    "delivery_blocks_backed": "value of water delivered: {}",
    "target_within_block": "block of value of the flow: {}",
    "target_blocks_backed": "value of the flow: {}",
    "energy_balance": "power of {}",
    "clause_kept": "clause: {}",
    "exchange_sold": "power owed under clauses by {}",
    "exchange_bought": "power due under clauses to {}",
}


def _effect(value: float | None) -> str:
    return SAYS["no_plan"] if value is None else number(value, 3)


def _when(text: str) -> str:
    return window_in_words(text) if "/" in text else period_in_words(text)


def place_in_words(basin: Basin, binding: Binding) -> str:
    """What a row says and of whom, in words."""
    member, *time = binding.index
    parts = member.split("/")
    days = [x for x in parts if x.count("-") == 2]
    owner, *rest = [x for x in parts if x not in days]
    if member in basin.power_claims:
        owner, rest = basin.power_claims[member].party, []
    words = EQUATIONS.get(binding.equation, binding.equation.replace("_", " ") + ": {}").format(called(basin, owner))
    said = [words, *(x.replace("_", " ") for x in rest)]
    said += [_when(t) for t in time] if time else [window_in_words("/".join(days))] if len(days) > 1 else [f"on {day}" for day in days]
    return ", ".join(said)


def _targets(found: Why) -> Iterator[str]:
    if not found.targets:
        yield paragraph(SAYS["no_target"])
    for fact, cause in found.targets:
        asked, came = number(fact.target_Mm3), number(fact.delivered_Mm3)
        yield paragraph(SAYS["target"].format(window=window_in_words(fact.window), target=asked, delivered=came))
        if cause.status == "met":
            raised = [d.stage for d in found.decided if d.lowest is not None and d.lowest >= found.value - NEAR and d.stage]
            yield paragraph(SAYS["met"].format(stage=raised[0] if raised else "it"))
        else:
            yield SAYS["holds"]
            yield from (paragraph(f"- {word}", "  ", "  ") for word in sentences(cause))


def _decided(found: Why) -> Iterator[str]:
    decimals = places([found.value])
    shown = [d for d in found.decided if d.stage not in CLOSING]
    yield heading(SAYS["decided"].format(unit=found.figure.unit))
    body = [[d.stage or SAYS["rules"], number(d.lowest, decimals), number(d.highest, decimals)] for d in shown]
    yield columns(["after", "least", "most"], body, 1)
    yield from (paragraph(f"- {said}", "", "  ") for said in _narrowed(shown, decimals))
    last = shown[-1]
    if last.lowest is not None and last.highest is not None and last.highest - last.lowest > 10 * NEAR * max(1.0, abs(found.value)):
        yield paragraph(SAYS["tie"])


def _narrowed(shown: list[Decided], decimals: int) -> Iterator[str]:
    for before, after in pairwise(shown):
        if not after.narrows:
            continue
        for key, end in (("raises", "lowest"), ("lowers", "highest")):
            was, now = number(getattr(before, end), decimals), number(getattr(after, end), decimals)
            if was != now:
                yield SAYS[key].format(stage=after.stage, before=was, after=now)


def _prices(found: Why, top: int) -> Iterator[str]:
    yield heading(SAYS["prices"].format(unit=found.figure.unit))
    shown = [p for p in found.prices if p.size > WORTH_SAYING]
    if not shown:
        yield SAYS["no_price"]
        return
    body = [[p.given.title, p.given.unit, _effect(p.one_more), _effect(p.one_less)] for p in shown[:top]]
    yield columns(["input", "unit", "one more", "one less"], body, 2)
    if all(p.given.name == "target_volume" for p in shown):
        yield paragraph(SAYS["only_target"])
    yield paragraph(SAYS["margins"])
    if len(shown) > top:
        yield SAYS["shown"].format(shown=top, count=len(shown))


def _bindings(found: Why, basin: Basin, top: int) -> Iterator[str]:
    shown = [b for b in found.bindings if b.size > WORTH_SAYING][:top]
    if not shown:
        return
    yield heading(SAYS["bindings"].format(unit=found.figure.unit))
    body = []
    for b in shown:
        price = f"{b.price:.3g} {b.price_unit.replace('million', 'mln').replace('share of the claim', 'share')}"
        title = f"{b.stage}: {place_in_words(basin, b)}"
        title = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 3]}..."
        body.append([title, _effect(b.one_more), _effect(b.one_less), price])
    yield columns(["stage and rule", "easier", "harder", "price in the stage"], body, 1)


def _origin(model: Model, rows: list[Row]) -> Iterator[str]:
    for key in dict.fromkeys(row.text("source") for row in rows):
        about = model.sources.get(key, {})
        address = str(about.get("url", "-"))
        yield f"{about.get('title', key)}{f' ({address})' if address != '-' else ''} [{key}]"


def _behind(found: Why, model: Model, top: int) -> Iterator[str]:
    large = {id(p.given) for p in found.prices if p.size > WORTH_SAYING}
    shown = [(g, rows) for g, rows in found.rows if rows and (g.name == "target_volume" or id(g) in large)][:top]
    if not shown:
        return
    yield heading(SAYS["rows"])
    for given, rows in shown:
        counts = Counter(row.text("grade") for row in rows)
        grades = ", ".join(f"{count} {grade}" for grade, count in sorted(counts.items()))
        said = f"- {given.title}: {number(given.value, places([given.value]))} {given.unit}; {rows[0].where}"
        yield paragraph(f"{said}{' and on' if len(rows) > 1 else ''} ({grades}); {'; '.join(_origin(model, rows))}", "", "  ")


def why_text(found: Why, model: Model, basin: Basin, top: int) -> str:
    """The figure and what decides it, as plain text."""
    figure = found.figure
    lines = [f"{figure.title}: {number(found.value, places([found.value]))} {figure.unit}", *_targets(found), *_decided(found)]
    lines += [*_prices(found, top), *_bindings(found, basin, top), *_behind(found, model, top)]
    return "\n".join(lines) + "\n"


def _row_facts(model: Model, given: Given, row: Row) -> dict[str, Any]:
    table, column, *_ = TABLES[given.name]
    about = model.sources.get(row.text("source"), {})
    source = {"key": row.text("source"), "title": str(about.get("title", "")), "url": str(about.get("url", ""))}
    value = {"value": row.number(column), "unit": given.unit, "grade": row.text("grade")}
    return {"table": table, "where": row.where, **value, "source": source}


def _price_facts(price: Price) -> dict[str, Any]:
    g = price.given
    about = {"given": g.name, "index": [list(i) if isinstance(i, tuple) else [i] for i in g.indices]}
    return {**about, "title": g.title, "unit": g.unit, "value": g.value, "one_more": price.one_more, "one_less": price.one_less}


def why_facts(found: Why, model: Model, basin: Basin) -> dict[str, Any]:
    """Everything that was found, ready for JSON."""
    return {
        "figure": found.figure.name,
        "title": found.figure.title,
        "unit": found.figure.unit,
        "value": plain(found.value),
        "targets": [{**fact.model_dump(), **cause.model_dump(mode="json")} for fact, cause in found.targets],
        "decided": [{"after": d.stage or None, "least": d.lowest, "most": d.highest, "narrows": d.narrows} for d in found.decided],
        "prices": [_price_facts(p) for p in found.prices],
        "bindings": [
            {
                "stage": b.stage,
                "equation": b.equation,
                "index": list(b.index),
                "title": place_in_words(basin, b),
                "statement": b.statement,
                "unit": b.unit,
                "price": b.price,
                "price_unit": b.price_unit,
                "one_more": b.one_more,
                "one_less": b.one_less,
            }
            for b in found.bindings
        ],
        "rows": [{"input": g.title, **_row_facts(model, g, row)} for g, rows in found.rows for row in rows],
    }


def why_csv(found: Why, basin: Basin) -> str:
    """What would move the figure: inputs first, then rules of the deciding stages."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["figure", "unit", "value", "kind", "what", "unit_of_what", "one_more", "one_less"])
    head = [found.figure.name, found.figure.unit, found.value]
    writer.writerows([*head, "input", p.given.title, p.given.unit, p.one_more, p.one_less] for p in found.prices)
    for b in found.bindings:
        writer.writerow([*head, f"rule in {b.stage}", place_in_words(basin, b), b.unit, b.one_more, b.one_less])
    return text.getvalue()
