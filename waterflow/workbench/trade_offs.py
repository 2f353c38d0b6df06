"""Trade-offs: settings of the levers are tried, each a plan of the page, and those are kept that no other betters for two parties.

Every point is the plan that the page itself makes when its levers are set so: whoever chooses one sees the same figures again. Beside them
stands what the parties could reach if they planned together (`waterflow.negotiation.frontier`), which no lever promises.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from waterflow.accounts.payoffs import has_values, payoffs
from waterflow.allocation.resolve import Solver
from waterflow.basin.basin import Basin
from waterflow.errors import ConflictError, InputError, Problem
from waterflow.negotiation.frontier import frontier
from waterflow.negotiation.joint import Joint
from waterflow.negotiation.no_deal import table_of
from waterflow.progress import done, part
from waterflow.words.catalogue import say
from waterflow.workbench.lever_prices import delivered_to_targets
from waterflow.workbench.levers import Lever
from waterflow.workbench.picture import chosen
from waterflow.workbench.trade_off_facts import PackageOf, TradeOffFacts, TradePlan

__all__ = ["facts_of_the_year", "trade_offs"]

Questions = Mapping[str, float | str]
#: levers that are promises, by the first word of their address; the others are facts of the year, or water that nobody gives away
PROMISES = ("clause", "storage_at_least", "limit")
#: shares of the way from where a free lever stands to either end, and factors of limits
SHARES, FACTORS = (0.15, 0.4), (0.85, 0.925, 1.075, 1.15)
#: seconds after which no further plan is begun, and shares of the work: no deal and the joint plans, then the plans tried
SECONDS, FIRST = 60.0, 0.3
#: points of the joint frontier
JOINT = 6
#: gains are the same up to this, million USD
SAME = 0.01


@dataclass(frozen=True)
class _Setting:
    """How the levers stand."""

    questions: Mapping[str, float | str]
    order: tuple[str, ...] = ()
    moved: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[object, ...]:
        return (tuple(sorted(self.questions.items())), self.order)


@dataclass
class _Search:
    """Settings being tried."""

    laid: Solver
    levers: tuple[Lever, ...]
    parties: tuple[str, str]
    alone: Mapping[str, float]
    most: int
    found: list[TradePlan] = field(default_factory=list)
    settings: list[_Setting] = field(default_factory=list)
    seen: set[tuple[object, ...]] = field(default_factory=set)
    stands: dict[int, Mapping[str, float]] = field(default_factory=dict)
    solvers: dict[tuple[str, ...], Solver] = field(default_factory=dict)
    clashed: int = 0
    left_out: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether no further plan is begun."""
        return len(self.found) + self.clashed >= self.most or time.monotonic() - self.began > SECONDS

    def tried(self, settings: Iterable[_Setting]) -> None:
        """Plan some settings, those left out counted where the search is over."""
        for setting in settings:
            if setting.key in self.seen:
                continue
            if self.over:
                self.left_out += 1
                continue
            self.seen.add(setting.key)
            self._plan(setting)
            done((len(self.found) + self.clashed) / self.most)

    def _plan(self, setting: _Setting) -> None:
        solver = self._solver(setting.order)
        try:
            plan = solver.allocate(solver.basin.asked(setting.questions))
        except (ConflictError, InputError):
            self.clashed += 1
            return
        worth = payoffs(plan.basin, plan.dataset, ("central",))["central"]
        number = len(self.found)
        self.stands[number] = chosen(plan, self.levers)
        self.settings.append(setting)
        self.found.append(
            TradePlan(
                number=number,
                questions=dict(setting.questions),
                order=setting.order,
                moved=tuple(sorted(setting.moved)),
                gains_MUSD={p: worth[p] - self.alone[p] for p in plan.basin.parties},
                target_Mm3=delivered_to_targets(plan),
                unbettered=False,
            )
        )

    def _solver(self, order: tuple[str, ...]) -> Solver:
        if not order:
            return self.laid
        if order not in self.solvers:
            own = {p.name: p for p in self.laid.basin.objective.priorities}
            objective = self.laid.basin.objective.model_copy(update={"priorities": tuple(own[name] for name in order)})
            self.solvers[order] = Solver(self.laid.basin.replaced(objective=objective))
        return self.solvers[order]

    def around(self, number: int) -> Iterator[_Setting]:
        """Settings one lever away from a plan."""
        setting, stands = self.settings[number], self.stands[number]
        for lever in self.levers:
            if lever.address in setting.moved:
                continue
            for value in _values(lever, stands.get(lever.address, lever.value)):
                asked = {**setting.questions, lever.address: value}
                yield _Setting(asked, setting.order, setting.moved | {lever.address})

    def orders(self) -> Iterator[_Setting]:
        """The page's own setting with each priority right behind the first."""
        if not self.settings:
            return
        first = self.settings[0]
        names = [p.name for p in self.laid.basin.objective.priorities]
        # money before water and power would starve whoever pays little: nobody proposes that at a table
        claims = [p.name for p in self.laid.basin.objective.priorities if not p.cost]
        for name in claims[2:]:
            order = (names[0], name, *(x for x in names[1:] if x != name))
            yield _Setting(first.questions, order, first.moved | {"order"})

    def unbettered(self) -> list[int]:
        """Plans of which no other gives one of the two parties more and the other no less, in falling order of the first."""
        ranked = sorted(self.found, key=lambda p: tuple(-p.gains_MUSD[x] for x in self.parties))
        kept: list[TradePlan] = []
        for plan in ranked:
            if not kept or plan.gains_MUSD[self.parties[1]] > kept[-1].gains_MUSD[self.parties[1]] + SAME:
                kept.append(plan)
        return [p.number for p in kept]


