"""Questions to a plan: why a figure is what it is, how sure it is, and what one more unit would change."""
