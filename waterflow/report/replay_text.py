"""The replay for people: scores, sums and closure errors by site and season, as plain tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from waterflow.basin.titles import called, title_of
from waterflow.observations.record import Tables
from waterflow.report.past_names import agency_called, gauge_called, half_season_called, season_called
from waterflow.validation.replay import Replay
from waterflow.validation.replay_facts import ReplayFacts, replay_facts
from waterflow.words.catalogue import mark, say, say_of
from waterflow.words.dates import period_alone
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent

__all__ = ["replay_table", "replay_text"]


#: what may be crossed, and by whom
CROSSED = {
    ("storage_below_lowest", "observed"): mark("observed storage below the lowest"),
    ("storage_below_lowest", "simulated"): mark("simulated storage below the lowest"),
    ("storage_above_full", "observed"): mark("observed storage above full"),
    ("storage_above_full", "simulated"): mark("simulated storage above full"),
    ("water_missing", "simulated"): mark("withdrawn or usually used, and not there"),
    ("canal_over_capacity", "simulated"): mark("more than the canal's capacity"),
    ("reach_over_capacity", "simulated"): mark("more than the reach's capacity"),
}


def replay_table(replay: Replay) -> pd.DataFrame:
    """Everything that was compared, one row a figure: what, name, period, observed, simulated, month_ahead, Mm3."""
    flows = replay.flows.assign(what="flow", name=replay.flows["site"] + "." + replay.flows["quantity"])
    storages = replay.storages.assign(what="storage", name=replay.storages["reservoir"])
    wanted = ["what", "name", "period", "season", "observed", "simulated", "month_ahead"]
    both = pd.concat([flows.reindex(columns=wanted), storages[wanted]], ignore_index=True)
    return both.assign(period=both["period"].astype(str))


def _gauge_rows(found: ReplayFacts, tables: Tables) -> Iterator[list[str]]:
    before = ""
    for x in found.gauges:
        fit = [number(x.observed), per_cent(x.bias, decimals=1), number(x.nse, 2), number(x.kge, 2)]
        yield ["" if x.gauge == before else gauge_called(tables, x.gauge), season_called(x.season), str(x.count), *fit]
        before = x.gauge


def _sum_rows(found: ReplayFacts, tables: Tables) -> Iterator[list[str]]:
    before = ""
    for x in found.sums:
        shown = [number(v) for v in (x.observed_Mm3, x.simulated_Mm3, x.simulated_Mm3 - x.observed_Mm3)]
        name = "" if x.gauge == before else gauge_called(tables, x.gauge)
        yield [name, half_season_called(x.season), str(x.months), *shown]
        before = x.gauge


def _agency_sections(found: ReplayFacts, replay: Replay, tables: Tables) -> Iterator[str]:
    for place in dict.fromkeys(x.place for x in found.agencies):
        own = [x for x in found.agencies if x.place == place]
        first, *others = own[0].observed_Mm3
        names = [agency_called(tables, gauge) for gauge in (first, *others)]
        rows = []
        for x in own:
            mine = x.observed_Mm3[first]
            rest = [(x.observed_Mm3[o], x.observed_Mm3[o] - mine) for o in others]
            told = [text for value, more in rest for text in (number(value), number(more), per_cent(more, mine, 1))]
            rows.append([half_season_called(x.season), number(mine), *told, number(x.simulated_Mm3)])
        head = [say("season"), names[0]]
        for name in names[1:]:
            head += [name, say("difference"), say("of {agency}", agency=names[0])]
        title = say("Inflow as several agencies report it: {place}", place=called(replay.river, place))
        yield _section(title, [*head, say_of("volume", "simulated")], rows, 1)


def _storage_rows(found: ReplayFacts, replay: Replay) -> Iterator[list[str]]:
    for x in found.storages:
        months = f"{x.months}" + (f" (-{x.left_out})" if x.left_out else "")
        fit = [number(x.nse, 2), number(x.rmse_Mm3), number(x.month_ahead_nse, 2), number(x.month_ahead_rmse_Mm3)]
        yield [called(replay.river, x.reservoir), months, *fit]


def _own_error_rows(found: ReplayFacts, replay: Replay, tables: Tables) -> Iterator[list[str]]:
    for x in found.storages:
        for gauge, error in x.closure_rmse_Mm3.items():
            yield [called(replay.river, x.reservoir), gauge_called(tables, gauge), number(error)]


def _closure_rows(found: ReplayFacts, replay: Replay, tables: Tables) -> Iterator[list[str]]:
    before = ("", "")
    for x in found.closures:
        name = f"{called(replay.river, x.reservoir)}: {gauge_called(tables, x.balance)}"
        first = before != (x.reservoir, x.balance)
        yield [name if first else "", half_season_called(x.season), str(x.months), number(x.closure_Mm3)]
        before = (x.reservoir, x.balance)


def _crossed_rows(found: ReplayFacts, replay: Replay) -> Iterator[list[str]]:
    for x in found.crossed:
        volume = x.missing_Mm3 if x.limit_Mm3 is None else x.limit_Mm3
        yield [called(replay.river, x.place), say(CROSSED[x.what, x.of]), number(x.months), number(volume)]


def _section(title: str, head: Sequence[str], rows: Iterable[list[str]], left: int = 2, note: str = "") -> str:
    shown = list(rows)
    return "\n".join(x for x in (heading(title), note and paragraph(note), columns(head, shown, left)) if x) if shown else ""


def _foreword(found: ReplayFacts, replay: Replay) -> Iterator[str]:
    ends = {"first": period_alone(found.first), "last": period_alone(found.last)}
    yield say("{model}: replay of {first} to {last}, Mm3", model=title_of(replay.river, found.model), **ends)
    yield paragraph(
        say("Observed releases, withdrawals and runoff in; flows and storages out. Nothing is optimised, no limit is enforced.")
    )
    unseen = ", ".join(f"{called(replay.river, node)} {count}" for node, count in found.months_not_observed.runoff.items())
    if unseen:
        yield paragraph(
            say(
                "Months of runoff not observed, taken from the normal month and the wetness of the season (assumed): {places}.",
                places=unseen,
            )
        )
    users = len(found.months_not_observed.withdrawals)
    yield paragraph(say("Users whose mean month stands for a month not observed: {count} of {all}.", count=users, all=found.users))


def replay_text(replay: Replay, tables: Tables) -> str:
    """The replay as plain text."""
    found = replay_facts(replay, tables)
    gauge, season, months = say("gauge"), say("season"), say("months")
    parts = [
        "\n".join(_foreword(found, replay)),
        _section(say("Gauges"), (gauge, season, months, say("observed a month"), say("bias"), "NSE", "KGE"), _gauge_rows(found, tables)),
        _section(
            say("Sums and errors of every stretch"),
            (gauge, season, months, say_of("volume", "observed"), say_of("volume", "simulated"), say("error")),
            _sum_rows(found, tables),
            note=say("The stretch is that below the reservoirs above the gauge, whose observed releases are put in."),
        ),
        *_agency_sections(found, replay, tables),
        _section(
            say("Storages"),
            (say("reservoir"), months, "NSE", say("error"), say("month ahead NSE"), say("error")),
            _storage_rows(found, replay),
            left=1,
            note=say(
                "Put back to the observed storage every half-season; a month ahead: every month. Errors are root mean squares, Mm3. "
                "Months in brackets: suspect, left out."
            ),
        ),
        _section(
            say("How far the observations of a reservoir are from closing"),
            (say("reservoir"), say_of("volume", "inflow"), say("error")),
            _own_error_rows(found, replay, tables),
            note=say("A month ahead no model can be better than this."),
        ),
        _section(
            say("What the published balances do not explain"),
            (say("balance"), season, months, say("inflow less all that is known of it")),
            _closure_rows(found, replay, tables),
        ),
        _section(
            say("Limits crossed, and water that was not there"),
            (say("place"), say("what"), months, say("Mm3")),
            _crossed_rows(found, replay),
        ),
    ]
    return "\n".join(p for p in parts if p) + "\n"
