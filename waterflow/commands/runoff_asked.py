"""Members of runoff that several commands ask for: of a file, of the record, or drawn after it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from waterflow.commands.reading import tell
from waterflow.words.catalogue import mark, say

if TYPE_CHECKING:
    import xarray as xr

    from waterflow.loading.model import Model

__all__ = ["members_of"]


def members_of(args: argparse.Namespace, model: Model) -> tuple[xr.DataArray | xr.Dataset, str]:
    """The runoff that was asked for, and where it is from."""
    from waterflow.errors import Problem

    if args.members and args.members.endswith(".nc"):
        from waterflow.futures.files import read_forecast
        from waterflow.futures.runoff import runoff_of

        path = Path(args.members)
        found = read_forecast(path)
        kept = runoff_of(model.basin(), found, str(path)).kept
        if kept:
            told = mark("{file} has nothing for {nodes}: their own runoff is kept")
            tell(say("warning: {sentence}", sentence=say(told, file=path.name, nodes=", ".join(kept))))
        return found, path.name
    from waterflow.futures import members

    if args.historical:
        return members.historical(model), "historical"
    if args.seed < 0:
        raise Problem("not-a-number", "--seed", str(args.seed), say("a whole number, 0 or more")).refusal()
    if not args.members.isdecimal():
        raise Problem("not-a-number", "--members", args.members, say("a number of members, or the name of a .nc file")).refusal()
    return members.generated(model, int(args.members), args.seed), "generated"
