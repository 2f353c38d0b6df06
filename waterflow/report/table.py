"""The negotiators' table: one page of plain text from the facts of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.report import clause_text
from waterflow.report import table_commitments as commitments
from waterflow.report import table_money as money
from waterflow.report import table_schedules as schedules
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, places

__all__ = ["render"]

Facts = dict[str, Any]
STEPS = {"month": "months", "dekad": "dekads"}


def _headline(facts: Facts) -> Iterator[str]:
    name = f"{facts['title']} ({facts['model']})" if facts["title"] != facts["model"] else facts["model"]
    yield name
    yield "=" * len(name)
    scenario = f"Scenario {facts['scenario']}; " if facts["scenario"] else ""
    start, end = facts["horizon"].split("/")
    yield paragraph(f"{scenario}{start} to {end} by {STEPS[facts['step']]}; {facts['status']}.")
    order = f"Order of priority: {' > '.join(facts['order'])}" if facts["order"] else "One objective: the largest benefit."
    yield paragraph(order, "", "  ")
    if facts["changes"]:
        yield "Changed from the model's own choices:"
        yield from (paragraph(change, "  ", "  ") for change in facts["changes"])
    yield from (paragraph(f"Warning: {warning}", "", "  ") for warning in facts["warnings"])


def _stages(facts: Facts) -> Iterator[str]:
    yield heading("Stages, solved in this order, each kept by the next")
    body = [[s["name"], s["sense"], number(s["value"], max(places([s["value"]]), 4)), s["unit"]] for s in facts["stages"]]
    yield columns(["stage", "sense", "value", "unit"], body, 2)
    yield f"Objective (the last stage before the tie-break): {number(facts['objective'], 4)}"


def _inputs(facts: Facts) -> Iterator[str]:
    inputs = facts["inputs"]
    yield heading("What it rests on")
    share = per_cent(inputs["assumed_or_unverified"], inputs["rows"])
    grades = ", ".join(f"{grade} {number(count)}" for grade, count in inputs["by_grade"].items())
    yield paragraph(
        f"{number(inputs['rows'])} rows of input, of which {number(inputs['assumed_or_unverified'])} ({share}) are assumed "
        f"or unverified. By grade: {grades}."
        if inputs["rows"]
        else "A river made in Python: no input tables."
    )


def _checks(facts: Facts) -> Iterator[str]:
    yield heading("Certificate and audit")
    parts = ", ".join(f"{part} {value:.1e}" for part, value in facts["certificate"].items())
    audit = facts["audit"]
    yield f"Worst residual of any stage (relative): {parts}"
    yield (
        f"Recomputed from the plan: water closes to {audit['water_residual_Mm3']:.1e} Mm3, energy to {audit['energy_residual_GWh']:.1e} GWh"
    )
    if "head_passes" in audit:
        steps = f"{audit['head_steps_taken']:.0f} of {audit['head_passes']:.0f} passes taken"
        promised = f"a last step promised {audit['head_gap']:.1e} (relative)"
        yield f"Head: {steps}; {promised}, energy is true within {audit['head_energy_gap_GWh']:.1e} GWh"
    opened = [name for name, path in facts["stage_paths"].items() if path == "opened"]
    if opened:
        yield paragraph(f"Stages on a face that rounding had emptied, opened by a hair: {', '.join(opened)}.")
    yield f"Water still on its way at the end: {number(facts['in_transit_Mm3'], places([facts['in_transit_Mm3']]))} Mm3"


SECTIONS = (
    _headline,
    commitments.targets,
    commitments.floors,
    commitments.limits,
    clause_text.section,
    commitments.inflows,
    commitments.other_known,
    schedules.reservoirs,
    commitments.storages,
    schedules.energy,
    schedules.lines,
    money.payoffs,
    schedules.users,
    _stages,
    _inputs,
    _checks,
)


def render(facts: Facts) -> str:
    """The table as plain text, at most 100 columns wide, ending with a line break.

    Parameters
    ----------
    facts : dict
        As made by `waterflow.accounts.facts.report`.
    """
    return "\n".join(line for section in SECTIONS for line in section(facts)) + "\n"
