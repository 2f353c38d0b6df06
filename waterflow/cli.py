"""The command line: ``waterflow check | allocate | compare | models | calibrate`` and the commands of `waterflow.commands`.

Only the answer goes to standard output; heavy imports wait inside the commands. To add a command: a module in
`waterflow.commands` with a function of its name, which takes the parsed arguments and returns the answer, and ``options``.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waterflow.commands import clauses, doubt, evaluate, hindsight, replay, validate, value, why

if TYPE_CHECKING:
    from waterflow.allocation.allocation import Allocation
    from waterflow.basin.basin import Basin

__all__ = ["main", "run"]

#: modules of a command each: a function of the module's name, and its ``options``
MODULES = (why, doubt, clauses, evaluate, replay, hindsight, validate, value)
OK, CRASH, USAGE, INPUT, CONFLICT, SOLVER, STOPPED = 0, 1, 2, 3, 4, 5, 130
EXIT_CODES = """\
exit codes: 0 ok, 1 crash, 2 usage, 3 wrong inputs, 4 no plan obeys every rule, 5 the solver stopped
a MODEL is the name of a shipped model, or a path (with a separator, or ending in .yaml)"""
#: a command that takes longer says so, then again every so often, seconds
PATIENCE, REMINDER = 2.0, 10.0


def _say(message: str) -> None:
    """A message for people, on standard error."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


