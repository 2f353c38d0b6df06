"""One command run again and again, each time with another fault, each in a process forked for it; what it leaves behind is judged.

Faults are met where the system is asked (audit events of Python: a file opened for writing, renamed, removed, a folder made): the
question is answered with an error, or the process ends there, as a power cut would end it. Beside that the size of files is bounded
by the system (``RLIMIT_FSIZE``), so that a write stops in the middle of a file: with an error, as on a full disk, or with the end of
the process (``SIGXFSZ``).
"""

from __future__ import annotations

import errno
import importlib
import io
import json
import os
import pkgutil
import re
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import waterflow
from tests.fuzz.judging import PYTHON, codes
from waterflow import cli
from waterflow.allocation.allocation import open_allocation

#: errors that a disk may answer with
ERRORS = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)
#: bytes after which a file cannot grow
SIZES = (0, 100, 5000)
EVENTS = {"os.rename", "os.mkdir", "os.link", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Faulty:
    """Answers the n-th question about a folder with a fault."""

    def __init__(self, folder):
        self.folder, self.nth, self.what, self.count = str(folder), 0, None, 0
        sys.addaudithook(self.hear)

    def hear(self, event, said):
        """Count questions about writing in the folder; the n-th is answered."""
        if self.what is None or not (event in EVENTS or (event == "open" and isinstance(said[2], int) and said[2] & WRITING)):
            return
        if self.folder not in str(said[0]) or ".lock" in str(said[0]):
            return
        self.count += 1
        if self.count == self.nth:
            if self.what == "killed":
                os._exit(137)
            if self.what:
                raise OSError(self.what, os.strerror(self.what), str(said[0]))


def same(name, left, new):
    """Whether two files say the same: a plan tells how long each stage took, which is never the same twice."""
    if left == new or not name.endswith(".nc") or left is None or new is None:
        return left == new
    plans = []
    for data in (left, new):
        with tempfile.NamedTemporaryFile(suffix=".nc") as file:
            file.write(data)
            file.flush()
            try:
                found = open_allocation(file.name).dataset.load()
            except waterflow.WaterflowError:
                return False
        plans.append(found.drop_vars([x for x in found.variables if "seconds" in str(x)]))
    return plans[0].equals(plans[1])


def contents(folder):
    """Every file below a folder and its bytes; what is only there for a moment is named by what it is."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.endswith(".lock")}


class Tried:
    """A command and its folder."""

    def __init__(self, words, over, grows):
        self.folder = Path(tempfile.mkdtemp()) / "place"
        self.words = [w.replace("{}", str(self.folder)) for w in words]
        self.over, self.grows, self.faulty = over, grows, Faulty(self.folder)

    def set(self):
        """The folder as it was before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, source in self.over.items():
            (self.folder / name).write_bytes(Path(source).read_bytes() if Path(source).is_file() else source.encode())

    def forked(self, before):
        """Run it in a process of its own; its exit code and messages."""
        told = self.folder.parent / "told"
        child = os.fork()
        if child == 0:
            code = 1
            try:
                out, err = io.StringIO(), io.StringIO()
                sys.stdout, sys.stderr = out, err
                before()
                code = cli.main(self.words)
            finally:
                self.faulty.what = None
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                told.write_text(err.getvalue() + f"\n{self.faulty.count}")
                os._exit(code)
        _, status = os.waitpid(child, 0)
        said = told.read_text() if told.exists() else ""
        told.unlink(missing_ok=True)
        return os.waitstatus_to_exitcode(status), said

    def tried(self, name, before, killed):
        """Set, run, judge; what was wrong, in words."""
        self.set()
        old = contents(self.folder)
        code, said = self.forked(before)
        left = contents(self.folder)
        return [f"{name}: {x}" for x in self.judged(code, said, old, left, killed)]

    def judged(self, code, said, old, left, killed):
        """Whole files, old or new; one clear error; a documented code."""
        whole = {k: v for k, v in left.items() if ".waterflow-" not in k}
        for k in set(whole) | set(old):
            if whole.get(k) == old.get(k):
                continue
            if self.grows and k in whole and grown(self.folder / k, old.get(k, b""), self.rows):
                continue
            if k not in whole or (not self.grows and not same(k, whole[k], self.new.get(k))):
                yield f"{k} is neither old nor new ({len(whole.get(k, b''))} bytes, exit {code})"
        if killed and code in (137, -signal.SIGXFSZ, -signal.SIGKILL):
            return
        if code not in (0, 3):
            yield f"exit {code}: {said[-600:]}"
        elif PYTHON.search(said):
            yield f"no clear message: {said[-600:]}"
        elif code == 3 and not (set(re.findall(r"\[([a-z-]+)\]", said)) & codes()):
            yield f"no code: {said[-300:]}"
        if code and whole != old and not self.several:
            yield f"it failed, and {sorted(k for k in whole if whole[k] != old.get(k))} was written"
        if any(".waterflow-" in k for k in left):
            yield f"left behind: {[k for k in left if '.waterflow-' in k]}"

    def all(self, *, several=False):
        """Every fault, one after the other; what was wrong and how many were tried."""
        self.set()
        self.several, self.rows = several, 0
        self.faulty.what = 0
        code, said = self.forked(lambda: None)
        if code:
            return [f"without a fault it ends with {code}: {said[-500:]}"], 0
        self.new, asked = contents(self.folder), int(said.rpartition("\n")[2])
        if self.grows:
            self.rows = sum(v.count(b"\n") for v in self.new.values())
        wrong, count = [], 0
        for nth in range(1, asked + 1):
            for what in ("killed", ERRORS[nth % len(ERRORS)]):
                wrong += self.tried(f"question {nth} of {asked}, {what}", lambda n=nth, w=what: self.arm(n, w), what == "killed")
                count += 1
        for size in SIZES:
            for killed in (False, True):
                wrong += self.tried(
                    f"files of {size} bytes, {'killed' if killed else 'full'}", lambda s=size, k=killed: bound(s, k), killed
                )
                count += 1
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        return wrong, count

    def arm(self, nth, what):
        """The fault to come."""
        self.faulty.count, self.faulty.nth, self.faulty.what = 0, nth, what


def bound(size, killed):
    """Let no file grow above a size; a process that tries is told, or ended."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if killed else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def grown(path, old, rows):
    """True for a ledger that has what it had, and as many rows as it should have then."""
    from waterflow.ledger.files import read_ledger

    found = read_ledger(path)
    return path.read_bytes().startswith(old) and not found.torn and len(found.rows) == rows


def import_all():
    """Every module of ours and the libraries they use, so that a forked process has them; nothing is solved, for solvers have threads."""
    for module in pkgutil.walk_packages(waterflow.__path__, "waterflow."):
        if not module.name.startswith(("waterflow.workbench", "waterflow.coupling")):
            importlib.import_module(module.name)
    for name in ("pyomo.environ", "highspy", "xarray", "h5netcdf", "h5py", "scipy.sparse", "xlsxwriter", "jinja2", "filelock"):
        importlib.import_module(name)


def main():
    """``python -m tests.faults.driver`` with a JSON list of writers on standard input; a JSON list of what was wrong."""
    asked = json.load(sys.stdin)
    import_all()
    told = {}
    real = sys.stdout
    for name, one in asked.items():
        wrong, count = Tried(one["words"], one["over"], one["grows"]).all(several=one.get("several", False))
        told[name] = {"wrong": wrong, "count": count}
    real.write(json.dumps(told))


if __name__ == "__main__":
    main()
