"""From what a plan that somebody brings was made, beside what it is followed under."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.basin.basin import Basin
from waterflow.loading.plan_origin import PlanOrigin
from waterflow.words.catalogue import say

__all__ = ["origin_in_words"]


def origin_in_words(origin: PlanOrigin | None, basin: Basin, known: tuple[str, ...], *, taken: bool) -> Iterator[str]:
    """What a workbook says it was made from, where that is not what it is followed under, or where it was taken from there.

    Parameters
    ----------
    origin : PlanOrigin or None
    basin : Basin
        It is judged on.
    known : tuple of str
        Agreements of the model.
    taken : bool
        Whether the scenario was taken from the workbook.
    """
    if origin is None:
        return
    if origin.model != basin.name:
        yield say("The workbook was made for the river {made}; it is followed on {judged}.", made=origin.model, judged=basin.name)
        return
    if taken:
        yield say("The workbook was made for the scenario {scenario}, and is followed under it.", scenario=origin.scenario)
    elif origin.scenario != basin.own_scenario:
        parts = {"made": origin.scenario or "-", "judged": basin.own_scenario or "-"}
        yield say("The workbook was made for the scenario {made}; it is followed under {judged}.", **parts)
    made = [name for name in origin.agreements if name in known]
    if set(made) != set(basin.agreements):
        parts = {"made": ", ".join(made) or "-", "judged": ", ".join(basin.agreements) or "-"}
        yield say("The workbook was made under the agreements {made}; it is followed under {judged}.", **parts)
    if asked := [x for x in origin.questions if x not in basin.questions]:
        yield say("The workbook's plan was made with what is not asked here: {questions}", questions=" ".join(asked))
