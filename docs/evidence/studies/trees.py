"""Figures of the page on trees: ``python -m docs.evidence.studies.trees`` (some minutes); ``python -m docs.make trees`` lays them out."""

from __future__ import annotations

import json
import time
from pathlib import Path

from waterflow.basin.objective import Objective
from waterflow.futures import tree
from waterflow.futures.members import generated, historical
from waterflow.futures.risk_measure import RiskMeasure
from waterflow.futures.tree_facts import tree_facts
from waterflow.futures.tree_nodes import two_stages
from waterflow.loading.model import read_model

FILE = Path(__file__).with_suffix(".json")
SCENARIO, FIRST = "season_2025_26", "2026-04"
#: name -> leaves (0: the record), the order of the model or money, weight of CVaR
CASES = {
    "money, the record": (0, False, 0.0),
    "money, the record, half of the weight on the worst tenth": (0, False, 0.5),
    "money, drawn": (200, False, 0.0),
    "order of priority, drawn": (20, True, 0.0),
}


def main() -> None:
    """Solve every case."""
    model = read_model("syr_darya", SCENARIO)
    found = {}
    for name, (count, ordered, weight) in CASES.items():
        basin = model.basin() if ordered else model.basin().replaced(objective=Objective())
        runoff = generated(model, count, 1) if count else historical(model)
        began = time.perf_counter()
        decided = tree(basin, two_stages(basin, runoff, FIRST), runoff, risk=RiskMeasure(weight))
        seconds = time.perf_counter() - began
        facts = tree_facts(decided, basin, {})
        now = next(x for x in facts.now if x.place == "toktogul" and x.quantity == "storage")
        found[name] = {
            "leaves": facts.leaves,
            "toktogul_Mm3": [now.decided_Mm3, now.mean_Mm3, now.foreseen_low_Mm3, now.foreseen_high_Mm3],
            "evpi": facts.evpi.model_dump() if facts.evpi else None,
            "vss": facts.vss.model_dump() if facts.vss else None,
            "certificate": max(stage.certificate.worst for stage in decided.stages),
            "seconds": seconds,
        }
        print(name, found[name])  # noqa: T201
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
