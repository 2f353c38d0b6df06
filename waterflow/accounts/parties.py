"""Plans of one river set side by side, party by party: water, energy and cost by season, storage and the places of targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from waterflow.accounts.comparison_facts import Gain, PartyComparison, PartyRow
from waterflow.accounts.party_seasons import party_seasons
from waterflow.accounts.plan import Plan
from waterflow.units import split_unit

__all__ = ["PartyFigure", "beside", "figures", "gains"]

#: what is set side by side of all that is known of a party in a season
SHOWN = ("delivered_Mm3", "short_Mm3", "plants_GWh", "bought_GWh", "export_GWh", "unserved_GWh", "power_cost_MUSD")
#: more of it is better for the party, or less; the others are good or bad only for what comes of them
BETTER = {"delivered": 1, "passed": 1, "inflow": 1, "unserved": -1, "power_cost": -1}
#: a gain or loss smaller than this share of the figure, and of one unit, is none
SMALL = 5e-4


class PartyFigure(NamedTuple):
    """What a figure is: whose or where, what, when (a window) and in which unit."""

    party: str | None
    place: str | None
    quantity: str
    window: str
    unit: str


def figures(plan: Plan) -> dict[PartyFigure, float]:
    """What each party gets and does in each season of a plan, and what the river has; Mm3, GWh, million USD."""
    found = {}
    for row in party_seasons(plan):
        for field in SHOWN:
            value = getattr(row, field)
            if value is not None:
                quantity, unit = split_unit(field)
                found[PartyFigure(row.party, None, quantity, row.window, unit)] = float(value)
    return found | {PartyFigure(None, place, what, window, "Mm3"): value for place, what, window, value in _river(plan)}


def _river(plan: Plan) -> Iterator[tuple[str, str, str, float]]:
    """Targets, agreed places and storages: place, quantity, window, Mm3."""
    basin = plan.basin
    for x in basin.targets.values():
        yield x.place, "passed", str(x.window), plan.total("flow", [x.reach], x.window)
    for f in basin.agreed_flows.values():
        yield f.place, "inflow", str(f.window), plan.over(plan.inflow(f.place), f.window)
    for name in sorted(basin.reservoirs, key=plan.order):
        for window, _ in plan.seasons:
            yield name, "stored", str(window), float(plan.series("storage", name)[basin.calendar.inside(window)[-1]])


def beside(model: str, plans: Mapping[str, Plan]) -> PartyComparison:
    """Plans of one river side by side, party by party.

    Parameters
    ----------
    model : str
    plans : mapping of name to Plan
    """
    found = {name: figures(plan) for name, plan in plans.items()}
    rows = list(dict.fromkeys(key for column in found.values() for key in column))
    order = list(dict.fromkeys(key.party for key in rows))
    rows.sort(key=lambda key: (key.party is None, order.index(key.party)))
    first = next(iter(plans.values()))
    return PartyComparison(
        model=model,
        agreements=tuple(plans),
        rows=tuple(
            PartyRow(
                **key._asdict(),
                title=first.title(key.place) if key.place else None,
                values={name: column.get(key) for name, column in found.items()},
            )
            for key in rows
        ),
    )


def gains(table: PartyComparison) -> tuple[Gain, ...]:
    """The rows in which the second plan differs from the first."""
    found = []
    for row in table.rows:
        before, after = list(row.values.values())[:2]
        if before is None or after is None or abs(after - before) <= SMALL * max(abs(before), 1.0):
            continue
        sign = BETTER.get(row.quantity)
        found.append(
            Gain(
                **row.model_dump(exclude={"values"}),
                before=before,
                after=after,
                change=after - before,
                better=None if sign is None else (after > before) == (sign > 0),
            )
        )
    return tuple(found)
