"""The page `docs/evidence/performance.md`: every target beside what was measured, and two curves with their exponents."""

import platform
from pathlib import Path

import highspy
import numpy as np
import pyomo

DOCS = Path(__file__).resolve().parents[2] / "docs"

HEAD = """# Performance

Written by `python -m tests.benchmarks.measure` (with linopy and matplotlib beside the project); every figure comes
from that one run. Machines are noisy and differ: read the ratios, not the milliseconds.
Python {python}, Pyomo {pyomo}, HiGHS {highs}, one thread.

"Bare arrays" is HiGHS given numpy arrays with nothing around it: the limit. Where stages are compared, bare arrays solve
the same stages: from scratch the faster of two ways (each stage from the last basis, or each from scratch with presolve), hot
from the bases that the unchanged river ended its stages at.

S: 40 nodes by 12 months. M: 40 by 36 dekads. L: 40 by 30 years of dekads. XL: 60 by 33 years. The rivers are generated
(`tests/benchmarks/rivers.py`); `syr_darya` is the shipped model by dekad, season 2024-25.
"""

MISSES = """
## What was missed, and what stands in the way

Building with Pyomo takes the time where the solve itself is short: at S and M the first solve in a process spends over four
fifths in making expressions of Python objects and walking them into rows, and at L more than half. No single function
stands out (the walk is a third of it, making the expressions another third, the variables a tenth).
Two ways were weighed and left: laying out a compiled slice of two years with numpy needs a second description of which
rows repeat (history, travel times and return flow reach over the seam), and rules that make arrays themselves would no
longer be Pyomo. A program is built once for each structure; every solve after that is in the other rows of the table.

The thousand members at S stay somewhat below their target: of about 5 ms a member 2 ms are HiGHS, the rest is the factored basis,
the givens, the audit and the certificate, none above a sixth. On the Syr Darya half of a changed given is HiGHS, for the few of its
22 stages whose basis changes; stock Pyomo for all 22 stages would take 22 times the figure it is compared with.
"""


def exponent(sizes, seconds):
    """Slope of the logarithm of the seconds over the logarithm of the size."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def _targets(r):
    """(what, stock Pyomo's ratio or None, target as text, figure, whether it is met)."""
    for size in "SM":
        one, first, scratch = r[f"solves_{size}"], r[f"first_solve_{size}"], r[f"from_scratch_{size}"]
        stock = scratch["stock"] / scratch["bare"]
        warm, changed, began = one["warm"] / one["bare_cold"], one["changed"] / one["bare_hot"], first["first"] / first["bare"]
        yield f"{size}: second solve / bare arrays, same stages", None, "<= 1.3", warm, warm <= 1.3
        yield f"{size}: changed given to certified plan / bare hot arrays, same stages", None, "<= 1.3", changed, changed <= 1.3
        yield f"{size}: first solve in a process / bare arrays, one stage", stock, "<= 3.0", began, began <= 3.0
    long = r["long_L"]
    for what, figure, target in (
        ("L: whole cold solve / bare arrays", long["cold"] / long["bare"], 1.4),
        ("L: one given changed / bare cold solve", long["what_if"] / long["bare"], 0.15),
        ("L: peak memory / bare arrays", long["peak_MB"] / long["bare_peak_MB"], 1.5),
    ):
        yield what, None, f"<= {target}", figure, figure <= target
    for size, target in (("S", 60), ("M", 50)):
        m = r[f"members_{size}"]
        rate, share = m["one_objective"] / m["stock"], m["priorities"] / m["bare_hot_priorities"]
        yield f"{size}: 1,000 members, one objective, two processes / stock Pyomo in one", 1.0, f">= {target}", rate, rate >= target
        yield f"{size}: members with default priorities / rate of bare hot arrays", None, ">= 0.8", share, share >= 0.8
    for step, target in (("month", 60), ("dekad", 50)):
        e = r[f"ensemble_{step}"]["closed"]
        what = f"syr_darya by {step}: ensemble of 1,000, one objective, two processes / stock Pyomo in one, same stages"
        yield what, 1.0, f">= {target}", e["cpu"] / e["stock"], e["cpu"] >= target * e["stock"]
    e = r["ensemble_month"]["priorities"]
    what, share = "syr_darya by month: ensemble of 250, default priorities / rate of bare hot arrays", e["cpu"] / e["bare_hot"]
    yield what, None, ">= 0.8", share, share >= 0.8
    river, command = r["syr_darya"], r["command_line"]
    for what, figure, target in (
        ("syr_darya: changed given to certified plan / bare hot arrays", river["changed"] / river["bare_hot"], 1.3),
        ("syr_darya: changed given to certified plan, 22 stages / stock Pyomo from scratch, one of them",
         river["changed"] / river["stock"], 0.1),
        ("`waterflow allocate syr_darya`: CPU / needed imports plus bare HiGHS",
         command["allocate"] / (command["imports"] + command["bare"]), 1.5),
        ("`waterflow allocate syr_darya --set runoff.all=x0.9` / the same without a question",
         command["what_if"] / command["allocate"], 1.15),
        ("`waterflow --help`: CPU / importing pyomo.environ", command["help"] / command["pyomo"], 0.6),
    ):  # fmt: skip
        yield what, None, f"<= {target}", figure, figure <= target


def _table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(str(x) for x in row) + " |" for row in rows)]) + "\n"


