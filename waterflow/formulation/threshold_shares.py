r"""Threshold shares: of the inflow above a threshold, a share is due to a party, in Mm3.

What is due is a given, worked out from the inflow the river would have without the rule; a plan that holds
water back upstream therefore owes no less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown, given

UNKNOWNS = (Unknown("share_shortfall", ("threshold_shares",), "Mm3", "Part of the share that is not passed on"),)

GIVENS = (given("share_due"),)


def share_passed_on(m: Any, x: str) -> Any:
    r"""The share due leaves by its reach in the window, or the difference is its shortfall.

    .. math:: \sum_{t \in x} F_{a,t} + U_x - \theta_x \max(0, I^0_x - \Theta_x) \ge 0
    """
    share = m.basin.threshold_shares[x]
    labels = m.basin.calendar.labels_inside(share.window)
    return sum(m.flow[share.reach, t] for t in labels) + m.share_shortfall[x] - m.share_due[x] >= 0


EQUATIONS = (Equation(share_passed_on, ("threshold_shares",), "Mm3"),)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for s in basin.threshold_shares.values():
        if chosen.at(s.node) and chosen.holds(basin.calendar, s.window):
            # of the whole that is due, what was passed on before the horizon included
                yield Claim("share_shortfall", (s.name,), s.due + s.passed_before if s.due else 0.0)


CLAIMS = {"threshold_shares": _claims}
