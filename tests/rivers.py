"""Rivers for tests: plain functions that return a `Basin`; every number is made up and said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from waterflow.basin.agreements import Agreement, Clause
from waterflow.basin.alarms import FlowAlarm, StorageAlarm
from waterflow.basin.arcs import FlowRule, ReachCost
from waterflow.basin.area import AreaCurve
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import under
from waterflow.basin.demands import Demand, Limit
from waterflow.basin.energy import Export, Plant, PowerSystem, Supply, UnservedBlock
from waterflow.basin.givens import given_fields
from waterflow.basin.head import Head
from waterflow.basin.held import BalancedReservoir, HeldValue, StorageWish
from waterflow.basin.network import Node, Reach, Recharge
from waterflow.basin.objective import Claims, Objective, Priority
from waterflow.basin.reservoirs import EndValue, EndValueCut, OperatingRange, Reservoir, StorageRule
from waterflow.basin.targets import AgreedFlow, Counted, ThresholdShare
from waterflow.basin.values import DeliveryBlock, PriceRange, TargetBlock
from waterflow.calendar import Calendar, Step, Window

Numbers = float | Sequence[float]
#: what is counted past a place in a window, by the field of the basin
WISHES = {g.field: g for g in given_fields(Basin).values() if g.part and issubclass(g.part, Counted)}


class River:
    """A basin in the making; a number stands for the same number in every period."""

    def __init__(self, months: int = 3, start: str = "2024-10-01", step: Step = "month", parties: str = "A B") -> None:
        first = dt.date.fromisoformat(start)
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        self.calendar = Calendar(first, dt.date(year, month + 1, 1) - dt.timedelta(days=1), step)
        self.parties = tuple(parties.split())
        self.parts: dict[str, list[Any]] = {}
        self.runoff: dict[str, tuple[float, ...]] = {}
        self.power: dict[str, PowerSystem] = {}
        self.objective = Objective()

    def series(self, values: Numbers, length: int | None = None) -> tuple[float, ...]:
        """One value for each period of the horizon."""
        count = len(self.calendar.periods) if length is None else length
        return (float(values),) * count if isinstance(values, int | float) else tuple(map(float, values))

    def _add(self, table: str, part: Any) -> River:
        self.parts.setdefault(table, []).append(part)
        return self

    def node(self, name: str, kind: str = "junction", runoff: Numbers | None = None) -> River:
        if runoff is not None:
            self.runoff[name] = self.series(runoff)
        return self._add("nodes", Node(name=name, kind=kind))  # type: ignore[arg-type]

    def reach(
        self,
        name: str,
        start: str,
        end: str,
        *,
        evaporation: float = 0,
        seepage: float = 0,
        days: Numbers = 0,
        capacity: Numbers | None = None,
        before: Numbers = 0,
        spill: float = 0,
    ) -> River:
        timeline, history = len(self.calendar.timeline), len(self.calendar.history)
        return self._add(
            "reaches",
            Reach(
                name=name,
                start=start,
                end=end,
                evaporation=self.series(evaporation, timeline),
                seepage=self.series(seepage, timeline),
                travel_days=self.series(days, timeline),
                capacity=None if capacity is None else self.series(capacity),
                flow_before=self.series(before, history),
                spill_cost=spill,
                spillway=bool(spill),
            ),
        )

    def reservoir(
        self, name: str, opening: float, full: float, lowest: float = 0, depth: Numbers = 0, area: tuple[float, float] = (0, 0)
    ) -> River:
        return self._add(
            "reservoirs",
            Reservoir(
                name=name,
                full_storage=full,
                lowest_storage=lowest,
                dead_storage=lowest,
                opening_storage=opening,
                area_at_zero=area[0],
                area_slope=area[1],
                net_evaporation=self.series(depth),
            ),
        )

    def demand(
        self,
        name: str,
        node: str,
        party: str,
        need: Numbers,
        *,
        limited: bool = False,
        use: str = "irrigation",
        returns: tuple[str, Sequence[float]] | None = None,
        before: float = 0,
        value: Numbers = 0,
        capacity: Numbers | None = None,
    ) -> River:
        return self._add(
            "demands",
            Demand(
                name=name,
                node=node,
                party=party,
                use=use,  # type: ignore[arg-type]
                limited=limited,
                need=self.series(need),
                capacity=None if capacity is None else self.series(capacity),
                return_node=returns[0] if returns else "",
                return_kernel=tuple(returns[1]) if returns else (),
                delivery_before=self.series(before, len(self.calendar.history)),
                value=self.series(value),
            ),
        )

    def alter(self, table: str, name: str, **changes: Any) -> River:
        """A part that was added, with some of its fields changed."""
        self.parts[table] = [x.model_copy(update=changes) if x.name == name else x for x in self.parts[table]]
        return self

    def recharge(self, kind: str, origin: str, node: str, share: float = 1) -> River:
        """Where water comes to that seeps away."""
        part = Recharge(name=f"{kind}/{origin}/{node}", kind=kind, origin=origin, node=node, share=share)  # type: ignore[arg-type]
        return self._add("recharges", part)

    def limit(self, party: str, amount: float, season: int = 0) -> River:
        window, kind = self.calendar.seasons[season]
        return self._add("limits", Limit(name=f"{party}/{window}", party=party, season=kind, window=window, amount=amount))

    def window(self, first: int = 0, last: int = -1) -> Window:
        """From one period to another, both included."""
        return Window(self.calendar.periods[first].start, self.calendar.periods[last].end)

    def wish(self, field: str, name: str, reach: str, amount: float, first: int = 0, last: int = -1) -> River:
        """Anything that is counted past a place in a window, by its field of the basin."""
        given = WISHES[field]
        where = {"name": name, "place": name, "reach": reach, "window": self.window(first, last)}
        return self._add(field, given.part(**where, **{given.attribute: amount}))

    def floor(self, name: str, reach: str, flow: float, first: int = 0, last: int = -1) -> River:
        return self.wish("floors", name, reach, flow, first, last)

    def target(self, name: str, reach: str, amount: float, first: int = 0, last: int = -1) -> River:
        return self.wish("targets", name, reach, amount, first, last)

    def share(self, name: str, node: str, reach: str, party: str, threshold: float, share: float) -> River:
        part = ThresholdShare(name=name, node=node, reach=reach, party=party, window=self.window(), threshold=threshold, share=share)
        return self._add("threshold_shares", part)

    def agreed(self, name: str, place: str, amount: float) -> River:
        return self._add("agreed_flows", AgreedFlow(name=name, place=place, window=self.window(), amount=amount))

    def plant(self, name: str, reach: str, party: str, rate: float, capacity: Numbers | None = None, head: Head | None = None) -> River:
        held = None if capacity is None else self.series(capacity)
        return self._add("plants", Plant(name=name, reach=reach, party=party, energy_rate=rate, capacity=held, head=head))

    def worth(self, party: str, value: Numbers) -> River:
        self.power[party] = PowerSystem(party=party, value=self.series(value))
        return self

    def needs_power(self, party: str, demand: Numbers, blocks: Mapping[float, float]) -> River:
        """Power demand, and the shares of it left unserved at each rising cost: ``{cost: share}``."""
        self.power[party] = PowerSystem(party=party, demand=self.series(demand), value=self.series(0))
        for k, (cost, share) in enumerate(sorted(blocks.items()), start=1):
            self._add("unserved_blocks", UnservedBlock(name=f"{party}_{k}", party=party, demand_share=share, cost=cost))
        return self

    def supply(
        self,
        name: str,
        party: str,
        capacity: Numbers,
        cost: Numbers,
        *,
        kind: str = "import",
        line: str = "",
        loss: Numbers = 0,
        must_run: Numbers = 0,
    ) -> River:
        part = Supply(
            name=name,
            party=party,
            kind=kind,  # type: ignore[arg-type]
            line=line,
            capacity=self.series(capacity),
            must_run=self.series(must_run),
            loss=self.series(loss),
            cost=self.series(cost),
        )
        return self._add("supplies", part)

    def export(self, name: str, party: str, capacity: Numbers, price: Numbers, *, line: str = "", loss: Numbers = 0) -> River:
        series = {"capacity": self.series(capacity), "loss": self.series(loss), "price": self.series(price)}
        return self._add("exports", Export(name=name, party=party, line=line, **series))

    def held(self, reservoir: str, storage: float, period: int = -1, rule: str = "at_least") -> River:
        k = period % len(self.calendar.periods)
        name = f"{reservoir}/{rule}/{self.calendar.labels[k]}"
        part = StorageRule(name=name, reservoir=reservoir, period=k, rule=rule, storage=storage)  # type: ignore[arg-type]
        return self._add("storage_rules", part)

    def wished(self, reservoir: str, storage: float, period: int = -1, rule: str = "at_least") -> River:
        """A storage wished for at the end of a period."""
        k = period % len(self.calendar.periods)
        name = f"{reservoir}/{rule}/{self.calendar.labels[k]}"
        part = StorageWish(name=name, reservoir=reservoir, period=k, rule=rule, storage=storage)  # type: ignore[arg-type]
        return self._add("storage_wishes", part)

    def held_worth(self, reservoir: str, blocks: Mapping[float, float], months: tuple[int, ...] = ()) -> River:
        """Blocks of water held, Mm3 wide: ``{value: width}``, the dearest first; USD per m3 and month."""
        for k, (value, width) in enumerate(sorted(blocks.items(), reverse=True), start=1):
            part = HeldValue(name=f"{reservoir}/{k}", reservoir=reservoir, block=k, width=width, value=value, months=months)
            self._add("held_values", part)
        return self

    def balanced(self, group: str, *reservoirs: str, months: tuple[int, ...] = ()) -> River:
        """Reservoirs that are to hold the same share of their active storage."""
        for name in reservoirs:
            self._add("balanced_reservoirs", BalancedReservoir(name=f"{group}/{name}", group=group, reservoir=name, months=months))
        return self

    def storage_alarm(self, reservoir: str, party: str, storage: float, damage: float, months: tuple[int, ...] = ()) -> River:
        """A storage that should not be less."""
        name = f"low_{reservoir}"
        part = StorageAlarm(name=name, title=name, reservoir=reservoir, party=party, storage=storage, damage=damage, months=months)
        return self._add("storage_alarms", part)

    def flow_alarm(self, reach: str, party: str, flow: float, damage: float, months: tuple[int, ...] = ()) -> River:
        """A flow that should not be more, m3/s."""
        name = f"high_{reach}"
        return self._add("flow_alarms", FlowAlarm(name=name, title=name, reach=reach, party=party, flow=flow, damage=damage, months=months))

    def reach_cost(self, reach: str, party: str, cost: Numbers = 0, electricity: Numbers = 0) -> River:
        """What passing a reach costs a party, USD per m3, and the electricity it takes of it, kWh per m3."""
        series = {"cost": self.series(cost), "electricity": self.series(electricity)}
        return self._add("reach_costs", ReachCost(name=f"{reach}/{party}", reach=reach, party=party, **series))

    def flow_rule(self, name: str, reaches: str, rule: str, flow: float, periods: Sequence[int] = (), party: str = "") -> River:
        """The most or the least that enters several reaches together, Mm3, in some periods or in all."""
        for k in periods or range(len(self.calendar.periods)):
            about = {"name": f"{name}/{rule}/{self.calendar.labels[k]}", "period": k, "rule": rule, "party": party}
            self._add("flow_rules", FlowRule(reaches=tuple(reaches.split()), flow=flow, **about))  # type: ignore[arg-type]
        return self

    def outlet(self, reach: str, *points: tuple[float, float]) -> River:
        """The most that leaves by a reach at a storage: (Mm3, m3/s)."""
        self.parts["reaches"] = [x.model_copy(update={"outlet": points}) if x.name == reach else x for x in self.parts["reaches"]]
        return self

    def ranged(self, reservoir: str, kind: str, low: Numbers, high: Numbers, share: Numbers = 0) -> River:
        """Storage or release between what operators have used; ``share`` of what is stored is part of the least."""
        ends = {"low": self.series(low), "high": self.series(high), "low_share": self.series(share)}
        return self._add("operating_ranges", OperatingRange(name=f"{reservoir}/{kind}", reservoir=reservoir, kind=kind, **ends))  # type: ignore[arg-type]

    def end_value(self, reservoir: str, blocks: Mapping[float, float]) -> River:
        """Blocks of closing storage: ``{value: width}``, the dearest first."""
        for k, (value, width) in enumerate(sorted(blocks.items(), reverse=True), start=1):
            self._add("end_values", EndValue(name=f"{reservoir}/{k}", reservoir=reservoir, width=width, value=value))
        return self

    def end_value_cut(self, worth: float, storages: Mapping[str, float], values: Mapping[str, float]) -> River:
        """A plane over the closing storages, numbered in order."""
        name = str(len(self.parts.get("end_value_cuts", [])) + 1)
        return self._add("end_value_cuts", EndValueCut(name=name, worth=worth, storages=dict(storages), values=dict(values)))

    def worth_in_blocks(self, demand: str, blocks: Mapping[float, float], months: tuple[int, ...] = ()) -> River:
        """Blocks of a delivery, as shares of the need: ``{value: width}``, the dearest first; low is half, high is double."""
        for block in _blocks(f"{demand}/{months}" if months else demand, blocks):
            self._add("delivery_values", DeliveryBlock(demand=demand, months=months, **block))
        return self

    def target_worth(self, target: str, party: str, blocks: Mapping[float, float]) -> River:
        """Blocks of the flow to a target, as shares of it: ``{value: width}``, the dearest first."""
        name = next(x.name for x in self.parts["targets"] if x.place == target)
        for block in _blocks(name, blocks):
            self._add("target_values", TargetBlock(target=name, party=party, **block))
        return self

    def price_range(self, price: str, low: float, high: float) -> River:
        """Factors of a price named ``<table>/<whose>``."""
        return self._add("price_ranges", PriceRange(name=price, low=low, high=high))

    def owned(self, name: str, party: str) -> River:
        """Whose a reservoir or a spill is."""
        for table in ("reservoirs", "reaches"):
            self.parts[table] = [x.model_copy(update={"owner": party}) if x.name == name else x for x in self.parts.get(table, [])]
        return self

    def priorities(self, *steps: tuple[str, Sequence[Claims]] | str) -> River:
        """The strict order: (name, claims), or a name alone for the cost."""
        order = [
            Priority(name=step, cost=True) if isinstance(step, str) else Priority(name=step[0], claims=tuple(step[1])) for step in steps
        ]
        self.objective = Objective(priorities=tuple(order))
        return self

    def clause(self, name: str, kind: str, **terms: Any) -> River:
        """A clause of the one agreement "deal"; `figures` are dicts as in a file."""
        words = {"name": name, "title": name, "title_ru": name, "text": name, "text_ru": name, "assumed": "a test"}
        return self._add("clauses", TypeAdapter(Clause).validate_python(words | {"type": kind} | terms))

    def span(self, first: int = 0, last: int = -1, **amount: float) -> dict[str, Any]:
        """A figure over some periods: ``span(0, 2, amount_Mm3=50)``."""
        window = self.window(first, last)
        return {"start": str(window.start), "end": str(window.end)} | amount

    def basin(self, **changes: Any) -> Basin:
        """The finished basin."""
        fields: dict[str, Any] = {
            "name": "test_river",
            "calendar": self.calendar,
            "parties": self.parties,
            "runoff": self.runoff,
            "power": self.power,
            "objective": self.objective,
            **{table: parts for table, parts in self.parts.items() if table != "clauses"},
        }
        basin = Basin(**(fields | changes))
        clauses = tuple(self.parts.get("clauses", ()))
        return under(basin, [Agreement(name="deal", title="deal", title_ru="deal", clauses=clauses)]) if clauses else basin


def _blocks(owner: str, blocks: Mapping[float, float]) -> list[dict[str, Any]]:
    return [
        {"name": f"{owner}/{k}", "block": k, "width": width, "value": value, "low": value / 2, "central": value, "high": 2 * value}
        for k, (value, width) in enumerate(sorted(blocks.items(), reverse=True), start=1)
    ]


DEMANDS = Claims(kind="demands")
FLOORS = Claims(kind="floors")
TARGETS = Claims(kind="targets")
SHARES = Claims(kind="threshold_shares")
RANGES = Claims(kind="operating_ranges")
ALARMS = Claims(kind="alarms")
STORAGES = Claims(kind="storages")
BALANCES = Claims(kind="balances")


def one_canal(runoff: Numbers = 10, need: Numbers = 6, **options: Any) -> River:
    """A spring, a canal head and an outlet: the smallest river there is."""
    river = River(**options).node("spring", runoff=runoff).node("head").node("sea", "outlet")
    river.reach("upper", "spring", "head").reach("lower", "head", "sea")
    return river.demand("field", "head", "A", need).priorities(("users", [DEMANDS]))


def with_head(river: River, at: tuple[tuple[float, float], ...] = ()) -> River:
    """The river that uses every process, its plant at the dam with a head; drawn as a line around points if told."""
    head = Head(reservoir="dam", efficiency=0.9, curve=((40, 90), (300, 160), (720, 200)), rated_head=150, at=at)
    river.parts["plants"] = [p.model_copy(update={"head": head}) if p.name == "big" else p for p in river.parts["plants"]]
    return river


def with_arcs(river: River) -> River:
    """The river that uses every process, with a lift back to the dam, rules for two canals, and an outlet by storage."""
    river.reach("lift", "town", "dam").reach_cost("lift", "UP", 0.01, 0.6).reach_cost("filling", "DOWN", 0.002)
    river.flow_rule("canals", "filling middle", "at_most", 380, party="DOWN").flow_rule("canals", "filling middle", "at_least", 1, (0, 2))
    return river.outlet("upper", (0, 60), (300, 200), (600, 240))


def with_stores(river: River) -> River:
    """The river that uses every process, beside it a canal that loses water, a weir that seeps, its area a curve, an aquifer, a well."""
    count, first = len(river.calendar.periods), len(river.calendar.history)
    per = 1 if river.calendar.step == "month" else 3
    river.node("zweir", "reservoir", runoff=[-1.5 / per] * count).node("zground", "aquifer").node("zspring", runoff=40 / per)
    river.node("zlow").node("zend", "outlet").reach("zlast", "zlow", "zend")
    river.reach("zcanal", "zspring", "zweir", seepage=0.1).reach("zout", "zweir", "zlow").reach("zbase", "zground", "zlow")
    river.alter("reaches", "zcanal", constant_loss=(3.0 / per,) * (first + count), dry=(*[False] * (count - 1), True))
    river.reservoir("zweir", 30, 90, depth=0.02 / per).reservoir("zground", 200, 2000)
    curve = AreaCurve(points=((0, 0), (20, 8), (90, 15)), at=(1,) * (count + 1), held=(*[False] * count, True))
    seeping = {"depth": 0.01 / per, "share": 0.02 / per, "volume": 0.5 / per}
    river.alter("reservoirs", "zweir", curve=curve, **{f"seepage_{kind}": (value,) * count for kind, value in seeping.items()})
    river.alter("reservoirs", "zground", recession=0.004).demand("zwell", "zground", "UP", 4 / per)
    river.recharge("reach", "zcanal", "zground").recharge("reservoir", "zweir", "zground", 0.5)
    return river.recharge("demand", "upper_fields", "zground", 0.2)


def every_process(step: Step = "month", months: int = 6) -> River:
    """A river that uses every process once, for the printed rows and the laws."""
    river = River(months=months, start="2024-01-01", step=step, parties="UP DOWN")
    river.node("dam", "reservoir", runoff=100).node("town", runoff=20).node("pond", "reservoir").node("delta")
    river.node("lake", "lake").node("desert", "outlet").node("beyond", "outlet")
    river.reach("upper", "dam", "town").reach("filling", "town", "pond", capacity=15).reach("emptying", "pond", "delta")
    river.reach("middle", "town", "delta", evaporation=0.02, seepage=0.03, days=12, before=60, capacity=400)
    river.reach("mouth", "delta", "lake").reach("escape", "dam", "desert", spill=0.01).reach("brim", "lake", "beyond", spill=0.001)
    river.reservoir("dam", 300, 600, 50, depth=0.05, area=(5, 0.02)).reservoir("pond", 0, 40)
    river.reservoir("lake", 900, 1000, depth=0.1, area=(30, 0.05))
    kernel = (0.1, 0.15, 0.1)
    river.demand("upper_fields", "town", "UP", 30, limited=True, returns=("delta", kernel), before=25)
    river.demand("town_water", "town", "UP", 5, use="drinking").demand("lower_fields", "delta", "DOWN", 45, limited=True)
    river.demand("reeds", "delta", "DOWN", 10, use="environment", value=0.001)
    river.demand("mill", "delta", "DOWN", 8, use="industry", returns=("delta", (0.2,)), before=8)
    river.worth_in_blocks("mill", {0.02: 0.5, 0.005: 0.3})
    river.limit("UP", 70, 0).limit("UP", 85, 1).limit("DOWN", 130, 0)
    river.floor("town", "middle", 20).target("lake", "mouth", 120, 0, 2 if step == "month" else 8)
    river.target("pool", "filling", 30, 0, 2 if step == "month" else 8).target_worth("pool", "DOWN", {0.01: 1.0, 0.004: 0.5})
    for field in WISHES.keys() - river.parts.keys():
        river.wish(field, "town", "middle", 20)
    river.share("surplus", "dam", "escape", "DOWN", 0, 0).agreed("delta_agreed", "delta", 300)
    river.plant("big", "upper", "UP", 0.4, 180).plant("small", "mouth", "DOWN", 0.05).worth("DOWN", 0.03)
    per = 1 if step == "month" else 3
    river.needs_power("UP", 60 / per, {0.2: 0.5, 0.5: 0.5}).supply("imports", "UP", 10 / per, 0.04)
    river.export("sales", "UP", 5 / per, 0.01, line="west")
    river.ranged("dam", "storage", 150, 400).ranged("dam", "release", 20, 120, share=0.1)
    river.storage_alarm("dam", "UP", 120, 0.02).flow_alarm("middle", "DOWN", 30, 0.05, months=(1, 2))
    river.wished("dam", 260, 1).wished("lake", 880, 2, rule="at_most").held_worth("dam", {0.002: 80, 0.001: 100}, months=(2, 3))
    river.balanced("both", "dam", "pond", months=(4, 5))
    river.held("dam", 200).held("pond", 30, rule="at_most").end_value("dam", {0.03: 100, 0.01: 450})
    river.end_value_cut(0.5, {"pond": 10}, {"pond": 0.04}).end_value_cut(0.9, {"pond": 30}, {"pond": 0.01})
    river.clause("winter_release", "release", reservoir="dam", figures=[river.span(0, 2 * per - 1, amount_Mm3=40)])
    own = {"line": "east", "additional": True, "capacity_MW": 2, "cost_USD_per_kWh": 0.03, "source": "s", "grade": "assumed"}
    for name, giver, receiver, owed, way in (("sale", "UP", "DOWN", 3, {"line": "west"}), ("purchase", "DOWN", "UP", 4, own)):
        asked = {"giver": giver, "receivers": [receiver], "figures": [river.span(energy_GWh=owed)], "way": way}
        river.clause(name, "energy_delivery", **asked, concession_price=0.04)
    return river.priorities(
        ("lifelines", [FLOORS, ALARMS, Claims(kind="demands", uses=("drinking",)), Claims(kind="power_floor", party="UP", share=0.5)]),
        ("limits", [Claims(kind="demands", uses=("irrigation",)), SHARES]),
        ("lake", [Claims(kind="targets", places=("lake",)), Claims(kind="demands", uses=("environment",))]),
        ("winter_power", [Claims(kind="power", party="UP", season="non_growing")]),
        ("as_usual", [RANGES]),
        ("wished", [STORAGES, BALANCES]),
        "cost",
    )
