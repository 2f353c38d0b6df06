"""``waterflow replay``: the past through the model's own arithmetic."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "replay"]

HELP = mark("Replay observed months: releases, withdrawals and runoff in, flows and storages beside what was observed.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--from", dest="first_month", metavar="MONTH", required=True, help=say("first month, as 2022-04"))
    parser.add_argument("--to", dest="last_month", metavar="MONTH", required=True, help=say("last month"))
    common.form(parser)


def replay(args: argparse.Namespace) -> str:
    """Replay observed months: releases, withdrawals and runoff in, flows and storages beside what was observed."""
    from waterflow.loading.model import read_basin
    from waterflow.observations.files import observed_tables
    from waterflow.report.replay_text import replay_table, replay_text
    from waterflow.validation.replay import replay as replayed
    from waterflow.validation.replay_facts import replay_facts

    tables = observed_tables(args.model, whole=True)
    with waiting(say("replaying {first} to {last}", first=args.first_month, last=args.last_month)):
        found = replayed(read_basin(args.model, step="month"), tables, args.first_month, args.last_month)
    if args.format == "csv":
        return str(replay_table(found).to_csv(index=False, lineterminator="\n"))
    if args.format == "json":
        return replay_facts(found, tables).model_dump_json(indent=2) + "\n"
    return replay_text(found, tables)
