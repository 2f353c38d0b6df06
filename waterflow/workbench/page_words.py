"""The page's words: every sentence its modules say, from the one catalogue."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract

from waterflow.files import shipped_bytes
from waterflow.words.catalogue import languages, say, speaking

__all__ = ["page_words", "sentences"]

#: what a module of the page calls to say a sentence
KEYWORDS = {"say": None, "mark": None}
#: sentences are said within templates too
INSIDE = {"parse_template_string": True}


@cache
def page_words(folder: Path, lang: str) -> dict[str, str]:
    """Sentence to its translation; the sentences themselves where there is no such catalogue."""
    with speaking(lang if lang in languages() else "en"):
        return {sentence: _as_written(sentence) for sentence in sentences(folder)}


def sentences(folder: Path) -> Iterator[str]:
    """Every sentence the modules of a folder say."""
    seen: set[str] = set()
    for path in sorted(folder.glob("*.js")):
        for _, message, _, _ in extract("javascript", io.BytesIO(shipped_bytes(path)), KEYWORDS, options=INSIDE):
            sentence = message if isinstance(message, str) else message[0]
            if sentence and sentence not in seen:
                seen.add(sentence)
                yield sentence


def _as_written(sentence: str) -> str:
    """A sentence in the language spoken, its parts still in braces."""
    names = _names(sentence)
    return say(sentence, **{name: f"{{{name}}}" for name in names})


def _names(sentence: str) -> list[str]:
    return [part.split("}")[0] for part in sentence.split("{")[1:]]
