"""The river as data: everything a basin knows, and what follows from it by looking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache, cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, Self, cast

from pydantic import ConfigDict

from waterflow.basin.agreements import Agreement, Clause, ClauseRow, Exchange, LineEnd
from waterflow.basin.alarms import FlowAlarm, StorageAlarm
from waterflow.basin.arcs import FlowRule, ReachCost
from waterflow.basin.begun import Begun
from waterflow.basin.beside import INFORMING, KEPT
from waterflow.basin.demands import Demand, Limit
from waterflow.basin.energy import Export, Plant, PowerSystem, Supply, UnservedBlock
from waterflow.basin.givens import GivenField, given_fields
from waterflow.basin.held import BalancedReservoir, HeldValue, StorageWish
from waterflow.basin.network import Node, Reach, Recharge
from waterflow.basin.objective import DemandClaim, Objective, PowerClaim, demand_claims, power_claims
from waterflow.basin.part import ByName, Part, Series
from waterflow.basin.paths import Paths
from waterflow.basin.reservoirs import EndValue, EndValueCut, OperatingRange, Reservoir, StorageRule
from waterflow.basin.stores import Stores
from waterflow.basin.targets import AgreedFlow, Counted, Floor, KnownFlow, Target, ThresholdShare
from waterflow.basin.values import DeliveryBlock, Level, PriceRange, TargetBlock, straight
from waterflow.calendar import Calendar
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import mark
from waterflow.words.near import did_you_mean

__all__ = ["River"]


class River(Stores, Part):
    """A river, its parties and their wishes over one horizon. Frozen; volumes Mm3 per period, energy GWh.

    Every dict is keyed and sorted by name, so the order of the inputs never reaches the plan. ``grades``
    counts the rows of each input table by grade; ``changes`` says what a scenario overrode, ``questions`` what was asked of the
    scenario ``asked_of``, ``notices`` what is odd in its rows. ``level`` tells whether values and prices are central, or all
    low or all high.
    ``clause_rows`` and ``exchanges`` follow from the agreements in force (`waterflow.basin.clause_rows.under`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, ignored_types=(cached_property,))

    name: str
    title: str = ""
    title_ru: str = ""
    scenario: str = ""
    calendar: Calendar
    parties: tuple[str, ...]
    nodes: Annotated[dict[str, Node], ByName]
    reaches: Annotated[dict[str, Reach], ByName]
    reach_costs: Annotated[dict[str, ReachCost], ByName] = {}
    flow_rules: Annotated[dict[str, FlowRule], ByName] = {}
    runoff: Annotated[
        dict[str, Series], GivenField("runoff", "Natural inflow into the node", "runoff", "runoff_Mm3", mark("runoff"), signed=True)
    ] = {}
    reservoirs: Annotated[dict[str, Reservoir], ByName] = {}
    recharges: Annotated[dict[str, Recharge], ByName] = {}
    storage_rules: Annotated[dict[str, StorageRule], ByName] = {}
    storage_wishes: Annotated[dict[str, StorageWish], ByName] = {}
    held_values: Annotated[dict[str, HeldValue], ByName] = {}
    balanced_reservoirs: Annotated[dict[str, BalancedReservoir], ByName] = {}
    operating_ranges: Annotated[dict[str, OperatingRange], ByName] = {}
    storage_alarms: Annotated[dict[str, StorageAlarm], ByName] = {}
    flow_alarms: Annotated[dict[str, FlowAlarm], ByName] = {}
    end_values: Annotated[dict[str, EndValue], ByName] = {}
    end_value_cuts: Annotated[dict[str, EndValueCut], ByName] = {}
    demands: Annotated[dict[str, Demand], ByName] = {}
    limits: Annotated[dict[str, Limit], ByName] = {}
    floors: Annotated[dict[str, Floor], ByName] = {}
    targets: Annotated[dict[str, Target], ByName] = {}
    agreed_flows: Annotated[dict[str, AgreedFlow], ByName] = {}
    known_flows: Annotated[dict[str, KnownFlow], ByName] = {}
    threshold_shares: Annotated[dict[str, ThresholdShare], ByName] = {}
    plants: Annotated[dict[str, Plant], ByName] = {}
    supplies: Annotated[dict[str, Supply], ByName] = {}
    exports: Annotated[dict[str, Export], ByName] = {}
    unserved_blocks: Annotated[dict[str, UnservedBlock], ByName] = {}
    power: dict[str, PowerSystem] = {}
    agreements: dict[str, Agreement] = {}
    clause_rows: Annotated[dict[str, ClauseRow], ByName] = {}
    exchanges: Annotated[dict[str, Exchange], ByName] = {}
    delivery_values: Annotated[dict[str, DeliveryBlock], ByName] = {}
    target_values: Annotated[dict[str, TargetBlock], ByName] = {}
    price_ranges: Annotated[dict[str, PriceRange], ByName] = {}
    level: Level = "central"
    objective: Objective = Objective()
    begun: Begun = Begun()
    grades: dict[str, dict[str, int]] = {}
    changes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    asked_of: str = ""
    notices: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.in_short}, {len(self.nodes)} nodes, {len(self.reaches)} reaches>"

    __str__ = __repr__

    @property
    def in_short(self) -> str:
        """Which river it is, and over how long: ``two_reservoirs example: 12 months``."""
        count = len(self.calendar.periods)
        return f"{' '.join(filter(None, (self.name, self.scenario)))}: {count} {self.calendar.step}{'s' if count != 1 else ''}"

    @cached_property
    def paths(self) -> Paths:
        """Where water can go and when it gets there."""
        return Paths(self.calendar, self.nodes, self.reaches)

    @cached_property
    def demands_at(self) -> dict[str, tuple[str, ...]]:
        """Demands at each node."""
        return {n: tuple(d.name for d in self.demands.values() if d.node == n) for n in self.nodes}

    @property
    def own_scenario(self) -> str:
        """The scenario by the name the model knows it by, whatever is asked of it."""
        return self.asked_of if self.questions else self.scenario

    @cached_property
    def returns_to(self) -> dict[str, tuple[str, ...]]:
        """Demands whose drainage comes back at each node."""
        return {n: tuple(d.name for d in self.demands.values() if d.return_node == n) for n in self.nodes}

    @cached_property
    def counted(self) -> tuple[Counted, ...]:
        """All that is wished for past a place in a window: floors, targets and their like."""
        every = (part for field in type(self).model_fields if isinstance(found := getattr(self, field), dict) for part in found.values())
        return tuple(part for part in every if isinstance(part, Counted))

    @cached_property
    def head_plants(self) -> tuple[str, ...]:
        """Plants whose energy depends on the storage above them."""
        return tuple(name for name, plant in self.plants.items() if plant.head)

    @cached_property
    def head_lines(self) -> dict[str, tuple[str, float, float]]:
        """Lines above the share of its capacity that a plant can use: (plant, share, share per Mm3 of storage)."""
        heads = ((name, plant.head) for name, plant in self.plants.items() if plant.head and plant.capacity)
        return {f"{name}/{k}": (name, *line) for name, head in heads for k, line in enumerate(head.lines(), start=1)}

    @cached_property
    def demand_claims(self) -> dict[str, DemandClaim]:
        """What priorities claim of users, by name."""
        return demand_claims(self.objective, self.calendar, self.demands)

    @cached_property
    def claimed_water(self) -> dict[str, float]:
        """What a user may count on in the periods of each claim: its needs there, in the season's share of min(need, limit), Mm3."""
        seasons = {k: s for s, (window, _) in enumerate(self.calendar.seasons) for k in self.calendar.inside(window)}
        needs = {(d.name, s): sum(d.need[k] for k in inside) for d in self.demands.values() for s, inside in self._seasons}
        parts = {key: self.entitlements[key[0]][key[1]] / need if need > 0 else 0.0 for key, need in needs.items()}
        own = {
            claim.name: sum(self.demands[claim.demand].need[k] for k in claim.periods) * parts[claim.demand, seasons[claim.periods[0]]]
            for claim in self.demand_claims.values()
        }
        brought = self.begun.counted_on
        return {name: max(0.0, water + brought[name]) if name in brought else water for name, water in own.items()}

    @cached_property
    def _seasons(self) -> list[tuple[int, tuple[int, ...]]]:
        """Periods of each season, by its position."""
        return [(s, self.calendar.inside(window)) for s, (window, _) in enumerate(self.calendar.seasons)]

    @cached_property
    def power_claims(self) -> dict[str, PowerClaim]:
        """The claims on power that the objective makes, one for each season they name."""
        return {claim.name: claim for claim in power_claims(self.objective, self.calendar, self.power)}

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """The clauses in force, by id; one whose class of runoff the basin is not in has no row."""
        return {c.name: c for a in self.agreements.values() for c in a.clauses if c.in_force}

    def balances(self, party: str) -> bool:
        """True if a party balances its power: it has a demand, and not only a value of a kWh."""
        return party in self.power and bool(self.power[party].demand)

    @cached_property
    def exchange_lines(self) -> dict[str, LineEnd]:
        """Ends of lines that clauses name, where a party balances its power, by name."""
        ends: dict[str, list[tuple[Exchange, str, Literal["sold", "bought"]]]] = {}
        for x in self.exchanges.values():
            for party, side in x.ends:
                if x.line and self.balances(party):
                    ends.setdefault(f"{party}/{side}/{x.line}", []).append((x, party, side))
        return {
            name: LineEnd(
                name=name,
                party=found[0][1],
                line=found[0][0].line,
                side=found[0][2],
                additional=found[0][0].additional,
                exchanges=tuple(x.name for x, *_ in found),
            )
            for name, found in sorted(ends.items())
        }

    @cached_property
    def counted_deliveries(self) -> dict[str, tuple[DeliveryBlock, ...]]:
        """Blocks by demand where money counts its delivery: under one sum of benefits, or if no priority claims it."""
        blocks = {n: tuple(b for b in self.delivery_values.values() if b.demand == n) for n in self.demands}
        return {n: found for n, found in blocks.items() if found and not self.objective.claims_demand(self.demands[n])}

    @property
    def balance_groups(self) -> tuple[str, ...]:
        """Groups of reservoirs that are to be in balance."""
        return tuple(sorted({x.group for x in self.balanced_reservoirs.values()}))

    @property
    def kept_waters(self) -> tuple[str, ...]:
        """What end value cuts are about, all reservoirs together; nothing without cuts."""
        return ("all",) if self.end_value_cuts else ()

    @cached_property
    def delivery_blocks(self) -> dict[str, DeliveryBlock]:
        """The counted blocks that need an unknown: of demands whose value falls from block to block."""
        return {b.name: b for found in self.counted_deliveries.values() if not straight(found) for b in found}

    @cached_property
    def target_blocks(self) -> dict[str, TargetBlock]:
        """Blocks of the targets that no priority claims."""
        claimed = {x.name for x in self.targets.values() if self.objective.claims_target(self.calendar, x.place, x.window)}
        return {name: b for name, b in self.target_values.items() if b.target not in claimed}

    @cached_property
    def structure(self) -> str:
        """Digest of all that shapes the program: not givens, energy rates, where head is drawn as a line, or values not counted."""
        limits = [(r.floor, r.least, r.ceiling) for r in self.reservoirs.values()]
        asking = [(party, bool(system.demand)) for party, system in self.power.items()]
        making = [(plant.name, bool(plant.energy_rate), bool(plant.head and plant.head.at)) for plant in self.plants.values()]
        worth = [(b.name, b.owner, b.width, b.value, b.months) for found in self.counted_deliveries.values() for b in found]
        worth += [(b.name, b.owner, b.width, b.value, ()) for b in self.target_blocks.values()]
        balanced = (self.reservoirs[x.reservoir] for x in self.balanced_reservoirs.values())
        evened = [(r.name, r.lowest_storage, r.full_storage) for r in balanced]
        text = f"{self.model_dump_json(exclude=_beside_the_program())}{limits}{asking}{making}{worth}{evened or ''}"
        return sha256(text.encode()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As `replaced`: what follows from the fields follows from those of the copy."""
        del deep  # a basin is frozen: nothing of it could be changed behind the copy
        return self.replaced(**(update or {}))

    def replaced(self, **changes: object) -> Self:
        """The same basin with some fields changed (not validated again; call `require_valid` if in doubt)."""
        known = type(self).model_fields
        unknown = [name for name in changes if name not in known]
        if unknown:
            raise InputError([Problem("unknown-given", "replaced", x, ", ".join(known), did_you_mean(x, known)) for x in unknown])
        fields = {name: getattr(self, name) for name in known}
        basin = cast("Self", type(self).model_construct(**(fields | changes)))
        self.paths  # noqa: B018 - made now, so that all copies share it
        for name, fields_behind in KEPT.items():
            if name in self.__dict__ and not changes.keys() & fields_behind:
                basin.__dict__[name] = self.__dict__[name]
        return basin

    def entitlement(self, demand: str, season: int) -> float:
        """What a demand may count on in a season: min(need, limit), the limit shared in proportion to needs, Mm3."""
        return self.entitlements[demand][season]

    @cached_property
    def entitlements(self) -> dict[str, tuple[float, ...]]:
        """What each demand may count on in each season of the horizon, Mm3."""
        seasons = [(window, kind, self.calendar.inside(window)) for window, kind in self.calendar.seasons]
        needs = {name: [sum(d.need[k] for k in inside) for *_, inside in seasons] for name, d in self.demands.items()}
        result: dict[str, list[float]] = {name: [] for name in self.demands}
        for s, (window, kind, _) in enumerate(seasons):
            part = {}
            for party in self.parties:
                allowed = [x.amount for x in self.limits.values() if (x.party, x.window, x.season) == (party, window, kind)]
                together = sum(needs[d.name][s] for d in self.demands.values() if d.limited and d.party == party)
                part[party] = min(1.0, min(allowed, default=together) / together) if together > 0 else 0.0
            for name, d in self.demands.items():
                result[name].append(needs[name][s] * part[d.party] if d.limited else needs[name][s])
        return {name: tuple(values) for name, values in result.items()}

    def assumed_rows(self) -> tuple[int, int]:
        """How many input rows are assumed or unverified, and how many there are."""
        counts: Counter[str] = Counter()
        for by_grade in self.grades.values():
            counts.update(by_grade)
        return counts["assumed"] + counts["unverified"], counts.total()


@cache
def _beside_the_program() -> dict[str, Any]:
    """What `River.structure` leaves out: the givens, and what only informs."""
    left = {field: {"__all__": dict(parts)} if isinstance(parts, dict) else parts for field, parts in INFORMING.items()}
    for given in given_fields(River).values():
        if given.attribute is None:
            left[given.field] = True
        else:
            left.setdefault(given.field, {"__all__": {}})["__all__"][given.attribute] = True
    return left
