"""How people call a thing in the language spoken."""

from __future__ import annotations

from waterflow.words.catalogue import spoken

__all__ = ["title_of"]


def title_of(thing: object, name: str = "") -> str:
    """The title of a place, a user, a reach, a plant, a clause or a river: ``title_ru`` under Russian, else ``title``, else a name."""
    found = getattr(thing, f"title_{spoken()}", "") or getattr(thing, "title", "")
    return str(found or name or getattr(thing, "name", ""))
