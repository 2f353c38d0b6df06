"""Facts of a negotiation: who has what without a deal, what each coalition gains, fair divisions, payments, bargaining solutions."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.calendar import Step

__all__ = [
    "AimFact",
    "Bargain",
    "CoalitionFact",
    "Division",
    "FrontierFact",
    "FrontierPoint",
    "HarmingCoalition",
    "HarmingFact",
    "NegotiationFacts",
    "PartyFact",
    "Payment",
    "PerformanceFact",
    "TargetServed",
    "TemptationFact",
]


class TargetServed(Fact):
    """A target under a plan."""

    window: str
    place: str
    title: str
    target_Mm3: float
    delivered_Mm3: float


class PartyFact(Fact):
    """A party without a deal, and what it can hope for."""

    named_by = ("party",)

    party: str
    low_MUSD: float = Field(description="Payoff without a deal at low values")
    central_MUSD: float
    high_MUSD: float
    delivered_Mm3: float = Field(description="Water its users get without a deal")
    unserved_GWh: float = Field(description="Power it does not serve without a deal")
    most_MUSD: float = Field(description="The most its payoff could rise while nobody loses, without payments, among the solutions found")


class CoalitionFact(Fact):
    """A coalition of two or more and what it reaches, harming nobody outside."""

    named_by = ("members",)

    members: tuple[str, ...]
    low_MUSD: float = Field(description="What it gains over no deal at low values")
    central_MUSD: float
    high_MUSD: float
    gains_MUSD: dict[str, float] = Field(description="By party, outsiders too, before payments, at central values")
    delivered_Mm3: dict[str, float] = Field(description="Change of the water each party's users get")
    unserved_GWh: dict[str, float] = Field(description="Change of the power each party does not serve")
    targets: tuple[TargetServed, ...]


class HarmingCoalition(Fact):
    """What a coalition, or a party alone, reaches where outsiders may be harmed, at central values."""

    named_by = ("members",)

    members: tuple[str, ...]
    gain_MUSD: float = Field(description="What it gains over no deal")
    more_MUSD: float = Field(description="Of that, what it gains more than where it harms nobody")
    gains_MUSD: dict[str, float] = Field(description="By party, outsiders too")
    dry: dict[str, int] = Field(description="In how many periods outsiders are short at a place")


class HarmingFact(Fact):
    """Coalitions that may harm those outside: these take what they had without a deal as long as it arrives."""

    named_by = ()

    coalitions: tuple[HarmingCoalition, ...]
    epsilon_MUSD: float = Field(description="Least core of that game; below 0 the core is empty")


class Division(Fact):
    """A division of what all gain together."""

    named_by = ("rule", "level")

    rule: str
    level: str
    gains_MUSD: dict[str, float] | None = Field(description="What each party has above no deal; None where the game has no such division")
    in_core: bool | None = Field(description="Whether no coalition could do better by itself")
    disruption: dict[str, float | None] | None = Field(description="Propensity to disrupt (Gately); None where it is not finite")


class Payment(Fact):
    """What a party is paid (below 0: pays) so that nobody leaves, at central values, with the plan of all together."""

    named_by = ("party",)

    party: str
    before_MUSD: float = Field(description="What the plan of all brings it above no deal, before payments")
    least_MUSD: float | None = Field(description="The least payment that keeps everybody; None where nothing does")
    most_MUSD: float | None
    middle_MUSD: float | None
    middle_GWh: float | None = Field(description="The middle in electricity at the rate; None without a rate")


class TemptationFact(Fact):
    """What a party could get by breaking the deal of all, which pays as the nucleolus divides, at the end of the year."""

    named_by = ("party",)

    party: str
    paid_MUSD: float = Field(description="What it is paid under the deal; below 0: pays")
    gain_MUSD: float = Field(description="Of the deal over no deal, payments counted")
    from_period: str | None = Field(description="From which on breaking it brings most; None where it brings nothing")
    temptation_MUSD: float = Field(description="What it then has above the deal")
    discount: float | None = Field(description="What a year later must count at least to hold it; None where no weight does")
    by_period_MUSD: dict[str, float] = Field(description="The same by the first period in which the deal is broken")


class Bargain(Fact):
    """A bargaining solution without payments, at central values."""

    named_by = ("solution",)

    solution: str
    gains_MUSD: dict[str, float]
    together_MUSD: float
    targets: tuple[TargetServed, ...]


class AimFact(Fact):
    """Something that is aimed at."""

    named_by = ("aim",)

    aim: str
    unit: str
    title: str
    least: float = Field(description="Where the other aims come first")
    most: float = Field(description="Where it comes first itself")


class FrontierPoint(Fact):
    """A point that no other betters: the value of each aim, and what each party gains with it."""

    named_by = ()

    values: tuple[float, ...]
    gains_MUSD: dict[str, float]


class FrontierFact(Fact):
    """What of one thing costs of another, nobody having less than without a deal."""

    named_by = ()

    aims: tuple[AimFact, ...]
    points: tuple[FrontierPoint, ...]
    wished: tuple[float, ...] = Field(default=(), description="What was wished for of each aim; empty where nothing was")
    nearest: FrontierPoint | None = Field(default=None, description="The point nearest to that, or passing it by most")


class PerformanceFact(Fact):
    """Releases that were made, beside no deal and the plan of all together, Mm3 by period."""

    named_by = ("reach",)

    reach: str
    title: str
    score: float | None = Field(description="Share of the way from no deal to the plan of all together; None where they are the same")
    done_Mm3: dict[str, float]
    alone_Mm3: dict[str, float]
    together_Mm3: dict[str, float]
    by_period: dict[str, float | None]


class NegotiationFacts(Answer):
    """What a river's parties can reach."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    step: Step = Field(description="Length of a period")
    horizon: str = Field(description="A window")
    keep_targets: bool = Field(description="Whether targets come before what anybody wants for itself")
    price_of_targets_MUSD: float | None = Field(
        description="What keeping the targets takes from what all have together; None where they are not kept"
    )
    parties: tuple[PartyFact, ...]
    coalitions: tuple[CoalitionFact, ...]
    torn: tuple[tuple[str, ...], ...] = Field(description="Pairs of coalitions that have less together than apart, as ``A+B`` and ``C``")
    harming: HarmingFact | None = Field(default=None, description="Coalitions that may harm those outside; None where not asked")
    epsilon_MUSD: dict[str, float] = Field(
        description="Least core by level: what every coalition can be given above what it has; below 0 the core is empty"
    )
    divisions: tuple[Division, ...]
    rate_USD_per_kWh: float | None = Field(description="At which electricity stands for money: the mean price of imports")
    payments: tuple[Payment, ...]
    temptations: tuple[TemptationFact, ...]
    bargains: tuple[Bargain, ...]
    frontier: FrontierFact | None = Field(description="None where none was asked for")
    performance: tuple[PerformanceFact, ...] = Field(default=(), description="Of releases that were made; empty where none were given")
    assumed: bool = Field(description="Whether some value behind the payoffs is a guess")
    worst_certificate: float = Field(description="Worst residual of any stage of any plan")
    plans: int = Field(description="How many plans were solved, certified and audited")
