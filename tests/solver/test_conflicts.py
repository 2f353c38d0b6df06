"""Conflicts: the right rules are named, no innocent ever; other sets, ways out and least concessions; in both languages."""

import pickle
import re
from itertools import chain, combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csc_array

import waterflow as wf
from tests.rivers import DEMANDS, River
from waterflow.formulation.formulate import equations
from waterflow.negotiation.breaches import WISHES
from waterflow.report.rule_words import WORDS, in_words
from waterflow.solver.conflicts import conflict_of
from waterflow.solver.polyhedron import Polyhedron
from waterflow.solver.rules import WORKS, Rule, clause_of
from waterflow.words.catalogue import language_asked, languages, speaking

INF = np.inf


def clause(name, row, figure=1.0):
    return Rule("storage_held", name, "Mm3", figure, rows=np.array([row]))


def bound(name, column, figure):
    return Rule("flow", name, "Mm3", figure, columns=np.array([column]), upper=True)


def owners(rules):
    return {r.owner for r in rules}


def names(rules):
    return {r.name for r in rules}


def conflict_iis():
    """Release 0 to 5, delivery 0 to 10; release - delivery >= 2, delivery >= 4, release + delivery <= 100: 1 too much."""
    matrix = csc_array(np.array([[1.0, -1.0], [0.0, 1.0], [-1.0, -1.0]]))
    polyhedron = Polyhedron(matrix, np.zeros(2), np.array([5.0, 10.0]), np.array([2.0, 4.0, -100.0]), np.full(3, INF))
    agreed = [clause("min_aral", 0, 2.0), clause("quota", 1, 4.0), clause("innocent", 2, 100.0)]
    return conflict_of(polyhedron, [*agreed, bound("release upper", 0, 5.0), bound("delivery upper", 1, 10.0)])


def test_the_textbook_case_names_its_rows_and_its_bound():
    found = conflict_iis()
    assert owners(found.clashing) == {"min_aral", "quota"}
    assert owners(found.works) == {"release upper"}
    assert found.complete
    assert not found.others
    assert {frozenset(owners(way)) for way in found.ways_out} == {frozenset({"min_aral"}), frozenset({"quota"})}


def test_the_textbook_case_concedes_one():
    """Alone each gives 1; together the quota gives it, 25 % of its own figure, since of min_aral 1 is 50 %."""
    found = conflict_iis()
    assert {r.owner: c.amount for r, c in found.alone.items()} == pytest.approx({"min_aral": 1.0, "quota": 1.0})
    assert [(c.rule.owner, c.amount, c.share) for c in found.together] == [("quota", pytest.approx(1.0), pytest.approx(0.25))]


# a row of dams without rain: each opens with what it has, holds what was agreed; water only runs down


def chain_of_dams(openings, held, most=()):
    """Dams one below the other, two months, no runoff; ``held`` and ``most`` are (dam, storage, month)."""
    river = River(months=2)
    for k, opening in enumerate(openings):
        river.node(f"dam{k}", "reservoir", runoff=0).reservoir(f"dam{k}", opening, 100)
    river.node("sea", "outlet")
    for k in range(len(openings)):
        river.reach(f"out{k}", f"dam{k}", f"dam{k + 1}" if k + 1 < len(openings) else "sea", capacity=15)
    for k, storage, month in held:
        river.held(f"dam{k}", storage, month)
    for k, storage, month in most:
        river.held(f"dam{k}", storage, month, "at_most")
    return river.demand("field", f"dam{len(openings) - 1}", "A", 5).priorities(("users", [DEMANDS]))


def parts(found):
    return {frozenset(names(clash)) for clash in (found.clashing, *found.others)}


def conflict(river):
    with pytest.raises(wf.ConflictError) as caught:
        wf.allocate(river.basin())
    return caught.value


