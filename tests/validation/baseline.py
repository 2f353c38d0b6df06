"""The baseline: releases upstream plus the mean gain of the month, each half-season from the others.

Independent of the package: reads the shipped tables with pandas only. ``python -m tests.validation.baseline``.
"""

from pathlib import Path

import pandas as pd

OBSERVED = Path(__file__).resolve().parents[2] / "inputs" / "syr_darya" / "observed"
#: inflow gauges (today's first), releases upstream, months whose figures are suspect in the source
SITES = {
    "bahri_tojik": (
        ["akdjar_gauge.flow", "bahri_tojik.inflow"],
        ["toktogul.release", "andijan.release"],
        pd.period_range("2003-04", "2003-10", freq="M"),
    ),
    "shardara": (
        ["shardara.inflow_kazhydromet", "shardara.inflow"],
        ["bahri_tojik.release", "charvak.release"],
        pd.period_range("2007-01", "2007-12", freq="M"),
    ),
}


def season_of(period):
    start = period.year - (period.month < 4)
    return f"{start} growing" if 4 <= period.month <= 9 else f"{start} non_growing"


def baseline():
    """Site, season, period, observed and baseline, Mm3 per month."""
    rows = pd.read_csv(OBSERVED / "monthly_flows.csv").query("period <= '2024-03'")
    rows["column"] = rows["site"] + "." + rows["quantity"]
    flows = rows.pivot(index="period", columns="column", values="value_Mm3")
    flows.index = pd.PeriodIndex(flows.index, freq="M")
    parts = []
    for site, (gauges, releases, suspect) in SITES.items():
        observed = flows[gauges[0]].fillna(flows[gauges[1]])
        table = pd.DataFrame({"observed": observed, "released": flows[releases[0]] + flows[releases[1]]})
        table = table.dropna().drop(index=suspect, errors="ignore")
        table["site"], table["season"] = site, [season_of(p) for p in table.index]
        gain = table["observed"] - table["released"]
        for period, row in table.iterrows():
            alike = (table["season"] != row["season"]) & (table.index.month == period.month)
            table.loc[period, "baseline"] = row["released"] + gain[alike].mean()
        parts.append(table.rename_axis("period").reset_index())
    return pd.concat(parts, ignore_index=True)[["site", "season", "period", "observed", "baseline"]]


def errors(table):
    """Months, root mean square error (Mm3 per month) and bias (-) of a part of the table."""
    wrong = table["baseline"] - table["observed"]
    return len(table), float((wrong**2).mean() ** 0.5), float(wrong.sum() / table["observed"].sum())


def main():
    table = baseline()
    for site, of_site in table.groupby("site"):
        print(f"\n{site:<18}  months   error    bias")
        for season, part in [*of_site.groupby("season", sort=False), ("pooled", of_site)]:
            months, error, bias = errors(part)
            print(f"{season:<18}  {months:6d}  {error:6.1f}  {bias:6.1%}")


if __name__ == "__main__":
    main()
