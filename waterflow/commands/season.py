"""``waterflow season``: a season set up from a workbook, checked, and made a model that can be planned."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands import options as common
from waterflow.words.catalogue import languages, mark, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from waterflow.loading.forecast_series import ForecastSeries
    from waterflow.loading.season_file import SeasonFile
    from waterflow.loading.season_sheet import Figure
    from waterflow.season.filled import Filled
    from waterflow.season.folder import Folder
    from waterflow.season.kit import Kit
    from waterflow.season.outside import Read
    from waterflow.season.runoff import Outside

__all__ = ["HELP", "options", "season"]

HELP = mark("Set up a season: a workbook to fill in, checked and made a model that can be planned.")
FORMS = (".csv", ".nc", ".xml")
ACTIONS = {
    "new": mark("Write the workbook of a season, what is known filled in."),
    "check": mark("Tell everything that is wrong with a season's file, and what is assumed for its blanks."),
    "read": mark("Make a season's file a model of its own."),
    "forecast": mark("Read forecasts from outside, or make one from the record, and write them in another form."),
}


def options(parser: argparse.ArgumentParser) -> None:
    """The actions of the command, and the options of each."""
    actions = parser.add_subparsers(title=say("actions"), metavar="ACTION", required=True)
    made = {}
    for name, told in ACTIONS.items():
        made[name] = actions.add_parser(name, help=say(told), description=say(told))
        made[name].add_argument(
            "--lang", choices=languages(), default=argparse.SUPPRESS, help=say("language of the answer (default: that of the locale)")
        )
        made[name].set_defaults(act={"new": _new, "check": _check, "read": _read, "forecast": _forecast}[name])
    for name in ("new", "forecast"):
        made[name].add_argument("model", metavar="MODEL", help=say("name of a shipped model, or a path"))
        made[name].add_argument("season", metavar="SEASON", help=say("the season, as 2026-27"))
    like = say("the scenario it begins as (default: the latest that begins on the same day of a year)")
    for name in ("new", "forecast", "check", "read"):
        made[name].add_argument("--like", metavar="S", help=like)
    facts = say("facts to fill in: a file in the form of the season's own")
    made["new"].add_argument("--from-fact", dest="facts", metavar="FILE", type=Path, help=facts)
    common.out(made["new"], say("where to write (default: here)"))
    _reading_options(made["check"])
    _reading_options(made["read"])
    made["read"].add_argument(
        "--out", metavar="DIR", type=Path, required=True, help=say("the folder of the new model; it may not be there yet")
    )
    _forecast_options(made["forecast"])


def _reading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help=say("the workbook, the folder of its sheets as CSV, or one of them"))
    parser.add_argument("--model", metavar="MODEL", help=say("the model, where the file does not say it"))
    parser.add_argument("--season", metavar="SEASON", help=say("the season, where the file does not say it"))
    told = say("a forecast from outside, .csv, .nc or .xml, in place of the sheet's; may be given again")
    parser.add_argument("--forecast", metavar="FILE", type=Path, action="append", default=[], help=told)
    _zone_options(parser)
    parser.add_argument("--provisional", action="store_true", help=say("limits of the first month less 10 % until the forecast comes"))


def _zone_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--time-zone", metavar="HOURS", type=float, help=say("hours of the basin's day before UTC (default: the file's own)")
    )
    told = say("which headwater a location of a forecast is; may be given again")
    parser.add_argument("--location", metavar="LOCATION=NODE", action="append", default=[], help=told)


def _forecast_options(parser: argparse.ArgumentParser) -> None:
    told = say("forecasts, .csv, .nc or .xml; without one, what the record says")
    parser.add_argument("files", metavar="FILE", type=Path, nargs="*", help=told)
    parser.add_argument("--years", metavar="Y,Y", help=say("recorded years like the one to come, taken alone"))
    parser.add_argument("--out", metavar="FILE", type=Path, help=say("write it there, as .csv, .nc or .xml says"))
    _zone_options(parser)


def season(args: argparse.Namespace) -> str:
    """Set up a season."""
    answer: str = args.act(args)
    return answer


def _new(args: argparse.Namespace) -> str:
    """Write the workbook of a season and the same sheets as CSV; nothing is ever written over."""
    from waterflow.errors import InputError, Problem
    from waterflow.files import make_folder, remove_tree, write, write_tree
    from waterflow.loading.season_file import read_season_file
    from waterflow.report.season_book import season_csvs, season_xlsx
    from waterflow.report.season_text import new_text
    from waterflow.season.kit import season_kit

    kit = season_kit(args.model, args.season, args.like)
    folder = args.out or Path()
    book, sheets = folder / f"{kit.name}.xlsx", folder / kit.name
    taken = [p for p in (book, sheets) if p.exists() or p.is_symlink()]
    if taken:
        allowed, cause = say("a name that is not taken"), say("A template is never written over anything.")
        raise InputError([Problem("already-there", str(p), say("something of that name"), allowed, cause) for p in taken])
    before = {}
    if args.facts:
        for f in _figures(kit, read_season_file(args.facts)):
            before[f.sheet, f.name, f.estimate, f.span] = (f.value, f.source, f.grade)
    basin = kit.like.basin()
    content = season_xlsx(kit, basin, before)
    make_folder(folder, "--out")
    write_tree(sheets, season_csvs(kit, basin, before), "--out")
    try:
        write(book, content, "--out")
    except InputError:
        # both or none, or the next try would find one of them in its way
        remove_tree(sheets)
        raise
    return new_text(kit, [str(book), f"{sheets}/"])


def _figures(kit: Kit, file: SeasonFile) -> list[Figure]:
    """The figures of a file in the form of a season; every fault at once."""
    from waterflow.errors import InputError
    from waterflow.loading.season_sheet import figures_of
    from waterflow.season.forms import forms_of, grades_said
    from waterflow.season.runoff import fine_calendar

    sheets = {name: (file.titles[name], cells) for name, cells in file.sheets.items()}
    found, problems = figures_of(sheets, forms_of(kit), fine_calendar(kit), grades_said())
    if problems:
        raise InputError(problems)
    return found


def _understood(args: argparse.Namespace) -> tuple[Filled, Folder, str]:
    """A season's file as it is understood, its model held against every check, and the answer."""
    import tempfile

    from waterflow.files import write_tree
    from waterflow.loading.model import read_basin
    from waterflow.loading.season_file import read_season_file
    from waterflow.report.season_text import season_text
    from waterflow.season.filled import filled
    from waterflow.season.folder import season_folder

    file = read_season_file(args.file)
    kit = _kit(args, file.head)
    figures = _figures(kit, file)
    outside, told = _outside(args, kit)
    found = filled(kit, figures, outside)
    folder = season_folder(found, args.file.name, cut=args.provisional)
    answer = season_text(found, folder, kit.like.basin(), (*file.told, *told))
    with tempfile.TemporaryDirectory() as place:
        write_tree(Path(place) / kit.name, folder.files, "--out")
        for scenario in (None, *folder.variants):
            read_basin(Path(place) / kit.name / "model.yaml", scenario)
    return found, folder, answer


