"""A server of its own for a test."""

import re
import subprocess
import sys
import threading
from contextlib import contextmanager


@contextmanager
def serving(*models, python=sys.executable, folder=None):
    """The address of a server, and its process; of another Python in another folder, where it finds what was installed there."""
    command = [python, "-c", "from waterflow.cli import run; run()", "serve", *models, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            line = process.stderr.readline()
            # what it says later is read, or it would wait for a reader
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield re.search(r"http://\S+", line).group(), process
        finally:
            process.terminate()
            process.wait(20)
