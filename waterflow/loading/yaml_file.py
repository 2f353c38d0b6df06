"""YAML files as people write them: read in a guarded way, every key once, every value one that exists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from waterflow.errors import InputError, Problem
from waterflow.loading.texts import read_text
from waterflow.words.catalogue import say

__all__ = ["read_yaml"]

#: the reader in C where PyYAML was built with it: the same content, ten times faster
PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
#: how deep values may stand in one another and how many there may be, each repeated one counted again; ours stay below 10 and 3,000
DEEPEST, MOST = 40, 200_000
#: signs of a value that a message shows
LONGEST = 60
MERGE, TEXT = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"


class _Loader(PARSER):  # type: ignore[misc]
    """The safe loader, collecting keys given twice and values that do not exist instead of taking the last or failing."""

    def __init__(self, text: str, shown: str) -> None:
        super().__init__(text)
        self.shown, self.problems = shown, list[Problem]()

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are texts, each given once."""
        first: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            where = say("{shown}, line {number}", shown=self.shown, number=line)
            if not isinstance(key, ScalarNode):
                self.problems.append(Problem("not-yaml", where, say("a list or a mapping as a key"), say("a name as the key")))
                node.value = []
                return {}
            if key.tag == MERGE:
                continue
            # a key is a name: 2024 and yes are no number and no truth there
            key.tag = TEXT
            if key.value in first:
                found = say("{key}, as in line {number}", key=_cut(key.value), number=first[key.value])
                self.problems.append(Problem("twice", where, found, say("each key once"), say("Only one of them could count.")))
            first.setdefault(key.value, line)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made

    def construct_object(self, node: Node, deep: bool = False) -> Any:
        """A value, or its text where the value does not exist (29 February of a common year, a number of 5,000 digits)."""
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, OverflowError):
            where = say("{shown}, line {number}", shown=self.shown, number=node.start_mark.line + 1)
            text = _cut(str(getattr(node, "value", "")))
            if node.tag.endswith(":timestamp"):
                self.problems.append(Problem("bad-date", where, text, say("a date that exists")))
            else:
                self.problems.append(Problem("not-a-number", where, text, say("a number that can be read")))
            self.constructed_objects[node] = text
            return text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def read_yaml(path: Path, shown: str) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises
    ------
    InputError
        If the file is missing, not YAML or no mapping, or values stand too deep or too often in one another; all at once, if
        a key is given twice, is no text, or a value does not exist.
    """
    text, problems = read_text(path, shown)
    if problems:
        raise InputError(problems)
    try:
        if problems := list(_absurd(text, shown)):
            raise InputError(problems)
        loader = _Loader(text, shown)
        try:
            content = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = say("{shown}, line {number}", shown=shown, number=where.line + 1) if where else shown
        raise Problem("not-yaml", place, say("text that is not YAML"), say("key: value lines")).refusal() from error
    if loader.problems:
        raise InputError(loader.problems)
    if not isinstance(content, dict):
        raise Problem("not-yaml", shown, say("no mapping of keys to values"), say("key: value lines")).refusal()
    return content


def _absurd(text: str, shown: str) -> Iterator[Problem]:
    """What is well formed and would still break a reader: values nested too deep, or repeated until there are too many.

    Read as events, one after the other, so that nothing grows; a repeated value counts as often as it stands there.
    """
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    count = 0
    for event in yaml.parse(text, Loader=PARSER):
        mark = event.start_mark
        where = say("{shown}, line {number}", shown=shown, number=mark.line + 1 if mark else 1)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                yield Problem("not-yaml", where, f"*{_cut(str(event.anchor))}", say("a value that is complete before it is repeated"))
                return
            count += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor, count))
            count += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor:
                sizes[anchor] = count - before
        elif isinstance(event, yaml.ScalarEvent):
            count += 1
            if event.anchor:
                sizes[event.anchor] = 1
        if len(opened) > DEEPEST:
            yield Problem("not-yaml", where, say("values nested more than {most} deep", most=DEEPEST), say("key: value lines"))
            return
        if count > MOST:
            yield Problem("too-large", where, say("more than {most:,} values, repeated ones counted", most=MOST), say("fewer values"))
            return
