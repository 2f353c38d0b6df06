"""Answers of an ensemble: how sure every promise is, what passes in how many members, who breaks a clause and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.basin.basin import Basin
from waterflow.basin.titles import title_of
from waterflow.futures.answer_facts import BadMember, EnsembleFacts, Outcome, Performance, Wetness
from waterflow.futures.broken import broken
from waterflow.futures.promises import MET, Promise, promises
from waterflow.futures.seen import Seen

__all__ = ["answers"]

Floats = NDArray[np.float64]


def answers(basin: Basin, dataset: xr.Dataset, source: str = "", seed: int | None = None, *, as_printed: bool = False) -> EnsembleFacts:
    r"""What an ensemble says, member by member weighed by its probability.

    Parameters
    ----------
    basin : Basin
        The one the ensemble was made of.
    dataset : Dataset
        As `waterflow.ensemble` returns it, or read back.
    source, seed
        Where the members are from, for whoever reads.
    as_printed : bool
        Whether a promise short by what nobody would call missed counts as met (`Promise.slight`).

    Returns
    -------
    EnsembleFacts
        A promise is met in a member if it is short by no more than `MET`, relative to max(1, what is asked); a member for
        which no plan exists meets none. Over the steps t (windows, or periods) of a promise in the members m, of weight w:
        **reliability** is the share of the members that fail in no step; **resilience** the probability that a success
        follows a failure,
        :math:`\sum_m w_m \sum_t [F_{m,t} \wedge S_{m,t+1}] / \sum_m w_m \sum_{t<T} [F_{m,t}]`; **vulnerability** the mean,
        over the members that fail, of their worst shortage (Hashimoto, Stedinger and Loucks, Reliability, resiliency, and
        vulnerability criteria for water resource system performance evaluation, 1982).
    """
    seen = Seen(basin, dataset)
    promised = [replace(promise, as_printed=as_printed) for promise in promises(seen)]
    return EnsembleFacts(
        questions=basin.questions,
        model=basin.name,
        scenario=basin.scenario or None,
        title=title_of(basin, basin.name),
        step=basin.calendar.step,
        horizon=f"{basin.calendar.start}/{basin.calendar.end}",
        source=source,
        seed=seed,
        members=len(seen.names),
        planned=int(seen.planned.sum()),
        weighted="probability" in dataset.coords,
        wetness=_wetness(seen),
        own_runoff=tuple(filter(None, str(dataset.attrs.get("own_runoff", "")).split(", "))),
        outcomes=tuple(outcome for promise in promised for outcome in _outcomes(seen, promise)),
        performance=tuple(_performance(seen, promise) for promise in promised),
        broken=broken(seen, promised),
        bad=tuple(_bad(seen)),
        with_head=bool(basin.head_plants),
    )


def _wetness(seen: Seen) -> Wetness:
    """Runoff of the members, those whose runoff is none left out."""
    known = np.flatnonzero(seen.judged)
    own = float(sum(map(sum, seen.basin.runoff.values())))
    if not len(known):
        return Wetness(driest_Mm3=own, driest_member="", median_Mm3=own, wettest_Mm3=own, wettest_member="", own_Mm3=own)
    totals = seen.runoff[known]
    driest, wettest = int(known[np.argmin(totals)]), int(known[np.argmax(totals)])
    middle = seen.exceedance(seen.runoff, seen.judged)
    return Wetness(
        driest_Mm3=float(totals.min()),
        driest_member=seen.names[driest],
        median_Mm3=next((x.value for x in middle if x.share == 0.5), float(np.median(totals))),
        wettest_Mm3=float(totals.max()),
        wettest_member=seen.names[wettest],
        own_Mm3=own,
    )


def _outcomes(seen: Seen, promise: Promise) -> Iterator[Outcome]:
    """One outcome for each window of a promise."""
    among = promise.held & seen.planned
    for k, window in enumerate(promise.windows):
        failed = promise.failed[:, k]
        short = np.where(failed, promise.short[:, k], 0.0)
        worst = int(np.argmax(np.where(among & failed, short, -1.0))) if (among & failed).any() else None
        asked = float(promise.asked[k])
        yield Outcome(
            kind=promise.kind,
            name=promise.name,
            title=promise.title,
            party=promise.party,
            window=window,
            unit=promise.unit,
            asked=None if np.isnan(asked) else asked,
            members=int(promise.held.sum()),
            probability=seen.share(among & ~failed, promise.held),
            mean_short=seen.mean(short, among),
            worst_short=float(short[among].max()) if among.any() else None,
            worst_member=None if worst is None else seen.names[worst],
            counted=promise.of,
            exceedance=seen.exceedance(promise.counted[:, k], among),
        )


def _performance(seen: Seen, promise: Promise) -> Performance:
    """Reliability, resilience and vulnerability, as `answers` defines them."""
    among = promise.held & seen.planned
    short = promise.short if promise.steps is None else promise.steps
    most = float(promise.slight.max(initial=MET))
    failed = promise.failed if promise.steps is None else short > most
    weights = seen.weights[among]
    before, after = failed[among, :-1], failed[among, 1:]
    followed = float(weights @ before.sum(axis=1))
    failing = among & failed.any(axis=1)
    worst = np.where(failing, np.nan_to_num(short).max(axis=1), 0.0)
    return Performance(
        kind=promise.kind,
        name=promise.name,
        title=promise.title,
        unit=promise.unit,
        steps="windows" if promise.steps is None else "periods",
        count=short.shape[1],
        reliability=seen.share(among & ~failing, promise.held),
        resilience=float(weights @ (before & ~after).sum(axis=1)) / followed if followed > 0 else None,
        vulnerability=seen.mean(worst, failing),
    )


def _bad(seen: Seen) -> Iterator[BadMember]:
    """Members without a plan, by number."""
    for k in np.flatnonzero(~seen.planned):
        clashing = str(seen.dataset["clashing"].values[k])
        yield BadMember(
            member=seen.names[k],
            number=int(k) + 1,
            status=str(seen.status[k]),
            runoff_Mm3=float(seen.runoff[k]) if seen.judged[k] else None,
            message=str(seen.dataset["message"].values[k]),
            clashing=tuple(filter(None, clashing.split("; "))),
        )
