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
#: units of volume a Pywr model may be in; the format does not say which
UNITS = ("Mm3", "hm3", "Ml", "1000m3", "m3", "km3")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("kind", metavar="KIND", choices=KINDS, help=say("agreement, plan, scenario or model"))
    told = say("the model it is for; of a new model, the one it starts from (default: a small river)")
    parser.add_argument("model", metavar="MODEL", nargs="?", help=told)
    parser.add_argument("path", metavar="PATH", type=Path, help=say("the file to write; of a model, the folder"))
    told = say("of a model: make it from one of another program, a Pywr model (.json) or a Ribasim model (.toml)")
    parser.add_argument("--from", dest="start", metavar="FILE", type=Path, help=told)
    told = say("of a Pywr model: the unit its volumes are in, and its rates by day ({units})", units=", ".join(UNITS))
    parser.add_argument("--unit", metavar="UNIT", choices=UNITS, help=told)
    common.scenario(parser)
    common.step(parser)
    parser.set_defaults(refuse=parser.error)


def new(args: argparse.Namespace) -> str:
    """Write a template to start from."""
    if args.kind != "model" and args.model is None:
        args.refuse(say("which model is it for? waterflow new {kind} MODEL PATH", kind=args.kind))
    if args.kind in ("model", "scenario") and (args.scenario or args.step):
        args.refuse(say("new {kind}: without --scenario and --step", kind=args.kind))
    if (args.start and (args.kind != "model" or args.model)) or (args.unit and not args.start):
        args.refuse(say("--from and --unit: waterflow new model PATH --from FILE"))
    _check(args)
    if args.start:
        return _foreign(args)
    {"agreement": _agreement, "plan": _plan, "scenario": _scenario, "model": _model}[args.kind](args)
    return say("written: {path}", path=args.path) + "\n" + (_next(args.path) if args.kind == "model" else "")


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


def _next(path: Path) -> str:
    """What to type next: a folder is named otherwise than a shipped model, and nobody guesses that."""
    return say("Next: {command}", command=f"waterflow check {_typed(path)}") + "\n"


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


def _foreign(args: argparse.Namespace) -> str:
    """A model made from one of another program, and the list of what did not map."""
    import tempfile

    from waterflow.errors import Problem
    from waterflow.exchange.pywr import read_pywr
    from waterflow.exchange.ribasim import read_ribasim
    from waterflow.files import write_tree
    from waterflow.loading.model import read_model
    from waterflow.report.left_text import left_text

    form = args.start.suffix.lower()
    if form not in (".json", ".toml"):
        raise Problem("bad-form", f"--from {args.start}", form or say("no ending"), ".json, .toml").refusal()
    if (form == ".json") != bool(args.unit):
        args.refuse(say("--unit: a Pywr model does not say in which unit its volumes are, and must be told; a Ribasim model does"))
    draft = read_pywr(args.start, args.unit) if args.unit else read_ribasim(args.start)
    files = draft.files(_name_of(args.path))
    with tempfile.TemporaryDirectory() as folder:
        # read before it is kept: what our own reader refuses is no model
        trial = Path(folder) / "model"
        write_tree(trial, files, "PATH")
        read_model(trial / "model.yaml").basin()
    write_tree(args.path, files, "PATH")
    return say("written: {path}", path=args.path) + "\n" + _next(args.path) + left_text(draft.left)


def _name_of(path: Path) -> str:
    """What a model in a folder is called."""
    return re.sub(r"\W+", "_", path.resolve().name).strip("_") or "river"


def _model(args: argparse.Namespace) -> None:
    """A model with its tables, scenarios and agreements, in a folder of its own."""
    from waterflow.files import write_tree
    from waterflow.loading.model import tables_folder
    from waterflow.loading.shipped import find_model
    from waterflow.report.templates import model_head

    start = find_model(args.model or SMALL)
    text = start.read_text(encoding="utf-8")
    tables = tables_folder(start)
    text = re.sub(r"(?m)^inputs:.*\n", "", re.sub(r"(?m)^name:.*$", f"name: {_name_of(args.path)}", text))
    files = {"model.yaml": f"{model_head(_typed(args.path))}\n{text}"}
    for folder, kept in ((start.parent / "scenarios", "scenarios"), (start.parent / "agreements", "agreements"), (tables, "tables")):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (".yaml", ".csv"):
                files[f"{kept}/{path.relative_to(folder).as_posix()}"] = path.read_text(encoding="utf-8")
    write_tree(args.path, files, "PATH")
