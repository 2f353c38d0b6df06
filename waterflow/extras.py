"""Extras: libraries that only some questions need, and the refusal where one is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from waterflow.errors import Problem
from waterflow.words.catalogue import say

__all__ = ["installed", "require_extra"]


def installed(library: str) -> bool:
    """True if a library can be imported; it is not imported."""
    return find_spec(library) is not None


def require_extra(library: str, extra: str, asked: str) -> None:
    """Refuse what needs a library that is not installed.

    Raises
    ------
    InputError
        Naming the extra that brings it.
    """
    if not installed(library):
        found, allowed = say("no library {library}", library=library), say("an installation with the extra {extra}", extra=extra)
        raise Problem("missing-extra", asked, found, allowed, f"pip install 'syr-waterflow[{extra}]'").refusal()
