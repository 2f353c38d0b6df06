"""A season set up: what is known of it, what is filled in, what is assumed in the place of blanks, and forecasts from outside."""
