"""``waterflow decide``: what to decide before knowing which of many futures comes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waterflow.commands import options as common
from waterflow.commands.reading import as_json, asked, model_of, tell, under
from waterflow.commands.runoff_asked import members_of
from waterflow.commands.waiting import waiting
from waterflow.words.catalogue import mark, say, say_many

if TYPE_CHECKING:
    from waterflow.basin.basin import Basin
    from waterflow.loading.model import Model

__all__ = ["HELP", "decide", "options"]

HELP = mark("Decide before knowing which of many futures comes; tell what knowing would be worth.")
#: leaves from which on it takes minutes
MANY = 40


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    common.members(parser, required=False)
    told = say("a table of the futures: node, parent, from, probability, runoff, power_price")
    parser.add_argument("--tree", metavar="FILE.csv", type=Path, help=told)
    told = say("the first period that is not known yet, as 2026-04 (default: the first of the growing season)")
    parser.add_argument("--from", dest="first", metavar="PERIOD", help=told)
    parser.add_argument("--money", action="store_true", help=say("one sum of benefits decides, not the model's order of priority"))
    risk = parser.add_mutually_exclusive_group()
    told = say("weight of the worst tenth of cases beside the mean, 0 to 1 (default 0)")
    risk.add_argument("--cvar", metavar="WEIGHT", type=float, default=0.0, help=told)
    risk.add_argument("--regret", action="store_true", help=say("keep the largest regret smallest instead of the mean"))
    told = say("a target that must be met with a probability, by its place or name, as north=0.9; may be given again")
    parser.add_argument("--chance", metavar="TARGET=SHARE", type=_chance, action="append", default=[], help=told)
    common.scenario(parser)
    common.agreement(parser)
    common.questions(parser)
    common.step(parser)
    common.form(parser)
    common.progress(parser)


def _chance(text: str) -> tuple[str, float]:
    name, sign, share = text.rpartition("=")
    try:
        value = float(share)
    except ValueError:
        sign = ""
    if not sign or not name:
        raise argparse.ArgumentTypeError(say("{text} is not written TARGET=SHARE", text=repr(text)))
    return name, value


def decide(args: argparse.Namespace) -> str:
    """Decide before knowing which of many futures comes; tell what knowing would be worth."""
    from waterflow.basin.objective import Objective
    from waterflow.futures.risk_measure import RiskMeasure
    from waterflow.futures.tree_facts import tree_facts
    from waterflow.futures.trees import tree
    from waterflow.report.tree_text import tree_csv, tree_text

    model = model_of(args)
    basin = model.basin()
    if args.money:
        basin = basin.replaced(objective=Objective())
    wanted = _chances(basin, args.chance)
    nodes, runoff, where, source = _futures(args, model, basin)
    what = say_many("deciding over {count} node", "deciding over {count} nodes", len(nodes))
    if len(nodes) > MANY and basin.objective.priorities:
        tell(say("warning: {sentence}", sentence=say("an order of priority over so many futures takes minutes; --money is faster")))
    with waiting(what, shown=args.progress):
        found = tree(basin, nodes, runoff, risk=RiskMeasure(args.cvar), regret=args.regret, chances=wanted, where=where)
        facts = asked(model, tree_facts(found, basin, wanted, source, args.seed if source == "generated" else None))
    if args.format == "json":
        return as_json(facts.model_dump(mode="json"))
    return tree_csv(facts) if args.format == "csv" else under(facts, tree_text(facts))


def _chances(basin: Basin, asked: list[tuple[str, float]]) -> dict[str, float]:
    """Targets by name: a place stands for all its targets."""
    from waterflow.errors import Problem

    found: dict[str, float] = {}
    for name, share in asked:
        at_place = [target for target, x in basin.targets.items() if x.place == name]
        if found.keys() & set(at_place or [name]):
            raise Problem("twice", "--chance", name, say("each target once")).refusal()
        found |= dict.fromkeys(at_place or [name], share)
    return found


def _futures(args: argparse.Namespace, model: Model, basin: Basin) -> tuple[Any, Any, dict[str, str], str]:
    """Nodes, the runoff of members they name, where they stand, and where they are from."""
    from waterflow.errors import InputError, Problem
    from waterflow.futures.members import historical
    from waterflow.futures.tree_file import read_tree
    from waterflow.futures.tree_nodes import two_stages

    if args.tree is not None:
        beside = [f"--{name}" for name in ("members", "historical", "first") if getattr(args, name)]
        if beside:
            allowed = say("either a table of futures or members of runoff")
            raise InputError([Problem("bad-tree", "--tree", ", ".join(beside).replace("first", "from"), allowed)])
        nodes, where = read_tree(args.tree, model.sources)
        return nodes, historical(model) if any(node.member for node in nodes) else None, where, args.tree.name
    if not args.members:
        args.historical = True
    runoff, source = members_of(args, model)
    first = args.first or next((p.label for p in basin.calendar.periods[1:] if p.season == "growing"), basin.calendar.labels[-1])
    if first not in basin.calendar.labels[1:]:
        span = say("{first} to {last}", first=basin.calendar.labels[1], last=basin.calendar.labels[-1])
        raise InputError([Problem("bad-tree", "--from", first, say("a period of the horizon after its first: {span}", span=span))])
    return two_stages(basin, runoff, first), runoff, {}, source
