"""Plans side by side as text: what differs, in groups, as many plans a block as fit the width; and what is the same."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from waterflow.words.catalogue import say
from waterflow.words.layout import WIDTH, columns, paragraph
from waterflow.words.numbers import number, places

__all__ = ["Line", "side_by_side"]

#: a heading of a column is folded at underscores where it is longer
LONGEST = 12
#: spaces before a row of a group
INDENT = "  "
#: a title is folded at the first of these widths that leaves room for every plan, or at the last
TITLES = (36, 24)


@dataclass(frozen=True)
class Line:
    """A figure in every plan: the group it is told in, what it is (a title, when, a quantity), and its values."""

    group: str
    what: tuple[str, ...]
    values: tuple[float | None, ...]

    @property
    def told(self) -> list[str]:
        """The values with the decimals that suit them."""
        decimals = places(self.values)
        return [number(v, decimals) for v in self.values]

    @property
    def same(self) -> bool:
        """True if nobody sees a difference."""
        return len(set(self.told)) <= 1

    @property
    def gap(self) -> str:
        """The widest gap between two plans."""
        known = [v for v in self.values if v is not None]
        if self.same:
            return say("same")
        return number(max(known) - min(known), places(self.values)) if len(known) > 1 else "-"


def _folded(name: str) -> str:
    """A name in as many lines as it needs, broken after underscores."""
    lines = [""]
    for word in name.replace("_", "_\n").split("\n"):
        lines = [*lines[:-1], lines[-1] + word] if len(lines[-1] + word) <= LONGEST else [*lines, word]
    return "\n".join(line for line in lines if line)


def _blocks(heads: Sequence[str], cells: Sequence[Sequence[str]], room: int) -> list[range]:
    """Which columns stand in a block, so that it is no wider than there is room; one at least."""
    widths = [max(map(len, (*head.split("\n"), *(row[k] for row in cells)))) + 2 for k, head in enumerate(heads)]
    found, first = [], 0
    while first < len(heads):
        last = first + 1
        while last < len(heads) and sum(widths[first : last + 1]) <= room:
            last += 1
        found.append(range(first, last))
        first = last
    return found


def _rows(lines: Sequence[Line], title: int) -> tuple[list[list[str]], dict[int, str]]:
    """What each row is, and the heading before a row; a title runs on beside the rows that share it, or below the last of them."""
    labels: list[list[str]] = []
    groups: dict[int, str] = {}
    running: list[str] = []
    before: tuple[str, str] | None = None
    for k, x in enumerate(lines):
        if before is None or x.group != before[0]:
            groups[k] = x.group
        if before != (x.group, x.what[0]):
            if labels:
                labels[-1][0] = f"\n{INDENT}".join([labels[-1][0], *running])
            running = textwrap.wrap(x.what[0], title, subsequent_indent="  ")
        labels.append([running.pop(0) if running else "", *x.what[1:]])
        before = (x.group, x.what[0])
    labels[-1][0] = f"\n{INDENT}".join([labels[-1][0], *running])
    return labels, groups


def _table(heads: Sequence[str], labels: Sequence[Sequence[str]], cells: Sequence[Sequence[str]], groups: Mapping[int, str]) -> str:
    """One block; a folded title takes lines of its own."""
    body: list[list[str]] = []
    told_before: dict[int, str] = {}
    for k, (label, row) in enumerate(zip(labels, cells, strict=True)):
        if k in groups:
            told_before[len(body)] = groups[k]
        first, *more = label[0].split("\n")
        body.append([f"{INDENT}{first}", *label[1:], *row])
        body += [[line, *[""] * (len(body[-1]) - 1)] for line in more]
    lines = columns([*[""] * len(labels[0]), *heads], body, len(labels[0]), width=None).split("\n")
    depth = len(lines) - len(body)
    return "\n".join(y for k, line in enumerate(lines) for y in (*(("", told_before[k - depth]) if k - depth in told_before else ()), line))


def _fitting(lines: Sequence[Line], heads: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[str]:
    """The blocks; titles are folded further where that leaves room for every plan."""
    for title in TITLES:
        labels, groups = _rows(lines, title)
        first = len(INDENT) + max(len(part) for label in labels for part in label[0].split("\n"))
        others = sum(max(len(label[k]) for label in labels) + 2 for k in range(1, len(labels[0])))
        found = _blocks(heads, cells, width - first - others)
        if len(found) == 1:
            break
    return [_table([heads[k] for k in block], labels, [[row[k] for k in block] for row in cells], groups) for block in found]


def _left_out(lines: Sequence[Line]) -> str:
    """What is the same in all, by group: how many figures, or all of them."""
    told = []
    for group in dict.fromkeys(x.group for x in lines):
        own = [x for x in lines if x.group == group]
        same = sum(x.same for x in own)
        if same == len(own):
            told.append(say("{group}: all", group=group))
        elif same:
            told.append(say("{group}: {count} of {all}", group=group, count=same, all=len(own)))
    return "; ".join(told)


def _together(lines: Iterable[Line]) -> list[Line]:
    """The rows of one title after each other, inside their group."""
    every = list(lines)
    order: dict[tuple[str, str], int] = {}
    for x in every:
        order.setdefault((x.group, x.what[0]), len(order))
    groups = list(dict.fromkeys(x.group for x in every))
    return sorted(every, key=lambda x: (groups.index(x.group), order[x.group, x.what[0]]))


def side_by_side(names: Sequence[str], lines: Iterable[Line], width: int = WIDTH, *, everything: bool = False, gap: bool = True) -> str:
    """Plans side by side.

    Parameters
    ----------
    names : sequence of str
        Of the plans.
    lines : iterable of Line
        Of one group after the other.
    width : int
        Of the terminal.
    everything : bool
        What is the same in all too.
    gap : bool
        With a last column: the widest gap between two plans.
    """
    every = _together(lines)
    shown = [x for x in every if everything or not x.same]
    if not shown:
        return say("Nothing differs between {names}.", names=", ".join(names)) + "\n"
    heads = [*map(_folded, names), *([say("widest\ngap")] if gap else [])]
    blocks = _fitting(shown, heads, [[*x.told, *([x.gap] if gap else [])] for x in shown], width)
    same = "" if everything else _left_out(every)
    if same:
        blocks.append(paragraph(say("The same in all, and not shown (--all): {groups}.", groups=same), "", "  ", width))
    return "\n\n".join(blocks) + "\n"
