"""A case: a file of the corpus changed, read by its commands, judged. Cases are named by a seed and a number and come again the same."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from tests.fuzz.changes import ANY, REFUSED, SAME, TOLD, Change
from tests.fuzz.judging import CODES, Fault, audited, judge, judge_files, run, state
from tests.fuzz.seats import Act, Seat

#: how often a kind is drawn, others once
WEIGHTS = {
    "table": 8,
    "yaml": 5,
    "workbook": 3,
    "result": 2,
    "api": 4,
    "facts": 3,
    "ledger": 3,
    "season sheet": 2,
    "members": 0.5,
    "offers": 0.5,
}
#: how often a changed file is changed once more; then only what holds for any file is asked of it
AGAIN = 0.2


@dataclass(frozen=True)
class Case:
    """Which file, what was done to it."""

    name: str
    seat: Seat
    change: Change

    @property
    def told(self) -> str:
        """In a line."""
        return f"{self.name} {self.seat.kind} {self.seat.path.name}: {self.change.what} ({self.change.law})"


class Cases:
    """The cases of a seed over a corpus."""

    def __init__(self, seats, seed):
        self.seed, self.kinds = seed, {}
        for seat in seats:
            # the meaning of the file as it is, and the proof that the corpus is good
            self.kinds.setdefault(seat.kind, []).append(
                replace(seat, original=seat.path.read_bytes(), meant=seat.meaning() if seat.meaning else None)
            )
        self.names = sorted(self.kinds)
        self.weights = [WEIGHTS.get(name, 1) for name in self.names]

    def case(self, number):
        """The case of a number."""
        draw = random.Random(f"{self.seed}/{number}")  # noqa: S311 - nothing secret
        seat = draw.choice(self.kinds[draw.choices(self.names, self.weights)[0]])
        change = seat.change(draw, seat.original)
        if draw.random() < AGAIN:
            try:
                more = seat.change(draw, change.content)
                change = Change(f"{change.what}; {more.what}", more.content)
            except Exception:
                change = replace(change, law=ANY)
        return Case(f"{self.seed}/{number}", seat, change), draw

    def run(self, number):
        """Run a case; how it ended, or a `Fault`."""
        case, draw = self.case(number)
        return case, ended(case, draw)


def ended(case, draw, acts=None):
    """Exit codes of the commands that read the changed file; it stands as it was afterwards."""
    seat, codes = case.seat, Counter()
    try:
        seat.path.write_bytes(case.change.content)
        for act in acts or [act for act in seat.acts if draw.random() < act.often] or seat.acts[:1]:
            code = acted(act, seat)
            codes[code] += 1
            if code == 0 and act is seat.acts[0]:
                hold(case)
            elif code == 0 and case.change.law == REFUSED and act.argv:
                raise Fault("read", f"{act.argv[0]} took what is to be refused")
    finally:
        seat.path.write_bytes(seat.original)
    return codes


def acted(act: Act, seat: Seat) -> int:
    """Run one command and judge its ending."""
    if act.call is not None:
        with audited():
            return act.call()
    folders = {seat.path.parent, *(p.parent for p in act.writes)}
    before = state(act.writes)
    try:
        with audited():
            code, out, err, _ = run(act.argv)
        judge(code, out, err, CODES)
        judge_files(code, before, state(act.writes), folders)
        if code == 0 and seat.kind == "ledger" and "add" in act.argv and not act.writes[0].read_bytes().startswith(before[act.writes[0]]):
            raise Fault("written over", act.writes[0].name)
    finally:
        for path in act.writes:
            put_back(path, before[path])
    return code


def put_back(path: Path, content):
    """What stood there before."""
    if path.is_dir() and content is None:
        shutil.rmtree(path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif content is None:
        path.unlink(missing_ok=True)


def hold(case):
    """What was read is what the law of the change lets be read."""
    law, seat = case.change.law, case.seat
    if law == REFUSED:
        raise Fault("read", "what is to be refused")
    if law not in (SAME, TOLD) or seat.meaning is None:
        return
    found = seat.meaning()
    if law == SAME and found != seat.meant:
        raise Fault("read as something else", difference(seat.meant, found))
    if law == TOLD and found == seat.meant:
        raise Fault("ignored", "what was changed changes nothing, and nobody says so")


def difference(a, b):
    """The first place where two answers differ."""
    a, b = (str(x) for x in (a, b))
    k = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return f"{a[max(0, k - 60) : k + 60]!r} became {b[max(0, k - 60) : k + 60]!r}"
