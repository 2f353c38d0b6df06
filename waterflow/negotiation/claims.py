r"""Claims on an estate: how something is divided that does not suffice for what all may ask.

An estate E and a claim of each, :math:`0 \le E \le \sum_i c_i`; each rule gives nobody less than nothing or more than its claim, and all
of the estate (Thomson, 2003). These are not the claims of a priority, which a plan serves: here the sum is divided before any plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations

import numpy as np

from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say

__all__ = [
    "RULES",
    "Rule",
    "adjusted_proportional",
    "constrained_equal_awards",
    "constrained_equal_losses",
    "proportional",
    "random_arrival",
    "river_sequential",
    "talmud",
]

Shares = dict[str, float]
Rule = Callable[[float, Mapping[str, float]], Shares]
#: an estate may pass the sum of claims by this share of it: rounding
ROUNDING = 1e-9
#: arrivals are told one by one for so many claimants at most
MOST = 9


def _checked(estate: float, claims: Mapping[str, float]) -> tuple[float, Shares]:
    """An estate and claims that are ones.

    Raises
    ------
    InputError
        With everything wrong at once.
    """
    problems = []
    for name, claim in claims.items():
        if not (np.isfinite(claim) and claim >= 0):
            problems.append(Problem("not-a-number", say("claim of {name}", name=name), f"{claim:g}", say("0 or more")))
    if not (np.isfinite(estate) and estate >= 0):
        problems.append(Problem("not-a-number", say("estate"), f"{estate:g}", say("0 or more")))
    elif not problems and estate > (1 + ROUNDING) * sum(claims.values()):
        allowed = say("at most the sum of all claims, {sum:g}: else there is nothing to share out", sum=sum(claims.values()))
        problems.append(Problem("bad-claims", say("estate"), f"{estate:g}", allowed))
    if problems:
        raise InputError(problems)
    return min(float(estate), sum(map(float, claims.values()))), {name: float(claim) for name, claim in claims.items()}


def proportional(estate: float, claims: Mapping[str, float]) -> Shares:
    """Everyone gets the same share of its claim.

    Raises
    ------
    InputError
        If a claim or the estate is below 0, or the estate exceeds all claims; so do all rules.
    """
    whole, asked = _checked(estate, claims)
    total = sum(asked.values())
    return {name: whole * claim / total if total else 0.0 for name, claim in asked.items()}


def constrained_equal_awards(estate: float, claims: Mapping[str, float]) -> Shares:
    r"""Everyone gets the same, but nobody more than its claim: :math:`\min(c_i, \lambda)`."""
    whole, asked = _checked(estate, claims)
    return _awards(whole, asked)


def _awards(estate: float, claims: Shares) -> Shares:
    found, left, names = dict.fromkeys(claims, 0.0), estate, sorted(claims, key=lambda name: claims[name])
    for k, name in enumerate(names):
        found[name] = min(claims[name], left / (len(names) - k))
        left -= found[name]
    return found


def constrained_equal_losses(estate: float, claims: Mapping[str, float]) -> Shares:
    r"""Everyone goes short by the same, but nobody gets less than nothing: :math:`\max(0, c_i - \lambda)`."""
    whole, asked = _checked(estate, claims)
    lost = _awards(sum(asked.values()) - whole, asked)
    return {name: claim - lost[name] for name, claim in asked.items()}


def talmud(estate: float, claims: Mapping[str, float]) -> Shares:
    """Equal awards up to half of every claim, equal losses beyond: the rule behind the Talmud's cases (Aumann and Maschler, 1985)."""
    whole, asked = _checked(estate, claims)
    half = {name: claim / 2 for name, claim in asked.items()}
    if whole <= sum(half.values()):
        return _awards(whole, half)
    lost = _awards(sum(asked.values()) - whole, half)
    return {name: claim - lost[name] for name, claim in asked.items()}


def adjusted_proportional(estate: float, claims: Mapping[str, float]) -> Shares:
    """Everyone first gets what the others concede, then a share of the rest in proportion to the claims left on it (Curiel, 1987)."""
    whole, asked = _checked(estate, claims)
    total = sum(asked.values())
    least = {name: max(0.0, whole - (total - claim)) for name, claim in asked.items()}
    rest = max(0.0, whole - sum(least.values()))
    open_claims = {name: min(claim - least[name], rest) for name, claim in asked.items()}
    weight = sum(open_claims.values())
    return {name: least[name] + (rest * open_claims[name] / weight if weight else 0.0) for name in asked}


def random_arrival(estate: float, claims: Mapping[str, float]) -> Shares:
    """The mean over all orders of arrival, each taking its claim as long as something is left (O'Neill, 1982).

    Raises
    ------
    InputError
        As all rules; and with more than nine claimants: the orders are gone through one by one.
    """
    whole, asked = _checked(estate, claims)
    if len(asked) > MOST:
        raise Problem("bad-claims", say("claims"), str(len(asked)), say("{most} or fewer", most=MOST)).refusal()
    found, orders = dict.fromkeys(asked, 0.0), 0
    for order in permutations(asked):
        left = whole
        for name in order:
            taken = min(asked[name], left)
            found[name] += taken
            left -= taken
        orders += 1
    return {name: value / orders for name, value in found.items()}


#: the rules by their names
RULES: dict[str, Rule] = {
    "proportional": proportional,
    "constrained_equal_awards": constrained_equal_awards,
    "constrained_equal_losses": constrained_equal_losses,
    "talmud": talmud,
    "adjusted_proportional": adjusted_proportional,
    "random_arrival": random_arrival,
}


def river_sequential(rule: Rule, endowments: Mapping[str, float], claims: Mapping[str, float]) -> Shares:
    r"""Share a river from its source down: each against all below it together (Ansink and Weikard, 2012).

    Agent i has what comes to it and its own endowment, :math:`E_i`; below it :math:`\max(0, \sum_{j>i} (c_j - e_j))` is claimed of
    it, the excess of their claims over their endowments. The rule divides :math:`E_i` between the two, and the other's part flows on.
    Where both can be served both are; what nobody claims flows out at the end.

    Parameters
    ----------
    rule : callable
        Any rule of this module.
    endowments : dict of float
        What rises on the way, from the uppermost agent to the lowest.
    claims : dict of float
        Of the same agents.

    Raises
    ------
    InputError
        If an endowment or a claim is below 0, or an agent has one and not the other.
    """
    problems = [
        Problem("not-a-number", say("endowment of {name}", name=name), f"{value:g}", say("0 or more"))
        for name, value in endowments.items()
        if not (np.isfinite(value) and value >= 0)
    ]
    problems += [
        Problem("bad-claims", say("river"), name, say("an endowment and a claim for each agent"))
        for name in dict.fromkeys([*endowments, *claims])
        if (name in endowments) != (name in claims)
    ]
    if problems:
        raise InputError(problems)
    _checked(0.0, claims)
    found: Shares = {}
    passed, names = 0.0, list(endowments)
    for k, name in enumerate(names):
        there = passed + float(endowments[name])
        below = max(0.0, sum(claims[j] - endowments[j] for j in names[k + 1 :]))
        own = float(claims[name])
        found[name] = own if there >= own + below else rule(there, {"own": own, "below": below})["own"]
        # rounding is no water: what goes on is never below nothing
        passed = max(0.0, there - found[name])
    return found
