"""Differences: what one plan gives each party, the lake and the storages, beside another."""

from __future__ import annotations

from waterflow.accounts.comparison import Allocated
from waterflow.accounts.fact import Fact
from waterflow.accounts.party_seasons import party_seasons
from waterflow.accounts.plan import Plan
from waterflow.units import split_unit

__all__ = ["Difference", "differences"]

#: key: (what, who, unit)
Key = tuple[str, str, str]
#: what is told of a party: fields of its seasons, summed
WHAT = {"water": "delivered_Mm3", "generation": "plants_GWh", "unserved": "unserved_GWh", "import": "bought_GWh"}
#: differences below these say nothing
SAYS = {"Mm3": 0.5, "GWh": 0.5, "million USD": 0.05, "share of the claim": 5e-4}
#: where more is a loss
LESS_IS_BETTER = frozenset({"unserved", "shortage", "cost"})
#: neither good nor bad in itself: fewer imports may be power that is not served, more hydropower water that others need
MEANS = frozenset({"import", "generation"})


class Difference(Fact):
    """A figure of a plan beside the same of another; ``loss`` tells whether the plan is the worse one, None where neither is."""

    what: str
    who: str
    unit: str
    plan: float
    other: float
    loss: bool | None

    @property
    def by(self) -> float:
        """How far apart the two are."""
        return abs(self.plan - self.other)


def _figures(allocation: Allocated) -> dict[Key, float]:
    """Water and power by party, targets, closing storages, the largest shortage of each priority, the cost."""
    basin, dataset = allocation.basin, allocation.dataset
    plan = Plan(basin, dataset)
    found: dict[Key, float] = {}
    for row in party_seasons(plan):
        for what, field in WHAT.items():
            if (value := getattr(row, field)) is not None:
                key = (what, row.party, split_unit(field)[1])
                found[key] = found.get(key, 0.0) + float(value)
    for target in basin.targets.values():
        key = ("target", target.place, "Mm3")
        found[key] = found.get(key, 0.0) + plan.over(plan.series("flow", target.reach), target.window)
    for reservoir in basin.reservoirs:
        found["closing", reservoir, "Mm3"] = float(plan.series("storage", reservoir)[-1])
    for name, value, unit in zip(dataset["stage"].values, dataset["stage_value"].values, dataset["stage_unit"].values, strict=True):
        if str(unit) == "share of the claim" and "/" not in str(name):
            found["shortage", str(name), str(unit)] = float(value)
        elif str(unit) == "million USD":
            sign = -1.0 if str(dataset["stage_sense"].sel(stage=name).item()) == "maximise" else 1.0
            found["cost", str(name), str(unit)] = sign * float(value)
    return found


def differences(plan: Allocated, other: Allocated) -> list[Difference]:
    """Figures in which two plans differ enough to be said, the plan's own first; what only one has is left out."""
    own, theirs = _figures(plan), _figures(other)
    both = [_difference(key, own[key], theirs[key]) for key in own if key in theirs]
    return [d for d in both if d.by > SAYS.get(d.unit, 0.0)]


def _difference(key: Key, plan: float, other: float) -> Difference:
    what, who, unit = key
    loss = None if what in MEANS else (plan > other) == (what in LESS_IS_BETTER)
    return Difference(what=what, who=who, unit=unit, plan=plan, other=other, loss=loss)
