"""The season as it unfolds: plan, fact and forecast as typed; how it stands, what is left of it, what a failure changes."""
