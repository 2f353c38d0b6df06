"""``waterflow ledger``: plan, facts and forecasts of a season as they come, and how it stands.

To add an action: a module of `waterflow.commands` with ``HELP``, ``options`` and a function called ``action``, and its place in `ACTIONS`.
"""

from __future__ import annotations

import argparse
from types import ModuleType

from waterflow.commands import ledger_add, ledger_export, ledger_forecast, ledger_log, ledger_merge, ledger_status
from waterflow.words.catalogue import languages, mark, say

__all__ = ["ACTIONS", "HELP", "ledger", "options"]

HELP = mark("Keep a season's ledger: plan, facts and forecasts as they come, deviations, alarms, what is owed; exchanged without a server.")
ACTIONS: dict[str, ModuleType] = {
    "add": ledger_add,
    "forecast": ledger_forecast,
    "status": ledger_status,
    "log": ledger_log,
    "merge": ledger_merge,
    "export": ledger_export,
}


def options(parser: argparse.ArgumentParser) -> None:
    """The options of every action."""
    actions = parser.add_subparsers(title=say("actions"), metavar="ACTION", required=True)
    for name, module in ACTIONS.items():
        action = actions.add_parser(name, help=say(module.HELP), description=say(module.HELP))
        action.set_defaults(action=module.action)
        told = say("language of the answer (default: that of the locale)")
        action.add_argument("--lang", choices=languages(), default=argparse.SUPPRESS, help=told)
        module.options(action)
    # another word that somebody may look for: it tells the right one
    elsewhere = actions.add_parser("replan", add_help=False)
    elsewhere.add_argument("rest", nargs=argparse.REMAINDER)
    elsewhere.set_defaults(action=_replan)


def _replan(args: argparse.Namespace) -> str:
    from waterflow.errors import Problem

    said, allowed = " ".join(["replan", *args.rest]), say("waterflow replan MODEL --ledger LEDGER")
    raise Problem("unknown-choice", "ACTION", said, allowed, say("The rest is planned from a model.")).refusal()


def ledger(args: argparse.Namespace) -> str:
    """Do what is asked of a ledger."""
    answer: str = args.action(args)
    return answer
