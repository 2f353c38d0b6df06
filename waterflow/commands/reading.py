"""The river a command asks for; what its scenario changed and its warnings go to standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from waterflow.words.catalogue import say

if TYPE_CHECKING:
    from waterflow.basin.basin import Basin
    from waterflow.loading.model import Model

__all__ = ["as_json", "basin_of", "model_of", "tell"]


def tell(message: str) -> None:
    """A message for people, on standard error."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def as_json(facts: Any) -> str:
    """Facts as JSON text, letters of every alphabet as they are."""
    import json

    return json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def model_of(args: argparse.Namespace, scenario: str | None = None, agreements: Sequence[str] | None = None) -> Model:
    """Read the model, scenario, step and agreements of a command."""
    from waterflow.loading.model import read_model

    chosen = getattr(args, "scenario", None) if scenario is None else scenario
    stated = getattr(args, "agreement", None) if agreements is None else agreements
    model = read_model(args.model, chosen, args.step, stated)
    if model.changes:
        head = say("{model} {scenario}: changed from the model's own choices:", model=model.file.name, scenario=model.file.scenario)
        tell("\n  ".join([head, *model.changes]))
    for warning in model.basin().warnings():
        tell(say("warning: {sentence}", sentence=warning))
    return model


def basin_of(args: argparse.Namespace, scenario: str | None = None, agreements: Sequence[str] | None = None) -> Basin:
    """The basin of a command."""
    return model_of(args, scenario, agreements).basin()
