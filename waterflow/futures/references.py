"""References: members far from one another, from which the others start. Runoff in Mm3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["References", "references_of"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
#: references for n members: so many times the root of n, and never more than the most
PER_ROOT, MOST = 2.0, 256


@dataclass(frozen=True)
class References:
    """Members chosen to start from.

    Attributes
    ----------
    runoff : array (reference, node, period)
    parents : array (reference,)
        The reference chosen before it that is nearest; minus one for the first.
    nearest : array (member,)
        The reference nearest to each member.
    """

    runoff: Floats
    parents: Positions
    nearest: Positions

    @property
    def order(self) -> list[int]:
        """The references, each followed by those chosen after it that are nearest to it: who solves them in turn shares the most."""
        below: dict[int, list[int]] = {}
        for k, parent in enumerate(self.parents):
            below.setdefault(int(parent), []).append(k)
        found, waiting = [], below[-1][::-1]
        while waiting:
            found.append(waiting.pop())
            waiting += below.get(found[-1], [])[::-1]
        return found


def references_of(runoff: Floats) -> References:
    """Members far from one another: the one of median runoff, then again and again the one farthest from all chosen (Gonzalez, 1985).

    What is chosen follows from the members alone, not from their order or from how they are dealt out, so no plan depends on
    either. Members are as far apart as their volumes differ, node by node and period by period.

    Parameters
    ----------
    runoff : array (member, node, period)
        Finite; one member or more.
    """
    count = len(runoff)
    flat = runoff.reshape(count, -1)
    totals = flat.sum(axis=1)
    chosen = [int(np.argsort(totals, kind="stable")[(count - 1) // 2])]
    parents, nearest = [-1], np.zeros(count, dtype=np.intp)
    distance = np.abs(flat - flat[chosen[0]]).sum(axis=1)
    while len(chosen) < min(count, MOST, round(PER_ROOT * np.sqrt(count))):
        farthest = int(np.argmax(distance))
        if distance[farthest] <= 0.0:
            break
        parents.append(int(nearest[farthest]))
        apart = np.abs(flat - flat[farthest]).sum(axis=1)
        nearest[apart < distance] = len(chosen)
        distance = np.minimum(distance, apart)
        chosen.append(farthest)
    return References(runoff[chosen], np.array(parents, dtype=np.intp), nearest)
