"""Facts of a negotiation: who has what without a deal, what each coalition gains, fair divisions, payments, bargaining solutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.basin.titles import called
from waterflow.basin.values import LEVELS
from waterflow.calendar import Step
from waterflow.negotiation import games
from waterflow.negotiation.negotiate import AtLevel, Negotiation
from waterflow.negotiation.no_deal import Outcome

__all__ = [
    "Bargain",
    "CoalitionFact",
    "Division",
    "NegotiationFacts",
    "PartyFact",
    "Payment",
    "TargetServed",
    "negotiation_facts",
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


class Bargain(Fact):
    """A bargaining solution without payments, at central values."""

    named_by = ("solution",)

    solution: str
    gains_MUSD: dict[str, float]
    together_MUSD: float
    targets: tuple[TargetServed, ...]


class NegotiationFacts(Answer):
    """What a river's parties can reach."""

    model: str
    scenario: str | None
    title: str
    step: Step
    horizon: str
    keep_targets: bool
    price_of_targets_MUSD: float | None = Field(
        description="What keeping the targets takes from what all have together; None where they are not kept"
    )
    parties: tuple[PartyFact, ...]
    coalitions: tuple[CoalitionFact, ...]
    torn: tuple[tuple[str, ...], ...] = Field(description="Pairs of coalitions that have less together than apart, as ``A+B`` and ``C``")
    epsilon_MUSD: dict[str, float] = Field(
        description="Least core by level: what every coalition can be given above what it has; below 0 the core is empty"
    )
    divisions: tuple[Division, ...]
    rate_USD_per_kWh: float | None = Field(description="At which electricity stands for money: the mean price of imports")
    payments: tuple[Payment, ...]
    bargains: tuple[Bargain, ...]
    assumed: bool = Field(description="Whether some value behind the payoffs is a guess")
    worst_certificate: float = Field(description="Worst residual of any stage of any plan")
    plans: int = Field(description="How many plans were solved, certified and audited")


def negotiation_facts(found: Negotiation, *, keep_targets: bool) -> NegotiationFacts:
    """What a negotiation says."""
    from waterflow.basin.titles import title_of

    basin, central = found.basin, found.central
    outcomes = [x for at in found.levels.values() for x in (at.alone, *at.game.outcomes.values())]
    outcomes += [*found.bargained.values(), *([found.targets_open] if found.targets_open else [])]
    rate = _rate(found)
    return NegotiationFacts(
        questions=basin.questions,
        model=basin.name,
        scenario=basin.scenario or None,
        title=title_of(basin, basin.name),
        step=basin.calendar.step,
        horizon=f"{basin.calendar.start}/{basin.calendar.end}",
        keep_targets=keep_targets,
        price_of_targets_MUSD=found.price_of_targets,
        parties=tuple(_parties(found)),
        coalitions=tuple(_coalitions(found)),
        torn=tuple(("+".join(sorted(s)), "+".join(sorted(t))) for s, t, _ in games.not_superadditive(central.values)),
        epsilon_MUSD={level: games.least_core(at.values)[0] for level, at in found.levels.items()},
        divisions=tuple(_divisions(found)),
        rate_USD_per_kWh=rate,
        payments=tuple(_payments(central, rate)),
        bargains=tuple(
            Bargain(
                solution=name,
                gains_MUSD=central.gains(x.payoffs),
                together_MUSD=sum(central.gains(x.payoffs).values()),
                targets=_targets(x),
            )
            for name, x in found.bargained.items()
        ),
        assumed=_guessed(found),
        worst_certificate=max(stage.certificate.worst for x in outcomes for stage in x.stages),
        plans=len(outcomes),
    )


def _guessed(found: Negotiation) -> bool:
    from waterflow.accounts.payoffs import TERMS, guessed

    return any(guessed(found.basin, term) for term in TERMS)


def _rate(found: Negotiation) -> float | None:
    """The mean price of imported power, USD per kWh (million USD per GWh)."""
    prices = [c for x in found.basin.supplies.values() if x.kind == "import" for c in x.cost]
    return float(np.mean(prices)) if prices else None


