"""Runoff of an ensemble as it is asked for: checked against a basin, in its order and in Mm3 per period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.wanted import wrong_kind
from waterflow.calendar import STEPS
from waterflow.errors import InputError, Problem, unknown
from waterflow.words.catalogue import say

__all__ = ["PROBABILITY", "Runoff", "runoff_of"]

Floats = NDArray[np.float64]
DIMS = ("member", "node", "period")
#: coordinate of the members that says how likely each is
PROBABILITY = "probability"
#: units of a volume in a period, and of a rate
VOLUMES, RATES = ("hm3", "Mm3", "million m3", "1e6 m3"), ("m3 s-1", "m3/s", "m3s-1", "m^3/s", "m**3 s**-1")
#: probabilities add up to one within this
ROUNDING = 1e-6


@dataclass(frozen=True)
class Runoff:
    """Runoff of the members of an ensemble.

    Attributes
    ----------
    basin : Basin
        With runoff, zero if it had none, at every node where a member has some.
    values : array (member, node, period)
        Mm3; the nodes are those of the basin's runoff, in their order.
    members : tuple of str
    probability : array (member,) or None
        None where all are equally likely.
    kept : tuple of str
        Nodes no member says anything of: they have the basin's own runoff.
    """

    basin: Basin
    values: Floats
    members: tuple[str, ...]
    probability: Floats | None
    kept: tuple[str, ...]


def runoff_of(basin: Basin, asked: xr.DataArray | xr.Dataset, where: str = "wf.ensemble: runoff") -> Runoff:
    """Check runoff against a basin and bring it in order.

    Parameters
    ----------
    basin : Basin
    asked : DataArray or Dataset
        Dimensions member, node and period in any order; of a Dataset the variable ``runoff``. Periods are labels
        (``2025-04``, ``2025-04-d1``) or first days. ``units`` is Mm3 (``hm3``) a period or m3 s-1, Mm3 without one.
        ``probability`` over the members, if there is such a coordinate, weighs them.
    where : str
        How it is called in a message.

    Raises
    ------
    InputError
        With everything wrong at once: dimensions, units, nodes there are none of, other periods than the horizon's,
        names twice, probabilities that do not add up to one, or a figure that every member lacks. A figure that
        only some members lack is theirs: such a member is told when it would be solved.
    """
    found = asked.get("runoff") if isinstance(asked, xr.Dataset) else asked
    if not isinstance(found, xr.DataArray):
        told = asked if found is None else found
        if isinstance(told, xr.Dataset):
            raise Problem("bad-runoff", where, ", ".join(map(str, told.data_vars)) or say("nothing"), say("a variable runoff")).refusal()
        raise wrong_kind("ensemble", told, say("a DataArray with the dimensions {dims}", dims=", ".join(DIMS))).refusal()
    if set(map(str, found.dims)) != set(DIMS) or "node" not in found.coords or "period" not in found.coords:
        dims = ", ".join(map(str, found.dims)) or say("no name")
        allowed = say("the dimensions {dims}, nodes and periods by name", dims=", ".join(DIMS))
        raise Problem("bad-runoff", where, say("the dimensions {dims}", dims=dims), allowed).refusal()
    return _Reading(basin, found.transpose(*DIMS), where).runoff()


class _Reading:
    """Runoff being read; what is wrong with it is collected."""

    def __init__(self, basin: Basin, asked: xr.DataArray, where: str) -> None:
        self.basin, self.asked, self.where = basin, asked, where
        self.nodes = [str(n) for n in asked["node"].values]
        self.labels = _labels(basin, asked["period"].values)
        count = asked.sizes["member"]
        named = asked["member"].values if "member" in asked.coords else range(1, count + 1)
        self.members = tuple(map(str, named))

    def runoff(self) -> Runoff:
        """The checked runoff; refused if anything is wrong."""
        problems = [*self._unit(), *self._names(), *self._periods(), *self._probabilities()]
        if problems:
            raise InputError(problems)
        basin, periods = self._wet(), len(self.basin.calendar.periods)
        values = np.empty((len(self.members), len(basin.runoff), periods))
        values[:] = np.array(list(basin.runoff.values()), dtype=float).reshape(len(basin.runoff), periods)
        order = [self.labels.index(label) for label in basin.calendar.labels]
        rows = {node: k for k, node in enumerate(basin.runoff)}
        given = np.asarray(self.asked.values, dtype=float)[:, :, order]
        values[:, [rows[n] for n in self.nodes]] = given / self._rates() if self._is_rate() else given
        holes = list(self._holes(values, list(basin.runoff)))
        if holes:
            raise InputError(holes)
        kept = tuple(n for n in basin.runoff if n not in set(self.nodes))
        weights = self.asked.coords.get(PROBABILITY)
        return Runoff(basin, values, self.members, None if weights is None else np.asarray(weights.values, dtype=float), kept)

    def _wet(self) -> Basin:
        """The basin with runoff at every node a member has some."""
        dry = (0.0,) * len(self.basin.calendar.periods)
        new = {n: dry for n in self.nodes if n not in self.basin.runoff}
        return self.basin.replaced(runoff={**self.basin.runoff, **new}) if new else self.basin

    def _is_rate(self) -> bool:
        return str(self.asked.attrs.get("units", VOLUMES[0])).strip() in RATES

    def _rates(self) -> Floats:
        """Factor from Mm3 per period to m3/s."""
        return np.array([p.rate for p in self.basin.calendar.periods])

    def _unit(self) -> Iterator[Problem]:
        unit = str(self.asked.attrs.get("units", VOLUMES[0])).strip()
        if unit not in (*VOLUMES, *RATES):
            yield Problem("unknown-unit", f"{self.where}, units", unit, ", ".join((*VOLUMES, *RATES)))

    def _names(self) -> Iterator[Problem]:
        if not self.members or not self.nodes:
            yield Problem("bad-runoff", self.where, say("nothing"), say("a member and a node, or more"))
        for node in self.nodes:
            if node not in self.basin.nodes:
                yield unknown("node", self.where, node, list(self.basin.nodes))
        for kind, names in (("member", self.members), ("node", self.nodes)):
            for name in dict.fromkeys(n for n in names if list(names).count(n) > 1) if len(set(names)) < len(names) else ():
                yield Problem("twice", f"{self.where}, {kind}", name, say("each once"))

    def _periods(self) -> Iterator[Problem]:
        wanted = self.basin.calendar.labels
        if sorted(self.labels) == sorted(wanted):
            return
        span = say("{first} to {last}", first=wanted[0], last=wanted[-1])
        allowed = say("each {step} of the horizon once: {span}", step=say(STEPS[self.basin.calendar.step]), span=span)
        strange = [label for label in self.labels if label not in wanted]
        missing = [label for label in wanted if label not in self.labels]
        told = ", ".join(strange[:3]) or say("one twice")
        if missing and not strange:
            told = say("nothing for {periods}", periods=", ".join(missing[:3]))
        yield Problem("bad-runoff", f"{self.where}, period", told, allowed)

    def _probabilities(self) -> Iterator[Problem]:
        found = self.asked.coords.get(PROBABILITY)
        if found is None:
            return
        values = np.asarray(found.values, dtype=float)
        allowed = say("one for each member, 0 or more, together 1")
        if found.dims != ("member",) or not np.isfinite(values).all() or (values < 0).any() or abs(values.sum() - 1) > ROUNDING:
            yield Problem("not-a-share", f"{self.where}, {PROBABILITY}", f"{values.sum():g}", allowed)

    def _holes(self, values: Floats, nodes: list[str]) -> Iterator[Problem]:
        """Figures that no member has: what was read is no forecast of them."""
        for node, lacking in zip(nodes, np.all(~np.isfinite(values), axis=0), strict=True):
            if lacking.any():
                label = self.basin.calendar.labels[int(np.argmax(lacking))]
                told, allowed = say("no figure in any member"), say("a figure, Mm3 or m3 s-1")
                yield Problem("bad-runoff", f"{self.where}[{node}, {label}]", told, allowed)


def _labels(basin: Basin, periods: NDArray[np.generic]) -> list[str]:
    """Labels of periods told by label or by first day; what is neither stays as it is."""
    if not np.issubdtype(periods.dtype, np.datetime64):
        return [str(p) for p in periods]
    by_day = {str(p.start): p.label for p in basin.calendar.periods}
    days = [str(np.datetime64(p, "D")) for p in periods]
    return [by_day.get(day, day) for day in days]
