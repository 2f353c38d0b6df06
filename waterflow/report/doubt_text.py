"""What doubt found, in sentences and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from waterflow.explain.doubt_facts import MATTERS, Doubt, Morris, Swing
from waterflow.loading.columns import GRADES
from waterflow.loading.ranges import in_words
from waterflow.report.names import grade
from waterflow.words.catalogue import mark, say, say_many, say_of, spoken
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, places, unit

__all__ = ["doubt_csv", "doubt_text", "setting", "unit_of_input"]

LONGEST_TITLE = 38
#: a figure this near to its target is at it, Mm3; one that moves by no more than this does not move
NEAR = 1e-6
#: units of inputs that are no units of a plan
UNITS = {
    "share": mark("share"),
    "days": mark("days"),
    "mm": mark("mm"),
    "km2/Mm3": mark("km2 per Mm3"),
    "GWh/Mm3": mark("GWh per Mm3"),
    "USD/m3": mark("USD per m3"),
    "USD/kWh": mark("USD per kWh"),
    "USD/t": mark("USD per t"),
    "t/GWh": mark("t per GWh"),
}


def _worst(swing: Swing) -> str:
    """The lowest grade of an input's rows."""
    return max(swing.grades, key=GRADES.index)


def unit_of_input(name: str) -> str:
    """The unit of an input as people write it."""
    words = in_words(name)
    return say(UNITS[words]) if words in UNITS else unit(words)


def setting(value: float | None) -> str:
    """A value an input is put at."""
    return number(value, 3 if abs(value or 0.0) < 1 else places([value]))


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 3]}..."


def _beside_target(found: Doubt) -> Iterator[str]:
    if found.target is None:
        return
    missing = found.target - found.value
    said = {"gap": number(abs(missing)), "unit": unit(found.unit), "target": number(found.target)}
    if abs(missing) <= NEAR:
        yield paragraph(
            say(
                "The figure is at its target. Nothing in the order of priority asks for more, so it can only fall, "
                "or rise where water has nowhere else to go."
            )
        )
    elif missing > 0:
        yield paragraph(say("The figure is {gap} {unit} below its target of {target}.", **said))
    else:
        yield paragraph(say("The figure is {gap} {unit} above its target of {target}.", **said))


def _swings(found: Doubt, top: int) -> Iterator[str]:
    moved, decimals = found.moving(), places([found.value])
    if not moved:
        yield paragraph(say("No single input moves it within its stated range."))
        return
    share, matter = per_cent(MATTERS), len(found.mattering())
    yield paragraph(
        say(
            "Inputs with a range: {inputs}. Of these move it: {moved}; by more than {share} of it: {matter}.",
            inputs=len(found.inputs),
            moved=len(moved),
            share=share,
            matter=matter,
        )
    )
    body = []
    for s in moved[:top]:
        ends = [number(at, decimals) if at is not None else say("no plan") for at in (s.figure_at_low, s.figure_at_high)]
        given = [f"{setting(at)} {unit_of_input(s.unit)}" for at in (s.low, s.high)]
        body.append([_short(s.title), *given, *ends, number(s.swing, decimals), grade(_worst(s))])
    ends_of_range = [say_of("end of a range", "low"), say_of("end of a range", "high")]
    head = [say("input"), *ends_of_range, say("at low"), say("at high"), say("swing"), say("grade")]
    yield columns(head, body, 1)
    yield heading(say("Where these ranges and inputs come from"))
    for s in moved[:top]:
        # notes stand in the table of ranges, in English
        note = f" {s.note}" if spoken() == "en" and s.note else ""
        about = {"title": s.title, "note": note, "source": s.range_source, "grade": grade(s.range_grade), "rows": ", ".join(s.sources)}
        yield paragraph(say("- {title}:{note} [{source}, {grade}; rows: {rows}]", **about), "", "  ")


