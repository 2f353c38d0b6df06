"""The errors waterflow raises: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


class ConflictError(WaterflowError):
    """No plan obeys every hard rule; names the rules that clash and the least concession.

    Attributes
    ----------
    clashing : tuple of str
        A minimal set of rules that cannot hold together: dropping any one of them mends it.
    concessions : tuple of (str, float, str)
        For each clashing rule, how far it alone must give way, and the unit.
    """

    def __init__(self, clashing: tuple[str, ...], concessions: tuple[tuple[str, float, str], ...]) -> None:
        self.clashing = clashing
        self.concessions = concessions
        lines = ["No plan obeys all of these together, with the runoff and the storages there are:"]
        lines += [f"  {name}" for name in clashing]
        if concessions:
            lines.append("The least concession, if one of them alone gives way:")
            lines += [f"  {name.split(':')[0]}: {amount:,.3f} {unit}" for name, amount, unit in concessions]
        super().__init__("\n".join(lines))


class SolverError(WaterflowError):
    """The solver stopped without a certified optimum (unbounded, a limit, or numbers it cannot handle)."""
