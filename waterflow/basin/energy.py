"""Energy: plants on the river, and the power system of each party that has one."""

from __future__ import annotations

from typing import Literal

from waterflow.basin.head import Head
from waterflow.basin.part import Nonnegative, Part, Series, Share

__all__ = ["Export", "Plant", "PowerSystem", "Supply", "UnservedBlock"]


class Plant(Part):
    """A hydropower plant that turns water entering a reach into energy.

    Attributes
    ----------
    energy_rate : float
        GWh per Mm3, the same at every storage. A plant with a head has it only to start from.
    capacity : tuple of float, optional
        The most its turbines take, Mm3 per period.
    most_energy : tuple of float, optional
        The most its units make, GWh per period.
    head : Head, optional
        The reservoir above it, where its head is not taken as fixed.
    """

    name: str
    reach: str
    party: str
    title: str = ""
    energy_rate: Nonnegative
    capacity: tuple[Nonnegative, ...] | None = None
    most_energy: tuple[Nonnegative, ...] | None = None
    head: Head | None = None


class Supply(Part):
    """Power from elsewhere: capacity in GWh per period, cost in million USD per GWh (= USD per kWh)."""

    name: str
    party: str
    kind: Literal["thermal", "hydropower", "import"]
    capacity: tuple[Nonnegative, ...]
    cost: Series


class Export(Part):
    """Power sold: capacity in GWh per period, price in million USD per GWh."""

    name: str
    party: str
    capacity: tuple[Nonnegative, ...]
    price: Series


class UnservedBlock(Part):
    """A slice of the demand, as a share of it, and what leaving it unserved costs, million USD per GWh."""

    name: str
    party: str
    demand_share: Share
    cost: Nonnegative


class PowerSystem(Part):
    """A party's power: a demand to balance (GWh per period), or, without one, what its hydropower is worth."""

    party: str
    demand: tuple[Nonnegative, ...] = ()
    value: Series
