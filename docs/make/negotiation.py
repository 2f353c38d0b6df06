"""Tables of the page on negotiation: ``python -m docs.make negotiation`` makes them from the figures of the study beside it."""

from __future__ import annotations

import json
import sys
from typing import Any

from docs.make.pages import ROOT, filled, kept, table
from waterflow.negotiation.negotiation_facts import NegotiationFacts
from waterflow.negotiation.offer_facts import OfferFacts
from waterflow.report.negotiation_text import negotiation_text
from waterflow.report.offer_text import offer_text
from waterflow.words.catalogue import speaking

PAGE = "docs/method/negotiation.md"
FIGURES = ROOT / "docs" / "evidence" / "studies" / "negotiation.json"
WHEN = {"season_2024_25": "2024-25", "dry_year": "dry year", "season_2025_26": "2025-26, ahead"}


def _side(found: dict[str, dict[str, Any]]) -> str:
    """The years side by side: what all gain, what is in the core, who could disrupt most, how long it took."""
    head = "year | all gain, million USD: low | central | high | Shapley in the core | could disrupt most (Gately) | plans | seconds"
    rows = []
    for scenario, x in found.items():
        facts = NegotiationFacts.model_validate(x["facts"])
        whole = next(c for c in facts.coalitions if len(c.members) == len(facts.parties))
        shapley = [d for d in facts.divisions if d.rule == "shapley"]
        inside = ", ".join("yes" if d.in_core else "no" for d in shapley)
        most = []
        for d in shapley:
            known = {p: v for p, v in (d.disruption or {}).items() if v is not None}
            most.append(max(known, key=lambda p: known[p]))
        money = " | ".join(f"{v:.0f}" for v in (whole.low_MUSD, whole.central_MUSD, whole.high_MUSD))
        rows.append(f"{WHEN[scenario]} | {money} | {inside} | {', '.join(most)} | {facts.plans} | {x['seconds']:.0f}")
    return table(head, rows)


def _delegations(found: dict[str, dict[str, Any]]) -> str:
    """For each party and year: without a deal, before payments, what it is paid, and the most without payments."""
    head = "party | year | without a deal | the plan of all adds | payment that keeps all | at most without | water, Mm3 | not served, GWh"
    rows = []
    facts = {scenario: NegotiationFacts.model_validate(x["facts"]) for scenario, x in found.items()}
    for k, party in enumerate(next(iter(facts.values())).parties):
        for scenario, own in facts.items():
            there, paid = own.parties[k], own.payments[k]
            between = "none" if paid.least_MUSD is None else f"{paid.least_MUSD:.0f} to {paid.most_MUSD:.0f}"
            money = f"{there.central_MUSD:,.0f} | {paid.before_MUSD:.0f} | {between} | {there.most_MUSD:.0f}"
            name = party.party if scenario == next(iter(facts)) else ""
            rows.append(f"{name} | {WHEN[scenario]} | {money} | {there.delivered_Mm3:,.0f} | {there.unserved_GWh:,.0f}")
    return table(head, rows)


def main() -> int:
    """Fill the tables of the page."""
    found = json.loads(FIGURES.read_text(encoding="utf-8"))
    with speaking("en"):
        dry = negotiation_text(NegotiationFacts.model_validate(found["dry_year"]["facts"]))
        offered = offer_text(OfferFacts.model_validate(found.pop("offers")["facts"]))
    made = {
        "offers": f"```text\n{offered.rstrip()}\n```",
        "side": _side(found),
        "delegations": _delegations(found),
        "dry": f"```text\n{dry.rstrip()}\n```",
    }
    return kept({PAGE: filled((ROOT / PAGE).read_text(encoding="utf-8"), made.get)}, "negotiation")


if __name__ == "__main__":
    sys.exit(main())
