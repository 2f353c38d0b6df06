"""The model a command asks for; what its scenario changed and its warnings go to standard error."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from waterflow.loading.model import Model

__all__ = ["model_of"]


def model_of(args: argparse.Namespace) -> Model:
    """Read the model, scenario, step and agreements of a command."""
    from waterflow.loading.model import read_model

    model = read_model(args.model, args.scenario, args.step, getattr(args, "agreement", None))
    if model.changes:
        head = f"{model.file.name} {model.file.scenario}: changed from the model's own choices:"
        sys.stderr.write("\n  ".join([head, *model.changes]) + "\n")
    for warning in model.basin().warnings():
        sys.stderr.write(f"warning: {warning}\n")
    return model
