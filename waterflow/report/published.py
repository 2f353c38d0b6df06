"""The facts that are published: every JSON answer is one of these models, and this is where its schema is found.

To publish another: one line in `PUBLISHED`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from waterflow.accounts.fact import Fact

__all__ = ["PUBLISHED", "published", "schema_of"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: name -> module and class; looked up only when asked for
PUBLISHED: dict[str, tuple[str, str]] = {
    "plan": ("waterflow.accounts.facts", "PlanFacts"),
    "comparison": ("waterflow.accounts.comparison_facts", "Comparison"),
    "agreements": ("waterflow.accounts.comparison_facts", "PartyComparison"),
    "clauses": ("waterflow.explain.price_facts", "Clauses"),
    "other_clause": ("waterflow.explain.price_facts", "OtherClause"),
    "value": ("waterflow.explain.price_facts", "Value"),
    "why": ("waterflow.explain.why_facts", "Why"),
    "doubt": ("waterflow.explain.doubt_facts", "Doubt"),
    "ensemble": ("waterflow.futures.answer_facts", "EnsembleFacts"),
    "decided": ("waterflow.futures.tree_facts", "TreeFacts"),
    "negotiation": ("waterflow.negotiation.negotiation_facts", "NegotiationFacts"),
    "drought": ("waterflow.negotiation.drought_facts", "DroughtFacts"),
    "offers": ("waterflow.negotiation.offer_facts", "OfferFacts"),
    "ledger": ("waterflow.ledger.status_facts", "LedgerStatus"),
    "correction": ("waterflow.ledger.corrections", "Correction"),
    "shocked": ("waterflow.ledger.shock_facts", "Shocked"),
    "rolling": ("waterflow.ledger.replayed_facts", "RollingFacts"),
    "myopic": ("waterflow.ledger.myopic_facts", "MyopicFacts"),
    "evaluation": ("waterflow.report.evaluation_facts", "EvaluationFacts"),
}


def published(name: str) -> type[Fact]:
    """The model of published facts."""
    module, cls = PUBLISHED[name]
    found: type[Fact] = getattr(import_module(module), cls)
    return found


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of published facts."""
    return {"$schema": DIALECT, **published(name).model_json_schema()}
