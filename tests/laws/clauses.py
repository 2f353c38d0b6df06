"""Random clauses for the random small rivers: each type on its own, with figures near what the river has."""

from hypothesis import strategies as st

from tests.laws.rivers import MONTHS, river_of


@st.composite
def terms(draw):
    """One clause: its type and what it asks for, as in a file; figures are shares of what there could be."""
    kind = draw(st.sampled_from(["release", "cap", "storage", "limit", "share", "floor", "delivery", "threshold", "sale", "swap", "fuel"]))
    share = draw(st.floats(0.05, 0.9).map(lambda x: round(x, 3)))
    first = draw(st.integers(0, MONTHS - 2))
    last, carry = draw(st.integers(first, MONTHS - 2)), draw(st.sampled_from([0, 1]))
    return {"kind": kind, "share": share, "first": first, "last": last, "carry": carry}


def with_clause(f, c, **more):
    """The random river under one clause."""
    river = river_of(f)

    def span(**amount):
        return river.span(c["first"], c["last"], **amount)

    months = c["last"] - c["first"] + 1
    water = c["share"] * (f["opening"] + sum(f["dam_runoff"]))
    full = river.span
    date = str(river.calendar.periods[c["first"] + 1].start)
    whole = {"start": str(river.calendar.start), "end": str(river.calendar.end)}
    part = {k: span()[k] for k in ("start", "end")}
    made = {
        "release": ("release", {"reservoir": "dam", "figures": [span(amount_Mm3=water)]}),
        "cap": ("release_cap", {"reservoir": "dam", "figures": [span(flow_m3s=water / months)]}),
        "storage": ("storage", {"reservoir": "dam", "figures": [{"date": date, "amount_Mm3": c["share"] * f["full"]}]}),
        "limit": ("withdrawal_limit", {"of": "UP", "figures": [span(amount_Mm3=c["share"] * sum(f["town_need"]))], "tolerance": 0.15}),
        "share": (
            "proportional_share",
            {"part": {"release": "dam"} | part, "whole": [{"release": "dam"} | whole], "share": c["share"], "tolerance": 0.1},
        ),
        "floor": ("flow_floor", {"reach": "middle", "figures": [span(flow_m3s=c["share"] * f["floor"])]}),
        "delivery": (
            "delivery",
            {
                "node": "delta",
                "figures": [full(0, 1, amount_Mm3=water / 3), full(2, 3, amount_Mm3=water / 3)],
                "carry_over": c["carry"],
            },
        ),
        "threshold": (
            "threshold_share",
            {"node": "town", "reach": "middle", "share": c["share"], "figures": [span(amount_Mm3=0.5 * sum(f["town_runoff"]))]},
        ),
        "sale": ("energy_delivery", {"giver": "UP", "receivers": ["DOWN"], "figures": [span(energy_GWh=4 * c["share"] * months)]}),
        "swap": (
            "energy_for_water",
            {
                "giver": "DOWN",
                "receivers": ["UP"],
                "figures": [span(energy_GWh=8 * c["share"])],
                "water": {"storage": "dam", "date": date},
                "base_Mm3": 0.3 * f["full"],
                "kWh_per_m3": 0.5,
            },
        ),
        "fuel": (
            "fuel_for_energy",
            {"giver": "DOWN", "receivers": ["UP"], "fuel": "coal", "fuel_unit": "kt"}
            | {"fuel_amount": 10 * c["share"], "GWh_per_unit": 0.5}
            | part,
        ),
    }
    kind, asked = made[c["kind"]]
    return river.clause("asked", kind, **asked, **more)
