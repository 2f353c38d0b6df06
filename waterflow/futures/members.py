"""Members: runoff of many possible years over one horizon, from the record of the past or drawn after its likeness. Mm3 per period."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.calendar import Calendar, require_months
from waterflow.errors import InputError, Problem
from waterflow.loading.build import Builder
from waterflow.loading.model import Model
from waterflow.loading.timed import month_share
from waterflow.observations.runoff_record import runoff_record, unbroken
from waterflow.words.catalogue import say

__all__ = ["generated", "historical", "quantiles"]

Floats = NDArray[np.float64]
YEAR = 12
#: fewest years of a record that a generator may learn from
FEWEST_YEARS = 10


def historical(model: Model) -> xr.DataArray:
    """One member for every stretch of the record that begins in the horizon's first month (index-sequential).

    What the model's ``runoff_changes`` and questions do to runoff is done to every member.

    Parameters
    ----------
    model : Model

    Returns
    -------
    DataArray (member, node, period)
        Members by the first month of their stretch; ``next`` is the position of the member a year later, -1 without one.

    Raises
    ------
    InputError
        If the model has no record, or none that is long enough.
    """
    record = _record(model)
    months = _months(model.calendar)
    starts = unbroken(record, months[0].month, len(months))
    if not starts:
        found = say("no {count} months in a row that begin in month {month}", count=len(months), month=months[0].month)
        raise _too_short(found, say("a record as long as the horizon"))
    later = [starts.index(p + YEAR) if p + YEAR in starts else -1 for p in starts]
    return _members(model, _blocks(record, starts, len(months)), [str(p) for p in starts]).assign_coords(next=("member", later))


def generated(model: Model, count: int, seed: int = 1) -> xr.DataArray:
    r"""Members drawn so that season, places, and one year after another go together as in the record.

    The year's runoff of the whole river is a first-order autoregression of its logarithm, fitted to the record; each year
    is given the months and places, as shares of the whole, of one of the recorded years nearest in runoff (nearest-neighbour
    proportions: Nowak, Prairie, Rajagopalan and Lall, 2010). With k of n years, k being the root of n, the i-th nearest has
    a weight of 1/i (Lall and Sharma, 1996).

    Parameters
    ----------
    model : Model
    count : int
        How many members.
    seed : int
        The same seed, the same members.

    Returns
    -------
    DataArray (member, node, period)
        Members 1 to count.

    Raises
    ------
    InputError
        If the model has no record of ten years, or the count is not one or more.
    """
    checks = (("members", count, count >= 1, say("1 or more")), ("seed", seed, seed >= 0, say("0 or more")))
    problems = [Problem("not-a-number", name, str(value), allowed) for name, value, fine, allowed in checks if not fine]
    if problems:
        raise InputError(problems)
    record = _record(model)
    months = _months(model.calendar)
    starts = unbroken(record, months[0].month, YEAR)
    if len(starts) < FEWEST_YEARS:
        raise _too_short(say("{count} whole years", count=len(starts)), say("{count} or more", count=FEWEST_YEARS))
    years = -(-len(months) // YEAR)
    drawn = _drawn(_blocks(record, starts, YEAR), starts, (count, years), np.random.default_rng(seed))
    return _members(model, drawn.reshape(count, years * YEAR, -1)[:, : len(months)], [str(k) for k in range(1, count + 1)])


def quantiles(model: Model, shares: Sequence[float]) -> xr.DataArray:
    """The recorded members nearest to some quantiles of runoff over the horizon, 0 the driest and 1 the wettest.

    Returns
    -------
    DataArray (member, node, period)

    Raises
    ------
    InputError
        If a share is not between 0 and 1, or as `historical`.
    """
    wrong = [s for s in shares if not 0 <= s <= 1]
    if wrong:
        raise InputError([Problem("not-a-number", "quantiles", f"{s:g}", say("between 0 and 1")) for s in wrong])
    members = historical(model)
    totals = members.sum(["node", "period"]).to_numpy()
    return members.isel(member=[int(np.argmin(np.abs(totals - np.quantile(totals, s)))) for s in shares])


def _record(model: Model) -> pd.DataFrame:
    return runoff_record(model.folder, list(model.basin().runoff), growing=model.calendar.growing)


def _too_short(found: str, allowed: str) -> InputError:
    return Problem("missing-observations", "observed/runoff_record.csv", found, allowed).refusal()


def _months(calendar: Calendar) -> list[pd.Period]:
    return [pd.Period(label, "M") for label in dict.fromkeys(p.label[:7] for p in calendar.periods)]


def _blocks(record: pd.DataFrame, starts: Sequence[pd.Period], months: int) -> Floats:
    """Stretches of the record, (stretches, months, nodes)."""
    first = record.index.get_indexer(pd.PeriodIndex(starts, freq="M"))
    found: Floats = record.to_numpy()[first[:, None] + np.arange(months)]
    return found


def _drawn(blocks: Floats, starts: Sequence[pd.Period], shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Years after the likeness of recorded ones, (members, years, months, nodes)."""
    totals = blocks.sum(axis=(1, 2))
    logs = np.log(totals)
    mean, spread, memory = logs.mean(), logs.std(ddof=1), _memory(logs, starts)
    noise = rng.standard_normal(shape)
    state = np.empty(shape)
    state[:, 0] = noise[:, 0]
    for year in range(1, shape[1]):
        state[:, year] = memory * state[:, year - 1] + np.sqrt(1 - memory**2) * noise[:, year]
    wanted = np.exp(mean + spread * state)
    nearest = np.argsort(np.abs(wanted[..., None] - totals), axis=-1, kind="stable")[..., : max(1, round(np.sqrt(len(totals))))]
    weights = 1.0 / np.arange(1, nearest.shape[-1] + 1)
    rank = np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(shape), side="right").clip(max=nearest.shape[-1] - 1)
    chosen = np.take_along_axis(nearest, rank[..., None], axis=-1)[..., 0]
    found: Floats = blocks[chosen] / totals[chosen][..., None, None] * wanted[..., None, None]
    return found


