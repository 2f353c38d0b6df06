"""A plan judged, as one plain object for JSON, and its repair as a table that can be read again."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

from waterflow.negotiation.breaches import Breach
from waterflow.negotiation.evaluate import Evaluation
from waterflow.negotiation.parties import Difference
from waterflow.negotiation.repair import Change
from waterflow.report.evaluation_text import sentences
from waterflow.words.sentences import LANGUAGES

__all__ = ["evaluation_facts", "repaired_csv"]

#: decimals of a repaired figure: a litre a second, a thousandth of what counts as a breach
DECIMALS = 6


def evaluation_facts(found: Evaluation, plan: str, last: str = "") -> dict[str, Any]:
    """Everything an evaluation says, ready for JSON."""
    basin = found.plan.basin
    repair = found.repair
    return {
        "model": basin.name,
        "scenario": basin.scenario or None,
        "step": basin.calendar.step,
        "plan": plan,
        "last": last or None,
        "unit": found.plan.unit,
        "keeps_every_limit": not found.broken,
        "notes": {lang: [note[lang] for note in found.plan.notes] for lang in LANGUAGES},
        "breaches": [_breach(b) for b in found.breaches],
        "beside_optimum": [_difference(d) for d in found.beside_optimum],
        "beside_last": None if found.beside_last is None else [_difference(d) for d in found.beside_last],
        "sentences": {lang: sentences(found, lang, last) for lang in LANGUAGES},
        "repair": None if repair is None else {"total_Mm3": repair.total, "changes": [_change(c) for c in repair.changes]},
    }


def _breach(b: Breach) -> dict[str, Any]:
    return asdict(b) | {"parties": list(b.parties), "slight": b.slight}


def _difference(d: Difference) -> dict[str, Any]:
    return asdict(d) | {"loss": d.loss}


def _change(change: Change) -> dict[str, Any]:
    return {key: getattr(change, key) for key in ("name", "quantity", "period")} | {"before_Mm3": change.before, "after_Mm3": change.after}


def repaired_csv(found: Evaluation) -> str:
    """The repaired plan, or the plan itself if nothing had to change: long, in the unit it was typed in."""
    basin, repair = found.plan.basin, found.repair
    releases, withdrawals = (repair.releases, repair.withdrawals) if repair else (found.plan.releases, found.plan.withdrawals)
    suffix = "m3s" if found.plan.unit == "m3/s" else "Mm3"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["place", "quantity", "period", f"value_{suffix}", f"was_{suffix}"])
    for quantity, now, then in (("flow", releases, found.plan.releases), ("withdrawal", withdrawals, found.plan.withdrawals)):
        for name in sorted(now):
            for period, after, before in zip(basin.calendar.periods, now[name], then[name], strict=True):
                rate = period.rate if suffix == "m3s" else 1.0
                writer.writerow([name, quantity, period.label, round(rate * float(after), DECIMALS), round(rate * float(before), DECIMALS)])
    return out.getvalue()
