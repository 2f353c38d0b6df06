r"""Cuts: what water kept at the end of a year will have cost and earned in all years after it, the highest of many planes.

.. math:: V_k(S) = \max_c \left( a_{k,c} + \sum_r g_{k,c,r} S_r \right)

a convex function of the storages, in million USD of cost (a benefit counts as less cost), one for each class of the past year.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cuts"]

Floats = NDArray[np.float64]


@dataclass
class Cuts:
    """Planes below a convex function of storages, for each class of the year before.

    Attributes
    ----------
    constants : array (cuts, classes), million USD
    slopes : array (cuts, classes, reservoirs), million USD per Mm3
    states : array (cuts, reservoirs), Mm3
        Where each plane was made.
    visited : array (states, reservoirs), Mm3
        Where planes were made, those that were dropped since too.
    """

    classes: int
    reservoirs: int
    least: float
    constants: Floats = field(init=False)
    slopes: Floats = field(init=False)
    states: Floats = field(init=False)
    visited: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Without a cut the function is its least value."""
        self.constants = np.zeros((0, self.classes))
        self.slopes = np.zeros((0, self.classes, self.reservoirs))
        self.states = np.zeros((0, self.reservoirs))
        self.visited = np.zeros((0, self.reservoirs))

    def __len__(self) -> int:
        """How many planes each class has."""
        return len(self.constants)

    def at(self, storages: Floats) -> Floats:
        """The function of every class, (classes,), at storages (reservoirs,), Mm3."""
        if not len(self):
            return np.full(self.classes, self.least)
        planes = self.constants + self.slopes @ storages
        highest: Floats = np.maximum(planes.max(axis=0), self.least)
        return highest

    def add(self, values: Floats, slopes: Floats, storages: Floats) -> None:
        """One plane for every class: its value (classes,) and slopes (classes, reservoirs) at storages."""
        self.constants = np.vstack([self.constants, values - slopes @ storages])
        self.slopes = np.concatenate([self.slopes, slopes[None]])
        self.states = np.vstack([self.states, storages])
        self.visited = np.vstack([self.visited, storages])

    def dominated(self, recent: int) -> NDArray[np.intp]:
        """Positions of planes that are the highest, for no class, at any visited state; never the most recent."""
        count = len(self)
        planes = self.constants[:, None, :] + np.einsum("ckr,sr->csk", self.slopes, self.visited)
        highest = np.zeros(count, dtype=bool)
        highest[np.unique(planes.argmax(axis=0))] = True
        highest[max(0, count - recent) :] = True
        return np.flatnonzero(~highest)

    def drop(self, places: NDArray[np.intp]) -> None:
        """Forget some planes."""
        kept = np.setdiff1d(np.arange(len(self)), places)
        self.constants, self.slopes, self.states = self.constants[kept], self.slopes[kept], self.states[kept]
