"""Journal: what chunks of an ensemble have answered, kept in a folder, so that a run that was killed goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

import numpy as np

from waterflow.errors import Problem
from waterflow.files import in_the_way, is_file, no_way, write
from waterflow.futures.chunk import Arrays
from waterflow.futures.files import content_of
from waterflow.words.catalogue import say

__all__ = ["Journal"]

HEAD, CHUNK = "ensemble.json", "chunk-"
#: bytes of the digest that stands before what a chunk answered
DIGEST = 16


class Journal:
    """A folder with one file for each chunk that is done; each appears whole or not at all, and is read only if it is whole.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    key : str
        Digest of what is asked: a folder with another is refused.

    Raises
    ------
    InputError
        If the folder cannot be made or written, or holds the journal of another ensemble.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        if (found := in_the_way(folder)) and not folder.is_dir():
            raise Problem("bad-folder", str(folder), found, say("a folder")).refusal()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem("bad-folder", str(folder), no_way(error), say("a folder that can be written")).refusal() from error
        head = folder / HEAD
        if is_file(head):
            self._require_same(head, key)
        else:
            write(head, json.dumps({"ensemble": key}) + "\n", "--resume")

    def _require_same(self, head: Path, key: str) -> None:
        try:
            found = json.loads(content_of(head))["ensemble"]
        except (ValueError, KeyError, TypeError, OSError):
            found = say("a file that is no journal")
        if found != key:
            told = say("the journal of another ensemble: other runoff, another river or another version")
            raise Problem("another-ensemble", str(self.folder), told, say("a new folder, or that of the same ensemble")).refusal()

    def done(self) -> Iterator[Arrays]:
        """What chunks have answered before; a file that is damaged counts as not written."""
        for path in sorted(self.folder.glob(f"{CHUNK}*")):
            content = content_of(path)
            if blake2b(content[DIGEST:], digest_size=DIGEST).digest() == content[:DIGEST]:
                with np.load(BytesIO(content[DIGEST:]), allow_pickle=False) as arrays:
                    yield {name: arrays[name] for name in arrays.files}

    def keep(self, answered: Arrays) -> None:
        """Keep what a chunk answered."""
        into = BytesIO()
        np.savez(into, **answered)  # type: ignore[arg-type]
        body = into.getvalue()
        name = blake2b(answered["member"].tobytes(), digest_size=8).hexdigest()
        write(self.folder / f"{CHUNK}{name}", blake2b(body, digest_size=DIGEST).digest() + body, "--resume")
