r"""Balances: reservoirs of a group that are to hold one common share of their active storage. Mm3 at the END of a period.

The common share is free; what a reservoir is away from it decides only where a priority claims it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown

UNKNOWNS = (
    Unknown("common_share", ("balance_groups", "periods"), "share", "Share of its active storage that a group is to hold"),
    Unknown("out_of_balance", ("balanced_reservoirs", "periods"), "Mm3", "Storage above or below the common share"),
)


def _above(m: Any, x: str, t: str) -> Any:
    """Storage less what the common share is of it; None in months that are not its own."""
    b = m.basin.balanced_reservoirs[x]
    if not b.counts(m.basin.calendar.periods[m.basin.calendar.position[t]].month):
        return None
    r = m.basin.reservoirs[b.reservoir]
    return m.storage[b.reservoir, t] - r.lowest_storage - r.active_storage * m.common_share[b.group, t]


def above_balance_counted(m: Any, x: str, t: str) -> Any:
    r"""What a reservoir holds above the common share of its active storage is out of balance.

    .. math:: U_{x,t} - (S_{r,t} - \underline{S}_r - g_{b,t} (\overline{S}_r - \underline{S}_r)) \ge 0
    """
    above = _above(m, x, t)
    return None if above is None else m.out_of_balance[x, t] - above >= 0


def below_balance_counted(m: Any, x: str, t: str) -> Any:
    r"""What a reservoir lacks to the common share of its active storage is out of balance.

    .. math:: U_{x,t} + (S_{r,t} - \underline{S}_r - g_{b,t} (\overline{S}_r - \underline{S}_r)) \ge 0
    """
    above = _above(m, x, t)
    return None if above is None else m.out_of_balance[x, t] + above >= 0


EQUATIONS = (
    Equation(above_balance_counted, ("balanced_reservoirs", "periods"), "Mm3"),
    Equation(below_balance_counted, ("balanced_reservoirs", "periods"), "Mm3"),
)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for period in basin.calendar.periods:
        for x in basin.balanced_reservoirs.values():
            if chosen.at(x.group) and chosen.counts(period) and x.counts(period.month):
                yield Claim("out_of_balance", (x.name, period.label), basin.reservoirs[x.reservoir].active_storage)


CLAIMS = {"balances": _claims}
