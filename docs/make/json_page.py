"""Tables of ``docs/reference/json.md`` from the models of the facts: ``python -m docs.make.json_page``.

With ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from waterflow.accounts.fact import Fact
from waterflow.report.published import PUBLISHED, published

PAGE = Path(__file__).resolve().parents[1] / "reference" / "json.md"
BLOCK = re.compile(r"(<!-- begin (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
#: keys of a plan that keep their names, units and meaning
CONTRACT = 13


def _inside(kind: Any) -> Iterator[Any]:
    """A type and every type inside it."""
    yield kind
    if get_origin(kind) is not Literal:
        for part in get_args(kind):
            yield from _inside(part)


def _words(text: str | None) -> str:
    """A docstring without its list of attributes, or a description, on one line."""
    first = " ".join(re.split(r"\n *Attributes\n", text or "")[0].split())
    first = re.sub(r"\bNone\b", "`null`", first)
    return first.replace("``", "`").replace("|", "\\|").rstrip(".")


def _facts(info: FieldInfo) -> type[Fact] | None:
    return next((x for x in _inside(info.annotation) if isinstance(x, type) and issubclass(x, Fact)), None)


def _values(info: FieldInfo) -> str:
    """What a field may be, if that is one of few words."""
    words = next((get_args(x) for x in _inside(info.annotation) if get_origin(x) is Literal), ())
    return ", ".join(f"`{x}`" for x in words)


def _attribute(owner: type[Fact], name: str) -> str:
    """What the docstrings of a class and those it is made of say of an attribute."""
    for cls in owner.__mro__:
        found = re.search(rf"^ +(?:\w+, )*{name}(?:, \w+)* : .*\n((?: {{8,}}.*\n)+)", cls.__doc__ or "", re.MULTILINE)
        if found:
            return found[1]
    return ""


def _field(owner: type[Fact], name: str, info: FieldInfo) -> str:
    """A field, what is to be said of it, its values if it has few, and the fields of the facts in it."""
    fact = _facts(info)
    said = _words(info.description or _attribute(owner, name))
    inner = f"{'each ' if get_origin(info.annotation) is tuple else ''}{_fields(fact)}" if fact else ""
    about = [x for x in (said[:1].lower() + said[1:], "" if name == "season" else _values(info), inner) if x]
    return f"`{name}` ({': '.join(about)})" if about else f"`{name}`"


def _fields(fact: type[Fact]) -> str:
    return ", ".join(_field(fact, name, info) for name, info in fact.model_fields.items())


def row(name: str, info: FieldInfo) -> str:
    """The row of a key: what it holds and the fields of the facts in it."""
    fact = _facts(info)
    if fact is None:
        return f"| `{name}` | {': '.join(x for x in (_words(info.description), _values(info)) if x)} |"
    listed = "list. " if get_origin(info.annotation) is tuple else ""
    said = ". ".join(x for x in (_words(info.description), _words(fact.__doc__)) if x)
    return f"| `{name}` | {listed}{said}: {_fields(fact)} |"


def _table(rows: Sequence[tuple[str, FieldInfo]]) -> str:
    return "\n".join(["| Key | What it holds |", "|---|---|", *(row(*x) for x in rows)]) + "\n"


def _block(name: str) -> str:
    fields = list(published("plan" if name in ("contract", "further") else name).model_fields.items())
    parts = {"contract": fields[:CONTRACT], "further": fields[CONTRACT:]}
    return _table(parts.get(name, fields))


def filled(text: str) -> str:
    """A page with the tables in its blocks made anew."""
    return BLOCK.sub(lambda found: found[1] + _block(found[2]) + found[3], text)


def main(arguments: Sequence[str]) -> int:
    """Write the page, or tell whether it is as it would be written."""
    text = PAGE.read_text(encoding="utf-8")
    named = {found[1] for found in BLOCK.findall(text)}
    missing = {"contract", "further", *PUBLISHED} - {"plan"} - named
    if missing:
        sys.stderr.write(f"{PAGE}: no block <!-- begin NAME --> for {', '.join(sorted(missing))}\n")
        return 1
    made = filled(text)
    if "--check" in arguments:
        if made != text:
            sys.stderr.write(f"{PAGE} is not as python -m docs.make.json_page writes it\n")
        return int(made != text)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
