"""``waterflow value``: what a plan is worth to each party, and what one more m3 is worth at named places."""

from __future__ import annotations

import argparse
import json

from waterflow.commands.reading import model_of

__all__ = ["options", "value"]


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--scenario", metavar="S", help="one of the model's scenarios: one sum of benefits")
    parser.add_argument("--at", metavar="PLACE", nargs="+", help="reservoirs, or a node and a period as in kyzylorda/2025-07")
    parser.add_argument("--step", choices=("month", "dekad"), help="length of a period (default: the model's own)")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="form of the answer")


def value(args: argparse.Namespace) -> str:
    """Tell each party's payoff, and the value of one more m3 at places; needs a scenario with one sum of benefits."""
    from waterflow.allocation.allocate import allocate
    from waterflow.allocation.water_value import one_more
    from waterflow.basin.values import require_benefit
    from waterflow.report.facts import report
    from waterflow.report.table_money import value_csv, value_text

    basin = model_of(args).basin()
    require_benefit(basin)
    water = one_more(basin, args.at or ())
    facts = report(basin, allocate(basin).dataset) | {"one_more": water}
    if args.format == "json":
        wanted = ("model", "scenario", "step", "horizon", "objective", "payoffs", "one_more")
        return json.dumps({key: facts[key] for key in wanted}, indent=2, allow_nan=False) + "\n"
    return value_csv(facts) if args.format == "csv" else value_text(facts)
