"""Why a figure is what it is, in sentences and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from waterflow.basin.objective import CLOSING
from waterflow.explain.why_facts import Binding, Decided, HeldTarget, InputRow, Priced, Why
from waterflow.report.names import grade, stage_called
from waterflow.report.shortfall_text import sentences
from waterflow.words.catalogue import mark, say, say_of, spoken
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import digits, number, places, unit

__all__ = ["why_csv", "why_text"]

#: effects below this (figure's unit per unit) are not worth a line
WORTH_SAYING = 0.005
NEAR = 1e-6
LONGEST_TITLE = 52
#: prices of a row in a stage of money, by the unit of the row; a share of a claim says nothing to who reads it
PRICE_UNITS = {
    "million USD per Mm3": mark("mln USD per Mm3"),
    "million USD per m3/s": mark("mln USD per m3/s"),
    "million USD per GWh": mark("mln USD per GWh"),
}


def _effect(value: float | None) -> str:
    return say("no plan") if value is None else number(value, 3)


def _less(priced: Priced) -> str:
    """What one less does; a given of nothing cannot be less."""
    return say("it is 0") if priced.one_less is None and not priced.value else _effect(priced.one_less)


def _targets(found: Why) -> Iterator[str]:
    if not found.targets:
        yield paragraph(say("No target asks for this figure; it follows from what the stages decide about the rest."))
    for target in found.targets:
        about = {"asked": number(target.target_Mm3), "delivered": number(target.delivered_Mm3)}
        window = window_in_words(target.window)
        yield paragraph(say("Target {window}: {asked} asked, {delivered} delivered.", window=window, **about))
        yield from _held(found, target)


def _held(found: Why, target: HeldTarget) -> Iterator[str]:
    if target.status == "short":
        yield say("What holds it back:")
        yield from (paragraph(f"- {sentence}", "  ", "  ") for sentence in sentences(target, found.priority_titles))
        return
    raised = [d.after for d in found.decided if d.after and d.least is not None and d.least >= found.value - NEAR]
    if not raised:
        yield paragraph(say("The target is met, and nothing in the order of priority asks for more."))
        return
    yield paragraph(
        say(
            "The target is met, and nothing in the order of priority asks for more. What passes beyond it is decided by the "
            "stages after {stage}.",
            stage=stage_called(raised[0], found.priority_titles),
        )
    )


def _decided(found: Why) -> Iterator[str]:
    decimals, titles = places([found.value]), found.priority_titles
    shown = [d for d in found.decided if d.after not in CLOSING]
    yield heading(say("Where it is decided: what the figure could still be, {unit}", unit=unit(found.unit)))
    body = list(_stages(shown, decimals, titles))
    yield columns([say_of("stage", "after"), say_of("figure", "least"), say_of("figure", "most")], body, 1)
    yield from (paragraph(f"- {said}", "", "  ") for said in _narrowed(shown, decimals, titles))
    last = shown[-1]
    if last.least is not None and last.most is not None and last.most - last.least > 10 * NEAR * max(1.0, abs(found.value)):
        yield paragraph(say("Only the tie-break among equal plans fixes it; another plan of the same worth would have another figure."))


def _stages(shown: list[Decided], decimals: int, titles: Mapping[str, str]) -> Iterator[list[str]]:
    """A row of the table for each stage that moves a bound; how many after it do not."""
    before, idle = ["", ""], 0
    for stage in shown:
        figures = [number(stage.least, decimals), number(stage.most, decimals)]
        if stage.after and (figures == before or stage.least is None):
            idle += 1
            continue
        if idle:
            yield [say("(further stages: {count})", count=idle), *before]
        yield [stage_called(stage.after, titles) if stage.after else say("(hard rules alone)"), *figures]
        before, idle = figures, 0
    if idle:
        yield [say("(further stages: {count})", count=idle), *before]


def _narrowed(shown: list[Decided], decimals: int, titles: Mapping[str, str]) -> Iterator[str]:
    for before, after in pairwise(shown):
        if not after.narrows:
            continue
        stage = stage_called(after.after or "", titles)
        was, now = number(before.least, decimals), number(after.least, decimals)
        if was != now:
            yield say("{stage}: the least it can be rises from {before} to {after}.", stage=stage, before=was, after=now)
        was, now = number(before.most, decimals), number(after.most, decimals)
        if was != now:
            yield say("{stage}: the most it can be falls from {before} to {after}.", stage=stage, before=was, after=now)


def _worth_saying(found: Why) -> list[Priced]:
    return [p for p in found.prices if p.size > WORTH_SAYING]


def _prices(found: Why, top: int) -> Iterator[str]:
    yield heading(say("What one unit more or less of an input would do to it, {unit}", unit=unit(found.unit)))
    shown = _worth_saying(found)
    if not shown:
        yield say("No input, changed a little, would move it.")
        return
    body = [[p.title, unit(p.unit), _effect(p.one_more), _less(p)] for p in shown[:top]]
    yield columns([say("input"), say("unit"), say("one more"), say("one less")], body, 2)
    if all(p.given == "target_volume" for p in shown):
        yield paragraph(say("Of all inputs only the target itself would move it, changed a little: more water would go elsewhere."))
    yield paragraph(say("One unit at the margin, everything else as it is; at a corner more and less differ."))
    if len(shown) > top:
        yield say("{shown} of {count}; the rest: --top, or --format json.", shown=top, count=len(shown))


def _price(binding: Binding) -> str:
    """The price of a row in money to three digits, with its unit."""
    return f"{digits(binding.price)} {say(PRICE_UNITS[binding.price_unit])}" if binding.price_unit in PRICE_UNITS else "-"


def _bindings(found: Why, top: int) -> Iterator[str]:
    shown = [b for b in found.bindings if b.size > WORTH_SAYING][:top]
    stages = list(dict.fromkeys(b.stage for b in shown))
    shown.sort(key=lambda b: stages.index(b.stage))
    if not shown:
        return
    about = say("What binds in the deciding stages: what the rule one unit easier or harder would do to it, {unit}", unit=unit(found.unit))
    yield heading(about)
    body: list[list[str]] = []
    for k, b in enumerate(shown):
        if not k or b.stage != shown[k - 1].stage:
            body.append([stage_called(b.stage, found.priority_titles), "", "", ""])
        title = b.title if len(b.title) <= LONGEST_TITLE else f"{b.title[: LONGEST_TITLE - 3]}..."
        body.append([f"  {title}", _effect(b.one_more), _effect(b.one_less), _price(b)])
    yield columns([say("stage and rule"), say("easier"), say("harder"), say("price in the stage")], body, 1)


def _origin(rows: list[InputRow]) -> Iterator[str]:
    for key, source in {row.source.key: row.source for row in rows}.items():
        # titles of sources stand in sources.yaml, in English
        title = source.title if spoken() == "en" else ""
        address = f"({source.url})" if source.url not in ("", "-") else ""
        yield " ".join(x for x in (title, address, f"[{key}]") if x)


def _behind(found: Why, top: int) -> Iterator[str]:
    values = {p.title: p.value for p in _worth_saying(found)}
    by_input: dict[str, list[InputRow]] = {}
    for row in found.rows:
        if row.input in values or row.table == "targets":
            by_input.setdefault(row.input, []).append(row)
    if not by_input:
        return
    yield heading(say("Input rows behind these"))
    for title, rows in list(by_input.items())[:top]:
        counts = Counter(grade(row.grade) for row in rows)
        value = values.get(title, rows[0].value)
        about = {
            "title": title,
            "value": number(value, places([value])),
            "unit": unit(rows[0].unit),
            "where": rows[0].where,
            "grades": ", ".join(say("{count} {grade}", count=count, grade=name) for name, count in sorted(counts.items())),
            "origin": "; ".join(_origin(rows)),
        }
        said = (
            say("- {title}: {value} {unit}; {where} and on ({grades}); {origin}", **about)
            if len(rows) > 1
            else say("- {title}: {value} {unit}; {where} ({grades}); {origin}", **about)
        )
        yield paragraph(said, "", "  ")


def why_text(found: Why, top: int) -> str:
    """The figure and what decides it."""
    lines = [f"{found.title}: {number(found.value, places([found.value]))} {unit(found.unit)}", *_targets(found), *_decided(found)]
    lines += [*_prices(found, top), *_bindings(found, top), *_behind(found, top)]
    return "\n".join(lines) + "\n"


def why_csv(found: Why) -> str:
    """What would move the figure: inputs first, then rules of the deciding stages."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["figure", "unit", "value", "kind", "what", "unit_of_what", "one_more", "one_less"])
    head = [found.figure, found.unit, found.value]
    writer.writerows([*head, "input", p.title, p.unit, p.one_more, p.one_less] for p in found.prices)
    writer.writerows([*head, f"rule in {b.stage}", b.title, b.unit, b.one_more, b.one_less] for b in found.bindings)
    return text.getvalue()
