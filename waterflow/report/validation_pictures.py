"""Pictures of the validation page: observed beside simulated; the same bytes for the same figures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pandas as pd

from waterflow.report.validation_page import Evidence

__all__ = ["PICTURES", "flows", "storages", "svg"]

SEEN, SIMULATED, PREDICTED = "#333333", "#2a6f97", "#b5651d"
#: the inflows that are shown: title, gauges of the replay, site of the predictions
INFLOWS = (
    ("Bahri Tojik, inflow", ("bahri_tojik.inflow", "akdjar_gauge.flow"), "bahri_tojik"),
    ("Shardara, inflow", ("shardara.inflow", "shardara.inflow_kazhydromet"), "shardara"),
)


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
    """Inflow of Bahri Tojik and Shardara: observed, replayed, and predicted with the season left out, Mm3 a month."""
    spans = len(found.spans)
    figure, axes = _figure(10, 6, len(INFLOWS), spans, sharey="row", width_ratios=[0.7, 0.3] if spans > 1 else None)
    for row, (title, gauges, site) in enumerate(INFLOWS):
        for k in range(spans):
            axis, table = axes[row][k], found.replayed(k).flows
            own = table[(table["site"] + "." + table["quantity"]).isin(gauges)]
            left_out = found.left_out[found.left_out["site"] == site]
            left_out = left_out[left_out["period"].isin(own["period"])]
            axis.plot(_days(own["period"]), own["observed"], color=SEEN, lw=1.4, label="observed")
            axis.plot(_days(own["period"]), own["simulated"], color=SIMULATED, lw=1.1, label="replay")
            axis.plot(_days(left_out["period"]), left_out["method"], ".", color=PREDICTED, ms=3, label="season left out")
            axis.set_title(title if not k else "", loc="left", fontsize=10)
            axis.tick_params(axis="x", rotation=45, labelsize=8)
            axis.set_ylim(bottom=0)
        axes[row][0].set_ylabel("Mm3 a month")
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
        axis.plot(days, own["observed"], color=SEEN, lw=1.4, label="observed")
        axis.plot(days, own["simulated"], color=SIMULATED, lw=1.1, label="reset each half-season")
        axis.plot(days, own["month_ahead"], ".", color=PREDICTED, ms=4, label="a month ahead")
        axis.set_title(found.basin.nodes[name].title or name, loc="left", fontsize=9)
        axis.tick_params(axis="x", rotation=45, labelsize=7)
        axis.set_ylim(bottom=0)
    for axis in axes.flat[len(names) :]:
        axis.set_axis_off()
    handles, labels = axes.flat[0].get_legend_handles_labels()
    axes.flat[-1].legend(handles, labels, frameon=False, fontsize=8, loc="lower right")
    return figure


def _tornado(found: Evidence, scenario: str | None = None) -> bytes:
    """What the North Aral figure of the non-growing season rests on."""
    from waterflow.explain.doubt import doubt
    from waterflow.loading.model import read_model
    from waterflow.report.tornado import tornado

    return tornado(doubt(read_model(found.model, scenario), "north_aral/non_growing"), TORNADO_BARS, "svg")


TORNADO_BARS = 15
#: what a page may show, by the name of the file
PICTURES: dict[str, Callable[[Evidence], bytes]] = {
    "replay_flows": lambda found: svg(flows(found)),
    "replay_storages": lambda found: svg(storages(found)),
    "tornado_north_aral": _tornado,
    "tornado_north_aral_dry": lambda found: _tornado(found, "dry_year"),
}
