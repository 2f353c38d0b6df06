"""The files of a coupled run: the one it begins from, and a state that was saved."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.fuzz.changes import change_json, change_yaml
from tests.fuzz.judging import watched
from waterflow.coupling import WaterflowBmi
from waterflow.errors import ConflictError, InputError

CORPUS = Path(__file__).parent / "corpus"


def begin(path):
    """Begin from a file, and go one step."""
    return _ended(lambda run: run.initialize(str(path)))


def go_on(path):
    """Go on from a state, and one step."""
    return _ended(lambda run: run.restore_state(path))


def _ended(opened):
    run = WaterflowBmi()
    with watched():
        try:
            opened(run)
            if run.get_current_time() < run.get_end_time():
                run.update()
        except InputError:
            return 3
        except ConflictError:
            return 4
    return 0


def seats(folder, seat, act):
    """A configuration, and the state after two steps."""
    config = Path(shutil.copy(CORPUS / "coupled.yaml", folder / "coupled.yaml"))
    run = WaterflowBmi()
    run.initialize(str(config))
    run.update()
    run.save_state(folder / "state.json")
    yield seat("coupled", config, change_yaml, (act(call=lambda: begin(config)),))
    yield seat("coupled", folder / "state.json", change_json, (act(call=lambda: go_on(folder / "state.json")),))
