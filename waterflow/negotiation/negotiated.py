"""What a negotiation found, as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from waterflow.accounts.payoffs import TERMS, guessed
from waterflow.basin.titles import called, title_of
from waterflow.basin.values import LEVELS
from waterflow.negotiation import games
from waterflow.negotiation.at_level import AtLevel
from waterflow.negotiation.negotiate import Negotiation
from waterflow.negotiation.negotiation_facts import (
    AimFact,
    Bargain,
    CoalitionFact,
    Division,
    FrontierFact,
    FrontierPoint,
    HarmingCoalition,
    HarmingFact,
    NegotiationFacts,
    PartyFact,
    Payment,
    PerformanceFact,
    TargetServed,
    TemptationFact,
)
from waterflow.negotiation.no_deal import Outcome
from waterflow.negotiation.performance import performance

__all__ = ["negotiation_facts"]


def negotiation_facts(found: Negotiation, *, keep_targets: bool, done: Mapping[str, Sequence[float]] | None = None) -> NegotiationFacts:
    """What a negotiation says; ``done``, water let into reaches, Mm3 by period, is scored beside it."""
    basin, central = found.basin, found.central
    outcomes = [x for at in found.levels.values() for x in (at.alone, *at.game.outcomes.values())]
    outcomes += [x.outcome for x in found.frontier.points] if found.frontier else []
    outcomes += [*found.bargained.values(), *([found.targets_open] if found.targets_open else [])]
    outcomes += [found.frontier.nearest.outcome] if found.frontier and found.frontier.nearest else []
    outcomes += [x.outcome for x in (found.harming or {}).values() if x.dry]
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
        harming=_harming(found),
        divisions=tuple(_divisions(found)),
        rate_USD_per_kWh=rate,
        payments=tuple(_payments(central, rate)),
        temptations=tuple(_temptations(found)),
        bargains=tuple(
            Bargain(
                solution=name,
                gains_MUSD=central.gains(x.payoffs),
                together_MUSD=sum(central.gains(x.payoffs).values()),
                targets=_targets(x),
            )
            for name, x in found.bargained.items()
        ),
        frontier=_frontier(found),
        performance=tuple(_performance(found, done or {})),
        assumed=_guessed(found),
        worst_certificate=max(stage.certificate.worst for x in outcomes for stage in x.stages),
        plans=len(outcomes),
    )


def _temptations(found: Negotiation) -> Iterator[TemptationFact]:
    for x in found.temptations:
        label, size = x.worst or (None, 0.0)
        yield TemptationFact(
            party=x.party,
            paid_MUSD=x.paid,
            gain_MUSD=x.gain,
            from_period=label,
            temptation_MUSD=size,
            discount=x.discount,
            by_period_MUSD=dict(x.by_period),
        )


def _frontier(found: Negotiation) -> FrontierFact | None:
    if found.frontier is None:
        return None
    low, high = found.frontier.table.min(axis=0), found.frontier.table.max(axis=0)
    aims = [
        AimFact(aim=x.name, unit=x.unit, title=x.title, least=float(a), most=float(b))
        for x, a, b in zip(found.frontier.aims, low, high, strict=True)
    ]
    points = [FrontierPoint(values=x.values, gains_MUSD=found.central.gains(x.outcome.payoffs)) for x in found.frontier.points]
    best = found.frontier.nearest
    nearest = None if best is None else FrontierPoint(values=best.values, gains_MUSD=found.central.gains(best.outcome.payoffs))
    return FrontierFact(aims=tuple(aims), points=tuple(points), wished=found.frontier.wished, nearest=nearest)


def _performance(found: Negotiation, done: Mapping[str, Sequence[float]]) -> Iterator[PerformanceFact]:
    basin, labels = found.basin, found.basin.calendar.labels
    for x in performance(done, found.central.alone, found.central.together):
        columns = {"done_Mm3": x.done, "alone_Mm3": x.alone, "together_Mm3": x.together, "by_period": x.by_period}
        by_period = {name: dict(zip(labels, values, strict=True)) for name, values in columns.items()}
        yield PerformanceFact(reach=x.reach, title=called(basin, basin.reaches[x.reach].start), score=x.whole, **by_period)


def _guessed(found: Negotiation) -> bool:
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


def _harming(found: Negotiation) -> HarmingFact | None:
    if found.harming is None:
        return None
    central, alone = found.central, found.central.alone.payoffs
    values = {members: sum(x.outcome.payoffs[p] for p in members) for members, x in found.harming.items()}
    coalitions = tuple(
        HarmingCoalition(
            members=tuple(p for p in central.joint.parties if p in members),
            gain_MUSD=values[members] - sum(alone[p] for p in members),
            more_MUSD=values[members] - central.values[members],
            gains_MUSD=central.gains(x.outcome.payoffs),
            dry=dict(Counter(node for node, _ in x.dry)),
        )
        for members, x in found.harming.items()
    )
    return HarmingFact(coalitions=coalitions, epsilon_MUSD=games.least_core(values)[0])


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
