"""Facts of a tree: what is decided before knowing beside foresight and the plan for the mean, and what knowing is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.basin.basin import Basin
from waterflow.basin.objective import CLOSING, is_round_of
from waterflow.basin.titles import called, priority_titles
from waterflow.calendar import Step
from waterflow.formulation.formulate import unknowns
from waterflow.formulation.objective import EVEN
from waterflow.futures.answer_facts import Outcome
from waterflow.futures.answers import answers
from waterflow.futures.chunk import OPTIMAL, Arrays
from waterflow.futures.dataset import Layouts, dataset_of
from waterflow.futures.runoff import Runoff
from waterflow.futures.tree_plans import Plan
from waterflow.futures.trees import Decided
from waterflow.futures.year_basin import carried

__all__ = ["Chance", "DecidedNow", "Difference", "StageWorth", "TreeFacts", "leaves_dataset", "tree_facts"]

Floats = NDArray[np.float64]
#: two values of a stage differ beyond this, relative to max(1, |value|)
SAME = 1e-6


class DecidedNow(Fact):
    """A figure that is decided before leaves are told apart."""

    named_by = ("place", "quantity")

    place: str = Field(description="A reservoir")
    title: str
    quantity: Literal["storage", "release"] = Field(description="Storage when leaves are told apart; what is let go until then")
    decided_Mm3: float
    mean_Mm3: float | None = Field(description="In the plan for the mean; None where there is none")
    foreseen_low_Mm3: float = Field(description="The least in any leaf that is foreseen")
    foreseen_high_Mm3: float


class StageWorth(Fact):
    """A stage of the order, or the one sum: the mean over the leaves of what is reached in three ways."""

    named_by = ("stage",)

    stage: str
    sense: Literal["minimise", "maximise"]
    unit: str
    foreseen: float = Field(description="If each leaf were known from the start")
    decided: float
    mean_kept: float | None = Field(description="If the plan for the mean is kept until then; None where it leaves no plan")


class Difference(Fact):
    """How much better one way is, in the first stage in which it differs."""

    named_by = ("stage",)

    stage: str
    unit: str
    value: float


class Chance(Fact):
    """A target that must be met with a probability."""

    named_by = ("target",)

    target: str
    title: str
    window: str
    probability: float


class TreeFacts(Answer):
    """What to decide before knowing."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    step: Step = Field(description="Length of a period")
    horizon: str = Field(description="A window")
    source: str = Field(description="``historical``, ``generated``, the name of a file, or empty")
    seed: int | None = Field(description="Of futures that were drawn")
    order: tuple[str, ...] = Field(description="Priorities; empty where one sum of benefits decides")
    priority_titles: dict[str, str] = Field(description="Title of every priority by name, in the language spoken")
    leaves: int = Field(description="How many futures")
    nodes: int = Field(description="How many nodes the tree has")
    told_apart: str | None = Field(description="First period of the first nodes that are told apart; None with one leaf")
    measure: Literal["mean", "risk", "regret"] = Field(description="What every stage minimises first")
    risk_weight: float = Field(description="Of the worst futures beside the mean")
    risk_tail: float = Field(description="Share of the futures that are the worst")
    chances: tuple[Chance, ...]
    now: tuple[DecidedNow, ...]
    stages: tuple[StageWorth, ...]
    evpi: Difference | None = Field(
        description="Expected value of perfect information; None without any, or where other than the mean is minimised"
    )
    vss: Difference | None = Field(
        description="Value of the stochastic solution; None as ``evpi``, or where the plan for the mean leaves no plan"
    )
    stuck: tuple[str, ...] = Field(description="Leaves in which no plan follows the plan for the mean")
    outcomes: tuple[Outcome, ...] = Field(description="How sure each promise is over the leaves")
    with_head: bool = Field(description="True if plants have a head, which counts at fixed rates here")


def tree_facts(decided: Decided, basin: Basin, chances: dict[str, float], source: str = "", seed: int | None = None) -> TreeFacts:
    """What a tree says.

    Parameters
    ----------
    decided : Decided
    basin : Basin
        That was asked.
    chances : dict of float
        Probability of targets by name, as they were asked.
    source, seed
        Where the leaves are from, for whoever reads.
    """
    leaves = answers(decided.basin, leaves_dataset(decided), source, seed)
    kinds = [stage.measure for stage in decided.stages if stage.measure != "mean"]
    stages = tuple(_stages(decided))
    plain = not kinds and not chances
    labels, root = basin.calendar.labels, decided.tree.root_periods
    return TreeFacts(
        questions=basin.questions,
        model=basin.name,
        scenario=basin.scenario or None,
        title=leaves.title,
        step=basin.calendar.step,
        horizon=leaves.horizon,
        source=source,
        seed=seed,
        order=tuple(p.name for p in basin.objective.priorities),
        priority_titles=priority_titles(basin),
        leaves=len(decided.tree.leaves),
        nodes=len(decided.tree.nodes),
        told_apart=labels[root] if root < len(labels) else None,
        measure=kinds[0] if kinds else "mean",
        risk_weight=decided.risk.weight,
        risk_tail=decided.risk.tail,
        chances=tuple(_chance(basin, name, share) for name, share in chances.items()),
        now=tuple(_now(decided)),
        stages=stages,
        evpi=_first(stages, lambda s: s.decided, lambda s: s.foreseen) if plain else None,
        vss=_first(stages, lambda s: s.mean_kept, lambda s: s.decided) if plain else None,
        stuck=decided.stuck,
        outcomes=leaves.outcomes,
        with_head=bool(basin.head_plants),
    )


