"""From a model's files to a basin: read every table, check every reference, convert at the door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from waterflow.basin.agreements import Agreement
from waterflow.basin.basin import Basin
from waterflow.basin.clause_rows import under
from waterflow.calendar import Calendar, Step
from waterflow.errors import InputError, Problem
from waterflow.files import is_folder
from waterflow.loading.agreements import agreed
from waterflow.loading.build import Builder
from waterflow.loading.build_arcs import idle_rules
from waterflow.loading.model_file import ModelFile, problems_of, read_model_file
from waterflow.loading.notices import notices
from waterflow.loading.schema import TABLES
from waterflow.loading.shipped import find_model, inputs_folder
from waterflow.loading.tables import Row, not_csv, read_table
from waterflow.loading.timed import unit_slips
from waterflow.loading.yaml_file import read_yaml
from waterflow.loading.yearly import Dated
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["Model", "read_basin", "read_model", "read_tables", "step_of", "tables_folder"]

#: volumes compared with their fellows, and what makes rows fellows
COMPARED = {
    "needs": ("need_Mm3", ("demand",)),
    "withdrawals_before": ("withdrawal_Mm3", ("demand",)),
    "opening_storage": ("storage_Mm3", ("reservoir",)),
    "storage_rules": ("storage_Mm3", ("reservoir",)),
    "limits": ("limit_Mm3", ("party", "season")),
    "targets": ("target_Mm3", ("place",)),
    "agreed_flows": ("agreed_Mm3", ("place",)),
    "threshold_shares": ("threshold_Mm3", ("node",)),
}
USES = ("needs", "withdrawals_before")
#: joins the names of series whose rows are taken together
JOINED = " + "
#: tables about other rows, and where places lie on a map: no plan rests on them
ABOUT_ROWS = frozenset({"ranges", "map_places"})


@dataclass(frozen=True)
class Model:
    """A model read once: what it chose and the rows it picks of each table.

    Attributes
    ----------
    file : ModelFile
    calendar : Calendar
    rows : dict of list of Row
        The chosen rows of each table.
    folder : Path
        Where the tables are.
    changes : tuple of str
        What the scenario and the agreements overrode.
    agreements : tuple of Agreement
        Those in force.
    questions : mapping of address to value
        What is asked of every basin of the model.
    notices : tuple of str
        What of the chosen rows is not counted.
    """

    file: ModelFile
    calendar: Calendar
    rows: Mapping[str, Sequence[Row]]
    folder: Path
    changes: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    questions: Mapping[str, float | str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def asking(self, questions: Mapping[str, float | str]) -> Model:
        """The same model, every basin of which has the figures of what-if questions (`Basin.asked`)."""
        return replace(self, questions=questions)

    @cached_property
    def sources(self) -> dict[str, Any]:
        """Title, publisher, address... of every source, by its key."""
        return read_yaml(self.folder / "sources.yaml", f"{self.folder.name}/sources.yaml")

    @cached_property
    def grades(self) -> dict[str, dict[str, int]]:
        """How many of the chosen rows of each table have which grade; only rows that say something of the river."""
        counted = {name: Counter(row.text("grade") for row in rows) for name, rows in self.rows.items() if rows and name not in ABOUT_ROWS}
        return {name: dict(sorted(counts.items())) for name, counts in counted.items()}

    def basin(self, rows: Mapping[str, Sequence[Row]] | None = None) -> Basin:
        """The basin of the chosen rows, some tables of which may be replaced; no file is read again.

        Raises
        ------
        InputError
            With every problem of the rows at once.
        """
        builder = Builder(self.calendar, {name: list(found) for name, found in {**self.rows, **(rows or {})}.items()})
        parts = builder.parts()
        if builder.problems:
            raise InputError(builder.problems)
        try:
            basin = Basin(
                name=self.file.name,
                title=self.file.title,
                title_ru=self.file.title_ru,
                scenario=self.file.scenario,
                calendar=self.calendar,
                parties=self.file.parties,
                objective=self.file.objective,
                grades=self.grades,
                changes=self.changes,
                notices=(*self.notices, *notices(builder.tables), *idle_rules(builder)),
                **parts,
            )
        except ValidationError as error:
            raise InputError(problems_of(error, self.file.name)) from error
        basin.require_valid()
        agreed = under(basin, self.agreements) if self.agreements else basin
        return agreed.asked(self.questions)


def read_model(
    name_or_path: str | Path, scenario: str | None = None, step: Step | None = None, agreements: Sequence[str] | None = None
) -> Model:
    """Read a model's files into the rows it picks.

    Parameters and errors are those of `read_basin`, but for rows that do not make a river together.
    """
    path = find_model(name_or_path)
    model, changes = read_model_file(path, scenario, step)
    folder = _tables_folder(path, model)
    model, in_force, more, problems = agreed(path, model, agreements, folder)
    try:
        calendar = Calendar(model.horizon.start, model.horizon.end, model.step, model.growing_season.months)
    except ValueError as error:
        problem = Problem("bad-horizon", f"{path.name}: horizon", str(error), say("whole periods in order"))
        raise InputError([*problems, problem]) from error
    try:
        rows, told = _chosen(read_tables(folder)[0], model, calendar)
        found = Model(model, calendar, rows, folder, (*changes, *more), in_force, notices=told)
        if problems:
            # what of the agreements could be read is held against the river, so that all that is wrong is said at once
            found.basin()
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if problems:
        raise InputError(problems)
    return found


def read_basin(
    name_or_path: str | Path, scenario: str | None = None, step: Step | None = None, agreements: Sequence[str] | None = None
) -> Basin:
    """Read a model.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped model's name, or the path of a model folder or ``model.yaml`` (a path has a separator or ends
        in ``.yaml``).
    scenario : str, optional
        One of the model's scenarios; its own choices without one.
    step : {"month", "dekad", "week", "day"}, optional
        The model's own step without one.
    agreements : sequence of str, optional
        The model's agreements in force (``agreements/NAME.yaml``); those of the model or scenario without it.

    Returns
    -------
    Basin

    Raises
    ------
    InputError
        With every problem in the files at once.
    """
    return read_model(name_or_path, scenario, step, agreements).basin()


def step_of(name_or_path: str | Path, scenario: str | None = None) -> Step:
    """The step a model, or a scenario of it, is planned by where none is asked for."""
    return read_model_file(find_model(name_or_path), scenario, None)[0].step


def tables_folder(name_or_path: str | Path) -> Path:
    """The folder of a model's tables."""
    path = find_model(name_or_path)
    return _tables_folder(path, read_model_file(path, None, None)[0])