def _milliseconds(r):
    for name, one in (("S", r["solves_S"]), ("M", r["solves_M"]), ("syr_darya", r["syr_darya"])):
        figures = ("warm", "warm_outside", "bare_cold", "changed", "changed_outside", "bare_hot")
        yield name, one["stages"], *(f"{1000 * one[x]:.1f}" for x in figures)


def _curves(r):
    """The two curves as a picture."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "waterflow"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    for axis, part, label in zip(axes, ("years", "nodes"), ("horizon, years (40 nodes)", "nodes (one year)"), strict=True):
        sizes = [p[part] for p in r[part]]
        for key, name, style in (("cold", "waterflow", "o-"), ("bare", "bare arrays", "s--")):
            axis.loglog(sizes, [p[key] for p in r[part]], style, label=name)
        axis.set_xlabel(label)
        axis.grid(visible=True, which="major", alpha=0.3)
    axes[0].set_ylabel("seconds, dekads, from scratch")
    axes[0].legend()
    (DOCS / "evidence" / "pictures").mkdir(exist_ok=True)
    figure.savefig(DOCS / "evidence" / "pictures" / "performance.svg", metadata={"Date": None})


def write(r):
    """Write the page and its picture from the results of `measure.main`."""
    _curves(r)
    parts = [HEAD.format(python=platform.python_version(), pyomo=pyomo.__version__, highs=highspy.Highs().version())]
    rows = [
        (what, "" if stock is None else f"{stock:.1f}", target, f"{figure:.2f}", "yes" if met else "**no**")
        for what, stock, target, figure, met in _targets(r)
    ]
    parts += ["## Targets\n", _table(("ratio", "stock Pyomo", "target", "measured", "met"), rows)]
    heads = ("river", "stages", "second solve", "of it outside HiGHS", "bare", "changed given", "of it outside HiGHS", "bare hot")
    parts += ["## Milliseconds, with the time outside HiGHS\n", _table(heads, _milliseconds(r))]
    parts.append("A changed given often needs no call of HiGHS at all: the basis of the nearest reference is still the best one.\n")
    rows = [(s, *(f"{1000 * r[f'from_scratch_{s}'][x]:.0f}" for x in ("stock", "linopy", "bare"))) for s in "SM"]
    parts += ["## From scratch, one objective, milliseconds\n", _table(("river", "stock Pyomo", "linopy", "bare arrays"), rows)]
    figures = ("rows", "cold", "bare", "what_if", "peak_MB", "bare_peak_MB")
    rows = [(s, *(f"{r[f'long_{s}'][x]:,.{0 if x == 'rows' else 2}f}" for x in figures)) for s in ("L", "XL")]
    heads = ("river", "rows", "cold, s", "bare, s", "one given changed, s", "peak, MB", "bare peak, MB")
    parts += ["## Long horizons, one solve\n", _table(heads, rows), "## Two curves\n", "![seconds over size](pictures/performance.svg)\n"]
    for part in ("years", "nodes"):
        sizes = [p[part] for p in r[part]]
        rows = [(p[part], f"{p['rows']:,}", f"{p['cold']:.2f}", f"{p['bare']:.2f}", f"{p['cold'] / p['bare']:.1f}") for p in r[part]]
        ours, bare = (exponent(sizes, [p[key] for p in r[part]]) for key in ("cold", "bare"))
        parts += [_table((part, "rows", "cold, s", "bare, s", "ratio"), rows)]
        parts.append(f"Exponent: time grows with {part} to the power {ours:.2f} (bare arrays {bare:.2f}).\n")
    (DOCS / "evidence" / "performance.md").write_text("\n".join(parts).rstrip() + "\n" + MISSES, encoding="utf-8")
