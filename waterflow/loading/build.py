"""From rows to the parts of a basin: units converted, series laid over the calendar, missing things named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.demands import Demand, Limit
from waterflow.basin.givens import given_fields
from waterflow.basin.network import Node, Reach
from waterflow.basin.reservoirs import EndValue, Reservoir, StorageRule
from waterflow.basin.targets import AgreedFlow, Counted, KnownFlow, ThresholdShare
from waterflow.calendar import Window
from waterflow.errors import Problem
from waterflow.loading.build_plants import Plants
from waterflow.loading.build_power import PowerBuilder
from waterflow.loading.build_values import ValueBuilder
from waterflow.loading.schema import TABLES
from waterflow.loading.tables import Row

__all__ = ["Builder"]

MM_PER_M = 1000.0


class Builder(Plants, PowerBuilder, ValueBuilder):
    """Turns the chosen rows of every table into parts."""

    def parts(self) -> dict[str, Any]:
        """Every part of a basin by its field."""
        nodes = {row.text("node") for row in self.rows("nodes")}
        for row in self.rows("runoff"):
            self._known(row, "node", nodes)
        for row in self.rows("runoff_changes"):
            self._known(row, "node", set(self.owners("runoff", "node")))
        return {
            "nodes": self.nodes(),
            "reaches": self.reaches(nodes),
            "runoff": {n: self.runoff(n) for n in self.owners("runoff", "node")},
            "reservoirs": self.reservoirs(),
            "storage_rules": self.storage_rules(),
            "end_values": self.end_values(),
            "demands": self.demands(nodes),
            "limits": self.limits(),
            **self.counted_parts(),
            "agreed_flows": self.agreed_flows(),
            "known_flows": self.known_flows(),
            "threshold_shares": self.threshold_shares(),
            "plants": self.plants(),
            **self.power(),
            **self.values(),
        }

    def nodes(self) -> list[Node]:
        """Nodes with their place on the schematic."""
        return [
            Node(
                name=r.text("node"),
                kind=r.text("kind"),
                title=r.text("name"),
                title_ru=r.text("name_ru"),
                x=r.number("x"),
                y=r.number("y"),
            )
            for r in self.rows("nodes")
        ]

    def runoff(self, node: str) -> tuple[float, ...]:
        """Runoff of a node in Mm3 per period, as a scenario changes it."""
        share = self.timed("runoff_changes", "runoff_fraction", "node", node, default=1.0)
        return tuple(q * f for q, f in zip(self.timed("runoff", "runoff_Mm3", "node", node), share, strict=True))

    def reaches(self, nodes: set[str]) -> list[Reach]:
        """Reaches with losses, capacities, travel times and the water that entered before the horizon."""
        made = []
        spills = {r.text("reach"): r.number("cost_USD_per_m3") for r in self.rows("spill_costs")}
        owners = self.owned("spill", set(spills))
        names = {r.text("reach") for r in self.rows("reaches")}
        for table in ("reach_losses", "reach_capacities", "reach_flows_before", "spill_costs"):
            for row in self.rows(table):
                self._known(row, "reach", names)
        capped = self.owners("reach_capacities", "reach")
        history = self.calendar.history
        for r in self.rows("reaches"):
            if not (self._known(r, "from_node", nodes) & self._known(r, "to_node", nodes)):
                continue
            name = r.text("reach")
            growing, resting = r.number("travel_growing_days"), r.number("travel_non_growing_days")
            needed = [p for p in history if self.calendar.start.toordinal() - p.end.toordinal() < 2 * max(growing, resting)]
            before = self.timed("reach_flows_before", "flow_Mm3", "reach", name, needed, None if needed else 0.0)
            made.append(
                Reach(
                    name=name,
                    start=r.text("from_node"),
                    end=r.text("to_node"),
                    title=r.text("name"),
                    evaporation=self.timed("reach_losses", "evaporation_fraction", "reach", name, self.calendar.timeline, 0.0),
                    seepage=self.timed("reach_losses", "seepage_fraction", "reach", name, self.calendar.timeline, 0.0),
                    travel_days=tuple(growing if p.season == "growing" else resting for p in self.calendar.timeline),
                    capacity=self.timed("reach_capacities", "capacity", "reach", name) if name in capped else None,
                    flow_before=(0.0,) * (len(history) - len(needed)) + before,
                    spill_cost=spills.get(name, 0.0),
                    owner=owners.get(name, ""),
                )
            )
        return made

    def reservoirs(self) -> list[Reservoir]:
        """Reservoirs and lakes with their opening storage and net evaporation."""
        names = {r.text("reservoir") for r in self.rows("reservoirs")}
        opening = {r.text("reservoir"): r for r in self.rows("opening_storage")}
        for table in ("levels", "evaporation", "precipitation", "opening_storage", "storage_rules", "end_values", "full_storages"):
            for row in self.rows(table):
                self._known(row, "reservoir", names)
        for row in opening.values():
            if row.date("date") != self.calendar.start:
                self.problems.append(
                    Problem(
                        "outside-horizon",
                        f"{row.where}, date",
                        str(row.date("date")),
                        f"{self.calendar.start}, the first day of the horizon",
                        "Another season's series?",
                    )
                )
        owners = self.owned("reservoir", names)
        return [self._reservoir(r, opening, owners) for r in self.rows("reservoirs")]

    def _reservoir(self, r: Row, opening: dict[str, Row], owners: dict[str, str]) -> Reservoir:
        name = r.text("reservoir")
        changed = [x for x in self.rows("full_storages") if x.text("reservoir") == name]
        full, lowest = (changed or [r])[0].number("full_storage_Mm3"), r.number("lowest_storage_Mm3")
        if lowest > full:
            self.problems.append(
                Problem(
                    "storage-limits",
                    f"{r.where}, full_storage_Mm3",
                    f"{full:g}, below lowest_storage_Mm3 {lowest:g}",
                    "a full storage above the lowest",
                    "Written in km3?" if full < lowest / 100 else "Swapped?",
                )
            )
        if name not in opening:
            self.problems.append(Problem("missing-opening", f"opening_storage: {name}", "no row", "the storage when the horizon starts"))
        start = opening[name].number("storage_Mm3") if name in opening else lowest
        if name in opening and 0 < start < lowest / 100:
            self.problems.append(
                Problem("unit-slip", f"{opening[name].where}, storage_Mm3", f"{start:g}", f"about {lowest:g} or more", "Written in km3?")
            )
        nets = r.text("runoff_net_of_evaporation") == "yes"
        evaporation = self.timed("evaporation", "evaporation_mm", "reservoir", name, default=0.0)
        rain = self.timed("precipitation", "precipitation_mm", "reservoir", name, default=0.0)
        points = [x for x in self.rows("levels") if x.text("reservoir") == name]
        return Reservoir(
            name=name,
            full_storage=max(full, lowest),
            lowest_storage=lowest,
            operating_storage=self.operating_storage(name),
            dead_storage=r.number("dead_storage_Mm3"),
            opening_storage=start,
            area_at_zero=r.number("area_at_zero_km2"),
            area_slope=r.number("area_slope_km2_per_Mm3"),
            net_evaporation=tuple(0.0 if nets else (e - p) / MM_PER_M for e, p in zip(evaporation, rain, strict=True)),
            levels=tuple(sorted((x.number("storage_Mm3"), x.number("level_m")) for x in points)),
            owner=owners.get(name, ""),
        )

    def storage_rules(self) -> list[StorageRule]:
        """Storage on a date: at the end of the day before."""
        made = []
        for r in self.rows("storage_rules"):
            try:
                period = self.calendar.ends_before(r.date("date"))
            except ValueError as error:
                allowed = f"{self.calendar.start + dt.timedelta(days=1)} to {self.calendar.end + dt.timedelta(days=1)}"
                self.problems.append(Problem("outside-horizon", f"{r.where}, date", str(error), allowed, "Another season's series?"))
                continue
            reservoir, rule = r.text("reservoir"), r.text("rule")
            made.append(
                StorageRule(
                    name=f"{reservoir}/{rule}/{r.date('date')}",
                    reservoir=reservoir,
                    period=period,
                    rule=rule,
                    storage=r.number("storage_Mm3"),
                )
            )
        return made

    def end_values(self) -> list[EndValue]:
        """Blocks of end value; they must fall from block to block."""
        made = []
        last: dict[str, float] = {}
        for r in sorted(self.rows("end_values"), key=lambda row: (row.text("reservoir"), row.number("block"))):
            reservoir, value = r.text("reservoir"), r.number("value_USD_per_m3")
            if value > last.get(reservoir, value):
                self.problems.append(
                    Problem("rising-value", f"{r.where}, value_USD_per_m3", f"{value:g}", f"at most {last[reservoir]:g}, the block before")
                )
            last[reservoir] = value
            made.append(
                EndValue(
                    name=f"{reservoir}/{int(r.number('block'))}",
                    reservoir=reservoir,
                    width=r.number("width_Mm3"),
                    value=value,
                )
            )
        return made

    def demands(self, nodes: set[str]) -> list[Demand]:
        """Demands with need, canal, return flow and earlier withdrawals."""
        names = {r.text("demand") for r in self.rows("demands")}
        for table in ("needs", "canal_capacities", "return_flows", "withdrawals_before", "delivery_values"):
            for row in self.rows(table):
                self._known(row, "demand", names)
        back = {r.text("demand"): r for r in self.rows("return_flows")}
        canals = {r.text("demand"): r for r in self.rows("canal_capacities")}
        made = []
        for r in self.rows("demands"):
            name = r.text("demand")
            self._known(r, "node", nodes)
            returning = back.get(name)
            canal = canals.get(name)
            if returning:
                self._known(returning, "to_node", nodes)
            before = self.timed(
                "withdrawals_before", "withdrawal_Mm3", "demand", name, self.calendar.history, None if returning else 0.0
            )
            made.append(
                Demand(
                    name=name,
                    node=r.text("node"),
                    party=r.text("party"),
                    use=r.text("use"),
                    limited=r.text("limited") == "yes",
                    title=r.text("name"),
                    title_ru=r.text("name_ru"),
                    need=self.timed("needs", "need_Mm3", "demand", name),
                    capacity=self.capacity(canal, "capacity") if canal else None,
                    return_node=returning.text("to_node") if returning else "",
                    return_kernel=self.kernel(returning) if returning else (),
                    delivery_before=before,
                    value=self.timed("delivery_values", "value_USD_per_m3", "demand", name, default=0.0),
                )
            )
        return made

    def limits(self) -> list[Limit]:
        """A limit for each season of the horizon."""
        return [
            Limit(name=f"{r.text('party')}/{window}", party=r.text("party"), season=season, window=window, amount=r.number("limit_Mm3"))
            for r in self.rows("limits")
            for window, season in self.calendar.seasons
            if season == r.text("season")
        ]

    def counted_parts(self) -> dict[str, list[Counted]]:
        """What is wished for past a place in a window: the parts of every field that holds such, from its own table."""
        made: dict[str, list[Counted]] = {}
        for given in given_fields(Basin).values():
            if given.part and given.attribute and issubclass(given.part, Counted):
                rows, whose = self.rows(given.table), TABLES[given.table].owner
                numbers = ({given.attribute: r.number(given.column)} for r in rows)
                made[given.field] = [given.part(**self.counted(r, whose), **number) for r, number in zip(rows, numbers, strict=True)]
        return made

    def agreed_flows(self) -> list[AgreedFlow]:
        """Agreed arrivals at a node."""
        made = []
        for r in self.rows("agreed_flows"):
            window = self.window(r)
            made.append(
                AgreedFlow(name=f"{r.text('place')}/{window}", place=r.text("place"), window=window, amount=r.number("agreed_Mm3"))
            )
        return made

    def known_flows(self) -> list[KnownFlow]:
        """Published plans and facts; they may lie anywhere in time, since they steer nothing."""
        return [
            KnownFlow(
                name=f"{k}/{r.text('place')}/{r.text('quantity')}",
                place=r.text("place"),
                quantity=r.text("quantity"),
                window=Window(r.date("start"), r.date("end")),
                kind=r.text("kind"),
                amount=r.number("value_Mm3"),
                source=r.text("source"),
                grade=r.text("grade"),
            )
            for k, r in enumerate(sorted(self.rows("known_flows"), key=lambda r: str(sorted(map(str, r.values.items())))))
        ]

    def threshold_shares(self) -> list[ThresholdShare]:
        """Shares of the inflow above a threshold."""
        return [
            ThresholdShare(
                name=r.text("share"),
                node=r.text("node"),
                reach=r.text("reach"),
                party=r.text("party"),
                window=self.window(r),
                threshold=r.number("threshold_Mm3"),
                share=r.number("share_fraction"),
            )
            for r in self.rows("threshold_shares")
        ]
