"""Names in tables of observations that no other table knows: a renamed demand, gauge, reservoir, zone or river."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from waterflow.errors import Problem
from waterflow.loading.tables import Row
from waterflow.words.catalogue import say
from waterflow.words.near import either, slip

__all__ = ["unknown_names"]

Rows = Mapping[str, Sequence[Row]]

#: the columns that name a gauge
GAUGE = "item quantity"
#: the kind of a name whose withdrawals were seen
WITHDRAWAL = "seen withdrawal"
#: tables that say which names of a kind there are, and in which columns
KNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "demand": (("demands", "demand"),),
    "node": (("nodes", "node"),),
    "reach": (("reaches", "reach"),),
    "reservoir": (("reservoirs", "reservoir"),),
    "gauge": (("monthly_flows", "site quantity"),),
    "seen storage": (("monthly_storages", "reservoir"),),
    WITHDRAWAL: (("monthly_withdrawals", "demand"),),
    "river": (("natural_runoff", "river"),),
    "node of a river": (("natural_runoff", "node"),),
    "shape": (("use_shapes", "shape"),),
    "zone": (("calibration_zones", "zone"),),
    "place": (("nodes", "node"), ("reaches", "reach")),
    "row of a sheet": (("nodes", "node"), ("demands", "demand")),
    "zone or site": (("calibration_zones", "zone"), ("monthly_flows", "site"), ("monthly_storages", "reservoir")),
    "limit": (("limits", "party series"),),
}
#: the code of a name that is not known; without one the observations lack it
CODES = {
    "demand": "unknown-demand",
    "node": "unknown-node",
    "reach": "unknown-reach",
    "reservoir": "unknown-reservoir",
    "place": "unknown-place",
    "row of a sheet": "unknown-place",
    "limit": "unknown-series",
}
#: where names stand: table, columns, kind
NAMED = (
    ("annual_uses", "demand", "demand"),
    ("annual_uses", "shape", "shape"),
    ("calibration_exclusions", "zone", "zone or site"),
    ("calibration_needs", "demand", "demand"),
    ("flow_gauges", "reach", "reach"),
    ("flow_gauges", "site quantity", "gauge"),
    ("gauged_runoff", "node", "node of a river"),
    ("gauged_runoff", "site quantity", "gauge"),
    ("gauged_runoff", "storage_of", "seen storage"),
    ("loss_pattern", "reach", "reach"),
    ("monthly_storages", "reservoir", "reservoir"),
    ("monthly_withdrawals", "demand", "demand"),
    ("natural_runoff", "node", "node"),
    ("predicted_sites", "site", "node"),
    ("predicted_sites", "zone", "zone"),
    ("predicted_sites", "second_gauge", "gauge"),
    ("predicted_sites", "carry_over", "seen storage"),
    ("published_schedules", "reservoir", "reservoir"),
    ("record_response", "node", "node"),
    ("runoff_record", "node", "node"),
    ("replay_sites", "site quantity", "gauge"),
    ("replay_sites", "with_gauge", "gauge"),
    ("replay_sites", "place", "place"),
    ("sheet_rows", "place", "row of a sheet"),
)
#: what the item of a row of ``calibration_zones`` is, by its role
ROLES = {
    "cover": "gauge",
    "cover_river": "river",
    "closure": "zone",
    "fixed": "demand",
    "fixed_below": "demand",
    "gap": "demand",
    "inflow": "gauge",
    "inflow_earlier": "gauge",
    "inflow_if_seen": "gauge",
    "inflow_or_mean": "gauge",
    "local": "demand",
    "main_river": "demand",
    "outflow": "gauge",
    "outflow_earlier": "gauge",
    "outflow_if_seen": "gauge",
    "outflow_or_mean": "gauge",
    "return_to": "node",
    "returning": "seen withdrawal",
    "river": "river",
    "spare": "node",
    "storage": "seen storage",
    "trunk": "seen withdrawal",
    "unmeasured": "node",
}
#: roles that a zone with a demand on the main river must have
FITTED = ("inflow", "outflow", "local", "unmeasured", "return_to")
RULES = {"scaled_to_limit": "limit", "mean_flow": "gauge"}
NOTHING = "none"


def unknown_names(observed: Rows, model: Rows) -> Iterator[Problem]:
    """Every name that no table knows, once, at the first row that has it; and roles that a fitted zone lacks."""
    tables = {**model, **observed}
    told: set[tuple[str, str]] = set()
    for row, columns, kind in _named(observed):
        name = _name(row, columns)
        if name in (NOTHING, "") or not all(table in tables for table, _ in KNOWN[kind]):
            continue
        known = {_name(r, column) for table, column in KNOWN[kind] for r in tables[table]}
        if name not in known and (kind, name) not in told:
            told.add((kind, name))
            places = [say("{column} of {file}", column=c.replace(" ", "."), file=f"{table}.csv") for table, c in KNOWN[kind]]
            where = f"{row.where}, {columns.split()[0]}"
            yield Problem(CODES.get(kind, "missing-observations"), where, name, either(places), slip(name, known))
    yield from _lacking(observed.get("calibration_zones", ()))


def _name(row: Row, columns: str) -> str:
    return ".".join(row.text(column) for column in columns.split())


def _named(observed: Rows) -> Iterator[tuple[Row, str, str]]:
    """Every row with a name in it, the columns of the name and its kind."""
    for table, columns, kind in NAMED:
        for row in observed.get(table, ()):
            yield row, columns, kind
    for row in observed.get("calibration_zones", ()):
        kind = ROLES.get(row.text("role"), "")
        if kind:
            yield row, GAUGE if kind == "gauge" else "item", kind
    for row in observed.get("calibration_needs", ()):
        yield row, GAUGE, RULES[row.text("rule")]
        if row.text("rule") == "scaled_to_limit":
            yield row, "demand", WITHDRAWAL


def _lacking(zones: Sequence[Row]) -> Iterator[Problem]:
    roles: dict[str, dict[str, Row]] = {}
    for row in zones:
        roles.setdefault(row.text("zone"), {})[row.text("role")] = row
        if row.text("role") not in ROLES:
            yield Problem("unknown-choice", f"{row.where}, role", row.text("role"), " | ".join(ROLES), slip(row.text("role"), ROLES))
    for zone, there in roles.items():
        if "main_river" in there:
            for role in FITTED:
                if role not in there:
                    where = there["main_river"].where
                    found = say("zone {zone} without a row of the role {role}", zone=zone, role=role)
                    yield Problem("missing-observations", where, found, say("one row or more"))
