"""Facts of a drought shared by rules."""

from __future__ import annotations

from pydantic import Field

from waterflow.accounts.fact import Answer, Fact
from waterflow.basin.basin import Basin
from waterflow.basin.titles import called, title_of
from waterflow.negotiation.drought import Shared, SharedDrought
from waterflow.negotiation.negotiation_facts import TargetServed

__all__ = ["DroughtFacts", "WayFact", "drought_facts"]


class WayFact(Fact):
    """A way of sharing and the plan under it."""

    named_by = ("rule",)

    rule: str = Field(description="Empty for the plan as it is")
    shares_Mm3: dict[str, float] = Field(description="What each party may take by the rule; nothing without one")
    delivered_Mm3: dict[str, float] = Field(description="What comes to its limited users")
    more_MUSD: dict[str, float] = Field(description="What its payoff is above that of the plan as it is, at central values")
    more_ha: dict[str, float] | None = Field(description="The water above the plan as it is as an area, at what a hectare takes")
    targets: tuple[TargetServed, ...]


class DroughtFacts(Answer):
    """A season's water shared by rules, each beside the plan as it is."""

    model: str = Field(description="Name of the model")
    scenario: str | None = Field(description="Name of the scenario")
    title: str = Field(description="Title of the model, in the language spoken")
    window: str = Field(description="The season that is shared")
    estate_Mm3: float = Field(description="What limited users get in the plan as it is")
    claims_Mm3: dict[str, float] = Field(description="What those of each party may ask")
    m3_per_ha: float | None = Field(description="What a hectare takes in the season, as asked; None where it was not said")
    ways: tuple[WayFact, ...]


def drought_facts(found: SharedDrought, basin: Basin, m3_per_ha: float | None = None) -> DroughtFacts:
    """What sharing a drought came to.

    Parameters
    ----------
    found : SharedDrought
    basin : Basin
    m3_per_ha : float, optional
        What a hectare takes in the season, to tell water as an area.
    """
    return DroughtFacts(
        questions=basin.questions,
        model=basin.name,
        scenario=basin.scenario or None,
        title=title_of(basin, basin.name),
        window=found.window,
        estate_Mm3=found.estate,
        claims_Mm3=dict(found.claims),
        m3_per_ha=m3_per_ha,
        ways=tuple(_way(found, way, basin, m3_per_ha) for way in found.ways),
    )


def _way(found: SharedDrought, way: Shared, basin: Basin, m3_per_ha: float | None) -> WayFact:
    own = found.ways[0]
    more = {p: v - own.delivered[p] for p, v in way.delivered.items()}
    return WayFact(
        rule=way.rule,
        shares_Mm3=dict(way.shares),
        delivered_Mm3=dict(way.delivered),
        more_MUSD={p: way.payoffs[p] - own.payoffs[p] for p in basin.parties},
        more_ha=None if not m3_per_ha else {p: 1e6 * v / m3_per_ha for p, v in more.items()},
        targets=tuple(
            TargetServed(
                window=str(x.window),
                place=x.place,
                title=called(basin, x.place),
                target_Mm3=x.amount,
                delivered_Mm3=x.amount - float(way.dataset["target_shortfall"].sel(target=x.name)),
            )
            for x in basin.targets.values()
        ),
    )
