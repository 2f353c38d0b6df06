"""The sentences of argparse, which asks gettext for them: said in the language spoken like all others."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager

from waterflow.words.catalogue import DOMAIN, LOCALE, mark, spoken

__all__ = ["SENTENCES", "translated_argparse"]

#: what argparse says; plural forms are pairs
SENTENCES = (
    mark("usage: "),
    mark("%(heading)s:"),
    mark("positional arguments"),
    mark("options"),
    mark("subcommands"),
    mark("show this help message and exit"),
    mark("%(prog)s: error: %(message)s\n"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid %(type)s value: %(value)r"),
    mark("the following arguments are required: %s"),
    mark("unrecognized arguments: %s"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("not allowed with argument %s"),
    mark("one of the arguments %s is required"),
    mark("expected one argument"),
    mark("expected at most one argument"),
    mark("expected at least one argument"),
    mark("ignored explicit argument %r"),
    mark("unexpected option string: %s"),
)


@contextmanager
def translated_argparse() -> Iterator[None]:
    """Let argparse speak the language spoken; what gettext was told before is told it again afterwards."""
    domain, asked = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = spoken()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if asked is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = asked
