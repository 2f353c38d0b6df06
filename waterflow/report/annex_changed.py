"""What an annex says has changed against the plan before."""

from __future__ import annotations

from waterflow.accounts.facts import PlanFacts
from waterflow.report.annex_parts import Cell, Section
from waterflow.words.catalogue import say
from waterflow.words.dates import window_in_words
from waterflow.words.numbers import unit

__all__ = ["NOTHING", "what_changed"]

#: a change below this is none: Mm3, million USD
NOTHING = 0.05


def what_changed(facts: PlanFacts, before: PlanFacts) -> Section:
    """What changed against the plan before, and who gains."""
    rows: list[tuple[Cell, ...]] = []

    def beside(name: str, old: float, new: float, decimals: int = 0) -> None:
        if abs(new - old) > NOTHING:
            rows.append((name, (old, decimals), (new, decimals), (new - old, decimals)))

    old_targets = {(x.place, x.window): x.delivered_Mm3 for x in before.targets}
    for t in facts.targets:
        name = f"{facts.titles.get(t.place, t.place)}, {window_in_words(t.window)}, {unit('Mm3')}"
        beside(name, old_targets.get((t.place, t.window), 0.0), t.delivered_Mm3)
    old_water, old_money = _by_party(before)
    water, money = _by_party(facts)
    for party, value in water.items():
        beside(say("{party}: water, {unit}", party=party, unit=unit("Mm3")), old_water.get(party, 0.0), value)
    for party, value in money.items():
        beside(say("{party}: payoff, {unit}", party=party, unit=unit("million USD")), old_money.get(party, 0.0), value, 1)
    head = ("", say("before"), say("plan"), say("change"))
    return Section(say("What changed, and who gains"), head, tuple(rows))


def _by_party(facts: PlanFacts) -> tuple[dict[str, float], dict[str, float]]:
    """Water delivered and payoff at central values, by party."""
    water: dict[str, float] = {}
    for x in facts.deliveries:
        if x.use != "unexplained":
            water[x.party] = water.get(x.party, 0.0) + x.delivered_Mm3
    money: dict[str, float] = {}
    for y in facts.payoffs:
        if y.party in water:
            money[y.party] = money.get(y.party, 0.0) + y.central_MUSD
    return water, money
