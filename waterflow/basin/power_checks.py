"""The checks of power: blocks, bands that must run, and lines that would turn power in a circle."""

from __future__ import annotations

import math
from collections.abc import Iterator

from waterflow.basin.energy import Export, Supply
from waterflow.basin.river import River
from waterflow.errors import Problem, said_kind
from waterflow.words.catalogue import say

__all__ = ["power_problems"]


def power_problems(basin: River) -> Iterator[Problem]:
    """Every problem of the parties' power. Series of the wrong length are told elsewhere and not looked into."""
    yield from _balances(basin)
    length = len(basin.calendar.periods)
    series: list[tuple[tuple[float, ...] | None, ...]] = [(s.capacity, s.must_run, s.loss, s.cost) for s in basin.supplies.values()]
    series += [(x.capacity, x.loss, x.price) for x in basin.exports.values()]
    if all(values is None or len(values) == length for group in series for values in group):
        yield from _must_run(basin)
        for supply in basin.supplies.values():
            for export in basin.exports.values():
                # over a clause's own line power goes one way in a period: the days there and back are apart
                if supply.line and not supply.clause and (supply.party, supply.line) == (export.party, export.line):
                    yield from _loop(basin, supply, export)


def _balances(basin: River) -> Iterator[Problem]:
    asking = {party for party, system in basin.power.items() if system.demand}
    for party in sorted(asking):
        covered = sum(b.demand_share for b in basin.unserved_blocks.values() if b.party == party)
        if not math.isclose(covered, 1.0, abs_tol=1e-9):
            where, allowed = say("power of {party}", party=party), say("blocks that sum to 1, so that a season is always solvable")
            yield Problem("unserved-blocks", where, say("unserved blocks that cover {covered:g} of the demand", covered=covered), allowed)
    for b in basin.unserved_blocks.values():
        if b.party in basin.parties and b.party not in asking:
            found = say("party {party}, which has no power demand", party=b.party)
            yield Problem("no-power-balance", say("unserved block {name}", name=b.name), found, say("a party with a power demand"))
    traded: list[Supply | Export] = [*basin.supplies.values(), *basin.exports.values()]
    for x in traded:
        if x.party in basin.parties and x.party not in asking:
            yield Problem(
                "no-power-balance",
                say("{kind} {name}", kind=said_kind("supply" if isinstance(x, Supply) else "export"), name=x.name),
                say("party {party}, which has no power demand", party=x.party),
                say("a party with a power demand"),
                say("Bought and sold power would come from nowhere; a party without a balance has only a value per kWh."),
            )


def _must_run(basin: River) -> Iterator[Problem]:
    """Power that must run is at most what the supply can give, and what the party can use or send away."""
    for s in basin.supplies.values():
        for k, label in enumerate(basin.calendar.labels):
            if s.least(k) > s.capacity[k]:
                found = say("{forced:g} GWh must run in {label}", forced=s.least(k), label=label)
                allowed = say("at most its capacity of {capacity:g}", capacity=s.capacity[k])
                yield Problem("must-run", say("supply {name}", name=s.name), found, allowed, say("Swapped?"))
                break
    for party, system in basin.power.items():
        for k, (label, demand) in enumerate(zip(basin.calendar.labels, system.demand, strict=False)):
            forced = sum(s.arriving(k) * s.least(k) for s in basin.supplies.values() if s.party == party)
            room = demand + sum(x.capacity[k] for x in basin.exports.values() if x.party == party)
            if forced > room:
                found = say("{forced:g} GWh that must run in {label}", forced=forced, label=label)
                yield Problem(
                    "must-run", say("power of {party}", party=party), found, say("at most demand and export limits, {room:g}", room=room)
                )
                break


def _loop(basin: River, supply: Supply, export: Export) -> Iterator[Problem]:
    """A line that runs both ways loses power and money on a round trip, or the plan would run it in a circle."""
    for k, label in enumerate(basin.calendar.labels):
        if supply.capacity[k] == 0 or export.capacity[k] == 0:
            continue
        kept = supply.arriving(k) * export.arriving(k)
        if kept == 1 or kept * export.price[k] >= supply.cost[k]:
            yield Problem(
                "line-loop",
                say("line {line}: {supply} and {export}", line=supply.line, supply=supply.name, export=export.name),
                say(
                    "in {label} a GWh bought at {cost:g} comes back as {kept:g} and earns {earned:g}",
                    label=label,
                    cost=supply.cost[k],
                    kept=kept,
                    earned=kept * export.price[k],
                ),
                say("a loss on the line, and a round trip that earns less than it costs"),
                say("An import and an export of one line at once would turn power in a circle."),
            )
            return
