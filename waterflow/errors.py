"""The errors waterflow raises: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ConflictError", "InputError", "Problem", "SolverError", "WaterflowError"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the inputs, in one voice: where, found, allowed, likely cause.

    Parameters
    ----------
    code : str
        Short name of the kind of problem, a heading of ``docs/reference/errors.md``.
    where : str
        File, row and column, or the place in a model made in Python.
    found, allowed : str
        What stands there and what may stand there.
    cause : str
        The likely cause, empty where none is likely.
    """

    code: str
    where: str
    found: str
    allowed: str
    cause: str = ""

    def __str__(self) -> str:
        """One line a person can act on."""
        cause = f" {self.cause}" if self.cause else ""
        return f"{self.where}: found {self.found}; allowed: {self.allowed}.{cause}   [{self.code}]"


class WaterflowError(Exception):
    """Anything waterflow refuses or cannot do."""


class InputError(WaterflowError, ValueError):
    """The inputs are wrong; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.where, p.code, p.found)))
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the inputs"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[Any, ...]:
        """From its problems, so that it comes whole out of another process."""
        return type(self), (self.problems,)


class ConflictError(WaterflowError):
    """No plan obeys every hard rule; names the rules that clash and the least concession.

    Attributes
    ----------
    clashing : tuple of str
        A minimal set of rules that cannot hold together: if one of them were not there, the others could.
    concessions : tuple of (str, float, str)
        For each clashing rule that can mend it alone, how far it must give way, and the unit.
    texts : mapping of str
        The whole message by language, ``en`` and ``ru``.
    conflict : Conflict or None
        Everything that was found (`waterflow.solver.conflicts.Conflict`): other sets, ways out, concessions by party.
    """

    def __init__(
        self,
        clashing: tuple[str, ...],
        concessions: tuple[tuple[str, float, str], ...] = (),
        *,
        texts: Mapping[Any, str] | None = None,
        conflict: Any = None,
    ) -> None:
        self.clashing = clashing
        self.concessions = concessions
        self.texts = texts or {}
        self.conflict = conflict
        super().__init__(self.texts.get("en") or "\n".join(["No plan obeys all of these together:", *clashing]))

    def said(self, lang: str) -> str:
        """The message in a language; in English where it is not known in that one."""
        return self.texts.get(lang) or str(self)


class SolverError(WaterflowError):
    """The solver stopped without a certified optimum (unbounded, a limit, or numbers it cannot handle)."""
