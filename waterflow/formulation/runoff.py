r"""Runoff: water that enters the river at a node, from its own catchment. Mm3 per period."""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import given


def _runoff(basin: Basin, n: str, t: str) -> float:
    series = basin.runoff.get(n)
    return series[basin.calendar.position[t]] if series else 0.0


GIVENS = (given("runoff", over=("nodes", "periods"), value=_runoff),)


def entering(m: Any, n: str, t: str) -> Any:
    """Runoff entering at the node, zero where the basin gives none."""
    return m.runoff[n, t]
