"""What doubt found, as text, as plain facts and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from waterflow.accounts.plan import plain
from waterflow.explain.doubt import MATTERS, Doubt, Swing
from waterflow.explain.morris import Morris
from waterflow.loading.ranges import Input
from waterflow.loading.schema import GRADES
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, places

__all__ = ["doubt_csv", "doubt_facts", "doubt_text"]

LONGEST_TITLE = 38
#: a figure this near to its target is at it, Mm3; one that moves by no more than this does not move
NEAR = 1e-6
#: what a plain sentence says, to be translated together
SAYS = {
    "at_target": "The figure is at its target. Nothing in the order of priority asks for more, so it can only fall, "
    "or rise where water has nowhere else to go.",
    "below_target": "The figure is {missing} {unit} below its target of {target}.",
    "above_target": "The figure is {more} {unit} above its target of {target}.",
    "still": "No single input moves it within its stated range.",
    "together": "What several inputs do together, only screening tells: --morris.",
    "count": "{moved} of {inputs} inputs with a range move it, {matter} of them by more than {share} of it.",
    "held": "Not moved, as their ranges say so or there is nothing to move: {held}.",
    "ends": "Ends without a plan:",
    "solves": "{members} plans in {seconds} s, {hot} of them from where a like one ended.",
    "morris": "Screening (Morris): {inputs} inputs moved together, {members} plans on {walks} walks, seed {seed}. "
    "The figure lay between {lowest} and {highest} {unit}; so few plans show no bounds.",
    "morris_failed": "{no_plan} of these members have no plan; {lost} walks they lie on are left out of the effects.",
    "morris_how": "mu*: mean size of what the figure does when the input crosses its whole range, others anywhere in theirs; "
    "sigma: how much that depends on the others.",
    "extra": "More than {most} inputs matter: screening would show which of them work together "
    "(pip install 'syr-waterflow[doubt]', then --morris).",
}


def _worst(moving: Input) -> str:
    """The lowest grade of an input's rows."""
    return max(moving.grades, key=GRADES.index)


def _setting(value: float, moving: Input) -> str:
    return f"{number(value, 3 if abs(value) < 1 else places([value]))} {moving.unit_in_words}"


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 3]}..."


def _beside_target(found: Doubt) -> Iterator[str]:
    if found.target is None:
        return
    said = {"unit": found.figure.unit, "target": number(found.target), "missing": number(found.target - found.value)}
    said["more"] = number(found.value - found.target)
    near = abs(found.value - found.target) <= NEAR
    key = "at_target" if near else "below_target" if found.value < found.target else "above_target"
    yield paragraph(SAYS[key].format(**said))


def _swings(found: Doubt, top: int) -> Iterator[str]:
    value, decimals = found.value, places([found.value])
    moved = [s for s in found.swings if s.size(value) > NEAR]
    if not moved:
        yield paragraph(SAYS["still"])
        return
    counts = {"moved": len(moved), "inputs": len(found.swings), "matter": len(found.mattering())}
    yield paragraph(SAYS["count"].format(share=f"{100 * MATTERS:g} %", **counts))
    body = []
    for s in moved[:top]:
        ends = [number(at, decimals) if at is not None else "no plan" for at in (s.at_low, s.at_high)]
        given = [_setting(s.input.low, s.input), _setting(s.input.high, s.input)]
        body.append([_short(s.title), *given, *ends, number(s.size(value), decimals), _worst(s.input)])
    yield columns(["input", "low", "high", "at low", "at high", "swing", "grade"], body, 1)
    yield heading("Where these ranges and inputs come from")
    for s in moved[:top]:
        origin = f"{s.input.range_source}, {s.input.range_grade}; rows: {', '.join(s.input.sources)}"
        yield paragraph(f"- {s.title}: {s.input.note} [{origin}]", "", "  ")