def _kit(args: argparse.Namespace, head: Mapping[str, str]) -> Kit:
    """The season a file is of, as its first sheet or an option says."""
    from waterflow.errors import InputError, Problem
    from waterflow.season.kit import season_kit

    model, named = args.model or head.get("model", ""), args.season or head.get("season", "")
    lacking = [option for option, said in (("--model", model), ("--season", named)) if not said]
    if lacking:
        found = say("a file that does not say it")
        raise InputError([Problem("missing-rows", f"{args.file.name}, season", found, option) for option in lacking])
    return season_kit(model, named, args.like or head.get("like") or None)


def _outside(args: argparse.Namespace, kit: Kit) -> tuple[list[Outside], list[str]]:
    """Forecasts of other files for a season, and what had to be understood of them."""
    from waterflow.report.season_forecast import outside_told

    told: list[str] = []
    reads = [_read_forecast(args, kit, path, told)[1] for path in args.forecast]
    return [read.outside for read in reads], [*told, *(sentence for read in reads for sentence in outside_told(read))]


def _read_forecast(args: argparse.Namespace, kit: Kit, path: Path, told: list[str]) -> tuple[list[ForecastSeries], Read]:
    """The series of a file, by its ending, and what they say of the season's headwaters."""
    from waterflow.loading.forecast_csv import read_forecast_csv
    from waterflow.loading.pi_xml import read_pi_xml
    from waterflow.season.files import read_forecast_netcdf
    from waterflow.season.forms import forms_of
    from waterflow.season.outside import located, read_outside
    from waterflow.season.runoff import fine_calendar

    readers = {".xml": read_pi_xml, ".nc": read_forecast_netcdf}
    series = readers.get(path.suffix.lower(), read_forecast_csv)(path, told)
    names = forms_of(kit)["forecast"].names
    return series, read_outside(series, path.name, fine_calendar(kit), names, located(args.location, names), args.time_zone)


