"""``waterflow convert``: a saved plan in a form that another program reads."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.allocation.allocation import Allocation

__all__ = ["HELP", "convert", "options"]

HELP = mark("Write a saved plan as a long table (CSV, parquet), as netCDF, or as the linear program behind it (LP, MPS).")
TABLES, PROGRAMS, NETCDF = (".csv", ".parquet"), (".lp", ".mps"), ".nc"
#: how far a stage solved again may be from the saved one, as a share of it
SAME = 1e-6


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("plan", metavar="PLAN.nc", type=Path, help=say("a netCDF file written by Allocation.save or --out"))
    told = say("the file to write; its ending says what: {endings}", endings=", ".join((*TABLES, NETCDF, *PROGRAMS)))
    parser.add_argument("to", metavar="FILE", type=Path, help=told)
    told = say("of a table: this variable of the Dataset alone; may be given again")
    parser.add_argument("--only", metavar="VARIABLE", action="append", default=[], help=told)
    told = say("of a program: the stage whose program it is (default: the last one, whose optimum is the plan)")
    parser.add_argument("--stage", metavar="NAME", default="", help=told)
    parser.set_defaults(refuse=parser.error)


def convert(args: argparse.Namespace) -> str:
    """Write a saved plan in a form that another program reads."""
    from waterflow.allocation.allocation import open_allocation
    from waterflow.errors import Problem
    from waterflow.extras import require_extra
    from waterflow.files import write

    form = args.to.suffix.lower()
    if form not in (*TABLES, *PROGRAMS, NETCDF):
        allowed = ", ".join((*TABLES, NETCDF, *PROGRAMS))
        raise Problem("bad-form", str(args.to), form or say("no ending"), allowed).refusal()
    if args.only and form not in TABLES:
        args.refuse(say("--only: of a table (.csv, .parquet) alone"))
    if args.stage and form not in PROGRAMS:
        args.refuse(say("--stage: of a program (.lp, .mps) alone"))
    if form == ".parquet":
        require_extra("pyarrow", "parquet", ".parquet")
    allocation = open_allocation(args.plan)
    if form in PROGRAMS:
        content: str | bytes = _program(args, allocation, form)
    else:
        content = allocation.to_bytes() if form == NETCDF else _table(args, allocation, form)
    write(args.to, content, "FILE")
    return say("written: {path}", path=args.to) + "\n"


def _table(args: argparse.Namespace, allocation: Allocation, form: str) -> str | bytes:
    from waterflow.exchange.files import parquet
    from waterflow.exchange.long_table import long_table, texts_of

    frame = long_table(allocation.dataset, args.only)
    if (texts := texts_of(allocation.dataset)) and not args.only:
        tell(say("texts, which have no row: {names}", names=", ".join(texts)))
    return parquet(frame) if form == ".parquet" else str(frame.to_csv(index=False, lineterminator="\n"))


def _program(args: argparse.Namespace, allocation: Allocation, form: str) -> str:
    """The program of a stage; the plan is solved again, and must be the saved one."""
    from waterflow.allocation.solve import solve
    from waterflow.errors import Problem
    from waterflow.exchange.files import program_text
    from waterflow.exchange.stage_program import stage_program

    solved = solve(allocation.basin)
    saved = allocation.dataset["stage_value"]
    for stage in solved.solution.stages:
        old = float(saved.sel(stage=stage.name)) if stage.name in saved["stage"].values else None
        if old is None or abs(old - stage.value) > SAME * max(1.0, abs(old)):
            where, found = say("{path}, stage {name}", path=args.plan, name=stage.name), "-" if old is None else f"{old:g}"
            cause = say("Saved by another version? Allocate again.")
            raise Problem("another-plan", where, found, say("{value:g}, as solved again", value=stage.value), cause).refusal()
    program = stage_program(solved, args.stage)
    basin, last = solved.basin, program.stage
    about = f"{basin.name}, {basin.scenario}, {basin.calendar.start}/{basin.calendar.end}, {basin.calendar.step}"
    # of the file, not for the page: files have one language
    remarks = (about, f"stage {last.name}: {last.sense}, {last.unit}; value {last.value!r}")
    return program_text(program, "lp" if form == ".lp" else "mps", (*remarks, "flow(upper,2025_01) is flow of upper in 2025-01"))