def _chance(basin: Basin, name: str, share: float) -> Chance:
    target = basin.targets[name]
    return Chance(target=name, title=called(basin, target.place), window=str(target.window), probability=share)


def _first(
    stages: tuple[StageWorth, ...], worse: Callable[[StageWorth], float | None], better: Callable[[StageWorth], float | None]
) -> Difference | None:
    """The first stage in which two ways differ, and by how much the second is better."""
    for stage in stages:
        one, other = worse(stage), better(stage)
        if one is None or other is None:
            return None
        if abs(one - other) > SAME * max(1.0, abs(one), abs(other)):
            return Difference(stage=stage.stage, unit=stage.unit, value=other - one if stage.sense == "maximise" else one - other)
    return None


def _stages(decided: Decided) -> Iterator[StageWorth]:
    """First rounds of priorities, and costs; how what is short is spread, and the closing stages, are no aims."""
    closing = set(CLOSING)
    names = [stage for stage in decided.stages if stage.measure == "mean"]
    for stage in names:
        later = any(other is not stage and is_round_of(stage.name, other.name) for other in names)
        if later or stage.name in closing or stage.name.rpartition("/")[2] == EVEN:
            continue
        foreseen = decided.foreseen_values.get(stage.name, np.zeros(len(decided.tree.leaves)))
        yield StageWorth(
            stage=stage.name,
            sense=stage.sense,
            unit=stage.unit,
            foreseen=float(decided.tree.probability @ foreseen),
            decided=float(decided.tree.probability @ stage.by_leaf),
            mean_kept=decided.mean_values.get(stage.name, 0.0) if decided.mean_values else None,
        )


def _now(decided: Decided) -> Iterator[DecidedNow]:
    """Storage of each reservoir when leaves are told apart, and what it lets go until then; where it matters most what comes first."""
    basin, root = decided.basin, decided.tree.root_periods
    rows = {name: k for k, name in enumerate(basin.reservoirs)}
    stored = {name: [float(plan.decisions["storage"][rows[name], root - 1]) for plan in decided.foreseen] for name in carried(basin)}
    order = sorted(stored, key=lambda name: (-round(max(stored[name]) - min(stored[name])), -_room(basin, name)))
    for name in order:
        row = rows[name]
        outlets = [k for k, reach in enumerate(basin.reaches.values()) if reach.start == name]

        def storage(plan: Plan, row: int = row) -> float:
            return float(plan.decisions["storage"][row, root - 1])

        def release(plan: Plan, outlets: list[int] = outlets) -> float:
            return float(plan.decisions["flow"][outlets, :root].sum())

        for quantity, figure in (("storage", storage), ("release", release)):
            foreseen = [figure(plan) for plan in decided.foreseen]
            yield DecidedNow(
                place=name,
                title=called(basin, name),
                quantity=quantity,
                decided_Mm3=figure(decided.plans[0]),
                mean_Mm3=None if decided.mean is None else figure(decided.mean),
                foreseen_low_Mm3=min(foreseen),
                foreseen_high_Mm3=max(foreseen),
            )


def _room(basin: Basin, name: str) -> float:
    """Water between the lowest storage and full, Mm3."""
    reservoir = basin.reservoirs[name]
    return reservoir.full_storage - reservoir.lowest_storage


def leaves_dataset(decided: Decided) -> xr.Dataset:
    """The plan in every leaf as the Dataset of an ensemble (`waterflow.futures.dataset.dataset_of`), leaves as members."""
    basins = [plan.ready.basin for plan in decided.plans]
    values = np.array([[leaf.runoff[node] for node in decided.basin.runoff] for leaf in basins], dtype=float)
    values = values.reshape(len(basins), len(decided.basin.runoff), -1)
    asked = Runoff(decided.basin, values, decided.tree.names, decided.tree.probability, ())
    layouts = Layouts(asked, np.ones(len(basins), dtype=bool))
    reached = {stage.name: stage.by_leaf for stage in decided.stages if stage.measure == "mean"}
    count = len(basins)
    words = unknowns()
    width = max(sum(len(plan.ready.program.unknowns[w.name].index) for w in words) for plan in decided.plans)
    found: Arrays = {
        "member": np.arange(count),
        "status": np.full(count, OPTIMAL),
        "message": np.full(count, ""),
        "clashing": np.full(count, ""),
        "path": np.full(count, "tree"),
        "certificate": np.full(count, max(stage.certificate.worst for stage in decided.stages)),
        "water": np.array([plan.water for plan in decided.plans]),
        "energy": np.array([plan.energy for plan in decided.plans]),
        "plan": np.array([np.pad(p.point, (0, width - len(p.point)), constant_values=np.nan) for p in decided.plans]),
        "due": np.array([[x.due for x in b.threshold_shares.values()] for b in basins], dtype=float).reshape(count, -1),
        "values": np.array([reached.get(name, np.full(count, np.nan)) for name in layouts.stages]).T.reshape(count, -1),
    }
    return dataset_of(asked, layouts, [found])
