"""Signs: what is written where an output's encoding lacks a sign (cp1251, cp866), so that no answer is lost for one."""

from __future__ import annotations

import codecs
import contextlib
from typing import TextIO

__all__ = ["PLAIN", "plain_signs", "tolerant"]

#: a sign and what stands for it
PLAIN = {
    "³": "3",
    "²": "2",
    "·": "*",
    "≥": ">=",
    "≤": "<=",
    "→": "->",
    "±": "+-",
    "×": "x",
    "—": "-",
    "–": "-",
    "−": "-",
    "…": "...",
    "«": '"',
    "»": '"',
    "„": '"',
    "“": '"',
    "”": '"',
    "’": "'",
    "\u00a0": " ",
    "\u202f": " ",
    "°": " ",
    "№": "No",
}
#: Russian letters where an output has none, as a passport writes them
PASSPORT = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p "
    "р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia"
)
LETTERS = dict(pair.split("=") for pair in PASSPORT.split())
LETTERS |= {letter.upper(): plain.capitalize() for letter, plain in LETTERS.items()}
UNKNOWN = "?"


def plain_signs(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: every sign that cannot be written by its plain form, letters by Latin ones, else ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join((PLAIN | LETTERS).get(sign, UNKNOWN) for sign in error.object[error.start : error.end]), error.end


codecs.register_error("plain_signs", plain_signs)


def tolerant(*streams: TextIO) -> None:
    """Let streams write what their encoding has, and plain signs for the rest."""
    for stream in streams:
        # a stream that stands in for a terminal (in a test, in a notebook) may have no encoding to change
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="plain_signs")  # type: ignore[attr-defined]
