r"""Spills: reaches that should stay dry; what enters them has a price. Million USD."""

from __future__ import annotations

from typing import Any

from waterflow.formulation.language import Equation, Given, Unknown

UNKNOWNS: tuple[Unknown, ...] = ()
GIVENS: tuple[Given, ...] = ()
EQUATIONS: tuple[Equation, ...] = ()


def cost_of_spills(m: Any) -> Any:
    """What spilling costs, a small price that keeps a spill the last resort."""
    return sum(r.spill_cost * m.flow[r.name, t] for r in m.basin.reaches.values() if r.spill_cost for t in m.basin.calendar.labels)
