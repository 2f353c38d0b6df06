"""The options of every command: ``python -m docs.make command_line`` writes them from the parsers that read them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from docs.make.pages import ROOT, filled, kept, table
from waterflow.cli import parser

PAGE = "docs/reference/command_line.md"
#: options of every command, told once
EVERYWHERE = ("--help", "--lang")


def _named(action: argparse.Action) -> str:
    """``--step {month,dekad}``, ``--out DIR``, ``MODEL``."""
    name = action.option_strings[-1] if action.option_strings else ""
    taken = f"{{{','.join(map(str, action.choices))}}}" if action.choices else str(action.metavar or "")
    valued = not isinstance(action, argparse._StoreTrueAction | argparse._StoreFalseAction)
    shown = " ".join(part for part in (name, taken if valued else "") if part)
    return f"`{shown}`" + (" (several)" if action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction) else "")


def section(name: str, command: argparse.ArgumentParser, mark: str = "###") -> str:
    """A command: what it answers, and its arguments and options, or those of each of its actions."""
    inner = next((a for a in command._actions if isinstance(a, argparse._SubParsersAction)), None)
    if inner is not None:
        parts = [section(f"{name} {action}", own, f"{mark}#") for action, own in inner.choices.items()]
        return "\n\n".join([f"{mark} {name}\n\n{command.description}", *parts])
    actions = [a for a in command._actions if a.option_strings[-1:] != [] or a.metavar]
    rows = [f"{_named(a)} | {a.help}" for a in actions if not set(a.option_strings) & set(EVERYWHERE)]
    shown = table("Argument or option | Meaning", [row.replace("%(default)s", "the default") for row in rows])
    return f"{mark} {name}\n\n{command.description}\n\n{shown}"


def named(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command, one with actions by each of them: ``season new``."""
    for name, command in commands.choices.items():
        inner = next((a for a in command._actions if isinstance(a, argparse._SubParsersAction)), None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {action}", parser) for action, parser in inner.choices.items())


def main() -> int:
    """Write the page, or with ``--check`` tell if it would change."""
    commands = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    made = {"options": "\n\n".join(section(name, command) for name, command in named(commands))}
    return kept({PAGE: filled((ROOT / PAGE).read_text(encoding="utf-8"), made.get)}, "command_line")


if __name__ == "__main__":
    sys.exit(main())