def _screening(found: Doubt, screened: Morris, top: int) -> Iterator[str]:
    decimals, swings = places([found.value]), {s.input: s for s in found.inputs}
    yield heading(say("Screening"))
    yield paragraph(
        say(
            "Screening (Morris): inputs moved together: {inputs}; plans: {members}; walks: {walks}; seed: {seed}. "
            "The figure lay between {lowest} and {highest} {unit}; so few plans show no bounds.",
            inputs=len(screened.inputs),
            members=screened.members,
            walks=screened.walks,
            seed=screened.seed,
            lowest=number(screened.lowest, decimals),
            highest=number(screened.highest, decimals),
            unit=unit(found.unit),
        )
    )
    if screened.without_plan:
        lost = screened.walks - screened.whole_walks
        yield paragraph(
            say(
                "Members without a plan: {count}; walks they lie on, left out of the effects: {lost}.",
                count=screened.without_plan,
                lost=lost,
            )
        )
    body = [
        [_short(swings[e.input].title), number(e.mu_star, decimals), number(e.sigma, decimals), grade(_worst(swings[e.input]))]
        for e in screened.inputs[:top]
        if e.mu_star > NEAR
    ]
    yield columns([say("input"), f"mu*, {unit(found.unit)}", f"sigma, {unit(found.unit)}", say("grade")], body, 1)
    yield paragraph(
        say(
            "mu*: mean size of what the figure does when the input crosses its whole range, others anywhere in theirs; "
            "sigma: how much that depends on the others."
        )
    )


def _notes(found: Doubt, missing_extra: int | None) -> Iterator[str]:
    if not found.morris and not found.moving():
        yield paragraph(say("What several inputs do together, only screening tells: --morris."))
    if missing_extra:
        yield paragraph(
            say(
                "More than {most} inputs matter: screening would show which of them work together "
                "(pip install 'syr-waterflow[doubt]', then --morris).",
                most=missing_extra,
            )
        )
    if found.not_moved:
        held = "; ".join(found.not_moved)
        yield paragraph(say("Not moved, as their ranges say so or there is nothing to move: {held}.", held=held))
    made = found.members + (found.morris.members if found.morris else 0)
    yield say_many("{count} plan was made for this.", "{count} plans were made for this.", made, count=number(made))


def doubt_text(found: Doubt, top: int, missing_extra: int | None = None) -> str:
    """The figure, its inputs by swing, ends without a plan, and the screening.

    Parameters
    ----------
    found : Doubt
    top : int
        The most inputs shown.
    missing_extra : int, optional
        More inputs than this matter, and the library that would screen them is not installed.
    """
    lines = [f"{found.title}: {number(found.value, places([found.value]))} {unit(found.unit)}"]
    lines += [*_beside_target(found), "", *_swings(found, top)]
    failed = [f"- {s.title}, {why}" for s in found.inputs for why in s.no_plan]
    lines += [heading(say("Ends without a plan:")), *(paragraph(x, "", "  ") for x in failed)] if failed else []
    lines += _screening(found, found.morris, top) if found.morris else []
    return "\n".join([*lines, "", *_notes(found, missing_extra)]) + "\n"


def doubt_csv(found: Doubt) -> str:
    """One line for each input; blank where there is no plan or nothing was screened."""
    effects = {e.input: e for e in found.morris.inputs} if found.morris else {}
    about = ["input", "title", "input_unit", "input_value", "low", "high", "figure_at_low", "figure_at_high", "swing"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["figure", "unit", "value", *about, "grade", "sources", "range_grade", "range_source", "mu_star", "sigma"])
    for s in found.inputs:
        effect = effects.get(s.input)
        row = [found.figure, found.unit, found.value, *(getattr(s, name.removeprefix("input_")) for name in about)]
        screened = [effect.mu_star, effect.sigma] if effect else ["", ""]
        writer.writerow([*row, _worst(s), " ".join(s.sources), s.range_grade, s.range_source, *screened])
    return text.getvalue()
