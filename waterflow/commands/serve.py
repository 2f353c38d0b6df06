"""``waterflow serve``: the page on the negotiating table."""

from __future__ import annotations

import argparse
from pathlib import Path

from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

__all__ = ["HELP", "options", "serve"]

HELP = mark("Open the workbench: a page on which promises are moved and every figure answers.")
PORT = 8765


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    told = say("models to serve: shipped names or paths (default: all that are shipped)")
    parser.add_argument("models", metavar="MODEL", nargs="*", help=told)
    told = say("a season's ledger, served with its model: facts, forecasts and alarms on the page, and the rest planned again")
    parser.add_argument("--ledger", metavar="LEDGER", type=Path, help=told)
    parser.add_argument("--port", metavar="N", type=int, default=PORT, help=say("port (default {port}; 0: any that is free)", port=PORT))
    parser.add_argument("--lan", action="store_true", help=say("for several laptops in one room: anybody with the whole address"))
    parser.add_argument("--processes", metavar="N", type=int, default=2, help=say("processes that solve (default 2)"))


def serve(args: argparse.Namespace) -> str:
    """Open the workbench: a page on which promises are moved and every figure answers."""
    from waterflow.extras import require_extra

    for library in ("fastapi", "uvicorn"):
        require_extra(library, "serve", "serve")
    from waterflow.workbench.served import run

    run(args.models, port=args.port, lan=args.lan, processes=args.processes, tell=tell, ledger=args.ledger)
    return ""
