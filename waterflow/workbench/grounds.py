"""Grounds: what decides a figure on the page, what would move it, and the rows of input behind it with their sources."""

from __future__ import annotations

from waterflow.accounts.commitments import targets as promised
from waterflow.accounts.figures import Figure, figure_named
from waterflow.accounts.payoffs import TERMS, payoff_terms
from waterflow.accounts.plan import Plan
from waterflow.accounts.shortfall_causes import holds_back
from waterflow.allocation.allocate import named
from waterflow.allocation.solve import solve
from waterflow.basin.basin import Basin
from waterflow.basin.titles import title_of
from waterflow.errors import Problem
from waterflow.explain.linear import gradient
from waterflow.explain.prices import givens_of, prices
from waterflow.explain.why import where_decided
from waterflow.loading.model import Model
from waterflow.report.names import term as term_called
from waterflow.report.shortfall_text import sentences
from waterflow.words.catalogue import say
from waterflow.words.numbers import number
from waterflow.workbench.grounds_facts import DecidedBy, EffectsFacts, GroundsFacts, Moves, Term
from waterflow.workbench.inputs_behind import input_tables, sources_of

__all__ = ["MONEY", "effects", "grounds"]

#: a party's money is told by its terms; it is no figure of a plan
MONEY = "payoff/"
#: effects that are told, and those that are none
TOLD, NOTHING = 12, 0.005

#: tables of water, and of power
WATER = (
    "reach_losses",
    "reach_capacities",
    "reach_flows_before",
    "reach_costs",
    "flow_rules",
    "outlet_capacities",
    "reservoirs",
    "full_storages",
    "evaporation",
    "precipitation",
    "opening_storage",
    "storage_rules",
    "operating_ranges",
    "runoff",
    "runoff_changes",
    "needs",
    "canal_capacities",
    "return_flows",
    "withdrawals_before",
    "floors",
    "targets",
    "threshold_shares",
)
POWER = ("plants", "plant_heads", "plant_limits", "power_demand", "power_supplies", "power_exports", "unserved_blocks")


def grounds(model: Model, basin: Basin, figure: str) -> GroundsFacts:
    """What decides a figure, and what it rests on.

    Parameters
    ----------
    model : Model
        Whose rows they are.
    basin : Basin
        Its river, with what is asked.
    figure : str
        As `waterflow.accounts.figures.figure_named` reads it, or ``payoff/PARTY``.

    Raises
    ------
    InputError
        If there is no such figure.
    ConflictError, SolverError
        If there is no plan.
    """
    about = _money(basin, figure) if figure.startswith(MONEY) else _volume(model, basin, figure)
    tables = input_tables(model, basin, behind=_names(basin, figure))
    return GroundsFacts(
        status="grounds",
        questions=basin.questions,
        figure=figure,
        rows=sum(t.rows for t in tables),
        assumed=sum(t.assumed for t in tables),
        tables=tables,
        sources=sources_of(model, tables),
        **about,
    )


def _volume(model: Model, basin: Basin, figure: str) -> dict[str, object]:
    wanted = figure_named(basin, figure)
    allocation = named(solve(basin))
    plan = Plan(allocation.basin, allocation.dataset)
    asked = {x.name for x in wanted.targets(basin)}
    titles = {p.name: title_of(p, p.name) for p in basin.objective.priorities}
    facts = promised(plan)
    binds = [
        sentence
        for target, cause in zip(basin.targets.values(), holds_back(plan, facts), strict=True)
        if target.name in asked and cause.status == "short"
        for sentence in sentences(cause, titles)
    ]
    decided = tuple(
        DecidedBy(stage=titles[d.after] if d.after else "", least=d.least, most=d.most, narrows=d.narrows)
        for d in where_decided(model, figure, basin)
        if not d.after or d.after in titles
    )
    return {
        "title": wanted.title,
        "unit": wanted.unit,
        "value": wanted.value(plan) + 0.0,
        "beside": _beside(plan, wanted),
        "binds": tuple(dict.fromkeys(binds)),
        "decided": decided,
        "terms": (),
    }


