"""A plan as a page paints it: only what is drawn, so that it is made while a lever moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from waterflow.accounts.balance_facts import Balance
from waterflow.accounts.balances import power_balances, water_balance
from waterflow.accounts.clauses import fulfilled
from waterflow.accounts.commitments import floor_shortfalls
from waterflow.accounts.payoffs import has_values, payoffs
from waterflow.accounts.plan import Plan
from waterflow.allocation.allocation import Allocation
from waterflow.basin.addresses import addressed
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.basin.values import LEVELS, Level
from waterflow.errors import ConflictError
from waterflow.report.rule_words import rule_in_words
from waterflow.solver.rules import Rule
from waterflow.workbench.levers import Lever
from waterflow.workbench.picture_facts import (
    BelowFloor,
    Clash,
    Conflicting,
    PartyPainted,
    PicturedTarget,
    PictureFacts,
    ReservoirPainted,
    UserPainted,
    WayOut,
)

__all__ = ["chosen", "conflicting", "picture", "places_of_users"]

Floats = NDArray[np.float64]
#: a flow that is less than this below its minimum, m3/s, is printed as one that is not
SEEN = 0.5


def picture(allocation: Allocation, levers: tuple[Lever, ...], *, dragging: bool) -> PictureFacts:
    """What a page paints of an allocation."""
    basin, dataset = allocation.basin, allocation.dataset
    plan = Plan(basin, dataset)
    worst = max(float(dataset[f"certificate_{part}"].values.max()) for part in ("primal", "dual", "gap"))
    return PictureFacts(
        status="plan",
        questions=basin.questions,
        targets=tuple(_targets(plan)),
        floors=tuple(_below(plan)),
        flows={r: _rounded(plan.rates(plan.series("flow", r))) for r in basin.reaches},
        reservoirs=tuple(_reservoirs(plan)),
        users=tuple(_users(plan)),
        parties=tuple(_parties(plan, ("central",) if dragging else LEVELS)),
        water=_short(water_balance(plan)),
        power=tuple(_short(b) for b in power_balances(plan)),
        levers=chosen(allocation, levers),
        values=has_values(basin),
        worst_certificate=worst,
        residual_Mm3=max(float(dataset.attrs["water_residual_Mm3"]), float(dataset.attrs["river_residual_Mm3"])),
        solve=str(dataset.attrs.get("solve_path", "cold")),
        dragging=dragging,
    )


def places_of_users(basin: Basin) -> dict[tuple[str, str], list[str]]:
    """Users by place and party; balances nobody can explain are no users."""
    found: dict[tuple[str, str], list[str]] = {}
    for d in basin.demands.values():
        if d.use != "unexplained" and sum(d.need) > 0:
            found.setdefault((d.node, d.party), []).append(d.name)
    return found


def _rounded(values: Floats) -> tuple[float, ...]:
    """To a hundredth: nobody sees more, and half of the bytes go."""
    return tuple(float(v) + 0.0 for v in np.round(values, 2))


def _short(balance: Balance) -> Balance:
    """To a ten-thousandth: a balance of rounded amounts still closes to a thousandth."""
    parts = (p.model_copy(update={"amounts": tuple(float(v) + 0.0 for v in np.round(p.amounts, 4))}) for p in balance.parts)
    return balance.model_copy(update={"parts": tuple(parts)})


def _targets(plan: Plan) -> Iterator[PicturedTarget]:
    basin = plan.basin
    for x in basin.targets.values():
        season = next((s for w, s in plan.seasons if w.start <= x.window.start <= w.end), "")
        passed = plan.over(plan.series("flow", x.reach), x.window)
        about = {"place": x.place, "title": called(basin, x.place), "window": str(x.window), "season": season}
        yield PicturedTarget(**about, target=x.amount, delivered=passed)


def _below(plan: Plan) -> Iterator[BelowFloor]:
    """Where and when a minimum flow is missed, by more than nobody sees."""
    found: dict[str, list[tuple[float, float, str]]] = {}
    for x in floor_shortfalls(plan):
        figure = max(f.flow for f in plan.basin.floors.values() if f.place == x.place and str(f.window) == x.window)
        found.setdefault(x.place, []).append((x.missing_m3s, figure, x.period))
    for place, missed in found.items():
        most, floor, _ = max(missed)
        if most >= SEEN:
            yield BelowFloor(place=place, floor=floor, most=most, periods=tuple(dict.fromkeys(label for *_, label in missed)))


def _reservoirs(plan: Plan) -> Iterator[ReservoirPainted]:
    for name in plan.basin.reservoirs:
        release = plan.release(name)
        let_go = plan.nothing if release is None else release
        storage = _rounded(plan.series("storage", name))
        yield ReservoirPainted(
            name=name, storage=storage, release=_rounded(plan.rates(let_go)), inflow=_rounded(plan.rates(plan.inflow(name)))
        )


def _users(plan: Plan) -> Iterator[UserPainted]:
    for (place, party), users in places_of_users(plan.basin).items():
        asked = sum((np.asarray(plan.basin.demands[u].need, dtype=float) for u in users), start=plan.nothing)
        got = sum((plan.series("delivery", u) for u in users), start=plan.nothing)
        yield UserPainted(place=place, party=party, asked=_rounded(asked), got=_rounded(got))


def _parties(plan: Plan, levels: Iterable[Level]) -> Iterator[PartyPainted]:
    basin = plan.basin
    worth = payoffs(basin, plan.dataset, levels) if has_values(basin) else {}
    users = places_of_users(basin)
    for party in basin.parties:
        own = [u for (_, p), names in users.items() if p == party for u in names]
        blocks = [b.name for b in basin.unserved_blocks.values() if b.party == party]
        plants = [p.name for p in basin.plants.values() if p.party == party]
        yield PartyPainted(
            party=party,
            low=worth["low"].get(party) if "low" in worth else None,
            central=worth.get("central", {}).get(party, 0.0),
            high=worth["high"].get(party) if "high" in worth else None,
            asked=sum(float(sum(basin.demands[u].need)) for u in own),
            got=plan.total("delivery", own),
            power_asked=float(sum(basin.power[party].demand)) if party in basin.power else 0.0,
            power_unserved=plan.total("unserved", blocks) if blocks else 0.0,
            river_power=plan.total("generation", plants) if plants else 0.0,
        )


def chosen(allocation: Allocation, levers: Iterable[Lever]) -> dict[str, float]:
    """What a plan lets go or keeps, promised or not, by the lever that would promise it."""
    plan, found = Plan(allocation.basin, allocation.dataset), {}
    for lever in levers:
        word, _, rest = lever.address.partition(".")
        if word == "clause" and rest in plan.basin.clause_rows:
            found[lever.address] = fulfilled(plan, plan.basin.clause_rows[rest])
        elif word == "storage_at_least":
            found[lever.address] = float(plan.series("storage", rest.partition(".")[0])[-1])
    return found


def conflicting(error: ConflictError, basin: Basin, levers: tuple[Lever, ...]) -> Conflicting:
    """A conflict as a page tells it, with the lever of each rule that has one."""
    found = error.conflict
    moves = _levers_of_rules(basin, levers)
    clashing = () if found is None else found.clashing
    given = {} if found is None else {rule: x for rule, x in found.alone.items() if x is not None}
    ways = [
        WayOut(
            rule=rule.name,
            said=rule_in_words(rule),
            lever=moves.get(rule.owner),
            before=rule.figure,
            after=_after(rule, x.amount),
            amount=x.amount,
            share=x.share,
            unit=rule.unit,
        )
        for rule, x in given.items()
    ]
    return Conflicting(
        status="conflict",
        questions=basin.questions,
        clashing=tuple(
            Clash(rule=r.name, said=rule_in_words(r), lever=moves.get(r.owner), figure=r.figure, unit=r.unit, parties=r.parties)
            for r in clashing
        ),
        works=tuple(rule_in_words(r) for r in (() if found is None else found.works)),
        ways_out=tuple(sorted(ways, key=lambda w: float("inf") if w.share is None else w.share)),
        text=str(error),
    )


def _after(rule: Rule, amount: float) -> float:
    """The figure of a rule that has given way: less where so much was to be there, more where no more was to be."""
    at_most = getattr(rule.part, "rule", "") == "at_most" or rule.kind.startswith("limit")
    return rule.figure + amount if at_most else rule.figure - amount


def _levers_of_rules(basin: Basin, levers: tuple[Lever, ...]) -> dict[str, str]:
    """The lever that moves a rule, by what the rule is of."""
    found: dict[str, str] = {}
    for lever in levers:
        if lever.kind == "amount" and lever.address.partition(".")[0] in ("clause", "storage_at_least", "limit"):
            meant = addressed(basin, lever.address)
            for owner in meant.owners:
                found.setdefault(owner, lever.address)
    return found
