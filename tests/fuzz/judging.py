"""What every ending must be: a documented exit code, no traceback, no hang, nothing written over in failing, a plan that is audited."""

from __future__ import annotations

import re
import signal
import time
import traceback
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import waterflow.allocation.allocate as allocating
from waterflow import cli
from waterflow.allocation.audit import audit

ROOT = Path(__file__).resolve().parents[2]
#: seconds after which an answer is a hang
HANG = 10.0
#: by the clock, where another process is waited for
WAITS = 300.0
#: solved (0), refused (3), no plan (4); a solver that stops (5) is documented, but no small river should make it
CODES = (0, 3, 4)
PROBLEM = re.compile(r"^  .+?: found .*; allowed: .*\[([a-z0-9-]+)\]$", re.DOTALL)
PYTHON = re.compile(r"Traceback \(most recent|\.py:\d+: |object at 0x|<class '")
ODD_NUMBER = re.compile(r"(?<![\w.{/-])-?(nan|inf)(?![\w.-])", re.IGNORECASE)
LEFTOVER = ".waterflow-"


class Fault(AssertionError):
    """What must not be: its kind, and what was seen."""

    def __init__(self, kind, seen):
        super().__init__(f"{kind}: {seen}")
        self.kind, self.seen = kind, seen


class _Hang(BaseException):
    """No answer in time; nothing that catches exceptions may catch it."""


@contextmanager
def watched(seconds=HANG, waits=WAITS):
    """Stop what takes longer, wherever Python can be stopped; who watches from outside stops the rest.

    Seconds are of the processor, so that a machine with other work to do makes no hang; what waits for another process is
    stopped by the clock.
    """

    def stop(*_):
        raise _Hang

    kinds = ((signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, waits))
    before = [signal.signal(number, stop) for number, _, _ in kinds]
    for _, timer, most in kinds:
        signal.setitimer(timer, most)
    try:
        yield
    except _Hang:
        where = traceback.format_exc().splitlines()[-7:]
        raise Fault("hang", f"no answer in {seconds:g} s: " + " | ".join(where)) from None
    finally:
        for (number, timer, _), old in zip(kinds, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, old)


@contextmanager
def audited():
    """Every plan that is made is audited outside the model."""
    plain = allocating.allocate

    def allocate(*arguments, **options):
        found = plain(*arguments, **options)
        judged = audit(found.basin, found.dataset)
        if not judged.closes:
            raise Fault("audit", judged)
        return found

    allocating.allocate = allocate
    try:
        yield
    finally:
        allocating.allocate = plain


@cache
def codes():
    """Codes that the page of errors explains."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^## ([a-z0-9-]+)$", page, flags=re.MULTILINE))


def run(argv, seconds=HANG):
    """Run a command in this process; its exit code, answer and messages."""
    out, err = StringIO(), StringIO()
    began = time.monotonic()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as warned, watched(seconds):
        warnings.simplefilter("always", RuntimeWarning)
        warnings.simplefilter("always", UserWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        code = cli.main([str(x) for x in argv])
    for one in warned:
        if issubclass(one.category, RuntimeWarning | UserWarning):
            err.write(f"{one.filename.rpartition('/')[2]}:{one.lineno}: {one.category.__name__}: {one.message}\n")
    return code, out.getvalue(), err.getvalue(), time.monotonic() - began


def judge(code, out, err, known=CODES):
    """Raise a `Fault` where an ending is none of those that are promised."""
    said = err[-1500:]
    if code not in known:
        raise Fault(f"exit code {code}", said)
    if found := PYTHON.search(err):
        raise Fault("no clear message", f"{found.group()} in {said}")
    if code == 3:
        lines = err[err.index(" in the inputs\n") + 15 :] if " in the inputs\n" in err else ""
        if not lines:
            raise Fault("no clear message", said)
        named = re.findall(r"\[([a-z0-9-]+)\]$", lines, flags=re.MULTILINE)
        if not named or set(named) - codes():
            raise Fault("a code that no page explains", said)
    if code and out:
        raise Fault("an answer beside a failure", out[:300])
    # what is refused of a part of the answer may be told with the figure that was found
    if code == 0 and (odd := ODD_NUMBER.search(re.sub(r"(?m)^.*not valid.*$", "", out))):
        raise Fault("no number", out[max(0, odd.start() - 100) : odd.end() + 100])


def state(paths):
    """What stands at some paths: bytes of files, names in folders."""
    return {
        path: path.read_bytes() if path.is_file() else sorted(p.name for p in path.rglob("*")) if path.is_dir() else None for path in paths
    }


def judge_files(code, before, after, folders):
    """Nothing written over in failing; nothing half made left behind."""
    if code:
        for path, content in before.items():
            if after[path] != content:
                raise Fault("written in failing", path.name)
    for folder in folders:
        if left := [p.name for p in folder.glob(f"*{LEFTOVER}*")]:
            raise Fault("left behind", left)
