"""Agreement files: what is wrong is named with file and clause, all at once; what is right is read whole."""

import textwrap

import pytest
import yaml

import waterflow as wf
from tests.loading.broken import Copy
from waterflow.loading.agreements import agreements_of, read_agreement
from waterflow.loading.shipped import find_model, shipped_models

HEAD = "format: 1\ntitle: Deal\ntitle_ru: Договор\nreason: a test\n"
CLAUSE = """
  - id: spring
    type: release
    title: Spring release
    title_ru: Весенний попуск
    text: The mountain releases 50 million m3 in January.
    text_ru: Горная плотина даёт 50 млн м3 в январе.
    giver: UP
    receivers: [DOWN]
    reservoir: mountain
    figures: [{start: "01-01", end: "01-31", amount_Mm3: 50}]
    assumed: a test
"""
SHIPPED = [(m, a) for m in shipped_models() for a in agreements_of(find_model(m))]


def deal(tmp_path, clauses=CLAUSE, head=HEAD, name="deal"):
    copy = Copy(tmp_path)
    folder = copy.folder / "agreements"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"{head}clauses:{textwrap.indent(clauses, '')}", encoding="utf-8")
    return copy


def test_a_clause_is_read_and_made_a_row(tmp_path):
    basin = wf.read_basin(deal(tmp_path).folder, agreements=["deal"])
    row = basin.clause_rows["spring"]
    assert (row.figure, row.unit, row.rule, row.window) == (50, "Mm3", "at_least", "2025-01-01/2025-01-31")
    assert basin.clauses["spring"].text_ru.startswith("Горная")
    assert basin.changes == ("agreements: - -> deal",)
    assert wf.read_basin(deal(tmp_path / "again").folder).clause_rows == {}


def test_a_model_may_name_its_agreements(tmp_path):
    copy = deal(tmp_path).text("model.yaml", "step: month", "agreements: [deal]\nstep: month")
    basin = wf.read_basin(copy.folder)
    assert list(basin.agreements) == ["deal"]
    assert basin.changes == ()
    assert wf.read_basin(copy.folder, agreements=[]).agreements == {}


WRONG = [
    ("type: release", "type: relase", "bad-clause", "spring"),
    ("reservoir: mountain", "reservoir: mountian", "unknown-reservoir", "spring"),
    ("amount_Mm3: 50", "amount_l: 0.05", "bad-clause", "figures"),
    ("amount_Mm3: 50", "amount_Mm3: -50", "bad-clause", "amount_Mm3"),
    ("amount_Mm3: 50", "amount_Mm3: .nan", "bad-clause", "amount_Mm3"),
    ('start: "01-01"', 'start: "01-05"', "outside-horizon", "spring"),
    ('start: "01-01", end: "01-31"', "start: 2024-01-01, end: 2024-01-31", "outside-horizon", "spring"),
    ('end: "01-31"', 'end: "02-31"', "outside-horizon", "spring"),
    ("giver: UP", "giver: UPP", "unknown-party", "spring"),
    ("assumed: a test", "source: nowhere", "unknown-source", "spring"),
    ("    assumed: a test\n", "", "bad-clause", "spring"),
    ("id: spring", "name: spring", "bad-clause", "name"),
    ("giver: UP", "runoff: [dry]", "bad-clause", "runoff"),
    ("giver: UP", "signatories: {UP: maybe}", "bad-clause", "signatories.UP"),
]


@pytest.mark.parametrize(("old", "new", "code", "place"), WRONG)
def test_a_wrong_clause_is_named(tmp_path, old, new, code, place):
    assert old in CLAUSE
    problems = deal(tmp_path, CLAUSE.replace(old, new)).problems(agreements=["deal"])
    assert code in {p.code for p in problems}
    assert all("agreements/deal.yaml" in p.where for p in problems)
    assert any(place in p.where for p in problems)


def test_the_source_of_a_line_is_a_source_too(tmp_path):
    way = "{line: new, additional: true, capacity_MW: 10, cost_USD_per_kWh: 0, grade: assumed, source: nowhere}"
    figures = "figures: [{start: 01-01, end: 01-31, energy_GWh: 1}]"
    energy = f"""
  - {{id: winter, type: energy_delivery, title: Winter, title_ru: Зима, text: Power., text_ru: Ток.,
     giver: UP, receivers: [DOWN], {figures}, way: {way}, assumed: a test}}
"""
    (problem,) = (p for p in deal(tmp_path, energy).problems(agreements=["deal"]) if p.code == "unknown-source")
    assert problem.where.endswith("winter, way.source")


