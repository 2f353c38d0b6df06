"""The command line: one command a module of `waterflow.commands`, one answer on standard output, everything else on standard error.

To add a command: a module in `waterflow.commands` with ``HELP``, ``options`` and a function of the module's name, which
takes the parsed arguments and returns the answer; and its place in `COMMANDS`. Heavy imports wait inside the functions.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, cast

from waterflow.commands import (
    addresses,
    allocate,
    calibrate,
    check,
    clauses,
    compare,
    convert,
    decide,
    doubt,
    ensemble,
    evaluate,
    hindsight,
    import_,
    kept_water,
    ledger,
    models,
    myopic,
    negotiate,
    new,
    replan,
    replay,
    report,
    rolling,
    schema,
    season,
    serve,
    shock,
    validate,
    value,
    why,
)
from waterflow.words.argparse_words import translated_argparse
from waterflow.words.catalogue import language_asked, languages, say, speaking
from waterflow.words.signs import tolerant

__all__ = ["main", "parser", "run"]

COMMANDS: tuple[ModuleType, ...] = (
    check,
    allocate,
    compare,
    addresses,
    models,
    clauses,
    evaluate,
    report,
    ledger,
    convert,
    negotiate,
    serve,
    new,
    value,
    why,
    doubt,
    ensemble,
    decide,
    kept_water,
    replan,
    shock,
    rolling,
    myopic,
    replay,
    import_,
    hindsight,
    validate,
    calibrate,
    schema,
    season,
)
#: commands that take no model, or name it themselves
WITHOUT_MODEL = (convert, import_, ledger, models, new, report, schema, season, serve)
OK, CRASH, USAGE, INPUT, CONFLICT, SOLVER, STOPPED = 0, 1, 2, 3, 4, 5, 130


class _Version(argparse.Action):
    """Print the version of the installed distribution; looked up only when asked."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        """Print and leave."""
        from waterflow import __version__

        sys.stdout.write(f"waterflow {__version__}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """The parser of the command line, its help in the language spoken."""
    codes = say("exit codes: 0 ok, 1 crash, 2 usage, 3 wrong inputs, 4 no plan obeys every rule, 5 the solver stopped")
    model = say("a MODEL is the name of a shipped model, or a path (with a separator, or ending in .yaml)")
    whole = argparse.ArgumentParser(
        prog="waterflow",
        description=say("Allocate a shared river among its parties."),
        epilog=f"{codes}\n{model}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help=say("print the version and leave"))
    commands = whole.add_subparsers(title=say("commands"), metavar="COMMAND", required=True)
    for module in COMMANDS:
        name = module.__name__.rpartition(".")[2]
        # a word of Python, as import is, has an underscore behind it
        command = commands.add_parser(name.rstrip("_").replace("_", "-"), help=say(module.HELP), description=say(module.HELP))
        command.set_defaults(run=getattr(module, name))
        command.add_argument("--lang", choices=languages(), help=say("language of the answer (default: that of the locale)"))
        if module not in WITHOUT_MODEL:
            command.add_argument("model", metavar="MODEL", help=say("name of a shipped model, or a path"))
        module.options(command)
    return whole


class _Messages:
    """Standard error, as far as anybody hears it: messages for nobody are no reason to give up the work.

    Parameters
    ----------
    stream : TextIO or None
        None where a program was started without one.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Say it, if it can be said."""
        return self._tried("write", text) or len(text)

    def flush(self) -> None:
        """See that it is said."""
        self._tried("flush")

    def isatty(self) -> bool:
        """True for a terminal."""
        return bool(self._tried("isatty"))

    def _tried(self, what: str, *arguments: str) -> Any:
        try:
            return None if self._stream is None else getattr(self._stream, what)(*arguments)
        except (OSError, ValueError):
            # what waits in it would be tried again at the end, and make another exit code
            _let_go(self._stream)
            return None


def _let_go(stream: Any) -> None:
    """Let what a stream still holds go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _answer(text: str) -> None:
    """The answer, on standard output; a reader that has gone away, or was never there, is no error.

    Raises
    ------
    InputError
        If it cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)
    except OSError as error:
        _let_go(sys.stdout)
        from waterflow.errors import Problem
        from waterflow.files import no_way

        allowed = say("an output that can be written")
        raise Problem("bad-output", say("standard output"), no_way(error), allowed).refusal() from error


@contextmanager
def _heard() -> Iterator[None]:
    """Messages may find nobody."""
    whole = sys.stderr
    sys.stderr = cast("Any", _Messages(whole))
    try:
        yield
    finally:
        sys.stderr = whole


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = parser().parse_args(argv)
        _answer(args.run(args))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    except KeyboardInterrupt:
        _tell(say("stopped"))
        return STOPPED
    except Exception as error:
        return _failed(error)
    return OK


def _failed(error: Exception) -> int:
    """Say what was refused, or where the program failed; the exit code."""
    # loaded only now: --help needs none of it
    import traceback

    from waterflow.errors import ConflictError, InputError, SolverError, WaterflowError

    if not isinstance(error, WaterflowError):
        traceback.print_exception(error)
        return CRASH
    _tell(str(error))
    codes = ((InputError, INPUT), (ConflictError, CONFLICT), (SolverError, SOLVER))
    return next((code for kind, code in codes if isinstance(error, kind)), CRASH)


def _language(argv: Sequence[str]) -> str:
    """The language of ``--lang``, wherever it stands; it must be known before the help is made."""
    asked = None
    for k, word in enumerate(argv):
        if word == "--lang" and k + 1 < len(argv):
            asked = argv[k + 1]
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
    return language_asked(asked)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the command's name; those of the process without one.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    tolerant(sys.stdout, sys.stderr)
    with _heard(), speaking(_language(arguments)), translated_argparse():
        return _run(arguments)


def run() -> None:
    """The installed command."""
    sys.exit(main())


if __name__ == "__main__":
    run()
