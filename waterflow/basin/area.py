"""Area: how much water surface a storage has where a straight line is too coarse, and the line that is drawn of it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from waterflow.basin.part import Nonnegative, Part
from waterflow.words.catalogue import say, say_many

__all__ = ["AreaCurve"]

#: how far beyond the end of a piece a storage still counts as on it, as a share of what the curve spans
ON_PIECE = 1e-9


class AreaCurve(Part):
    """Water area at some storages, straight in between.

    Attributes
    ----------
    points : tuple of (storage, area)
        Mm3 and km2; storages rise, areas do not fall.
    at : tuple of int
        The piece of the curve whose line stands for it, when the horizon opens and at the end of each period; -1, and empty
        everywhere, where one line from the first point to the last stands for all of it.
    held : tuple of bool
        Whether a plan is kept on that piece; empty for nowhere.
    """

    points: tuple[tuple[Nonnegative, Nonnegative], ...]
    at: tuple[int, ...] = ()
    held: tuple[bool, ...] = ()

    def piece(self, storage: float) -> int:
        """The piece on which a storage lies: that on the right of a point, the first and the last go on beyond their ends."""
        return min(max(bisect_right(self.points, storage, key=lambda point: point[0]), 1), len(self.points) - 1) - 1

    def ends(self, piece: int) -> tuple[float, float]:
        """The storages between which a piece lies, Mm3."""
        return self.points[piece][0], self.points[piece + 1][0]

    def on(self, piece: int, storage: float) -> bool:
        """True if a storage lies on a piece; the first and the last go on beyond the curve."""
        low, high = self.ends(piece)
        room = ON_PIECE * (self.points[-1][0] - self.points[0][0])
        return (piece == 0 or storage >= low - room) and (piece == len(self.points) - 2 or storage <= high + room)

    def line(self, moment: int) -> tuple[float, float]:
        """Area at no storage, km2, and its slope, km2 per Mm3, of the line drawn at a moment (0: when the horizon opens)."""
        if not self.at or self.at[moment] < 0:
            return self._through(self.points[0], self.points[-1])
        return self.line_of(self.at[moment])

    def line_of(self, piece: int) -> tuple[float, float]:
        """The line of one piece: area at no storage, km2, and its slope, km2 per Mm3."""
        return self._through(*self.points[piece : piece + 2])

    @staticmethod
    def _through(first: tuple[float, float], last: tuple[float, float]) -> tuple[float, float]:
        slope = (last[1] - first[1]) / (last[0] - first[0])
        return first[1] - slope * first[0], slope

    def undrawn(self) -> AreaCurve:
        """The same curve with no piece chosen."""
        return self.model_copy(update={"at": (), "held": ()})

    def area(self, storage: float) -> float:
        """The true area at a storage, km2."""
        at_zero, slope = self.line_of(self.piece(storage))
        return at_zero + slope * storage

    def problem(self) -> str:
        """What is wrong with the curve, in words; empty if nothing is."""
        pairs = list(pairwise(self.points))
        if not pairs:
            return say_many("{count} point", "{count} points", len(self.points))
        if any(b[0] <= a[0] or b[1] < a[1] for a, b in pairs):
            return say("storages that do not rise, or areas that fall")
        return ""
