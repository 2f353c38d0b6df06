"""Everything a plan says as plain text: the negotiators' table, section by section."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.accounts.facts import PlanFacts
from waterflow.report import alarms_text, clause_text, conveyance_text, held_text, ranges_text
from waterflow.report import table_commitments as commitments
from waterflow.report import table_payoffs as money
from waterflow.report import table_schedules as schedules
from waterflow.report.names import grade, sense, stage_called
from waterflow.report.page_parties import boxes, what_if
from waterflow.report.table_head import headline
from waterflow.words.catalogue import say
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, places, quantity, unit

__all__ = ["checks", "inputs", "render"]


def _stages(facts: PlanFacts) -> Iterator[str]:
    yield heading(say("Stages, solved in this order, each kept by the next"))
    body = [
        [stage_called(s.name, facts.priority_titles), sense(s.sense), number(s.value, max(places([s.value]), 4)), unit(s.unit)]
        for s in facts.stages
    ]
    yield columns([say("stage"), say("sense"), say("value"), say("unit")], body, 2)
    yield say("Objective (the last stage before the tie-break): {value}", value=number(facts.objective, 4))


def inputs(facts: PlanFacts) -> str:
    """How many rows of input there are, and how sure they are."""
    found = facts.inputs
    if not found.rows:
        return say("A river made in Python: no input tables.")
    return say(
        "{rows} rows of input, of which {guesses} ({share}) are assumed or unverified. By grade: {grades}.",
        rows=number(found.rows),
        guesses=number(found.assumed_or_unverified),
        share=per_cent(found.assumed_or_unverified, found.rows),
        grades=", ".join(say("{grade} {count}", grade=grade(name), count=number(count)) for name, count in found.by_grade.items()),
    )


def _inputs(facts: PlanFacts) -> Iterator[str]:
    yield heading(say("What it rests on"))
    yield paragraph(inputs(facts))


def checks(facts: PlanFacts) -> Iterator[str]:
    """The certificate of the solve and the audit of the plan, each in one line."""
    worst = {part: f"{value:.1e}" for part, value in facts.certificate.model_dump().items()}
    yield say("Worst residual of any stage (relative): primal {primal}, dual {dual}, gap {gap}", **worst)
    audit = facts.audit
    yield say(
        "Recomputed from the plan: water closes to {water} Mm3, energy to {energy} GWh",
        water=f"{audit.water_residual_Mm3:.1e}",
        energy=f"{audit.energy_residual_GWh:.1e}",
    )


def _checks(facts: PlanFacts) -> Iterator[str]:
    yield heading(say("Certificate and audit"))
    yield from checks(facts)
    audit = facts.audit
    if audit.head_passes is not None:
        parts = {
            "taken": number(audit.head_steps_taken),
            "passes": number(audit.head_passes),
            "gap": f"{audit.head_gap:.1e}",
            "energy": f"{audit.head_energy_gap_GWh:.1e}",
        }
        yield say(
            "Head: {taken} of {passes} passes taken; a last step promised {gap} (relative), energy is true within {energy} GWh", **parts
        )
    if audit.bend_passes is not None:
        parts = {"passes": number(audit.bend_passes), "gap": f"{audit.bend_gap_Mm3:.1e}"}
        yield say("Areas along curves and constant losses: found in {passes} passes, true within {gap} Mm3", **parts)
    opened = [name for name, path in facts.stage_paths.items() if path == "opened"]
    if opened:
        yield paragraph(say("Stages on a face that rounding had emptied, opened by a hair: {names}.", names=", ".join(opened)))
    on_its_way = quantity(facts.in_transit_Mm3, "Mm3", places([facts.in_transit_Mm3]))
    yield say("Water still on its way at the end: {amount}", amount=on_its_way)


SECTIONS = (
    headline,
    commitments.targets,
    schedules.users,
    commitments.limits,
    commitments.floors,
    clause_text.section,
    commitments.inflows,
    commitments.other_known,
    schedules.reservoirs,
    commitments.storages,
    held_text.section,
    alarms_text.section,
    ranges_text.section,
    schedules.energy,
    schedules.lines,
    conveyance_text.section,
    money.of_facts,
    _stages,
    _inputs,
    _checks,
)


def _beside(facts: PlanFacts, against: PlanFacts) -> Iterator[str]:
    yield heading(
        say("Each party beside the plan as it was") if what_if(facts, against) else say("Each party beside the plan without agreements")
    )
    yield from boxes(facts, against)


def render(facts: PlanFacts, against: PlanFacts | None = None) -> str:
    """The table as plain text, at most 100 columns wide, ending with a line break.

    Parameters
    ----------
    facts : PlanFacts
        As made by `waterflow.accounts.plan_facts.plan_facts`.
    against : PlanFacts, optional
        Of the plan of the same river without agreements, to tell each party the difference.
    """
    beside = _beside(facts, against) if against else ()
    return "\n".join([*(line for section in SECTIONS for line in section(facts)), *beside]) + "\n"
