"""Years to come: the members of a record as years that follow one another, with what memory the record shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Years", "checked", "mean_years", "years_of"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Years:
    """Years that may come.

    Attributes
    ----------
    names : tuple of str
    classes : array (members,)
        Wetness class of each, 0 the driest.
    chances : array (classes, members)
        Probability of each year after a year of each class.
    usual : array (classes,)
        How often each class comes in the long run.
    totals : array (members,)
        Runoff of the whole river over the horizon, Mm3.
    """

    names: tuple[str, ...]
    classes: Positions
    chances: Floats
    usual: Floats
    totals: Floats

    def class_of(self, totals: Floats) -> Positions:
        """The class of the member nearest in runoff, for each of some volumes over the horizon, Mm3."""
        nearest = np.abs(totals[:, None] - self.totals[None, :]).argmin(axis=1)
        found: Positions = self.classes[nearest]
        return found


def years_of(runoff: xr.DataArray, classes: int) -> Years:
    r"""Classes of wetness and their memory.

    Members are put in classes of equal size by their runoff. Where ``next`` tells which member came a year after which, the
    chance of a class after a class is the share of such pairs, with one pair more of every kind (Laplace's rule of succession);
    within a class all members are equally likely. Without it years are independent and there is one class.

    Parameters
    ----------
    runoff : DataArray (member, node, period)
        With the coordinate ``next`` (member,) or without; ``probability`` (member,) weighs independent years.
    classes : int
    """
    totals = runoff.sum(["node", "period"]).to_numpy()
    count = len(totals)
    names = tuple(str(m) for m in runoff["member"].to_numpy())
    if "next" not in runoff.coords or classes == 1:
        weight = runoff["probability"].to_numpy() if "probability" in runoff.coords else np.full(count, 1 / count)
        return Years(names, np.zeros(count, dtype=np.intp), (weight / weight.sum())[None, :], np.ones(1), totals)
    rank = np.empty(count, dtype=np.intp)
    rank[np.argsort(totals, kind="stable")] = np.arange(count)
    own = rank * classes // count
    pairs = np.ones((classes, classes))
    for member, later in enumerate(runoff["next"].to_numpy()):
        if later >= 0:
            pairs[own[member], own[later]] += 1
    moves = pairs / pairs.sum(axis=1, keepdims=True)
    sizes = np.bincount(own, minlength=classes)
    values, vectors = np.linalg.eig(moves.T)
    usual = np.real(vectors[:, np.argmin(np.abs(values - 1))])
    return Years(names, own, moves[:, own] / sizes[own], usual / usual.sum(), totals)


def mean_years(members: xr.DataArray, years: Years) -> tuple[xr.DataArray, Years]:
    """One member for each class, the mean of its years; and the chances of a class after a class."""
    count = len(years.usual)
    own = np.array([np.where(years.classes == k, years.chances.mean(axis=0), 0.0) for k in range(count)])
    weights = xr.DataArray(own / own.sum(axis=1, keepdims=True), dims=("usual", "member"))
    means = (members.drop_vars([c for c in members.coords if c not in members.dims]).drop_vars("member") * weights).sum("member")
    chances = np.array([[years.chances[k, years.classes == j].sum() for j in range(count)] for k in range(count)])
    names = [str(k) for k in range(count)]
    mean = means.rename(usual="member").assign_coords(member=names).transpose("member", "node", "period")
    return mean, Years(tuple(names), np.arange(count), chances, years.usual, mean.sum(["node", "period"]).to_numpy())


def checked(basin: Basin, runoff: xr.DataArray) -> xr.DataArray:
    """Members in the order of their dimensions and of the basin's periods.

    Raises
    ------
    InputError
        With every fault of the members at once: dimensions, nodes, periods, numbers.
    """
    if set(runoff.dims) != {"member", "node", "period"}:
        found = ", ".join(map(str, runoff.dims)) or say("none")
        raise Problem("bad-members", "runoff", say("dimensions {names}", names=found), "member, node, period").refusal()
    asked = runoff.transpose("member", "node", "period")
    labels, nodes = list(basin.calendar.labels), [str(n) for n in asked["node"].to_numpy()]
    known, strange = ", ".join(basin.nodes), [n for n in nodes if n not in basin.nodes]
    problems = [Problem("unknown-node", f"runoff: {node}", node, known, slip(node, basin.nodes)) for node in strange]
    periods = [str(p) for p in asked["period"].to_numpy()]
    if periods != labels:
        allowed = say("{first} to {last}", first=labels[0], last=labels[-1])
        found = say("{first} to {last}", first=periods[0], last=periods[-1]) if periods else say("none")
        problems.append(Problem("bad-members", "runoff: period", found, allowed))
    values = asked.to_numpy()
    wrong = ~np.isfinite(values).all(axis=(1, 2)) | (np.nan_to_num(values) < 0).any(axis=(1, 2))
    for member in np.flatnonzero(wrong):
        where = f"runoff: {asked['member'].to_numpy()[member]}"
        problems.append(Problem("bad-members", where, say("runoff that is missing or below 0"), say("0 or more in every period")))
    if not len(values):
        problems.append(Problem("bad-members", "runoff", say("no member"), say("one or more")))
    if problems:
        raise InputError(problems)
    return asked
