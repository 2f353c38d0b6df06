"""Arcs: what passing a reach costs a party and takes of its electricity, and rules for several reaches together."""

from __future__ import annotations

from typing import Annotated, Literal

from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part
from waterflow.words.catalogue import mark

__all__ = ["FlowRule", "ReachCost"]


class ReachCost(Part):
    """What each Mm3 that enters a reach costs a party in each period, and the electricity that it takes to lift it.

    Attributes
    ----------
    cost : tuple of float
        Million USD per Mm3 (= USD per m3); what the electricity costs is not in it.
    electricity : tuple of float
        GWh per Mm3 (= kWh per m3), out of the party's power.
    """

    name: str
    reach: str
    party: str
    cost: tuple[Nonnegative, ...]
    electricity: tuple[Nonnegative, ...]


class FlowRule(Part):
    """The most, or the least, that may enter some reaches together in a period, Mm3; a rule that nothing may break.

    ``party`` is who is bound by it; empty where nobody is named.
    """

    name: str
    reaches: tuple[str, ...]
    party: str = ""
    period: int
    rule: Literal["at_least", "at_most"]
    flow: Annotated[
        Nonnegative,
        GivenField(
            "ruled_flow", "Least or most that may enter some reaches together", "flow_rules", "ruled", mark("flow together"), unit="Mm3"
        ),
    ]
