"""Ours, stock Pyomo, linopy and bare arrays side by side in one run: `python -m tests.benchmarks.measure`.

Writes ``docs/evidence/performance.md``. Needs two more packages (`pip install linopy matplotlib`); takes about a quarter of
an hour. With a part's name as argument it measures that part alone and prints it.
"""

import json
import os
import resource
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

import waterflow as wf
from tests.benchmarks import bare, peers
from tests.benchmarks.rivers import generated, of_size
from waterflow.allocation.programs import program_of, values_of_givens
from waterflow.allocation.resolve import Solver
from waterflow.basin.objective import Objective
from waterflow.futures.members import generated as drawn
from waterflow.loading.model import read_model
from waterflow.solver.highs import Session
from waterflow.solver.polyhedron import Polyhedron

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5


def timed(call):
    """Seconds a call takes, and what it returns."""
    began = perf_counter()
    found = call()
    return perf_counter() - began, found


class InsideHighs:
    """Adds up the seconds spent in HiGHS itself while it is entered."""

    def __enter__(self):
        self.seconds, self.original = 0.0, Session._run

        def run(session):
            spent, status = timed(lambda: self.original(session))
            self.seconds += spent
            return status

        Session._run = run
        return self

    def __exit__(self, *_):
        Session._run = self.original


def arrays(basin):
    """The one program of a basin with one objective, as bare arrays, and its cost."""
    program = program_of(basin)
    return Polyhedron.of(program, values_of_givens(basin, program)), program.costs["net_cost"][0]


def bare_cold(asked):
    """The stages with bare arrays from scratch, the faster of two ways: (seconds, bases of every stage)."""
    ways = [[bare.stages(staged, presolve=way) for staged in asked] for way in (False, True)]
    best = min(ways, key=lambda runs: sum(run[0] for run in runs))
    return sum(run[0] for run in best), [run[2] for run in best]


def some_changes(basin, count):
    """One given changed at a time, drawn from all needs, runoff and opening storages."""
    rng, labels = np.random.default_rng(0), basin.calendar.labels
    for _ in range(count):
        kind = rng.choice(["runoff", "need", "opening_storage"])
        if kind == "opening_storage":
            name = rng.choice(list(basin.reservoirs))
            value = basin.reservoirs[name].opening_storage * rng.uniform(0.9, 1.0)
            yield basin.changed(opening_storage={name: value})
        else:
            t = int(rng.integers(len(labels)))
            owner = rng.choice(list(basin.runoff if kind == "runoff" else basin.demands))
            series = basin.runoff[owner] if kind == "runoff" else basin.demands[owner].need
            yield basin.changed(**{kind: {(owner, labels[t]): series[t] * rng.uniform(0.8, 1.2)}})


def solves(basin):
    """A second solve, and one after a changed given, against bare arrays for the same stages."""
    wf.allocate(basin)
    asked, _ = bare.recorded(basin)
    rounds = []
    for _ in range(ROUNDS):
        with InsideHighs() as highs:
            whole, _found = timed(lambda: wf.allocate(basin))
        rounds.append((whole, highs.seconds, bare_cold(asked)[0]))
    warm, inside, cold = (median(column) for column in zip(*rounds, strict=True))
    bases = bare_cold(asked)[1]
    solver = Solver(basin)
    solver.allocate()
    rounds = []
    for changed in some_changes(basin, 4 * ROUNDS):
        with InsideHighs() as highs:
            whole, _found = timed(partial(solver.allocate, changed))
        again, _found = bare.recorded(changed, solver._start(changed))
        same = [len(a.costs) == len(b) for a, b in zip(again, bases, strict=False)]
        if not all(same) or any(len(a.polyhedron.lower) != len(b.polyhedron.lower) for a, b in zip(again, asked, strict=True)):
            continue
        hot = sum(bare.stages(staged, bases=own)[0] for staged, own in zip(again, bases, strict=True))
        rounds.append((whole, highs.seconds, hot))
    change, change_inside, hot = (median(column) for column in zip(*rounds, strict=True))
    return {
        "stages": sum(len(a.costs) for a in asked),
        "warm": warm,
        "warm_outside": warm - inside,
        "bare_cold": cold,
        "changed": change,
        "changed_outside": change - change_inside,
        "bare_hot": hot,
    }