def _values(lever: Lever, stands: float) -> Iterator[float | str]:
    """Where else a lever may stand."""
    if lever.kind == "factor":
        yield from (f"x{factor:g}" for factor in FACTORS)
        return
    # "at least" binds only above what the plan has anyway
    yield from (round(stands + share * (lever.high - stands)) for share in SHARES if lever.high > stands + lever.step)


def facts_of_the_year(questions: Questions) -> dict[str, float | str]:
    """What is the same with and without a deal: promises are not."""
    return {address: value for address, value in questions.items() if address.partition(".")[0] not in PROMISES}


def trade_offs(
    solver: Solver, basin: Basin, levers: tuple[Lever, ...], questions: Questions, parties: tuple[str, str], most: int
) -> TradeOffFacts:
    """What two parties could give each other by moving promises and the order of priorities.

    Parameters
    ----------
    solver : Solver
        Of the river as it was laid out.
    basin : Basin
        With what is asked.
    levers : tuple of Lever
    questions : mapping
        What is asked.
    parties : (str, str)
    most : int
        Plans that are tried, at most.

    Raises
    ------
    InputError
        If a party is none, both are one, or nothing in the river has a value.
    """
    _require(basin, parties)
    with part(0.0, FIRST):
        joint = Joint(table_of(solver.basin.asked(facts_of_the_year(questions)).at_level("central")))
        alone = joint.alone()
        done(0.5)
        beyond = frontier(joint, alone, [f"payoff/{p}" for p in parties], JOINT)
    promises = tuple(x for x in levers if x.main and x.address.partition(".")[0] in PROMISES)
    search = _Search(solver, promises, parties, alone.payoffs, most)
    with part(FIRST, 1.0):
        search.tried([_Setting(dict(questions))])
        search.tried(search.orders())
        search.tried(search.around(0) if search.found else ())
        for _ in range(2):
            search.tried([s for number in search.unbettered() for s in search.around(number)])
    best = set(search.unbettered())
    return TradeOffFacts(
        status="trade_offs",
        questions=basin.questions,
        step=basin.calendar.step,
        parties=parties,
        plans=tuple(p.model_copy(update={"unbettered": p.number in best}) for p in search.found),
        packages=tuple(_packages(search.found, basin)),
        clashed=search.clashed,
        left_out=search.left_out,
        joint=tuple((x.values[0], x.values[1]) for x in beyond.points),
    )


def _packages(plans: list[TradePlan], basin: Basin) -> Iterator[PackageOf]:
    """Plans worth a name; of two that are as good the one tried first, which moves less."""
    if not plans:
        return

    def best(kind: str, worth: Mapping[int, float]) -> PackageOf:
        return PackageOf(kind=kind, number=max(worth, key=lambda k: (round(worth[k], 2), -k)))

    yield best("together", {p.number: sum(p.gains_MUSD.values()) for p in plans})
    yield best("worst_off", {p.number: min(p.gains_MUSD.values()) for p in plans})
    for party in basin.parties:
        yield best(f"most/{party}", {p.number: p.gains_MUSD[party] for p in plans})
    if basin.targets:
        yield best("target", {p.number: p.target_Mm3 for p in plans})


def _require(basin: Basin, parties: tuple[str, str]) -> None:
    known = ", ".join(basin.parties)
    problems = [Problem("unknown-party", "parties", p, known) for p in parties if p not in basin.parties]
    if parties[0] == parties[1]:
        problems.append(Problem("twice", "parties", parties[0], say("another party")))
    if not has_values(basin):
        problems.append(Problem("missing-values", say("values"), say("none"), say("what water or power is worth to the parties")))
    if problems:
        raise InputError(problems)