def _beside(plan: Plan, wanted: Figure) -> str:
    """What a party gets includes balances that nobody can explain; its card leaves them out."""
    users = [d.name for d in plan.basin.demands.values() if d.party == wanted.owner and d.use == "unexplained"]
    amount = sum(float(plan.series("delivery", u)[list(wanted.periods)].sum()) for u in users) if wanted.what == "delivered" else 0.0
    told = {"amount": number(amount), "rest": number(wanted.value(plan) - amount)}
    return say("Of it {amount} million m³ are unexplained balances; the card counts the other {rest}.", **told) if amount > 0.5 else ""


def _money(basin: Basin, figure: str) -> dict[str, object]:
    party = figure.removeprefix(MONEY)
    if party not in basin.parties:
        raise Problem("unknown-figure", say("figure"), figure, ", ".join(f"{MONEY}{p}" for p in basin.parties)).refusal()
    allocation = named(solve(basin))
    found = [x for x in payoff_terms(Plan(allocation.basin, allocation.dataset)) if x.party == party]
    own = {x.term: x for x in found}
    whole = own.pop("payoff", None)
    return {
        "title": say("{party}: money under this plan", party=party),
        "unit": "million USD",
        "value": whole.central_MUSD if whole else 0.0,
        "beside": "",
        "binds": (),
        "decided": (),
        "terms": tuple(
            Term(term=name, title=term_called(name), low=x.low_MUSD, central=x.central_MUSD, high=x.high_MUSD)
            for name, x in own.items()
            if max(abs(x.low_MUSD), abs(x.central_MUSD), abs(x.high_MUSD)) >= NOTHING
        ),
    }


def _names(basin: Basin, figure: str) -> dict[str, frozenset[str]]:
    """What rows may be about that bear on a figure: names of its own, by the tables of money alone where it is money."""
    if figure.startswith(MONEY):
        party = figure.removeprefix(MONEY)
        own = {party} | {d.name for d in basin.demands.values() if d.party == party}
        own |= {p.name for p in basin.plants.values() if p.party == party} | {r.name for r in basin.reservoirs.values() if r.owner == party}
        tables = dict.fromkeys(table for found in TERMS.values() for table in found)
        return {table: frozenset(own) for table in tables}
    wanted = figure_named(basin, figure)
    owner = wanted.owner
    ends = {owner} & set(basin.nodes)
    ends |= {d.node for d in basin.demands.values() if owner in (d.name, d.party)}
    plants = [p for p in basin.plants.values() if p.party == owner] if wanted.unit == "GWh" else []
    ends |= {basin.reaches[p.reach].start for p in plants}
    above = set[str]().union(*(basin.paths.above(node) for node in ends))
    names = above | {r.name for r in basin.reaches.values() if r.end in above}
    users = [d for d in basin.demands.values() if d.node in above]
    names |= {d.name for d in users} | {owner} | {p.name for p in plants}
    water = {t: frozenset(names) for t in WATER}
    water["limits"] = frozenset({d.party for d in users})
    power = {t: frozenset({owner} | {p.name for p in plants}) for t in POWER} if wanted.unit == "GWh" else {}
    return water | power


def effects(basin: Basin, figure: str) -> EffectsFacts:
    """What one unit more or less of each input would do to a figure; heard by `waterflow.progress`.

    Raises
    ------
    InputError
        If there is no such figure, or it is money, whose terms are told by `grounds`.
    """
    wanted = figure_named(basin, figure)
    solved = solve(basin)
    given = [g for g in givens_of(basin) if g.value != 0]
    found = prices(solved, wanted, gradient(wanted, solved.basin, solved.program), given)
    told = [p for p in found if p.size > NOTHING][:TOLD]
    return EffectsFacts(
        status="effects",
        figure=figure,
        unit=wanted.unit,
        tried=len(given),
        effects=tuple(
            Moves(title=p.given.title, unit=p.given.unit, value=p.given.value, one_more=p.one_more, one_less=p.one_less) for p in told
        ),
    )
