"""Processes that run cases, watched: one that is aborted or hangs where Python cannot stop it is a find, and another goes on behind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: seconds of the processor without a line after which a process is ended: several commands of a case, each almost a hang; and by the
#: clock, for one that waits for what never comes. Making the corpus is in them
SILENT, WAITING = 90.0, 900.0


def spent(process):
    """Seconds of the processor that a process and its children had; by the clock where the system does not say so."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        return time.monotonic()
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Found:
    """What a run has seen."""

    cases: Counter = field(default_factory=Counter)
    codes: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    seconds: float = 0.0
    longest: float = 0.0

    def add(self, said):
        """Count a line of a worker."""
        if "kind" not in said:
            return
        self.cases[said["kind"]] += 1
        self.longest = max(self.longest, said["seconds"])
        self.codes.setdefault(said["kind"], Counter()).update(said.get("codes", {}))
        if "fault" in said:
            self.faults.append(said)


class Watched:
    """One worker after another, each going on behind the case that ended the last."""

    def __init__(self, seed, seconds, folder, *, coverage=False):
        self.seed, self.seconds, self.coverage = seed, seconds, coverage
        self.path = Path(folder) / f"{seed.replace('/', '_')}.jsonl"
        self.path.write_text("")
        self.found, self.read, self.number, self.left, self.earlier = Found(), 0, 0, seconds, 0.0
        self._start()

    def _start(self):
        program = ["-m", "coverage", "run", "--parallel-mode", "--source=waterflow", "-m"] if self.coverage else ["-m"]
        argv = [sys.executable, *program, "tests.fuzz.worker", self.seed, str(self.number), str(self.left), str(self.path)]
        self.errors = self.path.with_suffix(".stderr")
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        self.said, self.ready, self.begun = time.monotonic(), None, None
        self.spent = spent(self.process)

    def look(self):
        """Read what was written; True while it goes on."""
        with self.path.open(encoding="utf-8") as file:
            file.seek(self.read)
            for line in iter(file.readline, ""):
                if not line.endswith("\n"):
                    break
                self.read += len(line)
                self._hear(json.loads(line))
        over = self.process.poll() is not None
        if not over and (spent(self.process) - self.spent > SILENT or time.monotonic() - self.said > WAITING):
            self.process.kill()
            self.process.wait()
            return self._lost("hang", f"killed after {SILENT:g} s of work, or {WAITING:g} s of waiting, without a word")
        if over and self.process.returncode:
            told = self.errors.read_text(errors="replace")[-2000:]
            if self.ready is None:
                raise RuntimeError(told)
            return self._lost("aborted", f"exit {self.process.returncode}: {told}")
        return not over

    def _hear(self, said):
        self.said, self.spent = time.monotonic(), spent(self.process)
        if "ready" in said:
            self.ready = self.said
        elif "begun" in said:
            self.begun = said["begun"]
        else:
            self.begun = None
            self.found.add(said)
            self.number = int(said["case"].rpartition("/")[2]) + 1
        self.found.seconds = self.earlier + self.said - (self.ready or self.said)

    def _lost(self, kind, seen):
        number = self.number if self.begun is None else self.begun
        self.found.faults.append({"case": f"{self.seed}/{number}", "fault": kind, "seen": seen, "kind": "?", "told": ""})
        self.earlier = self.found.seconds
        self.number, self.left = number + 1, self.left - (time.monotonic() - (self.ready or self.said))
        if self.left > 0:
            self._start()
        return self.left > 0


def fuzzed(seed, seconds, folder, workers=1, *, coverage=False, heard=None):
    """Run workers for some seconds; what they have found together."""
    watched = [Watched(f"{seed}.{k}", seconds, folder, coverage=coverage) for k in range(workers)]
    going, last = list(watched), time.monotonic()
    while going:
        time.sleep(0.5)
        going = [one for one in going if one.look()]
        if heard and time.monotonic() - last > 30:
            last = time.monotonic()
            heard(sum(w.found.cases.total() for w in watched), sum(len(w.found.faults) for w in watched))
    whole = Found()
    for one in watched:
        one.look() if one.process.poll() is None else None
        whole.cases += one.found.cases
        for kind, codes in one.found.codes.items():
            whole.codes.setdefault(kind, Counter()).update(codes)
        whole.faults += one.found.faults
        whole.seconds += one.found.seconds
        whole.longest = max(whole.longest, one.found.longest)
    return whole
