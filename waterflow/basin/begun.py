"""Begun: what was claimed, delivered and missed of a season before the horizon, where the horizon is the rest of one."""

from __future__ import annotations

from waterflow.basin.part import Nonnegative, Part

__all__ = ["Begun", "called"]


def called(unknown: str, index: tuple[str, ...]) -> str:
    """The name of a shortfall: ``target_shortfall[lake]``."""
    return f"{unknown}[{','.join(index)}]"


class Begun(Part):
    """What a season that has begun brings with it; empty for a horizon that begins where nothing was promised before.

    A shortage counts as a share of the whole claim, not of what is left of it: otherwise a plan solved again from its own
    state would not be the same plan.

    Attributes
    ----------
    whole : dict of shortfall to amount
        What was claimed of the whole window, in the shortfall's unit; shortfalls by `called`.
    missed : dict of shortfall to amount
        What was missed of it before the horizon. Of power over a season less what may be missed; of a floor of power the
        most that was missed in a day.
    counted_on : dict of claim to Mm3
        What a user may still count on in the periods of a claim, less what the rest of its needs and limits alone gives.
    delivered : dict of target to Mm3
        What passed its gauge in its window before the horizon, no more than was asked.
    short : dict of demand to Mm3
        The shortage in the period before the horizon.
    """

    whole: dict[str, Nonnegative] = {}
    missed: dict[str, float] = {}
    counted_on: dict[str, float] = {}
    delivered: dict[str, Nonnegative] = {}
    short: dict[str, Nonnegative] = {}

    def __bool__(self) -> bool:
        """True if anything had begun."""
        return any((self.whole, self.missed, self.counted_on, self.delivered, self.short))
