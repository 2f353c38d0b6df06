"""Progress: long work tells how much of it is done to whoever listens; without a listener nothing happens.

The innermost work of many steps is silent while an outer one counts: a listener hears one count at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["Listener", "done", "each", "heard_by", "part"]

T = TypeVar("T")
#: takes the share of the work that is done, 0 to 1
Listener = Callable[[float], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener | None) -> Iterator[None]:
    """Let a listener hear the work inside; None lets nobody."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def done(share: float) -> None:
    """Tell that a share of the work is done."""
    listener = _listener.get()
    if listener is not None:
        listener(share)


@contextmanager
def part(first: float, last: float) -> Iterator[None]:
    """Work that is a part of a whole: what it tells is heard as that part, from the first share to the last."""
    listener = _listener.get()
    if listener is None:
        yield
        return
    with heard_by(lambda share: listener(first + share * (last - first))):
        yield
    listener(last)


def each(items: Iterable[T], count: int | None = None) -> Iterator[T]:
    """Some items in order, told one by one as they are done; what each does inside is heard as its part of the whole."""
    listener = _listener.get()
    chosen: Sequence[T] = list(items)
    whole = max(1, len(chosen) if count is None else count)
    for k, item in enumerate(chosen):
        if listener is None:
            yield item
            continue
        token = _listener.set(lambda share, k=k: listener((k + share) / whole))  # type: ignore[misc]
        try:
            yield item
        finally:
            _listener.reset(token)
        listener((k + 1) / whole)
