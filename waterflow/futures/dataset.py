"""The Dataset of an ensemble: every decision of every member by its own name, and what became of each member (CF-1.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.allocation.coordinates import coordinates
from waterflow.allocation.dataset import about, attributes, decisions
from waterflow.allocation.ready import Ready
from waterflow.basin.basin import Basin
from waterflow.basin.clause_parts import RunoffClass
from waterflow.basin.clause_rows import at_runoff, classes_of
from waterflow.formulation.formulate import givens, unknowns
from waterflow.formulation.objective import StagePlan
from waterflow.futures.chunk import OPTIMAL, Arrays
from waterflow.futures.member_solver import series_of
from waterflow.futures.runoff import PROBABILITY, Runoff

__all__ = ["Layouts", "dataset_of"]

Floats = NDArray[np.float64]
Classes = tuple[RunoffClass, ...]
#: words on the members, and what they mean
WORDS = {
    "status": "What became of the member: optimal, conflict (no plan obeys every hard rule), refused (its runoff is none) or failed",
    "message": "What was said of it",
    "clashing": "The rules that cannot hold together, where there is no plan",
    "solve_path": "Whether it went on from a reference or was solved from scratch",
}
FIGURES = {
    "certificate_worst": ("certificate", "1", "Worst residual of the certificate of any stage"),
    "water_residual": ("water", "hm3", "Largest residual of the audit of water"),
    "energy_residual": ("energy", "GW h", "Largest residual of the audit of energy"),
}


class Layouts:
    """The basins of an ensemble: one for each class of runoff that members are in, where clauses ask for classes.

    Parameters
    ----------
    asked : Runoff
    good : bool array (member,)
        Members whose runoff is a number throughout.
    """

    def __init__(self, asked: Runoff, good: NDArray[np.bool_]) -> None:
        self.basin = asked.basin
        self.members: dict[Classes, list[int]] = {}
        basins: dict[Classes, Basin] = {classes_of(self.basin, self.basin.runoff): self.basin}
        for k in np.flatnonzero(good):
            series = series_of(self.basin, asked.values[k])
            classes = classes_of(self.basin, series)
            if classes not in basins:
                basins[classes] = at_runoff(self.basin, series)
            self.members.setdefault(classes, []).append(int(k))
        self.ready = {classes: Ready.of(basin) for classes, basin in basins.items() if classes in self.members or basin is self.basin}

    @property
    def stages(self) -> dict[str, StagePlan]:
        """The stages of any of them, in order, by name."""
        return {plan.name: plan for ready in self.ready.values() for plan in ready.plans}


def dataset_of(asked: Runoff, layouts: Layouts, answered: Sequence[Arrays]) -> xr.Dataset:
    """Name everything the members of an ensemble answered.

    Parameters
    ----------
    asked : Runoff
    layouts : Layouts
    answered : sequence of dict of arrays
        As `waterflow.futures.chunk.solve_chunk` returns them, every member once.

    Returns
    -------
    Dataset
        Every decision with the dimension ``member`` first; ``runoff``; ``share_due``; ``stage_value`` (member, stage), of a
        priority the value of its first round, the largest share that is short; ``status``, ``message``, ``clashing``,
        ``solve_path``, the worst residuals. NaN where a member has no plan or a stage was not needed.
    """
    found = _together(answered, len(asked.members))
    data = _planned(layouts, found)
    data |= {name: ("member", found["path" if name == "solve_path" else name], {"long_name": told}) for name, told in WORDS.items()}
    data |= {name: ("member", found[key], {"units": unit, "long_name": told}) for name, (key, unit, told) in FIGURES.items()}
    data |= _given(asked, found)
    stages = layouts.stages
    told = "What the stage reached; of a priority with rounds, the first: the largest share of a claim that is short"
    data["stage_value"] = (("member", "stage"), found["values"], attributes("stage's unit", told))
    coords: dict[str, Any] = {
        **_coordinates(layouts),
        "member": ("member", np.array(asked.members, dtype=str), {"long_name": "Member of the ensemble"}),
        "stage": list(stages),
        "stage_unit": ("stage", [s.unit for s in stages.values()], {"long_name": "Unit of the stage's value"}),
        "stage_sense": ("stage", [s.sense for s in stages.values()], {"long_name": "What is done to the stage's value"}),
    }
    if asked.probability is not None:
        coords[PROBABILITY] = ("member", asked.probability, {"units": "1", "long_name": "Probability of the member"})
    attrs = about(asked.basin) | {"own_runoff": ", ".join(asked.kept)}
    del attrs["status"]
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _together(answered: Sequence[Arrays], count: int) -> dict[str, Any]:
    """What all chunks answered, in the order of the members."""
    members = np.concatenate([x["member"] for x in answered])
    order = np.argsort(members, kind="stable")
    if not np.array_equal(members[order], np.arange(count)):
        message = "every member once"
        raise AssertionError(message)
    width = max(x["plan"].shape[1] for x in answered)
    found: dict[str, Any] = {}
    for name in answered[0]:
        parts = [_widened(x["plan"], width) if name == "plan" else x[name] for x in answered]
        found[name] = np.concatenate(parts)[order]
    return found


def _widened(plans: Any, width: int) -> Floats:
    """Plans with blanks up to a width."""
    return np.pad(plans, ((0, 0), (0, width - plans.shape[1])), constant_values=np.nan)


def _planned(layouts: Layouts, found: Mapping[str, Any]) -> dict[str, Any]:
    """The decisions; where clauses hold in some classes of runoff alone, blank for the members in others."""
    parts = []
    for classes, ready in layouts.ready.items():
        own = np.array(layouts.members.get(classes, []), dtype=np.intp)
        width = sum(len(c.index) for c in ready.program.unknowns.values())
        plans = np.full((len(found["plan"]), width), np.nan)
        given = found["plan"][own, :width]
        plans[own, : given.shape[1]] = given
        parts.append((own, decisions(ready.basin, ready.program, unknowns(), plans, ("member",))))
    _, first = parts[0]
    if len(parts) == 1:
        return {str(name): variable for name, variable in first.data_vars.items()}
    every = xr.align(*(part for _, part in parts), join="outer")
    data = {}
    for name in first.data_vars:
        values = every[0][name].copy(deep=True)
        for (own, _), part in zip(parts[1:], every[1:], strict=True):
            values.values[own] = part[name].values[own]
        data[str(name)] = (values.dims, values.values, values.attrs)
    return data


def _coordinates(layouts: Layouts) -> dict[str, Any]:
    """Members of every dimension; of clauses and their lines those of all classes of runoff."""
    basins = [ready.basin for ready in layouts.ready.values()]
    fields = ("clause_rows", "exchanges", "supplies", "exports")
    every = {f: dict(sorted({k: x for b in reversed(basins) for k, x in getattr(b, f).items()}.items())) for f in fields}
    return coordinates(basins[0].replaced(**every) if len(basins) > 1 else basins[0])


def _given(asked: Runoff, found: Mapping[str, Any]) -> dict[str, Any]:
    """Runoff of the members at every node, and what threshold shares owe."""
    basin, words = asked.basin, {g.name: g for g in givens()}
    runoff = np.zeros((len(asked.members), len(basin.nodes), len(basin.calendar.periods)))
    place = {node: k for k, node in enumerate(basin.nodes)}
    runoff[:, [place[n] for n in basin.runoff]] = asked.values
    due = np.where((found["status"] == OPTIMAL)[:, None], found["due"], np.nan)
    return {
        "runoff": (("member", "node", "period"), runoff, attributes("Mm3", words["runoff"].meaning) | {"given": "yes"}),
        "share_due": (("member", "threshold_share"), due, attributes("Mm3", words["share_due"].meaning)),
    }
