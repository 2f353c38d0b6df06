"""The ledger of a season: plan, facts and forecasts as they were typed, appended and never overwritten; and how the season stands."""
