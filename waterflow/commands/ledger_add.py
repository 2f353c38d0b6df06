"""``waterflow ledger add``: append a plan, facts or forecasts to a ledger."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waterflow.commands.options import agreement, scenario
from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say, say_many

if TYPE_CHECKING:
    from waterflow.ledger.adding import Added
    from waterflow.ledger.ledger import Ledger
    from waterflow.loading.fact_table import TypedFigure

__all__ = ["HELP", "about_options", "action", "add_figures", "options", "read_table"]

HELP = mark("Append a plan, a table of facts, an operational sheet by day, or who holds the gates.")
#: names told in one sentence at most
MOST = 8


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the action."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help=say("the ledger; a new one where there is none"))
    told = say("a plan: an allocation.nc, as `allocate --out` writes it; or a .csv or .xlsx table: place, quantity, period, value and unit")
    parser.add_argument("file", metavar="FILE", type=Path, help=told)
    told = say("what a table holds (default: facts)")
    parser.add_argument("--kind", type=_kind, choices=("fact", "plan", "holders"), default="fact", help=told)
    told = say("with --kind plan: the river on which a table of releases and withdrawals is followed, a shipped model or a path")
    parser.add_argument("--model", metavar="MODEL", default="", help=told)
    scenario(parser)
    agreement(parser)
    about_options(parser)
    told = say("an operational sheet by day: a table of what its labels mean (label, place, quantity, unit, part_of)")
    parser.add_argument("--labels", metavar="LABELS.csv", type=Path, help=told)
    told = say("with --labels: read the label of each figure so many rows or columns further on; 0 takes labels as they stand")
    parser.add_argument("--shifted", metavar="N", type=int, help=told)


def _kind(text: str) -> str:
    """Forecasts have an action of their own."""
    if text == "forecast":
        raise argparse.ArgumentTypeError(say("forecasts are added by `waterflow ledger forecast LEDGER FILE`"))
    return text


def _is_plan(args: argparse.Namespace) -> bool:
    return bool(args.kind == "plan" or args.file.suffix == ".nc")


def about_options(parser: argparse.ArgumentParser) -> None:
    """What is said of every figure of a file."""
    parser.add_argument("--by", metavar="WHO", required=True, help=say("who types it: a party, an office, a person"))
    parser.add_argument("--source", metavar="S", default="", help=say("where the figures come from, of rows that do not say so"))
    parser.add_argument("--grade", metavar="G", default="", help=say("how sure they are, of rows that do not say so"))
    parser.add_argument("--step", choices=("day", "dekad", "month"), help=say("what a date in the table stands for"))
    parser.add_argument("--note", metavar="TEXT", default="", help=say("a note that goes with every row"))
    parser.add_argument("--correct", action="store_true", help=say("figures that differ from those typed before correct them"))


def action(args: argparse.Namespace) -> str:
    """Append to a ledger."""
    _require_together(args)
    if _is_plan(args):
        from waterflow.commands.ledger_plan import add_plan

        return add_plan(args)
    if args.kind == "holders":
        return _holders(args)
    return add_figures(args, _read(args), "fact")


def _require_together(args: argparse.Namespace) -> None:
    """Refuse options that another one, or the kind of the file, would leave unheard."""
    from waterflow.errors import InputError, Problem

    plan, holders = _is_plan(args), args.kind == "holders"
    given = {
        "--source": args.source,
        "--grade": args.grade,
        "--step": args.step,
        "--note": args.note,
        "--correct": args.correct,
        "--labels": args.labels,
    }
    problems = [
        Problem("unknown-choice", option, say("with a plan or holders of gates"), say("with a table of facts"))
        for option, value in given.items()
        if value and (plan or holders)
    ]
    saved = args.file.suffix == ".nc"
    if saved and holders:
        problems.append(Problem("unknown-choice", "--kind", args.kind, say("no kind: a saved plan is a plan")))
    if plan and not saved and not args.model:
        problems.append(Problem("unknown-choice", "--model", say("nothing"), say("the river on which the plan is followed")))
    of_river = {"--model": args.model, "--scenario": args.scenario, "--agreement": args.agreement}
    problems += [
        Problem("unknown-choice", option, say("with facts, holders or a saved plan"), say("with a plan as a table: --kind plan"))
        for option, value in of_river.items()
        if value and (saved or not plan)
    ]
    if args.shifted is not None and args.labels is None:
        problems.append(
            Problem("unknown-choice", "--shifted", say("without {option}", option="--labels"), say("beside {option}", option="--labels"))
        )
    if args.labels and args.step:
        problems.append(Problem("unknown-choice", "--step", say("beside {option}", option="--labels"), say("one of the two")))
    if problems:
        raise InputError(problems)


def _holders(args: argparse.Namespace) -> str:
    from waterflow.ledger.files import append
    from waterflow.ledger.holders import holder_rows
    from waterflow.loading.spreadsheet import read_sheets

    cells = next(iter(read_sheets(args.file).values()))
    rows = append(args.ledger, lambda ledger: holder_rows(ledger, cells, args.file.name), args.by)
    return _written(args.ledger, len(rows))


def _written(ledger: Path, count: int) -> str:
    return say_many("{ledger}: {count} row was added.", "{ledger}: {count} rows were added.", count, ledger=ledger) + "\n"


def add_figures(args: argparse.Namespace, figures: list[TypedFigure], kind: str, issued: str = "") -> str:
    """Append facts, or forecasts of a day of issue; what was odd about them is told."""
    from waterflow.ledger.adding import About, judged
    from waterflow.ledger.files import append

    about = About(kind, args.source, args.grade, issued, args.note, args.correct)
    found: list[Added] = []

    def made(ledger: Ledger) -> list[dict[str, Any]]:
        found[:] = [judged(ledger, figures, about)]
        return found[0].rows

    rows = append(args.ledger, made, args.by)
    _tell(found[0])
    return _written(args.ledger, len(rows))


def read_table(args: argparse.Namespace) -> list[TypedFigure]:
    """The figures of a table."""
    from waterflow.loading.fact_table import read_facts

    return read_facts(args.file, args.step)


def _read(args: argparse.Namespace) -> list[TypedFigure]:
    from waterflow.loading.daily_sheet import read_daily, read_labels

    if args.labels is None:
        return read_table(args)
    sheet = read_daily(args.file, read_labels(args.labels), args.shifted)
    if sheet.left_aside:
        tell(say("Left aside, as no place of the table of labels: {names}.", names=", ".join(sheet.left_aside)))
    if sheet.absent:
        tell(say("Labels that the sheet does not have: {names}.", names=", ".join(sheet.absent)))
    if sheet.blanks:
        tell(say_many("{count} blank cell is no figure.", "{count} blank cells are no figures.", sheet.blanks))
    if not sheet.checked:
        tell(say("No total with its parts among the labels: nothing tells whether they are shifted."))
    if args.shifted:
        tell(say("Labels are read {count} further on, as you said.", count=args.shifted))
    return list(sheet.figures)


def _tell(added: Added) -> None:
    """What was odd: typed twice, corrected, out of order, unchecked."""
    if added.twice:
        names = _some([say("{place}, {period}, line {line}", place=r["place"], period=r["period"], line=r.line) for _, r in added.twice])
        told = say_many(
            "{count} figure was there already, just so, and was not written again: {names}.",
            "{count} figures were there already, just so, and were not written again: {names}.",
            len(added.twice),
            names=names,
        )
        tell(told)
    for figure, row in added.corrected[:MOST]:
        old, new = (say("{value:g} {unit}", value=float(v), unit=u) for v, u in ((row["value"], row["unit"]), (figure.value, figure.unit)))
        tell(say("{place}, {period}: {new} corrects {old} of line {line}.", place=row["place"], period=row["period"], new=new, old=old,
                 line=row.line))  # fmt: skip
    if len(added.corrected) > MOST:
        tell(say("and {count} more corrections", count=len(added.corrected) - MOST))
    if added.late:
        names = _some([say("{place}, {period}, after {newest}", place=f.place, period=f.period, newest=newest) for f, newest in added.late])
        tell(
            say_many(
                "{count} figure came out of order: {names}.", "{count} figures came out of order: {names}.", len(added.late), names=names
            )
        )
    if added.unchecked:
        names = _some(sorted(added.unchecked))
        tell(say("The ledger has no plan yet, so that nobody could tell whether these places are any: {names}.", names=names))


def _some(names: list[str]) -> str:
    more = len(names) - MOST
    return "; ".join(names[:MOST]) + (say("; and {count} more", count=more) if more > 0 else "")
