"""Targets, floors, agreed flows and shared surpluses: what was promised, where it is counted."""

from __future__ import annotations

from typing import Annotated, Literal

from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.calendar import Window
from waterflow.words.catalogue import mark

__all__ = ["AgreedFlow", "Counted", "Floor", "KnownFlow", "Target", "ThresholdShare"]


class Counted(Part):
    """What is wished for past a place in a window, counted where the water enters a reach.

    A subclass adds one given; its table is read, its reach and window are checked and its price is found by that alone.
    """

    name: str
    place: str
    reach: str
    window: Window


class Floor(Counted):
    """A minimum flow at the upper end of a reach in every period of a window, m3/s; a wish with a shortfall."""

    flow: Annotated[
        Nonnegative, GivenField("floor_flow", "Minimum flow wished for", "floors", "floor_m3s", mark("minimum flow"), asked="floor")
    ]


class Target(Counted):
    """A volume to deliver in a window, counted where the water enters a reach (the named gauge), Mm3."""

    amount: Annotated[
        Nonnegative, GivenField("target_volume", "Volume to deliver in the window", "targets", "target_Mm3", mark("target"), asked="target")
    ]


class AgreedFlow(Part):
    """A volume agreed to arrive at a node in a window, Mm3: reported beside the plan, never enforced."""

    name: str
    place: str
    window: Window
    amount: Nonnegative


class KnownFlow(Part):
    """A published plan or fact shown beside the model, Mm3: never enforced."""

    name: str
    place: str
    quantity: Literal["arriving", "release", "storage", "target"]
    window: Window
    kind: Literal["plan", "fact"]
    amount: float
    source: str
    grade: str


class ThresholdShare(Part):
    """Above a threshold, a share of what arrives at a node in a window is due through one reach to one party.

    ``due`` is the volume owed (Mm3). It is worked out from the inflow the river would have without the
    rule, so a plan gains nothing by holding water back (see ``docs/formulation/threshold_shares.md``).
    ``came_before`` and ``passed_before`` are what came and what was passed on in its window before the horizon (Mm3).
    """

    name: str
    node: str
    reach: str
    party: str
    window: Window
    threshold: Nonnegative
    share: Share
    came_before: Nonnegative = 0.0
    passed_before: Nonnegative = 0.0
    due: Annotated[
        Nonnegative,
        GivenField("share_due", "Share due of the inflow above the threshold", "threshold_shares", unit="Mm3", changeable=False),
    ] = 0.0
