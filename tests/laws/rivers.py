"""Random small rivers for the laws: a dam, a town, a delta; losses, a lag, return flow, power, a floor, a target."""

from hypothesis import strategies as st

from tests.rivers import DEMANDS, FLOORS, TARGETS, River
from waterflow.basin.objective import Claims, Objective

MONTHS = 4


def _amount(most, least=0.0):
    return st.floats(least, most).map(lambda x: round(x, 3))


def _series(most, least=0.0):
    return st.lists(_amount(most, least), min_size=MONTHS, max_size=MONTHS)


@st.composite
def facts(draw):
    """The numbers of one river."""
    full = draw(_amount(300, 60))
    return {
        "months": MONTHS,
        "start": draw(st.sampled_from(["2024-01-01", "2024-07-01", "2024-10-01"])),
        "full": full,
        "lowest": draw(_amount(50)),
        "opening": draw(_amount(1.2, 0.1)) * full,
        "depth": draw(_amount(0.2)),
        "dam_runoff": draw(_series(120)),
        "town_runoff": draw(_series(40)),
        "seepage": draw(_amount(0.3)),
        "days": draw(st.sampled_from([0, 0, 5.5, 12, 40])),
        "before": draw(_amount(50)),
        "town_need": draw(_series(60)),
        "delta_need": draw(_series(80)),
        "town_water": draw(_amount(10)),
        "back": draw(st.sampled_from([(), (0.2,), (0.1, 0.15, 0.05)])),
        "limit": draw(st.none() | _amount(200)),
        "floor": draw(_amount(20)),
        "target": draw(_amount(300)),
        "power": draw(_amount(60)),
        "rate": draw(_amount(0.6)),
    }


def river_of(f):
    """A river from its numbers."""
    river = River(months=f["months"], start=f["start"], parties="UP DOWN")
    river.node("dam", "reservoir", runoff=f["dam_runoff"]).node("town", runoff=f["town_runoff"]).node("delta")
    river.node("sea", "outlet").node("desert", "outlet")
    river.reach("upper", "dam", "town").reach("mouth", "delta", "sea").reach("escape", "dam", "desert", spill=0.01)
    river.reach("middle", "town", "delta", seepage=f["seepage"], days=f["days"], before=f["before"])
    river.reservoir("dam", f["opening"], f["full"], min(f["lowest"], f["full"]), depth=f["depth"], area=(2, 0.02))
    returns = ("delta", f["back"]) if f["back"] else None
    river.demand("town_fields", "town", "UP", f["town_need"], limited=True, returns=returns, before=10 if returns else 0)
    river.demand("delta_fields", "delta", "DOWN", f["delta_need"], limited=True)
    river.demand("town_water", "town", "UP", f["town_water"], use="drinking")
    if f["limit"] is not None:
        river.limit("DOWN", f["limit"])
    river.floor("town", "middle", f["floor"]).target("sea", "mouth", f["target"])
    river.plant("big", "upper", "UP", f["rate"], 100).needs_power("UP", f["power"], {0.1: 0.4, 0.4: 0.6})
    river.supply("imports", "UP", 10, 0.05).export("sales", "UP", 5, 0.02).end_value("dam", {0.02: 100})
    return river.priorities(
        ("lifelines", [FLOORS, Claims(kind="demands", uses=("drinking",))]),
        ("fields", [DEMANDS]),
        ("sea", [TARGETS]),
        ("winter", [Claims(kind="power", party="UP")]),
        "cost",
    )


def simple_river(f):
    """The same river with one sum of all relative shortages first: for laws about the first value."""
    river = river_of(f)
    river.priorities(("fields", [DEMANDS]))
    return river


PRICES = (
    ("power_supplies/imports", 0.5, 2),
    ("unserved_blocks/UP", 0.8, 1.5),
    ("power_exports/sales", 0.5, 3),
    ("end_values/dam", 0.7, 1.2),
)


def valued_river(f, values, target=(0.02, 0.005)):
    """The river under one sum of benefits: two blocks for each user, two for the flow to the sea."""
    river = river_of(f)
    river.objective = Objective()
    for name, (first, second) in values.items():
        river.worth_in_blocks(name, {first: 0.6, second: 0.4})
    river.target_worth("sea", "DOWN", {target[0]: 0.5, target[1]: 1.0})
    for price, low, high in PRICES:
        river.price_range(price, low, high)
    return river.owned("dam", "UP")
