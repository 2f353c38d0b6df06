"""Under what the plan of an annex was made: scenario, runoff, what was asked, and the rows of input by grade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from waterflow.accounts.facts import PlanFacts
from waterflow.basin.basin import Basin
from waterflow.report.annex_parts import Section
from waterflow.report.names import grade
from waterflow.words.catalogue import say

__all__ = ["MadeUnder", "made_under", "under", "what_it_rests_on"]


@dataclass(frozen=True)
class MadeUnder:
    """Under what a plan was made: title of its scenario, all the runoff that comes, Mm3, and what was asked."""

    scenario: str
    runoff_Mm3: float
    questions: tuple[str, ...]


def made_under(basin: Basin, scenario: str = "") -> MadeUnder:
    """Under what the plan of a basin is made; its scenario by title where that is known."""
    runoff = float(sum(sum(series) for series in basin.runoff.values()))
    return MadeUnder(scenario=scenario or basin.scenario or "", runoff_Mm3=runoff, questions=basin.questions)


def what_it_rests_on(facts: PlanFacts, made: MadeUnder | None) -> Section:
    """What the plan rests on: rows of input by grade."""
    rows = tuple((grade(name), (float(count), 0)) for name, count in facts.inputs.by_grade.items() if count)
    last = (say("rows of input in all"), (float(facts.inputs.rows), 0))
    return Section(say("What it rests on"), (say("grade"), say("rows")), (*rows, last), bold=(len(rows),), told=_told(facts, made))


def _told(facts: PlanFacts, made: MadeUnder | None) -> tuple[str, ...]:
    """How many rows nobody vouches for, as the workbench and a plan's page count them, and what was asked."""
    count = say("Assumed or unverified together: {count}.", count=f"{facts.inputs.assumed_or_unverified:,}")
    return (count, *(made.questions if made else ()))


def under(facts: PlanFacts, made: MadeUnder | None) -> Iterator[str]:
    """The scenario, and how much water comes."""
    title = made.scenario if made and made.scenario else facts.scenario
    if title:
        yield say("Scenario: {scenario}.", scenario=title)
    if made:
        yield say("Runoff of the plan: {runoff} Mm3.", runoff=f"{made.runoff_Mm3:,.0f}")