def _screening(found: Morris, unit: str, decimals: int, titles: dict[str, str], top: int) -> Iterator[str]:
    extremes = {"lowest": number(found.lowest, decimals), "highest": number(found.highest, decimals)}
    yield heading("Screening")
    counts = {"inputs": len(found.effects), "members": found.members, "walks": found.walks, "seed": found.seed}
    yield paragraph(SAYS["morris"].format(unit=unit, **counts, **extremes))
    if found.no_plan:
        yield paragraph(SAYS["morris_failed"].format(no_plan=found.no_plan, lost=found.walks - found.whole_walks))
    body = [
        [_short(titles[e.input.name]), number(e.mu_star, decimals), number(e.sigma, decimals), _worst(e.input)]
        for e in found.effects[:top]
        if e.mu_star > NEAR
    ]
    yield columns(["input", f"mu*, {unit}", f"sigma, {unit}", "grade"], body, 1)
    yield paragraph(SAYS["morris_how"])


def doubt_text(found: Doubt, screening: Morris | None, top: int, note: str = "") -> str:
    """The figure, its inputs by swing, ends without a plan, and the screening, as plain text."""
    if not screening and all(s.size(found.value) <= NEAR for s in found.swings):
        note = f"{SAYS['together']} {note}".strip()
    decimals, titles = places([found.value]), {s.input.name: s.title for s in found.swings}
    lines = [f"{found.figure.title}: {number(found.value, decimals)} {found.figure.unit}"]
    lines += [*_beside_target(found), "", *_swings(found, top)]
    failed = [f"- {s.title}, {why}" for s in found.swings for why in s.no_plan]
    lines += [heading(SAYS["ends"]), *(paragraph(x, "", "  ") for x in failed)] if failed else []
    if screening:
        lines += _screening(screening, found.figure.unit, decimals, titles, top)
    lines += [""]
    lines += [paragraph(note)] if note else []
    lines += [paragraph(SAYS["held"].format(held="; ".join(found.held)))] if found.held else []
    lines += [SAYS["solves"].format(members=found.members, hot=found.hot, seconds=number(found.seconds, 1))]
    return "\n".join(lines) + "\n"


def _fact(swing: Swing, value: float) -> dict[str, Any]:
    i = swing.input
    return {
        "input": i.name,
        "title": swing.title,
        "unit": i.unit,
        "value": plain(i.value),
        "low": plain(i.low),
        "high": plain(i.high),
        "figure_at_low": swing.at_low,
        "figure_at_high": swing.at_high,
        "swing": plain(swing.size(value)),
        "grades": dict(i.grades),
        "sources": list(i.sources),
        "range_grade": i.range_grade,
        "range_source": i.range_source,
        "note": i.note,
        "no_plan": list(swing.no_plan),
    }


def doubt_facts(found: Doubt, screening: Morris | None) -> dict[str, Any]:
    """Everything that was found, ready for JSON."""
    facts: dict[str, Any] = {
        "figure": found.figure.name,
        "title": found.figure.title,
        "unit": found.figure.unit,
        "value": plain(found.value),
        "target": found.target,
        "members": found.members,
        "inputs": [_fact(s, found.value) for s in found.swings],
        "not_moved": list(found.held),
        "morris": None,
    }
    if screening:
        facts["morris"] = {
            "members": screening.members,
            "without_plan": screening.no_plan,
            "walks": screening.walks,
            "whole_walks": screening.whole_walks,
            "seed": screening.seed,
            "lowest": screening.lowest,
            "highest": screening.highest,
            "inputs": [{"input": e.input.name, "mu_star": e.mu_star, "sigma": e.sigma} for e in screening.effects],
        }
    return facts


def doubt_csv(found: Doubt, screening: Morris | None) -> str:
    """One line for each input; blank where there is no plan or nothing was screened."""
    effects = {e.input.name: e for e in screening.effects} if screening else {}
    head = ["figure", "unit", "value", "input", "title", "input_unit", "input_value", "low", "high", "figure_at_low", "figure_at_high"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*head, "swing", "grade", "sources", "range_grade", "range_source", "mu_star", "sigma"])
    for s in found.swings:
        i, effect = s.input, effects.get(s.input.name)
        row = [found.figure.name, found.figure.unit, found.value, i.name, s.title, i.unit, i.value, i.low, i.high, s.at_low, s.at_high]
        screened = [effect.mu_star, effect.sigma] if effect else ["", ""]
        writer.writerow([*row, s.size(found.value), _worst(i), " ".join(i.sources), i.range_grade, i.range_source, *screened])
    return text.getvalue()
