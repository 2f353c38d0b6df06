"""Energy: plants on the river, and the power system of each party that has one."""

from __future__ import annotations

from typing import Literal

from waterflow.basin.part import Nonnegative, Part, Series, Share

__all__ = ["Export", "Plant", "PowerSystem", "Supply", "UnservedBlock"]


class Plant(Part):
    """A hydropower plant that turns water entering a reach into energy at a fixed rate, GWh per Mm3."""

    name: str
    reach: str
    party: str
    title: str = ""
    energy_rate: Nonnegative
    capacity: tuple[Nonnegative, ...] | None = None


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
