"""What the rows of ``calibration_zones`` say of the zones that are fitted: their users, uses and series. Mm3 per month."""

from __future__ import annotations

import pandas as pd

from waterflow.calibration.return_flows import ZoneSeries
from waterflow.calibration.zone_gains import trunk_withdrawals, zone_gain
from waterflow.observations.record import Record, Tables, lateral_runoff, months_of, rows_of, with_means

__all__ = ["always_covered", "fitted_zones", "one_item", "own_uses", "recent_from", "users", "uses_of_the_year", "zone_series"]

#: part of the least tributary water seen that local use can count on
COVERED = 0.98


def one_item(tables: Tables, zone: str, role: str) -> str:
    """The item of a role that a zone has once."""
    return str(rows_of(tables["calibration_zones"], zone, role)["item"].iloc[0])


def fitted_zones(tables: Tables) -> list[str]:
    """Zones with a demand on the main river for what tributaries cannot cover: those whose gain is fitted."""
    zones = tables["calibration_zones"]
    return [str(zone) for zone in dict.fromkeys(zones[zones["role"] == "main_river"]["zone"])]


def recent_from(tables: Tables) -> pd.Period:
    """First month of the river of today."""
    return pd.Period(str(tables["calibration_spans"].set_index("span").loc["recent", "first_period"]), "M")


def users(tables: Tables, zone: str) -> list[str]:
    """Demands of a zone, all of which return water."""
    zones, roles = tables["calibration_zones"], ("trunk", "returning", "local", "fixed", "main_river")
    return [str(d) for role in roles for d in rows_of(zones, zone, role)["item"]]


def uses_of_the_year(tables: Tables) -> pd.DataFrame:
    """Assumed uses by month 1..12 (rows) and demand (columns), Mm3: an annual figure times a monthly shape."""
    shapes = tables["use_shapes"].pivot(index="month", columns="shape", values="share_fraction").astype(float)
    annual = tables["annual_uses"].set_index("demand")
    uses = {str(d): float(annual.loc[d, "annual_use_Mm3"]) * shapes[str(annual.loc[d, "shape"])] for d in annual.index}
    return pd.DataFrame(uses).reindex(range(1, 13)).fillna(0.0).astype(float)


def own_uses(tables: Tables, zone: str) -> pd.Series:
    """Part of the local use that has a demand of its own (role ``fixed``), Mm3 by month 1..12."""
    uses, names = uses_of_the_year(tables), rows_of(tables["calibration_zones"], zone, "fixed")["item"]
    return sum((uses[str(d)] for d in names), start=pd.Series(0.0, range(1, 13)))


def zone_series(tables: Tables, record: Record, factors: pd.Series, zone: str) -> ZoneSeries:
    """What the fit of a zone needs: gain, lateral runoff, trunk withdrawals and the months that may be used."""
    zones = tables["calibration_zones"]
    trunk = trunk_withdrawals(record, zones, zone)
    for item in rows_of(zones, zone, "returning")["item"]:
        trunk = trunk + with_means(record.withdrawals[item])
    usable = pd.Series(True, record.months)
    for row in tables["calibration_exclusions"].itertuples():
        if row.zone == zone:
            usable[(record.months >= row.first_period) & (record.months <= row.last_period)] = False
    rivers = rows_of(zones, zone, "river")["item"].tolist()
    return ZoneSeries(zone_gain(tables, record, zone), lateral_runoff(tables, record, factors, rivers), trunk, usable)


def always_covered(tables: Tables, record: Record, factors: pd.Series, zone: str) -> pd.Series:
    """The least tributary water of each month in the recent years, Mm3: what local use can always draw on."""
    zones = tables["calibration_zones"]
    supply = pd.Series(0.0, record.months)
    for row in rows_of(zones, zone, "cover").itertuples():
        supply = supply + record.flows[f"{row.item}.{row.quantity}"]
    rivers = rows_of(zones, zone, "cover_river")["item"].tolist()
    supply = supply + lateral_runoff(tables, record, factors, rivers)
    recent = supply[supply.index >= recent_from(tables)]
    return COVERED * recent.groupby(months_of(recent.index)).min().reindex(range(1, 13))
