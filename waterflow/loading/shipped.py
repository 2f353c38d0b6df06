"""Where shipped models and inputs are: one answer for a wheel, an editable install and a checkout."""

from __future__ import annotations

from pathlib import Path

from waterflow.errors import Problem
from waterflow.files import is_folder
from waterflow.words.catalogue import say
from waterflow.words.near import did_you_mean

__all__ = ["find_model", "inputs_folder", "shipped_models"]

PACKAGE = Path(__file__).resolve().parent.parent


def _root() -> Path:
    """The folder that holds ``models`` and ``inputs``: inside an installed package, beside it in a checkout."""
    inside = PACKAGE / "shipped"
    return inside if inside.is_dir() else PACKAGE.parent


def inputs_folder() -> Path:
    """The shipped ``inputs`` folder."""
    return _root() / "inputs"


def shipped_models() -> tuple[str, ...]:
    """Names of the shipped models."""
    return tuple(sorted(path.parent.name for path in (_root() / "models").glob("*/model.yaml")))


def find_model(name_or_path: str | Path) -> Path:
    """The ``model.yaml`` of a shipped name, of a folder or of a file.

    A path has a separator, ends in ``.yaml`` or is ``.``; anything else is a shipped name.

    Raises
    ------
    InputError
        If there is no such model.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or "\\" in text or text in (".", "..") or text.endswith((".yaml", ".yml")):
        path = Path(text)
        return path / "model.yaml" if is_folder(path) else path
    if text not in shipped_models():
        known = ", ".join(shipped_models())
        here = say("There is a folder of that name here: write ./{text}.", text=text) if text and is_folder(Path(text)) else ""
        cause = here or did_you_mean(text, shipped_models()) or say("A folder is written with a separator, as in ./name.")
        raise Problem("unknown-model", say("model {text}", text=text), say("no shipped model of that name"), known, cause).refusal()
    return _root() / "models" / text / "model.yaml"
