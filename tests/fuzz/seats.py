"""The corpus: small files that are read, each with the commands that read it and the changes that fit it.

Texts are saved in `models`, in `tests/cases` and in `corpus` beside this module; workbooks, plans, results and ledgers are made of them
by our own commands at the start, so that they have whatever this version writes.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import waterflow as wf
from tests.exchange.ribasim_example import write_ribasim
from tests.exchange.test_foreign import PYWR
from tests.futures.ensembles import members
from tests.fuzz import api, coupled
from tests.fuzz.binaries import change_book, change_netcdf
from tests.fuzz.changes import Change, change_bytes, change_json, change_table, change_xml, change_yaml
from tests.fuzz.ledgers import change_ledger
from tests.loading.edits import PACT
from waterflow import cli
from waterflow.loading.forecast_csv import forecast_csv
from waterflow.loading.forecast_series import ForecastSeries
from waterflow.loading.pi_xml import pi_xml
from waterflow.loading.spreadsheet import read_sheets
from waterflow.season.files import forecast_netcdf

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).parent / "corpus"
SMALL = "two_reservoirs"
DRY_YEAR = "format: 1\ntitle: Dry\nreason: a test\nstep: dekad\n"
#: columns that say who said it and how sure it is, and decide nothing
NOTES = ("source", "grade", "note", "title", "title_ru", "title_en")


@dataclass(frozen=True)
class Act:
    """One command that reads the file: its words, where it writes, and how often it is run."""

    argv: tuple = ()
    writes: tuple = ()
    often: float = 1.0
    call: Callable | None = None


@dataclass(frozen=True)
class Seat:
    """A file, what may be done to it, and who reads it."""

    kind: str
    path: Path
    change: Callable[..., Change]
    acts: tuple[Act, ...]
    meaning: Callable | None = None
    lone: bool = False
    original: bytes = field(default=b"", repr=False)
    meant: object = field(default=None, repr=False)


def made(*argv):
    """Make a part of the corpus by a command of ours."""
    code = cli.main([str(x) for x in argv])
    if code:
        message = f"{argv} ended with {code}"
        raise RuntimeError(message)


def model_seats(folder):
    """Tables and YAML files of every small model that is a river; the teaching river with an agreement and a scenario."""
    seats = []
    for start in sorted([*(ROOT / "models").iterdir(), *(ROOT / "tests" / "cases" / "models").iterdir()]):
        if not (start / "model.yaml").is_file() or start.name == "syr_darya":
            continue
        own = folder / "models" / start.name
        shutil.copytree(start, own)
        if start.name == SMALL:
            for kind, name, text in (("agreements", "pact", PACT), ("scenarios", "dry", DRY_YEAR)):
                (own / kind).mkdir()
                (own / kind / f"{name}.yaml").write_text(text, encoding="utf-8")
        try:
            wf.read_basin(own)
        except wf.InputError:
            continue
        seats += [*_files_of(own)]
    return seats


def _files_of(own):
    for path in sorted([*own.rglob("*.csv"), *own.rglob("*.yaml")]):
        options = _chosen(own, path)
        chosen = [
            word for key, value in options.items() for word in (f"--{key.removesuffix('s')}", *([value] if key == "scenario" else value))
        ]
        if path.name == "expected.yaml" or "observed" in path.parts:
            continue
        acts = (Act(("check", own, *chosen)), Act(("allocate", own, *chosen, "--no-progress"), often=0.12))
        meaning = partial(wf.read_basin, own, **options)
        # rows of other seasons than the one that is read are none of this plan's
        change = (
            partial(change_table, free=NOTES, seasons=own.name != SMALL and (own / "scenarios").is_dir())
            if path.suffix == ".csv"
            else change_yaml
        )
        yield Seat("table" if path.suffix == ".csv" else "yaml", path, change, acts, meaning)


def _chosen(own, path):
    """What must be chosen of a model for a file of it to be read."""
    if path.parent.name == "scenarios":
        return {"scenario": path.stem}
    if path.parent.name != "agreements":
        return {}
    using = [p.stem for p in sorted((own / "scenarios").glob("*.yaml")) if path.stem in p.read_text(encoding="utf-8")]
    return {"agreements": [path.stem], "scenario": using[0]} if using else {"agreements": [path.stem]}


def plan_seats(folder, plan):
    """A plan that somebody brings, in both forms, beside the optimum or the last."""
    for name in ("plan.csv", "plan.xlsx"):
        path = shutil.copy(plan.with_name(name), folder / name)
        act = Act(("evaluate", SMALL, path, "--out", folder / "repaired.csv"), (folder / "repaired.csv",))
        done = Act(("negotiate", SMALL, "--done", path, "--no-progress"), often=0.03)
        csv_change = partial(change_table, free=NOTES, loose=True)
        change = csv_change if name.endswith("csv") else partial(change_book, sheets=read_sheets(path))
        yield Seat("plan table" if name.endswith("csv") else "workbook", path, change, (act, done), partial(answer, act.argv[:3]))


def answer(argv):
    """The answer of a command that ended well."""
    from tests.fuzz.judging import run

    code, out, err, _ = run(argv)
    return out if code == 0 else (code, err)


def result_seats(folder, plan):
    """A saved result, as report, evaluate, convert, ledger and replan read it."""
    path = shutil.copy(plan, folder / "result.nc")
    acts = (
        Act(("report", path, "--to", folder / "annex.html"), (folder / "annex.html",), 0.4),
        Act(("report", path, "--to", folder / "annex.xlsx"), (folder / "annex.xlsx",), 0.2),
        Act(("convert", path, folder / "long.csv"), (folder / "long.csv",), 0.4),
        Act(("convert", path, folder / "stage.lp"), (folder / "stage.lp",), 0.15),
        Act(("ledger", "add", folder / "results.jsonl", path, "--by", "UP"), (folder / "results.jsonl",), 0.4),
        Act(("evaluate", SMALL, plan.with_name("plan.csv"), "--last", path), (), 0.2),
        Act(("replan", SMALL, "--plan", path, "--on", "2025-02-01", "--no-progress"), (), 0.1),
    )
    yield Seat("result", path, change_netcdf, acts)


def season_seats(folder):
    """A season's workbook, and each of its sheets as CSV."""
    made("season", "new", SMALL, "2027", "--out", folder)
    book = folder / "season_2027.xlsx"
    act = Act(("season", "check", book))
    read = Act(("season", "read", book, "--out", folder / "season_model"), (folder / "season_model",), 0.2)
    yield Seat("workbook", book, partial(change_book, sheets=read_sheets(book)), (act, read), partial(answer, act.argv))
    for path in sorted((folder / "season_2027").glob("*.csv")):
        whole = Act(("season", "check", folder / "season_2027"))
        alone = Act(("season", "check", path, "--model", SMALL, "--season", "2027"), (), 0.3)
        change = partial(change_table, free=NOTES, loose=True)
        yield Seat("season sheet", path, change, (whole, alone), partial(answer, whole.argv))


