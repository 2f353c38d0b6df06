"""Commands of the command line that stand on the validation floor; heavy imports wait inside the functions."""
