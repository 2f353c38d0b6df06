"""The negotiators' table: an allocation as plain text, a hundred columns wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

__all__ = ["render"]

Facts = dict[str, Any]
WIDTH = 100
BLOCK = 12


def _n(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value + 0.0:,.{digits}f}".replace("-0", "0") if abs(value) < 0.5 * 10**-digits else f"{value:,.{digits}f}"


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Iterator[str]:
    """Columns as wide as their widest cell; the first ``left`` of them to the left, numbers to the right."""
    widths = [max(len(str(row[k])) for row in (head, *rows)) for k in range(len(head))]
    for row in (head, *rows):
        cells = [f"{c:<{w}}" if k < left else f"{c:>{w}}" for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        yield "  " + "  ".join(cells).rstrip()


def _title(text: str) -> Iterator[str]:
    yield ""
    yield text


def _head(facts: Facts) -> Iterator[str]:
    yield facts["title"] or facts["model"]
    yield f"model {facts['model']}, scenario {facts['scenario'] or '-'}, step {facts['step']}, {facts['horizon']}, {facts['status']}"
    if facts["changes"]:
        yield "This scenario changes: " + "; ".join(facts["changes"])
    for warning in facts["warnings"]:
        yield f"Warning: {warning}"


def _targets(facts: Facts) -> Iterator[str]:
    if not facts["targets"]:
        return
    yield from _title("DELIVERED AGAINST TARGET, Mm3 (counted at the last gauge)")
    reasons = {(r["place"], r["window"]): r for r in facts["holds_back"]}
    rows = []
    for x in facts["targets"]:
        why = reasons[x["place"], x["window"]]
        helps = "; ".join(f"+{h['delivered_per_Mm3']:.2f} per Mm3 at {h['place']} in {h['period']}" for h in why["helps"])
        held = "met" if why["met"] else helps or "fixed by earlier priorities"
        rows.append((x["place"], x["window"], _n(x["target_Mm3"]), _n(x["delivered_Mm3"]), _n(x["shortfall_Mm3"]), held))
    yield from _grid(("place", "window", "target", "delivered", "short", "held back by"), rows, 2)


def _floors(facts: Facts) -> Iterator[str]:
    if not facts["floors"]:
        return
    yield from _title("FLOORS, m3/s")
    rows = [(x["place"], x["window"], _n(x["floor_m3s"]), _n(x["lowest_m3s"], 1), "kept" if x["lowest_m3s"] >= x["floor_m3s"] - 1e-6 else "MISSED") for x in facts["floors"]]
    yield from _grid(("place", "window", "floor", "lowest", ""), rows, 2)


def _limits(facts: Facts) -> Iterator[str]:
    if not facts["limits"]:
        return
    yield from _title("LIMITS AND DELIVERIES BY PARTY, Mm3 (a limit is a ceiling, not a need)")
    need: dict[tuple[str, str], float] = {}
    for d in facts["deliveries"]:
        if d["limited"]:
            need[d["party"], d["season"]] = need.get((d["party"], d["season"]), 0.0) + d["need_Mm3"]
    rows = [
        (x["party"], x["season"], _n(x["limit_Mm3"]), _n(need.get((x["party"], x["season"]), 0.0)), _n(x["delivered_Mm3"]), _n(100 * x["delivered_Mm3"] / x["limit_Mm3"]) if x["limit_Mm3"] else "-")
        for x in facts["limits"]
    ]
    yield from _grid(("party", "season", "limit", "need", "delivered", "% of limit"), rows, 2)


def _agreed(facts: Facts) -> Iterator[str]:
    if facts["agreed_flows"]:
        yield from _title("AGREED FLOWS, Mm3 (beside the plan, not enforced)")
        rows = [(x["place"], x["window"], _n(x["agreed_Mm3"]), _n(x["modelled_Mm3"]), _n(x["modelled_Mm3"] - x["agreed_Mm3"])) for x in facts["agreed_flows"]]
        yield from _grid(("place", "window", "agreed", "modelled", "difference"), rows, 2)
    if facts["known_flows"]:
        yield from _title("MODELLED BESIDE PUBLISHED PLAN AND FACT, Mm3 (conflicting figures are all shown)")
        order = sorted(facts["known_flows"], key=lambda x: (x["quantity"] != "arriving", x["place"], x["quantity"], x["window"], x["kind"], x["source"]))
        rows = [(x["place"], x["quantity"], x["window"], x["kind"], _n(x["known_Mm3"]), _n(x["modelled_Mm3"]), x["grade"], x["source"]) for x in order]
        yield from _grid(("place", "quantity", "window", "kind", "published", "modelled", "grade", "source"), rows, 4)
    for x in facts["threshold_shares"]:
        yield f"  {x['place']}: above {_n(x['threshold_Mm3'])} a share of {_n(x['due_Mm3'])} is due to {x['party']}; {_n(x['passed_Mm3'])} passed."


def _reservoirs(facts: Facts) -> Iterator[str]:
    if not facts["reservoirs"]:
        return
    periods = facts["reservoirs"][0]["periods"]
    for start in range(0, len(periods), BLOCK):
        part = slice(start, start + BLOCK)
        yield from _title("RESERVOIRS: storage at the end (Mm3), release (m3/s), level (m)")
        rows = []
        for r in facts["reservoirs"]:
            opening = _n(r["opening_Mm3"]) if not start else ""
            rows.append((r["reservoir"], "Mm3", opening, *(_n(v) for v in r["storage_Mm3"][part])))
            rows.append(("", "m3/s", "", *(_n(v) for v in r["release_m3s"][part])))
            if r["level_m"]:
                rows.append(("", "m", "", *(_n(v, 1) for v in r["level_m"][part])))
        yield from _grid(("", "", "opening", *(p[2:] for p in periods[part])), rows, 2)


def _energy(facts: Facts) -> Iterator[str]:
    if not facts["energy"]:
        return
    yield from _title("ENERGY, GWh")
    keys = ("demand", "hydropower", "other_hydropower", "thermal", "imports", "exports", "unserved")
    rows = [(x["party"], x["season"], *(_n(x[f"{k}_GWh"]) for k in keys)) for x in facts["energy"]]
    yield from _grid(("party", "season", "demand", "river hydro", "other hydro", "thermal", "imports", "exports", "unserved"), rows, 2)


def _deliveries(facts: Facts) -> Iterator[str]:
    if not facts["deliveries"]:
        return
    yield from _title("DELIVERIES, Mm3 (short: per cent of min(need, limit))")
    rows = []
    for d in facts["deliveries"]:
        claim = d["entitlement_Mm3"]
        short = 100 * max(0.0, 1 - d["delivered_Mm3"] / claim) if claim > 0 else 0.0
        if d["need_Mm3"] > 0:
            rows.append((d["demand"], d["party"], d["use"], d["season"], _n(d["need_Mm3"]), _n(claim), _n(d["delivered_Mm3"]), _n(short, 1)))
    yield from _grid(("demand", "party", "use", "season", "need", "may count on", "delivered", "short %"), rows, 4)


def _trust(facts: Facts) -> Iterator[str]:
    yield from _title("STAGES, in strict order")
    yield from _grid(("stage", "sense", "value", "unit"), [(s["name"], s["sense"], f"{s['value']:,.4g}", s["unit"]) for s in facts["stages"]], 2)
    yield from _title("HOW FAR TO TRUST IT")
    inputs = facts["inputs"]
    share = 100 * inputs["assumed_or_unverified"] / inputs["rows"] if inputs["rows"] else 0
    yield f"  Inputs: {inputs['assumed_or_unverified']:,} of {inputs['rows']:,} rows ({share:.0f} %) are assumed or unverified."
    c, a = facts["certificate"], facts["audit"]
    yield f"  Certificate, worst stage: primal {c['primal']:.1e}, dual {c['dual']:.1e}, gap {c['gap']:.1e}."
    yield f"  Audit: water {a['water_residual_Mm3']:.1e} Mm3, energy {a['energy_residual_GWh']:.1e} GWh; {_n(facts['in_transit_Mm3'])} Mm3 still on their way at the end."


SECTIONS: tuple[Callable[[Facts], Iterator[str]], ...] = (
    _head,
    _targets,
    _floors,
    _limits,
    _agreed,
    _reservoirs,
    _energy,
    _deliveries,
    _trust,
)


def render(facts: Facts) -> str:
    """The whole table, ending in a newline."""
    return "\n".join(line for section in SECTIONS for line in section(facts)) + "\n"
