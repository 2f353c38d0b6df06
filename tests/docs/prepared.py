"""What a reader of a page has at hand before typing its commands: a model of one's own, a plan of one's own."""

import csv
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import waterflow as wf
from tests.loading.test_plan_table import workbook
from waterflow import cli

MODELS = Path(__file__).resolve().parents[2] / "models"


def models_folder(folder):
    """The shipped models beside the reader, as in a checkout."""
    shutil.copytree(MODELS, folder / "models")


def impossible_model(folder):
    """The teaching river, its mountain dam to hold more in May than it can."""
    from tests.loading.broken import Copy

    Copy(folder).set("storage_rules", 2, "storage_Mm3", "1300").folder.rename(folder / "my_model")


def decisions(basin):
    """Reaches whose water a plan decides: out of reservoirs, and out of a place where the river parts all ways but the first."""
    for node, ways in basin.paths.departing.items():
        yield from ways if node in basin.reservoirs else ways[1:]


def plans(folder):
    """Plans of the Syr Darya as a table and as a workbook: what the optimum lets go, by month."""
    plan = wf.allocate(wf.read_basin("syr_darya"))
    flow, labels = plan.dataset["flow"], plan.basin.calendar.labels
    rows = [["place", "quantity", "period", "value_Mm3"]]
    for reach in decisions(plan.basin):
        rows += [[reach, "flow", label, f"{float(value):.6f}"] for label, value in zip(labels, flow.sel(reach=reach).values, strict=True)]
    for name in ("plan.csv", "last_plan.csv"):
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    workbook(folder / "plan.xlsx", rows)


def pictures_folder(folder):
    """A checkout has a folder for the pictures of the river."""
    (folder / "docs" / "river" / "pictures").mkdir(parents=True)


FACTS = """place,quantity,period,value,unit
mountain,release,2025-01,90,Mm3
mountain,release,2025-02-d1,20,Mm3
mountain,release,2025-02-21/2025-02-25,5,Mm3
mountain,storage,2025-01-31,520,Mm3
plain,inflow,2025-01,32,m3/s
valley fields,withdrawal,2025-01,0,Mm3
"""
LABELS = """label,place,quantity,unit,part_of
Dam / release,mountain,release,m3/s,
Canal / total,,,m3/s,
Canal / left bank,valley_fields,withdrawal,m3/s,Canal / total
Canal / right bank,,,m3/s,Canal / total
"""
SHEET = """Invented sheet, March 2025
Canal;Part;1;2;3;4;5
Dam;release;40,0;41,0;42,0;41,0;40,0
Canal;total;9,0;9,1;9,2;9,3;9,4
;left bank;6,0;6,0;6,1;6,2;6,2
;right bank;3,0;3,1;3,1;3,1;3,2
"""


@cache
def _season():
    """The saved plan of the teaching river, and a ledger that has it and the facts."""
    with TemporaryDirectory() as folder:
        plan, book = Path(folder) / "plan.nc", Path(folder) / "season.jsonl"
        (Path(folder) / "facts.csv").write_text(FACTS)
        wf.allocate(wf.read_basin("two_reservoirs")).save(plan)
        cli.main(["ledger", "add", str(book), str(plan), "--by", "UP"])
        source = ["--source", "Dam office (invented)", "--grade", "assumed"]
        cli.main(["ledger", "add", str(book), str(Path(folder) / "facts.csv"), "--by", "UP", *source])
        return plan.read_bytes(), book.read_bytes()


def season(folder):
    """A ledger of the teaching river with its plan and facts, and what else is added to it; every figure is invented."""
    plan, book = _season()
    (folder / "plan.nc").write_bytes(plan)
    for name in ("season.jsonl", "theirs.jsonl"):
        (folder / name).write_bytes(book)
    for name, text in (("facts.csv", FACTS), ("labels.csv", LABELS), ("sheet.csv", SHEET)):
        (folder / name).write_text(text)
    (folder / "forecast.csv").write_text("place,quantity,period,value,unit\nmountain,inflow,2025-03,300,Mm3\n")
    (folder / "holders.csv").write_text("place,party\nmountain,UP\n")


PREPARED = {
    "docs/guides/ledger.md": (season,),
    "docs/ru/ledger.md": (season,),
    "docs/guides/bring_a_plan.md": (plans,),
    "docs/river/agreements.md": (pictures_folder,),
    "docs/guides/bring_your_own_river.md": (models_folder,),
    "docs/method/conflicts.md": (impossible_model,),
}
