"""``waterflow evaluate``: a plan somebody brings, judged and repaired."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.calendar import EVEN_STEPS, STEPS
from waterflow.commands import options as common
from waterflow.words.catalogue import mark, say, say_of

if TYPE_CHECKING:
    from waterflow.allocation.allocation import Allocation
    from waterflow.basin.basin import Basin

__all__ = ["HELP", "evaluate", "options"]

HELP = mark("Judge a plan of releases and withdrawals: what it breaks, what it loses beside the optimum, the least repair.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help=say("releases and withdrawals: a .csv or .xlsx table in m3/s or Mm3"))
    common.scenario(parser)
    common.questions(parser)
    common.agreement(parser)
    parser.add_argument("--step", choices=tuple(STEPS), help=say("length of a period (default: dekads if the plan has them)"))
    told = say("where what the plan does not give is taken from")
    parser.add_argument("--rest", choices=("needs", "optimum"), default="needs", help=told)
    parser.add_argument("--last", metavar="FILE", type=Path, help=say("the last plan: a table, or an allocation.nc"))
    parser.add_argument("--out", metavar="FILE", type=Path, help=say("write the repaired plan there, as .csv or .xlsx"))
    common.form(parser, ("table", "json"))


def evaluate(args: argparse.Namespace) -> str:
    """Judge a plan of releases and withdrawals: what it breaks, what it loses beside the optimum, the least repair."""
    from waterflow.allocation.allocate import allocate
    from waterflow.commands.brought_plan import brought_plan
    from waterflow.commands.reading import as_json, asked, under
    from waterflow.files import write
    from waterflow.negotiation.evaluate import evaluate as judge
    from waterflow.report.evaluation_facts import evaluation_facts, repaired_rows
    from waterflow.report.evaluation_text import evaluation_text
    from waterflow.report.sheets import check_sheet, sheet
    from waterflow.words.layout import paragraph

    if args.out is not None:
        check_sheet(args.out, "--out")
    brought = brought_plan(args, args.plan)
    basin, optimum = brought.basin, allocate(brought.basin)
    last = None if args.last is None else _last(args, basin, optimum)
    found = judge(basin, brought.given, rest_from_optimum=args.rest == "optimum", optimum=optimum, last=last)
    if args.out is not None:
        write(args.out, sheet(args.out, say_of("column", "plan"), repaired_rows(found)), "--out")
    names = (args.plan.name, args.last.name if args.last else "")
    facts = asked(brought.model, evaluation_facts(found, *names, about=brought.origin_in_words))
    if args.format == "json":
        return as_json(facts.model_dump(mode="json"))
    told = "".join(f"{paragraph(x)}\n" for x in brought.origin_in_words())
    return under(facts, told + evaluation_text(found, *names))


def _last(args: argparse.Namespace, basin: Basin, optimum: Allocation) -> Allocation:
    """The last plan: an allocation as it was saved, or a table followed on the same river; what it was made for is told."""
    from waterflow.allocation.allocation import open_allocation
    from waterflow.commands.brought_plan import origin_told
    from waterflow.commands.reading import tell
    from waterflow.loading.plan_origin import read_origin
    from waterflow.loading.plan_sheet import read_cells
    from waterflow.loading.plan_table import read_plan
    from waterflow.negotiation.evaluate import fixed_plan

    path: Path = args.last
    if path.suffix == ".nc":
        last = open_allocation(path)
        _check_last(path, last.basin, basin)
        return last
    for sentence in origin_told(read_origin(path), basin, args.model):
        tell(f"--last: {sentence}")
    cells = read_cells(path, by_day=basin.calendar.step in EVEN_STEPS)
    return fixed_plan(optimum, read_plan(cells, path.name, basin), rest_from_optimum=args.rest == "optimum").allocation


def _check_last(path: Path, last: Basin, basin: Basin) -> None:
    """Refuse the plan of another river, of other days or of another step: nothing of it could be set beside this one."""
    from waterflow.basin.titles import title_of
    from waterflow.errors import InputError, Problem

    problems = []
    allowed = say("an allocation of the same river, days and step")
    if set(last.reaches) != set(basin.reaches) or set(last.demands) != set(basin.demands):
        problems.append(Problem("another-plan", f"--last {path}", say("a plan of another river: {title}", title=title_of(last)), allowed))
    else:
        found = [f"{b.calendar.start}/{b.calendar.end}, {say(STEPS[b.calendar.step])}" for b in (last, basin)]
        if found[0] != found[1]:
            problems.append(Problem("another-plan", f"--last {path}", found[0], found[1]))
    if problems:
        raise InputError(problems)
