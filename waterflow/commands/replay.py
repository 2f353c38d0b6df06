"""``waterflow replay``: the past through the model's own arithmetic."""

from __future__ import annotations

import argparse
import json

__all__ = ["options", "replay"]


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--from", dest="first_month", metavar="MONTH", required=True, help="first month, as 2022-04")
    parser.add_argument("--to", dest="last_month", metavar="MONTH", required=True, help="last month")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="form of the answer")


def replay(args: argparse.Namespace) -> str:
    """Replay observed months: releases, withdrawals and runoff in, flows and storages beside what was observed."""
    from waterflow.loading.model import read_basin
    from waterflow.validation.files import observed_tables
    from waterflow.validation.replay import replay as replayed
    from waterflow.validation.replay_report import replay_facts, replay_table, replay_text

    tables = observed_tables(args.model)
    found = replayed(read_basin(args.model, step="month"), tables, args.first_month, args.last_month)
    if args.format == "csv":
        return str(replay_table(found).to_csv(index=False, lineterminator="\n"))
    if args.format == "json":
        return json.dumps(replay_facts(found, tables), indent=2, allow_nan=False) + "\n"
    return replay_text(found, tables)
