"""Targets, floors, agreed flows and shared surpluses: what was promised, where it is counted."""

from __future__ import annotations

from typing import Literal

from waterflow.basin.part import Nonnegative, Part, Share
from waterflow.calendar import Window

__all__ = ["AgreedFlow", "Floor", "KnownFlow", "Target", "ThresholdShare"]


class Floor(Part):
    """A minimum flow at the upper end of a reach in every period of a window, m3/s; a wish with a shortfall."""

    name: str
    place: str
    reach: str
    window: Window
    flow: Nonnegative


class Target(Part):
    """A volume to deliver in a window, counted where the water enters a reach (the named gauge), Mm3."""

    name: str
    place: str
    reach: str
    window: Window
    amount: Nonnegative


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
    """

    name: str
    node: str
    reach: str
    party: str
    window: Window
    threshold: Nonnegative
    share: Share
    due: Nonnegative = 0.0
