"""The linear program: one file for each physical or legal process."""
