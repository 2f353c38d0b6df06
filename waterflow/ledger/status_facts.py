"""Facts of a ledger: plan beside fact to date, alarms, what is owed, water on its way, limits, and the season's end as it comes."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from waterflow.accounts.fact import Fact, Rule

__all__ = [
    "Alarm",
    "Dekad",
    "Differing",
    "Disagreeing",
    "Gate",
    "LedgerStatus",
    "Line",
    "Owed",
    "ToDate",
    "TwoSources",
    "Under",
    "Way",
]


class Dekad(Fact):
    """Plan beside fact in a dekad, on the days of it that have a fact; for storage on the last of them."""

    named_by = ()
    timed_by = "period"

    period: str
    days: int = Field(description="Days of it that have a fact; the plan is that of the same days")
    dekad_days: int = Field(description="Days of the whole dekad")
    plan_Mm3: float
    fact_Mm3: float
    deviation_Mm3: float
    sum_of_deviations_Mm3: float = Field(description="Of this and all before; of storage the deviation itself")


class Line(Fact):
    """A series of one source: plan beside fact to date, and the end of the season as it comes."""

    named_by = ("place", "quantity", "source")

    place: str
    title: str
    sort: str = Field(description="Reservoir, demand, reach, node or clause")
    party: str = Field(description="Who holds the gate; empty where nobody was named")
    quantity: str
    source: str
    grades: tuple[str, ...]
    last_day: dt.date = Field(description="The last day that has a fact")
    days: int = Field(description="Days that have a fact")
    plan_Mm3: float | None = Field(description="On the same days; of storage on the last of them; None where the plan has no such series")
    fact_Mm3: float
    deviation_Mm3: float | None
    deviation_fraction: float | None = Field(description="Of the plan; None where the plan has nothing on those days")
    plan_at_end_Mm3: float | None = Field(description="Of the whole season; of storage when it ends")
    projected_Mm3: float | None = Field(description="The same from fact, then forecast where there is one, then plan")
    forecast_days: int = Field(description="Days still to come that a forecast tells of; of storage those with a forecast of inflow")
    planned_days: int = Field(description="Days without a fact or a forecast, taken as planned")
    dekads: tuple[Dekad, ...] = Field(description="Empty unless asked for")


class Alarm(Fact):
    """A deviation beyond its thresholds: over the season to date, or in one dekad."""

    named_by = ("place", "quantity", "source")
    timed_by = "period"

    place: str
    title: str
    party: str
    quantity: str
    source: str
    period: str = Field(description="A dekad, or the days from the first of the season to date")
    deviation_Mm3: float
    deviation_fraction: float | None
    threshold_fraction: float
    threshold_Mm3: float


class TwoSources(Fact):
    """Two sources of one series side by side, on the days that both have."""

    named_by = ("place", "quantity", "one", "other")

    place: str
    title: str
    quantity: str
    one: str = Field(description="The source that is counted")
    other: str
    days: int
    one_Mm3: float
    other_Mm3: float
    difference_Mm3: float


class Owed(Fact):
    """What a row of a clause asks for beside what was done of it."""

    named_by = ("clause_row",)

    clause_row: str
    title: str
    giver: str
    receivers: tuple[str, ...]
    window: str
    rule: Rule
    unit: str
    figure: float
    due: float | None = Field(description="To date, as the plan delivers it, or by days where the plan says nothing; None before a date")
    done: float | None = Field(description="To date; days without a fact as planned; None where no fact can tell")
    behind: float | None = Field(description="Due less done (at most: done less due), zero or more")
    still: float | None = Field(description="Of the whole figure not yet done; of a limit what may still be taken")
    projected: float | None = Field(description="At the end of the window")
    missed_by: float | None = Field(description="At the end of the window as it comes")
    planned_days: int = Field(description="Days to date without a fact, taken as planned")


class Gate(Fact):
    """A gate at the upper end of a way: what was to pass and passed, and where that is now."""

    place: str
    title: str
    party: str = Field(description="Who holds it")
    days: int = Field(description="Days from the gate to the lower end")
    kept_fraction: float = Field(description="What is to arrive of what passes")
    planned_Mm3: float = Field(description="To pass by now, as planned")
    passed_Mm3: float
    owed_Mm3: float = Field(description="Planned less passed")
    on_the_way_Mm3: float = Field(description="Passed, and not yet due below")
    not_let_go_Mm3: float = Field(description="Of what is missing below: owed at the gate")
    late_Mm3: float = Field(description="Of what is missing below: passed later than planned, and still on its way")
    planned_days: int = Field(description="Days to date without a fact, taken as planned")


class Way(Fact):
    """What is missing where water arrives, and why: not let go, late, taken on the way, or lost beyond what is expected."""

    place: str
    title: str
    date: dt.date = Field(description="The last day that the gates with facts and the lower end all have a fact for")
    gates: tuple[Gate, ...]
    planned_Mm3: float = Field(description="To arrive by now, as planned")
    arrived_Mm3: float | None = Field(description="None where no fact tells")
    missing_Mm3: float | None = Field(description="Planned less arrived; the sum of the parts below and of those of the gates")
    taken_Mm3: float = Field(description="Of it: taken on the way beyond the plan, by users with facts")
    lost_Mm3: float | None = Field(description="Of it: the rest, lost beyond the expected losses, or less side inflow than planned")
    planned_days: int = Field(description="Days to date without a fact of arrival, taken as planned")


class ToDate(Fact):
    """A limit (of a party) or a plan (of a user) in one season: for all of it, to date, and the fact."""

    named_by = ("party", "user")

    party: str
    user: str = Field(description="Empty for all limited users of a party")
    title: str
    window: str
    whole_Mm3: float = Field(description="The limit, or the plan, of the season")
    to_date_Mm3: float = Field(description="Of it to date, as the plan's withdrawals run")
    fact_Mm3: float | None = Field(description="None where a user has no fact on some day")
    fraction: float | None = Field(description="Fact as a share of what is allowed to date")
    difference_Mm3: float | None = Field(description="Fact less what is allowed to date")
    users: int
    users_known: int = Field(description="Users with a fact for every day to date")


class Differing(Fact):
    """One of the rows that give a figure differently."""

    named_by = ()

    line: int
    by: str
    typed: str
    value: float
    unit: str
    digest: str


class Disagreeing(Fact):
    """A figure that rows of one source give differently, none correcting the other."""

    named_by = ("place", "quantity", "source")
    timed_by = "period"

    kind: str
    place: str
    quantity: str
    period: str
    source: str
    rows: tuple[Differing, ...]


class Under(Fact):
    """Thresholds of alarms: both must be passed."""

    named_by = ()

    fraction: float
    volume_Mm3: float
    days: int = Field(description="Days with a fact that a dekad needs before it can ring")


class LedgerStatus(Fact):
    """How a season stands by its ledger."""

    plan: str = Field(description="The plan in force; empty without one")
    title: str = Field(description="Of the river, in the language spoken")
    horizon: str = Field(description="Of the plan, or the days that have facts")
    date: dt.date = Field(description="The day to which facts are counted")
    step: str = Field(description="Of the plan; a plan by months is spread over their days")
    parties: tuple[str, ...] = Field(description="Of the plan")
    lines: tuple[Line, ...]
    alarms: tuple[Alarm, ...]
    thresholds: Under
    sources: tuple[TwoSources, ...]
    owed: tuple[Owed, ...]
    ways: tuple[Way, ...]
    limits: tuple[ToDate, ...]
    users: tuple[ToDate, ...]
    forecasts: tuple[str, ...] = Field(description="Forecasts of days still to come that are counted: source and day of issue")
    partial: str = Field(description="The dekad that is not over yet, as its first and last day with facts; empty on its last day")
    disagreements: tuple[Disagreeing, ...]
    not_in_the_plan: tuple[str, ...] = Field(description="Places of facts that the plan does not have")
    not_sums: tuple[str, ...] = Field(description="Periods whose figure is not the sum of the shorter ones in it")
    rows: int = Field(description="Of the whole ledger")
    torn: tuple[int, ...] = Field(description="Lines that were torn and are set aside")
    digest: str = Field(description="Of all rows: alike for two who have the same; no proof of who wrote them")
