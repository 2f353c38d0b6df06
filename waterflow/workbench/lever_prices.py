"""What a step of each lever does, and what each party has without a deal: small solves beside the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.accounts.payoffs import has_values, payoffs
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocation import Allocation
from waterflow.allocation.resolve import Solver
from waterflow.basin.addresses import addressed
from waterflow.basin.basin import Basin
from waterflow.basin.values import LEVELS
from waterflow.errors import ConflictError
from waterflow.workbench.levers import Lever
from waterflow.workbench.picture import chosen

__all__ = ["LeverPrice", "LeverPrices", "NoDealFacts", "delivered_to_targets", "lever_prices", "without_deal"]

#: a step of a factor that is priced, and of an amount in steps of its lever
FACTOR = 0.01
#: parties that a deal takes
TWO = 2


class LeverPrice(Fact):
    """What one step of a lever does."""

    named_by = ("address",)

    address: str
    step: float = Field(description="Of the factor, or Mm3")
    possible: bool = Field(description="False where no plan obeys one step more")
    target_Mm3: float = Field(description="Change of what reaches the targets")
    money_MUSD: dict[str, float] = Field(description="Change of each party's payoff at central values; empty without values")


class LeverPrices(Fact):
    """What a step of each lever does."""

    status: str
    prices: tuple[LeverPrice, ...]


class NoDealFacts(Fact):
    """What each party has without a deal, million USD by level; empty where nothing has a value."""

    status: str
    payoffs: dict[str, dict[str, float]]


def lever_prices(solver: Solver, basin: Basin, levers: Iterable[Lever], questions: Mapping[str, float | str]) -> LeverPrices:
    """What a step up of each lever does to the plan of a river as it is asked.

    Parameters
    ----------
    solver : Solver
        Of the river as it was laid out.
    basin : Basin
        With what is asked.
    levers : iterable of Lever
    questions : mapping
        What is asked.
    """
    asked = tuple(levers)
    base = solver.allocate(basin)
    stands = chosen(base, asked)
    return LeverPrices(status="prices", prices=tuple(_price(solver, base, lever, questions, stands) for lever in asked))


def _price(solver: Solver, base: Allocation, lever: Lever, questions: Mapping[str, float | str], stands: Mapping[str, float]) -> LeverPrice:
    step = FACTOR if lever.kind == "factor" else lever.step
    if lever.kind == "factor":
        moved_to: float | str = f"x{float(str(questions.get(lever.address, 'x1')).removeprefix('x')) + step:.6g}"
    else:
        # a figure that nobody promised is moved from where the plan put it
        moved_to = max(stands.get(lever.address, 0.0), float(sum(addressed(base.basin, lever.address).values))) + step
    try:
        moved = solver.allocate(solver.basin.asked({**questions, lever.address: moved_to}))
    except ConflictError:
        return LeverPrice(address=lever.address, step=step, possible=False, target_Mm3=0.0, money_MUSD={})
    money = {}
    if has_values(base.basin):
        before, after = (payoffs(x.basin, x.dataset, ("central",))["central"] for x in (base, moved))
        money = {party: after[party] - before[party] for party in base.basin.parties}
    change = delivered_to_targets(moved) - delivered_to_targets(base)
    return LeverPrice(address=lever.address, step=step, possible=True, target_Mm3=change, money_MUSD=money)


def delivered_to_targets(allocation: Allocation) -> float:
    """What reaches the targets, Mm3."""
    plan = Plan(allocation.basin, allocation.dataset)
    return sum(plan.over(plan.series("flow", x.reach), x.window) for x in allocation.basin.targets.values())


def without_deal(basin: Basin) -> NoDealFacts:
    """What each party has without a deal, with the figures that are asked, no clause in force."""
    from waterflow.negotiation.joint import Joint
    from waterflow.negotiation.no_deal import table_of

    if not has_values(basin) or len(basin.parties) < TWO:
        return NoDealFacts(status="no_deal", payoffs={})
    found = {}
    for level in LEVELS:
        payoff = Joint(table_of(basin.at_level(level))).alone().payoffs
        found[level] = {party: payoff[party] for party in basin.parties}
    return NoDealFacts(status="no_deal", payoffs=found)
