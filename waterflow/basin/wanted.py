"""What the public words take: something else is refused with the words that make it right."""

from __future__ import annotations

import os

from waterflow.basin.basin import Basin
from waterflow.errors import Problem
from waterflow.words.catalogue import say

__all__ = ["require_basin", "wrong_kind"]


def wrong_kind(word: str, found: object, wanted: str, reader: str = "") -> Problem:
    """What is wrong with an argument that is of another kind: ``wf.allocate("two_reservoirs")``.

    Parameters
    ----------
    word : str
        The public word that was called.
    found : object
    wanted : str
        What it takes, with its article.
    reader : str
        The public word that reads one from a name or a path, if one does.
    """
    told = repr(found) if isinstance(found, str | os.PathLike) else type(found).__name__
    cause = ""
    if reader and isinstance(found, str | os.PathLike):
        cause = say("Read it first: {code}.", code=f"wf.{word}(wf.{reader}({os.fspath(found)!r}))")
    return Problem("wrong-kind", f"wf.{word}", told, wanted, cause)


def require_basin(found: object, word: str) -> None:
    """Refuse what is no basin, for a public word.

    Raises
    ------
    InputError
        If it is something else: the name of a model, say.
    """
    if not isinstance(found, Basin):
        raise wrong_kind(word, found, say("a Basin"), "read_basin").refusal()
