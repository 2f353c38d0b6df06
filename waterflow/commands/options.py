"""Options that several commands share."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from waterflow.calendar import STEPS
from waterflow.words.catalogue import say

__all__ = ["agreement", "form", "iso_date", "members", "out", "progress", "questions", "scenario", "step"]


def scenario(parser: argparse.ArgumentParser) -> None:
    """One scenario of the model."""
    parser.add_argument("--scenario", metavar="S", help=say("a scenario: one of the model, or a file of your own"))


def agreement(parser: argparse.ArgumentParser) -> None:
    """Agreements in force."""
    told = say("an agreement in force: one of the model, or a file of your own; may be given again")
    parser.add_argument("--agreement", metavar="A", action="append", help=told)


def questions(parser: argparse.ArgumentParser) -> None:
    """What-if questions."""
    told = say("what if a figure were another one, as in target.PLACE.growing=1792 or runoff.all=x0.9; may be given again")
    parser.add_argument("--set", dest="questions", metavar="ADDRESS=VALUE", action="append", type=_question, default=[], help=told)


def _question(text: str) -> tuple[str, str]:
    address, sign, value = text.partition("=")
    if not sign or not address.strip() or not value.strip():
        raise argparse.ArgumentTypeError(say("{text} is not written ADDRESS=VALUE", text=repr(text)))
    return address.strip(), value.strip()


def step(parser: argparse.ArgumentParser) -> None:
    """Months, dekads, weeks or days."""
    parser.add_argument("--step", choices=tuple(STEPS), help=say("length of a period (default: the model's own)"))


def members(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Members of runoff, and the seed of those that are drawn."""
    chosen = parser.add_mutually_exclusive_group(required=required)
    told = say("how many members are drawn after the record, or a netCDF file of runoff (member, node, period), Mm3 or m3 s-1")
    chosen.add_argument("--members", metavar="N|FILE.nc", help=told)
    chosen.add_argument("--historical", action="store_true", help=say("one member for each recorded year"))
    parser.add_argument("--seed", metavar="N", type=int, default=1, help=say("seed of the members that are drawn (default 1)"))


def form(parser: argparse.ArgumentParser, forms: Sequence[str] = ("table", "json", "csv")) -> None:
    """The form of the answer."""
    parser.add_argument("--format", choices=forms, default=forms[0], help=say("form of the answer"))


def progress(parser: argparse.ArgumentParser) -> None:
    """No word about progress."""
    parser.add_argument("--no-progress", dest="progress", action="store_false", help=say("say nothing while solving"))


def iso_date(text: str) -> dt.date:
    """A date typed as an option."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say("{text} is not a date written 2025-04-01", text=repr(text))) from None


def out(parser: argparse.ArgumentParser, told: str) -> None:
    """A folder to write to."""
    parser.add_argument("--out", metavar="DIR", type=Path, help=told)
