"""A plan judged, as facts for JSON with what is said of it in every language, and its repair as a table that can be read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import Field

from waterflow.accounts.comparison_facts import Gain
from waterflow.accounts.fact import Answer, Fact
from waterflow.negotiation.breaches import Breach
from waterflow.negotiation.differences import Difference
from waterflow.negotiation.evaluate import Evaluation
from waterflow.negotiation.repair import Change
from waterflow.report.evaluation_text import breach_in_full, filled_in_words, sentences
from waterflow.report.sheets import Rows
from waterflow.words.catalogue import languages, speaking

__all__ = ["BreachFact", "EvaluationFacts", "RepairFacts", "evaluation_facts", "repaired_rows"]

#: decimals of a repaired figure: a litre a second, a thousandth of what counts as a breach
DECIMALS = 6
Said = TypeVar("Said")


class BreachFact(Breach):
    """A breach and what its rule says, by language."""

    titles: dict[str, str]


class RepairFacts(Fact):
    """The sum of absolute changes, and each."""

    total_Mm3: float
    changes: tuple[Change, ...]
    costs: tuple[Gain, ...] = Field(description="What it changes for each party beside the plan")


class EvaluationFacts(Answer):
    """Everything an evaluation says; ``notes`` and ``sentences`` by language."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    step: str = Field(description="Length of a period")
    plan: str = Field(description="Name of the file that was judged")
    last: str | None = Field(description="Name of the last plan")
    unit: str = Field(description="Of the table")
    keeps_every_limit: bool = Field(description="True if nothing hard is broken")
    notes: dict[str, tuple[str, ...]] = Field(
        description="By language: from what a workbook was made where it is judged under something else, and what was filled in"
    )
    breaches: tuple[BreachFact, ...]
    beside_optimum: tuple[Difference, ...] = Field(description="What the best plan does otherwise")
    beside_last: tuple[Difference, ...] | None = Field(description="What the last plan does otherwise; None without one")
    sentences: dict[str, tuple[str, ...]] = Field(description="By language: three")
    repair: RepairFacts | None = Field(description="None if nothing hard is broken")


def evaluation_facts(found: Evaluation, plan: str, last: str = "", *, about: Callable[[], tuple[str, ...]] = tuple) -> EvaluationFacts:
    """Everything an evaluation says, ready for JSON.

    Parameters
    ----------
    found : Evaluation
    plan, last : str
        How the plan and the last one are called.
    about : callable
        What else is to be noted, in the language spoken.
    """
    basin, repair = found.plan.basin, found.repair
    return EvaluationFacts(
        model=basin.name,
        scenario=basin.scenario or None,
        step=basin.calendar.step,
        plan=plan,
        last=last or None,
        unit=found.plan.unit,
        keeps_every_limit=not found.broken,
        notes=_in_every_language(lambda: (*about(), *(filled_in_words(basin, x) for x in found.plan.filled))),
        breaches=tuple(_breach(found, b) for b in found.breaches),
        beside_optimum=found.beside_optimum,
        beside_last=found.beside_last,
        sentences=_in_every_language(lambda: tuple(sentences(found, last))),
        repair=None if repair is None else RepairFacts(total_Mm3=repair.total, changes=repair.changes, costs=found.repair_costs),
    )


def _breach(found: Evaluation, b: Breach) -> BreachFact:
    return BreachFact(**dict(b), titles=_in_every_language(lambda: breach_in_full(found.plan.basin, b)))


def _in_every_language(said: Callable[[], Said]) -> dict[str, Said]:
    result = {}
    for language in languages():
        with speaking(language):
            result[language] = said()
    return result


def repaired_rows(found: Evaluation) -> Rows:
    """The repaired plan, or the plan itself if nothing had to change: one row for each figure, in the unit it was typed in."""
    basin, repair = found.plan.basin, found.repair
    releases, withdrawals = (repair.releases, repair.withdrawals) if repair else (found.plan.releases, found.plan.withdrawals)
    suffix = "m3s" if found.plan.unit == "m3/s" else "Mm3"
    rows: Rows = [["place", "quantity", "period", f"value_{suffix}", f"was_{suffix}"]]
    for quantity, now, then in (("flow", releases, found.plan.releases), ("withdrawal", withdrawals, found.plan.withdrawals)):
        for name in sorted(now):
            for period, after, before in zip(basin.calendar.periods, now[name], then[name], strict=True):
                rate = period.rate if suffix == "m3s" else 1.0
                rows.append([name, quantity, period.label, round(rate * float(after), DECIMALS), round(rate * float(before), DECIMALS)])
    return rows