def _memory(logs: Floats, starts: Sequence[pd.Period]) -> float:
    """Correlation of a year with the next; nothing where fewer than ten pairs are known."""
    pairs = [k for k, (a, b) in enumerate(pairwise(starts)) if b == a + YEAR]
    if len(pairs) < FEWEST_YEARS:
        return 0.0
    here = np.array(pairs)
    return float(np.corrcoef(logs[here], logs[here + 1])[0, 1])


def _members(model: Model, months: Floats, names: Sequence[str]) -> xr.DataArray:
    """Months of runoff (members, months, nodes) laid over the periods, with what the model does to its runoff."""
    require_months(model.calendar, say("recorded years"))
    basin, position = model.basin(), {str(p): k for k, p in enumerate(_months(model.calendar))}
    periods = model.calendar.periods
    place = [position[p.label[:7]] for p in periods]
    share = np.array([month_share(p) for p in periods])
    values = (months[:, place] * share[:, None]).transpose(0, 2, 1) * _changes(model, basin)
    coords = {"member": list(names), "node": list(basin.runoff), "period": list(model.calendar.labels)}
    return xr.DataArray(values, coords, ("member", "node", "period"), "runoff", {"units": "hm3", "unit_in_words": "Mm3"})


def _changes(model: Model, basin: Basin) -> Floats:
    """What changes and questions make of the chosen runoff, as a share of it, (nodes, periods)."""
    builder = Builder(model.calendar, {"runoff": list(model.rows["runoff"])})
    own = np.array([builder.timed("runoff", "runoff_Mm3", "node", node) for node in basin.runoff])
    asked = np.array(list(basin.runoff.values()))
    if bool((asked > 0)[own == 0].any()):
        found = say("runoff where the model's own series has none")
        raise Problem("unknown-given", "runoff", found, say("changes of runoff as factors")).refusal()
    shares: Floats = np.divide(asked, own, out=np.ones_like(own), where=own > 0)
    return shares
