"""Pictures of the validation page: observed beside simulated; the same bytes for the same figures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pandas as pd

from waterflow.basin.titles import called
from waterflow.report.validation_page import Evidence
from waterflow.validation.gain_predictors import gauges_of, predicted_sites
from waterflow.words.catalogue import say, say_of

__all__ = ["PICTURES", "flows", "storages", "svg"]

SEEN, SIMULATED, PREDICTED = "#333333", "#2a6f97", "#b5651d"


def svg(figure: Any) -> bytes:
    """A figure as SVG without dates or random names."""
    from matplotlib import rc_context

    stream = io.BytesIO()
    with rc_context({"svg.hashsalt": "waterflow", "svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def _figure(width: float, height: float, rows: int, columns: int, **options: Any) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def _days(periods: pd.Series) -> Any:
    return pd.PeriodIndex(periods).to_timestamp(how="end")


def flows(found: Evidence) -> Any:
    """Inflow of every predicted site: observed, replayed, and predicted with the season left out, Mm3 a month."""
    sites, spans = predicted_sites(found.tables), len(found.spans)
    lengths = [len(pd.period_range(*span, freq="M")) for span in found.spans]
    figure, axes = _figure(10, 3 * len(sites), len(sites), spans, sharey="row", width_ratios=[max(0.3, n / sum(lengths)) for n in lengths])
    for row, site in enumerate(sites):
        gauges, title = gauges_of(found.tables, site), say("Inflow: {place}", place=called(found.basin, site))
        for k in range(spans):
            axis, table = axes[row][k], found.replayed(k).flows
            own = table[(table["site"] + "." + table["quantity"]).isin(gauges)]
            left_out = found.left_out[found.left_out["site"] == site]
            left_out = left_out[left_out["period"].isin(own["period"])]
            axis.plot(_days(own["period"]), own["observed"], color=SEEN, lw=1.4, label=say_of("volume", "observed"))
            axis.plot(_days(own["period"]), own["simulated"], color=SIMULATED, lw=1.1, label=say("replay"))
            axis.plot(_days(left_out["period"]), left_out["method"], ".", color=PREDICTED, ms=3, label=say("season left out"))
            axis.set_title(title if not k else "", loc="left", fontsize=10)
            axis.tick_params(axis="x", rotation=45, labelsize=8)
            axis.set_ylim(bottom=0)
        axes[row][0].set_ylabel(say("Mm3 a month"))
    axes[0][0].legend(frameon=False, fontsize=8, loc="upper left", ncols=3)
    return figure


def storages(found: Evidence) -> Any:
    """Storage of every observed reservoir in the last span: observed, reset every half-season, and a month ahead, Mm3."""
    table = found.replayed(len(found.spans) - 1).storages
    names = list(dict.fromkeys(table["reservoir"]))
    figure, axes = _figure(10, 5.4, 2, (len(names) + 1) // 2)
    for axis, name in zip(axes.flat, names, strict=False):
        own = table[table["reservoir"] == name]
        days = _days(own["period"])
        axis.plot(days, own["observed"], color=SEEN, lw=1.4, label=say_of("volume", "observed"))
        axis.plot(days, own["simulated"], color=SIMULATED, lw=1.1, label=say("reset each half-season"))
        axis.plot(days, own["month_ahead"], ".", color=PREDICTED, ms=4, label=say("a month ahead"))
        axis.set_title(called(found.basin, name), loc="left", fontsize=9)
        axis.tick_params(axis="x", rotation=45, labelsize=7)
        axis.set_ylim(bottom=0)
    for axis in axes.flat[len(names) :]:
        axis.set_axis_off()
    handles, labels = axes.flat[0].get_legend_handles_labels()
    axes.flat[-1].legend(handles, labels, frameon=False, fontsize=8, loc="lower right")
    return figure


#: what a page may show, by the name of the file
PICTURES: dict[str, Callable[[Evidence], bytes]] = {
    "replay_flows": lambda found: svg(flows(found)),
    "replay_storages": lambda found: svg(storages(found)),
}