def forecast_seats(folder):
    """A forecast of three members as CSV, netCDF and PI-XML."""
    stamps = tuple(dt.datetime(2027, 1, 1) + dt.timedelta(days=k) for k in range(121))
    said = {"location": "mountain", "parameter": "Q", "unit": "m3/s", "kind": "mean", "stamps": stamps, "step": ("day", 1),
            "issued": dt.datetime(2027, 1, 1)}  # fmt: skip
    series = [ForecastSeries(**said, values=tuple(40.0 + k + 20 * m for k in range(121)), member=str(m)) for m in range(3)]
    forms = {".csv": (forecast_csv, change_table), ".nc": (forecast_netcdf, change_netcdf), ".xml": (pi_xml, change_xml)}
    made("season", "new", SMALL, "2027", "--out", folder / "kit")
    for ending, (write, change) in forms.items():
        path, content = folder / f"forecast{ending}", write(series)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        act = Act(("season", "check", folder / "kit" / "season_2027", "--forecast", path))
        names = {".csv": "forecast csv", ".nc": "forecast netcdf", ".xml": "pi-xml"}
        change = partial(change_table, loose=True) if ending == ".csv" else change
        yield Seat(names[ending], path, change, (act,), partial(answer, act.argv))


def fact_seats(folder, plan):
    """Tables of facts, of what was seen, of thresholds and of holders; an operational sheet by day with its labels."""
    book = folder / "season.jsonl"
    made("ledger", "add", book, plan, "--by", "UP")
    about = ("--by", "UP", "--source", "x", "--grade", "assumed")
    for name, words in {
        "facts": ("ledger", "add", book, "FILE", "--by", "UP"),
        "seen": ("replan", SMALL, "--facts", "FILE", "--on", "2025-03-01", "--no-progress"),
        "holders": ("ledger", "add", book, "FILE", "--kind", "holders", "--by", "UP"),
        "daily": ("ledger", "add", folder / "daily.jsonl", "FILE", "--labels", folder / "labels.csv", *about),
        "labels": ("ledger", "add", folder / "daily.jsonl", folder / "daily.csv", "--labels", "FILE", *about),
        "needs": ("compare", SMALL, "--disputed", "needs=FILE", "--no-progress"),
    }.items():  # fmt: skip
        path = shutil.copy(CORPUS / f"{name}.csv", folder / f"{name}.csv")
        argv = tuple(path if word == "FILE" else f"needs={path}" if word == "needs=FILE" else word for word in words)
        ledger = (argv[2],) if argv[0] == "ledger" else ()
        often = 1.0 if argv[0] == "ledger" else 0.5
        yield Seat("facts", path, partial(change_table, free=NOTES, loose=True), (Act(argv, ledger, often),))


