"""The season as it unfolds: what was seen, what is left of the plan, what a failure changes."""
