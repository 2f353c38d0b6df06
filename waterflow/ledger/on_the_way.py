r"""Water on its way is not missing: what is short below was not let go, is late, was taken on the way, or is not explained.

With :math:`G` let go at a gate, :math:`A` arrived and :math:`W` taken by a user on the way, all summed to a date :math:`T`, as planned
(:math:`p`) and in fact (:math:`f`), :math:`\tau` the days of the way (or from the user down), :math:`\kappa` the share that is to
arrive, and :math:`D = G^p - G^f`:

.. math:: A^p(T) - A^f(T) = \sum_g \kappa_g D_g(T) + \sum_g \kappa_g [D_g(T - \tau_g) - D_g(T)]
    + \sum_u \kappa_u [W^f_u(T - \tau_u) - W^p_u(T - \tau_u)] + L

The first sum was not let go; the second was let go later than planned, and is on its way; the third was taken beyond the plan; the rest
:math:`L` was lost beyond what is expected, or less came in from the sides. The date is the last day for which the gates with facts and
the lower end all have one; travel times and shares are those of the period that holds it.
"""

from __future__ import annotations

import numpy as np

from waterflow.ledger.days import of_period
from waterflow.ledger.rows import Row
from waterflow.ledger.season import SeasonDays
from waterflow.ledger.status_facts import Gate, Way

__all__ = ["on_the_way"]


def on_the_way(season: SeasonDays) -> tuple[Way, ...]:
    """Every place where water of gates arrives, if a fact tells of a gate of it."""
    by_end: dict[str, list[Row]] = {}
    for row in season.of_plan["way"]:
        by_end.setdefault(row["to"], []).append(row)
    told = {end: rows for end, rows in by_end.items() if any((r["place"], "release") in season.grouped for r in rows)}
    return tuple(_way(season, end, rows) for end, rows in told.items())


def _to(season: SeasonDays, series: tuple[str, str], k: int) -> tuple[float, float]:
    """Planned and passed before a position; days without a fact as planned."""
    plan = season.plan(series)
    return (0.0 if plan is None else float(np.nansum(plan[: max(0, k)]))), season.layered(series).to(k)


def _last(season: SeasonDays, end: str, rows: list[Row]) -> int:
    """Position of the day after the last that every gate with facts, and the lower end if it has any, has a fact for."""
    series = [(row["place"], "release") for row in rows] + [(end, "inflow")]
    lasts = [int(np.flatnonzero(known)[-1]) for s in series if (known := season.layered(s).is_fact).any()]
    return min(lasts) + 1


def _gate(season: SeasonDays, row: Row, k: int, label: str) -> Gate:
    place, series = row["place"], (row["place"], "release")
    days, kept = int(of_period(row["days"], label)), of_period(row["kept"], label)
    planned, passed = _to(season, series, k)
    planned_before, passed_before = _to(season, series, k - days)
    return Gate(
        place=place,
        title=season.title(place),
        party=season.holder(place),
        days=days,
        kept_fraction=kept,
        planned_Mm3=planned,
        passed_Mm3=passed,
        owed_Mm3=planned - passed,
        on_the_way_Mm3=passed - passed_before,
        not_let_go_Mm3=kept * (planned - passed),
        late_Mm3=kept * ((passed - passed_before) - (planned - planned_before)),
        planned_days=season.layered(series).unknown(0, k),
    )


def _taken(season: SeasonDays, rows: list[Row], k: int, label: str) -> float:
    """What users on the way took beyond the plan, so much of it as would have arrived by now."""
    total = 0.0
    users = {user: parts for row in rows for user, parts in row["users"].items()}
    for user, parts in users.items():
        if (user, "withdrawal") in season.grouped:
            planned, taken = _to(season, (user, "withdrawal"), k - int(of_period(parts["days"], label)))
            total += of_period(parts["kept"], label) * (taken - planned)
    return total


def _way(season: SeasonDays, end: str, rows: list[Row]) -> Way:
    k = _last(season, end, rows)
    label = season.period_of(season.days.day(k - 1))
    gates = tuple(_gate(season, row, k, label) for row in rows)
    series = (end, "inflow")
    planned, arrived = _to(season, series, k)
    known, taken = series in season.grouped, _taken(season, rows, k, label)
    missing = planned - arrived
    return Way(
        place=end,
        title=season.title(end),
        date=season.days.day(k - 1),
        gates=gates,
        planned_Mm3=planned,
        arrived_Mm3=arrived if known else None,
        missing_Mm3=missing if known else None,
        taken_Mm3=taken,
        lost_Mm3=missing - taken - sum(g.not_let_go_Mm3 + g.late_Mm3 for g in gates) if known else None,
        planned_days=season.layered(series).unknown(0, k),
    )
