"""The catalogue: a sentence is written once, in English, where it is said; every other language is one gettext file.

``say`` returns it in the language that is spoken now. The language is kept by context, so that one process can answer
two people in two languages. To add a language: ``locale/<code>/LC_MESSAGES/waterflow.po``, compiled beside it.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

__all__ = ["DOMAIN", "LOCALE", "language_asked", "languages", "mark", "say", "say_many", "say_of", "speaking", "spoken"]

DOMAIN = "waterflow"
LOCALE = Path(__file__).parent / "locale"
#: the language of the sentences in the code
ORIGINAL = "en"
_spoken: ContextVar[str] = ContextVar("spoken", default=ORIGINAL)


@cache
def languages() -> tuple[str, ...]:
    """Languages there are, by code; English first."""
    return (ORIGINAL, *sorted(path.name for path in LOCALE.iterdir() if (path / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file()))


def language_asked(asked: str | None = None, environment: Mapping[str, str] = os.environ) -> str:
    """The language asked for; without one that of the environment (LC_ALL, LC_MESSAGES, LANG), else English."""
    said = asked or next((v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(name))), ORIGINAL)
    return next((code for code in languages() if said.lower().startswith(code)), ORIGINAL)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in a language.

    Raises
    ------
    ValueError
        If there is no catalogue of that language.
    """
    if language not in languages():
        message = say("no catalogue of the language {language!r}; there are: {known}", language=language, known=", ".join(languages()))
        raise ValueError(message)
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language spoken now."""
    return _spoken.get()


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == ORIGINAL:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(LOCALE), [language])


def say(sentence: str, /, **parts: object) -> str:
    """A sentence in the language spoken, its parts filled in: ``say("{place} is full", place=title)``."""
    said = _translations(spoken()).gettext(sentence)
    return said.format(**parts) if parts else said


def say_of(context: str, word: str, /, **parts: object) -> str:
    """A word that is one in English and several in another language, told apart by where it stands."""
    said = _translations(spoken()).pgettext(context, word)
    return said.format(**parts) if parts else said


def say_many(one: str, many: str, count: int, /, **parts: object) -> str:
    """A sentence about a number of things; ``{count}`` is filled in if it is not among the parts."""
    said = _translations(spoken()).ngettext(one, many, count)
    return said.format(**({"count": count} | parts))


def mark(sentence: str) -> str:
    """A sentence that is said later: it enters the catalogue and stands as it is."""
    return sentence