def test_two_conflicts_that_have_nothing_in_common_are_both_named_and_one_concession_does_not_mend():
    """dam0 holds 10 and has 5; dam1 must sink to 20 and hold 60: two faults of their own."""
    error = conflict(chain_of_dams([5, 20], [(0, 10, 1), (1, 60, 1)], [(1, 20, 0)]))
    found = error.conflict
    one = frozenset({"storage_held[dam0/at_least/2024-11]"})
    assert one in parts(found)
    assert len(parts(found)) >= 2
    assert all(c is None for c in found.alone.values())
    assert all(one <= names(way) for way in found.ways_out)
    assert "storage_held[dam0/at_least/2024-11]" in {c.rule.name for c in found.together}


def test_a_capacity_stands_behind_a_clash_of_agreements():
    """Of 60, 15 a month can leave and 5 be taken: 20 stay. At most 10 is 10 too low, because of the reach."""
    error = conflict(chain_of_dams([60], [], [(0, 10, 1)]))
    assert names(error.conflict.works) == {"flow[out0]"}
    ((name, amount, unit),) = error.concessions
    assert (name, amount, unit) == ("storage_not_passed[dam0/at_most/2024-11]", pytest.approx(10), "Mm3")


def test_a_party_alone_gives_way_by_all_that_binds_it():
    """UP's dam must hold 40 and DOWN's 30; 50 are there in both: 20 too much, of either."""
    river = chain_of_dams([50, 0], [(0, 40, 1), (1, 30, 1)])
    river.parties = ("A", "UP", "DOWN")
    river.plant("high", "out0", "UP", 0.1).plant("low", "out1", "DOWN", 0.1).worth("UP", 0.01).worth("DOWN", 0.01)
    found = conflict(river).conflict
    assert {p: [round(c.amount, 6) for c in given] for p, given in found.by_party.items()} == {"DOWN": [20.0], "UP": [20.0]}
    assert [(c.rule.parties, round(c.share, 6)) for c in found.together] == [(("UP",), 0.5)]


def test_the_words_are_said_in_both_languages():
    error = conflict(chain_of_dams([5], [(0, 10, 1)]))
    assert "dam0 holds at least 10.0 Mm3 at the end of Nov 2024" in error.said("en")
    assert "dam0: объём не менее 10,0 млн м³ на конец периода (ноябрь 2024)" in error.said("ru").replace("\xa0", " ")
    assert "5.000 Mm3 (50.0 %)" in str(error)
    assert "5,000 млн м³ (50,0 %)" in error.said("ru").replace("\xa0", " ")
    assert error.said("xx") == error.said("en") == str(error)


def test_a_conflict_says_no_english_in_russian():
    two_faults = conflict(chain_of_dams([5, 20], [(0, 10, 1), (1, 60, 1)], [(1, 20, 0)]))
    capacity = conflict(chain_of_dams([60], [], [(0, 10, 1)]))
    for error in (two_faults, capacity):
        assert not english(error.said("ru"), "dam0", "dam1", "out0", "sea", "A")


def test_a_conflict_may_be_kept_and_read_again():
    error = conflict(chain_of_dams([5], [(0, 10, 1)]))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - what was written a moment before
    assert str(again) == str(error)
    assert again.clashing == error.clashing


def english(text, *ids):
    """Words in Latin letters besides ids and names of rules."""
    return set(re.findall(r"\b[A-Za-z]\w+", re.sub(r"\[\w+\[[^]]*\]\]", "", text))) - set(ids)


def test_every_rule_has_words_in_every_language():
    """Whoever marks an equation as a clause, or adds works, says here what it means; an agreement brings its own words."""
    kinds = {e.name for e in equations() if e.clause} - {"clause_kept"}
    works = {f"storage_{side}" for side in ("lowest", "full")} | set(WORKS) - {"storage"}
    assert kinds | works | set(WISHES) <= set(WORDS)
    for language in languages():
        for kind in WORDS:
            with speaking(language):
                said = in_words(kind, "ПЛЕС", 1234.5, "Mm3", "2024-11")
            assert "ПЛЕС" in said
            assert language == "en" or not english(said), (language, kind)


