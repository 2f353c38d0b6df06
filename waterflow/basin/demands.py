"""Demands: who asks for water where, what the limits allow, and what comes back."""

from __future__ import annotations

from typing import Annotated, Literal

from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part, Series, Share
from waterflow.calendar import Season, Window
from waterflow.words.catalogue import mark

__all__ = ["Demand", "Limit", "Use"]

Use = Literal["drinking", "irrigation", "industry", "environment", "unexplained"]


class Demand(Part):
    """A user of water at a node.

    Attributes
    ----------
    need : Series
        Water asked for, Mm3 per period.
    limited : bool
        True if the withdrawal counts against the party's limit (a trunk withdrawal).
    capacity : Series or None
        Most the canal can take, Mm3 per period.
    return_node : str
        Where drainage comes back to the river; empty where none does.
    return_kernel : tuple of float
        Share of a delivery that comes back 0, 1, 2... months later (its sum is the return fraction).
    delivery_before : Series
        Withdrawals in each period of the history, Mm3.
    value : Series
        Million USD per Mm3 delivered (used by a ``benefit`` objective).
    """

    name: str
    node: str
    party: str
    use: Use
    limited: bool
    title: str = ""
    title_ru: str = ""
    need: Annotated[tuple[Nonnegative, ...], GivenField("need", "Water asked for", "needs", "need_Mm3", mark("water asked for"))]
    capacity: tuple[Nonnegative, ...] | None = None
    return_node: str = ""
    return_kernel: tuple[Share, ...] = ()
    delivery_before: Series
    value: Series


class Limit(Part):
    """A party's ICWC limit for one season: the most its limited demands may take together, Mm3."""

    name: str
    party: str
    season: Season
    window: Window
    amount: Annotated[
        Nonnegative,
        GivenField(
            "limit_volume", "The most a party's limited demands may take in a season", "limits", "limit_Mm3", mark("limit"), asked="limit"
        ),
    ]
