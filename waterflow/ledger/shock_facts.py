"""What a failure changes: the plan before it, the plan that goes on alone, and the plan with mutual assistance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.accounts.plan import Plan
from waterflow.accounts.power_lines import arriving
from waterflow.basin.titles import called
from waterflow.calendar import Step, Window
from waterflow.ledger.assistance import Assistance
from waterflow.ledger.shocks import Shock

__all__ = ["Helped", "OwedBack", "ShockRow", "Shocked", "shocked"]

#: a figure of less is none, Mm3 or GWh
NOTHING = 0.05


class ShockRow(Fact):
    """One figure without the failure, with it, and with assistance."""

    named_by = ("quantity", "party", "place")

    quantity: str = Field(
        description="``withdrawal``, ``unserved``, ``generation``, ``bought``, ``sold``, ``passed`` (a target's gauge), ``release``, "
        "``storage`` (at the end)"
    )
    party: str | None
    place: str | None
    title: str
    window: str
    unit: str
    before: float
    alone: float
    helped: float | None = Field(description="None where no assistance was asked for")


class Helped(Fact):
    """Power that one party gives another while a failure lasts, period by period."""

    giver: str
    receiver: str
    periods: tuple[str, ...]
    given_GWh: tuple[float, ...]
    returned_GWh: tuple[float, ...]


class OwedBack(Fact):
    """What was given under a clause of assistance, what is owed back for it, and what of that comes back when."""

    giver: str
    receiver: str
    clause: str
    power_MW: float
    ratio: float
    given_GWh: float
    owed_GWh: float
    returned_GWh: float
    back_from: str
    back_to: str
    backed: bool = Field(description="True if the giver has a power balance in the model that gives the power up")
    water_Mm3: float = Field(
        description="Release of the giver's and the receiver's reservoirs with assistance less without, while it lasts"
    )


class Shocked(Fact):
    """A failure and what it changes."""

    model: str = Field(description="Name of the model")
    scenario: str = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    horizon: str = Field(description="A window")
    step: Step = Field(description="Length of a period")
    begins: str = Field(description="The first day of the plans with the failure: nobody knew before")
    shocks: tuple[Shock, ...]
    assistance: tuple[Assistance, ...]
    rows: tuple[ShockRow, ...]
    helped: tuple[Helped, ...]
    owed: tuple[OwedBack, ...]
    cost_before_MUSD: float = Field(description="Power bought and unserved, less sold, without the failure")
    cost_alone_MUSD: float = Field(description="The same with it")
    cost_helped_MUSD: float | None = Field(description="The same with assistance; None where none was asked for")


def shocked(
    before: Plan, alone: Plan, helped: Plan | None, shocks: Sequence[Shock], assistance: Sequence[Assistance], title: str
) -> Shocked:
    """Three plans of the same rest of a season side by side.

    Parameters
    ----------
    before, alone, helped : Plan
        Without the failure, with it, and with assistance; all over the same periods.
    shocks, assistance
    title : str
        Of the model.
    """
    basin = before.basin
    plans = [before, alone, *([helped] if helped else [])]
    rows = [row for window, _ in basin.calendar.seasons for row in _season(plans, window)] + list(_at_end(plans))
    return Shocked(
        model=basin.name,
        scenario=basin.scenario,
        title=title,
        horizon=f"{basin.calendar.start}/{basin.calendar.end}",
        step=basin.calendar.step,
        begins=str(basin.calendar.start),
        shocks=tuple(shocks),
        assistance=tuple(assistance),
        rows=tuple(rows),
        helped=tuple(_helped(helped, assistance)) if helped else (),
        owed=tuple(_owed(alone, helped, assistance, shocks)) if helped else (),
        cost_before_MUSD=_cost(before),
        cost_alone_MUSD=_cost(alone),
        cost_helped_MUSD=_cost(helped) if helped else None,
    )


def _cost(plan: Plan) -> float:
    """Net cost of power, million USD: what is bought and unserved less what is sold."""
    b, labels = plan.basin, range(len(plan.basin.calendar.labels))
    bought = sum(s.cost[k] * float(plan.series("supplied_power", s.name)[k]) for s in b.supplies.values() for k in labels)
    unserved = sum(x.cost * float(plan.series("unserved", x.name).sum()) for x in b.unserved_blocks.values())
    sold = sum(x.price[k] * x.arriving(k) * float(plan.series("exported_power", x.name)[k]) for x in b.exports.values() for k in labels)
    return bought + unserved - sold


def _row(plans: list[Plan], quantity: str, party: str | None, place: str | None, window: str, unit: str, values: list[float]) -> ShockRow:
    title = called(plans[0].basin, place or party or "")
    helped = values[2] if len(values) > 2 else None
    return ShockRow(
        quantity=quantity, party=party, place=place, title=title, window=window, unit=unit, before=values[0], alone=values[1], helped=helped
    )


def _season(plans: list[Plan], window: Window) -> Iterator[ShockRow]:
    basin, when = plans[0].basin, str(window)
    for party in basin.parties:
        users = [d.name for d in basin.demands.values() if d.party == party]
        if users:
            yield _row(plans, "withdrawal", party, None, when, "Mm3", [p.total("delivery", users, window) for p in plans])
        plants = [x.name for x in basin.plants.values() if x.party == party]
        if plants:
            yield _row(plans, "generation", party, None, when, "GWh", [p.total("generation", plants, window) for p in plans])
        if basin.balances(party):
            for quantity, of in (("bought", _bought), ("sold", _sold), ("unserved", _unserved)):
                yield _row(plans, quantity, party, None, when, "GWh", [of(p, party, window) for p in plans])
    for target in basin.targets.values():
        if target.window == window:
            yield _row(plans, "passed", None, target.place, when, "Mm3", [p.over(p.series("flow", target.reach), window) for p in plans])
    for name in sorted(basin.reservoirs, key=plans[0].order):
        found = [p.release(name) for p in plans]
        if found[0] is not None:
            yield _row(
                plans, "release", None, name, when, "Mm3", [p.over(x, window) for p, x in zip(plans, found, strict=True) if x is not None]
            )


def _bought(plan: Plan, party: str, window: Window) -> float:
    """What arrives from other supplies, assistance included."""
    return arriving(plan, [s for s in plan.basin.supplies.values() if s.party == party], window)


def _sold(plan: Plan, party: str, window: Window) -> float:
    return plan.total("exported_power", [x.name for x in plan.basin.exports.values() if x.party == party], window)


def _unserved(plan: Plan, party: str, window: Window) -> float:
    return plan.total("unserved", [b.name for b in plan.basin.unserved_blocks.values() if b.party == party], window)


def _at_end(plans: list[Plan]) -> Iterator[ShockRow]:
    basin = plans[0].basin
    for name in sorted(basin.reservoirs, key=plans[0].order):
        yield _row(plans, "storage", None, name, str(basin.calendar.end), "Mm3", [float(p.series("storage", name)[-1]) for p in plans])


def _moved(plan: Plan, asked: Assistance, back: str = "") -> tuple[float, ...]:
    return tuple(plan.series("exchanged", f"{asked.clause}{back}").tolist())


def _helped(plan: Plan, assistance: Sequence[Assistance]) -> Iterator[Helped]:
    for one in assistance:
        yield Helped(
            giver=one.giver, receiver=one.receiver, periods=plan.basin.calendar.labels,
            given_GWh=_moved(plan, one), returned_GWh=_moved(plan, one, "/back"),
        )  # fmt: skip


def _owed(alone: Plan, helped: Plan, assistance: Sequence[Assistance], shocks: Sequence[Shock]) -> Iterator[OwedBack]:
    calendar = helped.basin.calendar
    while_it_lasts = [k for k, p in enumerate(calendar.periods) if any(s.start <= str(p.start) and str(p.end) <= s.end for s in shocks)]
    for one in assistance:
        given = sum(_moved(helped, one))
        back = helped.basin.exchanges[f"{one.clause}/back"].periods
        parties = (one.giver, one.receiver)
        dams = [r.name for r in helped.basin.reservoirs.values() if r.owner in parties]
        water = sum(
            float((then - now)[while_it_lasts].sum())
            for name in dams
            if (then := helped.release(name)) is not None and (now := alone.release(name)) is not None
        )
        yield OwedBack(
            giver=one.giver, receiver=one.receiver, clause=one.clause, power_MW=one.power_MW, ratio=one.ratio, given_GWh=given,
            owed_GWh=one.ratio * given, returned_GWh=sum(_moved(helped, one, "/back")),
            back_from=str(calendar.periods[back[0]].start), back_to=str(calendar.periods[back[-1]].end),
            backed=helped.basin.balances(one.giver), water_Mm3=water,
        )  # fmt: skip
