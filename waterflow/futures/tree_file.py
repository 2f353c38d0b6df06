"""The table of a tree: one row for each node, with what it is told apart from, its probability, its runoff and its prices."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from waterflow.errors import InputError, Problem
from waterflow.futures.tree_nodes import TreeNode
from waterflow.loading.columns import Column, Table
from waterflow.loading.tables import read_table
from waterflow.words.catalogue import say

__all__ = ["TREE", "read_tree"]

TREE = Table(
    "tree",
    "Nodes of a tree of futures",
    (
        Column("node", "text"),
        Column("parent", "text", optional=True),
        Column("from", "period"),
        Column("probability", "number", ratio=True),
        Column("runoff", "text", optional=True),
        Column("power_price", "text", optional=True),
    ),
    ("node",),
)


def read_tree(path: Path, sources: Collection[str]) -> tuple[tuple[TreeNode, ...], dict[str, str]]:
    """Read the table of a tree.

    Parameters
    ----------
    path : Path
    sources : collection of str
        Keys of the sources that rows may name.

    Returns
    -------
    (nodes, where)
        The nodes, and where each stands in the file. ``runoff`` is a share of the river's own, or the name of a member, or blank;
        ``power_price`` a share of the river's own prices, or blank.

    Raises
    ------
    InputError
        With every problem of the file at once.
    """
    rows, problems = read_table(path, path.name, TREE, sources)
    nodes, where = [], {}
    for row in rows:
        runoff, price = row.text("runoff"), row.text("power_price")
        factor, cost = _number(runoff), _number(price)
        if price and cost is None:
            problems.append(
                Problem("not-a-number", f"{row.where}, power_price", price, say("a share of the model's own prices, or a blank"))
            )
        member = runoff if runoff and factor is None else ""
        share, priced = 1.0 if factor is None else factor, 1.0 if cost is None else cost
        name = row.text("node")
        nodes.append(TreeNode(name, row.text("parent"), row.text("from"), row.number("probability"), member, share, priced))
        where[name] = row.where
    if problems:
        raise InputError(problems)
    return tuple(nodes), where


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
