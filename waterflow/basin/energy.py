"""Energy: plants on the river, and the power system of each party that has one."""

from __future__ import annotations

from typing import Annotated, Literal

from waterflow.basin.givens import GivenField
from waterflow.basin.head import Head
from waterflow.basin.part import Nonnegative, Part, Series, Share
from waterflow.words.catalogue import mark

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
    title_ru: str = ""
    energy_rate: Annotated[Nonnegative, GivenField("energy_rate", "Energy of the water turbined", "plants", "energy_rate_GWh_per_Mm3")]
    capacity: tuple[Nonnegative, ...] | None = None
    most_energy: tuple[Nonnegative, ...] | None = None
    head: Head | None = None


class _Traded(Part):
    """Power over a line, part of which is lost on the way; a party's own plants have no line.

    A line that a clause brings with it names the ``clause``: nothing but what is booked under it travels there.
    """

    name: str
    party: str
    line: str = ""
    clause: str = ""
    loss: tuple[Share, ...] | None = None

    def arriving(self, period: int) -> float:
        """Share of the power sent that arrives in a period, by its position in the horizon."""
        return 1.0 - self.loss[period] if self.loss else 1.0


class Supply(_Traded):
    """Power from elsewhere, counted where it is bought: GWh per period, cost in million USD per GWh (= USD per kWh).

    It gives at least ``must_run`` and at most ``capacity``. ``cost`` includes the fuel, of which a GWh takes
    ``fuel_use`` tonnes.
    """

    kind: Literal["thermal", "hydropower", "import"]
    capacity: tuple[Nonnegative, ...]
    must_run: tuple[Nonnegative, ...] | None = None
    cost: Series
    fuel: str = ""
    fuel_use: Nonnegative = 0.0

    def least(self, period: int) -> float:
        """The least it gives in a period, GWh."""
        return self.must_run[period] if self.must_run else 0.0


class Export(_Traded):
    """Power sold, counted where it is sent: GWh per period; what arrives is paid for, million USD per GWh."""

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
    demand: Annotated[
        tuple[Nonnegative, ...],
        GivenField("power_demand", "Power asked for", "power_demand", "demand_GWh", mark("power demand")),
    ] = ()
    value: Series
