"""Forecasts in netCDF after the CF conventions: a flow over realization, station and time; in and out the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from waterflow.allocation.files import content
from waterflow.errors import InputError, Problem
from waterflow.files import is_file
from waterflow.loading.forecast_series import ForecastSeries, flow_unit, twice
from waterflow.loading.spellings import month_and_dekad
from waterflow.words.catalogue import say

__all__ = ["forecast_netcdf", "read_forecast_netcdf"]

#: our dimension -> other names of it
DIMS = {
    "realization": ("member", "ensemble", "ensemble_member", "number"),
    "station": ("location", "node", "station_id", "stations", "name"),
    "time": ("period", "valid_time"),
}
METHODS = {"instantaneous": "time: point", "mean": "time: mean", "accumulative": "time: sum"}
CF_UNITS = {"m3/s": "m3 s-1", "Mm3": "hm3"}
#: attributes that keep what CF has no word for
KEPT = ("parameter", "missing", "ensemble", "organisation")


def read_forecast_netcdf(path: Path, told: list[str]) -> list[ForecastSeries]:
    """Every series of a netCDF file.

    Times are UTC as CF has them; a file of ours says in which zone they were before, and they are given in that again.

    Raises
    ------
    InputError
        If there is no such file, it is no netCDF file, no one variable of it is a flow over time, or its times are none.
    """
    wanted = say("a netCDF file with a flow over {dims}", dims="realization, station, time")
    if not is_file(path):
        raise Problem("no-such-file", str(path), say("no file"), wanted).refusal()
    found = content(path)
    if found is None:
        raise Problem("bad-runoff", str(path), say("something else, or a damaged file"), wanted).refusal()
    names = {d: ours for d in map(str, found.dims) for ours, others in DIMS.items() if d == ours or d in others}
    data = found.rename({d: ours for d, ours in names.items() if d != ours})
    flows = [v for v in data.data_vars if "time" in data[v].dims and flow_unit(str(data[v].attrs.get("units", "")))[0]]
    strange = {str(d) for v in flows for d in data[v].dims} - set(DIMS)
    if len(flows) != 1 or strange or "station" not in data[flows[0]].dims:
        told_vars = ", ".join(f"{v} ({', '.join(map(str, data[v].dims))}; {data[v].attrs.get('units', '-')})" for v in data.data_vars)
        raise Problem("bad-runoff", str(path), told_vars or say("nothing"), wanted).refusal()
    series = _all_series(data, data[flows[0]], path.name, told)
    if problems := list(twice(series, path.name)):
        raise InputError(problems)
    return series


def _all_series(data: xr.Dataset, flow: xr.DataArray, shown: str, told: list[str]) -> list[ForecastSeries]:
    attrs = flow.attrs
    zone = float(attrs.get("time_zone_hours", 0.0))
    if "time_zone_hours" not in attrs and np.issubdtype(flow["time"].dtype, np.datetime64):
        told.append(say("{file}: times are UTC, as in every CF file.", file=shown))
    stamps = _stamps(flow["time"].values, zone, shown)
    issued = next((c for c in ("forecast_reference_time", "issued") if c in data.variables), "")
    when = _stamps(np.atleast_1d(data[issued].values), zone, shown)[0] if issued else None
    method = str(attrs.get("cell_methods", METHODS["instantaneous"]))
    kind = next((k for k, said in METHODS.items() if said.partition(" ")[2] in method), "instantaneous")
    every, _, length = str(attrs.get("time_step", "1 nonequidistant")).partition(" ")
    fixed: dict[str, Any] = {name: str(attrs.get(name, "")) for name in KEPT}
    fixed |= {"missing": fixed["missing"] or "NaN", "parameter": fixed["parameter"] or str(flow.name)}
    fixed |= {"unit": str(attrs.get("units_as_given", attrs["units"])), "kind": kind, "stamps": stamps, "zone": zone, "issued": when}
    fixed["step"] = (length or "nonequidistant", int(every) if every.isdecimal() else 1)
    titles = data["station_name"].values if "station_name" in data else [""] * flow.sizes["station"]
    ensemble = "realization" in flow.dims
    members = [str(m) for m in flow["realization"].values] if ensemble else [""]
    made = []
    for k, place in enumerate(map(str, flow["station"].values)):
        for j, member in enumerate(members):
            row = flow.isel(station=k, realization=j) if ensemble else flow.isel(station=k)
            values = tuple(float(v) if np.isfinite(v) else None for v in row.transpose("time").values)
            made.append(ForecastSeries(location=place, values=values, member=member, station=str(titles[k]), **fixed))
    return made


def _stamps(values: Any, zone: float, shown: str) -> tuple[dt.datetime, ...]:
    """Moments in a zone; labels of periods are their first days."""
    if np.issubdtype(np.asarray(values).dtype, np.datetime64):
        moments = pd.DatetimeIndex(values) + pd.Timedelta(hours=zone)
        return tuple(m.to_pydatetime() for m in moments)
    found = [month_and_dekad(str(v)) for v in values]
    if not all(found):
        raise Problem("bad-period", f"{shown}, time", str(values[0]), say("times, or labels of periods such as 2026-10")).refusal()
    return tuple(dt.datetime(y, m, 1 + 10 * ((d or 1) - 1)) for y, m, d in (f for f in found if f))


def forecast_netcdf(series: Sequence[ForecastSeries]) -> bytes:
    """Series as a netCDF file after CF-1.10.

    Raises
    ------
    InputError
        If the series do not share times, unit, kind, zone, issue and all the rest, or not every place has every member.
    """
    alike = ("stamps", "unit", "kind", "zone", "issued", "step", *KEPT)
    problems = [
        Problem("bad-runoff", f"netCDF, {name}", say("several in one file"), say("the same for every place and member"))
        for name in alike
        if len({getattr(one, name) for one in series}) > 1
    ]
    problems += [Problem("bad-runoff", "netCDF, flag", say("marks of quality"), say("none: netCDF here keeps none"))] * any(
        s.flags for s in series
    )
    places, members = (list(dict.fromkeys(getattr(one, name) for one in series)) for name in ("location", "member"))
    if len(places) * len(members) != len(series):
        problems.append(Problem("bad-runoff", "netCDF", say("members that only some places have"), say("every member at every place")))
    if problems:
        raise InputError(problems)
    first, by_key = series[0], {(one.location, one.member): one for one in series}
    values = np.array([[by_key[p, m].values for p in places] for m in members], dtype=float)
    attrs = {
        "units": CF_UNITS.get(first.unit, first.unit),
        "units_as_given": first.unit,
        "cell_methods": METHODS[first.kind],
        "time_zone_hours": first.zone,
        "time_step": f"{first.step[1]} {first.step[0]}",
        **{name: getattr(first, name) for name in KEPT},
    }
    back = pd.Timedelta(hours=first.zone)
    times = pd.DatetimeIndex(first.stamps) - back
    whole = members != [""]
    dims = ("realization", "station", "time") if whole else ("station", "time")
    made = xr.Dataset(
        {"discharge": (dims, values if whole else values[0], attrs)},
        {"station": ("station", places, {"cf_role": "timeseries_id"}), "time": ("time", times, {"standard_name": "time"})},
        {"Conventions": "CF-1.10", "featureType": "timeSeries"},
    )
    made["station_name"] = ("station", [next(s.station for s in series if s.location == p) for p in places])
    if whole:
        made = made.assign_coords(realization=("realization", members, {"standard_name": "realization"}))
    if first.issued:
        made["forecast_reference_time"] = ((), pd.Timestamp(first.issued) - back, {"standard_name": "forecast_reference_time"})
    out = BytesIO()
    made.to_netcdf(out, engine="h5netcdf", encoding={"time": {"units": "seconds since 1970-01-01", "dtype": "float64"}})
    return out.getvalue()
