"""What negotiators read: facts, tables and comparisons, from a basin and a Dataset alone."""
