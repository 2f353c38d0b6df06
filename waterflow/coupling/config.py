"""The file a coupled run begins from: which river, which scenario, which step."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from waterflow.basin.basin import Basin
from waterflow.calendar import Step
from waterflow.errors import InputError
from waterflow.loading.model import read_basin
from waterflow.loading.model_file import own_file, problems_of
from waterflow.loading.yaml_file import read_yaml

__all__ = ["Config", "read_config"]


class Config(BaseModel):
    """What a configuration file may say.

    Attributes
    ----------
    model : str
        A shipped model, or a path, counted from the folder of the file.
    scenario, step, agreements
        As `waterflow.read_basin` takes them.
    figures : dict
        Addresses and values, ``set`` in the file (`Basin.asked`).
    prices : bool
        Whether each step tells what one more m3 of runoff brings.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    format: Literal[1]
    model: str
    scenario: str | None = None
    step: Step | None = None
    agreements: tuple[str, ...] | None = None
    figures: dict[str, float | str] = Field(default={}, alias="set")
    prices: bool = True

    def basin(self, folder: Path) -> Basin:
        """The river it names; paths are counted from a folder.

        Raises
        ------
        InputError
            With every problem at once.
        """
        model = str(folder / self.model) if own_file(self.model) else self.model
        return read_basin(model, self.scenario, self.step, self.agreements).asked(self.figures)


def read_config(path: Path) -> Config:
    """Read a configuration file.

    Raises
    ------
    InputError
        If it is missing, no YAML, or has keys or values that it may not have; names them all.
    """
    content = read_yaml(path, path.name)
    try:
        return Config.model_validate(content)
    except ValidationError as error:
        raise InputError(problems_of(error, path.name)) from error
