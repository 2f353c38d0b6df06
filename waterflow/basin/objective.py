"""The objective: a strict order of priorities, or one sum of benefits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from waterflow.basin.demands import Demand
from waterflow.basin.energy import PowerSystem
from waterflow.basin.part import Part, Share
from waterflow.calendar import Calendar, Season

__all__ = ["CLOSING", "Claims", "Objective", "PowerClaim", "Priority", "power_claims"]

#: the closing stages, which choose among plans of equal merit: fields of `Objective`
CLOSING = ("smoothest", "unique")
ClaimKind = Literal["floors", "demands", "targets", "threshold_shares", "power_floor", "power", "clauses"]


class Claims(Part):
    """Claims of one kind that share a priority.

    Attributes
    ----------
    kind : str
        ``floors``, ``targets``, ``threshold_shares``: all of them, or those at the named places.
        ``demands``: users by use (``uses``), party (``parties``), name (``users``) and node (``places``), those that fit
        every key that is given; counted by season against min(need, limit).
        ``power_floor``: a share of a party's demand in every period of a season.
        ``power``: a party's whole demand over a season.
        ``clauses``: what soft clauses are missed by, all of them or those of the named ids (``places``).
    """

    kind: ClaimKind
    places: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    party: str = ""
    season: Season | None = None
    share: Share = 1.0

    def at(self, place: str) -> bool:
        """True if what stands at a place is claimed."""
        return not self.places or place in self.places

    def takes(self, demand: Demand) -> bool:
        """True if a user is claimed: it fits every key that is given."""
        wanted = ((self.uses, demand.use), (self.parties, demand.party), (self.users, demand.name), (self.places, demand.node))
        return all(not names or name in names for names, name in wanted)


class Priority(Part):
    """One step of the strict order: claims whose shortages are shared leximin, or the cost."""

    name: str
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
        """True if some priority claims a user."""
        return any(c.takes(demand) for p in self.priorities for c in p.claims if c.kind == "demands")

    def claims_target(self, place: str) -> bool:
        """True if some priority claims the targets of a place."""
        return any(c.at(place) for p in self.priorities for c in p.claims if c.kind == "targets")


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
    """One claim for each season of the horizon that a priority's power claims name."""
    for priority in objective.priorities:
        for claims in priority.claims:
            if claims.kind not in ("power_floor", "power") or claims.party not in power:
                continue
            demand = power[claims.party].demand
            for window, season in calendar.seasons:
                if not demand or (claims.season and season != claims.season):
                    continue
                inside = calendar.inside(window)
                claimed = claims.share * sum(demand[k] for k in inside)
                if claims.kind == "power_floor":
                    claimed /= sum(calendar.periods[k].days for k in inside)
                name = f"{priority.name}/{claims.party}/{window}"
                yield PowerClaim(name, claims.kind, claims.party, claims.share, inside, claimed, claims)
