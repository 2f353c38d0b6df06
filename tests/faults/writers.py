"""Every command that writes: what it is asked, where it writes, and what stood there before."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.test_foreign import PYWR
from tests.fuzz.seats import CORPUS, made
from tests.ledger.making import ledger
from tests.loading.edits import PACT
from waterflow.ledger.files import ledger_bytes

SMALL = "two_reservoirs"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Writer:
    """A command; ``{}`` in its words is the folder it writes to.

    Attributes
    ----------
    words : tuple of str
    over : dict of str to str
        Files that stand in the folder before, by name: a file of the sources, or text.
    grows : bool
        True for a ledger, which has the time of typing in it: what is new is judged by reading it.
    slow : bool
        True for what takes more than a second or two, and is tried in the long run.
    """

    words: tuple
    over: dict
    grows: bool = False
    slow: bool = False


def sources(folder):
    """What the commands read: a plan, ledgers, tables."""
    import json

    folder.mkdir(parents=True, exist_ok=True)
    made("allocate", SMALL, "--out", folder / "planned", "--no-progress")
    for name in ("facts", "holders"):
        shutil.copy(CORPUS / f"{name}.csv", folder)
    shutil.copy(CORPUS / "sheet.csv", folder)
    made("ledger", "add", folder / "book.jsonl", folder / "planned" / "allocation.nc", "--by", "UP")
    made("season", "new", SMALL, "2027", "--out", folder / "kit")
    (folder / "other.jsonl").write_bytes(ledger_bytes(ledger().rows))
    (folder / "pywr.json").write_text(json.dumps(PYWR))
    (folder / "mark.csv").write_text("old\n")
    offered = folder / "offered"
    shutil.copytree(ROOT / "models" / SMALL, offered)
    (offered / "agreements").mkdir()
    (offered / "agreements" / "pact.yaml").write_text(PACT, encoding="utf-8")
    shutil.copy(CORPUS / "offers.yaml", folder)


def writers(s):
    """The writers by name, over sources in a folder ``s``."""
    nc, book, quiet = f"{s}/planned/allocation.nc", f"{s}/book.jsonl", "--no-progress"
    old = {"allocation.nc": "old", "report.json": "old", "report.txt": "old", "report.csv": "old", "plan.csv": "old", "plan.xlsx": "old"}
    grown = {"book.jsonl": Path(book)}
    return {
        "allocate": Writer(("allocate", SMALL, "--out", "{}", quiet), old),
        "report html": Writer(("report", nc, "--to", "{}/a.html"), {"a.html": "old"}),
        "report xlsx": Writer(("report", nc, "--to", "{}/a.xlsx"), {"a.xlsx": "old"}),
        "report pdf": Writer(("report", nc, "--to", "{}/a.pdf"), {"a.pdf": "old"}, slow=True),
        "convert csv": Writer(("convert", nc, "{}/a.csv"), {"a.csv": "old"}),
        "convert parquet": Writer(("convert", nc, "{}/a.parquet"), {"a.parquet": "old"}, slow=True),
        "convert nc": Writer(("convert", nc, "{}/a.nc"), {"a.nc": "old"}, slow=True),
        "convert lp": Writer(("convert", nc, "{}/a.lp"), {"a.lp": "old"}, slow=True),
        "evaluate": Writer(("evaluate", SMALL, f"{s}/planned/plan.csv", "--out", "{}/r.csv"), {"r.csv": "old"}),
        "ledger add facts": Writer(("ledger", "add", "{}/book.jsonl", f"{s}/facts.csv", "--by", "UP"), grown, grows=True),
        "ledger add plan": Writer(("ledger", "add", "{}/new.jsonl", nc, "--by", "UP"), {}, grows=True),
        "ledger add holders": Writer(
            ("ledger", "add", "{}/book.jsonl", f"{s}/holders.csv", "--kind", "holders", "--by", "UP"), grown, grows=True
        ),
        "ledger merge": Writer(("ledger", "merge", book, f"{s}/other.jsonl", "--out", "{}/book.jsonl"), grown),
        "ledger export": Writer(("ledger", "export", f"{s}/other.jsonl", "--out", "{}/e.csv"), {"e.csv": "old"}),
        "season new": Writer(("season", "new", SMALL, "2027", "--out", "{}"), {}),
        "season read": Writer(("season", "read", f"{s}/kit/season_2027.xlsx", "--out", "{}/model"), {}),
        "new agreement": Writer(("new", "agreement", SMALL, "{}/a.yaml"), {}),
        "new scenario": Writer(("new", "scenario", SMALL, "{}/s.yaml"), {}),
        "new plan": Writer(("new", "plan", SMALL, "{}/p.csv"), {}),
        "new model": Writer(("new", "model", "{}/m"), {}),
        "new from": Writer(("new", "model", "{}/m", "--from", f"{s}/pywr.json", "--unit", "Mm3"), {}),
        "import": Writer(("import", f"{s}/sheet.csv", "{}", "--source", "x", "--grade", "observed"), {}),
        "replan": Writer(
            ("replan", SMALL, "--on", "2025-02-01", "--to", "{}/n.html", "--save", "{}/n.nc", quiet), {"n.html": "old", "n.nc": "old"}
        ),
        "compare": Writer(
            ("compare", f"{s}/offered", "--agreements", "-", "pact", "--picture", "{}/t.svg", quiet), {"t.svg": "old"}, slow=True
        ),
        "negotiate picture": Writer(("negotiate", SMALL, "--picture", "{}/n.svg", quiet), {"n.svg": "old"}, slow=True),
        "negotiate log": Writer(
            ("negotiate", f"{s}/offered", "--open", f"{s}/offers.yaml", "--log", "{}/l.yaml", quiet), {"l.yaml": "old"}, slow=True
        ),
        "doubt": Writer(("doubt", SMALL, "--of", "payoff/UP", "--picture", "{}/d.svg", quiet), {"d.svg": "old"}, slow=True),
        "ensemble": Writer(("ensemble", SMALL, "--members", f"{s}/members.nc", "--workers", "1", "--resume", "{}/j", quiet), {}, slow=True),
        "kept_water": Writer(("kept-water", SMALL, "--to", "{}/k.csv", quiet), {"k.csv": "old"}, slow=True),
        "season forecast": Writer(("season", "forecast", "syr_darya", "2026-27", "--out", "{}/f.csv"), {}, slow=True),
        "calibrate": Writer(("calibrate", "syr_darya", "--out", "{}"), {"reach_losses.csv": "old"}, slow=True),
    }


#: modules of commands that write, and the writers above that stand for them; validate fills a page of ours, which the docs are made by
STAND_FOR = {
    "allocate": "allocate", "report": "report html", "convert": "convert csv", "evaluate": "evaluate", "ledger_add": "ledger add facts",
    "ledger_plan": "ledger add plan",
    "ledger_merge": "ledger merge", "ledger_export": "ledger export", "season": "season new", "new": "new model", "import_": "import",
    "replan": "replan", "compare": "compare", "negotiate": "negotiate log", "doubt": "doubt", "kept_water": "kept_water",
    "calibrate": "calibrate", "validate": "",
}  # fmt: skip
