"""The head of a report: which river, which season, how the plan was made, what was changed, and warnings."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.accounts.facts import PlanFacts
from waterflow.words.catalogue import mark, say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import paragraph

__all__ = ["headline", "made", "subject"]

AT_LEVEL = {"low": mark("Made at low values and prices."), "high": mark("Made at high values and prices.")}
STEPS = {"month": mark("by months"), "dekad": mark("by dekads"), "week": mark("by weeks"), "day": mark("by days")}


def subject(facts: PlanFacts) -> Iterator[str]:
    """The river by its title, the scenario with its season, what was asked."""
    yield facts.title
    about = {"window": window_in_words(facts.horizon), "step": say(STEPS[facts.step]), "model": facts.model}
    yield paragraph(
        say("{model}, scenario {scenario}: {window}, {step}", scenario=facts.scenario, **about)
        if facts.scenario
        else say("{model}: {window}, {step}", **about)
    )
    yield from map(paragraph, facts.questions)


def made(facts: PlanFacts) -> Iterator[str]:
    """How the plan was made: order of priority or sum of benefits, the level of values, the agreements."""
    order = " > ".join(facts.priority_titles[name] for name in facts.order)
    told = [say("Order of priority: {order}.", order=order) if order else say("One objective: the largest benefit.")]
    if facts.level != "central":
        told.append(say(AT_LEVEL[facts.level]))
    agreements = ", ".join(dict.fromkeys(clause.agreement for clause in facts.clauses))
    told += [say("Agreements in force: {names}.", names=agreements)] if agreements else []
    yield paragraph(" ".join(told), "", "  ")


def headline(facts: PlanFacts) -> Iterator[str]:
    """The whole head, with what the scenario changed and with warnings."""
    title, *rest = subject(facts)
    yield title
    yield "=" * len(title)
    yield from rest
    yield from made(facts)
    if facts.changes:
        yield say("Changed from the model's own choices:")
        yield from (paragraph(change, "  ", "  ") for change in facts.changes)
    yield from (paragraph(say("Warning: {warning}", warning=warning), "", "  ") for warning in facts.warnings)
