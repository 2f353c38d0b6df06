"""Near matches: what somebody may have meant who typed a name that is none, and names told as alternatives."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from waterflow.words.catalogue import say

__all__ = ["did_you_mean", "either", "slip"]


def either(names: Sequence[str]) -> str:
    """Names as alternatives: ``a``, ``a or b``, ``a, b or c``."""
    *first, last = names
    return say("{names} or {last}", names=", ".join(first), last=last) if first else last


def _near(typed: str, known: Collection[str], most: int) -> str:
    # loaded only for a name that is none: every command imports this module
    from difflib import get_close_matches

    close = dict.fromkeys(get_close_matches(typed, list(known), n=most))
    return either(list(close)) if close else ""


def did_you_mean(typed: str, known: Collection[str], most: int = 1) -> str:
    """``Did you mean mountain?`` where a known name is close to what was typed; else empty."""
    near = _near(typed, known, most)
    return say("Did you mean {names}?", names=near) if near else ""


def slip(typed: str, known: Collection[str]) -> str:
    """The likely cause of a name that is none, with the known name that is closest to it if one is close."""
    near = _near(typed, known, 1)
    return say("A typing slip? Did you mean {names}?", names=near) if near else say("A typing slip?")