def ledger_seats(folder, plan):
    """A ledger with a plan, facts, forecasts and holders; read, told, exported and merged."""
    book, other = folder / "book.jsonl", folder / "other.jsonl"
    for name in (book, other):
        made("ledger", "add", name, plan, "--by", "UP")
        made("ledger", "add", name, CORPUS / "facts.csv", "--by", "UP" if name == book else "DOWN")
    made("ledger", "add", book, CORPUS / "holders.csv", "--kind", "holders", "--by", "UP")
    acts = (
        Act(("ledger", "status", book)),
        Act(("ledger", "log", book), (), 0.4),
        Act(("ledger", "merge", book, other, "--out", folder / "merged.jsonl"), (folder / "merged.jsonl",), 0.6),
        Act(("ledger", "export", book, "--out", folder / "exported.csv"), (folder / "exported.csv",), 0.4),
        Act(("ledger", "add", book, CORPUS / "facts.csv", "--by", "UP"), (book,), 0.3),
        Act(("replan", SMALL, "--ledger", book, "--no-progress"), (), 0.1),
    )
    yield Seat("ledger", book, change_ledger, acts)
    (folder / "t.csv").write_bytes((CORPUS / "thresholds.csv").read_bytes())
    act = Act(("ledger", "status", other, "--thresholds", folder / "t.csv"))
    yield Seat("facts", folder / "t.csv", partial(change_table, loose=True), (act,))


def other_seats(folder):
    """Offers, models of other programs, observations, members of runoff, a coupled run's files, and bodies of the interface."""
    own = folder / "offered"
    shutil.copytree(ROOT / "models" / SMALL, own)
    (own / "agreements").mkdir()
    (own / "agreements" / "pact.yaml").write_text(PACT, encoding="utf-8")
    offers = shutil.copy(CORPUS / "offers.yaml", folder / "offers.yaml")
    logged = folder / "logged.yaml"
    yield Seat("offers", offers, change_yaml, (Act(("negotiate", own, "--open", offers, "--log", logged, "--no-progress"), (logged,)),))
    (folder / "pywr.json").write_text(json.dumps(PYWR))
    to = folder / "drafted"
    pywr = Act(("new", "model", to, "--from", folder / "pywr.json", "--unit", "Mm3"), (to,))
    yield Seat("pywr", folder / "pywr.json", change_json, (pywr,))
    toml = write_ribasim(folder / "ribasim")
    ribasim = Act(("new", "model", to, "--from", toml), (to,))
    yield Seat("ribasim", toml, change_bytes, (ribasim,))
    yield Seat("ribasim", toml.with_name("database.gpkg"), change_bytes, (ribasim,))
    for name in ("station.txt", "sheet.csv"):
        path = shutil.copy(CORPUS / name, folder / name)
        words = ("import", path, folder / "imported", "--source", "x", "--grade", "observed")
        yield Seat("observations", path, partial(_any_text), (Act(words, (folder / "imported",)),))
    drawn = members(wf.read_basin(SMALL), 3).rename("runoff")
    drawn.to_netcdf(folder / "members.nc", engine="h5netcdf")
    words = ("ensemble", SMALL, "--members", folder / "members.nc", "--workers", "1", "--no-progress")
    yield Seat("members", folder / "members.nc", change_netcdf, (Act(words),))
    yield from coupled.seats(folder, Seat, Act)
    yield from api.seats(folder, Seat, Act)


def _any_text(draw, content):
    return change_bytes(draw, content) if draw.random() < 0.5 or not content.isascii() else change_table(draw, content, loose=True)


def seats(folder):
    """The whole corpus, made in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    places = {name: folder / name for name in ("plan", "result", "season", "forecast", "facts", "ledger", "other")}
    for place in places.values():
        place.mkdir()
    made("allocate", SMALL, "--out", folder / "planned", "--no-progress")
    plan = folder / "planned" / "allocation.nc"
    return [
        *model_seats(folder),
        *plan_seats(places["plan"], plan),
        *result_seats(places["result"], plan),
        *season_seats(places["season"]),
        *forecast_seats(places["forecast"]),
        *fact_seats(places["facts"], plan),
        *ledger_seats(places["ledger"], plan),
        *other_seats(places["other"]),
    ]
