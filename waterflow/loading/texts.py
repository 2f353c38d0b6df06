"""Text files as they come: UTF-8, with or without its mark; any other encoding is named, never guessed at."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from waterflow.errors import Problem
from waterflow.files import is_file, is_folder
from waterflow.words.catalogue import say

__all__ = ["cells_of", "read_text"]

#: larger files are not tables of ours
LARGEST_MB = 20
UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: what Russian Windows and DOS write, and how much of the signs above ASCII must then be Russian letters
RUSSIAN, MOSTLY = ("cp1251", "cp866"), 0.9


def read_text(path: Path, shown: str, told: list[str] | None = None) -> tuple[str, list[Problem]]:
    """The text of a file, or the problem that keeps it from being read: missing, a folder, huge or not text.

    Text that is plainly Russian of Windows or DOS is read as such only for those who tell so: ``told`` is given the sentence.
    """
    if is_folder(path):
        return "", [Problem("not-a-file", shown, say("a folder"), say("a file"))]
    if not is_file(path):
        return "", [Problem("no-such-file", shown, say("no file"), say("a file of that name"), say("A typing slip?"))]
    size = path.stat().st_size / 1e6
    if size > LARGEST_MB:
        allowed = say("at most {most} MB", most=LARGEST_MB)
        return "", [Problem("too-large", shown, say("{size:,.0f} MB", size=size), allowed, say("Another kind of file?"))]
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError:
        return "", [Problem("not-a-file", shown, say("a file that cannot be opened"), say("a file that may be read"))]
    except UnicodeDecodeError as error:
        encoding = max(RUSSIAN, key=lambda e: _russian(data, e))
        if told is not None and not data.startswith(UTF16) and _russian(data, encoding) >= MOSTLY:
            told.append(say("{shown}: no UTF-8; read as {encoding}, for its letters are Russian then.", shown=shown, encoding=encoding))
            return data.decode(encoding, "replace"), []
        found = say("bytes that are not UTF-8, in line {line}", line=data[: error.start].count(b"\n") + 1)
        return "", [Problem("not-text", shown, found, say("text in UTF-8"), _likely_encoding(data))]
    if "\0" in text:
        return "", [Problem("not-text", shown, say("zero bytes"), say("text in UTF-8"), say("A spreadsheet file?"))]
    return text, []


def _likely_encoding(data: bytes) -> str:
    """The likely cause of bytes that are no UTF-8, and the cure."""
    encoding = "UTF-16" if data.startswith(UTF16) else max(RUSSIAN, key=lambda e: _russian(data, e))
    if encoding in RUSSIAN and _russian(data, encoding) < MOSTLY:
        return say("A spreadsheet file?")
    return say("Written in {encoding}? Save it as UTF-8 (in Excel: CSV UTF-8; in Notepad: Save as).", encoding=encoding)


def _russian(data: bytes, encoding: str) -> float:
    """Share of Russian letters among the signs above ASCII, were it written in an encoding."""
    high = [sign for sign in data.decode(encoding, "replace") if sign > "\x7f"]
    return sum("а" <= sign.lower() <= "я" or sign in "ёЁ" for sign in high) / len(high) if high else 0.0


def cells_of(text: str, shown: str, delimiter: str = ",") -> tuple[list[list[str]], list[Problem]]:
    """The cells of a text, line by line, or the problem that keeps it from being a table."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        return list(reader), []
    except csv.Error:
        found = say("text that is not CSV, at line {line}", line=reader.line_num)
        return [], [Problem("not-a-table", shown, found, say("a table"))]
