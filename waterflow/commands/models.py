"""``waterflow models``: what is shipped."""

from __future__ import annotations

import argparse

from waterflow.words.catalogue import mark, say, spoken

__all__ = ["HELP", "models", "options"]

HELP = mark("Name the shipped models with their titles, scenarios and agreements.")


def options(_parser: argparse.ArgumentParser) -> None:
    """No options."""


def models(_args: argparse.Namespace) -> str:
    """Name the shipped models with their titles, scenarios and agreements."""
    from waterflow.loading.agreements import agreements_of
    from waterflow.loading.model_file import scenarios_of
    from waterflow.loading.shipped import find_model, shipped_models
    from waterflow.loading.yaml_file import read_yaml

    lines = []
    for name in shipped_models():
        path = find_model(name)
        told = read_yaml(path, path.name)
        lines += [f"{name}: {told.get(f'title_{spoken()}') or told.get('title', name)}"]
        lines += [say("  scenarios: {names}", names=", ".join(scenarios_of(path)))]
        lines += [say("  agreements: {names}", names=", ".join(found))] if (found := agreements_of(path)) else []
    return "\n".join(lines) + "\n"