@contextmanager
def _progress(what: str, *, shown: bool) -> Iterator[None]:
    """Say on standard error what takes so long, once it takes longer than a moment."""
    began, over = time.monotonic(), threading.Event()

    def remind() -> None:
        wait = PATIENCE
        while not over.wait(wait):
            _say(f"{what}: {time.monotonic() - began:.0f} s")
            wait = REMINDER

    if shown:
        threading.Thread(target=remind, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _read(args: argparse.Namespace, scenario: str | None, agreements: Sequence[str] | None = None) -> Basin:
    """The basin a command asks for; what the scenario changed and warnings go to standard error."""
    from waterflow.loading.model import read_basin

    basin = read_basin(args.model, scenario, args.step, args.agreement if agreements is None else agreements)
    if basin.changes:
        _say("\n  ".join([f"{basin.name} {basin.scenario}: changed from the model's own choices:", *basin.changes]))
    for warning in basin.warnings():
        _say(f"warning: {warning}")
    return basin


def _solve(basin: Basin) -> Allocation:
    from waterflow.allocation.allocate import allocate

    return allocate(basin)


def _json(facts: dict[str, Any]) -> str:
    import json

    return json.dumps(facts, indent=2, allow_nan=False) + "\n"


def check(args: argparse.Namespace) -> str:
    """Read a model and say that it is a river that can be allocated."""
    basin = _read(args, args.scenario)
    assumed, rows = basin.assumed_rows()
    counts = {
        "nodes": len(basin.nodes),
        "reaches": len(basin.reaches),
        "reservoirs": len(basin.reservoirs),
        "demands": len(basin.demands),
        "plants": len(basin.plants),
        "targets": len(basin.targets),
        "periods": len(basin.calendar.periods),
        "warnings": len(basin.warnings()),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    name = f"{basin.name} {basin.scenario}".strip()
    return f"{name}: ok\n{said}\n{rows:,} input rows, {assumed:,} of them assumed or unverified\n"


def allocate(args: argparse.Namespace) -> str:
    """Allocate a river; the answer is its report."""
    from waterflow.report.csvs import write_csv
    from waterflow.report.facts import report
    from waterflow.report.files import check_folder, write_folder
    from waterflow.report.table import render

    if args.out is not None:
        check_folder(args.out)
    with _progress(f"allocating {args.model}", shown=args.progress):
        allocation = _solve(_read(args, args.scenario).at_level(args.values))
    facts = report(allocation.basin, allocation.dataset)
    if args.out is not None:
        texts = {"report.json": _json(facts), "report.txt": render(facts), "report.csv": write_csv(facts)}
        write_folder(args.out, texts, {"allocation.nc": allocation.save})
        _say(f"written to {args.out}")
    return {"table": render, "json": _json, "csv": write_csv}[args.format](facts)


def compare(args: argparse.Namespace) -> str:
    """Allocate several scenarios of one model, or one under several agreements; the answer sets them side by side."""
    from waterflow.report.compare import compare as side_by_side
    from waterflow.report.compare import comparison_facts, render_comparison

    if args.agreements:
        return _compare_agreements(args)
    allocations = []
    for scenario in args.scenarios:
        with _progress(f"allocating {args.model} {scenario}", shown=args.progress):
            allocations.append(_solve(_read(args, scenario)))
    table = side_by_side(*allocations)
    if args.format == "json":
        return _json({"model": allocations[0].basin.name, "step": allocations[0].basin.calendar.step, **comparison_facts(table)})
    return str(table.to_csv(lineterminator="\n")) if args.format == "csv" else render_comparison(table)


def _compare_agreements(args: argparse.Namespace) -> str:
    """One scenario under several agreements, party by party."""
    from waterflow.commands.picture import check_picture, draw
    from waterflow.report.parties import beside, beside_facts, parties_text
    from waterflow.report.plan import Plan

    if args.picture:
        check_picture(args.picture)
    plans = {}
    for name in args.agreements:
        with _progress(f"allocating {args.model} under {name}", shown=args.progress):
            allocation = _solve(_read(args, next(iter(args.scenarios), None), [] if name == "-" else [name]))
        plans[name] = Plan(allocation.basin, allocation.dataset)
    if args.picture:
        draw(plans, args.picture)
    table = beside(plans)
    if args.format == "json":
        return _json({"model": args.model, "agreements": list(plans), "rows": beside_facts(table)})
    return str(table.to_csv(lineterminator="\n")) if args.format == "csv" else parties_text(table)


def models(_args: argparse.Namespace) -> str:
    """Name the shipped models with their titles, scenarios and agreements."""
    from waterflow.loading.agreements import agreements_of
    from waterflow.loading.model_file import read_yaml, scenarios_of
    from waterflow.loading.shipped import find_model, shipped_models

    lines = []
    for name in shipped_models():
        path = find_model(name)
        lines += [f"{name}: {read_yaml(path, path.name).get('title', name)}", f"  scenarios: {', '.join(scenarios_of(path))}"]
        lines += [f"  agreements: {', '.join(found)}"] if (found := agreements_of(path)) else []
    return "\n".join(lines) + "\n"


def calibrate(args: argparse.Namespace) -> str:
    """Derive a model's hydrological tables from its observations; the answer tells the fit."""
    from waterflow.report.files import check_folder
    from waterflow.validation.files import calibrate_model, calibration_text, write_tables

    if args.out is not None:
        check_folder(args.out)
    with _progress(f"calibrating {args.model}", shown=True):
        calibration = calibrate_model(args.model)
    if args.out is not None:
        write_tables(calibration, args.out)
        _say(f"written to {args.out}")
    return calibration_text(calibration)


class _Version(argparse.Action):
    """Print the version of the installed distribution; looked up only when asked."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        """Print and leave."""
        from importlib.metadata import packages_distributions, version

        found = packages_distributions().get("waterflow", [])
        sys.stdout.write(f"waterflow {version(found[0]) if found else '(not installed)'}\n")
        parser.exit()


def _options(parser: argparse.ArgumentParser, *, answers: bool = True) -> None:
    parser.add_argument("--step", choices=("month", "dekad"), help="length of a period (default: the model's own)")
    if answers:
        parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="form of the answer")
        parser.add_argument("--no-progress", dest="progress", action="store_false", help="say nothing while solving")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waterflow",
        description="Allocate a shared river among its parties.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(run: Any, *, model: bool = True) -> argparse.ArgumentParser:
        said = run.__doc__
        command: argparse.ArgumentParser = commands.add_parser(run.__name__, help=said, description=said)
        command.set_defaults(run=run)
        command.add_argument("--lang", choices=("en", "ru"), help="language of clauses and conflicts (default: of LANG, else English)")
        if model:
            command.add_argument("model", metavar="MODEL", help="name of a shipped model, or a path")
        return command

    checking, allocating, comparing = add(check), add(allocate), add(compare)
    for command in (checking, allocating):
        command.add_argument("--scenario", metavar="S", help="one of the model's scenarios")
        command.add_argument("--agreement", metavar="A", action="append", help="an agreement of the model in force; may be given again")
    wanted = "write allocation.nc, report.json, report.txt and report.csv there"
    allocating.add_argument("--out", metavar="DIR", type=Path, help=wanted)
    wanted = "two scenarios of the model or more; with --agreements at most one"
    comparing.add_argument("scenarios", metavar="SCENARIO", nargs="*", help=wanted)
    said = "two agreements or more, to set side by side party by party; - for the model without any"
    comparing.add_argument("--agreements", metavar="A", nargs="+", help=said)
    comparing.add_argument("--picture", metavar="FILE", type=Path, help="with --agreements: draw their trade-off as an SVG file")
    comparing.set_defaults(agreement=None, usage=comparing.error)
    _options(checking, answers=False)
    _options(allocating)
    _options(comparing)
    levels = "plan with low, central or high values and prices (default: central)"
    allocating.add_argument("--values", choices=("low", "central", "high"), default="central", help=levels)
    add(models, model=False)
    add(calibrate).add_argument("--out", metavar="DIR", type=Path, help="write the derived tables there")
    for module in MODULES:
        module.options(add(getattr(module, module.__name__.rpartition(".")[2])))
    return parser


def _answer(text: str) -> None:
    """The answer, on standard output; a reader that has gone away is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(args: argparse.Namespace) -> int:
    from waterflow.errors import ConflictError, InputError, SolverError, WaterflowError
    from waterflow.words import language

    try:
        _answer(args.run(args))
    except WaterflowError as error:
        _say(error.said(language(args.lang)) if isinstance(error, ConflictError) else f"{error}")
        codes = ((InputError, INPUT), (ConflictError, CONFLICT), (SolverError, SOLVER))
        return next((code for kind, code in codes if isinstance(error, kind)), CRASH)
    except KeyboardInterrupt:
        _say("stopped")
        return STOPPED
    except Exception:
        traceback.print_exc()
        return CRASH
    return OK


def _check_compared(args: argparse.Namespace) -> None:
    """Two things to compare, of one kind."""
    if args.run is not compare:
        return
    scenarios, agreements = len(args.scenarios), len(args.agreements or ())
    if agreements == 1 or (agreements and scenarios > 1) or (not agreements and scenarios <= 1):
        args.usage("compare takes two scenarios or more, or --agreements with two or more and at most one scenario")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the command's name; those of the process without one.
    """
    try:
        args = _parser().parse_args(argv)
        _check_compared(args)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    return _run(args)


def run() -> None:
    """The installed command."""
    sys.exit(main())


if __name__ == "__main__":
    run()
