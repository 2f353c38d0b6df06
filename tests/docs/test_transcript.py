"""A delegate's day: run again in a folder of her own, it touches no file outside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs.make.transcript import PAGES

ROOT = Path(__file__).resolve().parents[2]
#: the day, with every file told that is opened to be written, made, moved or taken away
WATCHED = """
import json, os, sys
touched = []
ways = {"os.rename": (0, 1), "os.remove": (0,), "os.mkdir": (0,), "os.rmdir": (0,)}
ways |= {"os.link": (0, 1), "os.symlink": (1,), "os.truncate": (0,)}
def watch(event, args):
    if event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        touched.append(args[0])
    touched.extend(args[k] for k in ways.get(event, ()))
sys.addaudithook(watch)
from docs.make.transcript import day
said = list(day(sys.argv[1]))
paths = sorted({os.path.realpath(os.fsdecode(p)) for p in touched if isinstance(p, (str, bytes, os.PathLike))})
print(json.dumps({"paths": paths, "said": said}))
"""


# that its page says what is answered, `docs.make --check` looks at
@pytest.mark.long
@pytest.mark.parametrize("language", PAGES)
def test_nothing_outside_her_folder_is_touched(language, tmp_path):
    folder, temporary = tmp_path / "her own", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    known = {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", WATCHED, language], cwd=folder, env=os.environ | known, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    outside = [p for p in found["paths"] if not Path(p).is_relative_to(folder) and not p.startswith("/dev/")]
    # a lock keeps two runs from writing into one folder, and is the only other thing that is left
    assert all(Path(p).is_relative_to(temporary) for p in outside), outside
    assert {x.suffix for x in temporary.iterdir()} <= {".lock"}
    assert {x.name for x in folder.iterdir()} >= {"mine.yaml", "plan"}
    assert "\n".join(found["said"]).strip() in (ROOT / PAGES[language]).read_text(encoding="utf-8")
