r"""Reaches: water on its way between two nodes, losing some, arriving later. Mm3 per period.

The flow is counted where the water enters. Losses are shares of that flow, named by cause, and a constant one; travel time
spreads an arrival over periods by volume lag weights that sum to one (Muskingum weights turn negative at
ten days and are not used).
"""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Unknown, at_most


def _within_capacity(basin: Basin, reach: str, t: str) -> tuple[float, float | None]:
    return (0.0, at_most(basin.reaches[reach].capacity, basin.calendar.position[t]))


UNKNOWNS = (Unknown("flow", ("reaches", "periods"), "Mm3", "Water entering the reach at its upper end", _within_capacity),)


def arriving_by(m: Any, reach: str, t: str) -> Any:
    r"""Water that leaves the reach at its lower end.

    .. math:: A_{a,t} = \sum_s w_{a,s,t} \left((1 - \epsilon_{a,s} - \sigma_{a,s}) F_{a,s} - L_{a,s}\right)
    """
    basin: Basin = m.basin
    calendar, data = basin.calendar, basin.reaches[reach]
    first = len(calendar.history)
    known, terms = 0.0, []
    for s, share in basin.paths.arrival_shares[reach][calendar.position[t]]:
        kept = share * (1.0 - data.evaporation[s] - data.seepage[s])
        if s < first:
            known += kept * data.flow_before[s] - share * data.lost_then(s)
        else:
            terms.append(kept * m.flow[reach, calendar.labels[s - first]])
            if reach in basin.losing_reaches:
                terms.append(-share * m.constant_loss[reach, calendar.labels[s - first]])
    return sum(terms) + known


def arriving(m: Any, n: str, t: str) -> Any:
    """Water arriving at a node by all its reaches."""
    return sum(arriving_by(m, reach, t) for reach in m.basin.paths.arriving[n])


def departing(m: Any, n: str, t: str) -> Any:
    """Water leaving a node by all its reaches."""
    return sum(m.flow[reach, t] for reach in m.basin.paths.departing[n])