def first_solve(size):
    """In a fresh process: the first solve of one objective, everything imported, against bare arrays."""
    basin = of_size(size)
    ours, _ = timed(lambda: wf.allocate(basin))
    program = arrays(basin)
    return {"first": ours, "bare": median(bare.once(*program)[0] for _ in range(ROUNDS))}


def from_scratch(size):
    """Stock Pyomo, linopy and bare arrays from scratch, one objective; all must reach the same value."""
    basin = of_size(size)
    program = arrays(basin)
    found = {}
    for name, call in {"stock": lambda: peers.stock_pyomo(basin), "linopy": lambda: peers.linopy(basin)}.items():
        rounds = [timed(call) for _ in range(3)]
        found[name] = median(r[0] for r in rounds)
        found[f"{name}_value"] = rounds[0][1]
    rounds = [bare.once(*program) for _ in range(ROUNDS)]
    values = [found.pop("stock_value"), found.pop("linopy_value"), rounds[0][1]]
    assert np.ptp(values) <= 1e-6 * abs(values[0]), values
    return found | {"bare": median(r[0] for r in rounds)}


def long(size, months=None):
    """Thirty years in one solve: cold, one given changed, peak memory; in a process of its own."""
    basin = of_size(size) if months is None else generated(40, months, "dekad")
    cold, _ = timed(lambda: wf.allocate(basin))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    solver = Solver(basin)
    building, _ = timed(lambda: solver.allocate())
    what_if = [timed(partial(solver.allocate, x))[0] for x in some_changes(basin, 3)]
    return {"cold": cold, "reference": building, "what_if": median(what_if), "peak_MB": peak, "rows": len(arrays(basin)[0].row_lower)}


def save_arrays(file, nodes, months, step):
    """Write the bare arrays of a generated river."""
    p, cost = arrays(generated(int(nodes), int(months), step))
    np.savez(
        file, data=p.matrix.data, indices=p.matrix.indices, indptr=p.matrix.indptr, shape=p.matrix.shape, cost=cost,
        lower=p.lower, upper=p.upper, row_lower=p.row_lower, row_upper=p.row_upper,
    )  # fmt: skip


