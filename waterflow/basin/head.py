"""Head: how high the water stands above a plant, and what that makes of its energy and its turbines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from math import sqrt

from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.words.catalogue import say, say_many

__all__ = ["ENERGY_PER_METRE", "STANDING", "Head"]

#: GWh that one Mm3 gives up in falling one metre: 1000 kg/m3 * 9.81 m/s2 * 1e6 m3 / 3.6e12 J per GWh
ENERGY_PER_METRE = 0.002725
#: water with which the energy of a plant that stands still is drawn as a line, Mm3: nothing to its energy, but its
#: row keeps its shape
STANDING = 1.0


class Head(Part):
    """The head of a plant below a reservoir.

    Attributes
    ----------
    reservoir : str
    efficiency : float
        Energy made over energy given up by the water.
    curve : tuple of (storage, head)
        Mm3 and m, both rising; straight in between, and held at its ends.
    rated_head : float
        Head below which the turbines take less, m; none if 0.
    at : tuple of (water, storage)
        For each period the water through the turbines and the mean storage around which the energy is a
        straight line, Mm3; empty where the plant's fixed rate is used instead.
    """

    reservoir: str
    efficiency: Share
    curve: tuple[tuple[Nonnegative, Nonnegative], ...]
    rated_head: Nonnegative = 0.0
    at: tuple[tuple[float, float], ...] = ()

    def _segment(self, storage: float) -> tuple[float, float]:
        """Head at a storage, m, and its slope there, m per Mm3: that of the segment on the right."""
        points = self.curve
        k = min(max(bisect_right(points, storage, key=lambda point: point[0]), 1), len(points) - 1)
        (low, below), (high, above) = points[k - 1], points[k]
        slope = (above - below) / (high - low)
        return below + slope * (min(max(storage, points[0][0]), points[-1][0]) - low), slope

    def rate(self, storage: float) -> float:
        r"""Energy of one Mm3 at a mean storage, GWh: :math:`0.002725 \, \eta \, h(S)`."""
        return ENERGY_PER_METRE * self.efficiency * self._segment(storage)[0]

    def slope(self, storage: float) -> float:
        """How the rate rises with storage, GWh per Mm3 and Mm3."""
        return ENERGY_PER_METRE * self.efficiency * self._segment(storage)[1]

    def tilt(self, period: int) -> float:
        """What one more Mm3 of mean storage does to the energy of a period around the point `at`, GWh per Mm3."""
        water, storage = self.at[period]
        return self.slope(storage) * max(water, STANDING)

    def lines(self) -> Iterator[tuple[float, float]]:
        r"""Share of the turbines' capacity that a head can use, as the least of lines (share, share per Mm3).

        Flow through a turbine goes with the root of its head (affinity laws), so the share is
        :math:`\min(1, \sqrt{h / h_{rated}})`, drawn straight between the points of the curve.
        """
        shares = [(s, min(1.0, sqrt(h / self.rated_head))) for s, h in self.curve] if self.rated_head else []
        for (low, below), (high, above) in pairwise(shares):
            if below < 1.0:
                slope = (above - below) / (high - low)
                yield below - slope * low, slope

    def curve_problem(self) -> str:
        """What is wrong with the curve, in words; empty if nothing is."""
        pairs = list(pairwise(self.curve))
        if not pairs:
            return say_many("{count} point", "{count} points", len(self.curve))
        if any(b[0] <= a[0] or b[1] <= a[1] for a, b in pairs) or self.curve[0][1] <= 0:
            return say("storages or heads that do not rise from above 0")
        slopes = [slope for _, slope in self.lines()]
        if any(b > a for a, b in pairwise(slopes)):
            return say("a rated head, and a capacity that rises faster with storage the higher it is")
        return ""
