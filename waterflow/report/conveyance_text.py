"""Lifts and canals that cost something in words, and water that a plan turns round."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.accounts.facts import PlanFacts
from waterflow.report.grades import resting_on
from waterflow.report.names import season
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import period_alone
from waterflow.words.layout import columns, heading
from waterflow.words.numbers import number, places, quantity

__all__ = ["section", "turned_in_short"]


def turned_in_short(facts: PlanFacts) -> Iterator[str]:
    """One sentence for each way round on which water turns."""
    for way in dict.fromkeys(x.way for x in facts.turned):
        own = [x for x in facts.turned if x.way == way]
        worst = max(own, key=lambda x: x.turned_Mm3)
        periods = say_many("{count} period", "{count} periods", len(own))
        about = {"way": way, "periods": periods, "most": quantity(worst.turned_Mm3, "Mm3", 1), "when": period_alone(worst.period)}
        told = mark("Water goes round, {way}, in {periods}: at most {most}, in {when}; what is counted on the way counts it each time.")
        yield say(told, **about)


def section(facts: PlanFacts) -> Iterator[str]:
    """What passes each reach with a cost, and what it costs and takes of electricity."""
    if not facts.passages:
        return
    yield heading(say("Lifts and canals that cost something"))
    decimals = places([x.cost_MUSD for x in facts.passages])
    body = [
        [x.title, x.party, season(x.season), number(x.flow_Mm3, 1), number(x.electricity_GWh, 1), number(x.cost_MUSD, decimals)]
        for x in facts.passages
    ]
    head = [say("reach"), say("party"), say("season"), say("water,\nMm3"), say("electricity,\nGWh"), say("cost,\nmillion USD")]
    yield columns(head, body, 3)
    yield from resting_on(facts.inputs, "reach_costs")
