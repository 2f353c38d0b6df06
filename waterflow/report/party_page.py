"""One party's page: its box, its users, limits, reservoirs, power, payoffs and clauses."""

from __future__ import annotations

from waterflow.accounts.facts import PlanFacts
from waterflow.report import clause_text
from waterflow.report import table_commitments as commitments
from waterflow.report import table_payoffs as money
from waterflow.report import table_schedules as schedules
from waterflow.report.page import certificate, rests_on, targets
from waterflow.report.page_parties import boxes, short_and_costs
from waterflow.report.page_short import short_and_why
from waterflow.report.table_head import made, subject
from waterflow.words.layout import paragraph

__all__ = ["facts_of", "party_page"]

SECTIONS = (
    schedules.users,
    commitments.limits,
    schedules.reservoirs,
    schedules.energy,
    schedules.lines,
    money.of_facts,
    clause_text.section,
)


def facts_of(facts: PlanFacts, party: str) -> PlanFacts:
    """The facts that are about one party, the rest of the river left out."""
    deals = {x.clause for x in facts.deals if party in (x.giver, x.receiver)}
    served = {x.place for x in facts.shortages.targets if party in x.parties}
    account = facts.account
    short = facts.shortages
    own_short = {
        "users": tuple(x for x in short.users if x.party == party),
        "targets": tuple(x for x in short.targets if party in x.parties),
        "power": tuple(x for x in short.power if x.party == party),
    }
    own_account = {
        "entries": tuple(x for x in account.entries if party == x.party or party in x.to),
        "energy": tuple(x for x in account.energy if party in (x.giver, x.receiver)),
    }
    return facts.model_copy(
        update={
            **{name: tuple(x for x in getattr(facts, name) if x.party == party) for name in ("parties", "deliveries", "accounts")},
            **{name: tuple(x for x in getattr(facts, name) if x.party == party) for name in ("power", "lines", "payoffs")},
            "reservoirs": tuple(x for x in facts.reservoirs if x.owner == party),
            "deals": tuple(x for x in facts.deals if party in (x.giver, x.receiver)),
            "clauses": tuple(x for x in facts.clauses if party in (x.giver, *x.receivers) or x.clause in deals),
            "holds_back": tuple(x for x in facts.holds_back if x.place in served),
            "floor_shortfalls": (),
            "not_reached": tuple(x for x in facts.not_reached if party in x.parties),
            "shortages": short.model_copy(update=own_short),
            "account": account.model_copy(update=own_account),
        }
    )


def party_page(facts: PlanFacts, party: str, against: PlanFacts | None = None) -> str:
    """Everything that one party asks of a plan.

    Parameters
    ----------
    facts : PlanFacts
    party : str
        One of the basin's.
    against : PlanFacts, optional
        Of the plan without agreements.
    """
    own = facts_of(facts, party)
    lines = [*subject(facts), *made(facts)]
    for block in (targets(facts, against), short_and_costs(own), boxes(own, against), short_and_why(own, party=party)):
        told = list(block)
        lines += ["", *told] if told else []
    lines += [line for section in SECTIONS for line in section(own)]
    return "\n".join([*lines, "", paragraph(rests_on(facts)), paragraph(certificate(facts))]) + "\n"
