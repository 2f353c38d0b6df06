"""``waterflow compare``: scenarios of a model, or agreements, side by side."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, basin_of, model_of, tell
from waterflow.commands.waiting import waiting
from waterflow.progress import each
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.accounts.plan import Plan
    from waterflow.allocation.allocation import Allocation

__all__ = ["HELP", "compare", "options"]

HELP = mark("Allocate several scenarios of one model, or one under several agreements; the answer sets them side by side.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    told = say("two scenarios of the model or more; with --agreements at most one")
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="*", help=told)
    told = say("two agreements or more, to set side by side party by party; - for the model without any")
    parser.add_argument("--agreements", metavar="A", nargs="+", help=told)
    told = say("with --agreements: draw their trade-off as an SVG file")
    parser.add_argument("--picture", metavar="FILE", type=Path, help=told)
    told = say("a table as somebody else has it, TABLE=FILE.csv: its rows in place of the model's; may be given again")
    parser.add_argument("--disputed", metavar="TABLE=FILE", action="append", default=[], help=told)
    parser.add_argument("--all", dest="everything", action="store_true", help=say("show what is the same in all too"))
    parser.set_defaults(refuse=parser.error)
    common.questions(parser)
    common.step(parser)
    common.form(parser)
    common.progress(parser)


def compare(args: argparse.Namespace) -> str:
    """Allocate several scenarios of one model, or one under several agreements; the answer sets them side by side."""
    from waterflow.accounts.comparison import comparison
    from waterflow.report.comparison_text import render_comparison
    from waterflow.report.csvs import side_by_side_csv

    _require_two(args)
    if args.agreements:
        return _compare_agreements(args)
    if args.disputed:
        return _compare_versions(args)
    with waiting(say("allocating {model}", model=args.model), shown=args.progress):
        allocations = [plan for scenario in each(args.scenarios or [None]) for plan in _plans(args, scenario)]
    found = comparison(*allocations)
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return side_by_side_csv(found) if args.format == "csv" else render_comparison(found, _width(), everything=args.everything)


def _plans(args: argparse.Namespace, scenario: str | None) -> tuple[Allocation, ...]:
    """The plan of a scenario; beside it, what a question makes of it."""
    from waterflow.allocation.allocate import allocate
    from waterflow.negotiation.ask import ask

    if not args.questions:
        return (allocate(basin_of(args, scenario)),)
    model_of(args, scenario)
    found = ask(model_of(args, scenario, questions=False, told=False).basin(), dict(args.questions))
    return found.base, found.allocation


def _width() -> int:
    """Of the terminal; of a page where there is none."""
    import shutil

    from waterflow.words.layout import WIDTH

    return shutil.get_terminal_size((WIDTH, 24)).columns


def _require_two(args: argparse.Namespace) -> None:
    """Two things to compare, of one kind; the usage is said otherwise."""
    scenarios, agreements = len(args.scenarios), len(args.agreements or ())
    if args.disputed and (args.agreements or args.questions or scenarios > 1):
        args.refuse(say("--disputed stands with at most one scenario, without --agreements and --set"))
    if args.disputed:
        return
    if agreements == 1 or (agreements and scenarios > 1) or (not agreements and scenarios <= 1 and not args.questions):
        args.refuse(say("compare takes two scenarios or more, or --agreements with two or more and at most one scenario"))


def _compare_versions(args: argparse.Namespace) -> str:
    """One scenario with the tables as the model has them and as somebody else has them."""
    from dataclasses import replace

    from waterflow.accounts.comparison import comparison
    from waterflow.accounts.comparison_facts import DisputedFigure
    from waterflow.allocation.allocate import allocate
    from waterflow.loading.versions import with_version
    from waterflow.report.comparison_text import render_comparison
    from waterflow.report.csvs import side_by_side_csv

    own = model_of(args, next(iter(args.scenarios), None))
    other, disputed = own, []
    for asked in args.disputed:
        version = with_version(other, asked, "--disputed")
        other = version.model
        disputed += [DisputedFigure(table=version.table, row=d.row, column=d.column, own=d.own, other=d.other) for d in version.differences]
    if not disputed:
        tell(say("Nothing is disputed: the versions have the same figures."))
    name = say("{scenario}, as disputed", scenario=own.file.scenario)
    other = replace(other, file=other.file.model_copy(update={"scenario": name}))
    with waiting(say("allocating {model}", model=args.model), shown=args.progress):
        allocations = [allocate(x.basin()) for x in each([own, other])]
    found = comparison(*allocations).model_copy(update={"disputed": tuple(disputed)})
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return side_by_side_csv(found) if args.format == "csv" else render_comparison(found, _width(), everything=args.everything)


def _compare_agreements(args: argparse.Namespace) -> str:
    """One scenario under several agreements, party by party."""
    from waterflow.accounts.parties import beside
    from waterflow.accounts.plan import Plan
    from waterflow.allocation.allocate import allocate
    from waterflow.report.csvs import side_by_side_csv
    from waterflow.report.parties_text import parties_text
    from waterflow.report.trade_off_picture import check_trade_off_picture

    if args.picture:
        check_trade_off_picture(args.picture)
    plans = {}
    with waiting(say("allocating {model}", model=args.model), shown=args.progress):
        for name in each(args.agreements):
            allocation = allocate(basin_of(args, next(iter(args.scenarios), None), [] if name == "-" else [name]))
            plans[name] = Plan(allocation.basin, allocation.dataset)
    if args.picture:
        _draw(plans, args.picture)
    found = beside(args.model, plans)
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return side_by_side_csv(found) if args.format == "csv" else parties_text(found, _width(), everything=args.everything)


def _draw(plans: dict[str, Plan], path: Path) -> None:
    """Draw the trade-off of some plans."""
    from waterflow.basin.titles import title_of
    from waterflow.files import write
    from waterflow.negotiation.trade_off import trade_off
    from waterflow.report.trade_off_picture import trade_off_picture

    basin = next(iter(plans.values())).basin
    title = f"{title_of(basin, basin.name)}, {basin.scenario}"
    write(path, trade_off_picture(trade_off(plans), title), "--picture", code="bad-picture")
