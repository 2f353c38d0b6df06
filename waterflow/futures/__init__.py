"""Futures: what may come, what to decide before knowing it, and what kept water is worth; loaded when first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from waterflow.futures.ensembles import ensemble
    from waterflow.futures.trees import tree
    from waterflow.futures.water_kept import kept_water

__all__ = ["ensemble", "kept_water", "tree"]

#: no module has the name of a function it holds: else the module would stand where the function is asked for
_HOME = {"ensemble": "waterflow.futures.ensembles", "kept_water": "waterflow.futures.water_kept", "tree": "waterflow.futures.trees"}


def __getattr__(name: str) -> Any:
    """Load a public function from its home module on first use."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'waterflow.futures' has no attribute {name!r}"
    raise AttributeError(message)
