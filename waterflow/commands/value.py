"""``waterflow value``: what a plan is worth to each party, and what one more m3 is worth at named places."""

from __future__ import annotations

import argparse

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, under
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "value"]

HELP = mark("Tell each party's payoff, and the value of one more m3 at places; needs a scenario with one sum of benefits.")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.agreement(parser)
    common.questions(parser)
    parser.add_argument("--scenario", metavar="S", help=say("one of the model's scenarios: one sum of benefits"))
    parser.add_argument("--at", metavar="PLACE", nargs="+", help=say("reservoirs, or a node and a period as in NODE/2025-07"))
    common.step(parser)
    common.form(parser)
    common.progress(parser)


def value(args: argparse.Namespace) -> str:
    """Tell each party's payoff, and the value of one more m3 at places; needs a scenario with one sum of benefits."""
    from waterflow.accounts.plan_facts import plan_facts
    from waterflow.allocation.allocate import allocate
    from waterflow.basin.levels import require_benefit
    from waterflow.explain.price_facts import Value
    from waterflow.explain.water_value import one_more
    from waterflow.report.value_text import value_csv, value_text

    model = model_of(args)
    basin = model.basin()
    require_benefit(basin)
    with waiting(say("pricing water at places"), shown=args.progress):
        water = one_more(basin, args.at or ())
    plan = plan_facts(basin, allocate(basin).dataset)
    about = {name: getattr(plan, name) for name in ("model", "scenario", "step", "horizon", "objective", "payoffs")}
    found = asked(model, Value(**about, one_more=water))
    if args.format == "json":
        return as_json(found.model_dump(mode="json"))
    return value_csv(found) if args.format == "csv" else under(found, value_text(found, plan))
