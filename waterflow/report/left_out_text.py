"""How well each half-season is predicted from the others, as plain tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.observations.record import Tables
from waterflow.report.past_names import agency_called, half_season_called
from waterflow.validation.left_out_facts import LeftOutScore, SeasonRange, SiteLeftOut
from waterflow.words.catalogue import mark, say, say_many, say_of
from waterflow.words.layout import columns, heading
from waterflow.words.numbers import number, per_cent

__all__ = ["left_out_text"]

#: what a fit may be made from, as people call it
CANDIDATES = {
    "mean of the month": mark("mean of the month"),
    "wetness": mark("wetness"),
    "wetness, releases": mark("wetness, releases"),
    "wetness, releases, storage": mark("wetness, releases, storage"),
}


def _cells(name: str, x: LeftOutScore, of: SeasonRange | None = None) -> list[str]:
    biases = (per_cent(bias, decimals=1) for bias in (x.bias_method_fraction, x.bias_baseline_fraction))
    expected = [number(of.predicted_Mm3), say("{low} to {high}", low=number(of.low_Mm3), high=number(of.high_Mm3))] if of else ["", ""]
    outside = [] if of is None or of.holds_observed else ["*"]
    expected[1] = " ".join([*outside, expected[1]])
    return [name, number(x.months), number(x.observed_Mm3), *expected, number(x.rmse_method_Mm3), number(x.rmse_baseline_Mm3), *biases]


def _rows(found: SiteLeftOut, tables: Tables) -> Iterator[list[str]]:
    for season, x in found.seasons.items():
        yield _cells(half_season_called(season), x, found.ranges[season])
    yield _cells(say("all seasons"), found.pooled)
    if found.second:
        yield _cells(agency_called(tables, found.second.gauge) or found.second.gauge, found.second.against_it)
        yield _cells(say("same months"), found.second.same_months)


def _said(found: SiteLeftOut) -> Iterator[str]:
    less = 1 - found.pooled.ratio
    share = per_cent(abs(less), decimals=1)
    if less > 0:
        yield say("the error is {share} below the baseline", share=share)
    else:
        yield say("the error is {share} above the baseline", share=share)
    rounds = sum(found.chosen.values())
    for name, count in found.chosen.items():
        yield say("chosen in {count} of {rounds} seasons: {predictors}", count=count, rounds=rounds, predictors=say(CANDIDATES[name]))
    for weight, count in sorted(found.weights.items()):
        about = {"weight": number(weight, 2), "count": count, "rounds": rounds}
        yield say("weight of the water balance {weight} in {count} of {rounds} seasons", **about)
    inside = sum(x.holds_observed for x in found.ranges.values())
    told = mark("the range, made to hold nine in ten, holds {inside} of {rounds} seasons left out ({share}); * marks the others")
    yield say(told, inside=inside, rounds=rounds, share=per_cent(found.coverage, decimals=0))
    yield say_many(
        "{count} month with a predictor beyond what the other seasons saw, held at the nearest they saw",
        "{count} months with a predictor beyond what the other seasons saw, held at the nearest they saw",
        found.months_beyond,
    )
    yield say_many(
        "{count} month with a predictor not seen, taken as its mean of the month",
        "{count} months with a predictor not seen, taken as its mean of the month",
        found.months_with_unseen,
    )


def left_out_text(sites: Sequence[SiteLeftOut], basin: Basin, tables: Tables) -> str:
    """Every season of every site, all together, and what was chosen.

    Volumes observed in Mm3, errors as root mean squares in Mm3 per month, bias as sum of errors over sum observed.
    """
    head = [say("season"), say("months"), say_of("volume", "observed"), say("predicted"), say("range"), say("error")]
    head += [say("of baseline"), say("bias"), say("of baseline")]
    parts = []
    for found in sites:
        title = heading(say("Inflow, each season predicted from the others: {place}", place=called(basin, found.site)))
        parts.append("\n".join([title, columns(head, list(_rows(found, tables))), *_said(found)]))
    return "\n".join(parts).lstrip("\n") + "\n"