def test_everything_wrong_is_said_at_once(tmp_path):
    second = CLAUSE.replace("id: spring", "id: summer").replace("type: release", "type: relase")
    third = CLAUSE.replace("id: spring", "id: autumn").replace("assumed: a test", "source: nowhere")
    problems = deal(tmp_path, CLAUSE.replace("amount_Mm3: 50", "amount_Mm3: x") + second + third).problems(agreements=["deal", "pact"])
    assert {p.code for p in problems} == {"bad-clause", "unknown-agreement", "unknown-source"}
    for word in ("spring", "summer", "autumn", "pact"):
        assert any(word in f"{p.where} {p.found}" for p in problems), word


def test_head_clauses_names_days_and_tables_are_told_in_one_round(tmp_path):
    """Mended as told, once, the agreement is read: nothing new comes up behind what was said."""
    good = CLAUSE.replace("id: spring", "id: right")
    clauses = {
        "words": CLAUSE.replace("id: spring", "id: words").replace("amount_Mm3: 50", "amount_Mm3: x"),
        "source": CLAUSE.replace("id: spring", "id: source").replace("assumed: a test", "source: nowhere"),
        "place": CLAUSE.replace("id: spring", "id: place").replace("reservoir: mountain", "reservoir: mountian"),
        "days": CLAUSE.replace("id: spring", "id: days").replace('end: "01-31"', 'end: "01-15"'),
        "party": CLAUSE.replace("id: spring", "id: party").replace("giver: UP", "giver: UPP"),
    }
    head = HEAD.replace("reason: a test\n", "").replace("format: 1", "format: 1\nreson: x\nseries: {targetts: example}")
    copy = deal(tmp_path, good + "".join(clauses.values()), head=head).set("targets", 2, "target_Mm3", "many")
    told = [f"{p.where} {p.found}" for p in copy.problems(agreements=["deal"])]
    for word in ("reason", "reson", "targetts", "words", "source", "targets.csv, row 2"):
        assert any(word in line for line in told), word
    told = [f"{p.where} {p.found}" for p in copy.set("targets", 2, "target_Mm3", "300").problems(agreements=["deal"])]
    for word in ("reason", "reson", "targetts", *clauses):
        assert any(word in line for line in told), word
    assert not any("right" in line for line in told)


def test_two_clauses_of_one_id_are_refused(tmp_path):
    copy = deal(tmp_path)
    deal(tmp_path / "other", name="pact").folder.joinpath("agreements", "pact.yaml").rename(copy.folder / "agreements" / "pact.yaml")
    assert copy.problem(agreements=["deal", "pact"]).code == "twice"


def test_two_agreements_that_pick_different_series_are_refused(tmp_path):
    copy = deal(tmp_path, head=HEAD + "series: {targets: none}\n")
    text = (copy.folder / "agreements" / "deal.yaml").read_text(encoding="utf-8")
    other = text.replace("targets: none", "targets: example").replace("id: spring", "id: summer")
    (copy.folder / "agreements" / "pact.yaml").write_text(other, encoding="utf-8")
    assert copy.problem(agreements=["deal", "pact"]).code == "bad-agreement"


def test_an_agreement_may_change_the_order_and_says_so(tmp_path):
    order = "objective: {priorities: [{name: cost, cost: true}]}\n"
    basin = wf.read_basin(deal(tmp_path, head=HEAD + order).folder, agreements=["deal"])
    assert [p.name for p in basin.objective.priorities] == ["cost"]
    assert any(change.startswith("objective:") for change in basin.changes)


def test_an_unknown_key_of_the_file_is_refused(tmp_path):
    assert deal(tmp_path, head=HEAD + "colour: blue\n").problem(agreements=["deal"]).code == "bad-agreement"


@pytest.mark.parametrize(("model", "name"), SHIPPED)
def test_every_shipped_clause_is_worded_in_both_languages_and_backed(model, name):
    path = find_model(model)
    agreement, file, wrong = read_agreement(path, name)
    assert not wrong
    assert file.reason.strip()
    for clause in agreement.clauses:
        assert clause.title != clause.title_ru
        assert clause.text.endswith(".")
        assert any("а" <= letter <= "я" for letter in clause.text_ru)
        assert clause.source or clause.assumed


def test_shipped_figures_say_what_their_sources_do():
    """Of the files as they are written: a slip of a digit is seen here."""
    text = (find_model("bahri_tojik").parent / "agreements" / "bahri_tojik_1999.yaml").read_text(encoding="utf-8")
    clauses = {c["id"]: c for c in yaml.safe_load(text)["clauses"]}
    assert sum(f["energy_GWh"] for f in clauses["summer_power"]["figures"]) == 550
    assert sum(f["energy_GWh"] for f in clauses["spring_power"]["figures"]) == 322
    assert clauses["spring_storage"]["figures"][0]["amount_Mm3"] == 3418
