"""Alarms: a storage that should not fall below a level, a flow that should not rise above one, and the damage beyond."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from waterflow.basin.givens import GivenField
from waterflow.basin.part import Nonnegative, Part
from waterflow.words.catalogue import mark

__all__ = ["FlowAlarm", "StorageAlarm"]


class _Alarm(Part):
    """What ``party`` suffers beyond a level; ``months`` in which it may, every month without.

    ``damage`` is million USD per Mm3 (= USD per m3): for each month that a storage is below, for each m3 that a flow is above.
    """

    name: str
    party: str
    title: str = ""
    title_ru: str = ""
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    damage: Nonnegative

    @property
    def place(self) -> str:
        """Where it is."""
        raise NotImplementedError

    def rings(self, month: int) -> bool:
        """True if a month is one of its own."""
        return not self.months or month in self.months


class StorageAlarm(_Alarm):
    """A storage at the end of a period that should not be less, Mm3."""

    reservoir: str
    storage: Annotated[
        Nonnegative,
        GivenField("alarm_storage", "Storage below which there is damage", "storage_alarms", "storage_Mm3", mark("alarm, storage")),
    ]

    @property
    def place(self) -> str:
        """Where it is."""
        return self.reservoir


class FlowAlarm(_Alarm):
    """A flow at the upper end of a reach that should not be more, m3/s."""

    reach: str
    flow: Annotated[
        Nonnegative,
        GivenField("alarm_flow", "Flow above which there is damage", "flow_alarms", "flow_m3s", mark("alarm, flow")),
    ]

    @property
    def place(self) -> str:
        """Where it is."""
        return self.reach
