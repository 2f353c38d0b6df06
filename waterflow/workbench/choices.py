"""What is served: models, their scenarios, steps and agreements, as people call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field

from waterflow.accounts.fact import Fact
from waterflow.loading.agreements import agreements_of
from waterflow.loading.model_file import scenarios_of
from waterflow.loading.shipped import find_model
from waterflow.loading.yaml_file import read_yaml
from waterflow.words.catalogue import languages, speaking, spoken
from waterflow.words.dates import window_in_words
from waterflow.workbench.river_facts import Choice

__all__ = ["Models", "Served", "choices", "scenario_title"]


class Served(Fact):
    """A model that is served."""

    named_by = ("name",)

    name: str
    title: str
    steps: tuple[str, ...]
    scenarios: tuple[Choice, ...]
    agreements: tuple[Choice, ...]


class Models(Fact):
    """What is served, and the languages of the page."""

    models: tuple[Served, ...]
    languages: tuple[str, ...]
    ledger: str = Field(description="Name of the ledger that is served with the model; empty without one")


def choices(models: Mapping[str, str], lang: str, ledger: str = "") -> Models:
    """What is served, in a language; in English where there is no such catalogue."""
    known = languages()
    with speaking(lang if lang in known else "en"):
        return Models(models=tuple(_served(name, where) for name, where in models.items()), languages=tuple(known), ledger=ledger)


def _served(name: str, where: str) -> Served:
    path = find_model(where)
    said = read_yaml(path, path.name)
    _, *others = scenarios_of(path)
    # the model's own scenario has no file with a title: its days say which it is
    days = said["horizon"]
    first = Choice(name="", title=window_in_words(f"{days['start']}/{days['end']}"))
    scenarios = (first, *(Choice(name=x, title=_title(path.parent / "scenarios" / f"{x}.yaml", x)) for x in others))
    steps = tuple(said.get("steps") or [said.get("step", "month")])
    agreements = tuple(_agreements(path))
    return Served(name=name, title=_called(said, name), steps=steps, scenarios=scenarios, agreements=agreements)


def _agreements(path: Path) -> Iterator[Choice]:
    for name in agreements_of(path):
        yield Choice(name=name, title=_title(path.parent / "agreements" / f"{name}.yaml", name))


def _title(path: Path, name: str) -> str:
    return _called(read_yaml(path, path.name), name)


def scenario_title(model: Path, name: str) -> str:
    """What people call a scenario of a model, in the language spoken; its days where it is the model's own."""
    path = model.parent / "scenarios" / f"{name}.yaml"
    if path.exists():
        return _title(path, name)
    days = read_yaml(model, model.name)["horizon"]
    return window_in_words(f"{days['start']}/{days['end']}")


def _called(said: Mapping[str, object], name: str) -> str:
    return str(said.get(f"title_{spoken()}") or said.get("title") or name)
