"""A century of dekads of facts: the seconds that `waterflow ledger status` takes as a process: `python -m tests.benchmarks.ledger`.

Beside them those of a process that starts, reads the bytes and takes their digest: what nothing can be faster than.
"""

import datetime as dt
import os
import random
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import waterflow as wf
from waterflow.accounts.plan import Plan
from waterflow.ledger.files import append
from waterflow.ledger.periods import dekads_between, label_of
from waterflow.ledger.planned import plan_rows

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, SERIES, YEARS = 5, 20, 100
BARE = "import hashlib, sys; hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest()"


def century(path):
    """A ledger with the plan of the Syr Darya, and invented facts of some of its series for a hundred years; how many."""
    basin = wf.read_basin("syr_darya")
    plan = wf.allocate(basin)
    rows = plan_rows(Plan(plan.basin, plan.dataset), "benchmark")
    series = [(r["place"], r["quantity"]) for r in rows if r["kind"] == "plan"][:SERIES]
    drawn, end = random.Random(0), basin.calendar.end  # noqa: S311 - figures, no secrets
    facts = [
        {"kind": "fact", "place": place, "quantity": quantity, "period": label_of(*dekad), "value": round(drawn.uniform(1, 500), 1)}
        | {"unit": "Mm3", "source": "invented", "grade": "assumed"}
        for dekad in dekads_between(dt.date(end.year - YEARS, end.month, end.day) + dt.timedelta(days=1), end)
        for place, quantity in series
    ]
    append(path, lambda _: rows + facts, "benchmark")
    return len(facts)


def seconds(arguments):
    """Processor seconds and wall seconds of a process, the least of some rounds."""
    best = (float("inf"), float("inf"))
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = dt.datetime.now(dt.UTC)
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT, env=os.environ)
        wall = (dt.datetime.now(dt.UTC) - began).total_seconds()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall))
    return best


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "century.jsonl"
        count = century(path)
        own, bare = (seconds([*how, str(path)]) for how in (["-m", "waterflow.cli", "ledger", "status"], ["-c", BARE]))
        size = path.stat().st_size / 1e6
    for name, (processor, wall) in (("status", own), ("bare", bare)):
        print(f"{count:,} facts, {size:.0f} MB: {name} {processor:.2f} s of processor, {wall:.2f} s by the clock")


if __name__ == "__main__":
    main()
