"""What a coupled model may set and read: names after the CSDMS rules, units as UDUNITS reads them, where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["INPUTS", "NEED", "OUTPUTS", "RIVER", "RIVER_PERIODS", "RUNOFF", "USERS", "USER_PERIODS", "VARIABLES", "Variable"]

#: grids: the river's nodes and reaches, the users of water, and either for each period of the horizon
RIVER, USERS, RIVER_PERIODS, USER_PERIODS = range(4)
RATE, VOLUME, WORTH = "m3 s-1", "hm3", "1e6 hm-3"
RUNOFF, NEED = "runoff", "need"


@dataclass(frozen=True)
class Variable:
    """One exchange item.

    Attributes
    ----------
    name : str
        After the rules of CSDMS: object, two underscores, quantity.
    source : str
        The given it sets, or the word of the Dataset it comes from.
    units : str
        As UDUNITS reads it; money has no unit there, so million USD is ``1e6``.
    grid : int
    location : {"node", "edge"}
    meaning : str
    """

    name: str
    source: str
    units: str
    grid: int
    meaning: str
    location: Literal["node", "edge"] = "node"

    @property
    def whole_plan(self) -> bool:
        """True if it has a value for each period of the horizon."""
        return self.grid in (RIVER_PERIODS, USER_PERIODS)


INPUTS = (
    Variable("channel_entrance_water__volume_inflow_rate", RUNOFF, RATE, RIVER, "Runoff into each node in the current period"),
    Variable(
        "channel_entrance_water__forecast_of_volume_inflow_rate", RUNOFF, RATE, RIVER_PERIODS, "The same in each period of the horizon"
    ),
    Variable("water_user_water__required_volume_flow_rate", NEED, RATE, USERS, "What each user asks for in the current period"),
    Variable("water_user_water__forecast_of_required_volume_flow_rate", NEED, RATE, USER_PERIODS, "The same in each period of the horizon"),
)
OUTPUTS = (
    Variable("water_user_water__delivered_volume_flow_rate", "delivery", RATE, USERS, "Delivered to each user in the last period"),
    Variable("water_user_water__missing_volume_flow_rate", "shortage", RATE, USERS, "Asked for and not delivered in the last period"),
    Variable("water_user_water__returned_volume_flow_rate", "return_flow", RATE, USERS, "Drainage that came back in the last period"),
    Variable("reservoir_water__volume", "storage", VOLUME, RIVER, "Storage of each reservoir at the end of the last period"),
    Variable("reservoir_water__released_volume_flow_rate", "release", RATE, RIVER, "Let out of each reservoir in the last period"),
    Variable("reservoir_water__evaporated_volume_flow_rate", "evaporation", RATE, RIVER, "Evaporation less rain in the last period"),
    Variable("channel_water__volume_flow_rate", "flow", RATE, RIVER, "Entered each reach in the last period", "edge"),
    Variable("channel_exit_water__volume_flow_rate", "arriving_flow", RATE, RIVER, "Left each reach in the last period", "edge"),
    Variable("channel_entrance_water__marginal_value", "worth", WORTH, RIVER, "What one more m3 of runoff in the last period brings"),
    Variable("water_user_water__plan_of_delivered_volume_flow_rate", "delivery", RATE, USER_PERIODS, "Delivered so far, and planned"),
    Variable("reservoir_water__plan_of_volume", "storage", VOLUME, RIVER_PERIODS, "Storages so far, and planned"),
)
VARIABLES = {variable.name: variable for variable in (*INPUTS, *OUTPUTS)}
