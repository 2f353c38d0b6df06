"""The objective: a strict order of priorities, or one sum of benefits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from waterflow.basin.demands import Demand
from waterflow.basin.energy import PowerSystem
from waterflow.basin.part import Part, Share
from waterflow.calendar import Calendar, Period, Season, Window

__all__ = [
    "CLOSING",
    "STRAIGHT",
    "Claims",
    "DemandClaim",
    "Objective",
    "PowerClaim",
    "Priority",
    "claim_of",
    "claimed_spans",
    "demand_claims",
    "is_round_of",
    "power_claims",
    "spread_spans",
]

#: the closing stages, which choose among plans of equal merit: the first where water can turn, the others fields of `Objective`
STRAIGHT = "straightest"
CLOSING = (STRAIGHT, "smoothest", "unique")
ClaimKind = Literal[
    "floors",
    "demands",
    "targets",
    "threshold_shares",
    "power_floor",
    "power",
    "clauses",
    "operating_ranges",
    "alarms",
    "storages",
    "balances",
]


class Claims(Part):
    """Claims of one kind that share a priority.

    Attributes
    ----------
    kind : str
        ``floors``, ``targets``, ``threshold_shares``: all of them, or those at the named places.
        ``demands``: users by use (``uses``), party (``parties``), name (``users``) and node (``places``), those that fit
        every key that is given; counted against min(need, limit), each season as a whole or period by period (``per``).
        ``power_floor``: a share of a party's demand in every period of a season.
        ``power``: a party's whole demand over a season.
        ``clauses``: what soft clauses are missed by, all of them or those of the named ids (``places``).
        ``operating_ranges``: what storages and releases leave their ranges by in a season, in shares of the range's width
        there, of all reservoirs or those at the named places.
        ``alarms``: storages below, and flows above, the level of their alarm in a period, all of them or those at the named
        places (reservoirs and reaches).
        ``storages``: what storages wished for on dates are missed by, of all reservoirs or those at the named places.
        ``balances``: what reservoirs are away from the common share of their group in a period, in shares of their active
        storage, of all groups or the named ones (``places``).
    seasons, months : tuple
        Only what falls into them; all of the year without.
    per : {"season", "period"}
        Whether a user may count on its water over the season, or in every period of it.
    within : {"even", "free"}
        How what is short in a season is spread over its periods: in equal shares of what counts in each, as far as water
        allows, before money decides; or as money decides.
    """

    kind: ClaimKind
    places: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    party: str = ""
    season: Season | None = None
    seasons: tuple[Season, ...] = ()
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    per: Literal["season", "period"] = "season"
    within: Literal["even", "free"] = "even"
    share: Share = 1.0

    def counts(self, period: Period) -> bool:
        """True if a period is one of those that are claimed."""
        seasons = (self.season,) if self.season else self.seasons
        return (not seasons or period.season in seasons) and (not self.months or period.month in self.months)

    def holds(self, calendar: Calendar, window: Window) -> bool:
        """True if all periods of a window are claimed."""
        return all(self.counts(calendar.periods[k]) for k in calendar.inside(window))

    def at(self, place: str) -> bool:
        """True if what stands at a place is claimed."""
        return not self.places or place in self.places

    def takes(self, demand: Demand) -> bool:
        """True if a user is claimed: it fits every key that is given."""
        wanted = ((self.uses, demand.use), (self.parties, demand.party), (self.users, demand.name), (self.places, demand.node))
        return all(not names or name in names for names, name in wanted)


class Priority(Part):
    """One step of the strict order: claims whose shortages are shared leximin, or the cost.

    ``title`` and ``title_ru`` are for people.
    """

    name: str
    title: str = ""
    title_ru: str = ""
    claims: tuple[Claims, ...] = ()
    cost: bool = False


class Objective(Part):
    """What the plan is best at.

    ``priorities`` are met strictly one after the other; without any, ``benefit`` maximises one sum in million
    USD. ``smoothest`` and ``unique`` are the two closing stages (the steadiest plan, then fixed weights from
    names); they are switched off only to show what they are for.
    """

    priorities: tuple[Priority, ...] = ()
    smoothest: bool = True
    unique: bool = True

    def claims_demand(self, demand: Demand) -> bool:
        """True if some priority claims a user, in some periods at least."""
        return any(c.takes(demand) for p in self.priorities for c in p.claims if c.kind == "demands")

    def claims_target(self, calendar: Calendar, place: str, window: Window) -> bool:
        """True if some priority claims the target of a place in a window."""
        return any(c.at(place) and c.holds(calendar, window) for p in self.priorities for c in p.claims if c.kind == "targets")


def is_round_of(stage: str, plan: str) -> bool:
    """True if a stage is a round of a plan: it has its name, with a number from the second on (``limits``, ``limits/2``)."""
    return stage == plan or stage.removeprefix(f"{plan}/").isdigit()


@dataclass(frozen=True)
class DemandClaim:
    """Some periods of a season in which a user may count on water: one period, the season, or the months claimed of it."""

    name: str
    demand: str
    periods: tuple[int, ...]


def demand_claims(objective: Objective, calendar: Calendar, demands: Mapping[str, Demand]) -> dict[str, DemandClaim]:
    """Everything that some priority claims of some user, or that its shortage is spread over, by name."""
    found: dict[str, DemandClaim] = {}
    for priority in objective.priorities:
        for claims in priority.claims:
            if claims.kind == "demands":
                taken = [d.name for d in demands.values() if claims.takes(d)]
                spans = [*claimed_spans(claims, calendar), *spread_spans(claims, calendar)]
                made = [DemandClaim(claim_of(calendar, name, span), name, span) for name in taken for span in spans]
                found |= {claim.name: claim for claim in made}
    return dict(sorted(found.items()))


def claimed_spans(claims: Claims, calendar: Calendar) -> list[tuple[int, ...]]:
    """Periods, or seasons cut to what is claimed of them, each of which a claim counts on its own."""
    spans = [tuple(k for k in calendar.inside(window) if claims.counts(calendar.periods[k])) for window, _ in calendar.seasons]
    return [(k,) for span in spans for k in span] if claims.per == "period" else [span for span in spans if span]


def spread_spans(claims: Claims, calendar: Calendar) -> list[tuple[int, ...]]:
    """Periods over which the shortage of a season is spread evenly; none where periods count anyway or money spreads it."""
    if claims.per == "period" or claims.within == "free":
        return []
    return [(k,) for span in claimed_spans(claims, calendar) for k in span]


def claim_of(calendar: Calendar, demand: str, span: tuple[int, ...]) -> str:
    """The name of what a user may count on in some periods."""
    return f"{demand}/{_called(calendar, span)}"


def _called(calendar: Calendar, span: tuple[int, ...]) -> str:
    """A period by its label, a whole season by its days, other periods by all their labels."""
    if len(span) == 1:
        return calendar.labels[span[0]]
    window = next((window for window, _ in calendar.seasons if calendar.inside(window) == span), None)
    return str(window) if window else "+".join(calendar.labels[k] for k in span)


@dataclass(frozen=True)
class PowerClaim:
    """A claim on a party's power in one season of the horizon.

    ``amount`` is what is claimed: GWh a day for a ``power_floor``, GWh for ``power``.
    """

    name: str
    kind: Literal["power_floor", "power"]
    party: str
    share: float
    periods: tuple[int, ...]
    amount: float
    claims: Claims


def power_claims(objective: Objective, calendar: Calendar, power: Mapping[str, PowerSystem]) -> Iterator[PowerClaim]:
    """One claim for each season of the horizon that a priority's power claims name; those of one party and season are numbered."""
    seen: Counter[str] = Counter()
    for priority in objective.priorities:
        for claims in priority.claims:
            if claims.kind not in ("power_floor", "power") or claims.party not in power:
                continue
            demand = power[claims.party].demand
            for window, _ in calendar.seasons:
                inside = tuple(k for k in calendar.inside(window) if claims.counts(calendar.periods[k]))
                if not demand or not inside:
                    continue
                claimed = claims.share * sum(demand[k] for k in inside)
                if claims.kind == "power_floor":
                    claimed /= sum(calendar.periods[k].days for k in inside)
                name = f"{priority.name}/{claims.party}/{window}"
                seen[name] += 1
                name += f"/{seen[name]}" if seen[name] > 1 else ""
                yield PowerClaim(name, claims.kind, claims.party, claims.share, inside, claimed, claims)
