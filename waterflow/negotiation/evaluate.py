"""Evaluate: a plan somebody brings, its breaches, what it loses beside the optimum and the last plan, and its repair."""

from __future__ import annotations

from dataclasses import dataclass

from waterflow.accounts.comparison import Allocated
from waterflow.accounts.comparison_facts import Gain
from waterflow.accounts.parties import beside, gains
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocate import allocate
from waterflow.allocation.allocation import Allocation
from waterflow.basin.basin import Basin
from waterflow.loading.plan_table import GivenPlan
from waterflow.negotiation.breaches import Breach, breaches
from waterflow.negotiation.completed_plan import CompletedPlan, completed, with_figures
from waterflow.negotiation.differences import Difference, differences
from waterflow.negotiation.fixed_plan import FixedPlan
from waterflow.negotiation.repair import Repair, repair

__all__ = ["Evaluation", "evaluate", "fixed_plan"]


@dataclass(frozen=True)
class Evaluation:
    """A plan judged.

    Attributes
    ----------
    plan : CompletedPlan
        The plan, made whole.
    allocation : Allocation
        What it gives, as an allocation like any other.
    breaches : tuple of Breach
        What it breaks, what is hard first.
    optimum : Allocation
    beside_optimum : tuple of Difference
    beside_last : tuple of Difference or None
        None without a last plan.
    repair : Repair or None
        None if nothing hard is broken.
    repair_costs : tuple of Gain
        What the repair changes for each party beside the plan: who gains, who loses.
    """

    plan: CompletedPlan
    allocation: Allocation
    breaches: tuple[Breach, ...]
    optimum: Allocation
    beside_optimum: tuple[Difference, ...]
    beside_last: tuple[Difference, ...] | None
    repair: Repair | None
    repair_costs: tuple[Gain, ...] = ()

    @property
    def broken(self) -> tuple[Breach, ...]:
        """What is hard and broken."""
        return tuple(b for b in self.breaches if b.hard)


def fixed_plan(optimum: Allocation, given: GivenPlan, *, rest_from_optimum: bool = False) -> FixedPlan:
    """A plan in the program of the river of an optimum, whose threshold shares are owed.

    Raises
    ------
    InputError
        If a release is missing.
    """
    return FixedPlan(completed(optimum.basin, given, optimum.dataset if rest_from_optimum else None))


def evaluate(
    basin: Basin,
    given: GivenPlan,
    *,
    rest_from_optimum: bool = False,
    optimum: Allocation | None = None,
    last: Allocated | None = None,
) -> Evaluation:
    """Judge a plan.

    Parameters
    ----------
    basin : Basin
    given : GivenPlan
        As `waterflow.loading.plan_table.read_plan` reads it.
    rest_from_optimum : bool
        Take what the plan does not give from the optimum.
    optimum : Allocation, optional
        Solved here without one.
    last : Allocation, optional
        Set beside the plan too.

    Raises
    ------
    InputError
        If a release is missing, or the basin is not a river that can be allocated.
    ConflictError
        If no plan obeys every hard rule.
    SolverError
        If a program cannot be certified, or a plan fails the audit.
    """
    best = optimum or allocate(basin)
    fixed = fixed_plan(best, given, rest_from_optimum=rest_from_optimum)
    found = tuple(breaches(fixed))
    mended = repair(fixed) if any(b.hard for b in found) else None
    return Evaluation(
        plan=fixed.plan,
        allocation=fixed.allocation,
        breaches=found,
        optimum=best,
        beside_optimum=tuple(differences(fixed.allocation, best)),
        beside_last=None if last is None else tuple(differences(fixed.allocation, last)),
        repair=mended,
        repair_costs=_costs(fixed, mended) if mended else (),
    )


def _costs(fixed: FixedPlan, mended: Repair) -> tuple[Gain, ...]:
    """What each party has under the repaired plan beside what it has under the plan; neither is of the best plan."""
    again = FixedPlan(with_figures(fixed.plan, mended.releases, mended.withdrawals)).allocation
    plans = {name: Plan(x.basin, x.dataset) for name, x in (("plan", fixed.allocation), ("repaired", again))}
    return gains(beside(fixed.plan.basin.name, plans))
