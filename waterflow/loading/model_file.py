"""Model and scenario files: YAML read, checked against a schema, a scenario laid over its model."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from waterflow.basin.objective import Objective
from waterflow.calendar import GROWING_MONTHS, MONTHS_OF_A_YEAR, Step
from waterflow.errors import InputError, Problem
from waterflow.files import is_file
from waterflow.loading.pydantic_words import found_and_allowed
from waterflow.loading.schema import TABLES
from waterflow.loading.yaml_file import read_yaml
from waterflow.words.catalogue import mark, say
from waterflow.words.near import slip

__all__ = ["ModelFile", "change", "own_file", "problems_of", "read_model_file", "scenarios_of", "unknown_series"]

FORMAT = 1
#: what a scenario may override besides series, in words
CHOICES = {
    "horizon": mark("horizon"),
    "step": mark("step"),
    "objective": mark("objective"),
    "agreements": mark("agreements"),
}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


FileKind = TypeVar("FileKind", bound=_File)


class Horizon(_File):
    """First and last day, both included."""

    start: dt.date
    end: dt.date


class GrowingSeason(_File):
    """First and last month of the growing season; one that is later in the year than the other wraps: 10 to 3."""

    first_month: Annotated[int, Field(ge=1, le=12)] = GROWING_MONTHS[0]
    last_month: Annotated[int, Field(ge=1, le=12)] = GROWING_MONTHS[-1]

    @property
    def months(self) -> tuple[int, ...]:
        """Its months in their order."""
        count = (self.last_month - self.first_month) % MONTHS_OF_A_YEAR + 1
        return tuple((self.first_month - 1 + k) % MONTHS_OF_A_YEAR + 1 for k in range(count))


class PartyTitle(_File):
    """What people call a party."""

    title: str
    title_ru: str = ""


class ModelFile(_File):
    """``model.yaml``: what somebody chose. ``series`` picks one named series of each table that has them."""

    format: Literal[1]
    name: str
    title: str
    title_ru: str = ""
    scenario: str = "base"
    inputs: str = ""
    parties: tuple[str, ...]
    party_titles: dict[str, PartyTitle] = {}
    horizon: Horizon
    step: Step = "month"
    steps: tuple[Step, ...] = ("month",)
    growing_season: GrowingSeason = GrowingSeason()
    series: dict[str, str] = {}
    agreements: tuple[str, ...] = ()
    objective: Objective


class ScenarioFile(_File):
    """A scenario: what it changes and why; it cannot add structure."""

    format: Literal[1]
    title: str
    title_ru: str = ""
    reason: str
    horizon: Horizon | None = None
    step: Step | None = None
    series: dict[str, str] = {}
    agreements: tuple[str, ...] | None = None
    objective: Objective | None = None


def problems_of(error: ValidationError, shown: str, *, code: str = "bad-model") -> list[Problem]:
    """A pydantic error as problems that name place, found and allowed."""
    return [Problem(code, f"{shown}: {'.'.join(map(str, item['loc']))}", *found_and_allowed(item)) for item in error.errors()]


def _checked(kind: type[FileKind], content: dict[str, Any], shown: str) -> FileKind:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise InputError(problems_of(error, shown)) from error


def own_file(name: str) -> bool:
    """True if a name is the path of a file of one's own: it ends in ``.yaml`` or has a separator."""
    return Path(name).suffix in (".yaml", ".yml") or len(Path(name).parts) > 1


def scenarios_of(model: Path) -> tuple[str, ...]:
    """Names of a model's scenarios, its own first."""
    base = str(read_yaml(model, model.name).get("scenario", "base"))
    others = sorted(path.stem for path in (model.parent / "scenarios").glob("*.yaml"))
    return (base, *(name for name in others if name != base))


def read_model_file(path: Path, scenario: str | None, step: Step | None) -> tuple[ModelFile, tuple[str, ...]]:
    """A model with a scenario laid over it, and what the scenario changed.

    Raises
    ------
    InputError
        If the model or the scenario is wrong, unknown, or the scenario changes nothing; or the step is not offered.
    """
    model = _checked(ModelFile, read_yaml(path, path.name), path.name)
    check_series(model.series, path.name)
    changes: list[str] = []
    if scenario is not None and scenario != model.scenario:
        model, changes = _laid_over(model, path, scenario)
    if step is not None and step != model.step:
        if step not in model.steps:
            allowed = ", ".join(model.steps)
            cause = say("Its tables are not split to that step.")
            raise Problem("step-not-offered", f"{path.name}: steps", f"--step {step}", allowed, cause).refusal()
        changes.append(change("step", model.step, step))
        model = model.model_copy(update={"step": step})
    return model, tuple(changes)


def unknown_series(series: dict[str, str], shown: str) -> list[Problem]:
    """Choices of series for tables that are none, or have no series."""
    known = [name for name, table in TABLES.items() if table.has_series]
    wrong = [name for name in series if name not in known]
    return [Problem("unknown-series", f"{shown}: series.{name}", name, ", ".join(known), slip(name, known)) for name in wrong]


def check_series(series: dict[str, str], shown: str) -> None:
    """Raise an `InputError` if a choice of series names no table that has them."""
    if wrong := unknown_series(series, shown):
        raise InputError(wrong)


def _laid_over(model: ModelFile, path: Path, name: str) -> tuple[ModelFile, list[str]]:
    """A model with a scenario of its own, or of a file of one's own, laid over it."""
    if own_file(name):
        file, shown = Path(name), name
        if not is_file(file):
            raise Problem("no-such-file", say("scenario {name}", name=shown), say("no file there"), say("a file to read")).refusal()
        name = file.stem
    else:
        file, shown = path.parent / "scenarios" / f"{name}.yaml", f"scenarios/{name}.yaml"
        if not is_file(file):
            known = ", ".join(scenarios_of(path))
            raise Problem("unknown-scenario", f"{path.name}: scenario", name, known, slip(name, scenarios_of(path))).refusal()
    scenario = _checked(ScenarioFile, read_yaml(file, shown), shown)
    check_series(scenario.series, shown)
    update: dict[str, Any] = {"scenario": name}
    changes = []
    for field in ("horizon", "step", "objective", "agreements"):
        new, old = getattr(scenario, field), getattr(model, field)
        if new is not None and new != old:
            update[field] = new
            changes.append(change(field, old, new))
    moved = {table: to for table, to in scenario.series.items() if model.series.get(table) != to}
    if moved:
        update["series"] = model.series | moved
        changes += [change(table, model.series.get(table, "none"), to) for table, to in sorted(moved.items())]
    if not changes:
        raise Problem("empty-scenario", shown, say("nothing that differs from the model"), say("a change")).refusal()
    return model.model_copy(update=update), changes


def change(choice: str, old: object, new: object) -> str:
    """A line of the list of changes: a choice (`CHOICES`) or a table, what it was and what it is."""
    name = say(CHOICES[choice]) if choice in CHOICES else choice
    return say("{choice}: {old} -> {new}", choice=name, old=_said(old), new=_said(new))


def _said(value: object) -> str:
    if isinstance(value, Horizon):
        return f"{value.start}/{value.end}"
    if isinstance(value, Objective):
        return " > ".join(p.name for p in value.priorities) or say("benefit")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    return str(value)
