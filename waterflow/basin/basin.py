"""The basin: a river with what people ask of it, checked, changed and valued."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from waterflow.basin.changes import Values, changed
from waterflow.basin.checks import basin_problems, basin_warnings
from waterflow.basin.levels import at_level
from waterflow.basin.questions import asked
from waterflow.basin.river import River
from waterflow.basin.values import Level
from waterflow.errors import InputError, Problem

__all__ = ["Basin"]


class Basin(River):
    """A river, its parties and their wishes over one horizon. Frozen; volumes Mm3 per period, energy GWh.

    Its fields are those of `waterflow.basin.river.River`; checks and changes stand apart from the data, so that no
    module needs another that needs it.
    """

    @cached_property
    def outlet_lines(self) -> dict[str, tuple[str, float, float]]:
        """Lines above what can leave a reservoir by a reach: (reach, m3/s, m3/s per Mm3 of storage)."""
        ways = (r for r in self.reaches.values() if r.outlet)
        return {f"{r.name}/{k}": (r.name, *line) for r in ways for k, line in enumerate(r.outlet_lines(), start=1)}

    def problems(self) -> list[Problem]:
        """Everything that keeps this from being a river that can be allocated; empty if nothing does."""
        return basin_problems(self)

    def warnings(self) -> list[str]:
        """What is odd but can be allocated, one sentence each."""
        return basin_warnings(self)

    def require_valid(self) -> None:
        """Raise an `InputError` with every problem at once, if there is any."""
        problems = self.problems()
        if problems:
            raise InputError(problems)

    def changed(self, **changes: Values) -> Basin:
        """The same basin with other givens or energy rates: ``changed(need={("valley_fields", "2025-06"): 300})``.

        Names and indices are those of the Dataset (``docs/reference/python.md`` lists which may be changed).

        Raises
        ------
        InputError
            If a name, an index or a value is not one that can be; names them all.
        """
        return changed(self, changes)

    def asked(self, questions: Mapping[str, float | str]) -> Basin:
        """The same basin with the figures a question has: ``asked({"target.north.growing": 1792, "runoff.all": "x0.9"})``.

        Parameters
        ----------
        questions : mapping of address to value
            `waterflow.basin.questions` says how both are written; ``waterflow addresses MODEL`` lists the addresses.

        Raises
        ------
        InputError
            With everything wrong at once.
        """
        return asked(self, questions)

    def at_level(self, level: Level) -> Basin:
        """The same basin with every value and price at its low, central or high end, all together."""
        return at_level(self, level)
