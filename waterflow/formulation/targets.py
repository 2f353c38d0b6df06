r"""Targets: volumes to deliver past a named gauge in a window, in Mm3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim, Equation, Unknown, given

UNKNOWNS = (Unknown("target_shortfall", ("targets",), "Mm3", "Delivery missing to the target"),)

GIVENS = (given("target_volume"),)


def target_delivered(m: Any, x: str) -> Any:
    r"""What passes the gauge in the window reaches the target, or the difference is the shortfall.

    .. math:: \sum_{t \in x} F_{a,t} + U_x - T_x \ge 0
    """
    target = m.basin.targets[x]
    labels = m.basin.calendar.labels_inside(target.window)
    return sum(m.flow[target.reach, t] for t in labels) + m.target_shortfall[x] - m.target_volume[x] >= 0


EQUATIONS = (Equation(target_delivered, ("targets",), "Mm3"),)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for x in basin.targets.values():
        if chosen.at(x.place) and chosen.holds(basin.calendar, x.window):
            yield Claim("target_shortfall", (x.name,), x.amount)


CLAIMS = {"targets": _claims}
