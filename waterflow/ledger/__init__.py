"""The season as it unfolds: plan, fact and forecast, never overwritten; how it stands, what is left of it, what a failure changes."""
