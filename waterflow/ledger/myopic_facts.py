"""Facts of a horizon decided step by step beside one decided with foresight: what foresight is worth, and to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pydantic import Field

from waterflow.accounts.comparison import comparison
from waterflow.accounts.comparison_facts import Comparison
from waterflow.accounts.fact import Fact
from waterflow.accounts.facts import PlanFacts
from waterflow.accounts.plan_facts import plan_facts
from waterflow.allocation.allocation import Allocation
from waterflow.basin.titles import called
from waterflow.ledger.myopic import Myopic

__all__ = ["FORESIGHT", "STEP_BY_STEP", "MyopicFacts", "MyopicWay", "NotHeld", "myopic_facts"]

FORESIGHT, STEP_BY_STEP = "foresight", "step_by_step"


class NotHeld(Fact):
    """A storage agreed for a date that no decision of its own period could keep any more."""

    place: str
    title: str
    date: str
    agreed_Mm3: float
    modelled_Mm3: float


class MyopicWay(Fact):
    """A way to decide the horizon, and what it comes to, the whole river and horizon together."""

    way: str = Field(description="`foresight`, `step_by_step`, or `step_by_step/VALUE` with the value of water kept")
    water_value_USD_per_m3: float = Field(description="What each m3 kept at the end of a period is worth to who decides it; of foresight 0")
    short_Mm3: float = Field(description="Asked by users and not delivered")
    targets_missed_Mm3: float
    unserved_GWh: float
    money_MUSD: float | None = Field(description="Payoffs of all parties, and of none, at central values; None where water has no value")
    stored_Mm3: float = Field(description="In all reservoirs and lakes at the end")
    not_held: tuple[NotHeld, ...]


class MyopicFacts(Fact):
    """A horizon decided step by step beside foresight."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    title: str = Field(description="The river as people call it, in the language spoken")
    horizon: str = Field(description="First and last day")
    left_out: tuple[str, ...] = Field(description="Agreements that are left out of every way: a period alone cannot tell what is due in it")
    ways: tuple[MyopicWay, ...] = Field(description="Foresight first")
    comparison: Comparison = Field(description="The ways side by side; its scenarios are the ways")


def myopic_facts(foresight: Allocation, steps: Mapping[float, Myopic], left_out: Sequence[str] = ()) -> MyopicFacts:
    """What some ways of deciding come to.

    Parameters
    ----------
    foresight : Allocation
        Of the whole horizon at once.
    steps : mapping of value of water kept, USD per m3, to Myopic
    left_out : sequence of str
        Agreements of the model that no way has.
    """
    names = {value: f"{STEP_BY_STEP}/{value:g}" if value else STEP_BY_STEP for value in steps}
    plans = {FORESIGHT: foresight, **{names[value]: found.plan for value, found in steps.items()}}
    facts = {name: plan_facts(x.basin, x.dataset) for name, x in plans.items()}
    held = {names[value]: _not_held(foresight, found) for value, found in steps.items()}
    values = {names[value]: value for value in steps}
    beside = comparison(*plans.values())
    renamed = dict(zip(beside.scenarios, plans, strict=True))
    rows = tuple(r.model_copy(update={"values": {renamed[n]: v for n, v in r.values.items()}}) for r in beside.rows)
    first = facts[FORESIGHT]
    return MyopicFacts(
        model=first.model,
        scenario=first.scenario,
        title=first.title,
        horizon=first.horizon,
        left_out=tuple(left_out),
        ways=tuple(_way(name, values.get(name, 0.0), x, held.get(name, ())) for name, x in facts.items()),
        comparison=beside.model_copy(update={"scenarios": tuple(plans), "rows": rows}),
    )


def _way(name: str, value: float, facts: PlanFacts, not_held: tuple[NotHeld, ...]) -> MyopicWay:
    worth = [x.central_MUSD for x in facts.payoffs if x.term == "payoff"]
    return MyopicWay(
        way=name,
        water_value_USD_per_m3=value,
        short_Mm3=sum(max(0.0, x.need_Mm3 - x.delivered_Mm3) for x in facts.deliveries),
        targets_missed_Mm3=sum(x.shortfall_Mm3 for x in facts.targets),
        unserved_GWh=sum(x.unserved_GWh or 0.0 for x in facts.power),
        money_MUSD=sum(worth) if worth else None,
        stored_Mm3=sum(x.periods[-1].storage_Mm3 for x in facts.reservoirs),
        not_held=not_held,
    )


def _not_held(foresight: Allocation, found: Myopic) -> tuple[NotHeld, ...]:
    """The rules that were missed, beside what there was."""
    basin, stored = foresight.basin, found.plan.dataset["storage"]
    told = []
    for rule in (basin.storage_rules[name] for name in found.not_held):
        there = float(stored.sel(reservoir=rule.reservoir).values[rule.period])
        day = str(basin.calendar.periods[rule.period].end + dt.timedelta(days=1))
        title = called(basin, rule.reservoir)
        told.append(NotHeld(place=rule.reservoir, title=title, date=day, agreed_Mm3=rule.storage, modelled_Mm3=there))
    return tuple(told)
