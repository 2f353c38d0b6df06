"""Words: every sentence in every language, figures, dates, and text laid out for people."""
