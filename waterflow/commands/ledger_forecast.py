"""``waterflow ledger forecast``: append forecasts to a ledger, from a table or as other programs write them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands.ledger_add import about_options, add_figures, read_table
from waterflow.commands.options import iso_date
from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.ledger.rows import Row
    from waterflow.loading.fact_table import TypedFigure
    from waterflow.loading.forecast_series import ForecastSeries
    from waterflow.season.outside import Read

__all__ = ["HELP", "action", "options"]

HELP = mark("Append forecasts: a table like that of facts, or series of runoff as other programs write them (.csv, .nc, PI-XML).")
#: grade of a file that other programs wrote and nobody graded
GRADE = "unverified"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the action."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help=say("the ledger; a new one where there is none"))
    told = say("a table with place, quantity, period, value and unit; or series of runoff, .csv, .nc or .xml, members and all")
    parser.add_argument("file", metavar="FILE", type=Path, help=told)
    about_options(parser)
    told = say("day of issue, where the file does not say it; the newest issue counts")
    parser.add_argument("--issued", metavar="DATE", type=iso_date, help=told)
    parser.add_argument(
        "--time-zone", metavar="HOURS", type=float, help=say("hours of the basin's day before UTC (default: the file's own)")
    )
    told = say("which headwater a location of a forecast is; may be given again")
    parser.add_argument("--location", metavar="LOCATION=NODE", action="append", default=[], help=told)


def action(args: argparse.Namespace) -> str:
    """Append forecasts to a ledger."""
    from waterflow.errors import Problem
    from waterflow.loading.forecast_csv import is_forecast_csv

    if args.file.suffix.lower() in (".xml", ".nc") or is_forecast_csv(args.file):
        _refuse(args, ("--step", args.step))
        figures, issued = _from_series(args)
    else:
        _refuse(args, ("--time-zone", args.time_zone), ("--location", args.location))
        figures, issued = read_table(args), ""
    if args.issued and issued and str(args.issued) != issued:
        raise Problem("twice", "--issued", str(args.issued), say("{date}, as the file says", date=issued)).refusal()
    if not args.issued and not issued:
        raise Problem("blank", "--issued", say("no day of issue"), say("--issued DATE: the newest issue counts")).refusal()
    return add_figures(args, figures, "forecast", str(args.issued or issued))


def _refuse(args: argparse.Namespace, *given: tuple[str, object]) -> None:
    """Options that mean nothing for a file of its form."""
    from waterflow.errors import InputError, Problem

    problems = [
        Problem("unknown-choice", option, say("with {file}", file=args.file.name), say("with a file of another form"))
        for option, value in given
        if value not in (None, [])
    ]
    if problems:
        raise InputError(problems)


def _from_series(args: argparse.Namespace) -> tuple[list[TypedFigure], str]:
    """Low, mean and high of a file's series by dekad, and the day they were issued on; what had to be understood is told."""
    from waterflow.errors import Problem
    from waterflow.ledger.files import read_ledger
    from waterflow.ledger.in_force import season_in_force
    from waterflow.loading.fact_table import TypedFigure
    from waterflow.report.season_forecast import outside_told

    ledger = read_ledger(args.ledger)
    season = season_in_force(ledger)
    if season is None:
        allowed = say("a plan first: waterflow ledger add {ledger} PLAN.nc", ledger=args.ledger)
        raise Problem("blank", str(args.ledger), say("no plan in the ledger"), allowed).refusal()
    series, read = _read(args, list(ledger.of_plan(season["plan"])), season)
    for sentence in outside_told(read):
        tell(sentence)
    by = {one.organisation for one in series}
    source = next(iter(by)) if len(by) == 1 else ""
    figures = [
        TypedFigure(args.file.name, node, "runoff", label, value, "Mm3", source, "" if args.grade else GRADE, _estimate(name))
        for name, by_node in read.outside.values.items()
        for node, values in by_node.items()
        for label, value in values.items()
    ]
    return figures, max(read.issued)[:10] if read.issued else ""


def _estimate(name: str) -> str:
    """The central estimate is the one that counts, and has no name."""
    return "" if name == "mean" else name


def _read(args: argparse.Namespace, rows: list[Row], season: Row) -> tuple[list[ForecastSeries], Read]:
    """The series of a file, by its ending, laid over the season of the plan in force."""
    import datetime as dt

    from waterflow.calendar import Calendar
    from waterflow.loading.forecast_csv import read_forecast_csv
    from waterflow.loading.pi_xml import read_pi_xml
    from waterflow.loading.spellings import plain
    from waterflow.season.files import read_forecast_netcdf
    from waterflow.season.outside import located, read_outside

    told: list[str] = []
    readers = {".xml": read_pi_xml, ".nc": read_forecast_netcdf}
    series = readers.get(args.file.suffix.lower(), read_forecast_csv)(args.file, told)
    for sentence in told:
        tell(sentence)
    heads = {row["place"] for row in rows if row.kind == "plan" and row["quantity"] == "runoff"}
    names = {plain(said): r["place"] for r in rows if r.kind == "place" and r["place"] in heads for said in (r["title"], r["title_ru"])}
    names = {said: name for said, name in names.items() if said} | {plain(name): name for name in heads}
    # a forecast of ten days is used by a plan of months too
    calendar = Calendar(dt.date.fromisoformat(season["start"]), dt.date.fromisoformat(season["end"]), "dekad")
    return series, read_outside(series, args.file.name, calendar, names, located(args.location, names), args.time_zone)
