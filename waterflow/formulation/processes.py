"""Processes: every file of this folder but those that gather them, in the order of their unknowns in the program.

A process has what it needs of `UNKNOWNS`, `GIVENS`, `EQUATIONS` and `CLAIMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from waterflow import formulation
from waterflow.basin.basin import Basin
from waterflow.basin.objective import Claims
from waterflow.formulation.language import Claim

__all__ = ["CLAIMS", "PROCESSES"]

#: what is no process
ABOUT = {"formulate", "language", "objective", "processes"}
#: the order of what was there when the expected rows were printed; a new file comes after it, by name
ORDER = (
    "runoff",
    "reaches",
    "reservoirs",
    "demands",
    "floors",
    "targets",
    "threshold_shares",
    "spills",
    "hydropower",
    "power",
    "end_values",
    "clauses",
    "values",
    "steadiness",
    "water_balance",
    "energy_balance",
)


def _found() -> Iterator[ModuleType]:
    names = {module.name for module in iter_modules(formulation.__path__)} - ABOUT
    for name in (*ORDER, *sorted(names - set(ORDER))):
        yield import_module(f"{formulation.__name__}.{name}")


PROCESSES = tuple(_found())
#: kind of claims in a priority -> the shortfalls it counts
CLAIMS: dict[str, Callable[[Basin, Claims], Iterator[Claim]]] = {
    kind: claims for process in PROCESSES for kind, claims in getattr(process, "CLAIMS", {}).items()
}
