"""waterflow: allocate a shared river among its parties, under water-for-energy agreements.

The public words load what they need when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from waterflow.accounts.comparison import compare
    from waterflow.allocation.allocate import allocate
    from waterflow.allocation.allocation import Allocation, open_allocation
    from waterflow.allocation.resolve import Solver
    from waterflow.basin.basin import Basin
    from waterflow.errors import ConflictError, InputError, SolverError, WaterflowError
    from waterflow.futures.ensembles import ensemble
    from waterflow.loading.model import read_basin
    from waterflow.negotiation.ask import ask
    from waterflow.negotiation.negotiate import negotiate

    __version__: str

__all__ = [
    "Allocation",
    "Basin",
    "ConflictError",
    "InputError",
    "Solver",
    "SolverError",
    "WaterflowError",
    "allocate",
    "ask",
    "compare",
    "ensemble",
    "negotiate",
    "open_allocation",
    "read_basin",
]

_HOME = {
    "Allocation": "waterflow.allocation.allocation",
    "Basin": "waterflow.basin.basin",
    "ConflictError": "waterflow.errors",
    "InputError": "waterflow.errors",
    "Solver": "waterflow.allocation.resolve",
    "SolverError": "waterflow.errors",
    "WaterflowError": "waterflow.errors",
    "allocate": "waterflow.allocation.allocate",
    "ask": "waterflow.negotiation.ask",
    "compare": "waterflow.accounts.comparison",
    "ensemble": "waterflow.futures.ensembles",
    "negotiate": "waterflow.negotiation.negotiate",
    "open_allocation": "waterflow.allocation.allocation",
    "read_basin": "waterflow.loading.model",
}


def __getattr__(name: str) -> Any:
    """Load a public word from its home module on first use."""
    if name == "__version__":
        from importlib.metadata import version

        return version("syr-waterflow")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'waterflow' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """The public words, and the version."""
    return [*__all__, "__version__"]
