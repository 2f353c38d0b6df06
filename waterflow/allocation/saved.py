"""What a file must have to be the plan it says it is: everything that is read of one, on its dimensions, and water that closes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from waterflow.allocation.audit import READ, audit
from waterflow.allocation.coordinates import coordinates
from waterflow.basin.basin import Basin
from waterflow.formulation.formulate import dimensions, equations, givens, unknowns
from waterflow.formulation.language import dimension, members
from waterflow.words.catalogue import say

__all__ = ["absent", "spoilt"]

#: of every plan, beside what its river has
STAGE = ("stage_value", "stage_sense", "stage_unit", "stage_path", "certificate_primal", "certificate_dual", "certificate_gap")
TEXTS = frozenset({"stage_sense", "stage_unit", "stage_path"})
#: what tables and pages say of a variable
WORDS = ("units", "long_name", "unit_in_words", "given", "grades", "cell_methods")
RESIDUALS = ("water_residual_Mm3", "river_residual_Mm3", "energy_residual_GWh")
#: named otherwise in files of an earlier form, and their order is that of time
TIMES = ("period", "season")
DERIVED = {"arriving_flow": ("reaches", "periods"), "in_transit": ("reaches",), "return_flow": ("demands", "periods")}


def _wanted(basin: Basin) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Name, dimensions, and whether it is numbers, of what a plan of a river has; of what a river has none of nothing can be missed."""
    sets = {name: bool(members(basin, name)) for name in dimensions()}
    before: tuple[str, ...] = ()
    words = [(word.name, word.over, before) for word in unknowns()] + [(word.name, word.over, before) for word in givens()]
    words += [(f"{word.name}_dual", word.over, ("stage",)) for word in equations()]
    words += [(name, over, before) for name, over in DERIVED.items()]
    for name, over, before in words:
        if all(sets[s] for s in over):
            yield name, (*before, *(dimension(s) for s in over)), True
    for name in STAGE:
        yield name, ("stage",), name not in TEXTS


def absent(basin: Basin, dataset: xr.Dataset) -> list[str]:
    """What a plan of this river has and a Dataset has not."""
    return [name for name, _, _ in _wanted(basin) if name not in dataset] + [x for x in RESIDUALS if x not in dataset.attrs]


def spoilt(basin: Basin, dataset: xr.Dataset) -> str:
    """What keeps a Dataset with everything in it from being a plan of its river, in words; nothing if all is well."""
    for name, dims, numbers in _wanted(basin):
        found = dataset[name]
        if found.dims != dims or (found.dtype.kind == "f") != numbers:
            return say("{name} of another kind or on other dimensions", name=name)
        if not all(isinstance(found.attrs.get(word, ""), str) for word in WORDS):
            return say("{name} with a unit or a name that is no text", name=name)
    for called, (_, names, *_) in coordinates(basin).items():
        if called not in dimensions().values() or called in TIMES or not len(names):
            continue
        if called not in dataset.coords or list(map(str, dataset[called].values)) != list(map(str, names)):
            return say("other names on the dimension {name} than its basin has", name=called)
    figures = (float(dataset[name].isnull().sum()) for name in READ if name in dataset)
    if any(figures) or not all(isinstance(dataset.attrs[x], float) and np.isfinite(dataset.attrs[x]) for x in RESIDUALS):
        return say("figures that are no numbers")
    if not audit(basin, dataset).closes:
        return say("a plan whose water or energy does not close: it was changed after it was saved")
    return ""
