"""Water value: what one more m3 at a place is worth under one sum of benefits, and to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from waterflow.accounts.payoffs import worth
from waterflow.accounts.plan import Plan, plain
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.basin.changes import Index
from waterflow.basin.levels import require_benefit
from waterflow.basin.values import LEVELS, Level
from waterflow.errors import InputError, Problem
from waterflow.explain.price_facts import WaterValue
from waterflow.progress import each
from waterflow.words.catalogue import say

__all__ = ["WaterAt", "one_more", "places_of"]

START = "start"


@dataclass(frozen=True)
class WaterAt:
    """Water at a place: kept in a reservoir when the horizon starts, or entering a node in a period."""

    place: str
    when: str
    party: str

    @property
    def given(self) -> tuple[str, Index]:
        """The given that is one more, and its index."""
        return ("opening_storage", self.place) if self.when == START else ("runoff", (self.place, self.when))


def places_of(basin: Basin, asked: Sequence[str] = ()) -> list[WaterAt]:
    """Places by name: ``mountain`` for water in a reservoir at the start, ``fields/2025-07`` for water at a node.

    Without names: every reservoir but lakes, and every node where somebody takes water, in the period of its
    greatest need. The party is the reservoir's owner, or the one that asks for most at the node.

    Raises
    ------
    InputError
        Naming every place that is none.
    """
    if not asked:
        stored = [r for r in basin.reservoirs if basin.nodes[r].kind == "reservoir"]
        using = [n for n in basin.nodes if any(any(basin.demands[d].need) for d in basin.demands_at[n])]
        asked = [*stored, *(f"{n}/{_peak(basin, n)}" for n in using)]
    found, problems = [], list[Problem]()
    for name in asked:
        place, _, when = name.partition("/")
        if not when and place in basin.reservoirs:
            found.append(WaterAt(place, START, basin.reservoirs[place].owner))
        elif when in basin.calendar.position and place in basin.nodes and basin.nodes[place].kind != "outlet":
            found.append(WaterAt(place, when, _taker(basin, place)))
        else:
            problems.append(Problem("unknown-place", "--at", name, _allowed(basin), say("A typing slip?")))
    if problems:
        raise InputError(problems)
    return sorted(found, key=lambda w: (w.when != START, Plan(basin, None).order(w.place), w.when))  # type: ignore[arg-type]


def _allowed(basin: Basin) -> str:
    nodes = ", ".join(n for n, node in basin.nodes.items() if node.kind != "outlet")
    parts = {"period": basin.calendar.labels[0], "nodes": nodes}
    if not basin.reservoirs:
        return say("a node and a period as in X/{period}, X one of {nodes}", **parts)
    stored = ", ".join(basin.reservoirs)
    return say("a reservoir ({reservoirs}), or a node and a period as in X/{period}, X one of {nodes}", reservoirs=stored, **parts)


def _peak(basin: Basin, node: str) -> str:
    """The period in which a node's demands ask for most."""
    needs = [sum(basin.demands[d].need[k] for d in basin.demands_at[node]) for k in range(len(basin.calendar.labels))]
    return basin.calendar.labels[needs.index(max(needs))]


def _taker(basin: Basin, node: str) -> str:
    needs: Counter[str] = Counter()
    for d in basin.demands_at[node]:
        needs[basin.demands[d].party] += round(1000 * sum(basin.demands[d].need))
    return needs.most_common(1)[0][0] if needs else ""


def one_more(basin: Basin, asked: Sequence[str] = ()) -> tuple[WaterValue, ...]:
    """What one more m3 is worth at places, USD per m3: a plan is made at each level and its one-sided price taken.

    The shadow price of water, from the side of more; heard by `waterflow.progress`.

    Parameters
    ----------
    basin : Basin
        With one sum of benefits.
    asked : sequence of str
        As in `places_of`.

    Returns
    -------
    tuple of WaterValue
        The gain of all from one more at each level; the loss of all from one less, and the gain of each party from one
        more, at central values.

    Raises
    ------
    InputError
        If the objective has priorities, or a place is none.
    """
    require_benefit(basin)
    places = places_of(basin, asked)
    dry = {w.place: (0.0,) * len(basin.calendar.labels) for w in places if w.when != START and w.place not in basin.runoff}
    solvers = {level: Solver(basin.at_level(level).replaced(runoff=basin.runoff | dry)) for level in LEVELS}
    return tuple(_fact(water, solvers) for water in each(places))


def _fact(water: WaterAt, solvers: dict[Level, Solver]) -> WaterValue:
    sides = {level: solver.marginal(*water.given) for level, solver in solvers.items()}
    gain = {level: side["stage_value"].sel(stage="benefit") for level, side in sides.items()}
    right = sides["central"].sel(side="right")
    parties: dict[str, float] = {}
    for (party, _), value in worth(solvers["central"].basin, right, change=True).items():
        parties[party] = parties.get(party, 0.0) + value
    return WaterValue(
        place=water.place,
        when=water.when,
        party=water.party,
        low_USD_per_m3=plain(float(gain["low"].sel(side="right"))),
        central_USD_per_m3=plain(float(gain["central"].sel(side="right"))),
        high_USD_per_m3=plain(float(gain["high"].sel(side="right"))),
        one_less_USD_per_m3=plain(float(gain["central"].sel(side="left"))),
        parties={party: plain(value) for party, value in parties.items()},
    )
