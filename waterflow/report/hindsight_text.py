"""Hindsight as a table, as plain sentences and as rows for spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from waterflow.units import split_unit
from waterflow.validation.hindsight import COLUMNS
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number

__all__ = ["hindsight_csv", "hindsight_sentences", "hindsight_text"]

Facts = dict[str, Any]
HEAD = ("section", "scenario", "place", "window", "quantity", "unit", "value")
#: what names the place and the time of a row, section by section
SECTIONS = {
    "deliveries": (("party",), "window"),
    "energy": (("party",), "window"),
    "storages": (("place",), "date"),
    "inflows": (("place", "agency"), "window"),
    "north_aral": (("place",), "window"),
}
SHORT = {"growing": "Apr-Sep", "non_growing": "Oct-Mar"}
#: a delivery this much above what was taken is told, Mm3
TOLD = 50.0
LEGEND = (
    "done: observed or published. model: bound to the storages and withdrawals seen, shows the model's own error. "
    "hindsight: leaves at least the storages seen at the end. free: without that rule. difference: hindsight less done. "
    "-: not seen, not published or not bound."
)


def _cells(row: Facts, unit: str) -> list[str]:
    """The four columns, and hindsight less done."""
    values = [row[f"{name}_{unit}"] for name in COLUMNS]
    done, hindsight = values[0], values[2]
    return [*(number(v) for v in values), "-" if done is None else f"{round(hindsight - done):+,}"]


def _party_rows(facts: Facts) -> Iterator[list[str]]:
    for party in sorted({x["party"] for x in [*facts["deliveries"], *facts["energy"]]}):
        for name, section, unit in (("trunk canals, Mm3", "deliveries", "Mm3"), ("energy, GWh", "energy", "GWh")):
            for x in facts[section]:
                if x["party"] == party:
                    yield [party, name, SHORT[x["season"]], *_cells(x, unit)]


def _river_rows(facts: Facts) -> Iterator[list[str]]:
    for x in facts["storages"]:
        yield [x["place"], "storage", x["date"], *_cells(x, "Mm3")]
    for x in facts["inflows"]:
        yield [x["place"], f"inflow, {x['agency']}", SHORT[x["season"]], *_cells(x, "Mm3")]
    for x in facts["north_aral"]:
        what = "not published" if x["done_Mm3"] is None else f"fact, {x['grade']}"
        yield [x["place"], what, window_in_words(x["window"]), *_cells(x, "Mm3")]


def _by(rows: list[Facts], **wanted: str) -> list[Facts]:
    return [x for x in rows if all(x[key] == value for key, value in wanted.items())]


def _own_error(facts: Facts) -> Iterator[str]:
    """What gauges and the bound model say of the same water."""
    windows = dict.fromkeys((x["place"], x["window"]) for x in facts["inflows"])
    for place, window in windows:
        same = _by(facts["inflows"], place=place, window=window)
        seen = " and ".join(f"{number(x['done_Mm3'])} ({x['agency']})" for x in same)
        one = same[0]
        yield (
            f"Bound to what was done the model brings {number(one['model_Mm3'])} Mm3 to {one['title']} in {SHORT[one['season']]}; "
            f"seen were {seen}. That is the error of model and gauges together: set hindsight against the column model."
        )


def _told(facts: Facts) -> Iterator[str]:
    """Where hindsight differs from what was done: users, winter energy, storages."""
    for x in facts["deliveries"]:
        more = x["hindsight_Mm3"] - x["done_Mm3"]
        if more > TOLD:
            yield (
                f"{x['party']} gets {number(more)} Mm3 more in {SHORT[x['season']]}: the model asks for {number(x['need_Mm3'])}, "
                f"the needs of its tables, where {number(x['done_Mm3'])} were taken. That is a habit of other years, not a gain."
            )
    for x in _by(facts["energy"], season="non_growing"):
        bought = x["hindsight_supplied_GWh"]
        rest = "" if bought is None else f"; its other plants and imports, as the tables have them, give {number(bought)} GWh"
        yield f"{x['party']} makes {_more(x, 'GWh')} in Oct-Mar than at the releases seen, at the same fixed rates{rest}."
    april = f"{facts['horizon'].split('/')[1][:4]}-04-01"
    for x in facts["storages"]:
        if (x["place"], x["date"]) == (facts["storages"][0]["place"], april):
            yield f"{x['title']} holds {_more(x, 'Mm3')} on 1 April than it did."
    if facts["storages"]:
        x = max(facts["storages"], key=lambda one: abs(one["hindsight_Mm3"] - one["done_Mm3"]))
        yield f"The storage that differs most is {x['title']} on {x['date']}: {_more(x, 'Mm3')} than was seen."


def _more(row: Facts, unit: str) -> str:
    """``23 GWh less`` of hindsight than what was done."""
    more = row[f"hindsight_{unit}"] - row[f"done_{unit}"]
    return f"{number(abs(more))} {unit} {'more' if more > 0 else 'less'}"


def _eaten(facts: Facts) -> Iterator[str]:
    """What the plan without closing storages takes from the next season."""
    last = f"{dt.date.fromisoformat(facts['horizon'].split('/')[1]) + dt.timedelta(days=1)}"
    if not _by(facts["storages"], date=last):
        return
    lower = sum(x["hindsight_Mm3"] - x["free_Mm3"] for x in _by(facts["storages"], date=last))
    yield (
        f"Without the rule on closing storages the reservoirs end {number(lower)} Mm3 lower on {last}: what free gives more "
        "comes from there, and is missing in the next season."
    )


def hindsight_sentences(facts: Facts) -> list[str]:
    """What differs and why, in plain sentences made from the figures of one season."""
    order = ", ".join(facts["priorities"])
    said = [
        "hindsight and free know the runoff of the whole season; those who decided did not.",
        f"The order of priorities ({order}) is a position, not a finding.",
        *_own_error(facts),
        *_told(facts),
        *_eaten(facts),
    ]
    if facts["not_compared"]:
        windows = ", ".join(window_in_words(w) for w in facts["not_compared"])
        said.append(f"{windows}: months not seen, runoff assumed. Only readings and published figures of it are compared.")
    return said


def hindsight_text(seasons: list[Facts]) -> str:
    """Every season as two tables and its sentences."""
    lines: list[str] = []
    for facts in seasons:
        title = f"Hindsight: {facts['model']} {facts['scenario']}, {window_in_words(facts['horizon'])}"
        lines += [heading(title).lstrip("\n") if not lines else heading(title)]
        head = ["done", "model", "hindsight", "free", "difference"]
        lines += [columns(["party", "what", "season", *head], list(_party_rows(facts)), 3), ""]
        lines += [columns(["place", "what, Mm3", "when", *head], list(_river_rows(facts)), 3), ""]
        lines += [paragraph(LEGEND), *(paragraph(f"- {s}", "", "  ") for s in hindsight_sentences(facts))]
    return "\n".join(lines) + "\n"


def hindsight_csv(seasons: list[Facts]) -> str:
    """One row for each figure; what was not seen has no row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for facts in seasons:
        for section, (who, when) in SECTIONS.items():
            for x in facts[section]:
                for key, value in x.items():
                    if isinstance(value, float):
                        place = "/".join(x[k] for k in who)
                        writer.writerow([section, facts["scenario"], place, x[when], *split_unit(key), value])
    return text.getvalue()
