"""Pictures of a plan for engineers: ``allocation.plot``, as matplotlib figures and as one page that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from waterflow.accounts.balances import water_balance
from waterflow.accounts.payoffs import has_values, payoffs
from waterflow.accounts.plan import Plan
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.extras import require_extra
from waterflow.report.negotiation_picture import PARTY_COLOURS
from waterflow.report.validation_pictures import svg
from waterflow.words.catalogue import mark, say, spoken
from waterflow.words.dates import month_name
from waterflow.words.numbers import number, unit

__all__ = ["Plots"]

Floats = NDArray[np.float64]
INK, DEEP, SEEN, LIMIT, WATER = "#14202b", "#2f74ab", "#e4e9ed", "#b3261e", "#9cc3e3"
CAME = ("#2f74ab", "#9cc3e3", "#5586b4", "#bcd5e8")
WENT = ("#946d00", "#7f909d", "#c7a854", "#d9b382", "#4a5a68", "#e0d3ae")
BODY = "font:15px system-ui,sans-serif;max-width:1100px;margin:24px auto;padding:0 12px"
#: reservoirs beside one another
ACROSS = 4
#: what an amount is called where it comes and where it goes
CALLED = {
    "runoff": (mark("runoff"), mark("runoff")),
    "return_flow": (mark("return flows"), mark("return flows")),
    "recharge": (mark("seepage that comes back"), mark("seepage that comes back")),
    "storage": (mark("out of store"), mark("into store")),
    "on_the_way": (mark("was on its way"), mark("on its way at the end")),
    "from_lake": (mark("out of a lake"), mark("out of a lake")),
    "use": (mark("withdrawals"), mark("withdrawals")),
    "unexplained": (mark("not explained"), mark("not explained")),
    "evaporation": (mark("rain on reservoirs"), mark("evaporation of reservoirs")),
    "way_evaporation": (mark("evaporation on the way"), mark("evaporation on the way")),
    "seepage": (mark("into the ground on the way"), mark("into the ground on the way")),
    "reservoir_seepage": (mark("seepage of reservoirs"), mark("seepage of reservoirs")),
    "runoff_lost": (mark("runoff below zero"), mark("runoff below zero")),
    "into_lake": (mark("into lakes"), mark("into lakes")),
    "out": (mark("out of the river"), mark("out of the river")),
}
#: what stands over is called before and after
BEFORE_AFTER = {
    "storage": (mark("stored before"), mark("stored after")),
    "on_the_way": (mark("was on its way"), mark("on its way at the end")),
}
#: Mm3 nobody sees
NOISE = 1e-9
#: pictures of a page, in order, and what they show
PAGE = {
    "reservoirs": mark("Reservoirs"),
    "flows": mark("Flows"),
    "balance": mark("Water balance"),
    "parties": mark("Parties"),
    "sankey": mark("Where the water goes"),
}


class Plots:
    """Pictures of one plan.

    Each returns a matplotlib figure of the plan's periods; a notebook shows it.

    Parameters
    ----------
    basin : Basin
    dataset : Dataset
        Of its allocation.

    Raises
    ------
    InputError
        If matplotlib is not installed (extra ``pictures``).
    """

    def __init__(self, basin: Basin, dataset: xr.Dataset) -> None:
        require_extra("matplotlib", "pictures", "plot")
        self.basin, self.plan = basin, Plan(basin, dataset)

    def reservoirs(self) -> Any:
        """Storage of each reservoir, Mm3, between its ends and in the range operators have used; below it the release, m3/s."""
        shown = [r for r in self.basin.reservoirs.values() if r.full_storage > 0]
        across = min(ACROSS, max(1, len(shown)))
        down = max(1, -(-len(shown) // across))
        figure, axes = _grid(2 * down, across, (3.0, 4.2 * down), [2, 1] * down)
        for k in range(down * across):
            above, below = axes[2 * (k // across)][k % across], axes[2 * (k // across) + 1][k % across]
            if k >= len(shown):
                above.set_visible(False)
                below.set_visible(False)
                continue
            self._stored(above, shown[k].name)
            release = self.plan.release(shown[k].name)
            self._steps(below, self.plan.rates(self.plan.nothing if release is None else release))
        return _labelled(figure, axes, [unit("Mm3"), unit("m3/s")] * down)

    def flows(self, reaches: Iterable[str] = ()) -> Any:
        """Flow into reaches, m3/s by period; those that carry most without a choice.

        Raises
        ------
        KeyError
            If a reach is none of the river's.
        """
        total = {name: float(self.plan.series("flow", name).sum()) for name in self.basin.reaches}
        chosen = list(reaches) or sorted(total, key=lambda name: -total[name])[:6]
        figure, axes = _grid(-(-len(chosen) // 3), min(3, len(chosen)), (3.6, 2.2))
        flat = [axis for row in axes for axis in row]
        for axis, name in zip(flat, chosen, strict=False):
            self._steps(axis, self.plan.rates(self.plan.series("flow", name)))
            axis.set_title(called(self.basin, name), fontsize=8, loc="left", color=INK)
        for axis in flat[len(chosen) :]:
            axis.set_visible(False)
        return _labelled(figure, axes, [unit("m3/s")] * len(axes))

    def balance(self) -> Any:
        """Water above lakes and outlets by period, Mm3: what comes above the line, what goes below it; they add up to the same."""
        came, went = self._sums()
        figure, axes = _grid(1, 1, (8, 4))
        axis = axes[0][0]
        at = np.arange(len(self.basin.calendar.periods))
        for sign, parts, shades in ((1, came, CAME), (-1, went, WENT)):
            base = np.zeros(len(at))
            for k, (name, series) in enumerate(parts.items()):
                shade = shades[k % len(shades)]
                axis.bar(at, sign * series, bottom=sign * base, color=shade, label=name, width=0.85)
                base = base + series
        axis.axhline(0, color=INK, linewidth=0.7)
        axis.legend(fontsize=7, ncols=2, frameon=False)
        self._months(axis)
        return _labelled(figure, axes, [unit("Mm3")])

    def parties(self) -> Any:
        """Water each party asks and gets, Mm3; its payoff from low to high values, million USD, where anything has a value."""
        valued = has_values(self.basin)
        figure, axes = _grid(1, 2 if valued else 1, (4.6, 3.2))
        users = {p: [d for d in self.basin.demands.values() if d.party == p and d.use != "unexplained"] for p in self.basin.parties}
        at = np.arange(len(users))
        colours = [PARTY_COLOURS[k % len(PARTY_COLOURS)] for k in at]
        asked = [float(sum(sum(d.need) for d in own)) for own in users.values()]
        got = [self.plan.total("delivery", [d.name for d in own]) for own in users.values()]
        axes[0][0].barh(at, asked, color="white", edgecolor=colours, linestyle="--")
        axes[0][0].barh(at, got, color=colours)
        axes[0][0].set_title(say("water asked (dashed) and got, {unit}", unit=unit("Mm3")), fontsize=8, loc="left", color=INK)
        if valued:
            worth = payoffs(self.basin, self.plan.dataset)
            low, mid, high = ([worth[level][p] for p in users] for level in ("low", "central", "high"))
            axes[0][1].barh(at, mid, color=colours, alpha=0.5)
            axes[0][1].hlines(at, np.minimum(low, high), np.maximum(low, high), color=INK)
            axes[0][1].set_title(
                say("payoff; line: low to high values, {unit}", unit=unit("million USD")), fontsize=8, loc="left", color=INK
            )
        for axis in axes[0]:
            axis.set_yticks(at, list(users))
            axis.invert_yaxis()
        return _labelled(figure, axes, [""])

    def sankey(self) -> Any:
        """Where the water of the horizon comes from and where it goes, Mm3: widths in proportion, both sides of one height."""
        came, went = self._horizon()
        figure, axes = _grid(1, 1, (8, 4.4))
        axis = axes[0][0]
        whole = sum(came.values()) or 1.0
        for parts, x, side in ((came, 0.0, "right"), (went, 1.0, "left")):
            top = 1.0
            for k, (name, value) in enumerate((n, v) for n, v in parts.items() if v > 0.001 * whole):
                height = value / whole
                party = self.basin.parties.index(name) if name in self.basin.parties else None
                colour = WATER if x == 0 else WENT[k % len(WENT)] if party is None else PARTY_COLOURS[party % len(PARTY_COLOURS)]
                axis.fill_between(
                    [x, 0.5], [top, top], [top - height, top - height], color=colour, alpha=0.75, linewidth=0.4, edgecolor="white"
                )
                away = -0.02 if x == 0 else 0.02
                axis.text(x + away, top - height / 2, f"{name} {number(value)}", ha=side, va="center", fontsize=8, color=INK)
                top -= height
        axis.set_xlim(-0.45, 1.5)
        axis.axis("off")
        return figure

    def page(self) -> str:
        """Every picture on one page of HTML that asks for nothing else."""
        parts = []
        for name, title in PAGE.items():
            drawn = svg(getattr(self, name)()).decode()
            parts.append(f"<h2>{html.escape(say(title))}</h2>{drawn[drawn.index('<svg') :]}")
        title = html.escape(title_of(self.basin, self.basin.name))
        head = f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8"><title>{title}</title>'
        style = f"<style>body{{{BODY}}}svg{{max-width:100%;height:auto}}</style>"
        return f"{head}{style}</head><body><h1>{title}</h1>{''.join(parts)}</body></html>"

    def _stored(self, axis: Any, name: str) -> None:
        r = self.basin.reservoirs[name]
        series = np.append(r.opening_storage, self.plan.series("storage", name))
        seen = next((x for x in self.basin.operating_ranges.values() if x.reservoir == name and x.kind == "storage"), None)
        at = np.arange(len(series))
        if seen:
            low, high = (np.where(np.isfinite(v), v, np.nan) for v in (np.array(seen.low, dtype=float), np.array(seen.high, dtype=float)))
            axis.fill_between(at[:-1] + 0.5, low, high, color=SEEN, step="mid", label=say("range seen"))
        axis.plot(at, series, color=DEEP, linewidth=1.6)
        for edge in (r.lowest_storage, r.full_storage):
            axis.axhline(edge, color=LIMIT, linewidth=0.8)
        axis.set_title(called(self.basin, name), fontsize=8, loc="left", color=INK)
        self._months(axis)

    def _steps(self, axis: Any, series: Floats) -> None:
        axis.step(np.arange(len(series) + 1), np.append(series, series[-1]), where="post", color=DEEP, linewidth=1.4)
        axis.set_ylim(bottom=0)
        self._months(axis)

    def _months(self, axis: Any) -> None:
        """Names of months below, as many as there is room for."""
        labels = [month_name(p.start.month) for p in self.basin.calendar.periods]
        every = max(1, len(labels) // 6)
        axis.set_xticks(np.arange(0, len(labels), every) + 0.5, labels[::every])

    def _horizon(self) -> tuple[dict[str, float], dict[str, float]]:
        """What came over the horizon or stood before it, and what went or stands after it, Mm3: the two add up to the same."""
        came: dict[str, float] = {}
        went: dict[str, float] = {}
        for part in water_balance(self.plan).parts:
            comes, goes = BEFORE_AFTER.get(part.kind) or CALLED[part.kind]
            if part.side == "stands":
                both = ((came, say(comes), part.amounts[0]), (went, say(goes), part.amounts[-1]))
            else:
                total = sum(part.amounts) * (1 if part.side == "comes" else -1)
                both = ((came, say(comes), max(total, 0.0)), (went, part.party or say(goes), max(-total, 0.0)))
            for parts, name, amount in both:
                parts[name] = parts.get(name, 0.0) + amount
        return came, went

    def _sums(self, *, by_party: bool = False) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """What comes and what goes by period, Mm3, each of one kind (`waterflow.accounts.balances` counts them)."""
        sums: dict[tuple[str, str], Floats] = {}
        for part in water_balance(self.plan).parts:
            values = np.asarray(part.amounts)
            amounts = -np.diff(values) if part.side == "stands" else values if part.side == "comes" else -values
            key = (part.kind, part.party if by_party else "")
            sums[key] = sums.get(key, self.plan.nothing) + amounts
        came: dict[str, Floats] = {}
        went: dict[str, Floats] = {}
        for (kind, party), amounts in sums.items():
            comes, goes = CALLED[kind]
            # what stands over, and what air takes or gives, may be on either side
            for parts, name, series in ((came, comes, amounts), (went, goes, -amounts)):
                if np.any(series > NOISE):
                    named = party or say(name)
                    parts[named] = parts.get(named, self.plan.nothing) + np.maximum(series, 0.0)
        return came, went


def _grid(rows: int, columns: int, each: tuple[float, float], heights: Sequence[float] | None = None) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    tall = each[1] if heights else each[1] * rows
    figure = Figure(figsize=(max(6.0, each[0] * columns), max(2.6, tall)), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, height_ratios=heights)


def _labelled(figure: Any, axes: Any, names: Sequence[str]) -> Any:
    for row, name in zip(axes, names, strict=True):
        row[0].set_ylabel(name, fontsize=8, color=INK)
        for axis in row:
            axis.tick_params(labelsize=7, colors=INK)
            for side in ("top", "right"):
                axis.spines[side].set_visible(False)
    return figure
