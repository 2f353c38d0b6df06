"""Snow, river and fields, dekad by dekad: what melts is set, what is delivered is read. All data are invented.

Every dekad the snow model runs on the weather that came, and both models run on the mean weather for what is still to come:
the river is told what it has and what is forecast, decides with foresight, and the fields get what it delivers.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from docs.guides.coupling.crops import Fields
from docs.guides.coupling.snowmelt import MM_KM2, Snowmelt, Weather
from waterflow.coupling import WaterflowBmi

__all__ = ["Coupled", "Dekad", "couple"]

HERE = Path(__file__).parent
RUNOFF = "channel_entrance_water__forecast_of_volume_inflow_rate"
NEED = "water_user_water__forecast_of_required_volume_flow_rate"
DELIVERED, STORED = "water_user_water__delivered_volume_flow_rate", "reservoir_water__volume"
EVAPORATED, LEFT = "reservoir_water__evaporated_volume_flow_rate", "channel_exit_water__volume_flow_rate"


def weather(date: dt.date, chance: np.random.Generator | None = None) -> Weather:
    """The weather of a day: the mean of an invented valley, or a draw around it."""
    day = date.timetuple().tm_yday
    mean = 12.0 - 14.0 * math.cos(2.0 * math.pi * (day - 20) / 365.0)
    rain = 1.2
    if chance is not None:
        mean += float(chance.normal(0.0, 3.0))
        rain = float(chance.exponential(4.0)) if chance.random() < 0.3 else 0.0
    return Weather(mean, mean - 6.0, mean + 6.0, rain, day)


@dataclass(frozen=True)
class Dekad:
    """What passed between the models in one period, Mm3."""

    days: int
    runoff: float
    asked: float
    delivered: float
    storage: float
    evaporated: float
    to_the_lake: float


@dataclass(frozen=True)
class Coupled:
    """A coupled run: the models before and after it, and what passed between them."""

    before: tuple[Snowmelt, Fields, float]
    after: tuple[Snowmelt, Fields, float]
    dekads: list[Dekad]

    def imbalance(self) -> float:
        """Water that fell and is neither held nor accounted for, Mm3; the river between the models counted by its own outputs."""
        (snow, fields, storage), (snow_then, fields_then, storage_then) = self.before, self.after
        fell = snow_then.fallen * snow.area * MM_KM2 + fields_then.rained * fields.area * MM_KM2
        held = snow_then.held - snow.held + fields_then.held - fields.held + storage_then - storage
        gone = snow_then.to_the_air * snow.area * MM_KM2
        gone += (fields_then.used + fields_then.drained + fields_then.lost) * fields.area * MM_KM2
        gone += sum(d.evaporated + d.to_the_lake for d in self.dekads)
        return fell - held - gone


def couple(seed: int = 2025) -> Coupled:
    """Run the three together over the horizon."""
    chance = np.random.default_rng(seed)
    river, snow, fields = WaterflowBmi(), Snowmelt(), Fields()
    river.initialize(str(HERE / "waterflow.yaml"))
    source, lake = river.nodes.index("mountain"), river.reaches.index("lower")
    runoff, need = (np.empty(river.get_value_ptr(name).size) for name in (RUNOFF, NEED))
    before, dekads = (copy.copy(snow), copy.copy(fields), _stored(river)), []
    while (now := river.get_current_time()) < river.get_end_time():
        days = [river.start_date + dt.timedelta(days=k) for k in range(int(now), int(river.get_end_time()))]
        lengths = [p.days for p in river.basin.calendar.periods]
        done = river.periods_over
        came = [weather(day, chance) for day in days[: lengths[done]]]
        expected = [weather(day) for day in days[lengths[done] :]]
        # what came in this dekad, then what the mean weather would bring after it
        melted = sum(snow.day(w) for w in came)
        ahead, rates, asked = copy.copy(snow), [melted], [fields.need(came)]
        for length in lengths[done + 1 :]:
            part, expected = expected[:length], expected[length:]
            rates.append(sum(ahead.day(w) for w in part))
            asked.append(Fields(depletion=0.0).need(part))
        river.get_value(RUNOFF, runoff)
        river.get_value(NEED, need)
        per_day = [86400.0 / 1e6 * length for length in lengths[done:]]
        runoff.reshape(len(lengths), -1)[done:, source] = np.divide(rates, per_day)
        need.reshape(len(lengths), -1)[done:, 0] = np.divide(asked, per_day)
        river.set_value(RUNOFF, runoff)
        river.set_value(NEED, need)
        river.update()
        volume = per_day[0]
        delivered = float(river.get_value_ptr(DELIVERED)[0]) * volume
        for w in came:
            fields.day(w, delivered / lengths[done])
        evaporated = float(np.nansum(river.get_value_ptr(EVAPORATED))) * volume
        arrived = float(river.get_value_ptr(LEFT)[lake]) * volume
        dekads.append(Dekad(lengths[done], melted, asked[0], delivered, _stored(river), evaporated, arrived))
    return Coupled(before, (snow, fields, _stored(river)), dekads)


def _stored(river: WaterflowBmi) -> float:
    return float(np.nansum(river.get_value_ptr(STORED)))


if __name__ == "__main__":
    found = couple()
    print("days  runoff   asked  delivered  stored  to the lake, Mm3")  # noqa: T201  a table for who runs it
    for d in found.dekads:
        print(f"{d.days:4} {d.runoff:7.1f} {d.asked:7.1f} {d.delivered:10.1f} {d.storage:7.1f} {d.to_the_lake:8.1f}")  # noqa: T201
    print(f"neither held nor accounted for: {found.imbalance():.1e} Mm3")  # noqa: T201
