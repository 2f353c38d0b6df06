"""Random priorities in words, and what they claim as this reading has it: nodes and months. Knows nothing of the package."""

import numpy as np

from tests.oracle.physics import MONTHS

#: the four months of these rivers, August to November: two of each season
SEASON = ("growing", "growing", "non_growing", "non_growing")
MONTH = (8, 9, 10, 11)
START = "2024-08-01"
USES = ("drinking", "irrigation")


def use(k):
    return USES[k % 2]


def party(k):
    return "AB"[k // 2 % 2]


def random_order(seed, nodes):
    """Some priorities, each a list of claims as a model file has them, keys drawn at random."""
    rng = np.random.default_rng([seed, 7])
    users = [k for k, node in enumerate(nodes) if node["need"].any()]

    def some(names):
        return [str(x) for x in rng.permutation(names)[: rng.integers(1, len(names) + 1)]]

    def one():
        found = {"per": str(rng.choice(["season", "period"]))}
        found |= {"uses": some(sorted({use(k) for k in users}))} if rng.random() < 0.3 else {}
        found |= {"parties": some(sorted({party(k) for k in users}))} if rng.random() < 0.3 else {}
        found |= {"users": some([f"d{k}" for k in users])} if rng.random() < 0.3 else {}
        found |= {"places": some([f"n{k}" for k in users])} if rng.random() < 0.3 else {}
        found |= {"seasons": some(["growing", "non_growing"])} if rng.random() < 0.3 else {}
        found |= {"months": [int(m) for m in some(MONTH)]} if rng.random() < 0.3 else {}
        found |= {"within": "free"} if found["per"] == "season" and rng.random() < 0.3 else {}
        return found

    return [[one() for _ in range(rng.integers(1, 3))] for _ in range(rng.integers(1, 4))]


def taken(words, nodes):
    """Nodes whose user fits every key."""
    said = {"uses": use, "parties": party, "users": lambda k: f"d{k}", "places": lambda k: f"n{k}"}
    fits = [k for k, node in enumerate(nodes) if node["need"].any()]
    return [k for k in fits if all(read(k) in words[key] for key, read in said.items() if key in words)]


def months(words):
    """Months that are claimed."""
    return [t for t in range(MONTHS) if SEASON[t] in words.get("seasons", SEASON) and MONTH[t] in words.get("months", MONTH)]


def claimed(words, nodes):
    """(node, months) of every claim: each month by itself, or the claimed months of each season together."""
    there = months(words)
    spans = [(t,) for t in there]
    if words["per"] == "season":
        spans = [tuple(t for t in there if SEASON[t] == season) for season in dict.fromkeys(SEASON)]
    return [(k, span) for k in taken(words, nodes) for span in spans if span]


def spread(words, nodes):
    """(node, month) over which a season's shortage is spread evenly."""
    even = words["per"] == "season" and words.get("within", "even") == "even"
    return [(k, (t,)) for k in taken(words, nodes) for t in months(words)] if even else []
