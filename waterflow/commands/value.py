"""``waterflow value``: what a plan is worth to each party, and what one more m3 is worth at named places."""

from __future__ import annotations

import argparse
import json


def value(args: argparse.Namespace) -> str:
    """Tell each party's payoff, and the value of one more m3 at places; needs a scenario with one sum of benefits."""
    from waterflow.allocation.allocate import allocate
    from waterflow.allocation.water_value import one_more
    from waterflow.basin.values import require_benefit
    from waterflow.loading.model import read_basin
    from waterflow.report.facts import report
    from waterflow.report.table_money import value_csv, value_text

    basin = read_basin(args.model, args.scenario, args.step)
    require_benefit(basin)
    water = one_more(basin, args.at or ())
    allocation = allocate(basin)
    facts = report(allocation.basin, allocation.dataset) | {"one_more": water}
    if args.format == "json":
        wanted = ("model", "scenario", "step", "horizon", "objective", "payoffs", "one_more")
        return json.dumps({key: facts[key] for key in wanted}, indent=2, allow_nan=False) + "\n"
    return value_csv(facts) if args.format == "csv" else value_text(facts)
