r"""End values: what water left at the end of the horizon is worth, in falling blocks or under planes. Mm3 and million USD."""

from __future__ import annotations

from typing import Any

from waterflow.basin.basin import Basin
from waterflow.formulation.language import Equation, Unknown


def _within_block(basin: Basin, e: str) -> tuple[float, float | None]:
    return (0.0, basin.end_values[e].width)


def _unbounded(*_: Any) -> tuple[None, None]:
    return (None, None)


UNKNOWNS = (
    Unknown("kept_for_later", ("end_values",), "Mm3", "Closing storage counted in the block", _within_block),
    Unknown("worth_kept", ("kept_waters",), "million USD", "Worth of the closing storages together", _unbounded),
)


def end_value_backed(m: Any, r: str) -> Any:
    r"""Only water that is there at the end, above the lowest storage, has an end value.

    .. math:: S_{r,T} - \underline{S}_r - \sum_e K_{e} \ge 0
    """
    blocks = [e.name for e in m.basin.end_values.values() if e.reservoir == r]
    if not blocks:
        return None
    last = m.basin.calendar.labels[-1]
    return m.storage[r, last] - m.basin.reservoirs[r].floor - sum(m.kept_for_later[e] for e in blocks) >= 0


def worth_within_cut(m: Any, c: str) -> Any:
    r"""What is left in all reservoirs together is worth no more than any plane says.

    .. math:: w_c + \sum_r v_{c,r} (S_{r,T} - S_{c,r}) - W \ge 0
    """
    cut, last = m.basin.end_value_cuts[c], m.basin.calendar.labels[-1]
    (water,) = m.basin.kept_waters
    return cut.worth + sum(v * (m.storage[r, last] - cut.storages[r]) for r, v in cut.values.items()) - m.worth_kept[water] >= 0


EQUATIONS = (Equation(end_value_backed, ("reservoirs",), "Mm3"), Equation(worth_within_cut, ("end_value_cuts",), "million USD"))


def value_of_storage(m: Any) -> Any:
    """What closing storage is worth, million USD."""
    return sum(e.value * m.kept_for_later[e.name] for e in m.basin.end_values.values()) + sum(m.worth_kept[w] for w in m.basin.kept_waters)
