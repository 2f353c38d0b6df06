"""A small invented river in the documented format of Ribasim: a TOML file and a GeoPackage (here bare SQLite), written as it would be."""

import sqlite3
from contextlib import closing

TOML = """starttime = 2025-01-01
endtime = {end}
crs = "EPSG:28992"
input_dir = "."
results_dir = "results"
ribasim_version = "2025.4.0"

[solver]
dt = 3600.0
"""
NODES = [
    (1, "FlowBoundary", "Source"), (2, "Basin", "Lake"), (3, "LinearResistance", "Narrows"), (4, "Basin", "Pool"),
    (5, "UserDemand", "Town"), (6, "UserDemand", "Fields"), (7, "Pump", "Weir"), (8, "Terminal", "Sea"), (9, "PidControl", "Keeper"),
    (10, "FlowDemand", "Fish"),
]  # fmt: skip
LINKS = [
    (1, 2, "flow"), (2, 3, "flow"), (3, 4, "flow"), (4, 5, "flow"), (5, 4, "flow"), (4, 6, "flow"), (6, 4, "flow"), (4, 7, "flow"),
    (7, 8, "flow"), (9, 7, "control"), (10, 7, "control"),
]  # fmt: skip
TABLES = {
    "FlowBoundary / static": ("node_id, active, flow_rate", [(1, 1, 10.0)]),
    "Basin / profile": ("node_id, area, level", [(2, 1e6, 0.0), (2, 1e6, 100.0), (4, 1e6, 0.0), (4, 1e6, 20.0)]),
    "Basin / state": ("node_id, level", [(2, 50.0), (4, 10.0)]),
    "Basin / static": ("node_id, drainage, potential_evaporation, infiltration, precipitation", [(4, 1.0, 0.0, 0.0, 0.0)]),
    "LinearResistance / static": ("node_id, resistance, max_flow_rate", [(3, 50.0, 25.0)]),
    "UserDemand / static": (
        "node_id, active, demand, return_factor, min_level, demand_priority",
        [(5, 1, 8.0, 0.0, None, 1), (6, 1, 40.0, 0.0, 2.0, 2)],
    ),
    "Pump / static": ("node_id, flow_rate", [(7, 100.0)]),
    "FlowDemand / static": ("node_id, demand, demand_priority", [(10, 5.0, 1)]),
    "PidControl / static": ("node_id, target", [(9, 5.0)]),
}


def write_ribasim(folder, *, nodes=NODES, links=LINKS, tables=TABLES, end="2025-02-01"):
    """The two files; the path of the TOML file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "ribasim.toml"
    path.write_text(TOML.format(end=end), encoding="utf-8")
    (folder / "database.gpkg").unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / "database.gpkg")) as database:
        database.execute("CREATE TABLE Node (node_id INTEGER PRIMARY KEY, node_type TEXT, name TEXT)")
        database.executemany("INSERT INTO Node VALUES (?, ?, ?)", nodes)
        database.execute("CREATE TABLE Link (from_node_id INTEGER, to_node_id INTEGER, link_type TEXT)")
        database.executemany("INSERT INTO Link VALUES (?, ?, ?)", links)
        for name, (columns, rows) in tables.items():
            database.execute(f'CREATE TABLE "{name}" ({columns})')
            database.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns.split(",")))})', rows)  # noqa: S608
        database.commit()
    return path
