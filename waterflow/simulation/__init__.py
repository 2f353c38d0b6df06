"""The river without a program: water through reaches, reservoirs and users by arithmetic alone."""
