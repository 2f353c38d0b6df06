"""Desk: rivers laid out in a process of their own, and what is asked of them, answered as JSON text."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from waterflow.allocation.allocation import Allocation
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError, InputError, Problem, SolverError
from waterflow.loading.model import Model, read_model
from waterflow.words.catalogue import say, speaking, spoken
from waterflow.workbench.levers import Lever, levers, with_promises
from waterflow.workbench.picture import conflicting, picture
from waterflow.workbench.river_picture import river_facts
from waterflow.workbench.state import ChancesAsked, FigureAsked, ReplanAsked, State, TradeOffsAsked

__all__ = ["ANSWERS", "Desk", "answer"]

#: rivers that are kept laid out, the latest
KEPT = 6
#: answers that are kept
SAID = 200
#: which
SLOW = ("river", "prices", "no_deal", "chances", "trade_offs", "grounds", "effects", "doubt", "inputs")
#: of them those that have words in them: told anew in another language
IN_WORDS = ("river", "grounds", "effects", "doubt", "inputs")


@dataclass(frozen=True)
class Laid:
    """A river laid out: read, with promises that can be made, its solver and its levers."""

    model: Model
    basin: Basin
    _levers: dict[str, tuple[Lever, ...]] = field(default_factory=dict)

    @cached_property
    def solver(self) -> Solver:
        """Solves it again and again."""
        return Solver(self.basin)

    @property
    def levers(self) -> tuple[Lever, ...]:
        """What can be moved, in the language spoken."""
        if spoken() not in self._levers:
            self._levers[spoken()] = levers(self.basin)
        return self._levers[spoken()]


class Desk:
    """Rivers laid out.

    Parameters
    ----------
    models : mapping of str to str
        Names of what is served and where each is: a shipped name or a path.
    ledger : Path, optional
        Of the season that is served with its ledger.
    """

    def __init__(self, models: Mapping[str, str], ledger: Path | None = None) -> None:
        self.models, self.ledger = dict(models), ledger
        self._laid: OrderedDict[tuple[object, ...], Laid] = OrderedDict()
        self._said: OrderedDict[str, str] = OrderedDict()

    def laid(self, state: State) -> Laid:
        """The river a state is about.

        Raises
        ------
        InputError
            If nothing of that name is served, or its files or names are none.
        """
        if state.river not in self._laid:
            self._laid[state.river] = self._lay(state)
            while len(self._laid) > KEPT:
                self._laid.popitem(last=False)
        self._laid.move_to_end(state.river)
        return self._laid[state.river]

    def once(self, kind: str, state: State, made: Callable[[Desk, State], str]) -> str:
        """An answer that takes seconds and is asked for again by every page that opens."""
        # figures alone are the same in every language
        told = state if kind in IN_WORDS else state.model_copy(update={"lang": "en"})
        key = f"{kind} {told.model_dump_json()}"
        if key not in self._said:
            self._said[key] = made(self, state)
            while len(self._said) > SAID:
                self._said.popitem(last=False)
        self._said.move_to_end(key)
        return self._said[key]

    def _lay(self, state: State) -> Laid:
        model = self.model(state)
        basin = with_promises(model.basin())
        if state.order:
            basin = _reordered(basin, state.order)
        if state.dragging and basin.head_plants:
            plants = {name: plant.model_copy(update={"head": None}) for name, plant in basin.plants.items()}
            basin = basin.replaced(plants=plants)
        return Laid(model, basin)

    def model(self, state: State) -> Model:
        """The model a state is about, as it is read."""
        if state.model not in self.models:
            raise Problem("unknown-model", "model", state.model, " | ".join(self.models)).refusal()
        return read_model(self.models[state.model], state.scenario, state.step, state.agreements)

    def asked(self, state: State) -> tuple[Laid, Basin]:
        """The river with what is asked of it."""
        laid = self.laid(state)
        return laid, laid.basin.asked(_questions(state)) if state.questions else laid.basin

    def plan(self, state: State) -> tuple[Laid, Allocation]:
        """The plan of what is asked."""
        laid, basin = self.asked(state)
        return laid, laid.solver.allocate(basin, goes_on=state.dragging)


def _questions(state: State) -> dict[str, float | str]:
    return {address: str(value) if isinstance(value, str) else value for address, value in state.questions.items()}


def _reordered(basin: Basin, order: tuple[str, ...]) -> Basin:
    """A river with its priorities in another order."""
    own = {p.name: p for p in basin.objective.priorities}
    if sorted(order) != sorted(own):
        allowed = say("each of {names} once", names=", ".join(own) or "-")
        raise Problem("bad-model", "order", ", ".join(order), allowed).refusal()
    return basin.replaced(objective=basin.objective.model_copy(update={"priorities": tuple(own[name] for name in order)}))


def answer(desk: Desk, kind: str, state: State) -> str:
    """What is asked, as JSON text; what is wrong with it is an answer too.

    Parameters
    ----------
    desk : Desk
    kind : str
        One of `ANSWERS`.
    state : State
    """
    with speaking(state.lang):
        try:
            return desk.once(kind, state, ANSWERS[kind]) if kind in SLOW else ANSWERS[kind](desk, state)
        except ConflictError as error:
            laid, basin = desk.asked(state)
            return conflicting(error, basin, laid.levers).model_dump_json()
        except InputError as error:
            problems = [
                {"code": p.code, "where": p.where, "found": p.found, "allowed": p.allowed, "cause": p.cause} for p in error.problems
            ]
            return json.dumps({"status": "refused", "problems": problems}, ensure_ascii=False)
        except SolverError as error:
            return json.dumps({"status": "unproved", "told": str(error)}, ensure_ascii=False)


def _river(desk: Desk, state: State) -> str:
    laid = desk.laid(state)
    return river_facts(laid.model, laid.basin, laid.levers).model_dump_json()


def _plan(desk: Desk, state: State) -> str:
    laid, allocation = desk.plan(state)
    return picture(allocation, laid.levers, dragging=state.dragging).model_dump_json()


def _facts(desk: Desk, state: State) -> str:
    from waterflow.accounts.plan_facts import plan_facts

    _, allocation = desk.plan(state)
    return plan_facts(allocation.basin, allocation.dataset).model_dump_json()


def _prices(desk: Desk, state: State) -> str:
    from waterflow.workbench.lever_prices import lever_prices

    laid, basin = desk.asked(state)
    return lever_prices(laid.solver, basin, [x for x in laid.levers if x.main], _questions(state)).model_dump_json()


def _no_deal(desk: Desk, state: State) -> str:
    from waterflow.workbench.lever_prices import without_deal

    _, basin = desk.asked(state)
    return without_deal(basin).model_dump_json()


def _chances(desk: Desk, state: State) -> str:
    from waterflow.workbench.chances import chances

    assert isinstance(state, ChancesAsked)  # noqa: S101 - the route says so
    laid, basin = desk.asked(state)
    return chances(laid.model, laid.basin, basin, state.years).model_dump_json()


def _trade_offs(desk: Desk, state: State) -> str:
    from waterflow.workbench.trade_offs import trade_offs

    assert isinstance(state, TradeOffsAsked)  # noqa: S101 - the route says so
    laid, basin = desk.asked(state)
    return trade_offs(laid.solver, basin, laid.levers, _questions(state), state.parties, state.plans).model_dump_json()


def _grounds(desk: Desk, state: State) -> str:
    from waterflow.workbench.grounds import grounds

    assert isinstance(state, FigureAsked)  # noqa: S101 - the route says so
    laid, basin = desk.asked(state)
    return grounds(laid.model, basin, state.figure).model_dump_json()


def _effects(desk: Desk, state: State) -> str:
    from waterflow.workbench.grounds import effects

    assert isinstance(state, FigureAsked)  # noqa: S101 - the route says so
    return effects(desk.asked(state)[1], state.figure).model_dump_json()


def _doubt(desk: Desk, state: State) -> str:
    from waterflow.workbench.doubts import doubt_shown

    assert isinstance(state, FigureAsked)  # noqa: S101 - the route says so
    return doubt_shown(desk.laid(state).model, state, _questions(state)).model_dump_json()


def _inputs(desk: Desk, state: State) -> str:
    from waterflow.workbench.inputs_behind import assumed_inputs

    laid = desk.laid(state)
    return assumed_inputs(laid.model, laid.basin).model_dump_json()


def _ledger(desk: Desk, state: State) -> str:
    from waterflow.workbench.ledger_shown import ledger_shown

    return ledger_shown(desk.ledger, desk.laid(state).basin).model_dump_json()


def _replan(desk: Desk, state: State) -> str:
    from waterflow.workbench.ledger_shown import replanned

    assert isinstance(state, ReplanAsked)  # noqa: S101 - the route says so
    if state.questions or state.order:
        allowed = say("the plan in force, as it is")
        raise Problem("another-plan", "questions", ", ".join([*state.questions, *state.order]), allowed).refusal()
    try:
        return replanned(desk.ledger, desk.model(state).basin(), state.on, state.tolerance).model_dump_json()
    except ConflictError as error:
        # it clashes with what was, which no lever moves
        return json.dumps({"status": "unproved", "told": str(error)}, ensure_ascii=False)


def _report(form: str) -> Callable[[Desk, State], str]:
    def made(desk: Desk, state: State) -> str:
        """A file of the annex, as base64 in JSON."""
        from waterflow import __version__
        from waterflow.accounts.plan_facts import plan_facts
        from waterflow.loading.shipped import find_model
        from waterflow.report.annex import annex, digest_of
        from waterflow.report.annex_files import annex_file, check_form
        from waterflow.report.annex_under import made_under
        from waterflow.workbench.choices import scenario_title

        check_form(form, "report")
        _, allocation = desk.plan(state)
        facts = plan_facts(allocation.basin, allocation.dataset)
        made = made_under(allocation.basin, scenario_title(find_model(desk.models[state.model]), allocation.basin.own_scenario))
        found = annex(facts, allocation.basin.parties, digest_of(allocation.basin), __version__, made=made)
        content = base64.b64encode(annex_file(found, form, allocation.basin, allocation.dataset)).decode()
        return json.dumps({"status": "file", "content": content})

    return made


ANSWERS: dict[str, Callable[[Desk, State], str]] = {
    "river": _river,
    "plan": _plan,
    "facts": _facts,
    "prices": _prices,
    "no_deal": _no_deal,
    "chances": _chances,
    "trade_offs": _trade_offs,
    "grounds": _grounds,
    "effects": _effects,
    "doubt": _doubt,
    "inputs": _inputs,
    "ledger": _ledger,
    "replan": _replan,
    **{f"report/{form}": _report(form) for form in ("pdf", "xlsx", "html")},
}
