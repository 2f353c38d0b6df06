"""The second solve in a process against bare arrays for the same stages: `python tests/benchmarks/warm_solve.py`.

Every program that a warm `allocate` hands to HiGHS is recorded as arrays and solved again by nothing but
HiGHS with the same options, in the same run; medians of several rounds. Not a test: a ratio to read.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

import highspy

from waterflow import allocate, read_basin
from waterflow.solver.highs import OPTIONS, Session

ROUNDS = 7


def recorded(basin):
    """The programs of one warm solve, in order."""
    programs = []
    minimise = Session.minimise

    def remember(self, cost, basis=None):
        before = self.cost
        self.cost = cost
        programs.append(self._model())
        self.cost = before
        return minimise(self, cost, basis)

    Session.minimise = remember
    try:
        allocate(basin)
    finally:
        Session.minimise = minimise
    return programs


def bare(programs):
    """Seconds that bare HiGHS needs for the programs, loading included."""
    began = perf_counter()
    for program in programs:
        solver = highspy.Highs()
        for name, value in OPTIONS.items():
            solver.setOptionValue(name, value)
        solver.passModel(program)
        solver.run()
    return perf_counter() - began


def inside_highs(basin):
    """Seconds of a warm solve, and how many of them were spent inside HiGHS."""
    spent = 0.0
    run = Session._run

    def timed(self, start, options):
        nonlocal spent
        began = perf_counter()
        status = run(self, start, options)
        spent += perf_counter() - began
        return status

    Session._run = timed
    try:
        began = perf_counter()
        allocate(basin)
        return perf_counter() - began, spent
    finally:
        Session._run = run


def main(model="syr_darya"):
    """Print the medians and their ratio for each step."""
    print(f"{'step':<6} {'stages':>6} {'warm s':>8} {'bare s':>8} {'ratio':>6} {'outside HiGHS ms':>17}")
    for step in ("month", "dekad"):
        basin = read_basin(model, step=step)
        allocate(basin)
        programs = recorded(basin)
        rounds = [(*inside_highs(basin), bare(programs)) for _ in range(ROUNDS)]
        warm, inside, alone = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{step:<6} {len(programs):>6} {warm:8.3f} {alone:8.3f} {warm / alone:6.2f} {1000 * (warm - inside):17.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
