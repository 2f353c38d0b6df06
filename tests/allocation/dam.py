"""A dam with a head: the accuracy case, its variants, and an oracle by dynamic programming on a grid of storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.rivers import FLOORS, River
from waterflow.basin.basin import Basin
from waterflow.basin.head import ENERGY_PER_METRE, Head

LOWEST, FULL = 5500.0, 19500.0
KM3 = 1000.0


def metres(storage):
    """Head of the case, m: 115 + 63 ((S - 5500) / 14000)^0.6."""
    return 115 + 63 * (np.maximum(storage - LOWEST, 0) / (FULL - LOWEST)) ** 0.6


@dataclass(frozen=True)
class Dam:
    """One reservoir, one plant, twelve months; km3 and a price per kWh of any unit.

    The first is the case of a year like Toktogul's: inflow, price, and the storage it must end with are made up.
    """

    inflow: Sequence[float] = (0.38, 0.35, 0.42, 0.9, 2.0, 2.9, 2.5, 1.6, 0.8, 0.6, 0.5, 0.42)
    price: Sequence[float] = (3, 3, 2.2, 1, 1, 1, 1, 1, 1, 1.6, 2.6, 3.0)
    opening: float = 12.0
    closing: float = 12.0
    most: float = 2.5
    least: float = 0.3
    efficiency: float = 0.9

    def basin(self, head: bool = True) -> Basin:
        """As a river: the least release is a floor before the value of power."""
        river = River(months=12, start="2023-01-01").node("dam", "reservoir", runoff=[KM3 * q for q in self.inflow])
        river.node("sea", "outlet").reach("out", "dam", "sea", capacity=KM3 * self.most)
        river.reservoir("dam", KM3 * self.opening, FULL, LOWEST).held("dam", KM3 * self.closing)
        storages = LOWEST + (FULL - LOWEST) * np.linspace(0, 1, 141) ** 1.5
        curve = tuple((float(s), float(h)) for s, h in zip(storages, metres(storages), strict=True))
        drawn = Head(reservoir="dam", efficiency=self.efficiency, curve=curve)
        middle = ENERGY_PER_METRE * self.efficiency * float(metres(LOWEST + 0.65 * (FULL - LOWEST)))
        river.plant("mill", "out", "A", middle, KM3 * self.most, drawn if head else None)
        river.worth("A", [p / KM3 for p in self.price])
        for k, period in enumerate(river.calendar.periods):
            river.floor(f"least{k}", "out", KM3 * self.least * period.rate, k, k)
        return river.priorities(("least", [FLOORS]), "value").basin()

    def value(self, release: np.ndarray, storage: np.ndarray) -> float:
        """Price times energy at true head, release and month-end storage in km3."""
        before = np.concatenate([[self.opening], storage[:-1]])
        heads = metres(KM3 * (before + storage) / 2)
        return float((np.array(self.price) * ENERGY_PER_METRE * self.efficiency * heads * release).sum())

    def best(self, step: float = 0.1) -> float:
        """The best value: dynamic programming over every storage, then over ever finer storages around its plan."""
        whole = np.arange(LOWEST / KM3, FULL / KM3 + step / 2, step)
        course = self._on_grid([whole] * len(self.price))
        while step > 1e-4:
            step *= 0.6
            near = [np.clip(s + step * np.arange(-3, 4), LOWEST / KM3, FULL / KM3) for s in course]
            near[-1] = np.append(near[-1], max(self.closing, near[-1][0]))
            course = self._on_grid(near)
        release = np.concatenate([[self.opening], course[:-1]]) + self.inflow - course
        return self.value(release, course)

    def _on_grid(self, grids: list[np.ndarray]) -> np.ndarray:
        """The course of month-end storage that is best on a grid for each month, km3; the last storages of equals."""
        starts = [np.array([self.opening]), *grids[:-1]]
        later, choices = np.where(grids[-1] >= self.closing, 0.0, -np.inf), []
        rate = ENERGY_PER_METRE * self.efficiency
        for start, end, inflow, price in list(zip(starts, grids, self.inflow, self.price, strict=True))[::-1]:
            release = start[:, None] + inflow - end[None, :]
            allowed = (release >= self.least - 1e-9) & (release <= self.most + 1e-9)
            made = price * rate * metres(KM3 * (start[:, None] + end[None, :]) / 2) * release
            whole = np.where(allowed, made + later[None, :], -np.inf)
            later = whole.max(axis=1)
            choices.append(whole.argmax(axis=1))
        course, at = [], 0
        for grid, choice in zip(grids, choices[::-1], strict=True):
            at = int(choice[at])
            course.append(grid[at])
        return np.array(course)


def variant(seed: int, flat: bool) -> Dam:
    """A made-up year: inflow 0.5 to 1.6 of the case's, other turbines and storages, prices seasonal or nearly flat."""
    rng, case = np.random.default_rng([seed, flat]), Dam()
    inflow = tuple(rng.uniform(0.6, 1.4) * q * rng.uniform(0.8, 1.2) for q in case.inflow)
    price = tuple(1 + rng.uniform(-0.03, 0.03) if flat else p * rng.uniform(0.6, 1.4) for p in case.price)
    opening = round(rng.uniform(7, 17), 2)
    closing = round(max(6.0, min(18.0, opening + rng.uniform(-2, 2), opening + sum(inflow) - 12 * case.least - 1)), 2)
    return replace(case, inflow=inflow, price=price, opening=opening, closing=closing, most=round(rng.uniform(1.5, 3), 2))
