"""The river a command asks for; what its scenario changed and its warnings go to standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    from waterflow.accounts.fact import Answer
    from waterflow.basin.basin import Basin
    from waterflow.loading.model import Model

__all__ = ["as_json", "asked", "basin_of", "model_of", "tell", "tell_left_aside", "under"]

AnyAnswer = TypeVar("AnyAnswer", bound="Answer")


def tell(message: str) -> None:
    """A message for people, on standard error."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def as_json(facts: Any) -> str:
    """Facts as JSON text, letters of every alphabet as they are."""
    import json

    return json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def asked(model: Model, found: AnyAnswer) -> AnyAnswer:
    """An answer with the what-if questions of the model it is about, as they were understood."""
    return found.model_copy(update={"questions": model.basin().questions}) if model.questions else found


def tell_left_aside(name_or_path: str) -> None:
    """Say which months of observations the calibration of a model leaves aside."""
    from waterflow.observations.files import months_left_aside

    if months := months_left_aside(name_or_path):
        told = mark("Observations from {first} to {last} are left aside: see left_aside in calibration_spans.csv.")
        tell(say(told, first=months[0], last=months[-1]))


def under(found: Answer, text: str) -> str:
    """An answer as text, its what-if questions first."""
    from waterflow.words.layout import paragraph

    return "".join(f"{paragraph(question)}\n" for question in found.questions) + text


def model_of(
    args: argparse.Namespace,
    scenario: str | None = None,
    agreements: Sequence[str] | None = None,
    *,
    questions: bool = True,
    told: bool = True,
) -> Model:
    """Read what a command chose of a model, its what-if ``questions``; say what was changed if ``told``."""
    from waterflow.loading.model import read_model

    chosen = getattr(args, "scenario", None) if scenario is None else scenario
    stated = getattr(args, "agreement", None) if agreements is None else agreements
    model = read_model(args.model, chosen, args.step, stated).asking(_questions(args) if questions else {})
    if not told:
        return model
    basin = model.basin()
    if model.changes:
        head = say("{model} {scenario}: changed from the model's own choices:", model=model.file.name, scenario=model.file.scenario)
        tell("\n  ".join([head, *model.changes]))
    for question in basin.questions:
        tell(question)
    for warning in basin.warnings():
        tell(say("warning: {sentence}", sentence=warning))
    return model


def _questions(args: argparse.Namespace) -> dict[str, str]:
    """The what-if questions of a command; an address given twice is refused."""
    from waterflow.errors import InputError, Problem

    typed = getattr(args, "questions", [])
    found = dict(typed)
    addresses = [address for address, _ in typed]
    if twice := [x for x in found if addresses.count(x) > 1]:
        raise InputError([Problem("twice", f"--set {x}", x, say("each figure asked about once")) for x in twice])
    return found


def basin_of(
    args: argparse.Namespace, scenario: str | None = None, agreements: Sequence[str] | None = None, *, questions: bool = True
) -> Basin:
    """The basin of a command."""
    return model_of(args, scenario, agreements, questions=questions).basin()
