"""``waterflow new``: templates of an agreement, a plan, a scenario or a model of one's own."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.loading.model import Model

__all__ = ["HELP", "new", "options"]

HELP = mark("Write a template to start from: an agreement, a plan, a scenario or a model of your own.")
KINDS = ("agreement", "plan", "scenario", "model")
#: what a new model starts from if nothing else is named
SMALL = "two_reservoirs"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("kind", metavar="KIND", choices=KINDS, help=say("agreement, plan, scenario or model"))
    told = say("the model it is for; of a new model, the one it starts from (default: a small river)")
    parser.add_argument("model", metavar="MODEL", nargs="?", help=told)
    parser.add_argument("path", metavar="PATH", type=Path, help=say("the file to write; of a model, the folder"))
    common.scenario(parser)
    common.step(parser)
    parser.set_defaults(refuse=parser.error)


def new(args: argparse.Namespace) -> str:
    """Write a template to start from."""
    if args.kind != "model" and args.model is None:
        args.refuse(say("which model is it for? waterflow new {kind} MODEL PATH", kind=args.kind))
    if args.kind in ("model", "scenario") and (args.scenario or args.step):
        args.refuse(say("new {kind}: without --scenario and --step", kind=args.kind))
    _check(args)
    {"agreement": _agreement, "plan": _plan, "scenario": _scenario, "model": _model}[args.kind](args)
    return say("written: {path}", path=args.path) + "\n"


def _check(args: argparse.Namespace) -> None:
    """Refuse, before any work, a name that is taken or that the file would not be found by."""
    from waterflow.errors import Problem
    from waterflow.loading.model_file import own_file
    from waterflow.report.sheets import check_sheet

    if args.path.exists() or args.path.is_symlink():
        found, allowed = say("something of that name"), say("a name that is not taken")
        raise Problem("already-there", str(args.path), found, allowed, say("A template is never written over anything.")).refusal()
    if args.kind == "plan":
        check_sheet(args.path, "PATH")
    if args.kind in ("agreement", "scenario") and not (own_file(str(args.path)) and args.path.suffix in (".yaml", ".yml")):
        raise Problem("bad-sheet", str(args.path), args.path.suffix or say("no ending"), ".yaml").refusal()


def _typed(path: Path) -> str:
    """A path as a command takes it: a name alone would be that of a shipped model."""
    shown = path if path.is_absolute() or len(path.parts) > 1 else f"./{path}"
    return shlex.quote(str(shown))


def _read(args: argparse.Namespace) -> Model:
    from waterflow.commands.reading import model_of

    return model_of(args)


def _agreement(args: argparse.Namespace) -> None:
    from waterflow.files import write
    from waterflow.report.templates import agreement_template

    model = _read(args)
    write(args.path, agreement_template(model.basin(), args.model, _typed(args.path), next(iter(model.sources), "")), "PATH")


def _scenario(args: argparse.Namespace) -> None:
    from waterflow.files import write
    from waterflow.loading.model import read_tables
    from waterflow.report.templates import scenario_template

    model = _read(args)
    write(args.path, scenario_template(model.file, read_tables(model.folder)[0], args.model, _typed(args.path)), "PATH")


def _plan(args: argparse.Namespace) -> None:
    """The best plan, so that a table that is changed in two cells is still one that was whole."""
    from waterflow.allocation.allocate import allocate
    from waterflow.files import write
    from waterflow.report.plan_table import plan_csv, plan_xlsx

    best = allocate(_read(args).basin())
    form = plan_csv if args.path.suffix.lower() == ".csv" else plan_xlsx
    write(args.path, form(best.basin, best.dataset), "PATH")


def _model(args: argparse.Namespace) -> None:
    """A model with its tables, scenarios and agreements, in a folder of its own."""
    from waterflow.files import write_tree
    from waterflow.loading.model import tables_folder
    from waterflow.loading.shipped import find_model
    from waterflow.report.templates import model_head

    start = find_model(args.model or SMALL)
    text = start.read_text(encoding="utf-8")
    tables = tables_folder(start)
    name = re.sub(r"\W+", "_", args.path.resolve().name).strip("_") or "river"
    text = re.sub(r"(?m)^inputs:.*\n", "", re.sub(r"(?m)^name:.*$", f"name: {name}", text))
    files = {"model.yaml": f"{model_head(_typed(args.path))}\n{text}"}
    for folder, kept in ((start.parent / "scenarios", "scenarios"), (start.parent / "agreements", "agreements"), (tables, "tables")):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (".yaml", ".csv"):
                files[f"{kept}/{path.relative_to(folder).as_posix()}"] = path.read_text(encoding="utf-8")
    write_tree(args.path, files, "PATH")