def long_bare(file):
    """Bare arrays from a file, solved from scratch: seconds and peak memory; in a process of its own."""
    from scipy.sparse import csc_array

    f = np.load(file)
    matrix = csc_array((f["data"], f["indices"], f["indptr"]), shape=tuple(f["shape"]))
    polyhedron = Polyhedron(matrix, f["lower"], f["upper"], f["row_lower"], f["row_upper"])
    seconds, _ = bare.once(polyhedron, f["cost"])
    return {"bare": seconds, "bare_peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _wet(basin, rng):
    return basin.replaced(runoff={n: tuple(np.array(v) * rng.uniform(0.8, 1.2)) for n, v in basin.runoff.items()})


def _chunk(size, staged, seed, count):
    basin, rng = of_size(size, staged=staged), np.random.default_rng(seed)
    solver = Solver(basin)
    return [float(solver.allocate(_wet(basin, rng)).basin.calendar.step == "month") for _ in range(count)]


def members(size, count=1000):
    """Members an hour that differ in runoff, two processes, against stock Pyomo rebuilt in one; and default priorities."""
    found = {}
    for name, staged, asked in (("one_objective", False, count), ("priorities", True, count // 4)):
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(_chunk, [size] * 2, [staged] * 2, [1, 2], [1, 1]))
            seconds, _ = timed(lambda p=pool, n=asked, s=staged: list(p.map(_chunk, [size] * 2, [s] * 2, [1, 2], [n // 2] * 2)))
        found[name] = asked / seconds
    basin, rng = of_size(size), np.random.default_rng(3)
    found["stock"] = 1 / median(timed(lambda: peers.stock_pyomo(_wet(basin, rng)))[0] for _ in range(4))
    basin = of_size(size, staged=True)
    bases, asked = bare_cold(bare.recorded(basin)[0])[1], []
    solver = Solver(basin)
    for _ in range(12):
        wet = _wet(basin, rng)
        again, _ = bare.recorded(wet, solver._start(wet))
        if len(again[0].costs) == len(bases[0]):
            asked.append(bare.stages(again[0], bases=bases[0])[0])
    found["bare_hot_priorities"] = 2 / median(asked)
    return found


def spent(call):
    """Wall and CPU seconds of a call, its child processes counted once they have ended."""

    def cpu():
        return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))

    before = cpu()
    wall, _found = timed(call)
    return wall, cpu() - before


def ensemble(step, count=1000, few=8):
    """An ensemble of the shipped model, two processes, everything counted; against stock Pyomo rebuilt for the same stages in one.

    ``one`` is the objective alone, ``closed`` with the two closing stages; stock Pyomo solves the same stages, and a
    second time with what the threshold share owes, as the ensemble does. ``priorities``: the default order against bare
    hot arrays, from the bases of the unchanged river or from each stage to the next, whichever is faster. ``cpu`` is the
    rate two processes reach where nobody else uses their cores: twice the members by the CPU they took together.
    """
    count, found = int(count), {}
    model = read_model("syr_darya", "benefit", step)
    runoff = drawn(model, count)
    for name, on in (("one", False), ("closed", True)):
        basin = model.basin().replaced(objective=Objective(smoothest=on, unique=on))
        wet = [basin.replaced(runoff=dict(zip(basin.runoff, map(tuple, v), strict=True))) for v in runoff.values[:: count // few]]
        calls = {"stock": peers.stock_pyomo_stages} | ({} if on else {"stock_once": peers.stock_pyomo})
        # half before and half after: what else the machine does then is shared
        before = {key: [spent(partial(call, b))[1] for b in wet[::2]] for key, call in calls.items()}
        wall, cpu = spent(partial(wf.ensemble, basin, runoff, workers=2))
        after = {key: [spent(partial(call, b))[1] for b in wet[1::2]] for key, call in calls.items()}
        found[name] = {"rate": count / wall, "cpu": 2 * count / cpu}
        found[name] |= {key: 1 / median(before[key] + after[key]) for key in calls}
    # by dekad a cold solve of the default order takes so long that eight say little
    return found | ({"priorities": _priorities(step, count // 4, few)} if step == "month" else {})


def _priorities(step, count, few):
    model = read_model("syr_darya", step=step)
    basin, runoff = model.basin(), drawn(model, count)
    bases = bare_cold(bare.recorded(basin)[0])[1]
    hot = []
    for values in runoff.values[:: count // few]:
        asked, _ = bare.recorded(basin.replaced(runoff=dict(zip(basin.runoff, map(tuple, values), strict=True))))
        hot.append(sum(_hot(staged, known) for staged, known in zip(asked, bases, strict=False)))
    wall, cpu = spent(partial(wf.ensemble, basin, runoff, workers=2))
    return {"rate": count / wall, "cpu": 2 * count / cpu, "bare_hot": 2 / median(hot), "bare_hot_mean": 2 / float(np.mean(hot))}


def _hot(staged, bases):
    """Stages from the bases of the unchanged river where there are as many; or the first of them, and then each to the next."""
    same = len(bases) == len(staged.costs) and len(bases[0].col_status) == len(staged.polyhedron.lower)
    first = bases[:1] if len(bases[0].col_status) == len(staged.polyhedron.lower) else None
    ways = [bare.stages(staged, bases=first)[0]] + ([bare.stages(staged, bases=bases)[0]] if same else [])
    return min(ways)


def syr_darya():
    """The shipped model by dekad, and stock Pyomo from scratch for one of its objectives."""
    basin = wf.read_basin("syr_darya", step="dekad")
    return solves(basin) | {"stock": median(timed(lambda: peers.stock_pyomo(basin))[0] for _ in range(3))}


def cpu_of(command):
    """CPU seconds of a command, median of five."""
    spent = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(spent)


def command_line():
    """CPU of the commands, against importing what they need and bare HiGHS."""
    python = [sys.executable, "-c"]
    needed = "import highspy, numpy, pandas, pydantic, pyomo.environ, pyomo.repn.linear, scipy.sparse.linalg, xarray, yaml"
    asked, _ = bare.recorded(wf.read_basin("syr_darya"))
    spent = []
    for _ in range(ROUNDS):
        began = process_time()
        bare_cold(asked)
        spent.append((process_time() - began) / 2)
    return {
        "help": cpu_of([sys.executable, "-m", "waterflow.cli", "--help"]),
        "pyomo": cpu_of([*python, "import pyomo.environ"]),
        "allocate": cpu_of([sys.executable, "-m", "waterflow.cli", "allocate", "syr_darya"]),
        "what_if": cpu_of([sys.executable, "-m", "waterflow.cli", "allocate", "syr_darya", "--set", "runoff.all=x0.9"]),
        "imports": cpu_of([*python, needed]),
        "bare": median(spent),
    }


def apart(call, *arguments):
    """A measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.measure", call, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=os.environ)
    return json.loads(done.stdout.splitlines()[-1])


def long_and_bare(nodes, months, step, call):
    """Ours and bare arrays at one size, each in a process of its own."""
    file = Path(os.environ.get("TMPDIR", "/tmp")) / f"waterflow_{nodes}_{months}.npz"  # noqa: S108
    apart("save_arrays", file, nodes, months, step)
    try:
        return apart(*call) | apart("long_bare", file)
    finally:
        file.unlink()


PARTS = {
    "first_solve": first_solve, "from_scratch": from_scratch, "long": long, "save_arrays": save_arrays, "long_bare": long_bare,
    "members": members, "ensemble": ensemble, "syr_darya": syr_darya, "command_line": command_line,
    "solves": lambda size: solves(of_size(size, staged=True)),
    "curve": lambda nodes, months: curve(int(nodes), int(months)),
}  # fmt: skip


def curve(nodes, months):
    """One point of a curve: a whole cold solve by dekad."""
    basin = generated(nodes, months, "dekad")
    return {"cold": timed(lambda: wf.allocate(basin))[0], "rows": len(arrays(basin)[0].row_lower)}


def main():
    """Measure everything and write the page."""
    from tests.benchmarks.page import write

    results = {}
    for part, sizes in (("solves", "SM"), ("first_solve", "SM"), ("from_scratch", "SM"), ("members", "SM")):
        for size in sizes:
            results[f"{part}_{size}"] = apart(part, size)
            print(part, size, results[f"{part}_{size}"], flush=True)
    for step in ("month", "dekad"):
        results[f"ensemble_{step}"] = apart("ensemble", step)
        print("ensemble", step, results[f"ensemble_{step}"], flush=True)
    results["syr_darya"], results["command_line"] = apart("syr_darya"), apart("command_line")
    for size, shape in (("L", (40, 360, "dekad")), ("XL", (60, 400, "dekad"))):
        results[f"long_{size}"] = long_and_bare(*shape, ("long", size))
        print(size, results[f"long_{size}"], flush=True)
    years, nodes = (1, 3, 10, 30, 60), (40, 100, 300, 1000)
    results["years"] = [long_and_bare(40, 12 * y, "dekad", ("curve", 40, 12 * y)) | {"years": y} for y in years]
    results["nodes"] = [long_and_bare(n, 12, "dekad", ("curve", n, 12)) | {"nodes": n} for n in nodes]
    (ROOT / "out").mkdir(exist_ok=True)
    (ROOT / "out" / "performance.json").write_text(json.dumps(results))
    write(results)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
