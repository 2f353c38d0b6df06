"""A process that runs cases one after another and writes a line for each: who reads foreign files may be aborted, and another goes on."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz.cases import Cases
from tests.fuzz.judging import Fault
from tests.fuzz.seats import seats

#: bytes of memory a reader may take: none of these files needs a tenth of it
MOST_BYTES = 6 * 10**9


def work(seed, first, seconds, told):
    """Run cases from a number on, for some seconds; ``told`` is given a dict for each."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        home = Path.cwd()
        cases = Cases(seats(Path(folder) / "corpus"), seed)
        os.chdir(folder)
        try:
            # time counts from here: making the corpus is no fuzzing
            ends, number = time.monotonic() + seconds, first
            told({"ready": number})
            while time.monotonic() < ends:
                told({"begun": number})
                told(one(cases, number, Path(folder)))
                number += 1
        finally:
            os.chdir(home)


def one(cases, number, folder):
    """A case as a dict: its kind, its codes, how long it took, and its fault if it has one."""
    began = time.monotonic()
    case, draw = cases.case(number)
    said = {"case": case.name, "kind": case.seat.kind, "told": case.told.replace(str(folder), "")}
    try:
        from tests.fuzz.cases import ended

        said["codes"] = {str(k): v for k, v in ended(case, draw).items()}
    except Fault as fault:
        said |= {"fault": fault.kind, "seen": str(fault.seen)[:3000]}
    except Exception:
        said |= {"fault": "traceback", "seen": traceback.format_exc()[-3000:]}
    said["seconds"] = round(time.monotonic() - began, 3)
    if "fault" in said:
        said["content"] = case.change.content[:200_000].decode("latin-1")
    return said


def main():
    """``python -m tests.fuzz.worker SEED FIRST SECONDS FILE``."""
    seed, first, seconds, path = sys.argv[1:]
    with Path(path).open("a", encoding="utf-8") as file:

        def told(said):
            file.write(json.dumps(said, ensure_ascii=True) + "\n")
            file.flush()

        work(seed, int(first), float(seconds), told)


if __name__ == "__main__":
    main()
