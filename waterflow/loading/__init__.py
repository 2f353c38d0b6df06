"""From files to a basin: the only place where inputs are read."""
