"""``waterflow ensemble``: a river planned for many years of runoff, and how sure its promises are."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, tell, under
from waterflow.commands.runoff_asked import members_of
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say, say_many

if TYPE_CHECKING:
    import xarray as xr

    from waterflow.basin.basin import Basin
    from waterflow.futures.answer_facts import EnsembleFacts

__all__ = ["HELP", "ensemble", "options"]

HELP = mark("Plan a river for many years of runoff, and tell how sure each promise is.")
#: what stands beside a file that is being made
JOURNAL = ".journal"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.members(parser, required=True)
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.step(parser)
    parser.add_argument(
        "--to", metavar="FILE.nc", type=Path, help=say("write every plan there; a run that is killed goes on from beside it")
    )
    parser.add_argument("--resume", metavar="DIR", type=Path, help=say("keep what is done there, and go on from what is there"))
    parser.add_argument("--workers", metavar="N", type=int, help=say("processes (default: one for each core)"))
    parser.add_argument("--scheduler", metavar="ADDRESS", help=say("solve on a Dask cluster: the address of its scheduler"))
    common.form(parser)
    common.progress(parser)


def ensemble(args: argparse.Namespace) -> str:
    """Plan a river for many years of runoff, and tell how sure each promise is."""
    from waterflow.files import in_the_way
    from waterflow.futures.answers import answers
    from waterflow.report.ensemble_text import ensemble_csv, ensemble_text

    if args.to is not None and (found := in_the_way(args.to)):
        from waterflow.errors import Problem

        raise Problem("bad-folder", f"--to {args.to}", found, say("a file in a folder that can be written")).refusal()
    model = model_of(args)
    basin = model.basin()
    runoff, source = members_of(args, model)
    dataset = _planned(args, basin, runoff)
    facts = asked(model, answers(basin, dataset, source, args.seed if source == "generated" else None))
    _require_a_plan(facts)
    if args.format == "json":
        return as_json(facts.model_dump(mode="json"))
    return ensemble_csv(facts) if args.format == "csv" else under(facts, ensemble_text(facts, basin))


def _planned(args: argparse.Namespace, basin: Basin, runoff: xr.DataArray | xr.Dataset) -> xr.Dataset:
    """The plans of all members, written if that was asked for."""
    import shutil

    from waterflow.allocation.files import write_dataset
    from waterflow.futures.ensembles import ensemble as plan_all
    from waterflow.futures.executors import at_scheduler

    count = runoff.sizes.get("member", 0)
    what = say_many("planning {count} member", "planning {count} members", count)
    beside = None if args.to is None else args.to.with_name(args.to.name + JOURNAL)
    if basin.head_plants:
        tell(say("plants have a head: every member is solved from scratch, which takes long"))
    with (
        waiting(what, shown=args.progress, count=count),
        at_scheduler(args.scheduler) if args.scheduler else nullcontext() as executor,
    ):
        dataset = plan_all(basin, runoff, executor=executor, workers=args.workers, journal=args.resume or beside)
    if args.to is not None:
        write_dataset(args.to, dataset, basin.model_dump_json())
        tell(say("written to {folder}", folder=args.to))
        if args.resume is None and beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
    return dataset


def _require_a_plan(facts: EnsembleFacts) -> None:
    """Refuse to answer where no member has a plan: with what clashes, or what is wrong with the runoff."""
    from waterflow.errors import ConflictError, InputError, Problem, SolverError

    if facts.planned:
        return
    first = facts.bad[0]
    for bad in facts.bad:
        if bad.status == "conflict":
            tell(say("no member has a plan; of member {number}:", number=bad.number))
            raise ConflictError(bad.clashing)
    if first.status == "failed":
        raise SolverError(first.message)
    wrong = [
        Problem("bad-runoff", say("member {number}", number=b.number), b.message, say("a figure for each node and period"))
        for b in facts.bad
    ]
    raise InputError(wrong)
