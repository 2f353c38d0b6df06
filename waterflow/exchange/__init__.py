"""Exchange: results in forms that other programs read, and models and observations of others in ours."""
