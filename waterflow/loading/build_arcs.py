"""From rows to arcs: costs and electricity of reaches, rules for several reaches together, outlets by storage."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.basin.arcs import FlowRule, ReachCost
from waterflow.calendar import Period
from waterflow.errors import Problem, unknown
from waterflow.loading.series_choice import Chosen
from waterflow.loading.tables import Row
from waterflow.loading.timed import laid_out
from waterflow.words.catalogue import mark, say

__all__ = ["flow_rules", "idle_rules", "outlets", "reach_costs"]


def reach_costs(chosen: Chosen) -> list[ReachCost]:
    """Costs and electricity of every reach and party that has some, by period."""
    made = []
    rows = chosen.rows("reach_costs")
    for reach, party in sorted({(r.text("reach"), r.text("party")) for r in rows}):
        own = [r for r in rows if (r.text("reach"), r.text("party")) == (reach, party)]
        name, series = f"{reach}/{party}", []
        for column in ("cost_USD_per_m3", "electricity_GWh_per_Mm3"):
            values, problems = laid_out(own, column, chosen.calendar, chosen.calendar.periods, f"reach_costs: {name}")
            chosen.problems += [p for p in problems if p not in chosen.problems]
            series.append(values)
        if not any(map(any, series)):
            found, allowed = say("costs and electricity of nothing"), say("a cost or electricity in some period, or no row")
            chosen.problems.append(Problem("bad-reach-cost", f"reach_costs: {name}", found, allowed))
        made.append(ReachCost(name=name, reach=reach, party=party, cost=series[0], electricity=series[1]))
    return made


def flow_rules(chosen: Chosen) -> list[FlowRule]:
    """Rules for several reaches together, one part for each period that has a row; a rule has the same reaches in all of them."""
    made = []
    rows = chosen.rows("flow_rules")
    for name, rule in sorted({(r.text("flow_rule"), r.text("rule")) for r in rows}):
        own = [r for r in rows if (r.text("flow_rule"), r.text("rule")) == (name, rule)]
        _same(chosen, own)
        _named(chosen, own[0])
        for k, period in enumerate(chosen.calendar.periods):
            (flow,), problems = laid_out(own, "ruled", chosen.calendar, [period], f"flow_rules: {name}, {rule}")
            chosen.problems += [p for p in problems if p.code != "missing-period" and p not in chosen.problems]
            if any(p.code == "missing-period" for p in problems):
                chosen.problems += _in_part(own, period)
                continue
            made.append(
                FlowRule(
                    name=f"{name}/{rule}/{period.label}",
                    reaches=_reaches(own[0]),
                    party=own[0].text("party"),
                    period=k,
                    rule=rule,
                    flow=flow,
                )
            )
    return made


def _named(chosen: Chosen, row: Row) -> None:
    """The reaches and the party of a rule are there, whether or not it holds in some period of the horizon."""
    known = {r.text("reach") for r in chosen.rows("reaches")}
    named = _reaches(row)
    chosen.problems += [unknown("reach", f"{row.where}, reaches", name, known) for name in named if name not in known]
    if len(set(named)) < len(named):
        found, allowed = row.text("reaches"), say("one reach or more, each named once")
        chosen.problems.append(Problem("bad-flow-rule", f"{row.where}, reaches", found, allowed))


def idle_rules(chosen: Chosen) -> Iterator[str]:
    """Sentences about rules that have a row for no period of the horizon."""
    periods = chosen.calendar.periods
    months = {p.label[5:7] for p in periods}
    for name, rule in sorted({(r.text("flow_rule"), r.text("rule")) for r in chosen.rows("flow_rules")}):
        own = [r for r in chosen.rows("flow_rules") if (r.text("flow_rule"), r.text("rule")) == (name, rule)]
        if all("month" in r.values and f"{int(r.number('month')):02d}" not in months for r in own):
            told = mark("{where}: the rule {name}, {rule}, has no month of the horizon and does nothing.")
            yield say(told, where=own[0].where, name=name, rule=rule)


def _in_part(own: list[Row], period: Period) -> list[Problem]:
    """Rows of some dekads of a month that is planned as a whole."""
    parts = [r for r in own if "period" in r.values and r.text("period").startswith(f"{period.label}-d")]
    allowed = say("rows of all three dekads, or one of the month")
    return [Problem("missing-period", f"{r.where}, period", r.text("period"), allowed) for r in parts]


def _reaches(row: Row) -> tuple[str, ...]:
    return tuple(row.text("reaches").replace(",", " ").split())


def _same(chosen: Chosen, own: list[Row]) -> None:
    """A rule is of one set of reaches and one party; a row with others is a problem."""
    first = own[0]
    for r in own[1:]:
        for column in ("reaches", "party"):
            if r.text(column) != first.text(column):
                allowed = say("{value}, as in the first row of the rule", value=first.text(column) or "-")
                chosen.problems.append(Problem("bad-flow-rule", f"{r.where}, {column}", r.text(column) or "-", allowed))


def outlets(chosen: Chosen) -> dict[str, tuple[tuple[float, float], ...]]:
    """Points (Mm3, m3/s) of every outlet, by reach, in the order of storage."""
    points: dict[str, list[tuple[float, float]]] = {}
    for r in chosen.rows("outlet_capacities"):
        points.setdefault(r.text("reach"), []).append((r.number("storage_Mm3"), r.number("capacity_m3s")))
    return {reach: tuple(sorted(found)) for reach, found in points.items()}
