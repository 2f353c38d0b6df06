"""Figures on negotiation: ``python -m docs.evidence.studies.negotiation``; ``python -m docs.make negotiation`` lays them out."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

from waterflow.loading.model import read_model
from waterflow.loading.offers import read_offers
from waterflow.negotiation.may_harm import harming_game
from waterflow.negotiation.negotiate import negotiate
from waterflow.negotiation.negotiated import negotiation_facts
from waterflow.negotiation.offer_facts import offer_facts
from waterflow.negotiation.offers import package
from waterflow.report.negotiation_picture import negotiation_picture

FILE = Path(__file__).with_suffix(".json")
#: a year of usual water with what was agreed for its end, a dry one, and the season ahead of November 2025
SCENARIOS = ("season_2024_25", "dry_year", "season_2025_26")
#: offers on a clause, by scenario
OFFERS = Path(__file__).resolve().parents[2] / "tutorials" / "offers" / "dry_year.yaml"
AIMS = {"dry_year": ("summer_water/UZB", "payoff/TJK")}
#: where coalitions are asked what they gain where they may harm others too; some minutes each
HARM = ("dry_year",)
PICTURES = Path(__file__).resolve().parents[1] / "pictures"


def main() -> None:
    """Put each scenario on the table."""
    found = {}
    for scenario in SCENARIOS:
        began = time.perf_counter()
        outcome = negotiate(read_model("syr_darya", scenario).basin(), aims=AIMS.get(scenario, ()))
        facts = negotiation_facts(outcome, keep_targets=True)
        seconds = time.perf_counter() - began
        PICTURES.joinpath(f"negotiation_{scenario}.svg").write_bytes(negotiation_picture(facts))
        if scenario in HARM:
            # not in the seconds: that part is asked for by itself
            harming = replace(outcome, harming=harming_game(outcome.central.joint, outcome.central.game))
            facts = negotiation_facts(harming, keep_targets=True)
        found[scenario] = {"seconds": seconds, "facts": facts.model_dump(mode="json")}
    file = read_offers(OFFERS)
    began = time.perf_counter()
    basin = read_model("syr_darya", "dry_year", agreements=[file.agreement]).basin()
    said = offer_facts(package(basin, file.open, file.offers), file, basin)
    found["offers"] = {"seconds": time.perf_counter() - began, "facts": said.model_dump(mode="json")}
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
