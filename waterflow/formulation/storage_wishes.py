r"""Storage wishes: storages wished for on dates within the horizon. Mm3, at the END of a period.

A wish may be missed: it decides only where a priority claims it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown, given

UNKNOWNS = (Unknown("wish_missed", ("storage_wishes",), "Mm3", "Storage missing to, or above, what is wished"),)

GIVENS = (given("wished_storage"),)


def _then(m: Any, x: str) -> Any:
    wish = m.basin.storage_wishes[x]
    return m.storage[wish.reservoir, m.basin.calendar.labels[wish.period]]


def storage_wish_held(m: Any, x: str) -> Any:
    r"""On its date a reservoir holds no less than is wished, or the difference is missed.

    .. math:: S_{r,t} + U_x - S^{\mathrm{wish}}_x \ge 0
    """
    if m.basin.storage_wishes[x].rule != "at_least":
        return None
    return _then(m, x) + m.wish_missed[x] - m.wished_storage[x] >= 0


def storage_wish_not_passed(m: Any, x: str) -> Any:
    r"""On its date a reservoir holds no more than is wished, or the difference is missed.

    .. math:: S^{\mathrm{wish}}_x + U_x - S_{r,t} \ge 0
    """
    if m.basin.storage_wishes[x].rule != "at_most":
        return None
    return m.wished_storage[x] + m.wish_missed[x] - _then(m, x) >= 0


EQUATIONS = (Equation(storage_wish_held, ("storage_wishes",), "Mm3"), Equation(storage_wish_not_passed, ("storage_wishes",), "Mm3"))


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for x in basin.storage_wishes.values():
        if chosen.at(x.place) and chosen.counts(basin.calendar.periods[x.period]):
            # what is missed of an empty reservoir wished for is counted in shares of a full one
            yield Claim("wish_missed", (x.name,), x.storage or basin.reservoirs[x.reservoir].ceiling)


CLAIMS = {"storages": _claims}