def _tables_folder(path: Path, model: ModelFile) -> Path:
    """The folder that ``inputs`` names: from the model's own, as a name beside its models, or one that is shipped."""
    if not model.inputs:
        return path.parent / "tables"
    own, beside = path.parent / model.inputs, path.parent.parent.parent / "inputs" / model.inputs
    if len(Path(model.inputs).parts) > 1:
        return own
    return next((folder for folder in (own, beside) if is_folder(folder)), inputs_folder() / model.inputs)


def read_tables(folder: Path) -> tuple[dict[str, list[Row]], dict[str, dict[str, int]]]:
    """Every table of a folder, and how many rows of each have which grade.

    Raises
    ------
    InputError
        With every problem of every table at once.
    """
    shown = f"{folder.resolve().parent.name}/{folder.name}"
    if not is_folder(folder):
        raise Problem("no-such-file", shown, say("no folder"), say("a folder of tables"), say("A typing slip in inputs?")).refusal()
    sources = read_yaml(folder / "sources.yaml", f"{shown}/sources.yaml")
    problems = [
        Problem("unknown-table", f"{shown}/{path.name}", path.name, ", ".join(TABLES), slip(path.stem, TABLES))
        for path in sorted(folder.glob("*.csv"))
        if path.stem not in TABLES
    ]
    problems += not_csv(folder, shown, TABLES)
    tables: dict[str, list[Row]] = {}
    for name, table in TABLES.items():
        path = folder / f"{name}.csv"
        if path.is_symlink() and not path.exists():
            gone = say("a link to {target}, which is not there", target=path.readlink())
            problems.append(Problem("no-such-file", f"{shown}/{path.name}", gone, say("a file of that name")))
        elif path.exists() or name in ("nodes", "reaches"):
            rows, found = read_table(path, f"{shown}/{path.name}", table, sources.keys())
            tables[name] = rows
            problems += found
            if name in COMPARED:
                problems += unit_slips(rows, *COMPARED[name], seasonal=name in USES)
    if problems:
        raise InputError(problems)
    grades = {name: dict(sorted(Counter(row.text("grade") for row in rows).items())) for name, rows in tables.items()}
    return tables, grades


def _selected(tables: dict[str, list[Row]], model: ModelFile) -> Iterable[tuple[str, list[Row], list[Problem]]]:
    """The rows of the series a model picks of each table."""
    for name, choice in sorted(model.series.items()):
        if name in TABLES and name not in tables and choice != "none":
            allowed = say("none, or a table {table}.csv beside the others", table=name)
            yield name, [], [Problem("missing-table", f"model.yaml: series.{name}", choice, allowed, say("Moved or renamed?"))]
    for name, rows in tables.items():
        if not TABLES[name].has_series:
            yield name, rows, []
            continue
        there = sorted({row.text("series") for row in rows})
        wanted = model.series.get(name)
        parts = wanted.split(JOINED) if wanted else []
        strange = [part for part in parts if part not in there] if wanted != "none" else []
        if wanted is None:
            problem = Problem("no-series", f"model.yaml: series.{name}", say("no choice"), " | ".join([*there, "none"]))
            yield name, [], [problem]
        elif strange:
            problem = Problem(
                "unknown-series", f"model.yaml: series.{name}", JOINED.join(strange), " | ".join([*there, "none"]), slip(strange[0], there)
            )
            yield name, [], [problem]
        else:
            chosen = [row for row in rows if row.text("series") in parts]
            yield name, chosen, list(_twice(name, chosen)) if len(parts) > 1 else []


def _twice(name: str, rows: list[Row]) -> Iterator[Problem]:
    """Rows of two series taken together that say the same thing."""
    seen: dict[tuple[str, ...], str] = {}
    keys = (*(k for k in TABLES[name].key if k != "series"), "month", "period")
    for row in rows:
        key = tuple(str(row.values[k]) for k in keys if k in row.values)
        if key in seen:
            cause = say("See also {where}; series taken together may not overlap.", where=seen[key])
            yield Problem("twice", row.where, ", ".join(key), say("one row for each"), cause)
        seen.setdefault(key, row.where)


def _chosen(tables: dict[str, list[Row]], model: ModelFile, calendar: Calendar) -> tuple[dict[str, list[Row]], tuple[str, ...]]:
    """The rows a model picks, each with a year in its dates, and what of them is not counted."""
    chosen: dict[str, list[Row]] = {}
    problems: list[Problem] = []
    dated = Dated(calendar)
    for name, rows, found in _selected(tables, model):
        chosen[name] = dated.rows(TABLES[name], rows)
        problems += found
    if problems or dated.problems:
        raise InputError([*problems, *dated.problems])
    return chosen, tuple(dated.told)
