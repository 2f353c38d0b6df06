"""The plan in force of a ledger, held against a plan that was solved: a ledger has the figures of its plan, not its program."""

from __future__ import annotations

from waterflow.accounts.plan import Plan
from waterflow.errors import Problem
from waterflow.ledger.ledger import Ledger
from waterflow.ledger.planned import plan_rows
from waterflow.ledger.rows import BEGINNING, Row, chained
from waterflow.words.catalogue import say

__all__ = ["require_in_force", "season_in_force", "with_plan"]

#: Mm3, and share of a figure, by which one plan may be told differently by two machines
NEAR, SHARE = 0.01, 1e-4


def season_in_force(ledger: Ledger) -> Row | None:
    """The season of the plan that was added last; None where the ledger has no plan."""
    return next(reversed(ledger.plans.values()), None)


def require_in_force(ledger: Ledger, plan: Plan, shown: str) -> None:
    """Refuse a plan that is not the ledger's plan in force; any is welcome to a ledger that has none.

    Parameters
    ----------
    ledger : Ledger
    plan : Plan
    shown : str
        How messages call the ledger.

    Raises
    ------
    InputError
        If some figure differs by more than a hundredth of a Mm3 and a ten-thousandth of itself, or stands in one of the two alone.
    """
    season = season_in_force(ledger)
    if season is None:
        return
    said, made = _figures(list(ledger.of_plan(season["plan"]))), _figures(chained(plan_rows(plan, ""), BEGINNING, "-", "-"))
    apart = next((key for key in {**said, **made} if not _near(said.get(key), made.get(key))), None)
    if apart is not None:
        one, other = ("-" if found is None else f"{found:.2f}" for found in (said.get(apart), made.get(apart)))
        found = say("the plan {plan}; {series}: {one} Mm3 there, {other} Mm3 here", plan=season["plan"], series=", ".join(apart), one=one,
                    other=other)  # fmt: skip
        allowed = say("--plan PLAN.nc, as it was added to the ledger; or a ledger to which this plan is added")
        raise Problem("another-plan", shown, found, allowed).refusal()


def _figures(rows: list[Row]) -> dict[tuple[str, str, str], float]:
    """Figures of a plan by place, quantity and period."""
    return {
        (row["place"], row["quantity"], label): float(v) for row in rows if row.kind == "plan" for label, v in row["values"].items()
    }


def _near(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= NEAR + SHARE * abs(one)


def with_plan(ledger: Ledger, plan: Plan) -> Ledger:
    """A ledger with a plan in force: its own, or the one given, in memory alone."""
    if season_in_force(ledger) is not None:
        return ledger
    return Ledger((*ledger.rows, *chained(plan_rows(plan, ""), ledger.last, "-", "-")), ledger.torn)
