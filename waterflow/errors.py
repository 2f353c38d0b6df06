"""The errors waterflow raises: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from waterflow.words.catalogue import languages, mark, say, say_many, speaking
from waterflow.words.near import slip

__all__ = ["ConflictError", "InputError", "Problem", "SolverError", "WaterflowError", "said_kind", "unknown"]

#: what a name that is none may be the name of, as people say it
KINDS = {
    "demand": mark("demand"),
    "line": mark("line"),
    "node": mark("node"),
    "party": mark("party"),
    "plant": mark("plant"),
    "reach": mark("reach"),
    "reservoir": mark("reservoir"),
    "supply": mark("supply"),
    "target": mark("target"),
}
#: what else is called by its kind
OTHERS = {"export": mark("export"), "spill": mark("spill")}


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
        told = say("{where}: found {found}; allowed: {allowed}.", where=self.where, found=self.found, allowed=self.allowed)
        return f"{told} {self.cause}".rstrip() + f"   [{self.code}]"

    def refusal(self) -> InputError:
        """The error of this problem alone."""
        return InputError([self])


def said_kind(kind: str) -> str:
    """A kind (`KINDS`, `OTHERS`) in the language spoken."""
    sentence = (KINDS | OTHERS)[kind]
    return say(sentence)


def unknown(kind: str, where: str, name: str, known: Collection[str]) -> Problem:
    """A name of a kind (`KINDS`) that the model does not have."""
    word = said_kind(kind)
    found = say("{kind} {name}", kind=word, name=name)
    return Problem(f"unknown-{kind}", where, found, say("a {kind} of the model", kind=word), slip(name, known))


class WaterflowError(Exception):
    """Anything waterflow refuses or cannot do."""


class InputError(WaterflowError, ValueError):
    """The inputs are wrong; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.where, p.code, p.found)))
        head = say_many("{count} problem in the inputs", "{count} problems in the inputs", len(self.problems))
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[Any, ...]:
        """From its problems, so that it comes whole out of another process."""
        return type(self), (self.problems,)


class ConflictError(WaterflowError):
    """No plan obeys every hard rule (the program is infeasible); names the rules that clash, an IIS, and the least concession.

    As text it says everything that was found, in the language spoken.

    Attributes
    ----------
    clashing : tuple of str
        A minimal set of rules that cannot hold together: if one of them were not there, the others could; and the works
        that stand behind it.
    concessions : tuple of (str, float, str)
        For each clashing rule that can mend it alone, how far it must give way, and the unit.
    conflict : Conflict or None
        Everything that was found (`waterflow.solver.conflicts.Conflict`): other sets, ways out, concessions by party.
    """

    def __init__(self, clashing: tuple[str, ...], concessions: tuple[tuple[str, float, str], ...] = (), conflict: Any = None) -> None:
        self.clashing, self.concessions, self.conflict = clashing, concessions, conflict
        super().__init__(clashing, concessions, conflict)

    def __str__(self) -> str:
        """The whole message."""
        if self.conflict is None:
            return "\n".join([say("No plan obeys all of these together:"), *self.clashing])
        # an arrow upward (decision 0042): people ask an error what it says, so the error asks the report
        from waterflow.report.conflict_text import conflict_text

        return conflict_text(self.conflict)

    def said(self, lang: str) -> str:
        """The whole message in a language; in English where there is no such catalogue."""
        with speaking(lang if lang in languages() else "en"):
            return str(self)


class SolverError(WaterflowError):
    """The solver stopped without a certified optimum (unbounded, a limit, or numbers it cannot handle)."""
