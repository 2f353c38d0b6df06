"""Facts of power and money: balances, lines, fuel and payoffs of the parties."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.calendar import Season

__all__ = ["EnergyNeed", "FuelBurnt", "Payoff", "PowerBalance", "PowerLine"]


class EnergyNeed(Fact):
    """A party's power demand beside its plants on the river and what stays unserved."""

    named_by = ("party",)
    timed_by = "season"

    party: str
    season: Season
    demand_GWh: float
    hydropower_GWh: float = Field(description="Of its plants on the river")
    unserved_GWh: float


class PowerBalance(Fact):
    """The whole power balance of a party; imports where they arrive, exports where they are sent."""

    named_by = ("party",)

    party: str
    season: Season
    window: str
    demand_GWh: float | None = Field(description="None where the party has none")
    plants_GWh: float = Field(description="On the river")
    other_hydropower_GWh: float
    thermal_GWh: float
    import_GWh: float = Field(description="Where it arrives")
    export_GWh: float = Field(description="Where it is sent")
    lifting_GWh: float = Field(default=0.0, description="Taken by its lifts of water")
    unserved_GWh: float | None


class PowerLine(Fact):
    """What a line brings a party and takes from it: bought, arriving, sent, and sold where it arrives."""

    named_by = ("party", "line")

    party: str
    line: str
    season: Season
    window: str
    bought_GWh: float
    import_limit_GWh: float
    import_GWh: float = Field(description="What arrives")
    export_GWh: float = Field(description="What is sent")
    export_limit_GWh: float
    sold_GWh: float = Field(description="What arrives and is paid for")


class FuelBurnt(Fact):
    """Fuel burnt by a party, thousand tonnes."""

    named_by = ("party", "fuel")

    party: str
    fuel: str
    season: Season
    window: str
    burnt_kt: float


class Payoff(Fact):
    """A term of a party's payoff at three levels of value (costs are negative); ``payoff`` is the sum of its others."""

    named_by = ("party", "term")

    party: str = Field(description="``no_party`` for what nobody owns")
    window: str
    term: str = Field(description="``payoff`` is the sum of the others")
    low_MUSD: float
    central_MUSD: float
    high_MUSD: float
    assumed: bool = Field(description="True if a price behind it is assumed or unverified")
