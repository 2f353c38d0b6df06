"""What of another program's model is not in ours, or is there as something else, as a list to read."""

from __future__ import annotations

from collections.abc import Sequence

from waterflow.exchange.draft import Left
from waterflow.words.catalogue import say, say_many
from waterflow.words.layout import paragraph

__all__ = ["left_text"]


def left_text(left: Sequence[Left]) -> str:
    """The list, in the order in which it was found; each with its name, its kind and why."""
    head = say_many(
        "{count} thing is not in the model, or is there as something else:",
        "{count} things are not in the model, or are there as something else:",
        len(left),
    )
    lines = [paragraph(say("{name} ({kind}): {why}", name=x.name, kind=x.kind, why=x.why)) for x in left]
    return "\n".join([head, *lines]) + "\n"
