"""Facts of what parties could give each other: plans that levers reach, and those that no other betters."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact

__all__ = ["PackageOf", "TradeOffFacts", "TradePlan"]


class TradePlan(Fact):
    """A plan that the page makes when these levers are set."""

    named_by = ("number",)

    number: int = Field(description="From 0, in the order in which they were tried")
    questions: dict[str, float | str] = Field(description="Figures to set, those of the page among them")
    order: tuple[str, ...] = Field(description="Names of priorities; empty where the page's own order stays")
    moved: tuple[str, ...] = Field(description="Addresses that differ from the page, and ``order``")
    gains_MUSD: dict[str, float] = Field(description="Of each party above no deal, at central values")
    target_Mm3: float = Field(description="What reaches the targets")
    unbettered: bool = Field(description="Whether no other plan tried gives one of the two parties more and the other no less")


class PackageOf(Fact):
    """A plan worth a name."""

    named_by = ("kind",)

    kind: str = Field(description="``together``, ``worst_off``, ``target``, or ``most/PARTY``")
    number: int = Field(description="Of the plan")


class TradeOffFacts(Fact):
    """What two parties could give each other by moving the page's levers."""

    status: str = Field(description="``trade_offs``")
    questions: tuple[str, ...] = Field(description="What was asked, as it was understood")
    step: str
    parties: tuple[str, str]
    plans: tuple[TradePlan, ...] = Field(description="The first is the page's own, where it has a plan")
    packages: tuple[PackageOf, ...]
    clashed: int = Field(description="How many settings had no plan")
    left_out: int = Field(description="How many settings of the round were not tried, for want of plans or time")
    joint: tuple[tuple[float, float], ...] = Field(
        description="Gains of both where all parties planned together for money, no party below no deal and no order of priorities "
        "(`waterflow negotiate --frontier`): what is there beyond the levers"
    )
