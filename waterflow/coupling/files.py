"""State files: a coupled run kept in a file, to go on from there later or elsewhere. JSON, every number in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from waterflow.errors import Problem
from waterflow.files import write
from waterflow.loading.texts import read_text
from waterflow.words.catalogue import say

__all__ = ["State", "not_a_state", "read_state", "write_state"]

#: a course by name: index of each entry that is over, and its value
Course = dict[str, tuple[tuple[tuple[str, ...], float], ...]]


class State(BaseModel):
    """What a state file says.

    Attributes
    ----------
    basin : dict
        The river with what is known of it by then.
    over : int
        How many periods are over.
    prices : bool
    happened : dict of Course, or None
        What was done in them (`waterflow.allocation.happened.Happened.as_names`).
    outputs : dict
        What was to be read; None for what is blank.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    kind: Literal["waterflow_state"] = "waterflow_state"
    basin: dict[str, Any]
    over: int
    prices: bool
    happened: dict[Literal["plan", "owing_nothing"], Course] | None
    outputs: dict[str, tuple[float | None, ...]]


def not_a_state(path: Path, found: str) -> Problem:
    """A file that is no state, or a damaged one."""
    return Problem("not-a-state", str(path), found, say("a file written by save_state"))


def write_state(path: Path, state: State) -> None:
    """Write a state, whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written there.
    """
    write(path, json.dumps(state.model_dump(mode="json"), ensure_ascii=False), "save_state")


def read_state(path: Path) -> State:
    """Read a state.

    Raises
    ------
    InputError
        If there is no such file, or it is something else.
    """
    text, problems = read_text(path, str(path))
    if problems:
        raise problems[0].refusal()
    try:
        return State.model_validate_json(text)
    except ValidationError as error:
        raise not_a_state(path, say("something else, or a damaged file")).refusal() from error
