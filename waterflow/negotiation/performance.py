r"""Performance: how much of what a deal could change was changed, release by release and month by month.

With what was done a, what is done without a deal n and what is best for all together o,

.. math:: s = \frac{a - n}{o - n}

(the score of international regimes of Helm and Sprinz, 2000; by month for a river: Siegfried and Bernauer, 2007): 1 where it
went all the way, 0 where the deal changed nothing, below 0 where things went the other way. Where nothing was to be changed there is no
score. Over the year the changes are weighed by their size: :math:`\sum (a-n)(o-n) / \sum (o-n)^2`, the share of the way in the direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from waterflow.negotiation.no_deal import Outcome

__all__ = ["Performance", "performance", "score"]

Series = Sequence[float]
#: where a deal would change no more than this share of what is done without it, there is nothing to score
NOTHING = 0.01


@dataclass(frozen=True)
class Performance:
    """Water let into a reach, Mm3 by period, and how it scores.

    Attributes
    ----------
    reach : str
    done, alone, together : tuple of float
    by_period : tuple of float or None
    whole : float or None
        None where there was nothing to be changed.
    """

    reach: str
    done: tuple[float, ...]
    alone: tuple[float, ...]
    together: tuple[float, ...]
    by_period: tuple[float | None, ...]
    whole: float | None


def score(done: Series, without: Series, best: Series) -> tuple[tuple[float | None, ...], float | None]:
    """The score by period, and over all of them.

    Parameters
    ----------
    done, without, best : sequences (periods,)

    Raises
    ------
    ValueError
        If they are not of one length.
    """
    by_period: list[float | None] = []
    along, size = 0.0, 0.0
    for a, n, o in zip(done, without, best, strict=True):
        counts = abs(o - n) > NOTHING * max(abs(n), abs(o))
        by_period.append((a - n) / (o - n) if counts else None)
        if counts:
            along += (a - n) * (o - n)
            size += (o - n) ** 2
    return tuple(by_period), along / size if size else None


def performance(releases: Mapping[str, Series], alone: Outcome, together: Outcome) -> tuple[Performance, ...]:
    """How releases that were made score beside no deal and the plan of all together.

    Parameters
    ----------
    releases : mapping of reach to sequence (periods,)
        Water let into each reach, Mm3.
    alone, together : Outcome
    """
    labels = alone.table.basin.calendar.labels
    flow = alone.table.program.unknowns["flow"].position
    found = []
    for reach, done in releases.items():
        without, best = ([float(x.point[flow[reach, t]]) for t in labels] for x in (alone, together))
        by_period, whole = score(done, without, best)
        found.append(Performance(reach, tuple(done), tuple(without), tuple(best), by_period, whole))
    return tuple(found)
