"""The validation page: blocks of text and pictures, made from the model and its observations by one command.

A page is Markdown written by people; between ``<!-- begin NAME -->`` and ``<!-- end -->`` stands what this makes. A block it
does not know is left as it is: another script makes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from waterflow.basin.basin import Basin
from waterflow.errors import Problem
from waterflow.observations.record import Tables, read_record
from waterflow.progress import done
from waterflow.validation.replay import Replay, replay
from waterflow.words.catalogue import say

__all__ = ["BLOCKS", "Evidence", "filled"]

BLOCK = re.compile(r"(<!-- begin ([a-z0-9_]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Evidence:
    """A model and its observations; every result is worked out when a block first asks for it."""

    model: str
    basin: Basin
    tables: Tables
    _replays: dict[int, Replay] = field(default_factory=dict)

    @cached_property
    def spans(self) -> tuple[tuple[str, str], ...]:
        """The unbroken spans of whole half-seasons in which releases were observed, as first and last month."""
        record = read_record(self.tables)
        months = pd.PeriodIndex(record.flows.dropna(how="all").index)
        ends = [k for k in range(1, len(months)) if months[k] != months[k - 1] + 1]
        found = []
        for a, b in zip([0, *ends], [*ends, len(months)], strict=True):
            whole = months[a:b]
            first = next(m for m in whole if m.month in (4, 10))
            last = next(m for m in whole[::-1] if m.month in (3, 9))
            found.append((str(first), str(last)))
        return tuple(found)

    def replayed(self, k: int) -> Replay:
        """The replay of a span."""
        if k not in self._replays:
            self._replays[k] = replay(self.basin, self.tables, *self.spans[k])
        return self._replays[k]

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Every season predicted from the others."""
        from waterflow.validation.leave_one_season_out import leave_one_season_out

        return leave_one_season_out(self.tables)

    @cached_property
    def plan(self) -> Any:
        """The allocation of the model's own scenario."""
        from waterflow.allocation.allocate import allocate

        return allocate(self.basin)


def _replays(found: Evidence) -> str:
    from waterflow.report.replay_text import replay_text

    return "\n".join(replay_text(found.replayed(k), found.tables) for k in reversed(range(len(found.spans))))


def _seasons(found: Evidence) -> str:
    from waterflow.report.left_out_text import left_out_text
    from waterflow.validation.left_out_facts import left_out_facts

    return left_out_text(left_out_facts(found.left_out), found.basin, found.tables)


def _plan_and_fact(found: Evidence) -> str:
    from waterflow.accounts.plan_facts import plan_facts
    from waterflow.report.table_commitments import inflows, other_known, targets

    facts = plan_facts(found.basin, found.plan.dataset)
    return "\n".join(line for section in (targets, inflows, other_known) for line in section(facts))


Blocks = Mapping[str, Callable[[Evidence], str]]
#: what holds for any river and may stand between the marks of a page
BLOCKS: Blocks = {
    "leave_one_season_out": _seasons,
    "replay": _replays,
    "plan_and_fact": _plan_and_fact,
}


def filled(text: str, evidence: Evidence, where: str, blocks: Blocks = BLOCKS) -> str:
    """A page with every block that is known made anew.

    Raises
    ------
    InputError
        If the page has none of them.
    """
    names = [name for _, name, _, _ in BLOCK.findall(text) if name in blocks]
    if not names:
        allowed = say("<!-- begin NAME --> and <!-- end -->, NAME one of {known}", known=", ".join(blocks))
        raise Problem("unknown-block", where, say("no block"), allowed).refusal()
    made: dict[str, str] = {}
    for name in names:
        made[name] = f"```text\n{blocks[name](evidence).strip()}\n```\n"
        done(len(made) / len(names))
    return BLOCK.sub(lambda m: f"{m[1]}{made.get(m[2], m[3])}{m[4]}", text)
