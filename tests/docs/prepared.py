"""What a reader of a page has at hand before typing its commands: a model of one's own, a plan of one's own."""

import csv
import shutil
from pathlib import Path

import waterflow as wf

MODELS = Path(__file__).resolve().parents[2] / "models"


def models_folder(folder):
    """The shipped models beside the reader, as in a checkout."""
    shutil.copytree(MODELS, folder / "models")


def impossible_model(folder):
    """The teaching river, its mountain dam to hold more in May than it can."""
    from tests.loading.broken import Copy

    Copy(folder).set("storage_rules", 2, "storage_Mm3", "1300").folder.rename(folder / "my_model")


def plans(folder):
    """Two plans of the Syr Darya: releases and flows of the optimum, by month."""
    plan = wf.allocate(wf.read_basin("syr_darya"))
    flow = plan.dataset["flow"]
    for name in ("plan.csv", "last_plan.csv"):
        with (folder / name).open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["place", "quantity", "period", "value_Mm3"])
            for reach in flow["reach"].values:
                rows = zip(plan.basin.calendar.labels, flow.sel(reach=reach).values, strict=True)
                writer.writerows([reach, "flow", label, float(value)] for label, value in rows)


PREPARED = {
    "docs/guides/bring_a_plan.md": (plans,),
    "docs/guides/bring_your_own_river.md": (models_folder,),
    "docs/method/conflicts.md": (impossible_model,),
}
