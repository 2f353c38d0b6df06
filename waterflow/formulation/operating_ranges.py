r"""Operating ranges: storages and releases that operators have used before, as a wish. Mm3; storage at the END of a period.

A plan may leave a range; what is outside counts over each season, as a share of the range's width there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterflow.basin.basin import Basin
from waterflow.basin.begun import called
from waterflow.basin.objective import Claims
from waterflow.calendar import Window
from waterflow.formulation.language import Claim, Equation, Unknown, given

UNKNOWNS = (
    Unknown("outside_range", ("operating_ranges", "periods"), "Mm3", "Storage or release below or above the operating range"),
    Unknown("season_outside_range", ("operating_ranges", "seasons"), "Mm3", "The same, all periods of a season together"),
)

GIVENS = (given("operating_low"), given("operating_high"))


def _operated(m: Any, x: str, t: str) -> Any:
    """What the range is of: water stored, or water let go by every way but a spillway."""
    of = m.basin.operating_ranges[x]
    if of.kind == "storage":
        return m.storage[of.reservoir, t]
    ways = m.basin.paths.released[of.reservoir]
    return sum(m.flow[a, t] for a in ways)


def range_low_kept(m: Any, x: str, t: str) -> Any:
    r"""Storage, or release, is no lower than operators have had it, or the difference is outside.

    .. math:: O_{x,t} + U_{x,t} - \underline{o}_{x,t} - \lambda_{x,t} S_{r,t} \ge 0 \qquad
        O_{x,t} = S_{r,t} \text{ or } \sum_a F_{a,t}
    """
    of = m.basin.operating_ranges[x]
    least = m.operating_low[x, t] + of.share(m.basin.calendar.position[t]) * m.storage[of.reservoir, t]
    return _operated(m, x, t) + m.outside_range[x, t] - least >= 0


def range_high_kept(m: Any, x: str, t: str) -> Any:
    r"""Storage, or release, is no higher than operators have had it, or the difference is outside.

    .. math:: \overline{o}_{x,t} + U_{x,t} - O_{x,t} \ge 0
    """
    return m.operating_high[x, t] + m.outside_range[x, t] - _operated(m, x, t) >= 0


def range_by_season(m: Any, x: str, s: str) -> Any:
    r"""What is outside in a season is that of its periods together, and what was outside in it before the horizon.

    .. math:: U_{x,s} - \mu_{x,s} - \sum_{t \in s} U_{x,t} = 0
    """
    missed = m.basin.begun.missed.get(called("season_outside_range", (x, s)), 0.0)
    window, _ = m.basin.calendar.seasons[m.basin.calendar.season_position[s]]
    there = sum(m.outside_range[x, t] for t in m.basin.calendar.labels_inside(window))
    return m.season_outside_range[x, s] - missed - there == 0


EQUATIONS = (
    Equation(range_low_kept, ("operating_ranges", "periods"), "Mm3"),
    Equation(range_high_kept, ("operating_ranges", "periods"), "Mm3"),
    Equation(range_by_season, ("operating_ranges", "seasons"), "Mm3"),
)


def _claims(basin: Basin, chosen: Claims) -> Iterator[Claim]:
    for x in basin.operating_ranges.values():
        if chosen.at(x.place):
            for window, _ in basin.calendar.seasons:
                if chosen.holds(basin.calendar, window):
                    yield Claim("season_outside_range", (x.name, str(window)), _width(basin, x.name, window))


def _width(basin: Basin, name: str, window: Window) -> float:
    """Width of a range over a season; of a range that is a single figure, that figure."""
    of, periods = basin.operating_ranges[name], basin.calendar.inside(window)
    return sum(of.high[k] - of.low[k] for k in periods) or sum(of.high[k] for k in periods)


CLAIMS = {"operating_ranges": _claims}