def _water(outcome: Outcome) -> dict[str, float]:
    """Water each party's users get, Mm3."""
    basin, given = outcome.table.basin, outcome.unknown("delivery")
    index = outcome.table.program.unknowns["delivery"].index
    found = dict.fromkeys(basin.parties, 0.0)
    for (demand, _), value in zip(index, given, strict=True):
        if basin.demands[demand].use != "unexplained":
            found[basin.demands[demand].party] += float(value)
    return found


def _power(outcome: Outcome) -> dict[str, float]:
    """Power each party does not serve, GWh."""
    basin = outcome.table.basin
    found = dict.fromkeys(basin.parties, 0.0)
    for (block, _), value in zip(outcome.table.program.unknowns["unserved"].index, outcome.unknown("unserved"), strict=True):
        found[basin.unserved_blocks[block].party] += float(value)
    return found


def _targets(outcome: Outcome) -> tuple[TargetServed, ...]:
    basin = outcome.table.basin
    flow = outcome.table.program.unknowns["flow"]
    found = []
    for x in basin.targets.values():
        labels = basin.calendar.labels_inside(x.window)
        passed = sum(float(outcome.point[flow.position[x.reach, t]]) for t in labels)
        about = {"window": str(x.window), "place": x.place, "title": called(basin, x.place)}
        found.append(TargetServed(**about, target_Mm3=x.amount, delivered_Mm3=passed))
    return tuple(found)


def _parties(found: Negotiation) -> Iterator[PartyFact]:
    central = found.central
    water, power = _water(central.alone), _power(central.alone)
    for party in central.joint.parties:
        by_level = {f"{level}_MUSD": at.alone.payoffs[party] for level, at in found.levels.items()}
        most = max(central.gains(x.payoffs)[party] for x in found.bargained.values())
        yield PartyFact(party=party, **by_level, delivered_Mm3=water[party], unserved_GWh=power[party], most_MUSD=most)


def _coalitions(found: Negotiation) -> Iterator[CoalitionFact]:
    central = found.central
    water, power = _water(central.alone), _power(central.alone)
    for members, outcome in central.game.outcomes.items():
        gained = {f"{level}_MUSD": at.values[members] - sum(at.alone.payoffs[p] for p in members) for level, at in found.levels.items()}
        yield CoalitionFact(
            members=tuple(p for p in central.joint.parties if p in members),
            **gained,
            gains_MUSD=central.gains(outcome.payoffs),
            delivered_Mm3=_less(_water(outcome), water),
            unserved_GWh=_less(_power(outcome), power),
            targets=_targets(outcome),
        )


def _less(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {p: one[p] - other[p] for p in one}


def _divisions(found: Negotiation) -> Iterator[Division]:
    for level in LEVELS:
        at = found.levels[level]
        for rule, shares in at.divisions.items():
            if shares is None:
                yield Division(rule=rule, level=level, gains_MUSD=None, in_core=None, disruption=None)
                continue
            disruption = games.propensity_to_disrupt(at.values, shares)
            yield Division(
                rule=rule,
                level=level,
                gains_MUSD=at.gains(shares),
                in_core=games.core_contains(at.values, shares, 1e-7),
                disruption={p: v if np.isfinite(v) else None for p, v in disruption.items()},
            )


def _payments(at: AtLevel, rate: float | None) -> Iterator[Payment]:
    """Payments that keep all in the core: what a party has there less what the plan of all brings it."""
    core = games.core_intervals(at.values)
    for party in at.joint.parties:
        own = at.together.payoffs[party]
        low, high = (core[party][0] - own, core[party][1] - own) if core else (None, None)
        middle = None if low is None or high is None else (low + high) / 2
        yield Payment(
            party=party,
            before_MUSD=own - at.alone.payoffs[party],
            least_MUSD=low,
            most_MUSD=high,
            middle_MUSD=middle,
            middle_GWh=None if middle is None or not rate else middle / rate,
        )
