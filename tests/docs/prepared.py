"""What a reader of a page has at hand before typing its commands: a model of one's own, a plan of one's own."""

import csv
import shutil
from pathlib import Path

import waterflow as wf
from tests.loading.test_plan_table import workbook

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


PREPARED = {
    "docs/guides/bring_a_plan.md": (plans,),
    "docs/river/agreements.md": (pictures_folder,),
    "docs/guides/bring_your_own_river.md": (models_folder,),
    "docs/method/conflicts.md": (impossible_model,),
}
