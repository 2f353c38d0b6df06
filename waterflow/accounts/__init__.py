"""Accounts: the numbers of a plan, party by party and place by place, from a basin and a Dataset alone."""
