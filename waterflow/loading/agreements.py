"""Agreement files: YAML read clause by clause, every problem named with its file and the clause's id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from waterflow.basin.agreements import Agreement, Clause, FuelForEnergy, RunoffClasses
from waterflow.basin.clause_parts import Stand
from waterflow.basin.clause_power import PowerClause
from waterflow.basin.objective import Objective
from waterflow.errors import InputError, Problem
from waterflow.files import is_file
from waterflow.loading.model_file import ModelFile, change, own_file, problems_of, unknown_series
from waterflow.loading.pydantic_words import found_and_allowed
from waterflow.loading.yaml_file import read_yaml
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean, slip

__all__ = ["agreed", "agreements_of", "read_agreement"]

CLAUSES: TypeAdapter[Clause] = TypeAdapter(Clause)


class AgreementFile(BaseModel):
    """``agreements/NAME.yaml``. ``signatories`` holds for every clause that has none of its own.

    ``series`` and ``objective`` are what the agreement changes besides clauses: other tables, another order of priorities.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    title: str
    title_ru: str = ""
    reason: str
    signatories: dict[str, Stand] = {}
    runoff_classes: RunoffClasses | None = None
    series: dict[str, str] = {}
    objective: Objective | None = None
    clauses: tuple[dict[str, Any], ...] = ()


def agreements_of(model: Path) -> tuple[str, ...]:
    """Names of a model's agreements."""
    return tuple(sorted(path.stem for path in (model.parent / "agreements").glob("*.yaml")))


def read_agreement(model: Path, name: str, sources: Sequence[str] | None = None) -> tuple[Agreement, AgreementFile, list[Problem]]:
    """One agreement of a model, or of a file of one's own, its file, and what is wrong with its clauses; those are left out.

    Parameters
    ----------
    model : Path
        The ``model.yaml``.
    name : str
        Of an agreement of the model; or the path of a file, which ends in ``.yaml`` or has a separator.
    sources : sequence of str, optional
        Keys a clause may name as its source; not checked without it.

    Raises
    ------
    InputError
        If there is no such file, or it is no YAML.
    """
    path, shown = model.parent / "agreements" / f"{name}.yaml", f"agreements/{name}.yaml"
    if own_file(name):
        path, shown, name = Path(name), name, Path(name).stem
        if not is_file(path):
            raise Problem("no-such-file", say("agreement {name}", name=shown), say("no file there"), say("a file to read")).refusal()
    if not is_file(path):
        known = ", ".join(agreements_of(model)) or say("none: the model has no agreements")
        raise Problem("unknown-agreement", f"{model.name}: agreement", name, known, slip(name, agreements_of(model))).refusal()
    file, problems = _file(read_yaml(path, shown), shown)
    problems += unknown_series(file.series, shown)
    clauses = [c for raw in file.clauses for c in _clause(raw, file, shown, problems)]
    problems += [p for c in clauses for p in _unsourced(c, shown, sources)]
    found = Agreement(
        name=name,
        title=file.title,
        title_ru=file.title_ru,
        reason=file.reason,
        runoff_classes=file.runoff_classes,
        clauses=tuple(clauses),
    )
    return found, file, problems


def _file(words: dict[str, Any], shown: str) -> tuple[AgreementFile, list[Problem]]:
    """A file's words and what is wrong with its head; with blanks in place of what is, so that its clauses can be looked at."""
    try:
        return AgreementFile.model_validate(words), []
    except ValidationError as error:
        wrong = {item["loc"][0] for item in error.errors() if item["loc"]}
        head = {"format": 1, "title": "", "reason": ""} | {k: v for k, v in words.items() if k not in wrong}
        clauses = words.get("clauses") or ()
        if "clauses" in wrong and isinstance(clauses, list):
            head["clauses"] = [clause for clause in clauses if isinstance(clause, dict)]
        return AgreementFile.model_validate(head), problems_of(error, shown, code="bad-agreement")


def _clause(raw: dict[str, Any], file: AgreementFile, shown: str, problems: list[Problem]) -> Iterator[Clause]:
    """A clause of a file; ``id`` is its name."""
    where = f"{shown}: {raw.get('id') or say('a clause without id')}"
    if "name" in raw:
        problems.append(Problem("bad-clause", f"{where}, name", str(raw["name"]), "id"))
    words = {"signatories": file.signatories} | {("name" if k == "id" else k): v for k, v in raw.items()}
    try:
        yield CLAUSES.validate_python(words)
    except ValidationError as error:
        for item in error.errors():
            # the first part of a place is the type of the clause
            place = ".".join("id" if part == "name" else str(part) for part in item["loc"][1:])
            problems.append(Problem("bad-clause", f"{where}, {place}".rstrip(", "), *found_and_allowed(item)))


def _unsourced(clause: Clause, shown: str, sources: Sequence[str] | None) -> Iterator[Problem]:
    ways = [g.way for g in clause.gives] if isinstance(clause, PowerClause) else [clause.way] if isinstance(clause, FuelForEnergy) else []
    for where, source in (("source", clause.source), *(("way.source", way.source) for way in ways)):
        if source and sources is not None and source not in sources:
            cause = did_you_mean(source, sources)
            yield Problem("unknown-source", f"{shown}: {clause.name}, {where}", source, say("a key of sources.yaml"), cause)


def agreed(
    path: Path, model: ModelFile, names: Sequence[str] | None, tables: Path
) -> tuple[ModelFile, tuple[Agreement, ...], tuple[str, ...], list[Problem]]:
    """A model under agreements: with what they change laid over it, the agreements, what they changed in words, what is wrong.

    Parameters
    ----------
    path : Path
        The ``model.yaml``.
    model : ModelFile
        With its scenario laid over it.
    names : sequence of str, optional
        In place of those the model or its scenario names.
    tables : Path
        The folder of the model's tables, whose ``sources.yaml`` clauses name.

    Returns
    -------
    (model, agreements, changes, problems)
        With problems, the rest is what could be read, so that everything else that is wrong can be found too.
    """
    chosen = tuple(dict.fromkeys(model.agreements if names is None else names))
    changes = [change("agreements", model.agreements, chosen)] if chosen != model.agreements else []
    sources = tuple(read_yaml(tables / "sources.yaml", f"{tables.name}/sources.yaml")) if chosen else ()
    found, problems = list[tuple[Agreement, AgreementFile]](), list[Problem]()
    for name in chosen:
        try:
            agreement, file, wrong = read_agreement(path, name, sources)
        except InputError as error:
            problems += error.problems
        else:
            found.append((agreement, file))
            problems += wrong
    series: dict[str, str] = {}
    for agreement, file in found:
        for table, to in file.series.items():
            if series.setdefault(table, to) != to:
                shown = f"agreements/{agreement.name}.yaml: series.{table}"
                problems.append(
                    Problem("bad-agreement", shown, to, say("{series}, as another agreement in force has it", series=series[table]))
                )
    orders = [file.objective for _, file in found if file.objective]
    if any(o != orders[0] for o in orders):
        problems.append(Problem("bad-agreement", "agreements: objective", say("two orders of priority"), say("one order of priority")))
    changes += [change(table, model.series.get(table, "none"), to) for table, to in sorted(series.items())]
    if orders and orders[0] != model.objective:
        changes.append(change("objective", model.objective, orders[0]))
    update = {"series": model.series | series, "agreements": chosen} | ({"objective": orders[0]} if orders else {})
    return model.model_copy(update=update), tuple(a for a, _ in found), tuple(changes), problems