def test_the_language_is_asked_for_or_that_of_the_environment():
    assert language_asked("ru", {}) == "ru"
    assert language_asked(None, {"LANG": "ru_RU.UTF-8"}) == "ru"
    assert language_asked("en", {"LANG": "ru_RU.UTF-8"}) == "en"
    assert language_asked(None, {"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}) == "en"
    assert language_asked(None, {}) == "en"


# no innocent is ever named: brute force over every subset of the agreed rules of random small rivers


@st.composite
def dams(draw):
    count = draw(st.integers(1, 3))
    amount = st.integers(0, 12).map(lambda x: 5.0 * x)
    openings = [draw(amount) for _ in range(count)]
    places = [(k, m) for k in range(count) for m in range(2)]
    held = [(k, draw(amount), m) for k, m in draw(st.lists(st.sampled_from(places), max_size=3, unique=True))]
    most = [(k, draw(amount), m) for k, m in draw(st.lists(st.sampled_from(places), max_size=3, unique=True))]
    return openings, held, most


def possible(openings, rules):
    """Is there a plan? An independent program: releases of each dam and the field's withdrawals, by hand, with scipy."""
    count = len(openings)
    width = 2 * count + 2
    rows, sides = [], []

    def storage(k, month):
        """Coefficients and constant of a storage."""
        row = np.zeros(width)
        for m in range(month + 1):
            row[2 * k + m] -= 1.0
            if k:
                row[2 * (k - 1) + m] += 1.0
            if k == count - 1:
                row[2 * count + m] -= 1.0
        return row, openings[k]

    every = [(k, 0.0, m, 1) for k in range(count) for m in range(2)] + [(k, 100.0, m, -1) for k in range(count) for m in range(2)]
    for k, figure, month, sign in [*every, *rules]:
        row, constant = storage(k, month)
        rows.append(-sign * row)
        sides.append(sign * (constant - figure))
    bounds = [(0, 15)] * (2 * count) + [(0, 5)] * 2
    return linprog(np.zeros(width), np.array(rows), np.array(sides), bounds=bounds).status == 0


@settings(max_examples=60)
@example(([5.0, 20.0], [(0, 10.0, 1), (1, 60.0, 1)], [(1, 20.0, 0)]))
@given(dams())
def test_no_innocent_is_ever_named(case):
    openings, held, most = case
    labels = ("2024-10", "2024-11")
    rules = {f"storage_held[dam{k}/at_least/{labels[m]}]": (k, s, m, 1) for k, s, m in held}
    rules |= {f"storage_not_passed[dam{k}/at_most/{labels[m]}]": (k, s, m, -1) for k, s, m in most}
    subsets = [frozenset(s) for s in chain.from_iterable(combinations(rules, n) for n in range(len(rules) + 1))]
    bad = {s for s in subsets if not possible(openings, [rules[name] for name in s])}
    minimal = {s for s in bad if not any(other < s for other in bad)}
    assume(bad)
    found = conflict(chain_of_dams(*case)).conflict
    assert parts(found) == minimal, "every minimal set and nothing else"
    assert found.complete
    good = {s for s in subsets if s not in bad}
    ways = {frozenset(rules) - s for s in good if not any(s < other for other in good)}
    assert {frozenset(names(way)) for way in found.ways_out} == ways
    for rule, given_way in found.alone.items():
        assert (given_way is not None) == (frozenset({rule.name}) in ways)
        if given_way is not None:
            k, figure, month, sign = rules[rule.name]
            others = [r for name, r in rules.items() if name != rule.name]
            for more, mended in ((-1e-3, False), (1e-6, True)):
                eased = (k, figure - sign * (given_way.amount + more), month, sign)
                assert possible(openings, [*others, eased]) is mended, "the least concession, and no less, mends it"


def test_rows_of_one_clause_are_one_rule_and_rows_of_two_units_are_two():
    rows = {
        "winter/2024-10": SimpleNamespace(clause="winter", unit="Mm3"),
        "winter/2024-11": SimpleNamespace(clause="winter", unit="Mm3"),
        "swap/power": SimpleNamespace(clause="swap", unit="GWh"),
        "swap/water": SimpleNamespace(clause="swap", unit="Mm3"),
    }
    found = [clause_of(SimpleNamespace(clause_rows=rows), row) for row in (*rows, "dam/at_least/2024-11")]
    assert found == ["winter", "winter", "swap/GWh", "swap/Mm3", "dam/at_least/2024-11"]
