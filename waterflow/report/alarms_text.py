"""Alarms in words: where a plan passes a level, by how much, and at what damage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.accounts.alarm_facts import AlarmFact
from waterflow.accounts.facts import PlanFacts
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import period_alone
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, places, quantity

__all__ = ["alarms_in_short", "section"]

#: what the level and the planned figure of an alarm are
UNITS = {"storage": "Mm3", "flow": "m3/s"}
#: how the worst period of an alarm is told
TOLD = {
    "storage": mark("Alarm: {title}, {periods}; at worst {planned} in {when}, {level} needed."),
    "flow": mark("Alarm: {title}, {periods}; at worst {planned} in {when}, {level} is the most without damage."),
}


def _by_alarm(facts: PlanFacts) -> dict[str, list[AlarmFact]]:
    found: dict[str, list[AlarmFact]] = {}
    for x in facts.alarms:
        found.setdefault(x.alarm, []).append(x)
    return found


def _rung(facts: PlanFacts, rung: Sequence[AlarmFact]) -> str:
    worst = max(rung, key=lambda x: x.beyond_Mm3)
    periods = say_many("{count} period", "{count} periods", len(rung))
    planned, level = (quantity(x, UNITS[worst.kind], 0) for x in (worst.planned, worst.level))
    title = facts.titles.get(worst.alarm, worst.alarm)
    return say(TOLD[worst.kind], title=title, periods=periods, planned=planned, level=level, when=period_alone(worst.period))


def alarms_in_short(facts: PlanFacts, party: str = "") -> Iterator[str]:
    """One sentence for each alarm that rings, for the page; of one party's, if it is named."""
    for rung in _by_alarm(facts).values():
        if party in ("", rung[0].party):
            yield _rung(facts, rung)


def section(facts: PlanFacts) -> Iterator[str]:
    """Every period in which an alarm rings."""
    if not facts.alarms:
        return
    yield heading(say("Alarms: storages below a level and flows above one"))
    decimals = places([x.damage_MUSD for x in facts.alarms])
    body = [
        [
            facts.titles.get(x.alarm, x.alarm),
            x.party,
            period_alone(x.period),
            quantity(x.planned, UNITS[x.kind], 0),
            quantity(x.level, UNITS[x.kind], 0),
            number(x.beyond_Mm3, 1),
            number(x.damage_MUSD, decimals),
        ]
        for x in facts.alarms
    ]
    head = [say("alarm"), say("party"), say("when"), say("plan"), say("level"), say("beyond,\nMm3"), say("damage,\nmillion USD")]
    yield columns(head, body, 3)
    yield paragraph(say("The damage is part of the cost; it is counted for the party named."))
