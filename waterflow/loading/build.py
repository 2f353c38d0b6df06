"""From rows to the parts of a basin: units converted, series laid over the calendar, missing things named."""

from __future__ import annotations

from collections import Counter
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.demands import Demand, Limit
from waterflow.basin.givens import given_fields
from waterflow.basin.network import Node, Reach, Recharge
from waterflow.basin.targets import AgreedFlow, Counted, KnownFlow, ThresholdShare
from waterflow.calendar import Window
from waterflow.errors import unknown
from waterflow.loading.build_alarms import alarms
from waterflow.loading.build_arcs import flow_rules, outlets, reach_costs
from waterflow.loading.build_held import held
from waterflow.loading.build_plants import plants
from waterflow.loading.build_power import power
from waterflow.loading.build_reservoirs import end_value_cuts, end_values, operating_ranges, reservoirs, storage_rules
from waterflow.loading.build_values import owned, values
from waterflow.loading.schema import TABLES
from waterflow.loading.series_choice import Chosen

__all__ = ["Builder"]

#: tables whose rows are of one reach each
OF_REACHES = (
    "reach_losses",
    "reach_capacities",
    "reach_costs",
    "outlet_capacities",
    "reach_flows_before",
    "spill_costs",
    "flow_alarms",
)


class Builder(Chosen):
    """Turns the chosen rows of every table into parts."""

    def parts(self) -> dict[str, Any]:
        """Every part of a basin by its field."""
        nodes = {row.text("node") for row in self.rows("nodes")}
        for table in ("runoff", "map_places"):
            for row in self.rows(table):
                self.known(row, "node", nodes)
        for row in self.rows("runoff_changes"):
            self.known(row, "node", set(self.owners("runoff", "node")))
        return {
            "nodes": self.nodes(),
            "reaches": self.reaches(nodes),
            "reach_costs": reach_costs(self),
            "flow_rules": flow_rules(self),
            "runoff": {n: self.runoff(n) for n in self.owners("runoff", "node")},
            "reservoirs": reservoirs(self),
            "recharges": self.recharges(nodes),
            "storage_rules": storage_rules(self),
            **held(self),
            "operating_ranges": operating_ranges(self),
            **alarms(self),
            "end_values": end_values(self),
            "end_value_cuts": end_value_cuts(self),
            "demands": self.demands(nodes),
            "limits": self.limits(),
            **self.counted_parts(),
            "agreed_flows": self.agreed_flows(),
            "known_flows": self.known_flows(),
            "threshold_shares": self.threshold_shares(),
            "plants": plants(self),
            **power(self),
            **values(self),
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
        spillways = {r.text("reach") for r in self.rows("spill_costs") if r.text("spillway") == "yes"}
        owners = owned(self, "spill", set(spills))
        names = {r.text("reach") for r in self.rows("reaches")}
        for table in OF_REACHES:
            for row in self.rows(table):
                self.known(row, "reach", names)
        capped, outlet = self.owners("reach_capacities", "reach"), outlets(self)
        for r in self.rows("reaches"):
            if not (self.known(r, "from_node", nodes) & self.known(r, "to_node", nodes)):
                continue
            name = r.text("reach")
            growing, resting = r.number("travel_growing_days"), r.number("travel_non_growing_days")
            travel = tuple(growing if p.season == "growing" else resting for p in self.calendar.timeline)
            first = self.calendar.still_under_way(travel)
            made.append(
                Reach(
                    name=name,
                    start=r.text("from_node"),
                    end=r.text("to_node"),
                    title=r.text("name"),
                    title_ru=r.text("name_ru"),
                    evaporation=self.timed("reach_losses", "evaporation_fraction", "reach", name, self.calendar.timeline, 0.0),
                    seepage=self.timed("reach_losses", "seepage_fraction", "reach", name, self.calendar.timeline, 0.0),
                    constant_loss=self.constant_loss(name),
                    travel_days=travel,
                    capacity=self.timed("reach_capacities", "capacity", "reach", name) if name in capped else None,
                    flow_before=self.before("reach_flows_before", "flow_Mm3", "reach", name, first),
                    spill_cost=spills.get(name, 0.0),
                    spillway=name in spillways,
                    owner=owners.get(name, ""),
                    outlet=outlet.get(name, ()),
                )
            )
        return made

    def constant_loss(self, reach: str) -> tuple[float, ...]:
        """What a reach loses whatever flows, Mm3 in each period of the timeline; empty for nothing."""
        rates = self.timed("reach_losses", "constant_loss_m3s", "reach", reach, self.calendar.timeline, 0.0)
        return tuple(v / p.rate for v, p in zip(rates, self.calendar.timeline, strict=True)) if any(rates) else ()

    def recharges(self, nodes: set[str]) -> list[Recharge]:
        """Where water comes to that seeped away."""
        made = []
        for r in self.rows("recharges"):
            kind, origin, node = r.text("kind"), r.text("origin"), r.text("to_node")
            self.known(r, "to_node", nodes)
            names = {x.text(kind) for x in self.rows(f"{kind}s" if kind != "reach" else "reaches")}
            if origin not in names:
                self.problems.append(unknown(kind, f"{r.where}, origin", origin, names))
            made.append(Recharge(name=f"{kind}/{origin}/{node}", kind=kind, origin=origin, node=node, share=r.number("share_fraction")))
        return made

    def demands(self, nodes: set[str]) -> list[Demand]:
        """Demands with need, canal, return flow and earlier withdrawals."""
        names = {r.text("demand") for r in self.rows("demands")}
        for table in ("needs", "canal_capacities", "return_flows", "withdrawals_before", "delivery_values"):
            for row in self.rows(table):
                self.known(row, "demand", names)
        back = {r.text("demand"): r for r in self.rows("return_flows")}
        canals = {r.text("demand"): r for r in self.rows("canal_capacities")}
        made = []
        for r in self.rows("demands"):
            name = r.text("demand")
            self.known(r, "node", nodes)
            returning = back.get(name)
            canal = canals.get(name)
            if returning:
                self.known(returning, "to_node", nodes)
            kernel = self.kernel(returning) if returning else ()
            # what was withdrawn earlier has come back, or never does
            first = len(self.calendar.history) - self.calendar.periods_in(max(0, len(kernel) - 1))
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
                    return_kernel=kernel,
                    delivery_before=self.before("withdrawals_before", "withdrawal_Mm3", "demand", name, first),
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
            made.append(AgreedFlow(name=f"{r.text('place')}/{window}", place=r.text("place"), window=window, amount=r.number("agreed_Mm3")))
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
        """Shares of the inflow above a threshold; one of several years is named with its window."""
        named = Counter(r.text("share") for r in self.rows("threshold_shares"))
        return [
            ThresholdShare(
                name=r.text("share") if named[r.text("share")] == 1 else f"{r.text('share')}/{self.window(r)}",
                node=r.text("node"),
                reach=r.text("reach"),
                party=r.text("party"),
                window=self.window(r),
                threshold=r.number("threshold_Mm3"),
                share=r.number("share_fraction"),
            )
            for r in self.rows("threshold_shares")
        ]
