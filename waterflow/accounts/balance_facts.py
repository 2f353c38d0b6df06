"""Facts of a balance by period: every amount that comes, goes or stands over, each counted for itself and none of them the rest."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from waterflow.accounts.fact import Fact

__all__ = ["Balance", "BalancePart", "PartKind"]

PartKind = Literal[
    "runoff",
    "return_flow",
    "recharge",
    "storage",
    "on_the_way",
    "from_lake",
    "use",
    "unexplained",
    "evaporation",
    "way_evaporation",
    "seepage",
    "reservoir_seepage",
    "runoff_lost",
    "into_lake",
    "out",
    "plant",
    "hydropower",
    "thermal",
    "import",
    "unserved",
    "demand",
    "export",
    "lifting",
    "grid",
]


class BalancePart(Fact):
    """One amount of a balance, period by period."""

    named_by = ("kind", "name")

    kind: PartKind
    name: str = Field(description="A place, a party, a plant, a line or a fuel; empty where the kind says it all")
    title: str
    party: str = Field(default="", description="Whose it is; empty for nobody's")
    side: Literal["comes", "goes", "stands"] = Field(description="``stands``: an amount there at a moment, which comes over and goes over")
    amounts: tuple[float, ...] = Field(
        description="By period; of what ``stands`` at the start of the first period and at the end of each, one more"
    )


class Balance(Fact):
    """A balance of one thing: what comes and what stood there before is what goes and what stands there after."""

    named_by = ("of",)

    of: str = Field(description="``water``, or the party whose power it is")
    unit: Literal["Mm3", "GWh"]
    closes: bool = Field(description="False where only what comes is known: a party without a power demand")
    parts: tuple[BalancePart, ...]

    def missing(self) -> tuple[float, ...]:
        """What comes less what goes in each period; zero but for rounding where the balance closes."""
        count = next(len(p.amounts) - (p.side == "stands") for p in self.parts) if self.parts else 0
        found = [0.0] * count
        for part in self.parts:
            for k in range(count):
                if part.side == "stands":
                    found[k] += part.amounts[k] - part.amounts[k + 1]
                else:
                    found[k] += part.amounts[k] if part.side == "comes" else -part.amounts[k]
        return tuple(found)
