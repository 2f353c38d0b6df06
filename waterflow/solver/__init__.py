"""HiGHS: from the program to certified optima."""
