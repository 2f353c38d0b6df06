r"""Morris screening: which inputs move a figure when others move too, from a few one-at-a-time walks.

The walks are SALib's (Morris 1991, Technometrics 33; Campolongo et al. 2007, Environmental Modelling and
Software 22). An elementary effect is what the figure does when one input crosses its whole range,

.. math:: EE_i = \frac{y(x + \Delta e_i) - y(x)}{\Delta}, \qquad x \in [0, 1]^k

with ``mu_star`` the mean of :math:`|EE_i|` (how much the input matters) and ``sigma`` their standard deviation
(how much that depends on the others). Both are in the unit of the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from waterflow.errors import ConflictError, InputError, Problem, SolverError
from waterflow.explain.doubt import Members
from waterflow.loading.ranges import Input
from waterflow.words.catalogue import say, say_many

__all__ = ["LEVELS", "Morris", "MorrisEffect", "morris", "require_extra"]

#: positions of an input between low and high, ends included
LEVELS = 4
FEWEST = 2


@dataclass(frozen=True)
class MorrisEffect:
    """``mu_star`` and ``sigma`` of an input, in the unit of the figure."""

    input: Input
    mu_star: float
    sigma: float


@dataclass(frozen=True)
class Morris:
    """Effects, the largest first; members solved, those without a plan, and walks that were whole; the figure's extremes."""

    effects: tuple[MorrisEffect, ...]
    members: int
    no_plan: int
    walks: int
    whole_walks: int
    lowest: float
    highest: float
    seed: int


def require_extra(library: str, extra: str, asked: str) -> None:
    """Refuse what needs a library that is not installed.

    Raises
    ------
    InputError
        Naming the extra that brings it.
    """
    if find_spec(library) is None:
        cause = f"pip install 'syr-waterflow[{extra}]'"
        found = say("no library {library}", library=library)
        raise Problem("missing-extra", asked, found, say("an installation with the extra {extra}", extra=extra), cause).refusal()


def morris(members: Members, inputs: Sequence[Input], walks: int, seed: int) -> Morris:
    """Screen inputs by some walks through their ranges.

    Parameters
    ----------
    members : Members
    inputs : sequence of Input
        At least two.
    walks : int
        Each solves the river once more than there are inputs. A walk with a member that has no plan is left out
        of the effects, and counted.
    seed : int
        The same seed walks the same way.

    Raises
    ------
    InputError
        If SALib is missing, or there are too few inputs or whole walks to say anything.
    """
    require_extra("SALib", "doubt", "--morris")
    if len(inputs) < FEWEST:
        allowed = say("at least {least}", least=FEWEST)
        raise Problem(
            "too-few", "--morris", say_many("{count} input that moves", "{count} inputs that move", len(inputs)), allowed
        ).refusal()
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    # in the order of their names, so that a walk does not depend on who asks
    inputs = sorted(inputs, key=lambda i: i.name)
    names = [i.name for i in inputs]
    problem: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = np.asarray(sampling.sample(problem, walks, num_levels=LEVELS, seed=seed))
    values = np.array([_value(members, inputs, point) for point in points])
    shape = (walks, len(names) + 1)
    whole = np.isfinite(values).reshape(shape).all(axis=1)
    if whole.sum() < FEWEST:
        found = say("{count} of {walks} walks with a plan at every point", count=int(whole.sum()), walks=walks)
        raise Problem(
            "too-few", "--morris", found, say("at least {least}", least=FEWEST), say("Narrower ranges leave more plans.")
        ).refusal()
    kept = np.repeat(whole, shape[1])
    found = analysis.analyze(problem, points[kept], values[kept], num_levels=LEVELS, seed=seed)
    triples = zip(inputs, found["mu_star"], found["sigma"], strict=True)
    effects = [MorrisEffect(i, float(m) + 0.0, float(s) + 0.0) for i, m, s in triples]
    return Morris(
        effects=tuple(sorted(effects, key=lambda e: (-round(e.mu_star, 6), e.input.name))),
        members=len(values),
        no_plan=int(np.isnan(values).sum()),
        walks=walks,
        whole_walks=int(whole.sum()),
        lowest=float(np.nanmin(values)),
        highest=float(np.nanmax(values)),
        seed=seed,
    )


def _value(members: Members, inputs: Sequence[Input], point: Sequence[float]) -> float:
    try:
        return members.value(list(zip(inputs, map(float, point), strict=True)))
    except (ConflictError, InputError, SolverError):
        return float("nan")
