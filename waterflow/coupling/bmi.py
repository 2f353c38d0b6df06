"""The Basic Model Interface 2.0 of a river: initialize, set what another model knows, update, read what was decided."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waterflow.allocation.happened import Happened
from waterflow.basin.basin import Basin
from waterflow.coupling.config import read_config
from waterflow.coupling.files import State, not_a_state, read_state, write_state
from waterflow.coupling.grid_answers import GridAnswers
from waterflow.coupling.grids import Grids
from waterflow.coupling.stepper import Stepper
from waterflow.coupling.variables import INPUTS, OUTPUTS, VARIABLES, Variable
from waterflow.errors import Problem
from waterflow.words.catalogue import say, say_many
from waterflow.words.near import slip

__all__ = ["WaterflowBmi"]

Array = NDArray[Any]
TIME_UNITS, FLOAT = "d", "float64"
#: two times are the same within this, days
SAME_TIME = 1e-9


class WaterflowBmi(GridAnswers):
    """A river as a component of other models (``docs/guides/coupling.md``).

    Time counts in days since the start; a step is a period of the model, a month or a dekad, so steps are uneven.
    ``update`` decides the rest of the horizon with what has been set by then, with foresight, and lets the current
    period pass as decided. What is over stays. Beside the interface: `save_state`, `restore_state`, `nodes`,
    `reaches`, `users`, `periods_over`, `start_date`, `basin`.
    """

    def __init__(self) -> None:
        self._stepper: Stepper | None = None

    # beside the interface

    @property
    def _run(self) -> Stepper:
        if self._stepper is None:
            allowed = say("a component after initialize or restore_state")
            raise Problem("wrong-kind", "WaterflowBmi", say("one without a river"), allowed).refusal()
        return self._stepper

    @property
    def grids(self) -> Grids:
        """The grids of the river."""
        return self._run.grids

    @property
    def basin(self) -> Basin:
        """The river with everything set so far."""
        return self._run.settle()

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes, in the order of their grid."""
        return tuple(self._run.basin.nodes)

    @property
    def reaches(self) -> tuple[str, ...]:
        """Names of the reaches, in the order of the edges."""
        return tuple(self._run.basin.reaches)

    @property
    def users(self) -> tuple[str, ...]:
        """Names of the users of water, in the order of their grid."""
        return tuple(self._run.basin.demands)

    @property
    def periods_over(self) -> int:
        """How many periods are over: the position of the current one among those of a forecast."""
        return self._run.over

    @property
    def start_date(self) -> dt.date:
        """The day on which time is 0."""
        return self._run.calendar.start

    def save_state(self, path: str | Path) -> None:
        """Keep the run in a file: what is over, what was set, what can be read.

        Raises
        ------
        InputError
            If something that was set cannot be, or the file cannot be written.
        """
        run = self._run
        basin = run.settle()
        blank = {name: tuple(None if np.isnan(v) else float(v) for v in values) for name, values in run.outputs.items()}
        happened: Any = run.onward.happened and run.onward.happened.as_names(basin)
        told = basin.model_dump(mode="json")
        write_state(Path(path), State(basin=told, over=run.over, prices=run.prices, happened=happened, outputs=blank))

    def restore_state(self, path: str | Path) -> None:
        """Go on from a file that `save_state` wrote, in place of whatever this component was.

        Raises
        ------
        InputError
            If there is no such file, or it is something else.
        """
        state, where = read_state(Path(path)), Path(path)
        try:
            basin = Basin.model_validate(state.basin)
            if basin.problems():
                raise not_a_state(where, say("a river that cannot be read")).refusal()
            happened = Happened.from_names(basin, state.happened) if state.happened else None  # type: ignore[arg-type]
            stepper = Stepper(basin, prices=state.prices, over=state.over, happened=happened)
            for name, values in state.outputs.items():
                stepper.outputs[name][:] = [np.nan if v is None else v for v in values]
        except (KeyError, ValueError) as error:
            raise not_a_state(where, say("a river that cannot be read")).refusal() from error
        self._stepper = stepper

    # control

    def initialize(self, config_file: str) -> None:
        """Read a configuration file and the river it names; nothing is solved yet."""
        path = Path(config_file)
        config = read_config(path)
        self._stepper = Stepper(config.basin(path.parent), prices=config.prices)

    def update(self) -> None:
        """Decide the rest of the horizon with what has been set, and let the current period pass."""
        self._run.step()

    def update_until(self, time: float) -> None:
        """Update until a time, which must be the end of a period: within a period nothing is decided."""
        ends = self.grids.days[self._run.over :]
        if not (np.abs(ends - time) <= SAME_TIME).any():
            allowed = say("the end of a period that is not over: {days}", days=", ".join(f"{d:g}" for d in ends))
            raise Problem("bad-time", "update_until", f"{time:g}", allowed).refusal()
        while self.get_current_time() < time - SAME_TIME:
            self.update()

    def finalize(self) -> None:
        """Let everything go."""
        self._stepper = None

    # about the component and its variables

    def get_component_name(self) -> str:
        """What this is called among components."""
        return "waterflow"

    def get_input_item_count(self) -> int:
        """Number of inputs."""
        return len(INPUTS)

    def get_output_item_count(self) -> int:
        """Number of outputs."""
        return len(OUTPUTS)

    def get_input_var_names(self) -> tuple[str, ...]:  # type: ignore[override]  # bmipy means any number
        """Names of what may be set."""
        return tuple(v.name for v in INPUTS)

    def get_output_var_names(self) -> tuple[str, ...]:  # type: ignore[override]  # bmipy means any number
        """Names of what may be read besides."""
        return tuple(v.name for v in OUTPUTS)

    def get_var_grid(self, name: str) -> int:
        """The grid a variable stands on."""
        return _known(name).grid

    def get_var_type(self, name: str) -> str:
        """The numpy type of a variable."""
        _known(name)
        return FLOAT

    def get_var_units(self, name: str) -> str:
        """The unit of a variable, as UDUNITS reads it."""
        return _known(name).units

    def get_var_itemsize(self, name: str) -> int:
        """Bytes of one value."""
        return int(self._run.memory(_known(name)).itemsize)

    def get_var_nbytes(self, name: str) -> int:
        """Bytes of all values."""
        return int(self._run.memory(_known(name)).nbytes)

    def get_var_location(self, name: str) -> str:
        """Whether a variable stands at the nodes or the edges of its grid."""
        return _known(name).location

    # time

    def get_current_time(self) -> float:
        """Days since the start that are over."""
        return float(self.grids.days[self._run.over])

    def get_start_time(self) -> float:
        """Always 0."""
        return 0.0

    def get_end_time(self) -> float:
        """Days of the whole horizon."""
        return float(self.grids.days[-1])

    def get_time_units(self) -> str:
        """Days."""
        return TIME_UNITS

    def get_time_step(self) -> float:
        """Days of the current period; of the last one when all are over. They differ from step to step."""
        periods = self._run.calendar.periods
        return float(periods[min(self._run.over, len(periods) - 1)].days)

    # values

    def get_value(self, name: str, dest: Array) -> Array:
        """Copy the values of a variable into an array."""
        values = self._values(name)
        _require_size(name, dest, len(values))
        dest[:] = values
        return dest

    def get_value_ptr(self, name: str) -> Array:
        """The memory of a variable; what is written into that of an input counts, that of an output cannot be written into."""
        values = self._values(name).view()
        values.flags.writeable = _known(name) in INPUTS
        return values

    def get_value_at_indices(self, name: str, dest: Array, inds: Array) -> Array:
        """Copy the values at some positions into an array."""
        values = self._values(name)
        _require_size(name, dest, len(inds))
        dest[:] = values[_positions(name, inds, len(values))]
        return dest

    def set_value(self, name: str, src: Array) -> None:
        """Set all values of an input; a period that is over, or a node without runoff, keeps what it has or all is refused."""
        self.set_value_at_indices(name, np.arange(len(self._values(name))), src)

    def set_value_at_indices(self, name: str, inds: Array, src: Array) -> None:
        """Set the values of an input at some positions."""
        if _known(name) not in INPUTS:
            inputs = ", ".join(v.name for v in INPUTS)
            raise Problem("unknown-given", name, say("an output"), inputs).refusal()
        values, new = self._values(name), np.asarray(src, dtype=float).reshape(-1)
        _require_size(name, new, len(inds))
        values[_positions(name, inds, len(values))] = new
        self._run.settle()

    def _values(self, name: str) -> Array:
        variable = _known(name)
        self._run.settle()
        return self._run.memory(variable)


def _known(name: str) -> Variable:
    if name not in VARIABLES:
        raise Problem("unknown-given", name, say("no variable of that name"), ", ".join(VARIABLES), slip(name, VARIABLES)).refusal()
    return VARIABLES[name]


def _require_size(name: str, values: Array, wanted: int) -> None:
    if values.size != wanted:
        found = say_many("{count} value", "{count} values", values.size)
        raise Problem("series-length", name, found, str(wanted)).refusal()


def _positions(name: str, inds: Array, count: int) -> Array:
    """Positions of values that there are; one below zero is none."""
    at = np.asarray(inds).reshape(-1)
    strange = at[(at < 0) | (at >= count)]
    if strange.size:
        found = ", ".join(map(str, strange.tolist()))
        raise Problem("unknown-given", name, say("position {found}", found=found), f"0-{count - 1}").refusal()
    return at
