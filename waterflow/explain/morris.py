r"""Morris screening: which inputs move a figure when others move too, from a few one-at-a-time walks.

The walks are SALib's (Morris 1991, Technometrics 33; Campolongo et al. 2007, Environmental Modelling and
Software 22). An elementary effect is what the figure does when one input crosses its whole range,

.. math:: EE_i = \frac{y(x + \Delta e_i) - y(x)}{\Delta}, \qquad x \in [0, 1]^k

with ``mu_star`` the mean of :math:`|EE_i|` (how much the input matters) and ``sigma`` their standard deviation
(how much that depends on the others). Both are in the unit of the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from waterflow.errors import ConflictError, InputError, Problem, SolverError
from waterflow.explain.doubt import Members
from waterflow.explain.doubt_facts import Morris, MorrisEffect
from waterflow.extras import require_extra
from waterflow.loading.ranges import Input
from waterflow.progress import each
from waterflow.words.catalogue import say, say_many

__all__ = ["LEVELS", "morris"]

#: positions of an input between low and high, ends included
LEVELS = 4
FEWEST = 2


def morris(members: Members, inputs: Sequence[Input], walks: int, seed: int) -> Morris:
    """Screen inputs by some walks through their ranges: a global sensitivity analysis that few plans can pay for.

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
        few = say_many("{count} input that moves", "{count} inputs that move", len(inputs))
        raise Problem("too-few", "--morris", few, say("at least {least}", least=FEWEST)).refusal()
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    # in the order of their names, so that a walk does not depend on who asks
    inputs = sorted(inputs, key=lambda i: i.name)
    names = [i.name for i in inputs]
    problem: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = np.asarray(sampling.sample(problem, walks, num_levels=LEVELS, seed=seed))
    values = np.array([_value(members, inputs, point) for point in each(list(points))])
    shape = (walks, len(names) + 1)
    whole = np.isfinite(values).reshape(shape).all(axis=1)
    if whole.sum() < FEWEST:
        found = say("{count} of {walks} walks with a plan at every point", count=int(whole.sum()), walks=walks)
        least, cause = say("at least {least}", least=FEWEST), say("Narrower ranges leave more plans.")
        raise Problem("too-few", "--morris", found, least, cause).refusal()
    kept = np.repeat(whole, shape[1])
    found = analysis.analyze(problem, points[kept], values[kept], num_levels=LEVELS, seed=seed)
    triples = zip(inputs, found["mu_star"], found["sigma"], strict=True)
    effects = [MorrisEffect(input=i.name, mu_star=float(m) + 0.0, sigma=float(s) + 0.0) for i, m, s in triples]
    return Morris(
        inputs=tuple(sorted(effects, key=lambda e: (-round(e.mu_star, 6), e.input))),
        members=len(values),
        without_plan=int(np.isnan(values).sum()),
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