def _check(args: argparse.Namespace) -> str:
    """Tell what is wrong with a season's file, and what is assumed for its blanks."""
    return _understood(args)[2]


def _read(args: argparse.Namespace) -> str:
    """Make a season's file a model of its own."""
    from waterflow.errors import Problem
    from waterflow.files import write_tree
    from waterflow.words.layout import paragraph

    if args.out.exists() or args.out.is_symlink():
        allowed, cause = say("a name that is not taken"), say("A season is never written over anything.")
        raise Problem("already-there", str(args.out), say("something of that name"), allowed, cause).refusal()
    _, folder, answer = _understood(args)
    write_tree(args.out, folder.files, "--out")
    name = args.out if len(args.out.parts) > 1 else f"./{args.out}"
    lines = [say("written: {path}", path=args.out), paragraph(say("Plan it: waterflow allocate {folder}", folder=name))]
    lines += [paragraph(say("Plan it: waterflow allocate {folder} --scenario {name}", folder=name, name=v)) for v in folder.variants]
    return f"{answer}\n" + "\n".join(lines) + "\n"


def _forecast(args: argparse.Namespace) -> str:
    """Read forecasts from outside, or make one of the record, and write them in another form."""
    from waterflow.errors import Problem
    from waterflow.report.season_forecast import outside_text
    from waterflow.season.forms import forms_of
    from waterflow.season.kit import season_kit
    from waterflow.season.outside import read_outside
    from waterflow.season.record import from_record
    from waterflow.words.layout import paragraph

    if args.files and args.years:
        raise Problem("twice", "--years", args.years, say("files, or years of the record")).refusal()
    _check_form(args.out)
    years, told, series = _years(args.years), list[str](), []
    kit = season_kit(args.model, args.season, args.like)
    reads = []
    for path in args.files:
        found, read = _read_forecast(args, kit, path, told)
        series += found
        reads.append(read)
    if not args.files:
        series = from_record(kit, years, args.time_zone or 0.0)
        reads = [read_outside(series, say("the record"), kit.calendar, forms_of(kit)["forecast"].names, {})]
        told.append(say("No forecast: what the record says, each recorded year a member."))
    answer = [paragraph(sentence, "", "  ") for sentence in told] + [outside_text(kit, kit.like.basin(), reads)]
    return "\n".join(answer + _written(args.out, series)) + "\n"


def _years(typed: str | None) -> list[int]:
    """Years as they are typed: 1999,2007."""
    from waterflow.errors import Problem

    found = [word.strip() for word in typed.split(",")] if typed else []
    if wrong := [word for word in found if not word.isdecimal()]:
        raise Problem("not-a-number", "--years", ", ".join(wrong), say("years with commas between, as 1999,2007")).refusal()
    return [int(word) for word in found]


def _check_form(path: Path | None) -> None:
    """Refuse, before any work, a form that cannot be written, or a name that is taken."""
    from waterflow.errors import Problem
    from waterflow.words.near import either

    if path is None:
        return
    if path.suffix.lower() not in FORMS:
        raise Problem("bad-sheet", f"--out {path}", path.suffix or say("no ending"), either(FORMS)).refusal()
    if path.exists() or path.is_symlink():
        allowed, cause = say("a name that is not taken"), say("A forecast is never written over anything.")
        raise Problem("already-there", str(path), say("something of that name"), allowed, cause).refusal()


def _written(path: Path | None, series: list[ForecastSeries]) -> list[str]:
    """Series written in the form that a name asks for."""
    from waterflow.files import write
    from waterflow.loading.forecast_csv import forecast_csv
    from waterflow.loading.pi_xml import pi_xml
    from waterflow.season.files import forecast_netcdf

    if path is None:
        return []
    forms: dict[str, Callable[[list[ForecastSeries]], str | bytes]] = {".csv": forecast_csv, ".nc": forecast_netcdf, ".xml": pi_xml}
    write(path, forms[path.suffix.lower()](series), "--out")
    return [say("written: {path}", path=path)]
